import AppSettings
import Benchmarking
import FunctionTools
import ProviderCore
import Sandbox
import Simulator

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Whom a suite asks: its endpoints with keys, the ledger, and what runs its programs.
struct BenchWiring {
    let settings: Settings
    let catalog: ModelCatalog
    let counting = ExactCounting()
    let isDemo: Bool
    let warnings: [String]
    /// The model that is asked where the suite names none; empty = every one is named.
    private(set) var defaultModel = ""
    /// Where every request is booked, besides the run's own database.
    let ledger: any UsageLedger
    /// The base URL that takes the place of the suite's endpoints, without credentials; nil = none does.
    let baseURL: String?
    /// The profile that was named; nil = none was.
    var profile: String? { global.profile }
    private let suite: Suite
    private let global: GlobalOptions
    /// By the suite's name; nil = the program's own.
    private let endpoints: [String?: ResolvedEndpoint]
    private let simulator: SimulatorServer?

    /// Finds endpoints and keys. With `--demo` or a base URL that is named, all of the suite's endpoints give way to that one. Throws a
    /// failure for a key that is not there, unless nobody is asked.
    init(_ suite: Suite, global: GlobalOptions, baseURL: String?, asks: Bool = true) async throws {
        if global.demo, baseURL != nil {
            throw Failure("--demo and --base-url exclude each other: the demo answers by itself", code: Exit.usage)
        }
        let loaded = try Wiring.settings(global)
        (self.suite, self.global, settings) = (suite, global, loaded.settings)
        catalog = try Wiring.catalog(settings)
        let replacesAll = global.demo || baseURL != nil
        var used = Set((suite.subjects.map(\.model) + suite.judges.values).map(\.endpoint))
        if replacesAll { used = [nil] }
        var endpoints: [String?: ResolvedEndpoint] = [:]
        var server: SimulatorServer?
        if used.contains(nil) {
            switch try Wiring.resolve(global, baseURL: baseURL, settings: settings) {
            case .endpoint(let found): endpoints[nil] = found
            case .demo:
                let started = try await Wiring.startSimulator()
                server = started
                endpoints[nil] = Wiring.demoEndpoint(started)
            case .noKey(let message): if asks { throw Failure(message, code: Exit.settings) }
            }
        }
        for name in used.compactMap(\.self).sorted() {
            guard let endpoint = suite.endpoints.first(where: { $0.name == name }) else { continue }
            do { endpoints[name] = try Self.resolve(endpoint, settings) } catch { if asks { throw error } }
        }
        self.endpoints = endpoints
        self.baseURL = baseURL.flatMap { try? BaseURL($0) }.map(\.description)
        simulator = server
        isDemo = server != nil
        warnings = loaded.warnings + endpoints.values.flatMap(\.warnings)
        ledger = LedgerChoice.ledger(isDemo: isDemo)
    }

    /// An endpoint of the suite's own. Its key comes from the variable that the suite names, and goes nowhere else.
    private static func resolve(_ endpoint: SuiteEndpoint, _ settings: Settings) throws -> ResolvedEndpoint {
        var environment = ProcessInfo.processInfo.environment
        let place = "endpoint \"\(endpoint.name)\" of the suite"
        if let variable = endpoint.keyVariable, (environment[variable] ?? "").isEmpty {
            throw Failure("\(place): its key is in \(variable), which is not set", code: Exit.settings)
        }
        do throws(EndpointError) {
            if let profile = endpoint.profile {
                let resolver = EndpointResolver(environment: environment, settings: settings)
                guard case .endpoint(let found) = try resolver.resolve(baseURL: nil, profile: profile, demo: false)
                else { throw EndpointError("profile \(profile) has no key") }
                return found
            }
            environment["OPENAI_BASE_URL"] = endpoint.baseURL
            environment["OPENAI_API_KEY"] = endpoint.keyVariable.flatMap { environment[$0] }
            // Without settings, so that no standard profile takes its place.
            let resolver = EndpointResolver(environment: environment, settings: Settings())
            let named = endpoint.keyVariable == nil ? endpoint.baseURL : nil
            switch try resolver.resolve(baseURL: named, profile: nil, demo: false) {
            case .endpoint(let found): return found
            case .demo, .noKey:
                throw EndpointError("it has no key: name the variable that holds it, as in key: \"env:OPENAI_API_KEY\"")
            }
        } catch {
            throw Failure("\(place): \(error.message)", code: Exit.settings)
        }
    }

    private func endpoint(of model: SuiteModel) -> ResolvedEndpoint? {
        endpoints[model.endpoint] ?? endpoints[nil]
    }

    /// Whom each subject asks, by its label, as it is shown.
    var targets: [String: String] {
        suite.targets(standard: endpoints[nil]?.displayName ?? "", model: defaultModel)
    }

    /// What is known of a model of the suite: the catalog's facts at the suite's prices, else at the endpoint's own.
    var info: @Sendable (SuiteModel) -> ModelInfo? {
        { [catalog, suite, endpoints, defaultModel] model in
            let id = model.model ?? defaultModel
            let own = (endpoints[model.endpoint] ?? endpoints[nil])?.prices
            return catalog.model(id, prices: suite.prices(of: id) ?? own)
        }
    }

