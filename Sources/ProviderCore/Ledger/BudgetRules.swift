/// Whether caps leave room for a request, and how much. Pure.
///
/// Before sending, the input is paid for and the rest of the tightest cap is turned into tokens of output, so that the server itself
/// stops where the money ends, also for thoughts that nobody sees. Prices are those of the tier asked for, at the long-context
/// rates where the input is that long.
public struct BudgetRules: Sendable, Hashable {
    /// What a request may do.
    public enum Admission: Sendable, Hashable {
        /// It is sent.
        case go(Grant)
        /// It costs too much before a word came, or nobody knows what it costs. The reason is a sentence for a person.
        case refused(String)
    }

    /// What a request got.
    public struct Grant: Sendable, Hashable {
        /// The most that it may cost, to be held until it is over; nil = not known.
        public var ceiling: Money?
        /// The limit of output tokens that it has to be sent with; nil = whatever it says.
        public var maxOutputTokens: Int?
        /// The hard cap that is next; nil = there is none.
        public var limit: Limit?
        /// Soft caps that are passed.
        public var notices: [BudgetNotice]

        /// A grant.
        public init(
            ceiling: Money? = nil, maxOutputTokens: Int? = nil, limit: Limit? = nil, notices: [BudgetNotice] = []
        ) {
            self.ceiling = ceiling
            self.maxOutputTokens = maxOutputTokens
            self.limit = limit
            self.notices = notices
        }
    }

    /// The hard cap that ends a request first.
    public struct Limit: Sendable, Hashable {
        /// Whose it is.
        public var scope: BudgetScope
        /// The cap.
        public var cap: Money
        /// What is left of it for this request.
        public var left: Money

        /// It in words: "the day's cap of $5.000000".
        public var words: String { "\(scope.owner) cap of $\(cap.exact)" }
    }

    /// A cap and what its scope has cost.
    public typealias Standing = (scope: BudgetScope, cap: SpendingCap, sum: SpentSum)

    /// Fewer tokens of output are no answer, and the Responses API takes no smaller limit.
    public static let leastOutput = 16

    private let inputCost: Money?
    private let outputPrice: Price?
    private let wanted: Int?
    private let choices: Int
    private let takesLess: Bool

    /// Rules for a request. `prices` nil = not known; `inputTokens` is the most that its input may be; `wantedOutput` the most output of
    /// each of its `choices`, nil = not known. `takesLess`: whether caps other than its own may shorten the answer.
    public init(
        prices: PriceSet?, inputTokens: Int, wantedOutput: Int?, choices: Int = 1, takesLess: Bool = true
    ) {
        inputCost = prices?.input(inputTokens)
        outputPrice = prices?.output
        wanted = wantedOutput
        self.choices = max(1, choices)
        self.takesLess = takesLess
    }

    /// The most that it may cost with so many tokens of output; nil = not known.
    public func worst(_ output: Int?) -> Money? {
        guard let inputCost, let outputPrice else { return nil }
        guard let output else { return outputPrice.picodollarsPerToken == 0 ? inputCost : nil }
        return inputCost + Money(picodollars: outputPrice(output).picodollars * Int128(choices))
    }

    /// Whether it may be sent under these caps, in the order in which they are named when several are too tight.
    public func admission(_ standings: [Standing]) -> Admission {
        let notices = standings.compactMap { scope, cap, sum -> BudgetNotice? in
            guard let soft = cap.soft, sum.total >= soft else { return nil }
            return BudgetNotice(scope: scope, spent: sum.total, cap: soft)
        }
        guard let tightest = Self.tightest(standings) else {
            return .go(Grant(ceiling: worst(wanted), notices: notices))
        }
        guard let inputCost, let outputPrice else {
            return .refused(
                "the price is not known, so \(tightest.words) cannot be kept; the settings file can name prices")
        }
        let sum = standings.first { $0.scope == tightest.scope }?.sum ?? SpentSum()
        if let reason = Self.reason(against: tightest, sum, inputCost) { return .refused(reason) }
        var grant = Grant(ceiling: worst(wanted), limit: tightest, notices: notices)
        guard outputPrice.picodollarsPerToken > 0 else { return .go(grant) }
        let room = (tightest.left - inputCost).picodollars
        let affordable = Int(
            min(room / (Int128(outputPrice.picodollarsPerToken) * Int128(choices)), 1_000_000_000))
        guard affordable >= Self.leastOutput else {
            let rest = sum.total == .zero ? "$\(tightest.cap.exact)" : "what is left of \(tightest.words)"
            return .refused("after the input \(rest) buys \(affordable) tokens of an answer, too few for one")
        }
        if let wanted, wanted <= affordable { return .go(grant) }
        guard takesLess || tightest.scope.isOwn else {
            let asked = wanted.map { "\($0) tokens that it may have" } ?? "answer, whose length has no limit"
            return .refused("what is left of \(tightest.words) buys \(affordable) tokens of the \(asked)")
        }
        grant.maxOutputTokens = affordable
        grant.ceiling = worst(affordable)
        return .go(grant)
    }

    /// The hard cap of which least is left; nil = there is none.
    public static func tightest(_ standings: [Standing]) -> Limit? {
        let limits = standings.compactMap { scope, cap, sum -> Limit? in
            cap.hard.map { Limit(scope: scope, cap: $0, left: $0 - sum.total) }
        }
        return limits.min { $0.left < $1.left }
    }

    /// Why nothing is left for an answer; nil = something is.
    private static func reason(against limit: Limit, _ sum: SpentSum, _ inputCost: Money) -> String? {
        if limit.left <= .zero {
            let held = sum.held > .zero ? " and \(sum.held.display) held for requests that run or were lost" : ""
            return "\(limit.words) is reached: \(sum.spent.display) spent\(held)"
        }
        guard limit.left <= inputCost else { return nil }
        if sum.total == .zero { return "the input alone costs $\(inputCost.exact), and the cap is $\(limit.cap.exact)" }
        return "the input alone costs $\(inputCost.exact), and $\(limit.left.exact) is left of \(limit.words)"
    }
}
