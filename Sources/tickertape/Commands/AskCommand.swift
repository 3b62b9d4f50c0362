import AppSettings
import ArgumentParser
import FunctionTools
import ProviderCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One exchange without the UI.
struct AskCommand: AsyncParsableCommand, EndableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask once, without the workspace; the answer streams to standard output.",
        discussion: """
            Standard input is appended to the prompt when it is not a terminal. A parameter that is not given is not \
            sent. Exit codes: 0 answered, 1 refused by the provider, 64 wrong arguments, 65 wrong input file, 69 \
            endpoint unusable, 75 rate limited or quota, 76 no such protocol, 77 key refused, 78 settings.
            """)

    @OptionGroup var options: AskOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        let task = Task { try await ask() }
        signals.onSignal { task.cancel() }
        let code: Int32
        do {
            code = try await task.value
        } catch is OutputClosed {
            code = 0
        } catch {
            if let signal = signals.received { dieBySignal(signal) }
            throw error
        }
        if let signal = signals.received { dieBySignal(signal) }
        if code != 0 { throw ExitCode(code) }
    }

    private func ask() async throws -> Int32 {
        if options.model?.isEmpty == true { throw Failure("--model is empty", code: Exit.usage) }
        let costCap = try options.costCap()
        let patience = Patience(timeouts: try options.timeouts(), maxAttempts: options.maxAttempts)
        let (tools, toolWarnings) = try options.tools.map(ToolLibrary.read) ?? (ToolSet(), [])
        try checkToolOptions(tools)
        let wiring = try await Wiring(global: global, baseURL: options.baseURL, patience: patience)
        let loop = try toolLoop(tools, wiring.settings)
        let builder = AskRequest(
            options: options, settings: wiring.settings, catalog: wiring.catalog, isOpenAI: wiring.endpoint.isOpenAI,
            preferredAPI: wiring.endpoint.api, asksInBackground: wiring.endpoint.asksInBackground, tools: tools)
        let asked = options.model ?? wiring.endpoint.defaultModel ?? wiring.settings.defaultModel
        var (request, api, warnings) = try builder.make(model: asked ?? wiring.knownModel ?? "")
        request.accounting = accounting(wiring.settings.caps, costCap, isLoop: loop != nil)
        for warning in toolWarnings + wiring.warnings + warnings { Terminal.complain(warning) }
        let runner = AskRunner(
            provider: wiring.provider, catalog: wiring.catalog, clock: ContinuousClock(),
            endpoint: wiring.endpoint.shownURL, api: api, prices: wiring.endpoint.prices, counting: wiring.counting,
            tools: tools, loop: loop)
        let report = try await report(runner, request) { try await wiring.firstModel() }
        let isBooked = await wiring.close()
        return report.exitCode == 0 && !isBooked ? Exit.storage : report.exitCode
    }

    /// What `--max-cost` caps: the one request, or all requests of a loop together.
    private func accounting(_ caps: [BudgetScope: SpendingCap], _ costCap: Money?, isLoop: Bool) -> Accounting {
        var accounting = Accounting(purpose: .ask, conversation: isLoop ? PolicyCall.newID() : nil, caps: caps)
        if let costCap {
            accounting.caps[.request, default: SpendingCap()].hard = costCap
            if isLoop { accounting.caps[.conversation, default: SpendingCap()].hard = costCap }
        }
        return accounting
    }

    private func checkToolOptions(_ tools: ToolSet) throws {
        if !options.runTools, options.maxTurns != nil || options.allowUnsandboxed {
            throw Failure("--max-turns and --allow-unsandboxed need --run-tools", code: Exit.usage)
        }
        if options.runTools, tools.isEmpty { throw Failure("--run-tools needs --tools", code: Exit.usage) }
        if let turns = options.maxTurns, turns < 1 {
            throw Failure("--max-turns takes a whole number above 0, not \(turns)", code: Exit.usage)
        }
    }

    /// What answers calls with `--run-tools`; nil without it. Throws a failure when no sandbox works and one is needed.
    private func toolLoop(_ tools: ToolSet, _ settings: Settings) throws -> ToolLoop? {
        guard options.runTools else { return nil }
        let executor = ToolLibrary.executor(settings, allowsUnsandboxed: options.allowUnsandboxed)
        let startsPrograms = tools.tools.contains { $0.canRunUnattended && $0.run.startsProgram }
        if startsPrograms, !options.allowUnsandboxed, case .none(let reason) = executor.isolation {
            throw Failure(
                "--run-tools: no sandbox: \(reason). --allow-unsandboxed runs programs without one", code: Exit.usage)
        }
        let limits = ToolLoop.Limits(
            callsPerTurn: settings.maxToolCalls, turns: options.maxTurns ?? settings.maxToolTurns)
        return ToolLoop(tools: tools, executor: executor, limits: limits)
    }

    private func report(
        _ runner: AskRunner, _ request: ChatRequest, firstModel: () async throws -> String
    ) async throws -> AskReport {
        switch options.output {
        case .text:
            var output = TextOutput()
            return try await runner.run(request, output: &output, firstModel: firstModel)
        case .json:
            var output = JSONOutput()
            return try await runner.run(request, output: &output, firstModel: firstModel)
        case .events:
            var output = EventsOutput()
            return try await runner.run(request, output: &output, firstModel: firstModel)
        }
    }
}
