import AppSettings
import ArgumentParser
import Benchmarking
import ProviderCore

/// Scores a run anew.
struct BenchScoreCommand: AsyncParsableCommand, EndableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Score the answers of a run again, without asking the subjects.",
        discussion: """
            The answers that are kept are scored as the suite says that is kept with the run, or as --suite FILE says now. \
            What was asked has to be the same there; trials of which it is not are left as they are, and counted. Old \
            scores are kept. Judges cost money and are asked with --judges only. A trial whose scorer fails keeps what it \
            has, and is counted.

            Exit codes: 0 all was scored, 65 a scorer failed, 69 a judge's endpoint is unusable, 74 storage, 75 quota or \
            budget, 77 key refused, 78 settings.
            """)

    @Argument(help: ArgumentHelp("The run: its id or the beginning of it. Standard: the newest.", valueName: "run"))
    var id: String?

    @Option(
        name: .long, help: ArgumentHelp("Score as this suite says.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var suite: String?

    @Flag(name: .long, help: "Ask judges, which costs money.")
    var judges = false

    @Option(
        name: .long, help: ArgumentHelp("Ask this server for the judges instead of the suite's.", valueName: "url"))
    var baseURL: String?

    @Flag(name: .long, help: "Run the programs of scorers without a sandbox where there is none.")
    var allowUnsandboxed = false

    @OptionGroup var runs: RunsOptions
    @OptionGroup var global: GlobalOptions

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: BenchFormat = .text

    func validate() throws {
        if baseURL != nil, !judges { throw ValidationError("--base-url goes with --judges: nobody else is asked") }
    }

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        let store = try await runs.run(id, what: "run")
        let (files, header) = try await BenchResumeCommand.contents(of: store)
        let kept = try SuiteLoading.load(files, of: header)
        let present = try suite.map { try SuiteLoading.load($0).suite } ?? kept
        let original = SuitePlan(kept, only: header.selection.tasks, limit: header.selection.samples)
        guard original.digest == header.planDigest else {
            throw Failure(
                "run \(header.id) was planned by another version of this program (\(header.version)): score it with that",
                code: Exit.storage)
        }
        var rescoring = Rescoring(original, as: present, asksJudges: judges)
        let (source, wiring) = try await source(&rescoring, store, header)
        let outcome = await outcome(rescoring, source, store, signals)
        // What was asked is written down whatever came of it.
        let isBooked = await wiring?.close() ?? true
        try tell(try outcome.get(), header)
        if let signal = signals.received { dieBySignal(signal) }
        if !isBooked { throw ExitCode(Exit.storage) }
        let code = try Self.exitCode(outcome.get())
        if code != 0 { throw ExitCode(code) }
    }

    /// What scores: with judges of the suite's endpoints, or with none.
    private func source(
        _ rescoring: inout Rescoring, _ store: any RunStore, _ header: RunHeader
    ) async throws -> (SuiteSource, BenchWiring?) {
        guard judges else {
            let settings = try Wiring.settings(global).settings
            let suite = rescoring.plan.suite
            let folder = SuiteLoading.folder(of: suite.file)
            let sandbox = ToolLibrary.sandbox(
                settings, allowsUnsandboxed: allowUnsandboxed, folder: suite.programs.isEmpty ? nil : folder)
            let surroundings = SuiteSource.Surroundings(
                defaultModel: "", runner: sandbox, folder: folder,
                provider: { _ in NobodyProvider() }, info: { _ in nil })
            return (SuiteSource(rescoring.plan, surroundings), nil)
        }
        let (global, baseURL) = try header.endpoint(global, baseURL: baseURL)
        var wiring = try await BenchWiring(rescoring.plan.suite, global: global, baseURL: baseURL)
        try await wiring.findDefaultModel()
        try wiring.checkPrices(cap: header.budget)
        rescoring.judging = Accounting(purpose: .benchmark, run: header.id, caps: wiring.settings.caps)
        if let budget = header.budget { rescoring.judging.caps[.run] = SpendingCap(hard: budget) }
        let money = try? await store.money()
        rescoring.judging.runBefore =
            await money?.unbooked(in: wiring.ledger, run: header.id, isDemo: wiring.isDemo) ?? .zero
        return (try wiring.source(rescoring.plan, journal: store, allowsUnsandboxed: allowUnsandboxed), wiring)
    }

    /// Scores, and gives the run back as it was whatever comes of it. A signal cuts what is being scored.
    private func outcome(
        _ rescoring: Rescoring, _ source: SuiteSource, _ store: any RunStore, _ signals: EndingSignals
    ) async -> Result<Rescoring.Outcome, Failure> {
        do throws(RunStoreError) { try await store.claimToScore() } catch { return .failure(Failure.of(error)) }
        let work = Task { () async -> Result<Rescoring.Outcome, RunStoreError> in
            do throws(RunStoreError) { return .success(try await rescoring.run(store, by: source)) } catch {
                return .failure(error)
            }
        }
        signals.onEach(last: 2) { _, _ in work.cancel() }
        let result = await work.value
        do throws(RunStoreError) {
            if case .success(let outcome) = result {
                let text = "\(outcome.scored) scored again, \(outcome.changes.count) changed"
                store.note(
                    RunNote(
                        at: try await store.run().worked, kind: "scored",
                        text: text + (suite.map { ", by \($0)" } ?? "")))
            }
            try await store.release()
        } catch { return .failure(Failure.of(error)) }
        return result.mapError(Failure.of)
    }

    private func tell(_ outcome: Rescoring.Outcome, _ header: RunHeader) throws {
        switch output {
        case .text: for line in Self.lines(outcome, header) { Terminal.tell(line) }
        case .json: Terminal.say(JSONWriter.string(Self.json(outcome, header)))
        }
        if outcome.failed > 0 {
            let trials = "\(outcome.failed) trial\(outcome.failed == 1 ? "" : "s")"
            Terminal.complain("\(trials) could not be scored and keep what they had")
        }
    }

    /// What failed goes by the judge's error; a scorer that fails by itself is a fault of the suite.
    static func exitCode(_ outcome: Rescoring.Outcome) -> Int32 {
        guard outcome.failed > 0 else { return 0 }
        return outcome.error?.exitCode ?? Exit.inputFile
    }

    private static let shownChanges = 20

    private static func lines(_ outcome: Rescoring.Outcome, _ header: RunHeader) -> [String] {
        var lines = [
            "\(header.name)  run \(header.id)  \(outcome.scored) scored again, \(outcome.changes.count) changed"
        ]
        if !outcome.cells.isEmpty {
            let rows = outcome.cells.map { cell in
                [cell.task, cell.subject, "\(cell.scored)", "\(cell.rightBefore)", "\(cell.rightAfter)"]
            }
            lines += Table.lines([["task", "subject", "scored", "right before", "now"]] + rows) { row, column, _ in
                row > 0 && column > 1
            }
        }
        for change in outcome.changes.prefix(shownChanges) { lines.append("  \(words(change))") }
        if outcome.changes.count > shownChanges {
            lines.append("  and \(outcome.changes.count - shownChanges) more: -o json has all")
        }
        for (why, count) in outcome.left.sorted(by: { $0.key < $1.key }) {
            lines.append("left as they were: \(count) trial\(count == 1 ? "" : "s"), since \(why)")
        }
        return lines
    }

    private static func words(_ change: Rescoring.Change) -> String {
        let key = change.key
        let place = "\(key.task)/\(key.sample) \(key.subject) \(key.repetition)"
        let (before, after) = (ReportTable.number(change.valueBefore), ReportTable.number(change.valueAfter))
        return "\(place): \(change.before.rawValue) \(before) -> \(change.after.rawValue) \(after)"
    }

    private static func json(_ outcome: Rescoring.Outcome, _ header: RunHeader) -> JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.double) ?? .null }
        let changes = outcome.changes.map { change in
            JSONValue.object([
                JSONMember("task", .string(change.key.task)), JSONMember("sample", .string(change.key.sample)),
                JSONMember("subject", .string(change.key.subject)), JSONMember("repeat", .int(change.key.repetition)),
                JSONMember("before", .string(change.before.rawValue)),
                JSONMember("after", .string(change.after.rawValue)),
                JSONMember("value_before", number(change.valueBefore)),
                JSONMember("value_after", number(change.valueAfter)),
            ])
        }
        let left = outcome.left.sorted { $0.key < $1.key }.map { why, count in
            JSONValue.object([JSONMember("reason", .string(why)), JSONMember("trials", .int(count))])
        }
        return .object([
            JSONMember("run", .string(header.id)), JSONMember("scored", .int(outcome.scored)),
            JSONMember("changes", .array(changes)), JSONMember("left", .array(left)),
            JSONMember("failed", .int(outcome.failed)),
            JSONMember("error", outcome.error.map { .string($0.kind.rawValue) } ?? .null),
        ])
    }
}

/// Stands where nobody may be asked.
private struct NobodyProvider: AIProvider {
    let id = ProviderID("nobody")

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        throw ProviderError(kind: .cancelled, message: "nobody is asked when answers are scored again", fate: .notSent)
    }

    func models() async throws -> [ModelListing] { [] }
}
