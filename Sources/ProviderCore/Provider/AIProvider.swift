/// The name under which a provider is registered.
public struct ProviderID: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name, lower case by convention.
    public var rawValue: String
    /// An id by name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// An id by literal.
    public init(stringLiteral value: String) { rawValue = value }
    /// The name.
    public var description: String { rawValue }
}

/// A place that answers chat requests. Safe to use from any number of tasks at once.
///
/// To write one: translate the request, stream the answer as events in wire order, and turn every failure into a
/// `ProviderError`. Be a `Sendable` value that holds configuration only; state of one answer lives in the stream. To fake
/// one: return a `ChatStream` over an array of batches (see `ScriptedProvider` in the tests). Policies such as retry stand
/// around a provider in a `PolicyProvider`, which is one itself.
public protocol AIProvider: Sendable {
    /// The name it is registered under.
    var id: ProviderID { get }

    /// Asks, and tells the answer as events; `request.delivery` says whether it travels in pieces or whole. Returns when
    /// the server accepted the request (headers are in); a whole answer is complete by then.
    ///
    /// Throws `ProviderError`, here or from the stream; `CancellationError` when the task was cancelled. What the stream
    /// throws comes after the events that did arrive; a stream that ends without an error is a whole answer.
    func stream(_ request: ChatRequest) async throws -> ChatStream

    /// The models the endpoint offers, in its order; empty when it tells of none. Throws as `stream`.
    func models() async throws -> [ModelListing]
}

extension AIProvider {
    /// Asks for a whole answer in one piece and folds its events (`ChatResponse.apply`).
    ///
    /// Throws as `stream`; what had come by then is lost, so stream where a part of an answer is worth something. A server
    /// may send nothing at all before a whole answer is finished: `HTTPTimeouts.firstByte` has to allow for that.
    public func complete(_ request: ChatRequest) async throws -> ChatResponse {
        var request = request
        request.delivery = .whole
        var response = ChatResponse()
        for try await event in try await stream(request) { response.apply(event) }
        return response
    }
}

/// One line of an endpoint's model list.
public struct ModelListing: Sendable, Hashable {
    /// The id to ask for.
    public var id: String
    /// Who owns it, when told.
    public var ownedBy: String?
    /// Context window in tokens, when the server tells (`max_model_len`, `context_length`).
    public var contextWindow: Int?
    /// When the model was made, in seconds since 1970, when told.
    public var created: Int?
    /// The day the model ends, `YYYY-MM-DD`, when one is announced.
    public var shutdownDate: String?

    /// A line.
    public init(
        id: String, ownedBy: String? = nil, contextWindow: Int? = nil, created: Int? = nil, shutdownDate: String? = nil
    ) {
        self.id = id
        self.ownedBy = ownedBy
        self.contextWindow = contextWindow
        self.created = created
        self.shutdownDate = shutdownDate
    }
}
