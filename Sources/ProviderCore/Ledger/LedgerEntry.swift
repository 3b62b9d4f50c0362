/// Where an attempt is in its life. Raw values are the words of the ledger and of its exports.
public enum LedgerState: String, Sendable, Hashable, CaseIterable {
    /// Booked; its first byte may have left.
    case intent
    /// The server answers.
    case open
    /// Over, with the server's counts.
    case settled
    /// Over, with our counts.
    case estimated
    /// Over, and proved not to be billed.
    case refused
    /// Nobody knows: lost before an answer began, or in a crash.
    case unknown

    /// Whether it may still change.
    public var isOpen: Bool { self == .intent || self == .open }
}

/// What is booked before the first byte of an attempt leaves.
public struct LedgerIntent: Sendable, Hashable {
    /// The call that it is an attempt of; unique.
    public var call: String
    /// To what it is booked, and the caps.
    public var accounting: Accounting
    /// The provider's name.
    public var provider: String
    /// Where it goes, as it is shown to people.
    public var endpoint: String
    /// Whether no real money is spent there.
    public var isDemo: Bool
    /// The model asked.
    public var model: String
    /// Our count of its input, an upper bound where it is not exact.
    public var inputTokens: Int
    /// The most output of each choice; nil = not known.
    public var wantedOutput: Int?
    /// How many answers it asks for.
    public var choices: Int
    /// Prices of the tier asked for; nil = not known.
    public var prices: PriceSet?
    /// Where the prices are from; nil = there are none.
    public var priceSource: String?
    /// The answer's id at the server when it is read on instead of asked for anew; then its earlier entry goes on.
    public var resumes: String?

    /// An intent.
    public init(
        call: String, accounting: Accounting = Accounting(), provider: String, endpoint: String, isDemo: Bool = false,
        model: String, inputTokens: Int, wantedOutput: Int? = nil, choices: Int = 1, prices: PriceSet? = nil,
        priceSource: String? = nil, resumes: String? = nil
    ) {
        self.call = call
        self.accounting = accounting
        self.provider = provider
        self.endpoint = endpoint
        self.isDemo = isDemo
        self.model = model
        self.inputTokens = inputTokens
        self.wantedOutput = wantedOutput
        self.choices = choices
        self.prices = prices
        self.priceSource = priceSource
        self.resumes = resumes
    }

    /// What its attempts are counted under: the item of the run, else the call.
    public var item: String { accounting.item ?? call }

    /// The rules of its caps.
    public var rules: BudgetRules {
        BudgetRules(
            prices: prices, inputTokens: inputTokens, wantedOutput: wantedOutput, choices: choices,
            takesLess: accounting.takesLess)
    }
}

/// An intent that is booked.
public struct Booking: Sendable, Hashable {
    /// The entry's number in its ledger.
    public let id: Int64
    /// The number of the attempt at the item, from 1.
    public let attempt: Int
    /// What it was booked with.
    public let intent: LedgerIntent
    /// What it may cost.
    public let grant: BudgetRules.Grant
    /// Output tokens that an earlier part of a resumed answer had.
    public let outputBefore: Int

    /// A booking; made by ledgers.
    public init(
        id: Int64, attempt: Int, intent: LedgerIntent, grant: BudgetRules.Grant, outputBefore: Int = 0
    ) {
        self.id = id
        self.attempt = attempt
        self.intent = intent
        self.grant = grant
        self.outputBefore = outputBefore
    }
}

/// What is known of an attempt that runs; kept in case the process dies.
public struct LedgerProgress: Sendable, Hashable {
    /// What the server told of itself.
    public var metadata: ResponseMetadata
    /// Our count of the output so far, which may be rough.
    public var outputTokens: Int

    /// Progress.
    public init(metadata: ResponseMetadata, outputTokens: Int) {
        self.metadata = metadata
        self.outputTokens = outputTokens
    }
}

/// How an attempt ended.
public struct LedgerClosing: Sendable, Hashable {
    /// The last state; never an open one.
    public var state: LedgerState
    /// Counts, the server's where the state is `settled`.
    public var usage: TokenUsage
    /// What it cost; unknown when the price or a count is not known, and for states that have no amount.
    public var cost: Cost
    /// The prices that the cost was made with; nil = the ones booked before.
    public var prices: PriceSet?
    /// What the server told of itself.
    public var metadata: ResponseMetadata
    /// Why it failed; nil = it did not.
    public var error: ProviderError.Kind?
    /// How long it took.
    public var duration: Duration

    /// A closing.
    public init(
        state: LedgerState, usage: TokenUsage = TokenUsage(), cost: Cost = .unknown, prices: PriceSet? = nil,
        metadata: ResponseMetadata = ResponseMetadata(), error: ProviderError.Kind? = nil, duration: Duration = .zero
    ) {
        self.state = state
        self.usage = usage
        self.cost = cost
        self.prices = prices
        self.metadata = metadata
        self.error = error
        self.duration = duration
    }
}
