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
        let (result, ended) = try await run(until: signals)
        let run = try await session.end(result)
        let report = run.results.report
        let isBooked = await wiring.close()
        let gates = try await GateChecking.results(run, in: options.runs.library)
        let isWritten = await ExportFile.writeOutputs(run, gates, of: session.store)
        tellEnd(report, result, gates)
        if let signal = signals.received, signal != 2 { dieBySignal(signal) }
        if ended > 0, ended != 2 { dieBySignal(ended) }
        let code = Self.exitCode(result, report, gates.verdict(run.suite.onInconclusive))
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
        Self.tellIncomplete(result.reason, report.run.header.id)
    }

    /// Says that a run has trials left, and what to do.
    static func tellIncomplete(_ reason: String, _ id: String) {
        var why = reason.isEmpty ? "" : ": \(reason)"
        if why.last?.isPunctuation != true { why += "." }
        Terminal.complain("incomplete\(why) Go on with: tickertape bench resume \(id)")
    }

    /// What stopped a run goes before its gates.
    static func exitCode(_ result: RunResult, _ report: RunReport, _ gates: GateResult.Verdict) -> Int32 {
        guard report.run.state != .complete else {
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
