import ProviderCore
import Statistics

/// A figure as a gate judges it.
struct GateFigure: Sendable, Hashable {
    /// The figure; nil = there is none.
    var value: Double?
    /// Its interval; nil = it has none.
    var interval: Interval?
    /// Why there is no value, or what to know beside it; empty = nothing.
    var remark = ""

    /// A figure that is not an estimate of anything: its interval has no width.
    static func exact(_ value: Double?, _ remark: String = "") -> GateFigure {
        GateFigure(value: value, interval: value.map { Interval($0, $0) }, remark: remark)
    }

    static func none(_ why: String) -> GateFigure { GateFigure(remark: why) }

    /// The difference to another figure, without pairs: as wide as both intervals allow.
    func minus(_ other: GateFigure) -> GateFigure {
        guard let value, let before = other.value else {
            return .none(value == nil ? remark : "the baseline: " + other.remark)
        }
        var difference = GateFigure(value: value == before ? 0 : value - before)
        if let interval, let earlier = other.interval {
            difference.interval = Interval(interval.lower - earlier.upper, interval.upper - earlier.lower)
        }
        return difference
    }
}

extension GateMetric {
    /// Whether higher is better.
    static func isHigherBetter(_ metric: String) -> Bool {
        !(isTime(metric) || ["error_rate", "cost.usd", "cost.per_right"].contains(metric))
    }

    /// The time that a metric's name begins with.
    static func time(_ metric: String) -> KeyPath<RequestFigures, Double?>? {
        guard isTime(metric) else { return nil }
        switch metric.prefix(while: { $0 != "." }) {
        case "ttft": return \.firstToken
        case "ttfo": return \.firstVisible
        case "itl": return \.perGap
        case "tpot": return \.perToken
        default: return \.latency
        }
    }

    /// The probability of a percentile's name; nil for a mean.
    static func probability(_ metric: String) -> Double? {
        guard isTime(metric), let word = metric.split(separator: ".").last, word.hasPrefix("p") else { return nil }
        return Double(word.dropFirst()).map { $0 / 100 }
    }
}

extension CellSums {
    /// A figure by its name in gates; `money` is what the cell cost.
    func figure(
        _ metric: String, task: String, _ options: ReportBuilder.Options, money: RunMoney
    ) -> GateFigure {
        switch metric {
        case "accuracy":
            guard let accuracy = band?.accuracy else { return .none("no trial has a score") }
            return GateFigure(value: accuracy, interval: interval(task, options).0)
        case "coverage": return .exact(band?.coverage)
        case "error_rate": return errorRate(task, options)
        case "cost.usd": return money.figure
        case "cost.per_right":
            guard let right = outcomes[.right], right > 0 else { return .none("no trial is right") }
            return money.figure.divided(by: Double(right))
        case "output_rate":
            guard let rate = outputRate else { return .none("nobody counted tokens") }
            return GateFigure(value: rate)
        case "agreement": return .none("agreement with people is not computed for runs")
        case _ where GateMetric.isTime(metric): return time(metric, task, options)
        default:
            let figure = self.figure(metric, task, options)
            let why = metric == "mean" ? "no trial has a value" : "too few trials of each sample"
            return GateFigure(value: figure.value, interval: figure.interval, remark: figure.value == nil ? why : "")
        }
    }

    /// Trials that endpoint or scorer failed, of those that were tried.
    private func errorRate(_ task: String, _ options: ReportBuilder.Options) -> GateFigure {
        let tried = trials.filter { $0.outcome.isTried }
        guard let value = Proportion(successes: tried.count(where: \.outcome.isError), of: tried.count)?.value else {
            return .none("no trial was tried")
        }
        let errors = bySample(tried, \.sample) { $0.outcome.isError ? 1 : 0 }
        return GateFigure(value: value, interval: interval(of: errors, task, options, isShare: true).0)
    }

    private func time(_ metric: String, _ task: String, _ options: ReportBuilder.Options) -> GateFigure {
        guard let path = GateMetric.time(metric) else { return .none("there is no such figure") }
        guard let probability = GateMetric.probability(metric) else {
            let times = bySample(requests, \.sample) { $0[keyPath: path] }
            guard let mean = (try? RunningSummary(times.joined()))?.mean else {
                return .none("no request has this time")
            }
            let failed = failures > 0 ? "without \(failures) failed request\(failures == 1 ? "" : "s")" : ""
            return GateFigure(value: mean, interval: interval(of: times, task, options).0, remark: failed)
        }
        switch sample(path)?.estimate(probability, confidence: options.confidence) {
        case .supported(let value, let bounds)?: return GateFigure(value: value, interval: bounds)
        case .unsupported(let count, let needed)?:
            return .none("\(count) request\(count == 1 ? "" : "s") cannot support it: it takes \(needed)")
        case nil: return .none("no request has this time")
        }
    }

    /// A figure of each sample, for pairs; nil for figures that samples have not.
    func samples(_ metric: String) -> [String: Double]? {
        if let path = GateMetric.time(metric) {
            guard GateMetric.probability(metric) == nil else { return nil }
            return means(requests.compactMap { request in request[keyPath: path].map { (request.sample, $0) } })
        }
        switch metric {
        case "accuracy": return means(trials.filter(\.outcome.isScored).map { ($0.sample, $0.credit) })
        case "mean": return means(trials.compactMap { trial in trial.value.map { (trial.sample, $0) } })
        case "error_rate":
            return means(trials.filter(\.outcome.isTried).map { ($0.sample, $0.outcome.isError ? 1 : 0) })
        default:
            guard let rates = passRates(metric) else { return nil }
            return means(rates.enumerated().compactMap { place, rate in rate.map { (place, $0) } })
        }
    }

    /// The mean of each sample: repeats are no pairs of their own.
    private func means(_ values: [(sample: Int, value: Double)]) -> [String: Double] {
        var sums: [Int: (sum: Double, count: Double)] = [:]
        for (sample, value) in values {
            let before = sums[sample] ?? (0, 0)
            sums[sample] = (before.sum + value, before.count + 1)
        }
        return sums.reduce(into: [:]) { $0[samples[$1.key]] = $1.value.sum / $1.value.count }
    }
}

extension TrialOutcome {
    /// Whether something was sent for it.
    var isTried: Bool { self != .budget && self != .skipped }
    /// Whether endpoint or scorer failed it.
    var isError: Bool { self == .infraError || self == .scorerError }
}

extension RunMoney {
    /// Dollars spent. Requests that go on or are of unknown fate may add to it, which its interval says.
    var figure: GateFigure {
        func dollars(_ money: Money) -> Double { Double(money.picodollars) / 1e12 }
        let least = dollars(spent)
        guard unpriced == 0 else {
            let text = "the price of \(unpriced) request\(unpriced == 1 ? "" : "s") is not known"
            // What is known is the least that it can be.
            return GateFigure(interval: Interval(least, .infinity), remark: text)
        }
        return GateFigure(value: least, interval: Interval(least, dollars(spent + maybe + held)))
    }
}

extension GateFigure {
    func divided(by number: Double) -> GateFigure {
        var figure = self
        figure.value = value.map { $0 / number }
        figure.interval = interval.map { Interval($0.lower / number, $0.upper / number) }
        return figure
    }
}
