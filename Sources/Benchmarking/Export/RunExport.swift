import ProviderCore

/// A run in a form that other programs read.
public enum RunExport {
    /// What an export is made of, besides the trials.
    public struct Context: Sendable {
        /// The run.
        public let run: ComparedRun
        /// What its gates came to.
        public let gates: [GateResult]

        /// A context.
        public init(run: ComparedRun, gates: [GateResult]) {
            self.run = run
            self.gates = gates
        }

        var report: RunReport { run.results.report }
        var header: RunHeader { report.run.header }
    }

    /// Trials that are read at once.
    private static let window = 100

    /// Writes an export piece by piece, so that no run is too large for it. Throws as the store, and what `write` throws.
    public static func write(
        _ form: SuiteOutput.Form, _ context: Context, of store: any RunStore, to write: ([UInt8]) throws -> Void
    ) async throws {
        var exporter = exporter(form, context)
        try write(Array(exporter.begin().utf8))
        var next = 0
        while exporter.wantsTrials {
            let records = try await store.trials(from: next, limit: window, withTexts: true)
            guard let last = records.last else { break }
            next = last.key.index + 1
            var text = ""
            for record in records {
                let requests = exporter.wantsRequests ? try await store.requests(of: record.key.index) : []
                text += exporter.trial(ExportedTrial(record: record, requests: requests, context: context))
            }
            try write(Array(text.utf8))
        }
        try write(Array(exporter.end().utf8))
    }

    private static func exporter(_ form: SuiteOutput.Form, _ context: Context) -> any RunExporter {
        switch form {
        case .jsonl: TrialLines()
        case .csv: TrialTable()
        case .junit: JUnitExporter(context)
        case .markdown: MarkdownExporter(context)
        case .inspect: InspectExporter(context)
        case .html: PageExporter(context)
        }
    }
}

/// Writes one form of export.
protocol RunExporter {
    /// Whether it tells of single trials.
    var wantsTrials: Bool { get }
    /// Whether it tells of their requests.
    var wantsRequests: Bool { get }
    /// What goes before the trials.
    mutating func begin() -> String
    /// A trial; they come in the order of the plan.
    mutating func trial(_ trial: ExportedTrial) -> String
    /// What goes after the trials.
    mutating func end() -> String
}

/// A trial as exports tell of it.
struct ExportedTrial {
    let record: TrialRecord
    let requests: [RequestRecord]
    let run: String
    let created: Int64
    let definition: MetricDefinition
    let subject: Subject?
    let sample: Sample?

    init(record: TrialRecord, requests: [RequestRecord], context: RunExport.Context) {
        self.record = record
        self.requests = requests
        run = context.header.id
        created = context.header.created
        definition = context.run.results.options.definition
        subject = context.run.subject(record.key.subject)
        sample = context.run.sample(record.key)
    }

    /// What all its requests cost.
    var money: RunMoney { requests.reduce(into: RunMoney()) { $0.add($1) } }

    /// What its answers used; judges' requests are not in it.
    var usage: TokenUsage {
        var money = RunMoney()
        for request in requests where request.start.purpose.role == .subject { money.add(request.usage) }
        return money.usage
    }

    /// The model as the server calls it, else as it was asked for.
    var model: String {
        let own = requests.last { $0.start.purpose.role == .subject }
        return own?.metadata.model ?? own?.start.model ?? subject?.model.model ?? ""
    }

    /// Its last turn's figures.
    var speed: StreamMetrics? { record.timings.last.map { definition.metrics(of: $0.timing) } }

    /// From the first turn's sending to its first token, in milliseconds.
    var timeToFirstToken: Double? {
        record.timings.first.flatMap { definition.metrics(of: $0.timing).timeToFirstToken?.inMilliseconds }
    }

    /// How long it took in all, in seconds.
    var seconds: Double { max(0, (record.ended - record.started).inSeconds) }

    /// When it began, in milliseconds since 1970.
    var startedAt: Int64 {
        requests.first?.start.sent ?? created + Int64(record.started.inMilliseconds)
    }

    var score: Score? { record.scores.first?.score }
}

extension Duration {
    var inMilliseconds: Double { inSeconds * 1000 }
}
