import ProviderCore
import Statistics

/// What is kept of a trial: a few numbers.
struct TrialFigures: Sendable, Hashable {
    /// Its number in the plan.
    var trial: Int
    /// The place of its sample in the cell.
    var sample: Int
    var outcome: TrialOutcome
    /// What it is worth, 0 … 1.
    var credit: Double
    /// The scorer's own value; nil = none.
    var value: Double?
}

/// What is kept of a request, in seconds.
struct RequestFigures: Sendable, Hashable {
    /// The place of its sample in the cell.
    var sample: Int
    var isSuccess: Bool
    var firstToken: Double?
    var firstVisible: Double?
    var perGap: Double?
    var perToken: Double?
    var latency: Double?
    var tokens: Double?
}

/// What is kept of the trials of a cell.
struct CellSums: Sendable {
    var planned = 0
    private(set) var samples: [String] = []
    private(set) var trials: [TrialFigures] = []
    private(set) var requests: [RequestFigures] = []
    /// Trials that failed before a request of theirs had a timing.
    private(set) var silentFailures = 0
    /// The digests of what scored.
    private(set) var scorers: Set<String> = []
    /// The digests of samples that were scored anew as another suite has them.
    private(set) var rescored: [String: String] = [:]
    private var places: [String: Int] = [:]

    mutating func add(_ record: TrialRecord, _ definition: MetricDefinition) {
        let place = place(of: record.key.sample)
        let value = record.scores.first?.score?.value
        trials.append(
            TrialFigures(
                trial: record.key.index, sample: place, outcome: record.outcome, credit: record.credit,
                value: value.flatMap { $0.isFinite ? $0 : nil }))
        if let score = record.scores.first {
            scorers.insert(String(score.scorerDigest))
            if let digest = score.sampleDigest { rescored[record.key.sample] = String(digest) }
        }
        if record.timings.isEmpty, record.outcome == .infraError { silentFailures += 1 }
        for turn in record.timings { add(turn.timing, place, definition) }
    }

    private mutating func place(of sample: String) -> Int {
        if let place = places[sample] { return place }
        places[sample] = samples.count
        samples.append(sample)
        return samples.count - 1
    }

    private mutating func add(_ timing: RequestTiming, _ sample: Int, _ definition: MetricDefinition) {
        var figures = RequestFigures(sample: sample, isSuccess: timing.isSuccess)
        defer { requests.append(figures) }
        guard timing.isSuccess else { return }
        let metrics = definition.metrics(of: timing)
        figures.firstToken = metrics.timeToFirstToken?.inSeconds
        figures.firstVisible = metrics.timeToFirstVisible?.inSeconds
        figures.perGap = metrics.interTokenLatency?.inSeconds
        figures.perToken = metrics.timePerOutputToken?.inSeconds
        figures.latency = metrics.endToEndLatency?.inSeconds
        figures.tokens = metrics.outputTokens.map(Double.init)
    }

    // MARK: Sums

    var outcomes: [TrialOutcome: Int] { trials.reduce(into: [:]) { $0[$1.outcome, default: 0] += 1 } }

    /// Requests that failed.
    var failures: Int { requests.count { !$0.isSuccess } + silentFailures }

    /// Output tokens a second while answering, of requests that have both counts.
    var outputRate: Double? {
        let counted = requests.filter { $0.tokens != nil && $0.latency != nil }
        let seconds = counted.reduce(0) { $0 + ($1.latency ?? 0) }
        return seconds > 0 ? counted.reduce(0) { $0 + ($1.tokens ?? 0) } / seconds : nil
    }

    /// What the scored trials of each sample are worth, in the order in which samples came.
    var credits: [[Double]] {
        var credits = [[Double]](repeating: [], count: samples.count)
        for trial in trials where trial.outcome.isScored { credits[trial.sample].append(trial.credit) }
        return credits
    }

    /// Accuracy and coverage; nil when nothing says what is right.
    var band: AccuracyBand? {
        guard !trials.contains(where: { $0.outcome == .answered }) else { return nil }
        let scored = trials.filter(\.outcome.isScored)
        return AccuracyBand(
            credit: scored.reduce(0) { $0 + $1.credit }, scored: scored.count, planned: max(planned, scored.count))
    }

    func report(_ key: ReportBuilder.CellKey, _ options: ReportBuilder.Options, _ money: RunMoney) -> CellReport {
        let (interval, method) = interval(key.task, options)
        return CellReport(
            task: key.task, subject: key.subject, planned: planned, outcomes: outcomes, accuracy: band,
            interval: band == nil ? nil : interval, method: method,
            figures: (options.figures[key.task] ?? []).map { figure($0, key.task, options) },
            speed: speed(options.definition), money: money)
    }

