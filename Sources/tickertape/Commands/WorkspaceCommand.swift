import AppSettings
import AppUI
import ArgumentParser
import FunctionTools
import ProviderCore
import Storage
import TerminalCurses
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The workspace.
struct WorkspaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace", abstract: "Open the workspace (what tickertape does without a command).",
        shouldDisplay: false)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Most US dollars an answer may cost; it is stopped there.", valueName: "usd"))
    var maxCost: String?

    func run() async throws { try await run(on: WorkerThreads(count: 2)) }

    /// Opens the workspace; its work runs on `workers`.
    func run(on workers: WorkerThreads) async throws {
        guard Terminal.isTerminal(STDOUT_FILENO) else {
            throw Failure(
                "the workspace needs a terminal; in scripts use: tickertape ask \"your prompt\"", code: Exit.usage)
        }
        let cap = try AskOptions.amount(maxCost)
        do { try CursesTerminal.check() } catch { throw Failure("\(error)", code: Exit.usage) }
        let clock = QuietClock()
        let wiring = try await Wiring(
            global: global, baseURL: nil, patience: Patience(unanswered: .asksPerson), demoWithoutKey: true,
            clock: clock)
        let library = ThemeLibrary(paths: Wiring.paths())
        let (theme, themeWarnings) = chosenTheme(library, wiring.settings)
        let counting = wiring.counting
        let found = ToolLibrary.load(Wiring.paths())
        let model = makeModel(
            wiring, counting, cap: cap, theme: theme, tools: found.tools,
            notices: wiring.warnings + themeWarnings + found.warnings)
        let database = Wiring.paths().conversationFile.map { ConversationDatabase(path: $0) }
        let effects = LiveEffects(
            provider: wiring.provider, counting: counting, ledger: wiring.ledger, clock: clock,
            executor: ToolLibrary.executor(wiring.settings, allowsUnsandboxed: true), log: database?.toolLog,
            store: database?.conversations, outside: Wiring.outside(wiring.settings),
            services: SystemServices.make(wiring.settings),
            tools: { [isDemo = wiring.isDemo] in
                let found = ToolLibrary.load(Wiring.paths())
                return (ToolLibrary.merged(found.tools, builtIn: isDemo ? DemoTools.all : []), found.warnings)
            },
            configuration: ConfigurationFiles(global: global, wiring: wiring)
        ) {
            library.list().compactMap { entry in
                (try? library.load(entry.name)).map { ThemeChoice(name: entry.name, theme: $0.theme) }
            }
        }
        let ended = try await open(model, effects, theme: theme.theme, workers, wiring.settings)
        await database?.conversations.flush()
        for notice in database?.conversations.takeNotices() ?? [] { Terminal.complain(notice) }
        await wiring.close()
        if ended.endedBySignal > 0 { dieBySignal(ended.endedBySignal) }
        for line in ended.farewell { Terminal.say(line) }
    }

    private func chosenTheme(_ library: ThemeLibrary, _ settings: Settings) -> (ThemeChoice, [String]) {
        do {
            let loaded = try library.load(settings.theme)
            return (ThemeChoice(name: settings.theme, theme: loaded.theme), loaded.warnings.map(\.description))
        } catch {
            let fallback = ThemeLibrary.fallback
            return (ThemeChoice(name: fallback.name, theme: fallback), ["\(error)"])
        }
    }

    private func makeModel(
        _ wiring: Wiring, _ counting: ExactCounting, cap: Money?, theme: ThemeChoice, tools: [Tool],
        notices: [String]
    ) -> AppModel {
        let endpoint = wiring.endpoint
        var name = endpoint.defaultModel ?? wiring.settings.defaultModel ?? ""
        if name.isEmpty, endpoint.isOpenAI || wiring.isDemo { name = ModelCatalog.defaultModelID }
        let panel = ParameterPanel(
            model: name, parameters: wiring.settings.parameters, systemPrompt: wiring.settings.systemPrompt,
            maxCost: cap ?? wiring.settings.caps[.request]?.hard)
        return AppModel(
            connection: AppModel.Connection(
                name: endpoint.displayName, isDemo: wiring.isDemo, isOpenAI: endpoint.isOpenAI, api: endpoint.api,
                asksInBackground: endpoint.asksInBackground, isPlainHTTP: endpoint.isPlainHTTP, prices: endpoint.prices,
                caps: wiring.settings.caps),
            catalog: wiring.catalog, counting: counting, parameters: panel,
            tools: toolDesk(tools, wiring),
            session: PolicyCall.newID(), enterSends: wiring.settings.enterSends, theme: theme,
            settings: SettingRows.rows(wiring.settings), notices: notices, now: ContinuousClock.now)
    }

    private func toolDesk(_ found: [Tool], _ wiring: Wiring) -> ToolDesk {
        ToolDesk(
            ToolLibrary.merged(found, builtIn: wiring.isDemo ? DemoTools.all : []),
            limits: ToolLoop.Limits(
                callsPerTurn: wiring.settings.maxToolCalls, turns: wiring.settings.maxToolTurns))
    }

    private func open(
        _ model: AppModel, _ effects: LiveEffects, theme: Theme, _ workers: WorkerThreads, _ settings: Settings
    ) async throws -> AppModel {
        let program = Program<AppFeature>(model: model, performer: effects, workers: workers)
        let start: [AppEffect] =
            (model.needsModel ? [.listModels] : []) + [
                .loadToday(isDemo: model.isDemo), .checkIsolation, .loadCalls, .loadPrompts,
            ]
        let color = global.colorChoice(settings)
        return try await program.run(start: start) {
            try CursesTerminal(theme: theme, ascii: settings.ascii, color: color)
        }
    }
}
