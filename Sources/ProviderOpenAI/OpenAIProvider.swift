public import ProviderCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A server that speaks OpenAI's Chat Completions or Responses: OpenAI itself, Azure, or a compatible one.
///
/// Holds configuration only, and remembers what the server refused; many requests may run at once. With a catalog it knows which
/// API a model needs and which parameters it does not take, and says so before anything is sent. Redirects are never followed.
/// Nothing is tried again, which is the business of a policy around it, with one exception: a server that refuses a spelling
/// (`stream_options`, `max_tokens` for `max_completion_tokens` or the other way round) is asked once more, silently, in its own.
/// Credentials go out over plain http only to this machine, unless the endpoint allows more.
public struct OpenAIProvider: AIProvider {
    /// The name it registers under.
    public static let id: ProviderID = "openai"
    /// OpenAI's own base URL.
    public static let defaultBaseURL = BaseURL.openAI.text

    /// `openai`.
    public var id: ProviderID { Self.id }

    private let endpoint: ProviderEndpoint
    private let address: EndpointAddress
    private let headers: RequestHeaders
    private let transport: any HTTPTransport
    private let catalog: ModelCatalog?
    private let memory = ConcessionMemory()
    private let unixTime: @Sendable () -> Double
    private let clock: any MonotonicClock

    /// A provider at an endpoint. Nothing is sent yet. Throws `ProviderError` of kind `invalidRequest` when its URL or a header
    /// is unusable.
    ///
    /// `catalog` is what is known of models; without one, a request is checked only for what its API has no place for, and Chat
    /// Completions is asked unless the request or the endpoint says otherwise.
    public init(endpoint: ProviderEndpoint, transport: any HTTPTransport, catalog: ModelCatalog? = nil) throws {
        try self.init(endpoint: endpoint, transport: transport, catalog: catalog) { Date().timeIntervalSince1970 }
    }

    /// A provider with its own time of day, in seconds since 1970, and its own clock, which tells when what arrived.
    init(
        endpoint: ProviderEndpoint, transport: any HTTPTransport, catalog: ModelCatalog? = nil,
        clock: any MonotonicClock = ContinuousClock(), unixTime: @escaping @Sendable () -> Double
    ) throws {
        address = try EndpointAddress(endpoint)
        headers = try RequestHeaders(endpoint, base: address.base)
        self.endpoint = endpoint
        self.transport = transport
        self.catalog = catalog
        self.unixTime = unixTime
        self.clock = clock
    }

    /// Registers the provider under `openai`. All that the registry makes share the catalog.
    public static func register(in registry: inout ProviderRegistry, catalog: ModelCatalog? = nil) {
        registry.register(id) { endpoint, transport in
            try OpenAIProvider(endpoint: endpoint, transport: transport, catalog: catalog)
        }
    }

    /// Asks. An answer that was asked for in one piece is read to its end here; one that the server does not call an event
    /// stream is read up to its first events, so that its errors can still be tried again.
    ///
    /// Throws `ProviderError` of kind `invalidRequest`, fate `notSent`, for what the model or the endpoint is known not to take;
    /// what the server refuses; and from the stream, after all events that arrived, how an answer broke off. Throws
    /// `CancellationError` when the task is cancelled. The connection is open as long as the stream lives.
    public func stream(_ request: ChatRequest) async throws -> ChatStream {
        if let resumption = request.resumption { return try await resume(resumption, request) }
        let plan = try plan(for: request)
        return try await read(open(request, plan), plan.api, request)
    }

    /// The endpoint's models: at most 10,000 lines of at most 16 MiB. Throws as `stream`; kind `invalidResponse` when what
    /// comes is no list of models.
    public func models() async throws -> [ModelListing] {
        let message = try message(.models, body: nil, accept: "application/json", timeouts: endpoint.timeouts)
        let response = try await exchange(message)
        let errors = errors(of: response)
        let bytes: [UInt8]
        do {
            bytes = try await response.body.collect(upTo: 16 << 20)
        } catch let failure as TransportError {
            throw errors.lost(failure, isAnswering: true)
        }
        let value = try? JSONParser.parse(bytes)
        if let value, let list = ModelListing.list(wire: value) { return list }
        if let value, let body = ErrorBody.inAnswer(value) { throw errors.error(body) }
        let quote = Quote.body(bytes, hiding: errors.secrets)
        throw errors.malformed(
            "\(server) has no model list: there came " + (quote.isEmpty ? "an empty body" : "this: \(quote)"))
    }
}

// MARK: One exchange

extension OpenAIProvider {
    /// Sends a request and checks the status; once more in another spelling where the server wants one.
    private func open(_ request: ChatRequest, _ plan: RequestPlan) async throws -> HTTPResponse {
        var concessions = memory.concessions(for: request.model)
        while true {
            do {
                return try await exchange(message(request, plan, concessions))
            } catch {
                concessions = try more(than: concessions, after: error, request, plan)
            }
        }
    }

    /// What to concede after an error; throws it on when that is nothing.
    @inline(never)
    private func more(
        than concessions: Concessions, after error: any Error, _ request: ChatRequest, _ plan: RequestPlan
    ) throws -> Concessions {
        let limit = concessions.outputLimitField ?? plan.outputLimitField
        guard plan.api == .chat, let error = error as? ProviderError,
            let more = concessions.extended(by: error, of: request, sentLimit: limit)
        else { throw error }
        memory.note(more, for: request.model)
        return more
    }

