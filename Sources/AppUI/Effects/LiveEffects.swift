public import Conversations
public import FunctionTools
public import ProviderCore
import Synchronization
public import TerminalKit

/// Does the workspace's work: asks the provider, looks lists up, waits.
public struct LiveEffects: EffectPerformer {
    private let provider: any AIProvider
    private let counting: any TokenCounting
    private let clock: any MonotonicClock
    private let reading: LedgerReading
    private let executor: ToolExecutor?
    private let log: (any ToolLog)?
    private let keeping: ConversationKeeping
    private let services: WorkspaceServices
    private let runs: RunEffects
    private let tools: (@Sendable () -> (tools: [Tool], warnings: [String]))?
    private let themes: @Sendable () -> [ThemeChoice]
    private let outside: (any ExternalTools)?
    private let configuration: (any ConfigurationKeeper)?
    private let controls = RunningControls()

    /// Work over a provider whose requests are booked in `ledger`. `executor` answers tool calls; nil = nothing can be run. `log`
    /// keeps decided calls and `store` conversations; nil = they are not kept. `outside` reaches the person's editor and the
    /// clipboard; nil = nothing does. `tools` reads the folders of tools; nil = they stay as they are. `configuration` keeps
    /// settings, presets and endpoints; nil = they cannot be changed here. `themes` lists what can be chosen; it may read files.
    public init(
        provider: any AIProvider, counting: any TokenCounting = EstimatesOnly(),
        ledger: any UsageLedger = MemoryLedger(), clock: any MonotonicClock = ContinuousClock(),
        wallClock: WallClock = WallClock(), executor: ToolExecutor? = nil,
        log: (any ToolLog)? = nil, store: (any ConversationStore)? = nil,
        outside: (any ExternalTools)? = nil,
        services: WorkspaceServices = WorkspaceServices(),
        tools: (@Sendable () -> (tools: [Tool], warnings: [String]))? = nil,
        configuration: (any ConfigurationKeeper)? = nil,
        themes: @escaping @Sendable () -> [ThemeChoice]
    ) {
        self.provider = provider
        self.counting = counting
        self.clock = clock
        reading = LedgerReading(ledger: ledger, clock: wallClock)
        self.executor = executor
        self.log = log
        keeping = ConversationKeeping(store: store)
        self.services = services
        runs = RunEffects(services.runs)
        self.tools = tools
        self.themes = themes
        self.configuration = configuration
        self.outside = outside
    }

    /// Performs one effect; cancelling the task closes the connection.
    public func perform(_ effect: AppEffect, send: @escaping @Sendable ([AppEvent]) -> Void) async {
        switch effect {
        case .ask(let id, let request): await ask(request, id: id, send: send)
        case .retryNow(let id): controls[id]?.retryNow()
        case .giveUp(let id): controls[id]?.giveUp()
        case .runTool(let id, let tool, let arguments):
            let missing = ToolResult("not run: nothing here can run tools", kind: .error)
            let result = await executor?.result(of: tool, arguments: arguments) ?? missing
            send([.toolResult(id: id, result, at: clock.now)])
        case .checkIsolation: if let executor { send([.isolation(executor.isolation)]) }
        case .keep(let call):
            do throws(ToolLogError) { try await log?.append(call) } catch { send([.notices([error.description])]) }
        case .export(let conversation, let format, let path):
            let missing = ServiceError("files cannot be written here.")
            send([.exported(await services.export?(conversation, format, path) ?? .failure(missing))])
        case .importFile(let path):
            let missing = ServiceError("files cannot be read here.")
            send([.imported(await services.importFile?(path) ?? .failure(missing))])
        case .readFile(let path):
            let missing = ServiceError("files cannot be read here.")
            send([.file(path, await services.readFile?(path) ?? .failure(missing))])
        case .listPaths(let path): send([.paths(path, await services.listPaths?(path) ?? [])])
        case .runShell(let id, let command):
            let missing = ServiceError("commands cannot be run here.")
            let output = await services.shell?(command) ?? .failure(missing)
            if !Task.isCancelled { send([.shell(id: id, output)]) }
        case .listConversations, .searchConversations, .openConversation, .loadPrompts, .restoreDeleted, .lookBack:
            send([await keeping.read(effect), keeping.takeNotices()].compactMap(\.self))
        case .hold(let names, let number): await keeping.hold(names, number: number)
        case .save(let changes): send([await keeping.save(changes), keeping.takeNotices()].compactMap(\.self))
        case .loadTools:
            if let found = tools?() { send([.tools(found.tools, warnings: found.warnings)]) }
        case .loadCalls:
            do throws(ToolLogError) { send([.calls(try await log?.recent(1000) ?? [])]) } catch {
                send([.notices([error.description])])
            }
        case .listModels: send([.models(await listModels())])
        case .listThemes: send([.themes(themes())])
        case .prepareCounts(let model): if await counting.prepare(for: model) { send([.countsReady]) }
        case .loadUsage(let isDemo):
            send([.usage(await reading.report(isDemo: isDemo))])
            tellNotices(send)
        case .loadToday(let isDemo):
            if let sum = await reading.today(isDemo: isDemo) { send([.today(sum)]) }
            tellNotices(send)
        case .runs(let effect): await runs.perform(effect, send: send)
        case .configure(let effect): await configuration?.perform(effect) { send([.configuration($0)]) }
        case .editExternally, .page, .copy: await goOutside(effect, send: send)
        case .cancel, .loop: break
        }
    }

    private func goOutside(_ effect: AppEffect, send: @Sendable ([AppEvent]) -> Void) async {
        let missing = ExternalToolError("not here: this workspace has no way to other programs")
        switch effect {
        case .editExternally(let text): send([.edited(await outside?.edit(text) ?? .failure(missing))])
        case .page(let text): send([.paged(outside == nil ? missing : await outside?.page(text))])
        case .copy(let text):
            send([.copied(await outside?.copy(text) ?? CopyReport(missing.description, isCopied: false))])
        default: break
        }
    }

    /// Pulls the stream batch by batch: one event of ours per read of the network.
    private func ask(
        _ request: ChatRequest, id: Int, send: @Sendable ([AppEvent]) -> Void
    ) async {
        do {
            let stream = try await provider.stream(request)
            controls[id] = stream.control
            defer { controls[id] = nil }
            var batches = stream.batches()
            while let batch = try await batches.nextBatch() {
                send([.stream(id: id, batch, at: clock.now)])
            }
            send([.streamEnded(id: id, nil, at: clock.now)])
        } catch is CancellationError {
            // The model has already noted that the user stopped it.
        } catch {
            send([.streamEnded(id: id, Self.providerError(error), at: clock.now)])
        }
    }

    private func tellNotices(_ send: @Sendable ([AppEvent]) -> Void) {
        let notices = reading.ledger.takeNotices()
        if !notices.isEmpty { send([.notices(notices)]) }
    }

    private func listModels() async -> Result<[ModelListing], ProviderError> {
        do { return .success(try await provider.models()) } catch { return .failure(Self.providerError(error)) }
    }

    private static func providerError(_ error: any Error) -> ProviderError {
        error as? ProviderError ?? ProviderError(kind: .invalidResponse, message: String(describing: error))
    }
}

/// The controls of the running requests, by id: a key reaches the wait of a request through it.
private final class RunningControls: Sendable {
    private let controls = Mutex<[Int: CallControl]>([:])

    subscript(_ id: Int) -> CallControl? {
        get { controls.withLock { $0[id] } }
        set { controls.withLock { $0[id] = newValue } }
    }
}
