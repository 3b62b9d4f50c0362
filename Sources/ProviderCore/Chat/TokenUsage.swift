/// Token counts of one answer. Unknown is nil, never zero.
///
/// Details are subsets: `cachedInputTokens` and `cacheWriteTokens` are inside `inputTokens`, `reasoningTokens` inside
/// `outputTokens`.
public struct TokenUsage: Sendable, Hashable {
    /// Tokens of the request.
    public var inputTokens: Int?
    /// Tokens of the answer, reasoning included.
    public var outputTokens: Int?
    /// Part of the input that came from the provider's cache.
    public var cachedInputTokens: Int?
    /// Part of the input that was written into the provider's cache.
    public var cacheWriteTokens: Int?
    /// Part of the output that was reasoning.
    public var reasoningTokens: Int?

    /// Counts; nil = not told. Negative counts are taken as not told.
    public init(
        inputTokens: Int? = nil, outputTokens: Int? = nil, cachedInputTokens: Int? = nil, cacheWriteTokens: Int? = nil,
        reasoningTokens: Int? = nil
    ) {
        func known(_ count: Int?) -> Int? { count.flatMap { $0 < 0 ? nil : $0 } }
        self.inputTokens = known(inputTokens)
        self.outputTokens = known(outputTokens)
        self.cachedInputTokens = known(cachedInputTokens)
        self.cacheWriteTokens = known(cacheWriteTokens)
        self.reasoningTokens = known(reasoningTokens)
    }

    /// Whether nothing was told.
    public var isUnknown: Bool { self == TokenUsage() }

    /// The sum, where a member unknown on either side stays unknown.
    public static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        func sum(_ member: KeyPath<TokenUsage, Int?>) -> Int? {
            guard let a = left[keyPath: member], let b = right[keyPath: member] else { return nil }
            let (total, overflow) = a.addingReportingOverflow(b)
            return overflow ? nil : total
        }
        return TokenUsage(
            inputTokens: sum(\.inputTokens), outputTokens: sum(\.outputTokens),
            cachedInputTokens: sum(\.cachedInputTokens), cacheWriteTokens: sum(\.cacheWriteTokens),
            reasoningTokens: sum(\.reasoningTokens))
    }
}