    /// Finds the model that is asked where the suite names none. Throws when the endpoint lists none.
    mutating func findDefaultModel() async throws {
        let models = suite.subjects.map(\.model) + suite.judges.values
        guard models.contains(where: { $0.model == nil }) else { return }
        // Without a key nobody is asked, and the endpoint would be OpenAI.
        guard let endpoint = endpoints[nil] else { return defaultModel = ModelCatalog.defaultModelID }
        if let known = endpoint.defaultModel ?? settings.defaultModel {
            defaultModel = known
        } else if endpoint.isOpenAI || isDemo {
            defaultModel = ModelCatalog.defaultModelID
        } else {
            let provider = try Wiring.provider(endpoint, timeouts: endpoint.timeouts, catalog: catalog)
            do {
                defaultModel = try await provider.models().first?.id ?? ""
            } catch let error as ProviderError {
                throw Failure(
                    "the suite names no model, and the model list failed: \(error.message)", code: error.exitCode)
            }
        }
        if defaultModel.isEmpty {
            throw Failure(
                "the suite names no model, and \(endpoint.shownURL) lists none: name one under models:",
                code: Exit.usage)
        }
    }

    /// A model without a price stops a run unless the suite allows it: nobody could say what it cost. The simulator costs nothing. No cap
    /// can be kept with one. Throws a failure that names the models with their places.
    func checkPrices(cap: Money?) throws {
        let models = (suite.subjects.map(\.model) + suite.judges.values).filter { info($0)?.prices == nil }
        let isCapped = cap != nil || suite.run.budget.trial != nil
        guard !models.isEmpty, isCapped || !(suite.run.allowsUnpriced || isDemo) else { return }
        let lines = Set(models).map { model in
            let place = suite.modelPlaces[model.name] ?? suite.file
            return "\(place): the price of \(model.model ?? defaultModel) is not known"
        }
        let advice =
            isCapped
            ? "so the cap cannot be kept: name it under prices: in the suite, or take the budget away"
            : "name it under prices: in the suite, or write allow_unpriced: true under run:"
        throw Failure((lines.sorted() + [advice]).joined(separator: "\n"), code: Exit.inputFile)
    }

    /// Makes counts exact for the models of the suite, as far as that can be.
    func prepareCounts() async {
        for model in Set(suite.subjects.map(\.model) + suite.judges.values) {
            if let info = info(model) { _ = await counting.prepare(for: info) }
        }
    }

    /// The trials of a plan, asked of the suite's endpoints. `journal`: the run's database, where each attempt is kept before it leaves.
    func source(
        _ plan: SuitePlan, journal: any RunStore, allowsUnsandboxed: Bool
    ) throws -> SuiteSource {
        let booked = JournaledLedger(ledger, store: journal)
        var chain = ProviderChain(
            settings: settings, catalog: catalog, counting: counting, ledger: booked, global: global)
        // Attempts are few enough already: what holds a run back from a server in trouble is limiter, breaker and concurrency.
        chain.retriesAreLimited = false
        var rules = RetryRules.batch
        // Nobody reads along here who would have to unread it: a torn answer is one more attempt, and recorded as one.
        rules.repeatsTorn = true
        rules.maxAttempts = suite.run.attempts
        var providers: [String?: any AIProvider] = [:]
        var limiters: [RateLimiter] = []
        for (name, endpoint) in endpoints {
            let (own, limiter) = (endpoint.prices, chain.limiter(suite.run.limits))
            limiters.append(limiter)
            providers[name] = try chain.provider(
                endpoint, isDemo: isDemo, timeouts: timeouts(endpoint.timeouts), rules: rules, limiter: limiter
            ) { [catalog, suite] id in catalog.model(id, prices: suite.prices(of: id) ?? own) }
        }
        guard let first = providers.values.first else {
            throw Failure("the suite asks nobody", code: Exit.inputFile)
        }
        let folder = SuiteLoading.folder(of: suite.file)
        let shown = suite.programs.isEmpty ? nil : folder
        let executor = ToolLibrary.executor(settings, allowsUnsandboxed: allowsUnsandboxed, folder: shown)
        let sandbox = ToolLibrary.sandbox(settings, allowsUnsandboxed: allowsUnsandboxed, folder: shown)
        let surroundings = SuiteSource.Surroundings(
            defaultModel: defaultModel, executor: executor, callsPerTurn: settings.maxToolCalls, runner: sandbox,
            folder: folder, hold: { [limiters] caps in for limiter in limiters { limiter.hold(to: caps) } },
            provider: { [providers] in providers[$0.endpoint] ?? providers[nil] ?? first },
            info: info)
        return SuiteSource(plan, surroundings)
    }

    private func timeouts(_ base: HTTPTimeouts) -> HTTPTimeouts {
        var timeouts = base
        let own = suite.run.timeouts
        timeouts.connect = own.connect ?? timeouts.connect
        timeouts.firstByte = own.firstToken ?? timeouts.firstByte
        timeouts.stall = own.stall ?? timeouts.stall
        timeouts.total = own.total ?? timeouts.total
        return timeouts
    }

    /// Writes the ledger down and stops the simulator. Tells what could not be written; false then.
    func close(tell: (String) -> Void = { Terminal.complain($0) }) async -> Bool {
        var isBooked = true
        do throws(LedgerError) { try await ledger.flush() } catch {
            tell("\(error)")
            isBooked = false
        }
        for notice in ledger.takeNotices() { tell(notice) }
        await simulator?.stop()
        return isBooked
    }
}
