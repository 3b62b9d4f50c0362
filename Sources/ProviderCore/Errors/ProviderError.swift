/// How far a failed request got: decides whether asking again can be billed twice.
public enum RequestFate: String, Sendable, Hashable, CaseIterable {
    /// No byte of it left: asking again is free of risk.
    case notSent = "not_sent"
    /// The server answered that it did not do it.
    case refused
    /// It left, and nothing came back: it may have been executed and billed.
    case unknown
    /// The answer had begun, and is billed as far as it came.
    case interrupted
}

/// Why a model call failed, in the field's terms: `kind` says what to do, `fate` what it may have cost, `isRetryable`
/// whether the same request may succeed later.
///
/// Cancelling the task that waits is no such failure: that throws `CancellationError`.
public struct ProviderError: Error, Sendable, Hashable {
    /// The class of failure. Raw values are the words of the command line's JSON.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No key, or a wrong one (401).
        case authentication
        /// The key may not do this (403, 451).
        case permission
        /// No such model or path (404, 410).
        case notFound = "not_found"
        /// The request is wrong (400, 413, 422).
        case invalidRequest = "invalid_request"
        /// The conversation does not fit the model's window.
        case contextTooLong = "context_too_long"
        /// Too many requests or tokens (429).
        case rateLimited = "rate_limited"
        /// Quota or credit is used up (402, 429 with a quota code).
        case quotaExceeded = "quota_exceeded"
        /// The server has no capacity (503, 529).
        case overloaded
        /// The server failed, or asks to come again (5xx, 409, 425).
        case server
        /// One of our time limits passed, or the server's patience (408).
        case timeout
        /// No connection, or it was lost, also in the middle of an answer.
        case connection
        /// The server does not speak the protocol.
        case invalidResponse = "invalid_response"
        /// The provider withheld the answer.
        case contentFiltered = "content_filtered"
        /// Our circuit breaker is open.
        case circuitOpen = "circuit_open"
        /// A budget of ours would be, or was, passed.
        case budgetExceeded = "budget_exceeded"
        /// A person gave up (`CallControl.giveUp`) before it was sent.
        case cancelled
    }

    /// The class of failure.
    public var kind: Kind
    /// HTTP status, when there was an answer.
    public var status: Int?
    /// The server's own code (`model_not_found`…), as text.
    public var code: String?
    /// The server's own class of error (`invalid_request_error`…).
    public var type: String?
    /// The request member the server blames.
    public var param: String?
    /// One line for a person: what happened and what to do. Holds no secret; foreign text in it is not yet gated.
    public var message: String
    /// The server's request id.
    public var requestID: String?
    /// How long the server, or our open circuit breaker, asks to wait, at least zero; nil = it does not say.
    public var retryAfter: Duration?
    /// The server's word on trying again (`x-should-retry`, or a code that can never succeed); nil = by kind.
    public var retryHint: Bool?
    /// How far the request got.
    public var fate: RequestFate
    /// What the headers told of the server's rate limits; nil = nothing.
    public var rateLimits: RateLimits?
    /// How to read the rest of an interrupted answer without asking again; nil = it cannot be resumed.
    public var resumption: Resumption?

    /// A failure. Unless told, the fate is read off the status: none = not sent, below 300 = interrupted, else refused.
    public init(
        kind: Kind, status: Int? = nil, code: String? = nil, type: String? = nil, param: String? = nil,
        message: String, requestID: String? = nil, retryAfter: Duration? = nil, retryHint: Bool? = nil,
        fate: RequestFate? = nil, rateLimits: RateLimits? = nil, resumption: Resumption? = nil
    ) {
        self.kind = kind
        self.status = status
        self.code = code
        self.type = type
        self.param = param
        self.message = message
        self.requestID = requestID
        self.retryAfter = retryAfter
        self.retryHint = retryHint
        self.fate = fate ?? status.map { $0 < 300 ? .interrupted : .refused } ?? .notSent
        self.rateLimits = rateLimits
        self.resumption = resumption
    }

    /// Whether the same request may succeed later. The server's word wins; otherwise rate limits, overload, server
    /// faults, time-outs and lost connections.
    public var isRetryable: Bool {
        if let retryHint { return retryHint }
        switch kind {
        case .rateLimited, .overloaded, .server, .timeout, .connection: return true
        default: return false
        }
    }
}

extension ProviderError: CustomStringConvertible {
    /// Kind, status and message in one line.
    public var description: String {
        kind.rawValue + (status.map { " (\($0))" } ?? "") + ": " + message
    }
}
