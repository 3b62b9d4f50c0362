import ArgumentParser
import Benchmarking
import ProviderCore

/// Reads a suite and its data, and asks nobody.
struct BenchCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Read a suite and its data; tell everything that is wrong.")

    @Argument(
        help: ArgumentHelp("The suite.", valueName: "suite.yaml"), completion: .file(extensions: ["yaml", "yml"]))
    var suite: String

    @OptionGroup var selection: SelectionOptions

    func run() async throws {
        let loaded = try SuiteLoading.load(suite)
        let selected = try selection.selection(of: loaded.suite)
        let plan = SuitePlan(loaded.suite, only: selected.tasks, limit: selected.samples)
        let suite = loaded.suite
        let samples = suite.tasks.reduce(0) { $0 + $1.samples.count }
        func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
        Terminal.tell(
            "\(suite.file): fine. \(count(suite.tasks.count, "task")), \(count(samples, "sample")), "
                + "\(count(suite.subjects.count, "subject")), \(count(plan.trials.count, "trial"))")
        for notice in plan.notices { Terminal.complain(notice) }
    }
}

/// Says what a suite comes to before anything is paid for.
struct BenchPlanCommand: AsyncParsableCommand, EndableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Count requests, tokens and cost of a suite before anything is sent.",
        discussion: """
            Nothing is sent without --pilot. A pilot is the beginning of a run: what it measures says what the whole will \
            probably cost and how long it will take, and bench resume goes on with it.
            """)

    @Argument(
        help: ArgumentHelp("The suite.", valueName: "suite.yaml"), completion: .file(extensions: ["yaml", "yml"]))
    var suite: String

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var pilot: PilotOptions
    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("Ask this server instead of the suite's.", valueName: "url"))
    var baseURL: String?

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: BenchFormat = .text

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        let loaded = try SuiteLoading.load(suite)
        let selected = try selection.selection(of: loaded.suite)
        var wiring = try await BenchWiring(
            loaded.suite, global: global, baseURL: baseURL, asks: pilot.pilot != nil)
        try await wiring.findDefaultModel()
        try wiring.checkPrices(cap: loaded.suite.run.budget.run)
        await wiring.prepareCounts()
        let plan = SuitePlan(loaded.suite, only: selected.tasks, limit: selected.samples)
        let estimate: PlanEstimate
        do {
            estimate = try plan.estimate(
                defaultModel: wiring.defaultModel, counting: wiring.counting, info: wiring.info)
        } catch {
            throw Failure("\(suite): \(error)", code: Exit.inputFile)
        }
        for notice in plan.notices { Terminal.complain(notice) }
        if output == .text { for line in Self.lines(estimate, loaded.suite) { Terminal.tell(line) } }
        var outcome: BenchPilot.Outcome?
        if let samples = pilot.pilot {
            outcome = try await BenchPilot(loaded: loaded, wiring: wiring, options: pilot)
                .perform(plan, selected, samples: samples, until: signals)
        }
        let isBooked = await wiring.close()
        defer { if let signal = signals.received, signal != 2 { dieBySignal(signal) } }
        switch output {
        case .json: Terminal.say(JSONWriter.string(Self.json(estimate, loaded.suite, outcome)))
        case .text:
            for line in outcome?.lines ?? [
                "how long it takes is not known before: --pilot 2 asks two samples of each task"
            ] {
                Terminal.tell(line)
            }
        }
        if let code = outcome?.exitCode, code != 0 { throw ExitCode(code) }
        guard isBooked else { throw ExitCode(Exit.storage) }
    }

    private static func lines(_ estimate: PlanEstimate, _ suite: Suite) -> [String] {
        let head = ["subject", "model", "trials", "requests", "tokens in", "out at most", "cost at most"]
        let rows = (estimate.parts + [estimate.total]).map { part in
            [
                part.label, part.model, "\(part.trials)", "\(part.requests)",
                "\(part.inputTokens)\(part.isExact ? "" : "~")", part.outputTokens.map(String.init) ?? "no limit",
                part.worst.map(\.display) ?? (part.isPriced ? "no limit" : "price unknown"),
            ]
        }
        let cap = suite.run.budget.run.map { ["the suite's cap is \($0.display)"] } ?? []
        return Table.lines([head] + rows) { row, column, _ in row > 0 && column > 1 } + cap
    }

    private static func json(_ estimate: PlanEstimate, _ suite: Suite, _ pilot: BenchPilot.Outcome?) -> JSONValue {
        func member(_ part: PlanEstimate.Part) -> JSONValue {
            .object([
                JSONMember("subject", .string(part.label)), JSONMember("model", .string(part.model)),
                JSONMember("trials", .int(part.trials)), JSONMember("requests", .int(part.requests)),
                JSONMember("input_tokens", .int(part.inputTokens)), JSONMember("is_exact", .bool(part.isExact)),
                JSONMember("max_output_tokens", part.outputTokens.map(JSONValue.int) ?? .null),
                JSONMember("max_usd", part.worst.map { .string($0.exact) } ?? .null),
            ])
        }
        return .object([
            JSONMember("suite", .string(suite.name)), JSONMember("subjects", .array(estimate.parts.map(member))),
            JSONMember("total", member(estimate.total)),
            JSONMember("budget_usd", suite.run.budget.run.map { .string($0.exact) } ?? .null),
            JSONMember("pilot", pilot?.json ?? .null),
        ])
    }
}
