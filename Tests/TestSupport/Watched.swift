import Dispatch
import Synchronization

/// A value that others wait for. Safe from any thread.
final class Watched<Value: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let id: Int
        let isWanted: @Sendable (Value) -> Bool
        let resume: @Sendable (Value?) -> Void
    }

    private struct State {
        var value: Value
        var waiters: [Waiter] = []
        var nextWaiter = 0
    }

    private let state: Mutex<State>

    init(_ value: Value) { state = Mutex(State(value: value)) }

    /// The value now.
    var value: Value { state.withLock { $0.value } }

    /// Changes the value, and resumes those who waited for what it is now.
    func change(_ body: (inout Value) -> Void) {
        let (met, value) = state.withLock { state -> ([Waiter], Value) in
            body(&state.value)
            let value = state.value
            let met = state.waiters.filter { $0.isWanted(value) }
            state.waiters.removeAll { waiter in met.contains { $0.id == waiter.id } }
            return (met, value)
        }
        for waiter in met { waiter.resume(value) }
    }

    /// Waits until the value is as wanted; nil when that does not happen in time.
    func wait(
        within limit: DispatchTimeInterval, until isWanted: @escaping @Sendable (Value) -> Bool
    ) async -> Value? {
        await withCheckedContinuation { continuation in
            let (id, ready) = state.withLock { state -> (Int, Value?) in
                if isWanted(state.value) { return (0, state.value) }
                state.nextWaiter += 1
                state.waiters.append(
                    Waiter(id: state.nextWaiter, isWanted: isWanted) { continuation.resume(returning: $0) })
                return (state.nextWaiter, nil)
            }
            if let ready { return continuation.resume(returning: ready) }
            DispatchQueue.global().asyncAfter(deadline: .now() + limit) { [self] in giveUp(id) }
        }
    }

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.resume(nil)
    }
}
