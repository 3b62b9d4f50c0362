/// Values that belong together in groups, such as questions about one page: they vary less than as many that do not.
public struct ClusteredSample: Sendable, Hashable {
    /// The number of values.
    public let count: Int
    /// The number of clusters.
    public let clusters: Int
    /// The mean; nil when there is no value.
    public let mean: Double?
    private let sumOfSquares: Double
    private let isShare: Bool

    /// Values and the cluster of each. Throws `unequalCounts`, and `notFinite` for a value that is infinite or no number.
    public init<Cluster: Hashable>(_ values: [Double], clusters: [Cluster]) throws(StatisticsError) {
        guard values.count == clusters.count else { throw .unequalCounts(values.count, clusters.count) }
        let centre = try RunningSummary(values).mean
        var order: [Cluster: Int] = [:]
        // Sums are kept in order of appearance, so that the result does not depend on the order of a hash.
        var sums: [Double] = []
        for (value, cluster) in zip(values, clusters) {
            let place = order[cluster] ?? sums.count
            if place == sums.count {
                order[cluster] = place
                sums.append(0)
            }
            sums[place] += value - (centre ?? 0)
        }
        count = values.count
        self.clusters = sums.count
        mean = centre
        sumOfSquares = sums.reduce(0) { $0 + $1 * $1 }
        isShare = values.allSatisfy { (0...1).contains($0) }
    }

    /// The standard error of the mean: the squared sums of deviations of each cluster, by C/(C - 1), rooted, by n. Nil below
    /// two clusters. With one value in each cluster it is the usual one.
    ///
    /// Source: E. Miller, Adding Error Bars to Evals (arXiv 2411.00640), appendix A, with the correction for few clusters.
    public var standardError: Double? {
        guard clusters > 1 else { return nil }
        let correction = Double(clusters) / Double(clusters - 1)
        return (sumOfSquares * correction).squareRoot() / Double(count)
    }

    /// The number of independent values that would say as much about a share: p(1 - p) by the squared standard error, at most
    /// the number of values. Where all values are 0, or all 1, nothing tells how alike a cluster's are: then it is
    /// the number of clusters. Nil below two clusters, and for values outside of 0...1.
    ///
    /// Source: E. L. Korn, B. I. Graubard, Confidence Intervals for Proportions, Survey Methodology 24 (1998).
    public var effectiveCount: Double? {
        guard isShare, let mean, let error = standardError else { return nil }
        let spread = mean * (1 - mean)
        if spread <= 0 { return Double(clusters) }
        return error > 0 ? min(Double(count), spread / (error * error)) : Double(count)
    }

    /// Student's interval of the mean with C - 1 degrees of freedom. Nil below two clusters, and for a confidence
    /// not between 0 and 1.
    public func interval(confidence: Double = 0.95) -> Interval? {
        guard let mean, let error = standardError, let critical = critical(confidence) else { return nil }
        return Interval(mean, plusMinus: error == 0 ? 0 : critical * error)
    }

    /// Wilson's interval of a share by the effective count, with the quantile of Student's t for C - 1 degrees of freedom. Nil
    /// below two clusters, for values outside of 0...1, and for a confidence not between 0 and 1.
    public func wilson(confidence: Double = 0.95) -> Interval? {
        guard let mean, let effective = effectiveCount, let critical = critical(confidence) else { return nil }
        return Proportion.score(share: mean, count: effective, critical: critical)
    }

    private func critical(_ confidence: Double) -> Double? {
        guard let side = sideOf(confidence) else { return nil }
        return StudentDistribution(degreesOfFreedom: Double(clusters - 1))?.quantile(survival: side)
    }
}
