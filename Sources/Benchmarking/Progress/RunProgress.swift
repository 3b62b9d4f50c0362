public import ProviderCore
import Statistics

/// What a run has come to so far and is doing now, folded from its events: all that a screen or a line needs.
///
/// A value without a clock. An event costs the same however long the run is; what is kept of a trial that is over is a few bytes, and of
/// lists the last ones only. Sums that look at many trials (intervals of clusters, verdicts) are made by `refresh`, now and then.
public struct RunProgress: Sendable {
    /// What is known before it begins.
    public struct Setup: Sendable {
        /// The run.
        public var header: RunHeader
        /// All its trials, in the order of the plan.
        public var keys: [TrialKey]
        /// Whom a subject asks, by its label, as it is shown.
        public var endpoints: [String: String]
        /// Trials at once, at the beginning.
        public var concurrency: Int
        /// Rate limits of its own, of each model at each endpoint.
        public var caps: RateCaps
        /// Clusters, and whose words figures of speed are in.
        public var options: ReportBuilder.Options
        /// What the trials of another run were worth, 0 … 1; empty = there is nothing to compare with.
        public var baseline: [BaselineKey: Double]
        /// How long earlier processes ran it.
        public var worked: Duration

        /// What is known.
        public init(
            header: RunHeader, keys: [TrialKey], endpoints: [String: String] = [:], concurrency: Int = 0,
            caps: RateCaps = RateCaps(), options: ReportBuilder.Options = .init(),
            baseline: [BaselineKey: Double] = [:], worked: Duration = .zero
        ) {
            self.header = header
            self.keys = keys
            self.endpoints = endpoints
            self.concurrency = concurrency
            self.caps = caps
            self.options = options
            self.baseline = baseline
            self.worked = worked
        }
    }

    /// A trial by what it asks of whom, the same in every run of a suite.
    public struct BaselineKey: Sendable, Hashable {
        private let task, sample, subject: String
        private let repetition: Int

        /// The trial's.
        public init(_ key: TrialKey) {
            (task, sample, subject, repetition) = (key.task, key.sample, key.subject, key.repetition)
        }
    }

    /// Where the run is.
    public enum Phase: Sendable, Hashable {
        /// Trials begin and end.
        case running
        /// No new ones begin.
        case paused
        /// No new ones begin any more, and why.
        case stopping(RunStop, String)
        /// It is over, or another process runs it no more. The reason is empty where there is nothing to say.
        case ended(RunState, RunStop?, reason: String)
    }

    /// The run.
    public let header: RunHeader
    /// All its trials.
    public let keys: [TrialKey]
    /// Rows of the table, in the suite's order.
    public internal(set) var cells: [CellProgress]
    /// Endpoints with their models, in the order in which subjects first ask them.
    public internal(set) var endpoints: [EndpointProgress]
    /// Trials that run, by number.
    public internal(set) var slots: [Int: TrialSlot] = [:]
    /// The trials that ended last.
    public internal(set) var latest = Latest<EndedTrial>(most: 200)
    /// Of those a person wants to look at, the last.
    public internal(set) var failures = Latest<EndedTrial>(most: 200)
    /// Where the run is.
    public internal(set) var phase = Phase.running
    /// So many trials may run at once.
    public internal(set) var limit: Int
    /// The last change of that number; nil = there was none.
    public internal(set) var lastChange: ConcurrencyRules.Change?
    /// Requests and money, as the database told last.
    public internal(set) var money = RunMoney()
    /// What may be spent in all; nil = no cap.
    public internal(set) var cap: Money?
    /// Rate limits of its own, of each model at each endpoint.
    public internal(set) var caps: RateCaps
    /// How this program itself does; nil = not measured.
    public internal(set) var client: ClientHealth?
    /// Attempts that failed and were, or will be, made again.
    public internal(set) var retries = 0
    /// Trials that were settled before this process began.
    public internal(set) var resumed = 0
    /// Whether trials wait for money that others hold.
    public internal(set) var waitsForMoney = false
    /// Whether samples are asked more than once.
    public let hasRepeats: Bool
    /// Whether it is compared with another run.
    public let hasBaseline: Bool
    /// When this process began.
    public let began: ContinuousClock.Instant

