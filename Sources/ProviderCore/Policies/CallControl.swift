import Synchronization

/// Ends the waits of one call early: what "retry now" and "give up" do. Safe from any thread; the task that reads the stream
/// is the one that waits, so another one has to speak.
///
/// A word said while nothing waits is forgotten, except "give up", which holds for the rest of the call: the first wait to
/// come ends it. Neither touches a request that is on its way; cancel the reading task for that.
public final class CallControl: Sendable {
    /// Why a wait ended.
    enum Ending: Sendable {
        /// The time was up.
        case elapsed
        /// Somebody wants to go on now.
        case skipped
        /// Somebody wants no more of it.
        case gaveUp
        /// What was waited for may have come.
        case woken
    }

    private struct State {
        var waiter: CheckedContinuation<Ending, any Error>?
        var hasGivenUp = false
        var isWoken = false

        mutating func takeWaiter() -> CheckedContinuation<Ending, any Error>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())

    /// A control of a call, for tests of policies; a `PolicyProvider` makes its own and hands it out as `ChatStream.control`.
    public init() {}

    /// Ends the present wait; the next attempt begins at once.
    public func retryNow() { end(.skipped) }

    /// Ends the present wait, and the call with the error that led to it.
    public func giveUp() {
        state.withLock { $0.hasGivenUp = true }
        end(.gaveUp)
    }

    /// Ends the present wait, or the next one: a policy has news for it.
    func wake() {
        let waiter = state.withLock { state in
            if state.waiter == nil { state.isWoken = true }
            return state.takeWaiter()
        }
        waiter?.resume(returning: .woken)
    }

    /// Waits until a time (nil = until somebody decides). Throws `CancellationError` when the task is cancelled.
    func wait(until deadline: ContinuousClock.Instant?, clock: any MonotonicClock) async throws -> Ending {
        guard let deadline else { return try await decision() }
        return try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                try await Self.sleep(until: deadline, on: clock)
                return .elapsed
            }
            group.addTask { try await self.decision() }
            defer { group.cancelAll() }
            return try await group.next() ?? .elapsed
        }
    }

    private static func sleep(until deadline: ContinuousClock.Instant, on clock: some MonotonicClock) async throws {
        try await clock.sleep(until: deadline, tolerance: nil)
    }

    private func end(_ ending: Ending) {
        state.withLock { $0.takeWaiter() }?.resume(returning: ending)
    }

    /// Waits for somebody's word.
    private func decision() async throws -> Ending {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome = state.withLock { state -> Result<Ending, any Error>? in
                    if state.hasGivenUp { return .success(.gaveUp) }
                    if state.isWoken {
                        state.isWoken = false
                        return .success(.woken)
                    }
                    // The cancellation may have come before there was anyone to tell.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiter = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume(throwing: CancellationError())
        }
    }
}
