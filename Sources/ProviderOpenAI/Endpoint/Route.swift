import ProviderCore

/// What is asked of the server: a method, a path below the base URL, and a query.
enum Route: Sendable, Hashable {
    /// An answer through Chat Completions.
    case chatCompletions(model: String)
    /// An answer through the Responses API.
    case responses
    /// The events of a background response once more, from the one after a sequence number (nil = from the beginning).
    case response(id: String, startingAfter: Int?)
    /// How far a response is, and what it holds so far.
    case responseStatus(id: String)
    /// The end of a background response.
    case cancelResponse(id: String)
    /// The list of models.
    case models
    /// One model.
    case model(id: String)

    /// The HTTP method.
    var method: String {
        switch self {
        case .chatCompletions, .responses, .cancelResponse: "POST"
        case .response, .responseStatus, .models, .model: "GET"
        }
    }

    /// Whether it belongs to the Responses API.
    var isOfResponses: Bool {
        switch self {
        case .responses, .response, .responseStatus, .cancelResponse: true
        case .chatCompletions, .models, .model: false
        }
    }

    /// The encoded path below the version prefix. Throws `ProviderError` of kind `invalidRequest` when an id cannot be
    /// part of a path.
    func path() throws(ProviderError) -> String {
        switch self {
        case .chatCompletions: "chat/completions"
        case .responses: "responses"
        case .response(let id, startingAfter: _), .responseStatus(let id):
            "responses/" + (try Self.part(id, "the response id"))
        case .cancelResponse(let id): "responses/" + (try Self.part(id, "the response id")) + "/cancel"
        case .models: "models"
        case .model(let id): "models/" + (try Self.part(id, "the model id"))
        }
    }

    /// The query of the request itself.
    var query: [BaseURL.QueryItem] {
        guard case .response(_, let number) = self else { return [] }
        return [BaseURL.QueryItem("stream", "true")]
            + (number.map { [BaseURL.QueryItem("starting_after", String($0))] } ?? [])
    }

    /// A foreign text as one part of a path. Neither the text nor a part of it is repeated in an error: it may be a key
    /// that ended up in the wrong place.
    static func part(_ text: String, _ name: String) throws(ProviderError) -> String {
        func wrong(_ why: String) -> ProviderError {
            ProviderError(kind: .invalidRequest, message: "\(name) cannot stand in a URL: \(why)")
        }
        guard !text.isEmpty else { throw wrong("it is empty") }
        guard !text.holdsControl else { throw wrong("it holds a control character") }
        // Clients and servers take these for a step up or for nothing, encoded or not.
        guard text != ".", text != ".." else { throw wrong("it is made of dots only") }
        return BaseURL.percentEncoded(text)
    }
}

extension StringProtocol {
    /// Whether a character is a control of ASCII (line ends, NUL, DEL) or of the Latin-1 block.
    var holdsControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}
