import Synchronization
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// SIGINT as a key, and the signals that end linear mode, on their way to the loop.
///
/// The loop may be waiting for a slow reader of its output: a second SIGINT that finds the first one untaken, and two seconds after an
/// ending signal, end the process at once.
final class LineSignals: Sendable {
    private static let grace: UInt32 = 2

    private struct State {
        var noted: [Int32] = []
        var ignoresInterrupts = false
    }

    private let state = Mutex(State())

    /// Nothing was noted yet.
    init() {}

    /// Begins to wait; `wake` is called when a signal was noted.
    func listen(wake: @escaping @Sendable () -> Void) {
        EndingSignals.listen { [self] number in
            note(number)
            wake()
        }
    }

    /// Whether SIGINT is somebody else's now.
    var ignoresInterrupts: Bool {
        get { state.withLock { $0.ignoresInterrupts } }
        set { state.withLock { $0.ignoresInterrupts = newValue } }
    }

    /// What came since the last time.
    func take() -> [Int32] {
        state.withLock { state in
            defer { state.noted = [] }
            return state.noted
        }
    }

    private func note(_ number: Int32) {
        let isSecond = state.withLock { state -> Bool in
            if number == SIGINT, state.ignoresInterrupts { return false }
            defer { state.noted.append(number) }
            return state.noted.contains(number)
        }
        if isSecond { dieBySignal(number) }
        guard number != SIGINT else { return }
        Thread.start {
            sleep(Self.grace)
            dieBySignal(number)
        }
    }
}
