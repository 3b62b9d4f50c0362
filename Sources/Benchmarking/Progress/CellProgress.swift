public import ProviderCore
public import Statistics

/// A row of the live table: what one subject came to so far in one task.
public struct CellProgress: Sendable {
    /// The task.
    public let task: String
    /// The subject's label.
    public let subject: String
    /// Trials in all.
    public internal(set) var planned = 0
    /// Trials that have a record: settled ones and failures.
    public private(set) var done = 0
    /// Trials that are settled.
    public private(set) var settled = 0
    /// What the scored trials are worth, each 0 … 1.
    public private(set) var credit = 0.0
    /// Trials that say something of the model.
    public private(set) var scored = 0
    /// The 95 % interval of the accuracy; nil when there are too few. As new as the last `refresh`.
    public internal(set) var interval: Interval?
    /// What a comparison with the baseline says; nil without one. As new as the last `refresh`.
    public internal(set) var verdict: Statistics.Verdict?
    /// The mean difference from the baseline, over the pairs so far; nil without pairs.
    public internal(set) var difference: Double?
    /// Requests and their cost, as the database told last.
    public internal(set) var money = RunMoney()
    /// Time to the first token.
    public private(set) var firstToken = LatencyHistogram()
    /// Output tokens of each answer that ended.
    private(set) var tokens = RunningSummary()
    private(set) var isBinary = true
    private(set) var credits = RunningSummary()
    /// The trials' numbers, in the order of the plan.
    var trials: [Int32] = []
    /// Whether trials of it are not independent: samples that are repeated, or clusters.
    var isClustered = false
    /// Whether anything changed since the last refresh.
    var isStale = false
    private var outputTokens = 0.0
    private var outputSeconds = 0.0

    init(task: String, subject: String) {
        self.task = task
        self.subject = subject
    }

    /// Credit by scored trials; nil before the first.
    public var accuracy: Double? { scored > 0 ? credit / Double(scored) : nil }
    /// Output tokens a second while answering: all tokens by all latencies; nil when nobody counted them.
    public var outputRate: Double? { outputSeconds > 0 ? outputTokens / outputSeconds : nil }
    /// Trials without a record.
    public var left: Int { max(0, planned - done) }
    /// What a hundred trials cost, as far as prices are known; nil before the first.
    public var costPerHundred: Money? {
        guard done > 0, money.unpriced == 0, money.requests > 0 else { return nil }
        return Money(picodollars: money.spent.picodollars * 100 / Int128(done))
    }

    /// Takes a record in the place of one that was no result, or of none.
    mutating func take(_ record: TrialRecord, before: TrialOutcome?, _ definition: MetricDefinition) {
        isStale = true
        if before == nil { done += 1 }
        if before == .infraError { firstToken.forgetInfinite() }
        if record.outcome.isSettled { settled += 1 }
        if record.outcome.isScored {
            let worth = record.credit
            credit += worth
            scored += 1
            isBinary = isBinary && (worth == 0 || worth == 1)
            try? credits.add(worth)
        }
        if record.timings.isEmpty, record.outcome == .infraError { firstToken.add(nil) }
        var count = 0
        for turn in record.timings { count += take(turn.timing, definition) }
        if count > 0 { try? tokens.add(Double(count)) }
    }

    private mutating func take(_ timing: RequestTiming, _ definition: MetricDefinition) -> Int {
        guard timing.isSuccess else {
            firstToken.add(nil)
            return 0
        }
        let metrics = definition.metrics(of: timing)
        if let time = metrics.timeToFirstToken { firstToken.add(time.inSeconds) }
        guard let latency = metrics.endToEndLatency, let count = metrics.outputTokens else { return 0 }
        outputTokens += Double(count)
        outputSeconds += latency.inSeconds
        return Int(count)
    }
}
