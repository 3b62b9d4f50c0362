import AppSettings
import ArgumentParser
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
        let wiring = try await Wiring(global: global, baseURL: options.baseURL, patience: patience)
        let builder = AskRequest(
            options: options, settings: wiring.settings, catalog: wiring.catalog, isOpenAI: wiring.endpoint.isOpenAI,
            preferredAPI: wiring.endpoint.api, asksInBackground: wiring.endpoint.asksInBackground)
        let asked = options.model ?? wiring.endpoint.defaultModel ?? wiring.settings.defaultModel
        var (request, api, warnings) = try builder.make(model: asked ?? wiring.knownModel ?? "")
        request.accounting = Accounting(purpose: .ask, caps: wiring.settings.caps)
        if let costCap { request.accounting.caps[.request, default: SpendingCap()].hard = costCap }
        for warning in wiring.warnings + warnings { Terminal.complain(warning) }
        let runner = AskRunner(
            provider: wiring.provider, catalog: wiring.catalog, clock: ContinuousClock(),
            endpoint: wiring.endpoint.shownURL, api: api, prices: wiring.endpoint.prices, counting: wiring.counting)
        let report = try await report(runner, request) { try await wiring.firstModel() }
        let isBooked = await wiring.close()
        return report.exitCode == 0 && !isBooked ? Exit.storage : report.exitCode
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
