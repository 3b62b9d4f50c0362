public import ProviderCore
import Synchronization

/// A clock that stands still until a test moves it. Sleepers honour cancellation; a test waits for them with
/// `sleepers(_:)`, so that nothing depends on luck.
public final class TestClock: MonotonicClock {
    /// As `ContinuousClock`, so that both can stand in for each other.
    public typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        var deadline: Instant
        var wake: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        var count: Int
        var wake: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Instant
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []

        mutating func readyWatchers() -> [Watcher] {
            let ready = watchers.filter { $0.count <= sleepers.count }
            watchers.removeAll { $0.count <= sleepers.count }
            return ready
        }
    }

    private enum Parking {
        case parked([Watcher])
        case due
        case cancelled
    }

    private let state: Mutex<State>

    /// A clock that stands at some instant.
    public init() { state = Mutex(State(now: ContinuousClock.now)) }

    /// Where the clock stands.
    public var now: Instant { state.withLock { $0.now } }

    /// Time has no grain here.
    public var minimumResolution: Duration { .zero }

    /// Waits until the clock is moved to the deadline. Throws `CancellationError` when the task is cancelled first.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wake in
                park(Sleeper(deadline: deadline, wake: wake), id)
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                // The cancellation may come before the sleeper is parked.
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.wake.resume(throwing: CancellationError())
        }
    }

    /// Moves the clock and wakes everyone whose time has come.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// Returns as soon as at least this many sleep.
    public func sleepers(_ count: Int) async {
        await withCheckedContinuation { wake in
            let ready = state.withLock { state in
                state.watchers.append(Watcher(count: count, wake: wake))
                return state.readyWatchers()
            }
            for watcher in ready { watcher.wake.resume() }
        }
    }

    private func park(_ sleeper: Sleeper, _ id: Int) {
        let outcome = state.withLock { state -> Parking in
            if state.cancelled.remove(id) != nil { return .cancelled }
            if sleeper.deadline <= state.now { return .due }
            state.sleepers[id] = sleeper
            return .parked(state.readyWatchers())
        }
        switch outcome {
        case .parked(let ready): for watcher in ready { watcher.wake.resume() }
        case .due: sleeper.wake.resume()
        case .cancelled: sleeper.wake.resume(throwing: CancellationError())
        }
    }
}
