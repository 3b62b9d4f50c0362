/// What an answer cost.
public struct Cost: Sendable, Hashable {
    /// How far the amount can be trusted. Raw values are the words of the command line's JSON.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Listed prices times counts of the server.
        case exact
        /// A count in it is ours, or a discount that the server did not report is left out (then it is an upper bound).
        case estimate
        /// The model, the tier or a count is not known.
        case unknown
    }

    /// The amount; nil exactly when the state is `unknown`.
    public let amount: Money?
    /// How far it can be trusted.
    public let state: State

    /// No amount is known. Never the same as zero.
    public static let unknown = Cost(amount: nil, state: .unknown)
    /// A known amount.
    public static func exact(_ amount: Money) -> Cost { Cost(amount: amount, state: .exact) }
    /// An estimated amount.
    public static func estimate(_ amount: Money) -> Cost { Cost(amount: amount, state: .estimate) }
}

/// Turns token counts into money.
///
/// cost = (input - cached - written) * input price + cached * cached price + written * write price + output * output
/// price, at the prices of the tier the answer names, and at the long-context prices for the whole request when input
/// passes their threshold (OpenAI pricing page, November 2026). A tier without a cached or a write price charges input.
///
/// 12 input and 5 output tokens of gpt-4o at $2.50 and $10 per million: $0.000080. 2,000 input tokens of which 1,024
/// cached at $1.25, and 100 output tokens: $0.004720.
public enum CostCalculator {
    /// OpenAI caches no prompt below this many tokens, so a server that tells no cached count had none to tell.
    public static let smallestCachedPrompt = 1024

    /// The cost of an answer by the catalog's prices; see `cost(of:prices:tier:isEstimate:)`.
    public static func cost(of usage: TokenUsage, model: ModelInfo?, tier: String?, isEstimate: Bool = false) -> Cost {
        cost(of: usage, prices: model?.prices, tier: tier, isEstimate: isEstimate)
    }

    /// The cost of an answer.
    ///
    /// Unknown when prices, the tier (`service_tier` of the answer, nil = standard), input or output are not known, or
    /// when the counts contradict each other (parts larger than the whole). `isEstimate` says that a count is ours.
    public static func cost(of usage: TokenUsage, prices: ModelPrices?, tier: String?, isEstimate: Bool = false) -> Cost
    {
        guard let prices, let input = usage.inputTokens, let output = usage.outputTokens, input >= 0, output >= 0,
            let set = prices.prices(serviceTier: tier, inputTokens: input)
        else { return .unknown }
        let cached = usage.cachedInputTokens ?? 0
        let written = usage.cacheWriteTokens ?? 0
        guard cached >= 0, written >= 0, cached <= input, written <= input - cached,
            (usage.reasoningTokens ?? 0) <= output
        else { return .unknown }
        let plain = input - cached - written
        let amount =
            set.input(plain) + (set.cachedInput ?? set.input)(cached) + (set.cacheWrite ?? set.input)(written)
            + set.output(output)
        return isEstimate || hidesDiscount(usage, set, input: input) ? .estimate(amount) : .exact(amount)
    }

    /// Whether the server left out a count that would change the price.
    private static func hidesDiscount(_ usage: TokenUsage, _ set: PriceSet, input: Int) -> Bool {
        guard input >= smallestCachedPrompt else { return false }
        func matters(_ count: Int?, _ price: Price?) -> Bool { count == nil && price != nil && price != set.input }
        return matters(usage.cachedInputTokens, set.cachedInput) || matters(usage.cacheWriteTokens, set.cacheWrite)
    }
}
