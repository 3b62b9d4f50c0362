import Synchronization

/// The last requests and how their answers ended, for tests that wait for them.
final class RequestLog: Sendable {
    private struct Waiter<Value: Sendable> {
        var id: Int
        var number: Int
        var continuation: CheckedContinuation<Value?, Never>
    }

    private struct State {
        var requests: [RecordedRequest] = []
        var endings: [Int: AnswerEnding] = [:]
        var count = 0
        var bytes = 0
        var isClosed = false
        var nextWaiter = 0
        var requestWaiters: [Waiter<RecordedRequest>] = []
        var endingWaiters: [Waiter<AnswerEnding>] = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let byteLimit: Int
    private let onRequest: (@Sendable (RecordedRequest) -> Void)?

    /// - Parameters:
    ///   - limit: how many requests are kept.
    ///   - byteLimit: how many bytes their bodies may have together.
    ///   - onRequest: told of each in order.
    init(limit: Int, byteLimit: Int, onRequest: (@Sendable (RecordedRequest) -> Void)? = nil) {
        self.limit = limit
        self.byteLimit = byteLimit
        self.onRequest = onRequest
    }

    var all: [RecordedRequest] { state.withLock { $0.requests } }

    /// Records a request; `make` gets its number.
    func add(_ make: (Int) -> RecordedRequest) -> Int {
        let (number, request, waiters) = state.withLock { state in
            state.count += 1
            let request = make(state.count)
            onRequest?(request)
            state.requests.append(request)
            state.bytes += request.body.utf8.count
            while state.requests.count > limit || (state.bytes > byteLimit && state.requests.count > 1) {
                let oldest = state.requests.removeFirst()
                state.bytes -= oldest.body.utf8.count
                state.endings[oldest.number] = nil
            }
            let waiters = state.requestWaiters.filter { $0.number == request.number }
            state.requestWaiters.removeAll { $0.number == request.number }
            return (state.count, request, waiters)
        }
        for waiter in waiters { waiter.continuation.resume(returning: request) }
        return number
    }

    /// Records how the answer to a request ended.
    func end(_ number: Int, _ ending: AnswerEnding) {
        let waiters = state.withLock { state in
            if number > state.count - limit { state.endings[number] = ending }
            let waiters = state.endingWaiters.filter { $0.number == number }
            state.endingWaiters.removeAll { $0.number == number }
            return waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: ending) }
    }

    /// Ends all waiting with nil.
    func close() {
        let (requests, endings) = state.withLock { state in
            state.isClosed = true
            defer { (state.requestWaiters, state.endingWaiters) = ([], []) }
            return (state.requestWaiters, state.endingWaiters)
        }
        for waiter in requests { waiter.continuation.resume(returning: nil) }
        for waiter in endings { waiter.continuation.resume(returning: nil) }
    }

    /// Waits for a request; nil if it is no longer kept, the server stops, or the task is cancelled.
    func request(_ number: Int) async -> RecordedRequest? {
        await wait(number, in: \.requestWaiters) { state in
            if let found = state.requests.first(where: { $0.number == number }) { return found }
            return number > state.count && !state.isClosed ? .none : .some(nil)
        }
    }

    /// Waits for the end of an answer; nil as above.
    func ending(_ number: Int) async -> AnswerEnding? {
        await wait(number, in: \.endingWaiters) { state in
            if let found = state.endings[number] { return found }
            let isOld = number < (state.requests.first?.number ?? 1)
            return !isOld && !state.isClosed ? .none : .some(nil)
        }
    }

    /// Waits unless `lookup` has an answer, which may be that there is none to come.
    private func wait<Value: Sendable>(
        _ number: Int, in waiters: any WritableKeyPath<State, [Waiter<Value>]> & Sendable,
        lookup: @Sendable (State) -> Value??
    ) async -> Value? {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let known: Value?? = state.withLock { state in
                    if Task.isCancelled { return .some(nil) }
                    if let known = lookup(state) { return .some(known) }
                    state[keyPath: waiters].append(Waiter(id: id, number: number, continuation: continuation))
                    return .none
                }
                if let known { continuation.resume(returning: known) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let found = state[keyPath: waiters].first { $0.id == id }
                state[keyPath: waiters].removeAll { $0.id == id }
                return found
            }
            waiter?.continuation.resume(returning: nil)
        }
    }
}
