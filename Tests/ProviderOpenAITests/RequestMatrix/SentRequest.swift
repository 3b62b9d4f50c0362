import ProviderCore
import TestSupport

@testable import ProviderOpenAI

/// What went out for a request.
struct SentRequest: Sendable {
    let request: ChatRequest
    let api: ModelAPI
    let text: String
    let body: JSONValue
    /// Whether the model makes several calls at once, or nobody knows.
    let takesParallelCalls: Bool

    /// Gives a request to the provider as the program does, at OpenAI, with the catalog that is compiled in. Nil when the
    /// provider says beforehand that the model does not take it.
    init?(_ request: ChatRequest, catalog: ModelCatalog) async throws {
        let transport = ScriptedTransport([])
        let endpoint = ProviderEndpoint(baseURL: OpenAIProvider.defaultBaseURL, key: Secret("sk-0123456789abcdef"))
        let provider = try OpenAIProvider(endpoint: endpoint, transport: transport, catalog: catalog)
        do {
            _ = try await provider.stream(request)
        } catch let error as ProviderError {
            if error.kind == .invalidRequest, transport.requests.isEmpty { return nil }
        }
        guard transport.requests.count == 1, let sent = transport.requests.first, let bytes = sent.body,
            let api = Self.apis[sent.url]
        else { throw Unexpected(urls: transport.requests.map(\.url)) }
        self.request = request
        takesParallelCalls = catalog.model(request.model)?.supports(.parallelTools) != .no
        self.api = api
        text = String(decoding: bytes, as: UTF8.self)
        body = try JSONParser.parse(bytes)
    }

    /// Not one request with a body to a known place.
    struct Unexpected: Error {
        let urls: [String]
    }

    private static let apis: [String: ModelAPI] = [
        "https://api.openai.com/v1/chat/completions": .chat, "https://api.openai.com/v1/responses": .responses,
    ]
}
