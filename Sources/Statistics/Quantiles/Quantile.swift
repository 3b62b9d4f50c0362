#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// What a sample of some size can say about a quantile of its source, whatever the distribution.
///
/// The number of values below the true quantile is binomial, so two order statistics bound it: H. A. David,
/// H. N. Nagaraja, Order Statistics (2003), section 7.1. Each side has half of what the confidence leaves.
public enum Quantile {
    /// The fewest values for which both bounds exist. At a confidence of 0.95: 6 for 0.5, 36 for 0.9, 72 for 0.95, 368 for 0.99. Nil
    /// unless probability and confidence are between 0 and 1, and where more than 2^53 values are needed.
    public static func needed(_ probability: Double, confidence: Double = 0.95) -> Int? {
        guard probability > 0, probability < 1, let side = sideOf(confidence) else { return nil }
        let outer = max(probability, 1 - probability)
        let exact = (log(side) / log(outer)).rounded(.up)
        guard exact >= 0, exact < 0x1p53 else { return nil }
        // The quotient may be a rounding off a whole number; the power decides.
        let guess = max(1, Int(exact))
        if guess > 1, pow(outer, Double(guess - 1)) <= side { return guess - 1 }
        return pow(outer, Double(guess)) <= side ? guess : guess + 1
    }

    /// Which of `count` sorted values, from 1, bound the quantile; nil when the count is less than needed, and over
    /// 100,000,000.
    public static func ranks(count: Int, _ probability: Double, confidence: Double = 0.95) -> ClosedRange<Int>? {
        guard let needed = needed(probability, confidence: confidence), count >= needed,
            let side = sideOf(confidence), let below = BinomialDistribution(trials: count, probability: probability)
        else { return nil }
        // The lower value is above the quantile when fewer than `lower` values are below it: at most `side` likely.
        let lower = max(1, last(in: 1...count) { below.cumulative($0 - 1) <= side } ?? 1)
        let upper = (last(in: 1...count) { below.survival($0 - 1) > side } ?? 0) + 1
        return lower...max(lower, min(count, upper))
    }

    /// The last place where a condition holds that holds up to some place and not beyond; nil when nowhere.
    private static func last(in range: ClosedRange<Int>, where holds: (Int) -> Bool) -> Int? {
        var low = range.lowerBound - 1
        var high = range.upperBound
        while low < high {
            let middle = low + (high - low + 1) / 2
            if holds(middle) { low = middle } else { high = middle - 1 }
        }
        return low < range.lowerBound ? nil : low
    }
}
