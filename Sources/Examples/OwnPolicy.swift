// guide:begin
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// Writes one line for each call that passes it.
struct CallLog: Policy {
    let name: String
    let write: @Sendable (String) -> Void

    func stream(_ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext) async throws -> ChatStream {
        // Lazy: nothing happens before the stream is pulled.
        ChatStream { Batches(entry: Entry(log: self), open: { try await next(request, call) }) }
    }

    private struct Batches: StreamEventBatches {
        let entry: Entry
        let open: @Sendable () async throws -> ChatStream
        var inner: (any StreamEventBatches)?

        mutating func nextBatch() async throws -> [StreamEvent]? {
            do {
                if inner == nil { inner = try await open().batches() }
                let events = try await inner?.nextBatch()
                if events == nil { entry.write("answered") }
                return events
            } catch let error as ProviderError {
                entry.write("\(error.kind.rawValue), \(error.fate.rawValue)")
                throw error
            }
        }
    }

    /// Lives as long as the stream. Who stops reading drops it, and so does a cancelled task.
    private final class Entry {
        private let log: CallLog
        private var isWritten = false

        init(log: CallLog) { self.log = log }
        deinit { if !isWritten { write("dropped") } }

        func write(_ ending: String) {
            log.write("\(log.name): \(ending)")
            isWritten = true
        }
    }
}

/// One log outside the retries, which sees the call, and one inside, which sees each attempt.
func ownPolicy(at endpoint: ProviderEndpoint, model: String) async throws {
    let server = try OpenAIProvider(endpoint: endpoint, transport: CurlTransport())
    let (outer, inner) = (CallLog(name: "call") { print($0) }, CallLog(name: "attempt") { print($0) })
    let provider = PolicyProvider(server, policies: [outer, RetryPolicy(), inner])
    let answer = try await provider.complete(ChatRequest(model: model, messages: [ChatMessage(.user, "Are you busy?")]))
    print(answer.text)
}
// guide:end
