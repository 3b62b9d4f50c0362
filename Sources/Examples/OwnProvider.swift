// guide:begin
import ProviderCore
import ProviderHTTP
import ProviderOpenAI

/// A server of another kind: it takes the prompt as plain text and answers with lines of plain text.
struct PlainTextProvider: AIProvider {
    let id: ProviderID = "plain-text"
    let endpoint: ProviderEndpoint
    let transport: any HTTPTransport

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        let prompt = Array((request.messages.last?.text ?? "").utf8)
        let post = HTTPRequest(
            method: "POST", url: endpoint.baseURL + "/answer", body: prompt, timeouts: endpoint.timeouts)
        do {
            let response = try await transport.send(post)
            let status = response.status
            guard status == 200 else { throw ProviderError(kind: .server, status: status, message: "status \(status)") }
            return ChatStream { Lines(body: response.body) }
        } catch let failure as TransportError { throw error(failure, isAnswering: false) }
    }

    func models() async throws -> [ModelListing] { [ModelListing(id: "the-only-one")] }
}

/// A read may end anywhere, also inside a character: only whole lines are told.
private struct Lines: StreamEventBatches {
    var body: (any HTTPBody)?
    var rest: [UInt8] = []

    mutating func nextBatch() async throws -> [StreamEvent]? {
        do {
            while let bytes = try await body?.read() {
                rest += bytes
                guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
                defer { rest.removeFirst(end + 1) }
                return [.textDelta(String(decoding: rest[...end], as: UTF8.self), choice: 0)]
            }
        } catch let failure as TransportError { throw error(failure, isAnswering: true) }
        defer { body = nil }
        return body == nil ? nil : [.finished(.stop, choice: 0)]
    }
}

private func error(_ failure: TransportError, isAnswering: Bool) -> ProviderError {
    let fate: RequestFate = isAnswering ? .interrupted : failure.requestMayHaveBeenSent ? .unknown : .notSent
    return ProviderError(kind: failure.kind == .timeout ? .timeout : .connection, message: failure.message, fate: fate)
}

/// Both kinds of provider behind the same names, asked by the same lines.
func ownProvider(at endpoint: ProviderEndpoint, model: String) async throws {
    var registry = ProviderRegistry()
    OpenAIProvider.register(in: &registry)
    registry.register("plain-text") { PlainTextProvider(endpoint: $0, transport: $1) }
    for id in registry.ids {
        let provider = try registry.make(id, endpoint: endpoint, transport: CurlTransport())
        let answer = try await provider.complete(ChatRequest(model: model, messages: [ChatMessage(.user, "Greet me.")]))
        print("\(id): \(answer.text)")
    }
}
// guide:end