    let options: ReportBuilder.Options
    let cellOf: [Int32]
    var outcomes: [UInt8]
    /// What a scored trial is worth; below 0 = it is not scored.
    var credits: [Float]
    /// What it was worth in the baseline; below 0 = it is not there.
    let before: [Float]
    /// Which of the clusters it belongs to.
    let clusters: [Int32]
    let endpointOf: [Int32]
    var counts: [Int]
    var pace = RunPace()
    var outputBytes = RateWindow(buckets: 61)
    var worked: Duration
    /// When the last trial began of which another process told, since the run began.
    var lastStarted = Duration.zero
    /// When the clock of the run stopped; nil = it runs.
    var endedAt: ContinuousClock.Instant?

    static let none = UInt8.max

    /// A run of which nothing is done yet.
    public init(_ setup: Setup, at now: ContinuousClock.Instant) {
        let places = Places(setup)
        (header, keys, options, began) = (setup.header, setup.keys, setup.options, now)
        (cells, cellOf, clusters) = (places.cells, places.cellOf, places.clusters)
        endpoints = places.endpoints.map(EndpointProgress.init)
        endpointOf = places.endpointOf
        outcomes = Array(repeating: Self.none, count: setup.keys.count)
        credits = Array(repeating: -1, count: setup.keys.count)
        hasRepeats = setup.keys.contains { $0.repetition > 1 }
        hasBaseline = !setup.baseline.isEmpty
        before = setup.keys.map { key in setup.baseline[BaselineKey(key)].map { Float($0) } ?? -1 }
        counts = Array(repeating: 0, count: TrialOutcome.allCases.count)
        (limit, cap, caps, worked) = (setup.concurrency, setup.header.budget, setup.caps, setup.worked)
        pace.begin(at: now)
    }

    // MARK: Sums

    /// Trials of a class.
    public func count(_ outcome: TrialOutcome) -> Int { counts[Self.code(outcome)] }
    /// Trials that are settled.
    public var settled: Int { TrialOutcome.allCases.reduce(0) { $0 + ($1.isSettled ? count($1) : 0) } }
    /// Trials that have a record.
    public var done: Int { counts.reduce(0, +) }
    /// Trials that neither have a record nor run.
    public var waiting: Int { max(0, keys.count - done - slots.count) }
    /// Trials that run and ask the endpoint at this place.
    public func running(at endpoint: Int) -> Int {
        slots.keys.reduce(0) { $0 + (endpointOf.indices.contains($1) && Int(endpointOf[$1]) == endpoint ? 1 : 0) }
    }
    /// Right answers by those that say something of the model; nil before the first.
    public var accuracy: Double? {
        scored > 0 ? Double(count(.right)) / Double(scored) : nil
    }
    /// Trials that say something of the model.
    public var scored: Int { TrialOutcome.allCases.reduce(0) { $0 + ($1.isScored ? count($1) : 0) } }
    /// Scored trials by all that are planned, as reports and gates have it; nil when nothing is planned.
    public var coverage: Double? { keys.isEmpty ? nil : Double(scored) / Double(keys.count) }
    /// Scored trials by those that have a record, while it runs; nil before the first.
    public var scoredOfEnded: Double? { done > 0 ? Double(scored) / Double(done) : nil }
    /// What a trial came to; nil = it has no record.
    public func outcome(of trial: Int) -> TrialOutcome? {
        guard outcomes.indices.contains(trial), outcomes[trial] != Self.none else { return nil }
        return TrialOutcome.allCases[Int(outcomes[trial])]
    }
    /// How long the run was worked on, by all processes.
    public func elapsed(at now: ContinuousClock.Instant) -> Duration { worked + ((endedAt ?? now) - began) }
    /// Output tokens of each of the last sixty seconds, oldest first, counted as a quarter of the bytes: an estimate.
    public func outputRates(at now: ContinuousClock.Instant) -> [Int] {
        outputBytes.values(at: now).map { ($0 + 3) / 4 }
    }

    static func code(_ outcome: TrialOutcome) -> Int { TrialOutcome.allCases.firstIndex(of: outcome) ?? 0 }
}

/// How the program that runs trials does itself: what makes its figures honest.
public struct ClientHealth: Sendable, Hashable {
    /// How late its tasks come to run.
    public var lag: Duration
    /// Processor time by time, 1 = one processor.
    public var load: Double

    /// A measurement.
    public init(lag: Duration, load: Double) {
        self.lag = lag
        self.load = load
    }

    /// Whether figures of speed may be the client's own: it comes late by more than 10 ms, or keeps more than one and a half
    /// processors busy.
    public var isStrained: Bool { lag > .milliseconds(10) || load > 1.5 }
}
