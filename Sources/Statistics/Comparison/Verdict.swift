#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// What a comparison says so far. Higher values are better; turn the sign of differences where lower ones are.
public enum Verdict: Sendable, Hashable {
    /// The interval of the difference is above 0 and does not fit inside the margin.
    case better
    /// The interval of the difference is below 0 and does not fit inside the margin.
    case worse
    /// The interval of the difference fits inside the margin, ends included: whatever the difference is, it is too small to
    /// matter.
    case equal
    /// None of these. With about so many more pairs like the ones so far it would be decided; nil when no number can be said,
    /// because there are fewer than two pairs, or more than a billion would be needed.
    case undecided(morePairs: Int?)
}

/// How a difference is judged.
public struct VerdictRule: Sendable, Hashable {
    /// The confidence of the interval, between 0 and 1.
    public let confidence: Double
    /// Differences up to this size do not matter; 0 or more.
    public let margin: Double
    /// The largest difference that one pair can show, above 0: 1 for scores in 0...1. Infinite = there is none.
    public let largestDifference: Double

    /// The most pairs that are looked for.
    private static let mostPairs = 1_000_000_000

    /// Nil for values outside of their ranges.
    public init?(confidence: Double = 0.95, margin: Double = 0, largestDifference: Double = .infinity) {
        guard sideOf(confidence) != nil, margin >= 0, margin.isFinite, largestDifference > 0 else { return nil }
        self.confidence = confidence
        self.margin = margin
        self.largestDifference = largestDifference
    }

    /// The verdict of an interval alone; `undecided(nil)` where it is.
    public func verdict(_ interval: Interval) -> Verdict {
        if interval.lower >= -margin, interval.upper <= margin { return .equal }
        if interval.lower > 0 { return .better }
        if interval.upper < 0 { return .worse }
        return .undecided(morePairs: nil)
    }

    /// The verdict of pairs.
    public func verdict(_ comparison: PairedComparison) -> Verdict {
        guard let interval = interval(comparison) else { return .undecided(morePairs: nil) }
        let verdict = verdict(interval)
        guard case .undecided = verdict else { return verdict }
        return .undecided(morePairs: morePairs(comparison))
    }

    /// The interval that is judged: Student's, nil below two pairs.
    ///
    /// Where all differences are equal, Student's has no width, and two pairs would decide everything. Then as large a share of
    /// pairs may yet differ as stays unseen in so many with half of the probability 1 - confidence, and each of them shift
    /// the mean as far as one can (the "rule of three" on both sides). Six wins of six decide, as in McNemar's test. Nil without
    /// a largest difference.
    public func interval(_ comparison: PairedComparison) -> Interval? {
        guard comparison.pairs > 1, let mean = comparison.difference, let half = half(comparison, comparison.pairs)
        else {
            return nil
        }
        return Interval(mean, plusMinus: half)
    }

    /// Half of the interval's width if there were so many pairs like these.
    private func half(_ comparison: PairedComparison, _ pairs: Int) -> Double? {
        guard let side = sideOf(confidence), let deviation = comparison.summary.standardDeviation else { return nil }
        let count = Double(pairs)
        if deviation == 0 {
            guard largestDifference.isFinite, let mean = comparison.difference else { return nil }
            return (abs(mean) + largestDifference) * -expm1(log(side) / count)
        }
        return StudentDistribution(degreesOfFreedom: count - 1).map {
            $0.quantile(survival: side) * deviation / count.squareRoot()
        }
    }

    private func morePairs(_ comparison: PairedComparison) -> Int? {
        guard let mean = comparison.difference else { return nil }
        func isDecided(_ pairs: Int) -> Bool {
            guard let half = half(comparison, pairs) else { return false }
            return half < abs(mean) || abs(mean) + half <= margin
        }
        var low = comparison.pairs
        var high = low
        repeat {
            guard high < Self.mostPairs else { return nil }
            low = high
            high = min(Self.mostPairs, high * 2)
        } while !isDecided(high)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if isDecided(middle) { high = middle } else { low = middle }
        }
        return high - comparison.pairs
    }
}
