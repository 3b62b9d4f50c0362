internal import ProviderCore

/// Figures that gates may judge.
public enum GateMetric {
    /// Shares and values: `accuracy`, `coverage` and `error_rate` are 0…1, `mean` is in the scorer's own values,
    /// `agreement` is a judge's agreement with people, `cost.usd` dollars in all, `cost.per_right` dollars per right
    /// answer, `output_rate` tokens a second.
    public static let plain = [
        "accuracy", "coverage", "error_rate", "mean", "agreement", "cost.usd", "cost.per_right", "output_rate",
    ]
    /// Times in seconds, each with `.mean` or a percentile such as `.p95`: first token, first visible output, between
    /// tokens, per output token, whole answer.
    public static let times = ["ttft", "ttfo", "itl", "tpot", "e2e"]
    /// Percentiles of times.
    public static let percentiles = ["mean", "p50", "p90", "p95", "p99"]

    /// Whether a figure is a time, in seconds.
    public static func isTime(_ metric: String) -> Bool {
        let parts = metric.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 && times.contains(parts[0]) && percentiles.contains(parts[1])
    }

    /// All names, `pass@N` and `pass^N` for those with a number.
    static var all: [String] {
        plain + times.flatMap { time in percentiles.map { "\(time).\($0)" } } + ["pass@N", "pass^N"]
    }
}

extension SuiteReading {
    mutating func readGates(_ node: SuiteNode?, _ rule: SuiteNode?) {
        if let rule {
            let notYet = ["extend": "is not there yet; fail, pass and report are"]
            let words = InconclusiveRule.allCases.map(\.rawValue)
            if let word = word(rule, words, notYet: notYet) {
                suite.onInconclusive = InconclusiveRule(rawValue: word) ?? .fail
            }
        }
        guard let node else { return }
        for element in list(node, example: "- {metric: accuracy, at_least: 0.9}") ?? [] {
            if let gate = gate(element) { suite.gates.append(gate) }
        }
    }

    private mutating func gate(_ node: SuiteNode) -> Gate? {
        let example = "{metric: accuracy, at_least: 0.9}"
        guard let fields = fields(node, .gate, example: example),
            let metricNode = required(fields, "metric", example: example), let metric = metric(metricNode),
            let demand = demand(fields, metric)
        else { return nil }
        var gate = Gate(metric: metric, demand: demand, place: place(node))
        if let node = fields["task"] { gate.task = pattern(node, "task", suite.tasks.map(\.id)) ?? "*" }
        if let node = fields["subject"] { gate.subject = pattern(node, "subject", suite.subjects.map(\.label)) ?? "*" }
        // Whether it is worse is a question of the interval, unless the suite says otherwise.
        if demand.isRelative { gate.judged = GateMetric.isHigherBetter(metric) ? .lowerBound : .upperBound }
        if let node = fields["judge_by"] {
            gate.judged = word(node, Gate.Judged.allCases.map(\.rawValue)).flatMap(Gate.Judged.init) ?? .estimate
        }
        if let node = fields["confidence"] { gate.confidence = double(node, 0.5...0.999, example: "0.95") ?? 0.95 }
        if let count = Self.attempts(of: metric), !problemsSpoilTasks {
            let most = suite.tasks.filter { Self.matches($0.id, gate.task) }.map(\.repeats).max() ?? 0
            if most < count {
                problem(metricNode, "\(metric) needs at least \(count) repeats, and the tasks have \(most)")
            }
        }
        return gate
    }

    /// Whether tasks or subjects are missing because of problems told already.
    private var problemsSpoilTasks: Bool { hasProblems && (suite.tasks.isEmpty || suite.subjects.isEmpty) }

    private mutating func metric(_ node: SuiteNode) -> String? {
        guard let metric = text(node, example: "accuracy") else { return nil }
        if GateMetric.plain.contains(metric) || GateMetric.isTime(metric) || Self.attempts(of: metric) != nil {
            return metric
        }
        problem(
            node,
            "there is no figure \"\(NameWords.cut(metric))\"" + NameWords.suggestion(metric, among: GateMetric.all))
        return nil
    }

    private mutating func demand(_ fields: SuiteFields, _ metric: String) -> Gate.Demand? {
        let given = SuiteKeys.demands.filter { fields[$0] != nil }
        guard given.count == 1, let node = fields[given[0]] else {
            problem(fields.node, "a gate has one of at_least, at_most and versus: {metric: accuracy, at_least: 0.9}")
            return nil
        }
        if given[0] != "versus", fields["no_worse_by"] != nil {
            problem(fields.mark("no_worse_by"), "\"no_worse_by\" needs versus: baseline")
        }
        guard given[0] == "versus" else {
            guard let value = value(node, metric) else { return nil }
            return given[0] == "at_least" ? .atLeast(value) : .atMost(value)
        }
        guard word(node, ["baseline"]) != nil else { return nil }
        if suite.baseline == nil { problem(node, "the suite has no \"baseline\" to compare with: baseline: latest") }
        guard let margin = required(fields, "no_worse_by", example: "no_worse_by: 0.02"),
            let value = value(margin, metric)
        else { return nil }
        return .noWorseThanBaseline(by: value)
    }

    /// A bound: a time with its unit for times, a number for all else.
    private mutating func value(_ node: SuiteNode, _ metric: String) -> Double? {
        if GateMetric.isTime(metric) {
            if let text = node.scalar, let seconds = Self.seconds(text) { return seconds }
            problem(node, "\(metric) is a time with its unit (ms, s, m), and this is \(node.words): 2500ms")
            return nil
        }
        let isShare = ["accuracy", "coverage", "error_rate"].contains(metric) || Self.attempts(of: metric) != nil
        return double(
            node, (metric == "mean" || metric == "agreement" ? -1_000_000 : 0)...(isShare ? 1 : 1e12), example: "0.9")
    }

    /// A name, with `*` for any text, that fits at least one.
    private mutating func pattern(_ node: SuiteNode, _ what: String, _ names: [String]) -> String? {
        guard let pattern = text(node, example: "\"*\"") else { return nil }
        if !problemsSpoilTasks, !names.contains(where: { Self.matches($0, pattern) }) {
            problem(node, "no \(what) fits \"\(NameWords.cut(pattern))\"" + NameWords.suggestion(pattern, among: names))
            return nil
        }
        return pattern
    }

    static func matches(_ name: String, _ pattern: String) -> Bool { Gate.matches(name, pattern) }
}

extension Gate {
    /// Whether a name fits a pattern, in which `*` stands for any text.
    public static func matches(_ name: String, _ pattern: String) -> Bool {
        let (text, wanted) = (Array(name.utf8), Array(pattern.utf8))
        var (place, position) = (0, 0)
        var retry: (position: Int, place: Int)?
        while place < text.count {
            if position < wanted.count, wanted[position] == UInt8(ascii: "*") {
                retry = (position + 1, place)
                position += 1
            } else if position < wanted.count, wanted[position] == text[place] {
                position += 1
                place += 1
            } else if let again = retry {
                retry = (again.position, again.place + 1)
                (position, place) = (again.position, again.place + 1)
            } else {
                return false
            }
        }
        return wanted[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
