import AppUI
import Benchmarking
import ProviderCore
import Storage
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The benchmark runs of the working folder, as the workspace wants them.
struct BenchDesk {
    private let global: GlobalOptions
    private let library = SQLiteRunLibrary(folder: ".tickertape/runs")
    /// Runs whose figures are read for the list.
    private static let readRuns = 50

    /// `isDemo`: whether the built-in simulator answers there.
    init(_ global: GlobalOptions, isDemo: Bool) {
        var global = global
        if isDemo { global.demo = true }
        self.global = global
    }

    var service: RunsService {
        RunsService(
            list: { await list() }, open: { await open($0) }, start: { await start($0) },
            resume: { await resume($0) },
            append: { line, path in Self.append(line, to: path) })
    }

    private func list() async -> Result<(runs: [RunSummary], problems: [String]), ServiceError> {
        do throws(RunStoreError) {
            let (runs, problems) = try await library.list()
            var summaries: [RunSummary] = []
            for (index, run) in runs.enumerated() {
                summaries.append(index < Self.readRuns ? try await summary(run) : RunSummary(run))
            }
            return .success((summaries, problems))
        } catch { return .failure(ServiceError(error.description)) }
    }

    private func summary(_ run: StoredRun) async throws(RunStoreError) -> RunSummary {
        let store = try await library.open(run.header.id)
        let outcomes = try await store.outcomes()
        let scored = outcomes.filter(\.key.isScored).values.reduce(0, +)
        let accuracy = scored > 0 ? Double(outcomes[.right] ?? 0) / Double(scored) : nil
        return RunSummary(run, accuracy: accuracy, money: try await store.money())
    }

    private func open(_ id: String) async -> Result<OpenedRun, ServiceError> {
        do {
            return .success(try await BenchWatchCommand.open(try await library.open(id), in: library) { _ in })
        } catch { return .failure(Self.problem(error)) }
    }

    private static func problem(_ error: any Error) -> ServiceError {
        ServiceError((error as? Failure)?.message ?? "\(error)")
    }

    /// Runs a suite until its task is cancelled.
    private func start(_ path: String) async -> Result<StartedRun, ServiceError> {
        do {
            let loaded = try SuiteLoading.load(path)
            return try await begin(loaded.suite, cap: loaded.suite.run.budget.run) { wiring in
                try await BenchSession.make(loaded, PlanSelection(), BenchSession.Wishes(), wiring, in: library)
            }
        } catch { return .failure(Self.problem(error)) }
    }

    /// Goes on with a run until its task is cancelled.
    private func resume(_ id: String) async -> Result<StartedRun, ServiceError> {
        do {
            let store = try await library.open(id)
            let (files, header) = try await BenchResumeCommand.contents(of: store)
            guard header.isDemo == global.demo else {
                // Half of its answers would be others than they are taken for.
                let whose =
                    header.isDemo ? "the demo's, and this is not the demo" : "not the demo's, and this is the demo"
                return .failure(ServiceError("run \(id) is \(whose): tickertape bench resume \(id) goes on with it"))
            }
            let suite = try SuiteLoading.load(files, of: header)
            return try await begin(suite, cap: header.budget) { wiring in
                try await BenchSession.resume(store, suite: suite, BenchSession.Wishes(), wiring, in: library)
            }
        } catch { return .failure(Self.problem(error)) }
    }

    private func begin(
        _ suite: Suite, cap: Money?, _ make: (BenchWiring) async throws -> BenchSession
    ) async throws -> Result<StartedRun, ServiceError> {
        var wiring = try await BenchWiring(suite, global: global, baseURL: nil)
        do {
            try await wiring.findDefaultModel()
            try wiring.checkPrices(cap: cap)
            let session = try await make(wiring)
            let news = RunNewsReader(session.store)
            let progress = try await session.progress(news, targets: wiring.targets, library: library) { _ in }
            let running = RunningBench()
            let effects = BenchEffects(store: session.store, news: news) { running.send($0) }
            let opened = OpenedRun(BenchScreen(progress, isWatched: false), effects: effects)
            return .success(StartedRun(opened) { [wiring] tell in await Self.run(session, wiring, running, tell) })
        } catch {
            _ = await wiring.close { _ in }
            throw error
        }
    }

    private static func run(
        _ session: BenchSession, _ wiring: BenchWiring, _ running: RunningBench,
        _ tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> (RunResult, problem: String?) {
        let runner = session.runner(tell)
        running.begin(runner)
        let result = await runner.run()
        var problems: [String] = []
        do { _ = try await session.end(result) } catch { problems.append(problem(error).description) }
        _ = await wiring.close { problems.append($0) }
        return (result, problems.isEmpty ? nil : problems.joined(separator: "; "))
    }

    /// Adds a line to a file, and makes the file where there is none.
    private static func append(_ line: String, to path: String) -> Result<String, ServiceError> {
        let descriptor = openFile(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            return .failure(ServiceError("\(path): \(String(cString: strerror(errno)))."))
        }
        defer { close(descriptor) }
        let isWritten = Terminal.write((line + "\n").utf8, to: descriptor)
        return isWritten ? .success(path) : .failure(ServiceError("\(path): \(String(cString: strerror(errno)))."))
    }
}

/// The C library's `open`, which a method of the same name hides.
private func openFile(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }

/// The runner of a run once it runs.
private final class RunningBench: Sendable {
    private let runner = Mutex<BenchmarkRunner?>(nil)

    func begin(_ next: BenchmarkRunner) { runner.withLock { $0 = next } }

    func send(_ command: RunCommand) { runner.withLock { $0 }?.send(command) }
}
