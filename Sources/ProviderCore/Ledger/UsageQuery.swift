/// Which entries of a ledger to sum, and how.
public struct UsageQuery: Sendable, Hashable {
    /// What entries are summed by. Raw values are the words of the command line.
    public enum Grouping: String, Sendable, Hashable, CaseIterable {
        /// The day they left, `YYYY-MM-DD`.
        case day
        /// The model asked.
        case model
        /// Where they went.
        case endpoint
        /// The conversation; entries without one are left out.
        case conversation
        /// The benchmark run; entries without one are left out.
        case run
        /// Not at all: one row an entry.
        case request
        /// All in one row.
        case total
    }

    /// How to sum.
    public var grouping: Grouping
    /// The first day, `YYYY-MM-DD`; nil = from the beginning.
    public var since: String?
    /// The last day; nil = to the end.
    public var until: String?
    /// Only entries of the demo, or only real ones; nil = both, in rows of their own.
    public var isDemo: Bool?
    /// The most rows, the newest or dearest of them; nil = all.
    public var limit: Int?

    /// A query.
    public init(
        by grouping: Grouping, since: String? = nil, until: String? = nil, isDemo: Bool? = nil, limit: Int? = nil
    ) {
        self.grouping = grouping
        self.since = since
        self.until = until
        self.isDemo = isDemo
        self.limit = limit
    }
}

/// The sum of the entries that have something in common.
public struct UsageRow: Sendable, Hashable {
    /// What they have in common: a day, a model…; the time for a single entry, empty for all.
    public var key: String
    /// Whether they are of the demo: no real money.
    public var isDemo: Bool
    /// How many of them are in each state.
    public var states: [LedgerState: Int]
    /// Entries that are over, may have been billed, and have no amount because their price or count is not known.
    public var unpriced: Int
    /// Whether an amount in the sum is an estimate.
    public var isEstimate: Bool
    /// Counts; only members that some entry has.
    public var usage: TokenUsage
    /// The sum of what is known.
    public var spent: Money
    /// The most that entries may cost which run, or of which nobody knows how they ended.
    public var held: Money
    /// More about a single entry; nil for sums.
    public var detail: UsageDetail?

    /// An empty sum, to be filled.
    public init(key: String, isDemo: Bool) {
        self.key = key
        self.isDemo = isDemo
        states = [:]
        unpriced = 0
        isEstimate = false
        usage = TokenUsage()
        spent = .zero
        held = .zero
    }

    /// Adds the sums of another row.
    public mutating func add(_ other: UsageRow) {
        states.merge(other.states, uniquingKeysWith: +)
        unpriced += other.unpriced
        isEstimate = isEstimate || other.isEstimate
        usage = usage.merged(with: other.usage)
        spent += other.spent
        held += other.held
    }

    /// How many entries.
    public var requests: Int { states.values.reduce(0, +) }

    /// The cost: exact when every entry is, unknown when no amount is known.
    public var cost: Cost {
        let open = (states[.intent] ?? 0) + (states[.open] ?? 0) + (states[.unknown] ?? 0)
        let priced = requests - open - unpriced - (states[.refused] ?? 0)
        if priced == 0, open + unpriced > 0 { return .unknown }
        return isEstimate || open + unpriced > 0 ? .estimate(spent) : .exact(spent)
    }

    /// The cost for people: `$1.20`, `$1.20~` with an estimate in it, `$1.20–$1.80` where some of it is not known to the end, `$1.20+`
    /// where an entry has no known price, `–` where nothing is known.
    public var display: String {
        if detail?.state == .refused { return "$0.00" }
        let most = held > .zero ? "–" + (spent + held).display : ""
        guard let amount = cost.amount else { return most.isEmpty ? "–" : "$0.00" + most }
        guard most.isEmpty else { return amount.display + most }
        return amount.display + (unpriced > 0 ? "+" : cost.state == .estimate ? "~" : "")
    }
}

/// One entry of a ledger.
public struct UsageDetail: Sendable, Hashable {
    /// Its number, which orders entries however the clock was set.
    public var id: Int64
    /// Where it is in its life.
    public var state: LedgerState
    /// Who asked.
    public var purpose: String
    /// The model asked.
    public var model: String
    /// The model that answered; nil = not told.
    public var answeredBy: String?
    /// Where it went.
    public var endpoint: String
    /// The conversation; nil = none.
    public var conversation: String?
    /// The benchmark run; nil = none.
    public var run: String?
    /// The number of the attempt.
    public var attempt: Int
    /// The tier that served, when told.
    public var tier: String?
    /// The server's request id, when told.
    public var requestID: String?
    /// Why it failed, a word of the command line; nil = it did not.
    public var error: String?
    /// Where its prices are from; nil = there were none.
    public var priceSource: String?
    /// How long it took, in milliseconds; nil = not over.
    public var milliseconds: Int?

    /// An entry.
    public init(id: Int64, state: LedgerState, purpose: String, model: String, endpoint: String, attempt: Int) {
        self.id = id
        self.state = state
        self.purpose = purpose
        self.model = model
        self.endpoint = endpoint
        self.attempt = attempt
    }
}
