/// The distribution of the number of successes in trials that do not know each other.
///
/// Exact to about 1e-13 of each value up to 100,000,000 trials.
public struct BinomialDistribution: Sendable, Hashable {
    /// The number of trials.
    public let trials: Int
    /// The probability of a success in one.
    public let probability: Double

    /// Nil unless there are 0 to 100,000,000 trials and the probability is in 0...1.
    public init?(trials: Int, probability: Double) {
        guard (0...100_000_000).contains(trials), probability >= 0, probability <= 1 else { return nil }
        self.trials = trials
        self.probability = probability
    }

    /// The probability of exactly so many.
    public func mass(_ count: Int) -> Double {
        guard (0...trials).contains(count) else { return 0 }
        return Deviance.binomialTerm(Double(count), Double(trials - count), probability, 1 - probability)
    }

    /// The probability of at most so many.
    public func cumulative(_ count: Int) -> Double { shares(count).upper }

    /// The probability of more than so many.
    public func survival(_ count: Int) -> Double { shares(count).lower }

    /// The smallest number that is not exceeded with at least this probability; nil outside of 0...1.
    ///
    /// A probability within 1e-13 of a step counts as the step.
    public func quantile(_ level: Double) -> Int? {
        guard level >= 0, level <= 1 else { return nil }
        var low = 0
        var high = trials
        while low < high {
            let middle = low + (high - low) / 2
            if cumulative(middle) >= level * (1 - 1e-13) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The probabilities of more and of at most so many: the incomplete beta function of the next one.
    private func shares(_ count: Int) -> Shares {
        if count < 0 { return Shares(lower: 1, upper: 0) }
        if count >= trials { return Shares(lower: 0, upper: 1) }
        return IncompleteBeta.shares(
            Double(count + 1), Double(trials - count), Shares(lower: probability, upper: 1 - probability))
    }
}
