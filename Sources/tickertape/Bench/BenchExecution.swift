import ArgumentParser
import Benchmarking
import ProviderCore

/// Runs a session, on the live screen or with lines on standard error, and ends the command with the contract's exit code.
struct BenchExecution {
    let session: BenchSession
    let wiring: BenchWiring
    let options: RunningOptions
    let global: GlobalOptions

    func perform(until signals: EndingSignals) async throws {
        tellBeginning()
        let (result, ended): (RunResult, Int32)
        do { (result, ended) = try await run(until: signals) } catch {
            await session.abandon()
            throw error
        }
        let run = try await session.end(result)
        let report = run.results.report
        let isBooked = await wiring.close()
        let gates = try await GateChecking.results(run, in: options.runs.library)
        let isWritten = await ExportFile.writeOutputs(run, gates, of: session.store)
        let unscored = try await Self.unscored(session.store)
        tellEnd(report, result, gates)
        Self.tell(unscored, report.run.header.id)
        if let signal = signals.received, signal != 2 { dieBySignal(signal) }
        if ended > 0, ended != 2 { dieBySignal(ended) }
        let code = Self.exitCode(result, report, gates.verdict(run.suite.onInconclusive), unscored)
        guard code == 0, !(isBooked && isWritten) else {
            if code != 0 { throw ExitCode(code) }
            return
        }
        throw ExitCode(Exit.storage)
    }

    /// Runs it where somebody looks on the screen, else with lines.
    private func run(until signals: EndingSignals) async throws -> (result: RunResult, signal: Int32) {
        if !options.noWatch, options.output == .text, session.left > 0, BenchLook.isPossible {
            let look = try BenchLook(wiring.settings, global)
            let screen = BenchScreenRun(session: session, wiring: wiring, look: look, library: options.runs.library)
            return try await screen.run(until: signals)
        }
        let lines = BenchLines(
            total: session.header.planned, done: session.header.planned - session.left,
            isTerminal: Terminal.isTerminal(2))
        let runner = session.runner { lines.take($0) }
        signals.onEach(last: 3) { number, count in
            runner.send(number == 2 && count == 1 ? .stop : .cut)
        }
        let result = await runner.run()
        lines.end()
        return (result, 0)
    }

    private func tellBeginning() {
        let (header, before) = (session.header, session.before)
        if options.output == .json { Terminal.say(JSONWriter.string(BenchRecords.launch(session))) }
        Terminal.complain(
            "run \(header.id): \(session.left) of \(header.planned) trials to do, kept in \(session.path)")
        if before.unknown > 0 {
            let requests = before.unknown == 1 ? "1 request" : "\(before.unknown) requests"
            Terminal.complain(
                "nobody knows what became of \(requests): at most \(before.maybe.display) may have been billed; "
                    + (session.keptUnknown > 0 ? "not sent again (--unknown keep)" : "what has no result is sent again")
            )
        }
    }

    private func tellEnd(_ report: RunReport, _ result: RunResult, _ gates: [GateResult]) {
        if options.output == .json {
            let record = BenchRecords.final(report, result, keptUnknown: session.keptUnknown, gates: gates)
            Terminal.say(JSONWriter.string(record))
        } else {
            let rule = session.plan.suite.onInconclusive
            for line in ReportTable.lines(report) + GateChecking.lines(gates, rule) { Terminal.tell(line) }
        }
        guard report.run.state != .complete else { return }
        // Another cap than the run's is raised elsewhere.
        let isOwn = result.stop == .budget && result.error?.code == BudgetScope.run.rawValue
        Self.tellIncomplete(result.reason, report.run.header, needsMoney: isOwn)
    }

    /// Says that a run has trials left, and what to do; `needsMoney`: its cap leaves too little for one of them.
    static func tellIncomplete(_ reason: String, _ header: RunHeader, needsMoney: Bool) {
        var why = reason.isEmpty ? "" : ": \(reason)"
        if why.last?.isPunctuation != true { why += "." }
        var advice = "tickertape bench resume \(header.id)"
        if needsMoney {
            advice += " --max-cost USD" + (header.budget.map { ", with more than the \($0.plain) that it had" } ?? "")
        }
        Terminal.complain("incomplete\(why) Go on with: \(advice)")
    }

    /// Says that a run's process is gone, and what to do.
    static func tellDied(_ id: String) {
        Terminal.complain("died: its process is gone. Go on with: tickertape bench resume \(id)")
    }

    /// Tasks of a run that have trials which could not be scored.
    static func unscored(_ store: any RunStore) async throws -> [UnscoredTask] {
        do throws(RunStoreError) { return try await UnscoredTask.all(in: store) } catch { throw Failure.of(error) }
    }

    /// Says which trials could not be scored, why, and what to do.
    static func tell(_ unscored: [UnscoredTask], _ id: String) {
        for task in unscored {
            let trials = "\(task.count) trial\(task.count == 1 ? "" : "s")"
            Terminal.complain("task \(task.task): \(trials) could not be scored: \(task.reason)")
        }
        guard !unscored.isEmpty else { return }
        Terminal.complain("mend the suite and score the kept answers: tickertape bench score \(id) --suite FILE")
    }

    /// What stopped a run goes before its gates; a failed gate before a task of which nothing could be scored.
    static func exitCode(
        _ result: RunResult, _ report: RunReport, _ gates: GateResult.Verdict, _ unscored: [UnscoredTask]
    ) -> Int32 {
        guard report.run.state != .complete else {
            if gates != .fail, unscored.contains(where: \.isWhole) { return Exit.inputFile }
            switch gates {
            case .fail: return Exit.gateFailed
            case .inconclusive: return Exit.inconclusive
            case .pass, .skipped: return 0
            }
        }
        switch result.stop {
        case .storage: return Exit.storage
        case .endpoint: return result.error?.exitCode ?? 3
        case .budget, .time, .interrupted, nil: return 3
        }
    }
}
