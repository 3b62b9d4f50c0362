/// A count of tokens that follows a text as it grows. A value: copies count on apart.
public protocol RunningTokenCount: Sendable {
    /// Tokens of the text so far.
    var tokens: Int { get }
    /// Adds the next piece of text, in time that depends on the piece alone.
    mutating func append(_ text: String)
    /// Forgets the text.
    mutating func reset()
}

/// Counts as models do, where that is known.
///
/// To write one: have the tables ready before `count` is asked, since it is asked while somebody types; whoever needs them built
/// calls `prepare` first, elsewhere.
public protocol TokenCounting: Sendable {
    /// An empty exact count for the texts of a model; nil when its encoding is not known, or not ready yet.
    func count(for model: ModelInfo) -> (any RunningTokenCount)?
    /// Makes `count` ready for a model; may take a tenth of a second. False when there is no exact count for it.
    func prepare(for model: ModelInfo) async -> Bool
}

/// Knows no exact count: everything is estimated.
public struct EstimatesOnly: TokenCounting {
    /// For whoever needs no better.
    public init() {}
    /// Nil.
    public func count(for model: ModelInfo) -> (any RunningTokenCount)? { nil }
    /// False.
    public func prepare(for model: ModelInfo) async -> Bool { false }
}

/// A running count that says whether it is exact.
public struct TokenCount: Sendable {
    private var running: any RunningTokenCount
    /// Whether the count is the model's own; else it is `TokenEstimate`'s.
    public let isExact: Bool

    /// An empty count: exact where `counting` can, else estimated.
    public init(_ counting: some TokenCounting = EstimatesOnly(), model: ModelInfo? = nil) {
        let exact = model.flatMap(counting.count)
        running = exact ?? TokenEstimate()
        isExact = exact != nil && model?.encodingIsAssumed == false
    }

    /// Tokens of the text so far.
    public var tokens: Int { running.tokens }

    /// Adds the next piece of text.
    public mutating func append(_ text: String) { running.append(text) }

    /// Forgets the text.
    public mutating func reset() { running.reset() }

    /// Tokens of a text by itself. Forgets what was counted before.
    mutating func tokens(of text: String) -> Int {
        running.reset()
        running.append(text)
        return running.tokens
    }
}
