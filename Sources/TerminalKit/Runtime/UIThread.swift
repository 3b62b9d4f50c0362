import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One thread that runs an actor: it sleeps in `poll` on the terminal and a wake pipe, runs the actor's queued jobs, then
/// gives the loop its turn. With nothing to do it does not wake.
final class UIThread: SerialExecutor {
    /// What the loop wants next.
    struct Turn {
        /// When to come back at the latest; nil = only when woken.
        var deadline: ContinuousClock.Instant?
        /// Descriptors whose input wakes the thread.
        var descriptors: [Int32] = []
        /// A descriptor whose readiness for output wakes the thread; nil = none.
        var outputDescriptor: Int32?
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var turn: (@Sendable () -> Turn)?
        var hasStarted = false
        var isStopped = false
        var identity: pthread_t?
    }

    private let state = Mutex(State())
    private let pipe = WakePipe()

    /// Wakes the thread, so that the loop gets a turn.
    func wake() { pipe.wake() }

    /// Gives the loop its turns from now on.
    func setTurn(_ turn: (@Sendable () -> Turn)?) {
        state.withLock { $0.turn = turn }
        wake()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let starts = state.withLock { state in
            state.jobs.append(job)
            defer { state.hasStarted = true }
            return !state.hasStarted
        }
        if starts { Thread.start { [self] in run() } }
        wake()
    }

    /// Ends the thread. Called when the actor is gone, so that no job can follow.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func isSameExclusiveExecutionContext(other: UIThread) -> Bool { self === other }

    /// Lets `assumeIsolated` on this thread see that it may.
    func checkIsolated() {
        precondition(isOnThread, "this code runs on the UI thread only")
    }

    func isIsolatingCurrentContext() -> Bool? { isOnThread }

    private var isOnThread: Bool {
        state.withLock { $0.identity.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    private func run() {
        state.withLock { $0.identity = pthread_self() }
        var next = Turn()
        while !state.withLock({ $0.isStopped }) {
            sleep(until: next)
            pipe.drain()
            runJobs()
            next = state.withLock { $0.turn }?() ?? Turn()
        }
    }

    private func sleep(until turn: Turn) {
        var watched = [pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)]
        watched += turn.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        if let descriptor = turn.outputDescriptor {
            watched.append(pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0))
        }
        _ = poll(&watched, nfds_t(watched.count), Self.milliseconds(until: turn.deadline))
    }

    /// The time-out for `poll`, rounded up so that a deadline is not met with a busy last millisecond.
    static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - ContinuousClock.now).components
        if seconds < 0 || attoseconds < 0 { return 0 }
        return Int32(min(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000, 3_600_000))
    }

    private func runJobs() {
        while true {
            let jobs = state.withLock { state in
                defer { state.jobs = [] }
                return state.jobs
            }
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        }
    }
}
