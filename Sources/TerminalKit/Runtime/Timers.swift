import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Wakes sleeping tasks on a thread of its own, which exists only while somebody sleeps.
public final class Timers: Sendable {
    private struct Sleeper {
        let deadline: ContinuousClock.Instant
        let wake: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
        var isRunning = false
    }

    private let state = Mutex(State())
    private let pipe = WakePipe()

    /// Timers without a sleeper.
    public init() {}

    /// Suspends the task until then, to the millisecond. Throws `CancellationError` when it is cancelled.
    public func sleep(until deadline: ContinuousClock.Instant) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        // A cancellation that came too late leaves its mark.
        defer { _ = state.withLock { $0.cancelled.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in add(Sleeper(deadline: deadline, wake: wake), id) }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                // The cancellation may come before the sleeper is there.
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.wake.resume(throwing: CancellationError())
            pipe.wake()
        }
    }

    private func add(_ sleeper: Sleeper, _ id: Int) {
        let (isCancelled, starts) = state.withLock { state in
            if state.cancelled.remove(id) != nil { return (true, false) }
            state.sleepers[id] = sleeper
            defer { state.isRunning = true }
            return (false, !state.isRunning)
        }
        if isCancelled { return sleeper.wake.resume(throwing: CancellationError()) }
        if starts { Thread.start { [self] in run() } } else { pipe.wake() }
    }

    /// Sleeps until the next deadline, again and again; ends when nobody sleeps.
    private func run() {
        while let next = nextDeadline() {
            var ready = pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)
            poll(&ready, 1, UIThread.milliseconds(until: next))
            pipe.drain()
            for sleeper in takeDue() { sleeper.wake.resume() }
        }
    }

    private func nextDeadline() -> ContinuousClock.Instant? {
        state.withLock { state in
            let next = state.sleepers.values.map(\.deadline).min()
            if next == nil { state.isRunning = false }
            return next
        }
    }

    private func takeDue() -> [Sleeper] {
        let now = ContinuousClock.now
        return state.withLock { state in
            let due = state.sleepers.filter { $0.value.deadline <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
    }
}
