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
        var timeouts = endpoint.timeouts
        timeouts.total = [timeouts.total, request.timeLimit].compactMap(\.self).min()
        let post = HTTPRequest(method: "POST", url: endpoint.baseURL + "/answer", body: prompt, timeouts: timeouts)
        do {
            let response = try await transport.send(post)
            let status = response.status
            guard status == 200 else { throw ProviderError(kind: .server, status: status, message: "status \(status)") }
            return ChatStream { Lines(body: response.body) }
        } catch let cause as TransportError { throw lost(cause, cause.requestMayHaveBeenSent ? .unknown : .notSent) }
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
        } catch let cause as TransportError { throw lost(cause, .interrupted) }
        defer { body = nil }
        return body == nil ? nil : [.finished(.stop, choice: 0)]
    }
}

private func lost(_ cause: TransportError, _ fate: RequestFate) -> ProviderError {
    ProviderError(kind: cause.kind == .timeout ? .timeout : .connection, message: cause.message, fate: fate)
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
