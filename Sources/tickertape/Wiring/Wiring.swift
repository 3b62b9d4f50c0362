import AppSettings
import Logging
import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import Simulator
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The one place where a provider, a transport, an endpoint and the simulator meet.
struct Wiring {
    let settings: Settings
    let catalog: ModelCatalog
    /// Counts tokens exactly once it was made ready for a model; one for all, since making it ready takes time.
    let counting = ExactCounting()
    let endpoint: ResolvedEndpoint
    let provider: any AIProvider
    let isDemo: Bool
    let warnings: [String]
    /// Where every request is booked.
    let ledger: any UsageLedger
    private let simulator: SimulatorServer?

    /// Settings, endpoint and provider for a command that asks. Throws a failure with the contract's exit code.
    init(
        global: GlobalOptions, baseURL: String?, patience: Patience = Patience(), demoWithoutKey: Bool = false,
        clock: any MonotonicClock = ContinuousClock()
    ) async throws {
        if global.demo, baseURL != nil {
            throw Failure("--demo and --base-url exclude each other: the demo answers by itself", code: Exit.usage)
        }
        let loaded = try Self.settings(global)
        settings = loaded.settings
        catalog = try Self.catalog(loaded.settings)
        let resolved = try Self.resolve(global, baseURL: baseURL, settings: loaded.settings)
        var server: SimulatorServer?
        switch resolved {
        case .endpoint(let found):
            endpoint = found
        case .demo:
            server = try await Self.startSimulator()
            endpoint = Self.demoEndpoint(server)
        case .noKey(let message):
            guard demoWithoutKey else { throw Failure(message, code: Exit.settings) }
            server = try await Self.startSimulator()
            endpoint = Self.demoEndpoint(server)
        }
        simulator = server
        isDemo = server != nil
        warnings = loaded.warnings + endpoint.warnings
        let timeouts = patience.timeouts(endpoint.timeouts)
        ledger = LedgerChoice.ledger(isDemo: isDemo)
        let rules = RetryRules(
            maxAttempts: patience.maxAttempts ?? endpoint.maxAttempts ?? RetryRules().maxAttempts,
            unanswered: patience.unanswered)
        let chain = ProviderChain(
            settings: settings, catalog: catalog, counting: counting, ledger: ledger, global: global, clock: clock)
        provider = try chain.provider(
            endpoint, isDemo: isDemo, timeouts: timeouts, rules: rules,
            pricing: Self.pricing(catalog, endpoint.prices))
    }

    /// Writes the ledger down and stops the embedded simulator, if one runs. Says what could not be written; false then.
    @discardableResult
    func close() async -> Bool {
        var isBooked = true
        do throws(LedgerError) { try await ledger.flush() } catch {
            Terminal.complain("\(error)")
            isBooked = false
        }
        for notice in ledger.takeNotices() { Terminal.complain(notice) }
        await simulator?.stop()
        return isBooked
    }

    /// The model catalog that is compiled in, with the prices of the settings.
    static func catalog(_ settings: Settings) throws -> ModelCatalog {
        do { return try ModelCatalog.builtIn().overriding(settings.prices) } catch {
            throw Failure("the model catalog: \(error)", code: Exit.bug)
        }
    }

    /// The settings file, or the defaults when there is none.
    static func settings(_ global: GlobalOptions) throws -> (settings: Settings, warnings: [String]) {
        let paths = paths()
        let file = global.config ?? paths.configFile
        do {
            let loaded = try Settings.load(file: file, mustExist: global.config != nil)
            return (loaded.settings, loaded.warnings.map(\.description))
        } catch {
            throw Failure("\(error)", code: Exit.settings)
        }
    }

    /// The settings with the keys of the `keys.toml` beside their file. Throws a failure when that is wrong.
    static func keys(_ settings: Settings, _ global: GlobalOptions) throws -> (settings: Settings, warnings: [String]) {
        var settings = settings
        do {
            let warnings = try settings.loadKeys(file: keyFile(global))
            return (settings, warnings.map(\.description))
        } catch {
            throw Failure("\(error)", code: Exit.settings)
        }
    }

    /// Where keys are kept: beside the settings file.
    static func keyFile(_ global: GlobalOptions) -> String? {
        guard let config = global.config else { return paths().keyFile }
        return config.lastIndex(of: "/").map { config[...$0] + "keys.toml" } ?? "keys.toml"
    }

    /// The person's own programs: editor, pager, clipboard.
    static func outside(_ settings: Settings) -> ExternalPrograms {
        ExternalPrograms(
            environment: KeylessEnvironment.of(ProcessInfo.processInfo.environment, settings: settings),
            clipboardCommand: settings.clipboardCommand)
    }

