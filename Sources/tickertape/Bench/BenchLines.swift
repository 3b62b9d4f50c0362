import Benchmarking
import ProviderCore
import Synchronization
import TerminalKit

/// Tells a run as lines on standard error: a bar that grows where that is a terminal, else a line now and then.
final class BenchLines: Sendable {
    private struct State {
        var done: Int
        var right = 0
        var scored = 0
        var running = 0
        var limit = 0
        var toldAt: ContinuousClock.Instant?
        var hasBar = false
        /// What was told of another process's run.
        var toldChange: ConcurrencyRules.Change?
        var toldPhase = RunProgress.Phase.running
    }

    private let total: Int
    private let began = ContinuousClock.now
    private let before: Int
    private let isTerminal: Bool
    private let state: Mutex<State>

    /// Lines for so many trials, of which some are done. `isTerminal`: whether the line is drawn over itself.
    init(total: Int, done: Int, isTerminal: Bool) {
        (self.total, before, self.isTerminal) = (total, done, isTerminal)
        state = Mutex(State(done: done))
    }

    /// Lines for a run that has come so far.
    init(_ progress: RunProgress, isTerminal: Bool) {
        (total, before, self.isTerminal) = (progress.keys.count, progress.settled, isTerminal)
        var state = State(done: progress.settled)
        state.right = progress.count(.right)
        state.scored = progress.scored
        self.state = Mutex(state)
    }

    /// Says how far it is before anything happens.
    func begin() {
        let text = state.withLock { progress(&$0, ContinuousClock.now) }
        if let text { _ = Terminal.write(text.utf8, to: 2) }
    }

    /// Takes what happened.
    func take(_ event: RunEvent) {
        let text = state.withLock { state -> String? in
            Self.count(event, &state)
            switch event {
            case .ended(_, let at): return progress(&state, at)
            case .concurrency(let change, _):
                return line("concurrency \(change.from) to \(change.to): \(change.reason)", &state)
            case .stopping(_, let reason): return line("stopping: \(reason)", &state)
            case .paused(let isPaused, _): return line(isPaused ? "paused" : "going on", &state)
            case .streamed(let trial, _, let events, _):
                return events.lazy.compactMap { Self.trouble($0, trial) }.first.map { line($0, &state) }
            case .started, .postponed, .tools, .scoring: break
            }
            return nil
        }
        guard let text else { return }
        _ = Terminal.write(text.utf8, to: 2)
    }

    /// Takes what happened while it is told in another way: nothing is missing when lines begin.
    func count(_ event: RunEvent) {
        if case .streamed = event { return }
        state.withLock { Self.count(event, &$0) }
    }

    private static func count(_ event: RunEvent, _ state: inout State) {
        switch event {
        case .started: state.running += 1
        case .postponed: state.running -= 1
        case .ended(let record, _):
            state.running -= 1
            if record.outcome.isSettled { state.done += 1 }
            if record.outcome.isScored { state.scored += 1 }
            if record.outcome == .right { state.right += 1 }
        default: break
        }
    }

    /// Takes how far the run of another process has come.
    func take(_ progress: RunProgress, at now: ContinuousClock.Instant) {
        let text = state.withLock { state -> String in
            var text = ""
            if let change = progress.lastChange, change != state.toldChange {
                text += line("concurrency \(change.from) to \(change.to): \(change.reason)", &state)
            }
            if progress.phase != state.toldPhase, let words = Self.words(progress.phase) { text += line(words, &state) }
            (state.toldChange, state.toldPhase) = (progress.lastChange, progress.phase)
            state.done = progress.settled
            (state.right, state.scored) = (progress.count(.right), progress.scored)
            state.running = progress.slots.count
            return text + (self.progress(&state, now) ?? "")
        }
        if !text.isEmpty { _ = Terminal.write(text.utf8, to: 2) }
    }

    private static func words(_ phase: RunProgress.Phase) -> String? {
        switch phase {
        case .running: "going on"
        case .paused: "paused"
        case .stopping(_, let reason): "stopping: \(reason)"
        case .ended: nil
        }
    }

    /// The bar is over.
    func end() {
        let hasBar = state.withLock { $0.hasBar }
        if hasBar { _ = Terminal.write("\n".utf8, to: 2) }
    }

    private func line(_ text: String, _ state: inout State) -> String {
        defer { state.hasBar = false }
        let clear = state.hasBar ? "\r\u{1B}[K" : ""
        return clear + "tickertape: " + gated(text) + "\n"
    }

    private func progress(_ state: inout State, _ now: ContinuousClock.Instant) -> String? {
        let isLast = state.done == total
        let pause = isTerminal ? Duration.milliseconds(100) : .seconds(5)
        if let toldAt = state.toldAt, now - toldAt < pause, !isLast { return nil }
        state.toldAt = now
        let share = total == 0 ? 1 : Double(state.done) / Double(total)
        let accuracy = state.scored > 0 ? "  right \(state.right)/\(state.scored)" : ""
        let text = "\(state.done)/\(total) trials\(accuracy)  running \(state.running)\(eta(state, now))"
        guard isTerminal else { return "tickertape: \(text)\n" }
        state.hasBar = true
        return "\r\(Self.bar(share, text, columns: Terminal.columns(2) ?? 80))\u{1B}[K"
    }

    /// A bar and what it stands for, in one row: one that is wrapped could not be drawn over.
    static func bar(_ share: Double, _ text: String, columns: Int) -> String {
        let width = max(4, min(24, columns - 60))
        let filled = max(0, min(width, Int(share * Double(width))))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        return CellWidth.truncate("[\(bar)] \(text)", to: columns - 1)
    }

    private func eta(_ state: State, _ now: ContinuousClock.Instant) -> String {
        let done = state.done - before
        guard done > 0, state.done < total else { return "" }
        let left = (now - began).inSeconds / Double(done) * Double(total - state.done)
        let seconds = Int(left.rounded(.up))
        return seconds < 60 ? "  ETA \(seconds) s" : "  ETA \(seconds / 60) min"
    }

    private static func trouble(_ event: StreamEvent, _ trial: Int) -> String? {
        guard case .policy(.retryScheduled(let notice)) = event else { return nil }
        return "trial \(trial): " + PolicyNotices.line(notice)
    }

    private func gated(_ text: String) -> String {
        TextGate.gate(String(text.map { $0.isNewline ? " " : $0 }.prefix(400)), allowNewlines: false).text
    }
}
