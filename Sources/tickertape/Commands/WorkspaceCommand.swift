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
        discussion: "Keys: \(KeyTable.mostUsed()) tickertape keys prints all of them.", shouldDisplay: false)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp("Most US dollars an answer may cost; it is stopped there.", valueName: "usd"))
    var maxCost: String?

    @Flag(
        name: [.long, .customLong("screen-reader"), .customLong("no-alt-screen")],
        help: "Draw no screen: lines only, for screen readers, simple terminals, pipes and logs.")
    var plain = false

    func run() async throws { try await run(on: WorkerThreads(count: 2)) }

    /// Opens the workspace; its work runs on `workers`.
    func run(on workers: WorkerThreads) async throws {
        let isLinear = try LinearMode.isWanted(plain, global)
        if !isLinear { try checkScreen() }
        let cap = try AskOptions.amount(maxCost)
        let clock = QuietClock()
        let wiring = try await Wiring(
            global: global, baseURL: nil,
            // Nobody can be asked through a pipe.
            patience: Patience(unanswered: Terminal.isTerminal(STDIN_FILENO) || !isLinear ? .asksPerson : .repeatsOnce),
            demoWithoutKey: true, clock: clock)
        let library = ThemeLibrary(paths: Wiring.paths())
        let (theme, themeWarnings) = chosenTheme(library, wiring.settings)
        let counting = wiring.counting
        let found = ToolLibrary.load(Wiring.paths())
        let keys = try OwnKeys(wiring.settings, global)
        let model = makeModel(
            wiring, counting, cap: cap, theme: theme, tools: found.tools, keys: keys.keymap,
            notices: wiring.warnings + keys.warnings + [keys.notice].compactMap(\.self) + themeWarnings
                + found.warnings)
        let database = Wiring.paths().conversationFile.map { ConversationDatabase(path: $0) }
        let effects = LiveEffects(
            provider: wiring.provider, counting: counting, ledger: wiring.ledger, clock: clock,
            executor: ToolLibrary.executor(wiring.settings, allowsUnsandboxed: true), log: database?.toolLog,
            store: database?.conversations, outside: Wiring.outside(wiring.settings),
            services: services(wiring),
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
        let live = LiveSettings(wiring.settings, global, library)
        let ended =
            isLinear
            ? try await LinearMode.open(model, effects, start: start(model, isLinear: true), workers)
            : try await open(model, effects, theme: theme.theme, workers, wiring.settings, live)
        live.end()
        await database?.conversations.flush()
        // What was deleted can be brought back for a month.
        _ = try? await database?.conversations.purge(deletedBefore: WallClock().now - 30 * 24 * 3_600_000)
        for notice in database?.conversations.takeNotices() ?? [] { Terminal.complain(notice) }
        await wiring.close()
        // Nobody reads any more: nothing is wrong, and nothing is left to say.
        if ended.endedBySignal == SIGPIPE { return }
        if ended.endedBySignal > 0 { dieBySignal(ended.endedBySignal) }
        for line in ended.farewell { Terminal.say(line) }
    }

    private func services(_ wiring: Wiring) -> WorkspaceServices {
        var services = SystemServices.make(wiring.settings)
        services.runs = BenchDesk(global, isDemo: wiring.isDemo).service
        return services
    }

    private func chosenTheme(_ library: ThemeLibrary, _ settings: Settings) -> (ThemeChoice, [String]) {
        do {
            let name = LiveSettings.themeName(settings)
            let loaded = try library.load(name)
            return (ThemeChoice(name: name, theme: loaded.theme), loaded.warnings.map(\.description))
        } catch {
            let fallback = ThemeLibrary.fallback
            return (ThemeChoice(name: fallback.name, theme: fallback), ["\(error)"])
        }
    }

    private func makeModel(
        _ wiring: Wiring, _ counting: ExactCounting, cap: Money?, theme: ThemeChoice, tools: [Tool], keys: Keymap,
        notices: [String]
    ) -> AppModel {
        let endpoint = wiring.endpoint
        var name = endpoint.defaultModel ?? wiring.settings.defaultModel ?? ""
        if name.isEmpty, endpoint.isOpenAI || wiring.isDemo { name = ModelCatalog.defaultModelID }
        let panel = ParameterPanel(
            model: name, parameters: wiring.settings.parameters, systemPrompt: wiring.settings.systemPrompt,
            maxCost: cap ?? wiring.settings.caps[.request]?.hard)
        var model = AppModel(
            connection: AppModel.Connection(
                name: endpoint.displayName, isDemo: wiring.isDemo, isOpenAI: endpoint.isOpenAI, api: endpoint.api,
                asksInBackground: endpoint.asksInBackground, isPlainHTTP: endpoint.isPlainHTTP, prices: endpoint.prices,
                caps: wiring.settings.caps),
            catalog: wiring.catalog, counting: counting, parameters: panel,
            tools: toolDesk(tools, wiring),
            session: PolicyCall.newID(), keys: keys, theme: theme, settings: SettingRows.rows(wiring.settings),
            notices: notices, now: ContinuousClock.now)
        model.terminalFacts = try? CursesTerminal.facts(
            ascii: wiring.settings.ascii, color: global.colorChoice(wiring.settings))
        model.use(LiveSettings.applied(wiring.settings, keys: keys))
        return model
    }

    private func toolDesk(_ found: [Tool], _ wiring: Wiring) -> ToolDesk {
        ToolDesk(
            ToolLibrary.merged(found, builtIn: wiring.isDemo ? DemoTools.all : []),
            limits: ToolLoop.Limits(
                callsPerTurn: wiring.settings.maxToolCalls, turns: wiring.settings.maxToolTurns))
    }

    private func open(
        _ model: AppModel, _ effects: LiveEffects, theme: Theme, _ workers: WorkerThreads, _ settings: Settings,
        _ live: LiveSettings
    ) async throws -> AppModel {
        let program = Program<AppFeature>(model: model, performer: effects, workers: workers)
        let color = global.colorChoice(settings)
        // Beside the first frame: setting a watch up takes some milliseconds.
        Thread.start { live.watch { program.post(.settings($0)) } }
        // Themes are files: they are not read on the thread that draws.
        let note: @Sendable (Bool) -> Void = { isLight in
            Thread.start {
                live.note(isLight: isLight) { news in program.post(.settings(news)) }
            }
        }
        let hasTwoThemes = settings.themes.dark != settings.themes.light
        let onBackground: (@Sendable (Bool) -> Void)? = hasTwoThemes ? note : nil
        return try await program.run(start: start(model, isLinear: false)) {
            try CursesTerminal(theme: theme, ascii: settings.ascii, color: color, onBackground: onBackground)
        }
    }

    /// Throws a failure where no screen can be drawn.
    private func checkScreen() throws {
        guard Terminal.isTerminal(STDOUT_FILENO) else {
            throw Failure(
                "the workspace needs a terminal; in scripts use: tickertape ask \"your prompt\", or tickertape --plain",
                code: Exit.usage)
        }
        do { try CursesTerminal.check() } catch {
            throw Failure("\(error), or without a screen: tickertape --plain", code: Exit.usage)
        }
    }

    /// What is done at the start.
    private func start(_ model: AppModel, isLinear: Bool) -> [AppEffect] {
        // Whoever writes through a pipe opens nothing.
        let looksBack = !isLinear || Terminal.isTerminal(STDIN_FILENO)
        return (model.needsModel ? [.listModels] : []) + [
            .loadToday(isDemo: model.isDemo), .checkIsolation, .loadCalls, .loadPrompts,
        ] + (looksBack ? [.lookBack] : []) + model.startEffects
    }
}
