import ArgumentParser
import Benchmarking
import ProviderCore

/// Options of what runs.
struct RunningOptions: ParsableArguments {
    @OptionGroup var runs: RunsOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Spend at most so many dollars in all, over the suite's own cap.", valueName: "usd"))
    var maxCost: String?

    @Option(name: .long, help: ArgumentHelp("So many trials at once, and no other number.", valueName: "n"))
    var concurrency: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Ask this server instead of the suite's; kept with the run, without a key.", valueName: "url"))
    var baseURL: String?

    @Flag(name: .long, help: "Run the programs of tools and scorers without a sandbox where there is none.")
    var allowUnsandboxed = false

    @Flag(name: .long, help: "Print lines instead of the live screen.")
    var noWatch = false

    @Option(name: [.short, .customLong("output")], help: "text or json.")
    var output: BenchFormat = .text

    func validate() throws {
        if let concurrency, !(1...10_000).contains(concurrency) {
            throw ValidationError("--concurrency takes a whole number from 1 to 10000, not \(concurrency)")
        }
    }

    /// What is asked for over the suite's own settings.
    func wishes(keepsUnknown: Bool = false) throws -> BenchSession.Wishes {
        var wishes = BenchSession.Wishes(
            concurrency: concurrency, keepsUnknown: keepsUnknown, allowsUnsandboxed: allowUnsandboxed)
        wishes.budget = try AskOptions.amount(maxCost)
        return wishes
    }
}

/// Runs a suite.
struct BenchRunCommand: AsyncParsableCommand, EndableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a suite.",
        discussion: """
            Ctrl-C lets what runs come to its end; twice cuts it. Either way the run is kept and bench resume goes on.
            """)

    @Argument(
        help: ArgumentHelp("The suite.", valueName: "suite.yaml"), completion: .file(extensions: ["yaml", "yml"]))
    var suite: String

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var options: RunningOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        let loaded = try SuiteLoading.load(suite)
        let selected = try selection.selection(of: loaded.suite)
        let wishes = try options.wishes()
        var wiring = try await BenchWiring(loaded.suite, global: global, baseURL: options.baseURL)
        for warning in wiring.warnings { Terminal.complain(warning) }
        try await wiring.findDefaultModel()
        try wiring.checkPrices(cap: wishes.budget ?? loaded.suite.run.budget.run)
        let session = try await BenchSession.make(loaded, selected, wishes, wiring, in: options.runs.library)
        try await BenchExecution(session: session, wiring: wiring, options: options, global: global).perform(
            until: signals)
    }
}

/// Goes on with a run.
struct BenchResumeCommand: AsyncParsableCommand, EndableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a run that stopped; what is settled is not asked again.",
        discussion: """
            The suite is read as it was when the run began, and the same server is asked: --base-url or --profile names \
            another one. Requests that were on their way when the program died are \
            of unknown fate: they are counted at the most they can have cost, and asked once more unless --unknown keep.
            """)

    @Argument(
        help: ArgumentHelp("The run: its id or the beginning of it. Standard: the newest unfinished.", valueName: "run")
    )
    var id: String?

    @Option(name: .long, help: ArgumentHelp("resend or keep.", valueName: "what"))
    var unknown: UnknownRequests = .resend

    @OptionGroup var options: RunningOptions
    @OptionGroup var global: GlobalOptions

    enum UnknownRequests: String, ExpressibleByArgument, CaseIterable { case resend, keep }

    func run() async throws { try await run(until: EndingSignals()) }

    func run(until signals: EndingSignals) async throws {
        let store = try await options.runs.run(id, where: { $0.state != .complete }, what: "unfinished run")
        let (files, header) = try await Self.contents(of: store)
        let suite = try SuiteLoading.load(files, of: header)
        try SuiteLoading.checkPrograms(of: suite, files)
        let wishes = try options.wishes(keepsUnknown: unknown == .keep)
        let (global, baseURL) = try header.endpoint(global, baseURL: options.baseURL)
        var wiring = try await BenchWiring(suite, global: global, baseURL: baseURL)
        for warning in wiring.warnings { Terminal.complain(warning) }
        try await wiring.findDefaultModel()
        try wiring.checkPrices(cap: wishes.budget ?? header.budget)
        let session = try await BenchSession.resume(
            store, suite: suite, wishes, wiring, in: options.runs.library)
        try await BenchExecution(session: session, wiring: wiring, options: options, global: global).perform(
            until: signals)
    }

    static func contents(of store: any RunStore) async throws -> ([SuiteFile], RunHeader) {
        do throws(RunStoreError) { return (try await store.files(), try await store.run().header) } catch {
            throw Failure.of(error)
        }
    }
}

extension RunHeader {
    /// Whom the run asks when it goes on: whom it asked before, unless another one is named now. Throws a failure when that cannot be
    /// known.
    func endpoint(_ global: GlobalOptions, baseURL: String?) throws -> (global: GlobalOptions, baseURL: String?) {
        var global = global
        guard baseURL == nil, global.profile == nil, !global.demo else { return (global, baseURL) }
        if isDemo {
            global.demo = true
            return (global, nil)
        }
        // What is masked is no URL any more.
        if let kept = self.baseURL, (try? BaseURL(kept))?.carriesCredentials != false {
            throw Failure(
                "the run asked \(kept), whose key is not kept with it: name it again with --base-url",
                code: Exit.settings)
        }
        global.profile = profile
        return (global, self.baseURL)
    }
}
