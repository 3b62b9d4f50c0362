/// To what a request is booked, and what it may cost. Nothing of it is sent.
public struct Accounting: Sendable, Hashable {
    /// Who asked. Raw values are the words of the ledger and of its exports.
    public enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// The workspace.
        case workspace
        /// The command `ask`.
        case ask
        /// A benchmark.
        case benchmark
        /// A program of somebody else's on the libraries.
        case other
    }

    /// Who asked.
    public var purpose: Purpose
    /// The conversation it belongs to; nil = none.
    public var conversation: String?
    /// The benchmark run it belongs to; nil = none.
    public var run: String?
    /// What it is for within the run; attempts at the same item of a run are counted together. Nil = the call itself.
    public var item: String?
    /// What may be spent; a scope without a cap is free.
    public var caps: [BudgetScope: SpendingCap]
    /// Whether a shorter answer than was asked for will do where money that others share is short. Otherwise nothing is sent then.
    public var takesLess: Bool

    /// Where to book a request.
    public init(
        purpose: Purpose = .other, conversation: String? = nil, run: String? = nil, item: String? = nil,
        caps: [BudgetScope: SpendingCap] = [:], takesLess: Bool = true
    ) {
        self.purpose = purpose
        self.conversation = conversation
        self.run = run
        self.item = item
        self.caps = caps
        self.takesLess = takesLess
    }
}

/// What belongs together when money is summed for a cap. Raw values are the words of the settings file.
public enum BudgetScope: String, Sendable, Hashable, CaseIterable {
    /// One request with all its attempts.
    case request
    /// One conversation.
    case conversation
    /// All requests that left on this day, by the clock on the wall.
    case day
    /// One run of a benchmark.
    case run

    /// The beginning of "cap of $5" in a sentence.
    var owner: String {
        switch self {
        case .request: "the"
        case .conversation: "the conversation's"
        case .day: "the day's"
        case .run: "the run's"
        }
    }
}

/// What may be spent in a scope.
public struct SpendingCap: Sendable, Hashable {
    /// From this amount on it is told with every request; nil = never.
    public var soft: Money?
    /// This amount is never passed: nothing is sent that could, and a running answer is stopped. Nil = no such limit.
    public var hard: Money?

    /// A cap.
    public init(soft: Money? = nil, hard: Money? = nil) {
        self.soft = soft
        self.hard = hard
    }
}

/// What a scope has cost so far.
public struct SpentSum: Sendable, Hashable {
    /// Requests that are over: settled and estimated amounts.
    public var spent: Money
    /// The most that requests may cost which run, or of which nobody knows how they ended.
    public var held: Money

    /// Nothing yet, unless told.
    public init(spent: Money = .zero, held: Money = .zero) {
        self.spent = spent
        self.held = held
    }

    /// Both.
    public var total: Money { spent + held }
}

/// A soft cap is passed.
public struct BudgetNotice: Sendable, Hashable {
    /// Which one.
    public var scope: BudgetScope
    /// What the scope has cost, with what is held for requests that run.
    public var spent: Money
    /// The soft cap.
    public var cap: Money

    /// A notice.
    public init(scope: BudgetScope, spent: Money, cap: Money) {
        self.scope = scope
        self.spent = spent
        self.cap = cap
    }

    /// It in a sentence without a full stop.
    public var sentence: String {
        let owner = scope == .request ? "the request's" : scope.owner
        return "\(owner) soft cap of \(cap.display) is passed: \(spent.display) so far"
    }
}
