import AppUI
import Benchmarking
import ProviderCore
import Synchronization
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs a session on the live screen.
struct BenchScreenRun {
    let session: BenchSession
    let wiring: BenchWiring
    let look: BenchLook
    let library: any RunLibrary

    /// Where events go: to the screen, then, when a person left it, to the lines. Knows also whether the run is over and who ended it.
    private final class Relay: Sendable {
        private struct State {
            /// Not alone in the mutex: a function that is would be wrapped once more by each look at it.
            var take: (@Sendable (RunEvent) -> Void)?
            var isOver = false
            /// The signal, but for that of the key that interrupts, by which it was ended.
            var signal: Int32?
        }

        private let state = Mutex(State())

        func take(_ event: RunEvent) { state.withLock { $0.take }?(event) }

        func send(to next: @escaping @Sendable (RunEvent) -> Void) { state.withLock { $0.take = next } }

        /// A signal came. True when there is no run any more that it could end.
        func note(signal: Int32) -> Bool {
            state.withLock { state in
                if signal != SIGINT { state.signal = signal }
                return state.isOver
            }
        }

        /// The run is over: the signal that the program has to end by; nil = none came.
        func end() -> Int32? {
            state.withLock { state in
                state.isOver = true
                return state.signal
            }
        }
    }

    /// Runs it to its end. The signal that ended the screen, if one did; 0 = none.
    func run(until signals: EndingSignals) async throws -> (result: RunResult, signal: Int32) {
        let relay = Relay()
        let runner = session.runner { relay.take($0) }
        let news = RunNewsReader(session.store)
        let begun = try await progress(news)
        let lines = BenchLines(begun, isTerminal: Terminal.isTerminal(2))
        let model = BenchModel(BenchScreen(begun, isWatched: false), keys: look.keys, now: ContinuousClock.now)
        let effects = BenchEffects(store: session.store, news: news) { runner.send($0) }
        let program = Program<BenchFeature>(model: model, performer: effects)
        relay.send {
            lines.count($0)
            program.post(.run($0))
        }
        signals.onEach(last: .max) { number, count in
            runner.send(number == 2 && count == 1 ? .stop : .cut)
            let isOver = relay.note(signal: number)
            // Who asks a third time wants out, whatever still runs.
            if isOver || count > 2 { program.post(.input(.ended(signal: number))) }
        }
        async let running = Self.finish(runner, program, relay)
        // Where the trials run, so that it is late when they are.
        async let _: Void = ClientProbe().watch { program.post(.client($0)) }
        do {
            let ended = try await program.run(start: BenchFeature.start(model)) { try look.terminal() }
            if ended.endedBySignal > 0 {
                if signals.count > 2 { dieBySignal(ended.endedBySignal) }
                runner.send(ended.endedBySignal == 2 ? .stop : .cut)
                return (await running, ended.endedBySignal)
            }
            guard ended.ending == .left else { return (await running, 0) }
            relay.send { lines.take($0) }
            tellOfLeaving(ended.screen.progress.phase)
            lines.begin()
            defer { lines.end() }
            return (await running, 0)
        } catch {
            Terminal.complain("\(error)")
            relay.send { lines.take($0) }
            defer { lines.end() }
            return (await running, 0)
        }
    }

    /// How the screen comes back once it is left.
    private func tellOfLeaving(_ phase: RunProgress.Phase) {
        if case .stopping = phase { return }
        let id = session.header.id
        Terminal.complain("run \(id) goes on here, and Ctrl-C stops it. Watch it with: tickertape bench watch \(id)")
    }

    private func progress(_ news: RunNewsReader) async throws -> RunProgress {
        try await session.progress(news, targets: wiring.targets, library: library) { Terminal.complain($0) }
    }

    private static func finish(
        _ runner: BenchmarkRunner, _ program: Program<BenchFeature>, _ relay: Relay
    ) async -> RunResult {
        let result = await runner.run()
        program.post(.finished(result, at: ContinuousClock.now))
        // Also where somebody reads: the screen stays for a run that ended, not for a program that is to end.
        if let signal = relay.end() { program.post(.input(.ended(signal: signal))) }
        return result
    }
}

extension BenchSession {
    /// What its run has come to before it goes on.
    func progress(
        _ news: RunNewsReader, targets: [String: String], library: any RunLibrary, tell: (String) -> Void
    ) async throws -> RunProgress {
        let run: StoredRun
        let read: RunNews?
        do throws(RunStoreError) {
            run = try await store.run()
            read = try await news.read()
        } catch { throw Failure.of(error) }
        // A failure of before is tried again now: it is none yet.
        var settled = read
        settled?.trials.removeAll { !$0.outcome.isSettled }
        settled?.open = []
        settled?.notes = []
        return await RunProgress.begin(
            plan, run, targets: targets, concurrency: concurrency, library: library, news: settled, tell: tell)
    }
}
