/// What a stream tells, in the order it happened. Named noun, then action.
///
/// `responseStarted` comes before all that the server says, then the pieces of the answer, then one `finished` for each choice.
/// `usage` and `opaqueItem` may come before `finished` or after it, `arrived` and `policy` anywhere. `ChatResponse.apply` folds them.
///
/// `choice` is the index of the answer when several were asked for (`n`); 0 otherwise.
public enum StreamEvent: Sendable, Hashable {
    /// The first chunk came, or a later one told more (model, id, tier). Carries all that is known so far.
    indirect case responseStarted(ResponseMetadata)
    /// A piece of the answer; never empty.
    case textDelta(String, choice: Int)
    /// A piece of visible reasoning; never empty.
    case reasoningDelta(String, choice: Int)
    /// A piece of a refusal; never empty.
    case refusalDelta(String, choice: Int)
    /// A piece of a tool call.
    case toolCallDelta(ToolCallDelta)
    /// Log probabilities of the tokens just told.
    case logprobs([TokenLogprob], choice: Int)
    /// Token counts so far; the last one holds. Never to be added up.
    case usage(TokenUsage)
    /// The choice ended.
    case finished(FinishReason, choice: Int)
    /// An item of the provider's own (such as encrypted reasoning) that must be sent back unchanged with this answer.
    case opaqueItem(JSONValue)
    /// When the events that follow came, and of which kinds they were; only where the request asks for it.
    indirect case arrived(StreamArrivals)
    /// A policy around the provider decided something: an attempt begins, a wait, a breaker opens.
    indirect case policy(PolicyEvent)
}

extension StreamEvent {
    /// Whether it brings a part of the answer itself: after that a request is never silently repeated.
    public var isContent: Bool {
        switch self {
        case .textDelta, .reasoningDelta, .refusalDelta, .toolCallDelta, .logprobs, .finished: true
        case .responseStarted, .usage, .opaqueItem, .arrived, .policy: false
        }
    }
}

/// Who answers: what the server told about itself and the answer.
public struct ResponseMetadata: Sendable, Hashable {
    /// The answer's id (`chatcmpl-…`); nil when the server gave none.
    public var id: String?
    /// The model that really answered.
    public var model: String?
    /// The tier that really served, when told (`default`, `flex`, `priority`…).
    public var serviceTier: String?
    /// The back end's fingerprint, to compare with `seed`.
    public var systemFingerprint: String?
    /// The `x-request-id` header, for support.
    public var requestID: String?
    /// The API that answered.
    public var api: ModelAPI?
    /// What the headers told of the server's rate limits; nil = nothing.
    public var rateLimits: RateLimits?

    /// What is known; nil = not told.
    public init(
        id: String? = nil, model: String? = nil, serviceTier: String? = nil, systemFingerprint: String? = nil,
        requestID: String? = nil, api: ModelAPI? = nil, rateLimits: RateLimits? = nil
    ) {
        self.id = id
        self.model = model
        self.serviceTier = serviceTier
        self.systemFingerprint = systemFingerprint
        self.requestID = requestID
        self.api = api
        self.rateLimits = rateLimits
    }
}

/// The log probability of one token and of its rivals.
public struct TokenLogprob: Sendable, Hashable {
    /// The token's text as the server spelt it.
    public var token: String
    /// Natural logarithm of its probability; -9999 marks an extremely unlikely one.
    public var logprob: Double
    /// The most likely tokens at this place, best first; empty when not asked for.
    public var top: [Alternative]

    /// One rival token.
    public struct Alternative: Sendable, Hashable {
        /// The rival's text.
        public var token: String
        /// Natural logarithm of its probability.
        public var logprob: Double

        /// A rival.
        public init(token: String, logprob: Double) {
            self.token = token
            self.logprob = logprob
        }
    }

    /// A token and its rivals.
    public init(token: String, logprob: Double, top: [Alternative] = []) {
        self.token = token
        self.logprob = logprob
        self.top = top
    }
}
