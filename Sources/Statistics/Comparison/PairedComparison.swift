/// Two subjects on the same samples: the differences, sample by sample, of the second minus the first.
///
/// Differences of pairs vary less than differences of means, because the hardness of a sample cancels out.
public struct PairedComparison: Sendable, Hashable {
    /// The differences, summed up.
    public let summary: RunningSummary
    /// Pairs in which the second is higher.
    public let wins: Int
    /// Pairs in which the first is higher.
    public let losses: Int

    /// Differences that are there already. Throws `notFinite` for the first that is infinite or no number.
    public init(differences: [Double]) throws(StatisticsError) {
        summary = try RunningSummary(differences)
        wins = differences.count { $0 > 0 }
        losses = differences.count { $0 < 0 }
    }

    /// The values of both subjects, in the same order of samples. Throws `unequalCounts`, and `notFinite` for the first
    /// difference that is infinite or no number.
    public init(_ first: [Double], _ second: [Double]) throws(StatisticsError) {
        guard first.count == second.count else { throw .unequalCounts(first.count, second.count) }
        try self.init(differences: zip(first, second).map { $1 - $0 })
    }

    /// Repeats of both subjects by sample. They are averaged first: repeats of one sample are no pairs of their own. A
    /// sample without a repeat on either side is left out. Throws as the others.
    public init(repeats first: [[Double]], _ second: [[Double]]) throws(StatisticsError) {
        guard first.count == second.count else { throw .unequalCounts(first.count, second.count) }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let pairs = zip(first, second).filter { !$0.isEmpty && !$1.isEmpty }
        try self.init(differences: pairs.map { mean($1) - mean($0) })
    }

    /// The number of pairs.
    public var pairs: Int { summary.count }
    /// Pairs in which both are equal.
    public var ties: Int { pairs - wins - losses }
    /// The mean difference; nil without pairs.
    public var difference: Double? { summary.mean }

    /// Student's interval of the mean difference; nil below two pairs, of no width when all differences are equal.
    public func interval(confidence: Double = 0.95) -> Interval? { summary.interval(confidence: confidence) }

    /// Student's paired test against a mean difference of 0; nil below two pairs. When all differences are equal the statistic
    /// is 0 with p 1, or infinite with p 0.
    public var tTest: TTest? {
        guard let mean = summary.mean, let error = summary.standardError,
            let student = StudentDistribution(degreesOfFreedom: Double(pairs - 1))
        else { return nil }
        let statistic = mean == 0 ? 0 : mean / error
        return TTest(
            statistic: statistic, degreesOfFreedom: student.degreesOfFreedom,
            pValue: min(1, 2 * student.survival(abs(statistic))))
    }

    /// McNemar's exact test on wins and losses.
    public var mcNemar: Double { McNemar.pValue(wins, losses) ?? 1 }
}

/// The result of a t test.
public struct TTest: Sendable, Hashable {
    /// The mean by its standard error.
    public let statistic: Double
    /// One less than the number of values.
    public let degreesOfFreedom: Double
    /// Two-sided.
    public let pValue: Double
}

/// McNemar's exact test: whether flips from wrong to right and from right to wrong are equally likely.
public enum McNemar {
    /// The two-sided p value: twice the binomial tail of the rarer flip at 1/2, at most 1. 1 when nothing flipped; nil
    /// for negative numbers, and over 100,000,000 flips.
    ///
    /// Source: A. Agresti, Categorical Data Analysis (2002), section 10.1.4. 1 and 8 give 0.0390625.
    public static func pValue(_ gained: Int, _ lost: Int) -> Double? {
        guard gained >= 0, lost >= 0, gained <= 100_000_000, lost <= 100_000_000,
            let flips = BinomialDistribution(trials: gained + lost, probability: 0.5)
        else { return nil }
        return min(1, 2 * flips.cumulative(min(gained, lost)))
    }
}

/// Holm's correction for several tests at once.
public enum Holm {
    /// The adjusted p values, in the order given: the i-th smallest by the number of those not smaller, never less than one
    /// before, at most 1. Those at most alpha are rejected with all of them right at once at that level.
    /// Throws `notFinite` for the first that is no number, `outOfRange` for one outside of 0...1.
    ///
    /// Source: S. Holm, A Simple Sequentially Rejective Multiple Test Procedure (1979).
    public static func adjusted(_ pValues: [Double]) throws(StatisticsError) -> [Double] {
        try pValues.checkFinite()
        guard pValues.allSatisfy({ (0...1).contains($0) }) else { throw .outOfRange("pValues") }
        var adjusted = pValues
        var highest = 0.0
        for (rank, i) in pValues.indices.sorted(by: { (pValues[$0], $0) < (pValues[$1], $1) }).enumerated() {
            highest = max(highest, min(1, Double(pValues.count - rank) * pValues[i]))
            adjusted[i] = highest
        }
        return adjusted
    }
}
