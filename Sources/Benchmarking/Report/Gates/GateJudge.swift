internal import ProviderCore
internal import Statistics

/// Judges the gates of a suite over the results of a run.
///
/// A figure is judged by itself or by an end of its interval, as the gate says. By the end that the demand is hard on (the lower one of
/// `at_least`) a gate passes when that end meets the demand, fails when not even the other end does, and is inconclusive between the
/// two. Costs have no chance in them; where requests are of unknown fate or price, the interval says what they may add.
public struct GateJudge: Sendable {
    private let run: ComparedRun
    private let baseline: ComparedRun?

    /// A judge of a run, and of what it is compared with; nil = there is none.
    public init(_ run: ComparedRun, baseline: ComparedRun? = nil) {
        self.run = run
        self.baseline = baseline
    }

    /// All gates of the suite, in its order; each in every cell that it fits.
    public func results() -> [GateResult] { run.suite.gates.flatMap(results) }

    private func results(_ gate: Gate) -> [GateResult] {
        let cells = run.results.report.cells.filter {
            Gate.matches($0.task, gate.task) && Gate.matches($0.subject, gate.subject)
        }
        guard !cells.isEmpty else {
            return [GateResult(gate: gate, verdict: .skipped, text: "\(gate.metric): this run has no such trials")]
        }
        // Dollars are demanded of all that fits together.
        if gate.metric == "cost.usd" { return [cost(gate, cells)] }
        return cells.map { cell in judged(gate, cell) }
    }

    // MARK: Cells

    private func judged(_ gate: Gate, _ cell: CellReport) -> GateResult {
        let place = "\(gate.metric) of \(cell.subject) in \(cell.task)"
        func skipped(_ why: String) -> GateResult {
            GateResult(gate: gate, task: cell.task, subject: cell.subject, verdict: .skipped, text: "\(place): \(why)")
        }
        var result: GateResult
        switch gate.demand {
        case .atLeast, .atMost:
            result = Self.judged(gate, figure(gate, cell, of: run), place)
        case .noWorseThanBaseline:
            guard let baseline else { return skipped("there is no earlier complete run of this suite to compare with") }
            guard let other = baseline.results.report.cells.first(where: { $0.isSamePlace(as: cell) }) else {
                return skipped("run \(baseline.id) has no such trials")
            }
            let parts = Comparability.parts(of: cell.task, baseline, run)
            guard parts.isEmpty else {
                let words = parts.map(\.words).joined(separator: ", ")
                return skipped("run \(baseline.id) is not comparable, since it differs in \(words)")
            }
            result = Self.judged(gate, difference(gate, cell, other, baseline), "\(place) against run \(baseline.id)")
            result.baseline = baseline.id
        }
        (result.task, result.subject) = (cell.task, cell.subject)
        return result
    }

    private func figure(_ gate: Gate, _ cell: CellReport, of run: ComparedRun) -> GateFigure {
        guard let sums = run.results.sums(cell.task, cell.subject) else { return .none("there are no trials") }
        var options = run.results.options
        options.confidence = gate.confidence
        return sums.figure(gate.metric, task: cell.task, options, money: cell.money)
    }

    /// This run's figure minus the baseline's: by pairs of samples where samples have the figure.
    private func difference(
        _ gate: Gate, _ cell: CellReport, _ before: CellReport, _ baseline: ComparedRun
    ) -> GateFigure {
        let ours = run.results.sums(cell.task, cell.subject)?.samples(gate.metric)
        let theirs = baseline.results.sums(cell.task, cell.subject)?.samples(gate.metric)
        guard let ours, let theirs else {
            return figure(gate, cell, of: run).minus(figure(gate, before, of: baseline))
        }
        let pairing = Comparability.pairing(of: cell.task, baseline, run)
        let pairs = pairing.pairs(theirs, ours)
        guard let comparison = try? PairedComparison(pairs.map(\.first), pairs.map(\.second)), comparison.pairs > 0,
            let rule = VerdictRule(
                confidence: gate.confidence, largestDifference: GateMetric.isShare(gate.metric) ? 1 : .infinity)
        else { return .none("no sample has it in both runs" + pairing.remark) }
        let remark = "\(comparison.pairs) pair\(comparison.pairs == 1 ? "" : "s")" + pairing.remark
        // Student's t knows nothing of the ends that a difference of shares has.
        let isShare = GateMetric.isShare(gate.metric)
        let interval = rule.interval(comparison).map { isShare ? Interval(max(-1, $0.lower), min(1, $0.upper)) : $0 }
        return GateFigure(value: comparison.difference, interval: interval, remark: remark)
    }