    /// Goes on with an answer that broke off.
    private func resume(_ resumption: Resumption, _ request: ChatRequest) async throws -> ChatStream {
        let message = try message(
            .response(id: resumption.responseID, startingAfter: resumption.sequenceNumber), body: nil,
            accept: "text/event-stream", timeouts: timeouts(for: request))
        let response = try await exchange(message, resuming: resumption)
        return try await read(response, .responses, request)
    }

    /// The answer's events, read as far as they have to be now.
    private func read(_ response: HTTPResponse, _ api: ModelAPI, _ request: ChatRequest) async throws -> ChatStream {
        guard request.delivery == .whole || !response.isCalledEvents else { return unread(response, api, request) }
        switch api {
        case .chat: return try await readFirst(response, chatDecoder(response, request), request)
        case .responses: return try await readFirst(response, responsesDecoder(response, request), request)
        }
    }

    private func chatDecoder(_ response: HTTPResponse, _ request: ChatRequest) -> ChatChunkDecoder {
        let several = request.extraFields.last { $0.key == "n" }?.value.intValue ?? 1
        return ChatChunkDecoder(errors: errors(of: response), asksSeveral: several > 1)
    }

    private func responsesDecoder(_ response: HTTPResponse, _ request: ChatRequest) -> ResponsesDecoder {
        ResponsesDecoder(
            errors: errors(of: response), canResume: request.isBackground || request.resumption != nil,
            from: request.resumption)
    }

    // These are apart from their callers, whose frames stay in memory for as long as the task reads the answer: with a
    // thousand streams at once, that is most of the memory.

    @inline(never)
    private func unread(_ response: HTTPResponse, _ api: ModelAPI, _ request: ChatRequest) -> ChatStream {
        switch api {
        case .chat:
            ChatStream(holding: batches(of: response, chatDecoder(response, request), request))
        case .responses:
            ChatStream(holding: batches(of: response, responsesDecoder(response, request), request))
        }
    }

    private func batches<Decoder: AnswerDecoder>(
        of response: HTTPResponse, _ decoder: Decoder, _ request: ChatRequest
    ) -> AnswerBatches<Decoder> {
        var arrivals: StreamArrivals?
        if request.tellsArrivals, let sent = response.sent, let headers = response.headersCame {
            arrivals = StreamArrivals(sent: sent, headers: headers, at: headers, marks: [])
        }
        return AnswerBatches(response, decoder: decoder, server: server, arrivals: arrivals, clock: clock)
    }

    @inline(never)
    private func readFirst(
        _ response: HTTPResponse, _ decoder: some AnswerDecoder, _ request: ChatRequest
    ) async throws -> ChatStream {
        var batches = batches(of: response, decoder, request)
        if request.delivery == .whole { try await batches.readAll() } else { try await batches.readAhead() }
        return ChatStream(holding: batches)
    }

    @inline(never)
    private func plan(for request: ChatRequest) throws -> RequestPlan {
        try RequestPlan(request, model: catalog?.model(request.model), address: address, preferred: endpoint.api)
    }

    @inline(never)
    private func message(
        _ request: ChatRequest, _ plan: RequestPlan, _ concessions: Concessions
    ) throws -> HTTPRequest {
        try message(
            plan.api == .responses ? .responses : .chatCompletions(model: request.model),
            body: JSONWriter.bytes(plan.body(request, concessions)),
            accept: request.delivery == .streamed ? "text/event-stream" : "application/json",
            timeouts: timeouts(for: request))
    }

    @inline(never)
    private func message(
        _ route: Route, body: [UInt8]?, accept: String, timeouts: HTTPTimeouts
    ) throws -> HTTPRequest {
        let isSafe = address.base.isEncrypted || address.base.isLoopback || endpoint.allowsPlainHTTP
        guard isSafe || !headers.carryCredentials else {
            throw ProviderError(
                kind: .invalidRequest,
                message: "the key is not sent to \(server) over plain http, where others could read it: use https")
        }
        return HTTPRequest(
            method: route.method, url: try address.url(for: route),
            headers: headers.all(accept: accept, hasBody: body != nil), body: body, timeouts: timeouts)
    }

    /// The error of an answer that is none.
    @inline(never)
    private func refusal(_ response: HTTPResponse, resuming: Resumption?) async throws -> ProviderError {
        let errors = errors(of: response)
        if (300..<400).contains(response.status) { return errors.redirect(to: response.header("location")) }
        var error = errors.error(bytes: try await Self.beginning(of: response.body))
        // A server that is busy still has the answer.
        if error.isRetryable { error.resumption = resuming }
        return error
    }

    @inline(never)
    private func lost(_ error: any Error, resuming: Resumption?) -> any Error {
        guard let failure = error as? TransportError else { return error }
        var error = ProviderError(failure, server: server, isAnswering: false, secrets: Redactor(headers.secrets))
        error.resumption = resuming
        return error
    }

    /// One exchange; returns answers of status 2xx only.
    private func exchange(
        _ message: HTTPRequest, resuming: Resumption? = nil
    ) async throws -> HTTPResponse {
        var response: HTTPResponse
        let sent = clock.now
        do { response = try await transport.send(message) } catch { throw lost(error, resuming: resuming) }
        response.sent = response.sent ?? sent
        response.headersCame = response.headersCame ?? clock.now
        guard (200..<300).contains(response.status) else { throw try await refusal(response, resuming: resuming) }
        return response
    }

    /// The endpoint's limits, within what is left for the request.
    private func timeouts(for request: ChatRequest) -> HTTPTimeouts {
        var limits = endpoint.timeouts
        if let left = request.timeLimit { limits.total = min(left, limits.total ?? left) }
        return limits
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
}
