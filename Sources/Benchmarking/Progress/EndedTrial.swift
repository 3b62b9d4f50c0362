import ProviderCore

/// A trial that is over, as a line tells it.
public struct EndedTrial: Sendable, Hashable {
    /// How it compares with the same trial of the baseline.
    public enum Change: Sendable, Hashable {
        /// It was right there, and is not now.
        case regressed
        /// It was not right there, and is now.
        case fixed
    }

    /// The trial's number.
    public let trial: Int
    /// What came of it.
    public let outcome: TrialOutcome
    /// How it compares with the baseline; nil = as there, or there is none.
    public let change: Change?
    /// What was scored, or why it failed: one line of at most 200 characters; empty = there is nothing to say.
    public let text: String
    /// How long it took.
    public let time: Duration

    /// The most characters of its text.
    static let longest = 200

    init(_ record: TrialRecord, change: Change?) {
        trial = record.key.index
        outcome = record.outcome
        self.change = change
        time = max(.zero, record.ended - record.started)
        let score = record.scores.first?.score
        let told =
            record.error?.message ?? (score?.explanation).flatMap { $0.isEmpty ? nil : $0 } ?? score?.answer ?? ""
        text = String(told.prefix(Self.longest).map { $0.isNewline ? " " : $0 })
    }

    /// Whether a person wants to look at it: it is scored and not right, failed, or was right before.
    public var isFailure: Bool { (outcome != .right && outcome != .answered) || change == .regressed }
}

/// The last of something, oldest first: at most so many.
public struct Latest<Element: Sendable>: Sendable {
    /// They.
    public private(set) var elements: [Element] = []
    /// How many there were in all.
    public private(set) var count = 0
    private let most: Int

    /// None yet.
    public init(most: Int) { self.most = max(1, most) }

    /// Takes one more.
    public mutating func append(_ element: Element) {
        // Room is made for several at once: moving all for each would cost as much as all of them.
        if elements.count >= most + most / 4 { elements.removeFirst(elements.count - most + 1) }
        elements.append(element)
        count += 1
    }
}
