import AppUI
import ArgumentParser
import Benchmarking
import ProviderCore

/// Watches a run without a screen: lines on standard error until it ends, then what `bench run` says at its end.
struct BenchWatchLines {
    let store: any RunStore
    let runs: RunsOptions

    /// How often the database is looked at.
    private static let pause = Duration.milliseconds(500)

    func run() async throws {
        var (progress, news) = try await BenchWatchCommand.progress(store, in: runs.library) { Terminal.complain($0) }
        let header = progress.header
        Terminal.complain("run \(header.id): \(progress.settled) of \(header.planned) trials done, watched")
        let lines = BenchLines(total: header.planned, done: progress.settled, isTerminal: Terminal.isTerminal(2))
        while !progress.isOver {
            try await ContinuousClock().sleep(for: Self.pause)
            let read: RunNews?
            do throws(RunStoreError) { read = try await news.read() } catch { throw Failure.of(error) }
            guard let read else { continue }
            let now = ContinuousClock.now
            progress.take(read, isFirst: false, at: now)
            lines.take(progress, at: now)
        }
        lines.end()
        try await tellEnd(progress)
    }

    private func tellEnd(_ progress: RunProgress) async throws {
        let run = try await KeptRun.load(store)
        let report = run.results.report
        let gates = try await GateChecking.results(run.compared, in: runs.library)
        let rule = run.suite.onInconclusive
        for line in ReportTable.lines(report) + GateChecking.lines(gates, rule) { Terminal.tell(line) }
        guard case .ended(let state, let stop, let reason) = progress.phase, state != .complete else {
            let result = RunResult(state: .complete, worked: .zero)
            let unscored = try await BenchExecution.unscored(store)
            BenchExecution.tell(unscored, run.header.id)
            let code = BenchExecution.exitCode(result, report, gates.verdict(rule), unscored)
            if code != 0 { throw ExitCode(code) }
            return
        }
        if report.run.hasDied {
            BenchExecution.tellDied(run.header.id)
            throw ExitCode(3)
        }
        let why = reason.isEmpty ? stop.map(\.words) ?? "" : reason
        // Who only watches knows no more than the sentence.
        let needsMoney = stop == .budget && reason.contains("the run's cap")
        BenchExecution.tellIncomplete(why, run.results.report.run.header, needsMoney: needsMoney)
        throw ExitCode(stop == .storage ? Exit.storage : 3)
    }
}

extension RunProgress {
    /// Whether nobody runs it any more.
    fileprivate var isOver: Bool {
        if case .ended = phase { true } else { false }
    }
}
