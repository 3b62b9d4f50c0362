import Synchronization
import TerminalKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A command that writes down what it has before a signal ends it.
protocol EndableCommand {
    /// Runs; `signals` tells when to end.
    func run(until signals: EndingSignals) async throws
}

/// Waits for SIGINT, SIGTERM and SIGHUP on a thread of its own, so that a command can write down what it has and then die by
/// the same signal. Without an action the process dies at once.
///
/// A command that cannot end by itself, since it waits for a pipe that gives or takes nothing, is ended after a while, or at
/// the second signal. The signals must be blocked (`block`) before any thread starts: then none is lost, and none ends the
/// process unasked.
final class EndingSignals: Sendable {
    /// How long a command may take to end after the first signal, in seconds.
    private static let grace = 2

    private struct State {
        var received: Int32?
        var action: (@Sendable () -> Void)?
        /// Called for each signal with how many came; then none ends the process unasked.
        var each: (@Sendable (Int32, Int) -> Void)?
        var count = 0
    }

    private let state = Mutex(State())

    /// Blocks the signals for this thread and all that it starts.
    static func block() {
        var set = watched()
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// The signals to wait for. Not one that is ignored: under nohup the end of the terminal must not end the command.
    private static func watched() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            sigaction(number, nil, &action)
            #if canImport(Glibc)
                let handler = action.__sigaction_handler.sa_handler
            #else
                let handler = action.__sigaction_u.__sa_handler
            #endif
            let isIgnored = unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
            if !isIgnored { sigaddset(&set, number) }
        }
        return set
    }

    /// Begins to wait.
    init() { Self.listen { [self] number in note(number) } }

    /// Calls `each` for every signal that comes, on a thread of its own. For one listener only.
    static func listen(_ each: @escaping @Sendable (Int32) -> Void) {
        Thread.start {
            while true { each(next()) }
        }
    }

    private static func next() -> Int32 {
        var set = watched()
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
        return number
    }

    /// The signal that came; nil when none did.
    var received: Int32? { state.withLock { $0.received } }

    /// How many came.
    var count: Int { state.withLock { $0.count } }

    /// What to do when one comes; done at once when one already came.
    func onSignal(_ action: @escaping @Sendable () -> Void) {
        let already = state.withLock { state in
            state.action = action
            return state.received != nil
        }
        if already { action() }
    }

    /// What to do at each signal, told with how many came, for a command that ends in steps. The process ends by itself only at the
    /// signal number `last`.
    func onEach(last: Int, _ action: @escaping @Sendable (Int32, Int) -> Void) {
        let already = state.withLock { state in
            state.each = { number, count in
                if count >= last { dieBySignal(number) }
                action(number, count)
            }
            return state.received.map { ($0, state.count) }
        }
        if let (number, count) = already { action(number, count) }
    }

    private func note(_ number: Int32) {
        let (each, count) = state.withLock { state in
            state.count += 1
            if state.each != nil { state.received = state.received ?? number }
            return (state.each, state.count)
        }
        if let each { return each(number, count) }
        let (isFirst, action) = state.withLock { state in
            defer { state.received = state.received ?? number }
            return (state.received == nil, state.action)
        }
        guard isFirst, let action else { dieBySignal(number) }
        action()
        Thread.start {
            sleep(UInt32(Self.grace))
            dieBySignal(number)
        }
    }
}

/// Ends the process by a signal's default action, so that the parent sees 128 + number.
func dieBySignal(_ number: Int32) -> Never {
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
    exit(128 + number)
}
