#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Student's t distribution. Its tail is an incomplete beta function: NIST Handbook of Mathematical Functions, 8.17(vi).
public struct StudentDistribution: ContinuousDistribution, Hashable {
    /// Degrees of freedom; need not be whole.
    public let degreesOfFreedom: Double

    /// Nil unless the degrees of freedom are from a millionth to a billion.
    public init?(degreesOfFreedom: Double) {
        guard shapes.contains(degreesOfFreedom) else { return nil }
        self.degreesOfFreedom = degreesOfFreedom
    }

    /// The density at a place.
    public func density(_ x: Double) -> Double {
        let half = degreesOfFreedom / 2
        let ratio = x * x / degreesOfFreedom
        let exponent =
            Deviance.stirlingError(half + 0.5) - Deviance.stirlingError(half)
            - Deviance.deviance(half, from: half + 0.5) - log1p(ratio) * half
        return exp(exponent) / (2 * .pi * (1 + ratio)).squareRoot()
    }

    /// The probability of at most x.
    public func cumulative(_ x: Double) -> Double { x > 0 ? 1 - upperTail(x) : upperTail(-x) }

    /// The probability of more than x.
    public func survival(_ x: Double) -> Double { cumulative(-x) }

    /// The place that this probability lies below. 0.975 with 10 degrees of freedom gives 2.228138851986273.
    public func quantile(_ probability: Double) -> Double {
        guard probability >= 0, probability <= 1 else { return .nan }
        let size = upperQuantile(min(probability, 1 - probability))
        return probability < 0.5 ? -size : size
    }

    /// The place that this probability lies above.
    public func quantile(survival probability: Double) -> Double { -quantile(probability) }

    /// The probability of more than x, which is not below 0.
    private func upperTail(_ x: Double) -> Double {
        guard !x.isNaN else { return .nan }
        let ratio = x * x / degreesOfFreedom
        guard ratio.isFinite else { return 0 }
        let place = Shares(lower: 1 / (1 + ratio), upper: ratio / (1 + ratio))
        return IncompleteBeta.shares(degreesOfFreedom / 2, 0.5, place).lower / 2
    }

    private func upperQuantile(_ tail: Double) -> Double {
        if tail == 0 { return .infinity }
        let half = degreesOfFreedom / 2
        // Near the middle the tail is nearly 1/2, and only its distance from there has digits.
        if tail > 0.25 {
            let point = IncompleteBeta.point(0.5, half, lower: 2 * (0.5 - tail))
            return (degreesOfFreedom * point.lower / point.upper).squareRoot()
        }
        let point = IncompleteBeta.point(half, 0.5, lower: 2 * tail)
        return (degreesOfFreedom * point.upper / point.lower).squareRoot()
    }
}
