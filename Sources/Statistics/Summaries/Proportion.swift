/// So many successes of so many trials.
public struct Proportion: Sendable, Hashable {
    /// The successes, 0 to `trials`.
    public let successes: Int
    /// The trials, 0 or more.
    public let trials: Int

    /// Nil unless 0 <= successes <= trials.
    public init?(successes: Int, of trials: Int) {
        guard successes >= 0, successes <= trials else { return nil }
        self.successes = successes
        self.trials = trials
    }

    /// The share of successes; nil without trials.
    public var value: Double? { trials > 0 ? Double(successes) / Double(trials) : nil }

    /// Wilson's score interval, without continuity correction. 0...1 without trials; nil for a confidence not between 0
    /// and 1. 9 of 10 at 0.95 gives 0.5958...0.9821.
    ///
    /// Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
    public func wilson(confidence: Double = 0.95) -> Interval? {
        guard let side = sideOf(confidence) else { return nil }
        guard let value else { return Interval(0, 1) }
        return Self.score(
            share: value, count: Double(trials), critical: NormalDistribution.standard.quantile(survival: side))
    }

    static func score(share: Double, count: Double, critical: Double) -> Interval {
        let square = critical * critical
        let whole = count + square
        let centre = (count * share + square / 2) / whole
        let half = critical * (count * share * (1 - share) + square / 4).squareRoot() / whole
        // At the ends the formula is exact, but its rounding is not.
        return Interval(share <= 0 ? 0 : max(0, centre - half), share >= 1 ? 1 : min(1, centre + half))
    }
}
