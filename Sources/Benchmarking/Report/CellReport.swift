public import ProviderCore
public import Statistics

/// What one subject came to in one task.
public struct CellReport: Sendable, Hashable {
    /// The task.
    public var task: String
    /// The subject's label.
    public var subject: String
    /// Trials in all.
    public var planned: Int
    /// Trials by what came of them.
    public var outcomes: [TrialOutcome: Int]
    /// Accuracy, coverage and the band between all unscored wrong and all right; nil when nothing is planned, and when
    /// nothing says what is right.
    public var accuracy: AccuracyBand?
    /// The interval of the accuracy; nil when there are too few.
    public var interval: Interval?
    /// How the interval was made: `Wilson`, `t`, `clustered Wilson`, `clustered t`.
    public var method: String
    /// Further figures that the task asks for, in its order.
    public var figures: [ReportFigure]
    /// Latencies and rates.
    public var speed: SpeedReport
    /// Requests and their cost.
    public var money: RunMoney

    /// Trials that are settled or failed.
    public var done: Int { outcomes.values.reduce(0, +) }
    /// Right trials.
    public var right: Int { outcomes[.right] ?? 0 }
    /// What a hundred trials cost, as far as prices are known; nil before the first.
    public var costPerHundred: Money? {
        guard done > 0, money.unpriced == 0 else { return nil }
        return Money(picodollars: money.spent.picodollars * 100 / Int128(done))
    }
    /// Right answers for a dollar; nil when nothing was spent, the price is not known, or nothing is
    /// scored.
    public var rightPerDollar: Double? {
        guard accuracy != nil, money.unpriced == 0, money.spent > .zero else { return nil }
        return Double(right) / (Double(money.spent.picodollars) / 1e12)
    }
    /// What a right answer cost; nil when there is none.
    public var costPerRight: Money? {
        guard right > 0, money.unpriced == 0 else { return nil }
        return Money(picodollars: money.spent.picodollars / Int128(right))
    }
}

/// A figure by its name in the suite.
public struct ReportFigure: Sendable, Hashable {
    /// `pass@5`, `pass^3`, `mean`…
    public var name: String
    /// The figure; nil when there are too few trials for it.
    public var value: Double?
    /// Its interval; nil when it has none.
    public var interval: Interval?

    /// A figure.
    public init(_ name: String, value: Double?, interval: Interval? = nil) {
        self.name = name
        self.value = value
        self.interval = interval
    }
}

/// How fast a subject answered.
public struct SpeedReport: Sendable, Hashable {
    /// Whose words these are.
    public var definition: MetricDefinition
    /// Time to the first token, in seconds; failed requests count as infinitely slow.
    public var timeToFirstToken: SortedSample?
    /// Time to the first token that a reader sees, in seconds; nil where the definition has none.
    public var timeToFirstVisible: SortedSample?
    /// Latency of whole answers, in seconds; failed requests count as infinitely slow.
    public var latency: SortedSample?
    /// Mean time between tokens of each answer, in seconds.
    public var interTokenLatency: SortedSample?
    /// Time per output token of each answer, in seconds; nil where the definition has none.
    public var timePerToken: SortedSample?
    /// Output tokens a second while answering: all tokens by all latencies (a ratio of sums); nil when nobody counted them.
    public var outputRate: Double?
    /// Requests that the figures are of.
    public var requests: Int

    /// Nothing yet.
    public init(definition: MetricDefinition = .ours) {
        self.definition = definition
        requests = 0
    }
}

/// What a run came to.
public struct RunReport: Sendable, Hashable {
    /// The run.
    public var run: StoredRun
    /// A row for each task and subject, in the suite's order.
    public var cells: [CellReport]
    /// All requests and their cost.
    public var money: RunMoney
    /// What happened besides.
    public var notes: [RunNote]

    /// Trials by what came of them, over all cells.
    public var outcomes: [TrialOutcome: Int] {
        cells.reduce(into: [:]) { sum, cell in sum.merge(cell.outcomes) { $0 + $1 } }
    }
    /// Trials that have no record yet.
    public var open: Int { run.header.planned - outcomes.values.reduce(0, +) }
}
