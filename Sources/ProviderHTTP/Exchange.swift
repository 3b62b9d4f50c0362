import ProviderCore
import Synchronization

/// Status and headers of an answer.
struct ResponseHead: Sendable {
    let status: Int
    let headers: [HTTPHeader]
}

/// What the loop's thread and the reader of one exchange share.
final class Exchange: Sendable {
    /// Unread bytes above which the network is paused.
    static let highWater = 1 << 20

    /// How an exchange ended.
    enum Ending: Sendable {
        case finished
        case failed(TransportError)
        case cancelled
    }

    private struct State {
        var head: ResponseHead?
        var unread: [UInt8] = []
        var ending: Ending?
        var isPaused = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            guard !waiters.isEmpty else { return [] }
            let taken = waiters
            waiters = []
            return taken
        }
    }

    private enum Step {
        case bytes([UInt8], wasPaused: Bool)
        case end
        case wait
    }

    private let inbox: LoopInbox
    private let state = Mutex(State())

    init(inbox: LoopInbox) {
        self.inbox = inbox
    }
}

// MARK: The reader's side

extension Exchange {
    /// The head, as soon as it is in.
    func head() async throws -> ResponseHead {
        while true {
            try stopIfCancelled()
            let head: ResponseHead? = try state.withLock { state in
                if case .cancelled = state.ending { throw CancellationError() }
                if let head = state.head { return head }
                switch state.ending {
                case .failed(let error): throw error
                case .finished: throw TransportError(.malformed, "no answer", requestMayHaveBeenSent: true)
                default: return nil
                }
            }
            if let head { return head }
            await wait { $0.head != nil }
        }
    }

    /// All bytes that are in, waiting for at least one; nil at the end.
    func read() async throws -> [UInt8]? {
        while true {
            try stopIfCancelled()
            switch try step() {
            case .bytes(let bytes, let wasPaused):
                if wasPaused { inbox.post(.resume(self)) }
                return bytes
            case .end: return nil
            case .wait: await wait { !$0.unread.isEmpty }
            }
        }
    }

    /// Gives the answer up and has the connection closed; nothing if the exchange is over.
    func cancel() {
        let waiters: [CheckedContinuation<Void, Never>]? = state.withLock { state in
            guard state.ending == nil else { return nil }
            state.ending = .cancelled
            state.unread = []
            return state.takeWaiters()
        }
        guard let waiters else { return }
        inbox.post(.remove(self))
        for waiter in waiters { waiter.resume() }
    }

    private func stopIfCancelled() throws {
        guard Task.isCancelled else { return }
        cancel()
        throw CancellationError()
    }

    private func step() throws -> Step {
        try state.withLock { state in
            if case .cancelled = state.ending { throw CancellationError() }
            if !state.unread.isEmpty {
                var bytes: [UInt8] = []
                swap(&bytes, &state.unread)
                let wasPaused = state.isPaused
                state.isPaused = false
                return .bytes(bytes, wasPaused: wasPaused && state.ending == nil)
            }
            switch state.ending {
            case .failed(let error): throw error
            case .finished: return .end
            default: return .wait
            }
        }
    }

    /// Suspends until `isReady` or the end; may return early.
    private func wait(until isReady: @Sendable (borrowing State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.ending != nil || isReady(state) { return true }
                    state.waiters.append(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
    }
}

// MARK: The loop's side

extension Exchange {
    /// Whether the reader has given up.
    var isCancelled: Bool {
        state.withLock { state in
            if case .cancelled = state.ending { true } else { false }
        }
    }

    /// Hands over what one turn of the loop brought; true = pause the network.
    func deliver(_ head: ResponseHead?, _ bytes: inout [UInt8]) -> Bool {
        let (waiters, pause) = state.withLock { state in
            guard state.ending == nil else {
                bytes = []
                return ([CheckedContinuation<Void, Never>](), false)
            }
            if let head { state.head = head }
            if state.unread.isEmpty {
                swap(&state.unread, &bytes)
            } else {
                state.unread += bytes
                bytes.removeAll(keepingCapacity: true)
            }
            let pause = !state.isPaused && state.unread.count > Self.highWater
            if pause { state.isPaused = true }
            return (state.takeWaiters(), pause)
        }
        for waiter in waiters { waiter.resume() }
        return pause
    }

    /// Whether the network is paused for this exchange.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Records the end; the first one counts.
    func end(_ ending: Ending) {
        let waiters = state.withLock { state in
            if state.ending == nil { state.ending = ending }
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }
}
