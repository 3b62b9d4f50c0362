import ProviderCore
import Synchronization
import TestSupport

/// What the policy tests share.
enum PolicyFixture {
    static let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hello there")])
    static let text: [StreamEvent] = [.textDelta("ok", choice: 0), .finished(.stop, choice: 0)]

    static func refusal(
        _ kind: ProviderError.Kind, _ status: Int, after wait: Duration? = nil, limits: RateLimits? = nil
    ) -> ProviderError {
        ProviderError(
            kind: kind, status: status, message: kind.rawValue, retryAfter: wait, rateLimits: limits)
    }

    static let overloaded = refusal(.overloaded, 503)

    static func word(_ event: StreamEvent) -> String {
        switch event {
        case .textDelta(let text, _): return "text \(text)"
        case .finished(let reason, _): return "finished \(reason.wireName)"
        case .responseStarted: return "started"
        case .usage: return "usage"
        case .policy(.attemptStarted(let notice)):
            return "attempt \(notice.number)/\(notice.limit)" + (notice.isResumed ? " resumed" : "")
        case .policy(.retryScheduled(let notice)):
            let wait = notice.wait.map { "\(Int($0.milliseconds.rounded())) ms" } ?? "?"
            return "retry \(notice.attempt) \(notice.error.kind.rawValue) \(notice.basis.rawValue) \(wait)"
        case .policy(.held(let notice)): return "held \(notice.cause.rawValue)"
        case .policy(.circuit(.opened(let time, let failures))):
            return "opened \(Int(time.inSeconds)) s after \(failures)"
        case .policy(.circuit(.probing)): return "probing"
        case .policy(.circuit(.closed)): return "closed"
        case .policy(.budget(let notice)): return "budget \(notice.scope.rawValue)"
        default: return "\(event)"
        }
    }
}

/// A consumer that pulls a stream in a task of its own and keeps what it was told.
final class Listener: Sendable {
    private struct State {
        var words: [String] = []
        var isOver = false
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []

        mutating func ready() -> [CheckedContinuation<Void, Never>] {
            let ready = watchers.filter { $0.count <= words.count || isOver }
            watchers.removeAll { $0.count <= words.count || isOver }
            return ready.map(\.wake)
        }
    }

    private let state = Mutex(State())
    private let task = Mutex<Task<ProviderError?, Never>?>(nil)

    convenience init(_ provider: some AIProvider, _ request: ChatRequest = PolicyFixture.request) {
        self.init { try await provider.stream(request) }
    }

    convenience init(_ stream: ChatStream) { self.init { stream } }

    private init(_ open: @escaping @Sendable () async throws -> ChatStream) {
        let listening = Task { await self.listen(open) }
        task.withLock { $0 = listening }
    }

    private func listen(_ open: () async throws -> ChatStream) async -> ProviderError? {
        do {
            var batches = try await open().batches()
            while let batch = try await batches.nextBatch() { note { $0.words += batch.map(PolicyFixture.word) } }
            note { $0.isOver = true }
            return nil
        } catch {
            note { $0.isOver = true }
            return error as? ProviderError
        }
    }

    private func note(_ change: (inout State) -> Void) {
        let ready = state.withLock { state in
            change(&state)
            return state.ready()
        }
        for wake in ready { wake.resume() }
    }

    /// Waits until so many words were told, or the end.
    func told(_ count: Int) async {
        await withCheckedContinuation { wake in
            note { $0.watchers.append((count, wake)) }
        }
    }

    /// Everything that was told, and how it ended.
    var outcome: (words: [String], error: ProviderError?) {
        get async {
            let error = await task.withLock { $0 }?.value ?? nil
            return (state.withLock { $0.words }, error)
        }
    }

    func cancel() { task.withLock { $0 }?.cancel() }
}
