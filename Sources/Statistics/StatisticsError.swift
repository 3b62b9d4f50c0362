/// Why figures are refused.
public enum StatisticsError: Error, Sendable, Hashable {
    /// The value at this position, from 0, is no number, or infinite where that has no meaning.
    case notFinite(at: Int)
    /// Lists that belong together have these different lengths.
    case unequalCounts(Int, Int)
    /// A parameter, named here, is outside of its range.
    case outOfRange(String)
}

extension Sequence<Double> {
    /// Throws for the first value that is infinite or no number.
    func checkFinite() throws(StatisticsError) {
        for (i, value) in enumerated() where !value.isFinite { throw .notFinite(at: i) }
    }
}
