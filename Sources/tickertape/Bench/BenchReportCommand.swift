import ArgumentParser
import Benchmarking
import ProviderCore
import Storage

/// Tells what came of a run.
struct BenchReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What came of a run: accuracy, speed and cost by task and subject.")

    @Argument(help: ArgumentHelp("The run: its id or the beginning of it. Standard: the newest.", valueName: "run"))
    var id: String?

    @OptionGroup var runs: RunsOptions

    @Option(
        name: .long, help: ArgumentHelp("Whose words figures of speed are in: \(Self.words).", valueName: "tool"),
        transform: { word in
            guard let definition = MetricDefinition(rawValue: word) else {
                throw ValidationError("--definitions takes one of \(Self.words), not \"\(word)\"")
            }
            return definition
        })
    var definitions = MetricDefinition.ours

    @Flag(name: .long, help: "List what was not right: what was asked, what came, and why it does not count.")
    var failures = false

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: BenchFormat = .text

    private static let words = MetricDefinition.allCases.map(\.rawValue).joined(separator: ", ")

    func run() async throws {
        let store = try await runs.run(id, what: "run")
        let kept = try await KeptRun.load(store, definitions)
        let report = kept.results.report
        let gates = try await GateChecking.results(kept.compared, in: runs.library)
        switch output {
        case .text:
            let told = GateChecking.lines(gates, kept.suite.onInconclusive)
            for line in ReportTable.lines(report) + SpeedTable.lines(report) + told { Terminal.tell(line) }
            if failures {
                do throws(RunStoreError) {
                    for line in try await FailureList.lines(store, kept.compared) { Terminal.tell(line) }
                } catch { throw Failure.of(error) }
            }
            if report.run.hasDied { BenchExecution.tellDied(report.run.header.id) }
        case .json:
            let result = RunResult(state: report.run.state, stop: report.run.stop, worked: report.run.worked)
            Terminal.say(JSONWriter.string(BenchRecords.final(report, result, keptUnknown: 0, gates: gates)))
        }
    }
}

/// Lists runs.
struct BenchListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "The runs, the newest first.")

    @OptionGroup var runs: RunsOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: BenchFormat = .text

    func run() async throws {
        try runs.checkFolder()
        let found: (runs: [StoredRun], problems: [String])
        do throws(RunStoreError) { found = try await runs.library.list() } catch { throw Failure.of(error) }
        for problem in found.problems { Terminal.complain(problem) }
        switch output {
        case .json: Terminal.say(JSONWriter.string(.array(found.runs.map(Self.json))))
        case .text:
            guard !found.runs.isEmpty else { return Terminal.complain("there are no runs yet") }
            let rows = found.runs.map { run in
                [
                    run.header.id, WallClock.stamp(run.header.created), run.header.name, run.stateWord,
                    "\(run.settled)/\(run.header.planned)",
                ]
            }
            let head = ["run", "made", "suite", "state", "settled"]
            for line in Table.lines([head] + rows, isRight: { row, column, _ in row > 0 && column == 4 }) {
                Terminal.tell(line)
            }
        }
    }

    private static func json(_ run: StoredRun) -> JSONValue {
        .object([
            JSONMember("run", .string(run.header.id)), JSONMember("suite", .string(run.header.name)),
            JSONMember("state", .string(run.stateWord)), JSONMember("is_held", .bool(run.isHeld)),
            JSONMember("stop", run.stop.map { .string($0.rawValue) } ?? .null),
            JSONMember("created", .string(WallClock.stamp(run.header.created))),
            JSONMember("planned", .int(run.header.planned)), JSONMember("settled", .int(run.settled)),
        ])
    }
}
