public import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A server that speaks OpenAI's Chat Completions, OpenAI itself or a compatible one.
///
/// Holds configuration only; many requests may run at once. Redirects are never followed, nothing is tried again (that is
/// the business of a policy around it), with one exception: a server that refuses `stream_options` is asked again, once
/// and silently, without them. A key goes out over plain http only to this machine, unless the
/// endpoint allows more.
public struct OpenAIProvider: AIProvider {
    /// The name it registers under.
    public static let id: ProviderID = "openai"
    /// OpenAI's own base URL.
    public static let defaultBaseURL = "https://api.openai.com/v1"

    /// `openai`.
    public var id: ProviderID { Self.id }

    private let endpoint: ProviderEndpoint
    private let address: EndpointAddress
    private let headers: RequestHeaders
    private let transport: any HTTPTransport
    private let unixTime: @Sendable () -> Double

    /// A provider at an endpoint. Throws `ProviderError` of kind `invalidRequest` when its URL or a header is unusable.
    public init(endpoint: ProviderEndpoint, transport: any HTTPTransport) throws {
        try self.init(endpoint: endpoint, transport: transport) { Date().timeIntervalSince1970 }
    }

    /// A provider with its own time of day, in seconds since 1970.
    init(
        endpoint: ProviderEndpoint, transport: any HTTPTransport, unixTime: @escaping @Sendable () -> Double
    ) throws {
        address = try EndpointAddress(endpoint)
        headers = try RequestHeaders(endpoint, base: address.base)
        self.endpoint = endpoint
        self.transport = transport
        self.unixTime = unixTime
    }

    /// Registers the provider under `openai`.
    public static func register(in registry: inout ProviderRegistry) {
        registry.register(id) { endpoint, transport in try OpenAIProvider(endpoint: endpoint, transport: transport) }
    }

    /// Asks for a streamed answer. A server that answers with one JSON body, or without naming a content type, is read
    /// up to the first events here, so that its errors can still be tried again.
    public func stream(_ request: ChatRequest) async throws -> ChatStream {
        let response = try await open(request, isStreamed: true)
        var batches = ChatEventBatches(response, decoder: decoder(for: request, response), server: server)
        if !response.isCalledEvents { try await batches.readAhead() }
        let source = OneShot(batches)
        return ChatStream { source.take() }
    }

    /// Asks for a whole answer, without streaming. A server that streams all the same is understood.
    public func complete(_ request: ChatRequest) async throws -> ChatResponse {
        let response = try await open(request, isStreamed: false)
        var batches = ChatEventBatches(
            response, decoder: decoder(for: request, response), server: server, needsFinishReason: false)
        var answer = ChatResponse()
        while let events = try await batches.nextBatch() {
            for event in events { answer.apply(event) }
        }
        return answer
    }

    /// The endpoint's models: at most 10,000 lines of at most 16 MiB.
    public func models() async throws -> [ModelListing] {
        let response = try await exchange(.models, body: nil, accept: "application/json")
        let errors = errors(of: response)
        let bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: 16 << 20)
        } catch let failure as TransportError {
            throw ProviderError(failure, server: server, isAnswering: true, secrets: errors.secrets)
        }
        let value = try? JSONParser.parse(bytes)
        if let value, let list = ModelListing.list(wire: value) { return list }
        if let value, let body = ErrorBody.inAnswer(value) { throw errors.error(body) }
        let quote = Quote.body(bytes, hiding: errors.secrets)
        throw errors.malformed(
            "\(server) has no model list: there came " + (quote.isEmpty ? "an empty body" : "this: \(quote)"))
    }

    /// Sends a chat request and checks the status.
    private func open(_ request: ChatRequest, isStreamed: Bool) async throws -> HTTPResponse {
        let asksForUsage = isStreamed && request.includeUsage
        do {
            return try await send(request, isStreamed: isStreamed, asksForUsage: asksForUsage)
        } catch let error as ProviderError where asksForUsage && error.refusesStreamOptions {
            guard !request.extraFields.contains(where: { $0.key == "stream_options" }) else { throw error }
            return try await send(request, isStreamed: isStreamed, asksForUsage: false)
        }
    }

    private func send(
        _ request: ChatRequest, isStreamed: Bool, asksForUsage: Bool
    ) async throws -> HTTPResponse {
        let body = ChatCompletionBody(
            request: request, outputLimitField: address.outputLimitField, isStreamed: isStreamed,
            asksForUsage: asksForUsage)
        return try await exchange(
            .chatCompletions(model: request.model), body: JSONWriter.bytes(body.value),
            accept: isStreamed ? "text/event-stream" : "application/json")
    }

    /// One exchange; returns answers of status 2xx only.
    private func exchange(_ route: Route, body: [UInt8]?, accept: String) async throws -> HTTPResponse {
        let isSafe = address.base.isEncrypted || address.base.isLoopback || endpoint.allowsPlainHTTP
        guard isSafe || !headers.carryCredentials else {
            throw ProviderError(
                kind: .invalidRequest,
                message: "the key is not sent to \(server) over plain http, where others could read it: use https")
        }
        let request = HTTPRequest(
            method: route.method, url: try address.url(for: route),
            headers: headers.all(accept: accept, hasBody: body != nil), body: body, timeouts: endpoint.timeouts)
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch let failure as TransportError {
            throw ProviderError(failure, server: server, isAnswering: false, secrets: Redactor(headers.secrets))
        }
        if (200..<300).contains(response.status) { return response }
        let errors = errors(of: response)
        if (300..<400).contains(response.status) { throw errors.redirect(to: response.header("location")) }
        throw errors.error(bytes: try await Self.beginning(of: response.body))
    }

    /// The first 64 KiB of an error's body. What came before a failure is enough to tell of it.
    private static func beginning(of body: any HTTPBody) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while bytes.count < 64 << 10, let slice = try await body.read() { bytes += slice }
        } catch is TransportError {
            return bytes
        }
        return Array(bytes.prefix(64 << 10))
    }

    /// How messages name the endpoint: host and port.
    private var server: String { address.base.displayName }

    private func errors(of response: HTTPResponse) -> AnswerErrors {
        AnswerErrors(
            response, server: server, sentKey: headers.carryCredentials, secrets: Redactor(headers.secrets),
            unixTime: unixTime)
    }

    private func decoder(for request: ChatRequest, _ response: HTTPResponse) -> ChatChunkDecoder {
        let count = request.extraFields.last { $0.key == "n" }?.value.intValue ?? 1
        return ChatChunkDecoder(errors: errors(of: response), asksSeveral: count > 1)
    }
}

extension ProviderError {
    /// Whether a server of the older kind stumbled over `stream_options`.
    fileprivate var refusesStreamOptions: Bool {
        (status == 400 || status == 422) && (message.contains("stream_options") || param == "stream_options")
    }
}
