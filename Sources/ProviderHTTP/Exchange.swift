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

    /// A suspended reader. It is given the bytes it waits for, or nil: look again.
    typealias Waiter = UnsafeContinuation<[UInt8]?, Never>

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
        /// The reader, while it waits for bytes.
        var reader: Waiter?
        /// Whoever waits for the head, and readers beyond the first.
        var others: [Waiter] = []

        var isCancelled: Bool { if case .cancelled = ending { true } else { false } }

        mutating func takeWaiters() -> [Waiter] {
            guard reader != nil || !others.isEmpty else { return [] }
            defer {
                reader = nil
                others = []
            }
            return others + [reader].compactMap(\.self)
        }
    }

    private enum Step {
        case bytes([UInt8], wasPaused: Bool)
        case end
        case wait
    }

    private let inbox: LoopInbox
    private let state = Mutex(State())
    private let eventWasNoted = Atomic(false)

    init(inbox: LoopInbox) {
        self.inbox = inbox
    }
}

// MARK: The reader's side

extension Exchange {
    /// The head, as soon as it is in. Called once.
    nonisolated(nonsending) func head() async throws -> ResponseHead {
        while true {
            try stopIfCancelled()
            let head: ResponseHead? = try state.withLock { state in
                if state.isCancelled { throw CancellationError() }
                if let head = state.head {
                    state.head = nil
                    return head
                }
                switch state.ending {
                case .failed(let error): throw error
                case .finished: throw TransportError(.malformed, "no answer", progress: .sent)
                default: return nil
                }
            }
            if let head { return head }
            _ = await wait { state, waiter in
                if state.head != nil { return false }
                state.others.append(waiter)
                return true
            }
        }
    }

    /// All bytes that are in, waiting for at least one; nil at the end.
    nonisolated(nonsending) func read() async throws -> [UInt8]? {
        while true {
            try stopIfCancelled()
            switch try step() {
            case .bytes(let bytes, let wasPaused):
                if wasPaused { inbox.post(.resume(self)) }
                return bytes
            case .end: return nil
            case .wait: break
            }
            let bytes = await wait { state, waiter in
                if !state.unread.isEmpty { return false }
                if state.reader == nil { state.reader = waiter } else { state.others.append(waiter) }
                return true
            }
            guard let bytes else { continue }
            try stopIfCancelled()
            return bytes
        }
    }

    /// The reader completed an event. Only a flag: the loop knows when the bytes came.
    func noteEvent() {
        eventWasNoted.store(true, ordering: .relaxed)
    }

    /// Gives the answer up and has the connection closed; nothing if the exchange is over.
    func cancel() {
        let waiters: [Waiter]? = state.withLock { state in
            guard state.ending == nil else { return nil }
            state.ending = .cancelled
            state.unread = []
            return state.takeWaiters()
        }
        guard let waiters else { return }
        inbox.post(.remove(self))
        for waiter in waiters { waiter.resume(returning: nil) }
    }

    private func stopIfCancelled() throws {
        guard Task.isCancelled else { return }
        cancel()
        throw CancellationError()
    }

    /// Apart from `read`, whose frame stays in memory while it waits.
    @inline(never)
    private func step() throws -> Step {
        try state.withLock { state in
            if !state.unread.isEmpty {
                var bytes: [UInt8] = []
                swap(&bytes, &state.unread)
                let wasPaused = state.isPaused
                state.isPaused = false
                return .bytes(bytes, wasPaused: wasPaused && state.ending == nil)
            }
            switch state.ending {
            case nil: return .wait
            case .finished: return .end
            case .failed(let error): throw error
            case .cancelled: throw CancellationError()
            }
        }
    }

    /// Suspends until the loop or the end of the exchange resumes the waiter that `enlist` has kept; `enlist` answers
    /// false when there is nothing to wait for.
    private nonisolated(nonsending) func wait(_ enlist: (inout State, Waiter) -> Bool) async -> [UInt8]? {
        await withTaskCancellationHandler {
            // Unsafe as in "not counted": each waiter leaves the state under its lock and is resumed by who took it out.
            await withUnsafeContinuation { waiter in
                let waits = state.withLock { $0.ending == nil && enlist(&$0, waiter) }
                if !waits { waiter.resume(returning: nil) }
            }
        } onCancel: {
            cancel()
        }
    }
}

// MARK: The loop's side

extension Exchange {
    /// Whether the reader has given up.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Whether bytes lie here that nobody has asked for yet.
    var hasUnread: Bool { state.withLock { !$0.unread.isEmpty } }

    /// Whether the reader completed an event since the last call.
    func takeEventNote() -> Bool {
        // Nearly always false, and reading is much cheaper than exchanging.
        eventWasNoted.load(ordering: .relaxed) && eventWasNoted.exchange(false, ordering: .relaxed)
    }

    /// Hands over what one turn of the loop brought; true = pause the network. Whoever waited is put into `wakeUps`.
    func deliver(_ head: ResponseHead?, _ bytes: inout [UInt8], _ wakeUps: inout WakeUps) -> Bool {
        state.withLock { state in
            guard state.ending == nil else {
                bytes = []
                return false
            }
            if let head {
                state.head = head
                wakeUps.add(state.others)
                state.others = []
            }
            if state.unread.isEmpty {
                swap(&state.unread, &bytes)
            } else {
                state.unread += bytes
                bytes.removeAll(keepingCapacity: true)
            }
            if let reader = state.reader, !state.unread.isEmpty {
                wakeUps.add(reader, state.unread)
                state.reader = nil
                state.unread = []
                return false
            }
            let pause = !state.isPaused && state.unread.count > Self.highWater
            if pause { state.isPaused = true }
            return pause
        }
    }

    /// Records the end; the first one counts.
    func end(_ ending: Ending) {
        let waiters = state.withLock { state in
            if state.ending == nil { state.ending = ending }
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }
}

/// Readers that go on when a turn's bytes are all handed out: one burst wakes the executor's threads once, and they do
/// not compete with the loop for the core meanwhile.
struct WakeUps {
    private var waiters: [(waiter: Exchange.Waiter, bytes: [UInt8]?)] = []

    /// Adds a reader and the bytes it waited for.
    mutating func add(_ reader: Exchange.Waiter, _ bytes: [UInt8]) {
        waiters.append((reader, bytes))
    }

    /// Adds waiters that are to look again.
    mutating func add(_ others: [Exchange.Waiter]) {
        for waiter in others { waiters.append((waiter, nil)) }
    }

    /// Resumes them all.
    mutating func resumeAll() {
        guard !waiters.isEmpty else { return }
        for entry in waiters { entry.waiter.resume(returning: entry.bytes) }
        waiters.removeAll(keepingCapacity: waiters.capacity <= 1024)
    }
}
