import AppSettings
import AppUI
import ArgumentParser
import Benchmarking
import ProviderCore
import TerminalKit

/// Watches a run.
struct BenchWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Watch a run that another process runs, or look at one that is over.",
        discussion: """
            The live screen of bench run, fed from the run's database. Nothing is changed by it: any number of people can watch. \
            Without a terminal, lines tell how the run goes on until it ends, then its table; the exit code is that of the run.
            """)

    @Argument(help: ArgumentHelp("The run: its id or the beginning of it. Standard: the newest.", valueName: "run"))
    var id: String?

    @OptionGroup var runs: RunsOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let store = try await runs.run(id, what: "run")
        guard BenchLook.isPossible else { return try await BenchWatchLines(store: store, runs: runs).run() }
        let loaded = try Wiring.settings(global)
        for warning in loaded.warnings { Terminal.complain(warning) }
        let look = try BenchLook(loaded.settings, global)
        let opened = try await Self.open(store, in: runs.library) { Terminal.complain($0) }
        let model = BenchModel(opened.screen, keys: look.keys, now: ContinuousClock.now)
        let program = Program<BenchFeature>(model: model, performer: opened.effects)
        let ended = try await program.run(start: BenchFeature.start(model)) { try look.terminal() }
        if ended.endedBySignal > 0 { dieBySignal(ended.endedBySignal) }
    }

    /// A run to be watched.
    static func open(
        _ store: any RunStore, in library: any RunLibrary, tell: (String) -> Void
    ) async throws -> OpenedRun {
        let (progress, news) = try await progress(store, in: library, tell: tell)
        return OpenedRun(BenchScreen(progress, isWatched: true), effects: BenchEffects(store: store, news: news))
    }

    /// What a run has come to, and what tells later what came since.
    static func progress(
        _ store: any RunStore, in library: any RunLibrary, tell: (String) -> Void
    ) async throws -> (RunProgress, RunNewsReader) {
        let (files, header) = try await BenchResumeCommand.contents(of: store)
        let suite = try SuiteLoading.load(files, of: header)
        let plan = SuitePlan(suite, only: header.selection.tasks, limit: header.selection.samples)
        let news = RunNewsReader(store)
        let stored: StoredRun
        let read: RunNews?
        do throws(RunStoreError) {
            stored = try await store.run()
            read = try await news.read()
        } catch { throw Failure.of(error) }
        let progress = await RunProgress.begin(
            plan, stored, targets: suite.targets(standard: header.isDemo ? "simulator" : "", model: ""),
            concurrency: suite.run.concurrency.start, library: library, news: read, tell: tell)
        return (progress, news)
    }
}