    private func speed(_ definition: MetricDefinition) -> SpeedReport {
        var speed = SpeedReport(definition: definition)
        speed.timeToFirstToken = sample(\.firstToken)
        speed.latency = sample(\.latency)
        speed.interTokenLatency = try? SortedSample(requests.compactMap(\.perGap))
        speed.timeToFirstVisible = try? SortedSample(requests.compactMap(\.firstVisible))
        speed.timePerToken = try? SortedSample(requests.compactMap(\.perToken))
        speed.outputRate = outputRate
        speed.requests = requests.count
        return speed
    }

    /// A time of all requests, failed ones as infinitely slow.
    func sample(_ time: KeyPath<RequestFigures, Double?>) -> SortedSample? {
        try? SortedSample(requests.compactMap { $0[keyPath: time] }, infinite: failures)
    }

    /// The interval of the accuracy.
    func interval(_ task: String, _ options: ReportBuilder.Options) -> (Interval?, String) {
        interval(of: credits, task, options, isShare: credits.joined().allSatisfy { $0 == 0 || $0 == 1 })
    }

    /// The interval of a mean over all values of samples, which are told by sample: those of one sample, and those of one cluster, are not
    /// independent of each other. `isShare`: the values are 0 and 1.
    func interval(
        of values: [[Double]], _ task: String, _ options: ReportBuilder.Options, isShare: Bool = false
    ) -> (Interval?, String) {
        var all: [Double] = []
        var clusters: [String] = []
        var isClustered = false
        for (sample, values) in zip(samples, values).sorted(by: { $0.0 < $1.0 }) {
            let cluster = options.cluster(task, sample)
            isClustered = isClustered || cluster != nil || values.count > 1
            for value in values {
                all.append(value)
                clusters.append(cluster.map { "cluster " + $0 } ?? "sample " + sample)
            }
        }
        let (name, confidence) = (isShare ? "Wilson" : "t", options.confidence)
        if isClustered {
            let sample = try? ClusteredSample(all, clusters: clusters)
            let interval = isShare ? sample?.wilson(confidence: confidence) : sample?.interval(confidence: confidence)
            return (interval, "clustered " + name)
        }
        if isShare {
            return (Proportion(successes: all.count { $0 == 1 }, of: all.count)?.wilson(confidence: confidence), name)
        }
        return ((try? RunningSummary(all))?.interval(confidence: confidence), name)
    }

    /// What trials, or requests, have, by sample.
    func bySample<Element>(_ elements: [Element], _ sample: (Element) -> Int, _ value: (Element) -> Double?)
        -> [[Double]]
    {
        var values = [[Double]](repeating: [], count: samples.count)
        for element in elements { if let value = value(element) { values[sample(element)].append(value) } }
        return values
    }

    /// A figure that a suite's `report` names.
    func figure(_ name: String, _ task: String, _ options: ReportBuilder.Options) -> ReportFigure {
        switch name {
        case "accuracy": return ReportFigure(name, value: band?.accuracy, interval: interval(task, options).0)
        case "mean":
            let values = bySample(trials, \.sample, \.value)
            let mean = (try? RunningSummary(values.joined()))?.mean
            return ReportFigure(name, value: mean, interval: interval(of: values, task, options).0)
        default: break
        }
        guard let rates = passRates(name) else { return ReportFigure(name, value: nil) }
        let summary = try? RunningSummary(rates.compactMap(\.self))
        // Student's t knows nothing of the ends that a rate has.
        let interval = summary?.interval(confidence: options.confidence)
            .map { Interval(max(0, $0.lower), min(1, $0.upper)) }
        return ReportFigure(name, value: summary?.mean, interval: interval)
    }

    /// `pass@k` or `pass^k` of each sample, nil where it has too few trials; nil for other names.
    func passRates(_ name: String) -> [Double?]? {
        let isAll = name.hasPrefix("pass^")
        guard isAll || name.hasPrefix("pass@"), let k = Int(name.dropFirst(5)), k > 0 else { return nil }
        return credits.map { credits in
            let right = credits.count { $0 == 1 }
            return isAll
                ? PassRate.all(of: k, correct: right, samples: credits.count)
                : PassRate.any(of: k, correct: right, samples: credits.count)
        }
    }
}
