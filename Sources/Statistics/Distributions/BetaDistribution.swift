/// The beta distribution of shares in 0...1; NIST Handbook of Mathematical Functions, 8.17.
public struct BetaDistribution: ContinuousDistribution, Hashable {
    /// The first shape: one more than the successes seen.
    public let a: Double
    /// The second shape: one more than the failures seen.
    public let b: Double

    /// Nil unless both are from a millionth to a billion.
    public init?(_ a: Double, _ b: Double) {
        guard shapes.contains(a), shapes.contains(b) else { return nil }
        self.a = a
        self.b = b
    }

    /// The density at a place; 0 outside of 0...1, infinite at an end whose shape is below 1.
    public func density(_ x: Double) -> Double {
        guard x >= 0, x <= 1 else { return x.isNaN ? .nan : 0 }
        if x == 0 { return a < 1 ? .infinity : a == 1 ? b : 0 }
        if x == 1 { return b < 1 ? .infinity : b == 1 ? a : 0 }
        return IncompleteBeta.slope(a, b, Shares(lower: x, upper: 1 - x)) / x / (1 - x)
    }

    /// The probability of at most x.
    public func cumulative(_ x: Double) -> Double { shares(x).lower }

    /// The probability of more than x.
    public func survival(_ x: Double) -> Double { shares(x).upper }

    /// The place that this probability lies below.
    public func quantile(_ probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        return IncompleteBeta.point(a, b, lower: probability).lower
    }

    /// The place that this probability lies above.
    public func quantile(survival probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        return IncompleteBeta.point(b, a, lower: probability).upper
    }

    private func shares(_ x: Double) -> Shares {
        guard !x.isNaN else { return Shares(lower: .nan, upper: .nan) }
        return IncompleteBeta.shares(a, b, Shares(lower: x, upper: 1 - x))
    }
}
