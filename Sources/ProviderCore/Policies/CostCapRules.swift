/// How much of an answer a cap on its cost allows. Pure.
///
/// Before sending, the input is paid for and the rest of the cap is turned into tokens of output, so that the server itself stops
/// where the money ends, also for thoughts that nobody sees. While the answer comes, what came is counted, for servers that do not heed
/// that limit. Prices are those of the standard tier, at the long-context rates where the input is that long.
public struct CostCapRules: Sendable {
    /// What a request may do.
    public enum Admission: Sendable, Hashable {
        /// It is sent; `maxOutputTokens` has to be its limit, nil = whatever it says.
        case go(maxOutputTokens: Int?)
        /// It costs too much before a word came, or nobody knows what it costs.
        case refused(String)
    }

    /// Fewer tokens of output are no answer, and the Responses API takes no smaller limit.
    public static let leastOutput = 16

    private let limit: Money
    private let set: PriceSet?
    private let inputCost: Money
    /// What attempts that failed may have cost.
    private var lost = Money.zero
    private var outputTokens = 0

    /// Rules for a request of so many input tokens; `prices` nil = not known.
    public init(limit: Money, prices: ModelPrices?, inputTokens: Int) {
        self.limit = limit
        set = prices?.prices(serviceTier: nil, inputTokens: inputTokens)
        inputCost = set?.input(inputTokens) ?? .zero
    }

    /// What it costs so far, input included.
    public var cost: Money { lost + inputCost + (set?.output(outputTokens) ?? .zero) }

    /// Whether the cap is reached.
    public var isReached: Bool { cost >= limit }

    /// Whether a request may be sent. `wanted` is the limit of output that it has, `most` the model's own.
    public func admission(wanted: Int?, most: Int?) -> Admission {
        guard let set else { return .refused("the price is not known, so a cap on the cost cannot be kept") }
        let left = limit.picodollars - lost.picodollars - inputCost.picodollars
        guard left > 0 else {
            return .refused("the input alone costs $\(inputCost.exact), and the cap is $\(limit.exact)")
        }
        let price = Int128(set.output.picodollarsPerToken)
        guard price > 0 else { return .go(maxOutputTokens: nil) }
        let affordable = Int(min(left / price, 1_000_000_000))
        guard affordable >= Self.leastOutput else {
            return .refused("after the input $\(limit.exact) buys \(affordable) tokens of an answer, too few for one")
        }
        if let wanted, wanted <= affordable { return .go(maxOutputTokens: nil) }
        if wanted == nil, let most, most <= affordable { return .go(maxOutputTokens: nil) }
        return .go(maxOutputTokens: affordable)
    }

    /// Notes how many tokens of output there are.
    public mutating func note(outputTokens: Int) { self.outputTokens = max(self.outputTokens, outputTokens) }

    /// An attempt failed in a way that may have been billed; the next one pays again.
    public mutating func noteLostAttempt() {
        lost = cost
        outputTokens = 0
    }
}
