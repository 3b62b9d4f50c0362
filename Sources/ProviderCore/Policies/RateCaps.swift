/// Rate limits that one sets oneself, beside those that the server tells. They hold for each model at an endpoint.
public struct RateCaps: Sendable, Hashable {
    /// Requests a minute, at least 1; nil = as many as the server takes.
    public var requestsPerMinute: Int?
    /// Tokens a minute, input and output, at least 1; nil = as many as the server takes.
    public var tokensPerMinute: Int?

    /// Limits; none if nothing is named.
    public init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
    }
}