    /// Where files of the user are.
    static func paths() -> AppPaths {
        AppPaths(environment: ProcessInfo.processInfo.environment, executablePath: executablePath())
    }

    /// Providers by id; ours register like anyone's.
    static func registry(_ catalog: ModelCatalog) -> ProviderRegistry {
        var registry = ProviderRegistry()
        OpenAIProvider.register(in: &registry, catalog: catalog)
        return registry
    }

    /// What is known of a model, at the endpoint's own prices where it has any.
    static func pricing(_ catalog: ModelCatalog, _ prices: ModelPrices?) -> @Sendable (String) -> ModelInfo? {
        { catalog.model($0, prices: prices) }
    }

    static func provider(
        _ endpoint: ResolvedEndpoint, timeouts: HTTPTimeouts, catalog: ModelCatalog
    ) throws -> any AIProvider {
        do {
            return try registry(catalog).make(
                OpenAIProvider.id, endpoint: endpoint.providerEndpoint(timeouts: timeouts),
                transport: CurlTransport())
        } catch let error as ProviderError {
            throw Failure(error.message, code: Exit.settings)
        }
    }

    static func resolve(_ global: GlobalOptions, baseURL: String?, settings: Settings) throws
        -> EndpointResolution
    {
        do {
            return try EndpointResolver(
                environment: ProcessInfo.processInfo.environment, settings: settings
            ).resolve(baseURL: baseURL, profile: global.profile, demo: global.demo)
        } catch {
            throw Failure("\(error)", code: error.isUsage ? Exit.usage : Exit.settings)
        }
    }

    static func startSimulator() async throws -> SimulatorServer {
        do {
            return try await SimulatorServer.start(scenarios: try ScenarioSet.builtIn())
        } catch {
            throw Failure("the built-in simulator: \(error)", code: Exit.unusableEndpoint)
        }
    }

    static func demoEndpoint(_ server: SimulatorServer?) -> ResolvedEndpoint {
        ResolvedEndpoint.demo(baseURL: server?.baseURL ?? "", defaultModel: ModelCatalog.defaultModelID)
    }

    /// A provider for an endpoint that is tried: one attempt within a minute, booked in the ledger.
    func booked(_ endpoint: ResolvedEndpoint, in ledger: any UsageLedger) throws -> any AIProvider {
        var timeouts = endpoint.timeouts
        timeouts.firstByte = min(timeouts.firstByte ?? .seconds(30), .seconds(30))
        timeouts.total = min(timeouts.total ?? .seconds(60), .seconds(60))
        let made = try Self.provider(endpoint, timeouts: timeouts, catalog: catalog)
        let place = LedgerPolicy.Place(provider: OpenAIProvider.id, endpoint: endpoint.shownURL, isDemo: false)
        let booking = LedgerPolicy(
            ledger, place: place, counting: counting,
            pricing: Self.pricing(catalog, endpoint.prices))
        return PolicyProvider(made, policies: [TimeoutPolicy(total: timeouts.total), booking])
    }

    /// The model that is asked when nobody names one, where that is known without asking the endpoint.
    var knownModel: String? { endpoint.isOpenAI || isDemo ? ModelCatalog.defaultModelID : nil }

    /// The model to ask when nobody named one: the catalog's default at OpenAI, else the first that the endpoint lists.
    /// Throws the provider's error when the list cannot be had.
    func firstModel() async throws -> String {
        if let knownModel { return knownModel }
        do {
            if let first = try await provider.models().first { return first.id }
        } catch var error as ProviderError {
            error.message = "no model named (--model names one), and the model list failed: \(error.message)"
            throw error
        }
        throw Failure("no model named, and \(endpoint.shownURL) lists none. Name one with --model.", code: Exit.usage)
    }
}

extension Wiring {
    /// Checks that what the settings name is there: the standard profile, the theme. Throws `Failure`.
    static func checkNames(_ settings: Settings) throws {
        let file = settings.file.map { "\($0): " } ?? ""
        for path in ["default_profile", "theme"] {
            guard let problem = missingName(settings, path) else { continue }
            throw Failure("\(file)\(path == "theme" ? "theme: " : "")\(problem)", code: Exit.settings)
        }
    }

    /// What is wrong with a name that the settings give at a path; nil = nothing.
    static func missingName(_ settings: Settings, _ path: String) -> FileProblem? {
        settings.missingName(at: path, themes: ThemeLibrary(paths: paths()))
    }
}

/// The path of the running program; empty when the system does not tell.
func executablePath() -> String {
    #if os(Linux)
        return (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    #else
        return CommandLine.arguments.first ?? ""
    #endif
}
