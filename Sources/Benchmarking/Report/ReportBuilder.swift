import ProviderCore
import Statistics

/// Makes a report of a run's trials, window by window: what it keeps of a trial is a few numbers.
public struct ReportBuilder: Sendable {
    /// What a report needs to know of a suite.
    public struct Options: Sendable {
        /// Whose words the figures of speed are in.
        public var definition: MetricDefinition
        /// The confidence of intervals.
        public var confidence: Double
        /// Further figures by task.
        public var figures: [String: [String]]
        /// The cluster of a sample by task and id; nil = it stands alone.
        public var cluster: @Sendable (_ task: String, _ sample: String) -> String?

        /// Options.
        public init(
            definition: MetricDefinition = .ours, confidence: Double = 0.95, figures: [String: [String]] = [:],
            cluster: @escaping @Sendable (String, String) -> String? = { _, _ in nil }
        ) {
            self.definition = definition
            self.confidence = confidence
            self.figures = figures
            self.cluster = cluster
        }
    }

    /// Records that are read at once.
    static let window = 500

    private let options: Options
    private var cells: [CellKey: CellSums] = [:]

    /// An empty builder.
    public init(_ options: Options = Options()) { self.options = options }

    /// The report of a run as it stands in its database. Throws as the store.
    public static func report(
        _ store: any RunStore, planned: [TrialKey], _ options: Options = Options()
    ) async throws(RunStoreError) -> RunReport {
        try await results(store, planned: planned, options).report
    }

    /// As `report`, with what comparisons and gates need besides. Throws as the store.
    public static func results(
        _ store: any RunStore, planned: [TrialKey], _ options: Options = Options()
    ) async throws(RunStoreError) -> RunResults {
        var builder = ReportBuilder(options)
        for key in planned { builder.plan(key) }
        var next = 0
        while true {
            let records = try await store.trials(from: next, limit: window, withTexts: false)
            for record in records { builder.add(record) }
            guard let last = records.last else { break }
            next = last.key.index + 1
        }
        let report = builder.report(
            try await store.run(), costs: try await store.costs(), money: try await store.money(),
            notes: try await store.notes())
        return builder.results(report)
    }

    /// Takes a trial that is planned.
    public mutating func plan(_ key: TrialKey) { cells[CellKey(key), default: CellSums()].planned += 1 }

    /// Takes a trial that is over. One that was taken before is taken once more: it is up to the caller that none is.
    public mutating func add(_ record: TrialRecord) {
        cells[CellKey(record.key), default: CellSums()].add(record, options.definition)
    }

    /// The report so far.
    public func report(_ run: StoredRun, costs: [RunCosts], money: RunMoney, notes: [RunNote]) -> RunReport {
        let byCell = Dictionary(costs.map { (CellKey(task: $0.task, subject: $0.subject), $0.money) }) { first, _ in
            first
        }
        let header = run.header
        let keys = header.tasks.flatMap { task in header.subjects.map { CellKey(task: task, subject: $0) } }
        let reports = keys.compactMap { key in
            cells[key].map { $0.report(key, options, byCell[key] ?? RunMoney()) }
        }
        return RunReport(run: run, cells: reports, money: money, notes: notes)
    }

    /// The trials so far behind a report of this builder.
    public func results(_ report: RunReport) -> RunResults {
        RunResults(report: report, sums: cells, options: options)
    }

    /// A row of the table.
    struct CellKey: Hashable {
        var task: String
        var subject: String

        init(task: String, subject: String) {
            self.task = task
            self.subject = subject
        }

        init(_ key: TrialKey) { self.init(task: key.task, subject: key.subject) }
    }
}

extension TrialRecord {
    /// What it is worth, 0 … 1: right is all of it, partial the score's share of its scale, all else nothing.
    public var credit: Double {
        switch outcome {
        case .right: 1
        case .partial: scores.first?.score?.share ?? 0
        default: 0
        }
    }
}
