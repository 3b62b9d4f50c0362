/// A distribution of real numbers.
///
/// Every function is exact to about 1e-12 of its value, tails included. A place or a probability that is no number, and
/// a probability outside of 0...1, gives NaN. `quantile(0)` and `quantile(1)` are the ends of the range.
public protocol ContinuousDistribution: Sendable {
    /// The probability density at a place.
    func density(_ x: Double) -> Double
    /// The probability of at most x.
    func cumulative(_ x: Double) -> Double
    /// The probability of more than x, which keeps its digits where `1 - cumulative(x)` has none left.
    func survival(_ x: Double) -> Double
    /// The place that this probability lies below.
    func quantile(_ probability: Double) -> Double
    /// The place that this probability lies above: exact for tiny ones.
    func quantile(survival probability: Double) -> Double
}

/// The shapes for which the series and fractions have been seen to end soon and exactly.
let shapes = 1e-6...1e9
