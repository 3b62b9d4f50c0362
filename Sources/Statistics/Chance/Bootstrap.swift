/// The percentile bootstrap: what a statistic would be for samples drawn, with replacement, from the one at hand.
///
/// Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), section 13.3. The generator is
/// `SeededGenerator`: resample after resample, one `index(below: n)` for each value, so equal seeds give equal intervals.
public struct Bootstrap: Sendable, Hashable {
    /// The seed of the draws.
    public let seed: UInt64
    /// The number of samples drawn.
    public let resamples: Int

    /// Nil unless there are 1 to 1,000,000 resamples.
    public init?(seed: UInt64, resamples: Int = 10_000) {
        guard (1...1_000_000).contains(resamples) else { return nil }
        self.seed = seed
        self.resamples = resamples
    }

    /// The interval of the mean. As `interval(of:confidence:statistic:)`, without a copy for each resample.
    public func meanInterval(of values: [Double], confidence: Double = 0.95) throws(StatisticsError) -> Interval? {
        try values.checkFinite()
        return try interval(count: values.count, confidence) { chance in
            var sum = 0.0
            for _ in values.indices { sum += values[chance.index(below: values.count)] }
            return sum / Double(values.count)
        }
    }

    /// The interval of a statistic, which is asked once for each resample. Nil without values, and for a confidence
    /// not between 0 and 1. Throws `notFinite` for the first value that is infinite or no number, and `outOfRange`
    /// when the statistic returns one that is no number. One value, or values that are all equal, give an interval of no width.
    public func interval(
        of values: [Double], confidence: Double = 0.95, statistic: ([Double]) -> Double
    ) throws(StatisticsError) -> Interval? {
        try values.checkFinite()
        return try interval(count: values.count, confidence) { chance in
            statistic(values.map { _ in values[chance.index(below: values.count)] })
        }
    }

    private func interval(
        count: Int, _ confidence: Double, _ statistic: (inout SeededGenerator) -> Double
    ) throws(StatisticsError) -> Interval? {
        guard count > 0, let side = sideOf(confidence) else { return nil }
        var chance = SeededGenerator(seed: seed)
        var results: [Double] = []
        results.reserveCapacity(resamples)
        for _ in 0..<resamples {
            let result = statistic(&chance)
            if result.isNaN { throw .outOfRange("statistic") }
            results.append(result)
        }
        let sorted = try SortedSample(results)
        guard let lower = sorted.quantile(side), let upper = sorted.quantile(1 - side) else { return nil }
        return Interval(lower, upper)
    }
}
