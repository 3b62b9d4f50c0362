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
        var builder = ReportBuilder(options)
        for key in planned { builder.plan(key) }
        var next = 0
        while true {
            let records = try await store.trials(from: next, limit: window, withTexts: false)
            for record in records { builder.add(record) }
            guard let last = records.last else { break }
            next = last.key.index + 1
        }
        return builder.report(
            try await store.run(), costs: try await store.costs(), money: try await store.money(),
            notes: try await store.notes())
    }

    /// Takes a trial that is planned.
    public mutating func plan(_ key: TrialKey) { cells[CellKey(key), default: CellSums()].planned += 1 }

    /// Takes a trial that is over. One that was taken before is taken once more: it is up to the caller that none is.
    public mutating func add(_ record: TrialRecord) {
        cells[CellKey(record.key), default: CellSums()].add(record, options)
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

/// What is kept of the trials of a cell.
private struct CellSums: Sendable {
    var planned = 0
    private var outcomes: [TrialOutcome: Int] = [:]
    /// What the scored trials of each sample are worth, 0 … 1.
    private var credits: [String: [Double]] = [:]
    private var values = [Double]()
    private var firstTokens: [Double] = []
    private var latencies: [Double] = []
    private var gaps: [Double] = []
    private var failures = 0
    private var tokens = 0.0
    private var seconds = 0.0
    private var requests = 0

    mutating func add(_ record: TrialRecord, _ options: ReportBuilder.Options) {
        outcomes[record.outcome, default: 0] += 1
        if record.outcome.isScored { credits[record.key.sample, default: []].append(record.credit) }
        if let value = record.scores.first?.score?.value, value.isFinite { values.append(value) }
        if record.timings.isEmpty, record.outcome == .infraError { failures += 1 }
        for turn in record.timings { add(turn.timing, options.definition) }
    }

    private mutating func add(_ timing: RequestTiming, _ definition: MetricDefinition) {
        requests += 1
        guard timing.isSuccess else {
            failures += 1
            return
        }
        let metrics = definition.metrics(of: timing)
        if let time = metrics.timeToFirstToken { firstTokens.append(time.inSeconds) }
        if let time = metrics.interTokenLatency { gaps.append(time.inSeconds) }
        guard let latency = metrics.endToEndLatency else { return }
        latencies.append(latency.inSeconds)
        guard let count = metrics.outputTokens else { return }
        tokens += Double(count)
        seconds += latency.inSeconds
    }

    func report(_ key: ReportBuilder.CellKey, _ options: ReportBuilder.Options, _ money: RunMoney) -> CellReport {
        let all = credits.values.flatMap(\.self)
        let (interval, method) = interval(key.task, options)
        return CellReport(
            task: key.task, subject: key.subject, planned: planned, outcomes: outcomes,
            accuracy: AccuracyBand(credit: all.reduce(0, +), scored: all.count, planned: max(planned, all.count)),
            interval: interval, method: method,
            figures: (options.figures[key.task] ?? []).map { figure($0, options.confidence) },
            speed: speed(options.definition), money: money)
    }

    private func speed(_ definition: MetricDefinition) -> SpeedReport {
        var speed = SpeedReport(definition: definition)
        speed.timeToFirstToken = try? SortedSample(firstTokens, infinite: failures)
        speed.latency = try? SortedSample(latencies, infinite: failures)
        speed.interTokenLatency = try? SortedSample(gaps)
        speed.outputRate = seconds > 0 ? tokens / seconds : nil
        speed.requests = requests
        return speed
    }

    /// Trials of one sample, and samples of one cluster, are not independent of each other.
    private func interval(_ task: String, _ options: ReportBuilder.Options) -> (Interval?, String) {
        var values: [Double] = []
        var clusters: [String] = []
        var isClustered = false
        for (sample, credits) in credits.sorted(by: { $0.key < $1.key }) {
            let cluster = options.cluster(task, sample)
            isClustered = isClustered || cluster != nil || credits.count > 1
            for credit in credits {
                values.append(credit)
                clusters.append(cluster.map { "cluster " + $0 } ?? "sample " + sample)
            }
        }
        let isBinary = values.allSatisfy { $0 == 0 || $0 == 1 }
        let name = isBinary ? "Wilson" : "t"
        guard isClustered else {
            if isBinary {
                let right = values.count { $0 == 1 }
                return (Proportion(successes: right, of: values.count)?.wilson(confidence: options.confidence), name)
            }
            let summary = try? RunningSummary(values)
            return (summary?.interval(confidence: options.confidence), name)
        }
        let sample = try? ClusteredSample(values, clusters: clusters)
        let interval =
            isBinary
            ? sample?.wilson(confidence: options.confidence) : sample?.interval(confidence: options.confidence)
        return (interval, "clustered " + name)
    }

    private func figure(_ name: String, _ confidence: Double) -> ReportFigure {
        if name == "mean" {
            let summary = try? RunningSummary(values)
            return ReportFigure(name, value: summary?.mean, interval: summary?.interval(confidence: confidence))
        }
        let isAll = name.hasPrefix("pass^")
        guard isAll || name.hasPrefix("pass@"), let k = Int(name.dropFirst(5)), k > 0 else {
            return ReportFigure(name, value: nil)
        }
        let rates = credits.values.compactMap { credits in
            let right = credits.count { $0 == 1 }
            return isAll
                ? PassRate.all(of: k, correct: right, samples: credits.count)
                : PassRate.any(of: k, correct: right, samples: credits.count)
        }
        let summary = try? RunningSummary(rates)
        return ReportFigure(name, value: summary?.mean, interval: summary?.interval(confidence: confidence))
    }
}

extension TrialRecord {
    /// What it is worth, 0 … 1: right is all of it, partial the score's share, all else nothing.
    public var credit: Double {
        switch outcome {
        case .right: 1
        case .partial: min(1, max(0, scores.first?.score?.value ?? 0))
        default: 0
        }
    }
}
