import Synchronization

/// The end of an answer by somebody's order, which may come from any connection.
final class Cancellation: Sendable {
    private struct State {
        var time: Int64?
        var nextKey = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// When it came, in nanoseconds since the answer began; nil: it did not.
    var time: Int64? { state.withLock { $0.time } }

    /// Cancels; the first time counts.
    func cancel(at time: Int64) {
        let handlers = state.withLock { state in
            state.time = state.time ?? time
            defer { state.handlers = [:] }
            return state.handlers.values.map { $0 }
        }
        for handler in handlers { handler() }
    }

    /// Has something done when it comes, or now if it has come. The key is for `forget`.
    func onCancel(_ handler: @escaping @Sendable () -> Void) -> Int {
        let (key, isCancelled) = state.withLock { state in
            state.nextKey += 1
            if state.time == nil { state.handlers[state.nextKey] = handler }
            return (state.nextKey, state.time != nil)
        }
        if isCancelled { handler() }
        return key
    }

    func forget(_ key: Int) {
        state.withLock { $0.handlers[key] = nil }
    }
}
