import ProviderCore

extension ErrorBody {
    /// The class of failure and whether trying again makes sense (nil = as the class says). The code counts first, then
    /// the type, then the status; a type that says no more than "invalid request" does not count.
    func classified(status httpStatus: Int) -> (kind: ProviderError.Kind, retryHint: Bool?) {
        let status = httpStatus >= 400 ? httpStatus : self.status ?? httpStatus
        let words = [innerCode, code, type].compactMap { $0?.lowercased() }
        if words.contains(where: Self.isQuota) { return (.quotaExceeded, false) }
        if isContextOverflow(words, status) { return (.contextTooLong, nil) }
        let kind = words.lazy.compactMap { Self.kind(of: $0, status) }.first ?? Self.kind(ofStatus: status)
        if kind == .rateLimited, message?.lowercased().contains("request too large") == true {
            return (.rateLimited, false)
        }
        return (kind, kind == .quotaExceeded ? false : nil)
    }

    private static func isQuota(_ word: String) -> Bool {
        let known: Set<String> = [
            "insufficient_quota", "credit_balance_exhausted", "billing_not_active", "billing_hard_limit_reached",
            "insufficient_balance", "exceeded_current_quota_error", "quota_exceeded", "insufficient_credits",
        ]
        return known.contains(word) || word.hasSuffix("_spend_limit_exceeded")
            || word.hasSuffix("_usage_limit_exceeded")
    }

    /// By code where there is one; by the words of vLLM, SGLang, llama.cpp and others where there is none.
    private func isContextOverflow(_ words: [String], _ status: Int) -> Bool {
        let codes: Set<String> = ["context_length_exceeded", "exceed_context_size_error", "context_too_long"]
        if words.contains(where: codes.contains) { return true }
        guard [200, 400, 413, 422, 500].contains(status), let text = message?.lowercased() else { return false }
        let phrases = [
            "maximum context length", "maximum context size", "context length exceeded",
            "exceeds the available context",
            "exceeds the context window", "exceed context window", "prompt is too long",
            "longer than the model's context",
        ]
        return phrases.contains { text.contains($0) }
    }

    private static func kind(of word: String, _ status: Int) -> ProviderError.Kind? {
        switch word {
        case "invalid_api_key", "account_deactivated", "ip_not_authorized", "authentication_error", "missing_api_key":
            .authentication
        case "permission_error", "unsupported_country_region_territory", "permission_denied": .permission
        case "model_not_found", "deploymentnotfound", "not_found_error", "model_not_available", "notfounderror":
            .notFound
        case "content_filter", "content_policy_violation", "responsibleaipolicyviolation", "bio_policy",
            "misalignment_policy_violation":
            .contentFiltered
        case "slow_down": status == 503 ? .overloaded : .rateLimited
        case "rate_limit_exceeded", "rate_limit_error", "requests", "tokens", "resource_exhausted": .rateLimited
        case "server_is_overloaded", "overloaded_error", "service_unavailable_error", "unavailable_error",
            "unavailable":
            .overloaded
        case "context_length_exceeded": .contextTooLong
        // Without a status of its own, as in a stream, a broad type is all there is.
        case "invalid_request_error", "badrequesterror", "invalid_argument", "invalid_prompt":
            status < 400 ? .invalidRequest : nil
        default: nil
        }
    }

    private static func kind(ofStatus status: Int) -> ProviderError.Kind {
        switch status {
        case 401: .authentication
        case 402: .quotaExceeded
        case 403, 451: .permission
        case 404, 410: .notFound
        case 408, 409, 499: .server
        case 429: .rateLimited
        case 503, 529: .overloaded
        case 400..<500: .invalidRequest
        default: .server
        }
    }
}

/// Turns what one answer said into errors: knows its status and headers, whether a key was sent, and what to hide.
struct AnswerErrors: Sendable {
    let status: Int
    let requestID: String?
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
        return ProviderError(
            kind: kind, status: status, code: body.code.map { quoted($0, limit: 100) },
            param: body.param.map { quoted($0, limit: 100) }, message: message(kind, said), requestID: requestID,
            retryAfter: retryAfter, retryHint: shouldRetry ?? hint)
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
        ProviderError(kind: .connection, status: status, message: message, requestID: requestID)
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
            return "\(server) wants a key and none was sent: a key goes only to the address it belongs to. "
                + "Set OPENAI_API_KEY together with OPENAI_BASE_URL, or give this address a profile with a key"
                + (said.map { " (server: \($0))" } ?? "")
        }
        guard let said else { return "\(server) answered with status \(status) and no explanation" }
        switch kind {
        case .authentication: return "\(server) does not accept the key: \(said)"
        case .server, .overloaded: return "\(server) failed: \(said)"
        default: return said
        }
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
        switch failure.kind {
        case .invalidRequest:
            self.init(kind: .invalidRequest, message: "the request cannot be sent: \(cause)")
        case .nameLookup, .connect:
            self.init(
                kind: .connection,
                message: "cannot reach \(server): \(cause); is the server running, and the base URL right?")
        case .tls:
            self.init(
                kind: .connection, message: "no secure connection to \(server): \(cause)", retryHint: false)
        case .proxy:
            self.init(
                kind: .connection, message: "the proxy on the way to \(server) failed: \(cause); check HTTPS_PROXY")
        case .lost:
            // The cause names the server.
            self.init(kind: .connection, message: (isAnswering ? "the answer was cut: " : "") + "\(cause)")
        case .timeout:
            let when = isAnswering ? "the answer was cut: " : ""
            self.init(kind: .timeout, message: "\(when)\(server) took too long: \(cause)")
        case .tooLarge:
            self.init(kind: .invalidResponse, message: "the answer of \(server) is too large: \(cause)")
        case .malformed:
            self.init(kind: .invalidResponse, message: "\(server) does not answer in HTTP as expected: \(cause)")
        }
    }
}
