import Synchronization

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
    /// What the run cost that is in no entry of the ledger, such as one that was lost; counts to the run's cap.
    public var runBefore: Money
    /// The run's hard cap where it may change until an attempt is booked; takes the place of that in `caps`. Nil = it does not.
    public var runCap: LiveCap?

    /// Where to book a request.
    public init(
        purpose: Purpose = .other, conversation: String? = nil, run: String? = nil, item: String? = nil,
        caps: [BudgetScope: SpendingCap] = [:], takesLess: Bool = true, runBefore: Money = .zero,
        runCap: LiveCap? = nil
    ) {
        self.purpose = purpose
        self.conversation = conversation
        self.run = run
        self.item = item
        self.caps = caps
        self.takesLess = takesLess
        self.runBefore = runBefore
        self.runCap = runCap
    }

    /// It with the run's cap as it is now.
    var current: Accounting {
        guard let runCap else { return self }
        var current = self
        current.runCap = nil
        let cap = SpendingCap(soft: caps[.run]?.soft, hard: runCap.hard)
        current.caps[.run] = cap == SpendingCap() ? nil : cap
        return current
    }

    /// The trial of the run that it belongs to: what its item begins with, up to a slash. Nil = its item names none.
    public var trial: String? {
        guard run != nil, let item, let slash = item.firstIndex(of: "/") else { return nil }
        return String(item[..<slash])
    }
}

/// A hard cap that may change while requests wait to be sent under it. Two of them are the same only where they are one.
public final class LiveCap: Sendable, Hashable {
    private let amount: Mutex<Money?>

    /// A cap; nil = there is none now.
    public init(_ hard: Money?) { amount = Mutex(hard) }

    /// The cap as it is now; nil = there is none.
    public var hard: Money? { amount.withLock(\.self) }

    /// Changes it.
    public func set(_ hard: Money?) { amount.withLock { $0 = hard } }

    /// Whether both are one.
    public static func == (left: LiveCap, right: LiveCap) -> Bool { left === right }

    /// Hashes which one it is.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What belongs together when money is summed for a cap. Raw values are the words of the settings file, but for `trial`.
public enum BudgetScope: String, Sendable, Hashable, CaseIterable {
    /// One request with all its attempts.
    case request
    /// One conversation.
    case conversation
    /// All requests that left on this day, by the clock on the wall.
    case day
    /// One run of a benchmark.
    case run
    /// One trial of a run: the turns and the votes of its judges, with all their attempts, by one process. What nobody knows the end of
    /// is not counted: the run's cap holds it, and no answer is shortened for it.
    case trial

    /// Those that the settings file has a word for; a trial's cap is the suite's.
    public static let allCases: [BudgetScope] = [.request, .conversation, .day, .run]

    /// Whether it is of one request, or one after the other: nobody else will free what is held.
    var isOwn: Bool { self == .request || self == .trial }

    /// The beginning of "cap of $5" in a sentence.
    var owner: String {
        switch self {
        case .request: "the"
        case .conversation: "the conversation's"
        case .day: "the day's"
        case .run: "the run's"
        case .trial: "the trial's"
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