    private func cost(_ gate: Gate, _ cells: [CellReport]) -> GateResult {
        let isWhole = gate.task == "*" && gate.subject == "*"
        let part = isWhole ? "" : " of \(gate.subject) in \(gate.task)"
        let figure = isWhole ? run.results.report.money.figure : Self.sum(cells)
        switch gate.demand {
        case .atLeast, .atMost: return Self.judged(gate, figure, gate.metric + part)
        case .noWorseThanBaseline:
            guard let baseline else {
                let text = "\(gate.metric)\(part): there is no earlier complete run of this suite to compare with"
                return GateResult(gate: gate, verdict: .skipped, text: text)
            }
            let others = baseline.results.report.cells.filter { other in
                cells.contains { $0.isSamePlace(as: other) }
            }
            let before = isWhole ? baseline.results.report.money.figure : Self.sum(others)
            var result = Self.judged(gate, figure.minus(before), "\(gate.metric)\(part) against run \(baseline.id)")
            result.baseline = baseline.id
            return result
        }
    }

    private static func sum(_ cells: [CellReport]) -> GateFigure {
        var money = RunMoney()
        for cell in cells {
            money.spent += cell.money.spent
            money.maybe += cell.money.maybe
            money.held += cell.money.held
            money.unpriced += cell.money.unpriced
        }
        return money.figure
    }

    // MARK: Verdicts

    static func judged(_ gate: Gate, _ figure: GateFigure, _ place: String) -> GateResult {
        let verdict = verdict(gate, figure)
        let words = GateWords(gate: gate, isDifference: gate.demand.isRelative)
        return GateResult(
            gate: gate, verdict: verdict, observed: figure.value, interval: figure.interval,
            text: words.sentence(place, figure, verdict))
    }

    static func verdict(_ gate: Gate, _ figure: GateFigure) -> GateResult.Verdict {
        let (isLeast, bound) = gate.border
        func meets(_ value: Double) -> Bool { isLeast ? value >= bound : value <= bound }
        // A cost that is not known may be too high for certain all the same.
        if figure.value == nil, let interval = figure.interval, !meets(isLeast ? interval.upper : interval.lower) {
            return .fail
        }
        guard let value = figure.value, value.isFinite || value == .infinity else { return .inconclusive }
        if gate.judged == .estimate { return meets(value) ? .pass : .fail }
        guard let interval = figure.interval else { return .inconclusive }
        let (hard, soft) = isLeast ? (interval.lower, interval.upper) : (interval.upper, interval.lower)
        let isHard = gate.judged == (isLeast ? .lowerBound : .upperBound)
        if isHard { return meets(hard) ? .pass : (meets(soft) ? .inconclusive : .fail) }
        return meets(soft) ? .pass : .fail
    }
}

extension Gate.Demand {
    /// Whether it is one against a baseline.
    public var isRelative: Bool { if case .noWorseThanBaseline = self { true } else { false } }
}

extension Gate {
    /// Whether at least so much is demanded, and how much; of a difference to a baseline, how much worse it may be.
    var border: (isLeast: Bool, Double) {
        switch demand {
        case .atLeast(let bound): return (true, bound)
        case .atMost(let bound): return (false, bound)
        case .noWorseThanBaseline(let margin):
            let isHigherBetter = GateMetric.isHigherBetter(metric)
            return (isHigherBetter, isHigherBetter ? -margin : margin)
        }
    }
}

extension CellReport {
    fileprivate func isSamePlace(as other: CellReport) -> Bool { task == other.task && subject == other.subject }
}

extension GateMetric {
    /// Whether a sample's figure is between 0 and 1.
    static func isShare(_ metric: String) -> Bool {
        ["accuracy", "error_rate"].contains(metric) || metric.hasPrefix("pass")
    }
}
