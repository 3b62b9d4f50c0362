import ProviderCore
import Statistics

/// The log of Inspect, version 2 of its JSON: its viewer and its library open it. All subjects are in one log: a sample of theirs is
/// named `task/sample subject`, and the epoch is the repeat. Our timings are in the samples' metadata.
struct InspectExporter: RunExporter {
    let wantsTrials = true
    let wantsRequests = true
    private let context: RunExport.Context
    private var isFirst = true

    init(_ context: RunExport.Context) { self.context = context }

    mutating func begin() -> String {
        let head: [(String, JSONValue)] = [
            ("version", .int(2)), ("status", .string(status)), ("eval", InspectHeader(context: context).eval),
            ("results", InspectHeader(context: context).results), ("stats", InspectHeader(context: context).stats),
        ]
        let members = head.map { "\(JSONWriter.string(.string($0.0))):\(JSONWriter.string($0.1))" }
        return "{" + members.joined(separator: ",\n") + error + ",\n\"samples\":[\n"
    }

    mutating func trial(_ trial: ExportedTrial) -> String {
        defer { isFirst = false }
        return (isFirst ? "" : ",\n") + JSONWriter.string(InspectSample(trial: trial).json)
    }

    mutating func end() -> String { "\n]}\n" }

    private var status: String {
        switch context.report.run.state {
        case .complete: "success"
        case .running: "started"
        case .incomplete:
            context.report.run.stop == .endpoint || context.report.run.stop == .storage ? "error" : "cancelled"
        }
    }

    private var error: String {
        guard status == "error" else { return "" }
        let text = "stopped: \(context.report.run.stop?.rawValue ?? "")"
        return ",\n\"error\":" + JSONWriter.string(InspectSample.error(text))
    }
}

/// What a log says of its run as a whole.
private struct InspectHeader {
    let context: RunExport.Context

    private var header: RunHeader { context.header }
    private var report: RunReport { context.report }

    /// The model of each subject.
    private func model(_ subject: String) -> String {
        let id = context.run.subject(subject)?.model.model ?? ""
        return id.isEmpty ? subject : id
    }

    var eval: JSONValue {
        let samples = report.cells.reduce(into: Set<String>()) { ids, cell in
            for sample in context.run.results.sums(cell.task, cell.subject)?.samples ?? [] {
                ids.insert(InspectSample.id(cell.task, sample, cell.subject))
            }
        }
        let models = Set(header.subjects.map(model)).sorted()
        let repeats = context.run.suite.tasks.map(\.repeats).max() ?? 1
        return .object([
            JSONMember("eval_id", .string(header.id)), JSONMember("run_id", .string(header.id)),
            JSONMember("created", .string(ExportText.instant(header.created))),
            JSONMember("task", .string(header.name)), JSONMember("task_id", .string(header.id)),
            JSONMember("task_version", .int(1)), JSONMember("task_file", .string(header.suitePath)),
            JSONMember("task_args", .object([])),
            JSONMember(
                "dataset",
                .object([
                    JSONMember("name", .string(header.name)), JSONMember("samples", .int(samples.count)),
                    JSONMember("sample_ids", .array(samples.sorted().map(JSONValue.string))),
                    JSONMember("shuffled", .bool(false)),
                ])),
            JSONMember("model", .string(models.count == 1 ? models[0] : models.joined(separator: ","))),
            JSONMember("model_args", .object([])),
            JSONMember("config", .object([JSONMember("epochs", .int(repeats))])),
            JSONMember("packages", .object([JSONMember("tickertape", .string(header.version))])),
            JSONMember("metadata", metadata),
        ])
    }

    private var metadata: JSONValue {
        let gates = context.gates.map { gate in
            JSONValue.object([
                JSONMember("verdict", .string(gate.verdict.rawValue)), JSONMember("message", .string(gate.text)),
            ])
        }
        return .object([
            JSONMember("tickertape_run", .string(header.id)), JSONMember("suite_sha256", .string(header.suiteDigest)),
            JSONMember("plan_sha256", .string(header.planDigest)), JSONMember("seed", .number("\(header.seed)")),
            JSONMember("subjects", .array(header.subjects.map(JSONValue.string))),
            JSONMember("demo", .bool(header.isDemo)), JSONMember("cost", ExportJSON.cost(report.money)),
            JSONMember("gates", .array(gates)),
        ])
    }

    var results: JSONValue {
        .object([
            JSONMember("total_samples", .int(header.planned)),
            JSONMember("completed_samples", .int(report.run.settled)),
            JSONMember("scores", .array(report.cells.map(score))),
        ])
    }

    private func score(_ cell: CellReport) -> JSONValue {
        var metrics: [JSONMember] = []
        func add(_ name: String, _ value: Double?) {
            guard let value, value.isFinite else { return }
            metrics.append(
                JSONMember(
                    name, .object([JSONMember("name", .string(name)), JSONMember("value", .double(value))])))
        }
        add("accuracy", cell.accuracy?.accuracy)
        add("accuracy_lower", cell.interval?.lower)
        add("accuracy_upper", cell.interval?.upper)
        add("coverage", cell.accuracy?.coverage)
        for figure in cell.figures { add(figure.name, figure.value) }
        add("ttft_p50", cell.speed.timeToFirstToken?.estimate(0.5)?.value)
        add("output_tokens_per_second", cell.speed.outputRate)
        let scorer = context.run.task(cell.task)?.scorer?.name ?? "none"
        return .object([
            JSONMember("name", .string("\(cell.task) \(cell.subject)")), JSONMember("scorer", .string(scorer)),
            JSONMember("params", .object([])), JSONMember("metrics", .object(metrics)),
        ])
    }

    var stats: JSONValue {
        var usage: [String: RunMoney] = [:]
        for cell in report.cells {
            var sum = usage[model(cell.subject)] ?? RunMoney()
            sum.add(cell.money.usage)
            sum.spent += cell.money.spent
            sum.unpriced += cell.money.unpriced
            usage[model(cell.subject)] = sum
        }
        let models = usage.sorted { $0.key < $1.key }.map { model, money in
            JSONMember(model, InspectSample.usage(money.usage, money))
        }
        return .object([
            JSONMember("started_at", .string(ExportText.instant(header.created))),
            JSONMember("completed_at", .string(report.run.ended.map(ExportText.instant) ?? "")),
            JSONMember("model_usage", .object(models)),
        ])
    }
}
