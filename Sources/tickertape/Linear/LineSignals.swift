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

    private let noted = Mutex<[Int32]>([])

    /// Nothing was noted yet.
    init() {}

    /// Begins to wait; `wake` is called when a signal was noted.
    func listen(wake: @escaping @Sendable () -> Void) {
        EndingSignals.listen { [self] number in
            note(number)
            wake()
        }
    }

    /// What came since the last time.
    func take() -> [Int32] {
        noted.withLock { noted in
            defer { noted = [] }
            return noted
        }
    }

    private func note(_ number: Int32) {
        let isSecond = noted.withLock { noted in
            defer { noted.append(number) }
            return noted.contains(number)
        }
        if isSecond { dieBySignal(number) }
        guard number != SIGINT else { return }
        Thread.start {
            sleep(Self.grace)
            dieBySignal(number)
        }
    }
}
