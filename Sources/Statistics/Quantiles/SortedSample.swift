/// Values in order, for quantiles. Infinite values are allowed: a request that failed took infinitely long.
public struct SortedSample: Sendable, Hashable {
    /// The values, smallest first.
    public let values: [Double]

    /// Sorts values. Throws `notFinite` for the first that is no number.
    public init(_ values: [Double]) throws(StatisticsError) {
        try self.init(values, infinite: 0)
    }

    /// Sorts values and counts so many more as infinite, such as failed requests that percentiles must not forget. Throws
    /// `notFinite` for the first value that is no number, `outOfRange` for a negative number.
    public init(_ values: [Double], infinite: Int) throws(StatisticsError) {
        if let bad = values.firstIndex(where: \.isNaN) { throw .notFinite(at: bad) }
        guard infinite >= 0 else { throw .outOfRange("infinite") }
        self.values = values.sorted() + Array(repeating: .infinity, count: infinite)
    }

    /// The quantile with linear interpolation between the two nearest values, numpy's method (Hyndman and Fan's
    /// type 7). Nil without values, and for a probability outside of 0...1. Infinite as soon as an infinite value has weight.
    public func quantile(_ probability: Double) -> Double? {
        guard !values.isEmpty, probability >= 0, probability <= 1 else { return nil }
        let place = probability * Double(values.count - 1)
        let below = Int(place)
        let low = values[below]
        let weight = place - Double(below)
        guard weight > 0, below + 1 < values.count, values[below + 1] != low else { return low }
        let high = values[below + 1]
        guard low.isFinite, high.isFinite else { return high.isFinite ? low : high }
        // From the nearer end, as numpy does, so that the ends themselves come out exactly.
        return weight < 0.5 ? low + (high - low) * weight : high - (high - low) * (1 - weight)
    }

    /// The values that bound the quantile of the source by order statistics; nil when there are too few.
    public func bounds(_ probability: Double, confidence: Double = 0.95) -> Interval? {
        Quantile.ranks(count: values.count, probability, confidence: confidence).map {
            Interval(values[$0.lowerBound - 1], values[$0.upperBound - 1])
        }
    }

    /// The quantile with its bounds, or the number of values it would need. Nil unless probability and confidence are between
    /// 0 and 1.
    public func estimate(_ probability: Double, confidence: Double = 0.95) -> QuantileEstimate? {
        guard let needed = Quantile.needed(probability, confidence: confidence) else { return nil }
        guard let bounds = bounds(probability, confidence: confidence), let value = quantile(probability) else {
            return .unsupported(count: values.count, needed: needed)
        }
        return .supported(value, bounds)
    }
}

/// A quantile, where the sample can say something about it.
public enum QuantileEstimate: Sendable, Hashable {
    /// The value and the bounds of the source's.
    case supported(Double, Interval)
    /// There are `count` values; a bound on both sides takes `needed`. Shown as `n/a (n<368)`.
    case unsupported(count: Int, needed: Int)

    /// The value; nil when unsupported.
    public var value: Double? {
        if case .supported(let value, _) = self { return value }
        return nil
    }
}
