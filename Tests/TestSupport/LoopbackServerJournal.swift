import Synchronization

/// A request as the server read it.
public struct LoopbackRequest: Sendable, Hashable {
    /// Request line and headers, without the blank line.
    public var head: String
    /// The body, as long as Content-Length says.
    public var body: [UInt8] = []

    init(head: String) {
        self.head = head
    }

    /// The request line.
    public var line: String { lines.first ?? "" }

    /// The header lines in order.
    public var headerLines: [String] { Array(lines.dropFirst()) }

    /// The value of the first header of this name, whatever its case.
    public func header(_ name: String) -> String? {
        for line in headerLines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == name.lowercased() else { continue }
            return String(parts[1].drop { $0 == " " })
        }
        return nil
    }

    private var lines: [String] {
        head.split(separator: "\r\n").map(String.init)
    }
}

/// What a `LoopbackServer` has seen.
public struct LoopbackLog: Sendable, Hashable {
    /// Requests in order of arrival.
    public var requests: [LoopbackRequest] = []
    /// Connections taken.
    public var connections = 0
    /// Connections that the client closed or reset.
    public var closedByClient = 0
    /// Connections that the server has closed, for whatever reason.
    public var closed = 0
    /// Bytes sent by `flood` each time the client stopped taking more.
    public var blockedAt: [Int] = []
}

/// The log of a server, which a test can wait for.
public final class LoopbackJournal: Sendable {
    private struct Waiter {
        let id: Int
        let condition: @Sendable (LoopbackLog) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var log = LoopbackLog()
        var waiters: [Waiter] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// The log now.
    public var log: LoopbackLog { state.withLock { $0.log } }

    /// Waits until the log fulfils a condition, or the task is cancelled, and returns it.
    @discardableResult
    public func wait(until condition: @escaping @Sendable (LoopbackLog) -> Bool) async -> LoopbackLog {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if condition(state.log) || state.cancelled.contains(id) { return true }
                    state.waiters.append(Waiter(id: id, condition: condition, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            giveUp(id)
        }
        return log
    }

    func note(_ change: (inout LoopbackLog) -> Void) {
        let ready = state.withLock { state in
            change(&state.log)
            let log = state.log
            let ready = state.waiters.filter { $0.condition(log) }
            state.waiters.removeAll { waiter in ready.contains { $0.id == waiter.id } }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Adds a request and returns its number.
    func add(_ request: LoopbackRequest) -> Int {
        var number = 0
        note { log in
            number = log.requests.count
            log.requests.append(request)
        }
        return number
    }

    private func giveUp(_ id: Int) {
        let waiter = state.withLock { state -> Waiter? in
            state.cancelled.insert(id)
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume()
    }
}
