import ProviderCore

/// Turns what one answer said into errors: knows its status and headers, whether a key was sent, and what to hide.
struct AnswerErrors: Sendable {
    let status: Int
    let requestID: String?
    /// What the headers tell of the server's limits.
    let rateLimits: RateLimits?
    private let retryAfter: Duration?
    private let shouldRetry: Bool?
    private let sentKey: Bool
    private let server: String
    let secrets: Redactor

    /// `server` is how messages name the endpoint; `unixTime` the time of day for a `Retry-After` with a date.
    init(_ response: HTTPResponse, server: String, sentKey: Bool, secrets: Redactor, unixTime: () -> Double) {
        status = response.status
        let id = response.header("x-request-id") ?? response.header("apim-request-id")
        requestID = id.flatMap { $0.isEmpty ? nil : Quote.line(secrets.redacted($0), limit: 200) }
        retryAfter = RetryAfter.delay(in: response.headers, unixTime: unixTime)
        rateLimits = RateLimits(headers: response.headers, unixTime: unixTime)
        switch response.header("x-should-retry")?.lowercased() {
        case "true": shouldRetry = true
        case "false": shouldRetry = false
        default: shouldRetry = nil
        }
        self.server = server
        self.sentKey = sentKey
        self.secrets = secrets
    }

    /// The error an error body tells of.
    func error(_ body: ErrorBody) -> ProviderError {
        let (kind, hint) = body.classified(status: status)
        let said = body.message.map { quoted($0) }.flatMap { $0.isEmpty ? nil : $0 }
        // What can never succeed is not tried again, whatever the server says; of the rest it knows best.
        let retryHint = hint == false ? false : shouldRetry ?? hint
        return ProviderError(
            kind: kind, status: status, code: body.code.map { quoted($0, limit: 100) },
            type: body.type.map { quoted($0, limit: 100) }, param: body.param.map { quoted($0, limit: 100) },
            message: message(kind, said), requestID: requestID,
            retryAfter: retryAfter
                ?? (kind == .rateLimited ? body.message.flatMap { SpokenDelay.duration(in: $0) } : nil),
            retryHint: retryHint, fate: .refused, rateLimits: rateLimits)
    }

    /// The error of an answer whose body is JSON of any shape, another text, or nothing.
    func error(bytes: [UInt8]) -> ProviderError {
        if let value = try? JSONParser.parse(bytes), let body = ErrorBody(value) { return error(body) }
        var body = ErrorBody()
        body.message = Quote.body(bytes, hiding: secrets)
        return error(body)
    }

    /// The server does not speak the protocol.
    func malformed(_ message: String) -> ProviderError {
        ProviderError(kind: .invalidResponse, status: status, message: message, requestID: requestID)
    }

    /// The answer ended before it was complete.
    func cut(_ message: String) -> ProviderError {
        ProviderError(
            kind: .connection, status: status, message: message, requestID: requestID, fate: .interrupted)
    }

    /// The connection failed while the answer came; `isAnswering` tells that a part of it had come.
    func lost(_ failure: TransportError, isAnswering: Bool) -> ProviderError {
        var error = ProviderError(failure, server: server, isAnswering: isAnswering, secrets: secrets)
        error.status = status
        error.requestID = requestID
        error.fate = .interrupted
        error.rateLimits = rateLimits
        return error
    }

    /// An answer that sends us elsewhere.
    func redirect(to location: String?) -> ProviderError {
        let target = location.map { "to " + quoted($0, limit: 200) } ?? "without saying where"
        return malformed(
            "\(server) redirects \(target) (status \(status)); redirects are not followed: "
                + "if you trust that address, make it the base URL")
    }

    private func quoted(_ text: String, limit: Int = 400) -> String {
        Quote.line(secrets.redacted(text), limit: limit)
    }

    private func message(_ kind: ProviderError.Kind, _ said: String?) -> String {
        if kind == .authentication, !sentKey {
            return "\(server) wants a key and none was sent" + (said.map { " (server: \($0))" } ?? "")
        }
        guard let said else { return Self.advised("\(server) answered with status \(status) and no explanation", kind) }
        switch kind {
        case .authentication: return "\(server) does not accept the key: \(said)"
        case .server, .overloaded: return "\(server) failed: \(said)"
        default: return Self.advised(said, kind)
        }
    }

    /// The words with what to do about it, where there is something to do that they may not name.
    private static func advised(_ said: String, _ kind: ProviderError.Kind) -> String {
        let advice: String? =
            switch kind {
            case .quotaExceeded: "asking again does not help before plan or billing change"
            case .contextTooLong: "shorten the conversation, or choose a model with a larger window"
            case .permission: "this key may not do that: check its project and the model's availability"
            case .notFound: "check the model's name and the base URL; the endpoint's model list tells what it offers"
            case .contentFiltered: "rephrase the request"
            default: nil
            }
        guard let advice else { return said }
        var words = said[...]
        while words.last == "." || words.last == " " { words.removeLast() }
        return "\(words) (\(advice))"
    }
}

extension ErrorBody {
    /// An error without any word.
    init() {}
}

extension ProviderError {
    /// The error of an exchange that failed below HTTP. `server` is how messages name the endpoint; `isAnswering` tells
    /// that part of an answer had come.
    init(_ failure: TransportError, server: String, isAnswering: Bool, secrets: Redactor) {
        let cause = Quote.line(secrets.redacted(failure.message))
        let (kind, message) = Self.words(for: failure.kind, cause, server: server, isAnswering: isAnswering)
        let fate: RequestFate =
            switch failure.progress {
            case .notSent: .notSent
            case .sent: isAnswering ? .interrupted : .unknown
            case .answering: .interrupted
            }
        // A certificate does not get better by asking again.
        self.init(kind: kind, message: message, retryHint: failure.kind == .tls ? false : nil, fate: fate)
    }

    private static func words(
        for failure: TransportError.Kind, _ cause: String, server: String, isAnswering: Bool
    ) -> (Kind, String) {
        let cut = isAnswering ? "the answer was cut: " : ""
        return switch failure {
        case .invalidRequest: (.invalidRequest, "the request cannot be sent: \(cause)")
        case .nameLookup, .connect:
            (.connection, "cannot reach \(server): \(cause); is the server running, and the base URL right?")
        case .tls: (.connection, "no secure connection to \(server): \(cause)")
        case .proxy: (.connection, "the proxy on the way to \(server) failed: \(cause); check HTTPS_PROXY")
        // The cause names the server.
        case .lost: (.connection, cut + cause)
        case .timeout: (.timeout, "\(cut)\(server) took too long: \(cause)")
        case .tooLarge: (.invalidResponse, "the answer of \(server) is too large: \(cause)")
        case .malformed: (.invalidResponse, "\(server) does not answer in HTTP as expected: \(cause)")
        }
    }
}
