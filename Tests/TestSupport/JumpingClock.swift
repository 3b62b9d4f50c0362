public import ProviderCore
import Synchronization

/// A clock on which every sleep is over at once: time jumps to its end. For one sequence of calls at a time; it keeps how long was
/// slept, sleep by sleep.
public final class JumpingClock: MonotonicClock {
    /// As `ContinuousClock`, so that both can stand in for each other.
    public typealias Instant = ContinuousClock.Instant

    private struct State {
        var now = ContinuousClock.now
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())

    /// A clock that stands at some instant.
    public init() {}

    /// Where the clock stands.
    public var now: Instant { state.withLock { $0.now } }

    /// Time has no grain here.
    public var minimumResolution: Duration { .zero }

    /// How long each sleep so far took.
    public var sleeps: [Duration] { state.withLock { $0.sleeps } }

    /// Jumps to the deadline. Throws `CancellationError` when the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(state.now.duration(to: deadline))
            state.now = max(state.now, deadline)
        }
    }

    /// Moves the clock on.
    public func advance(by duration: Duration) { state.withLock { $0.now += duration } }
}
