#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// The regularized incomplete gamma functions P(a, x) and Q(a, x) and their inverse; NIST Handbook of Mathematical
/// Functions, 8.2, 8.7 and 8.9.
enum IncompleteGamma {
    /// Steps of the series and the fraction; some multiples of the square root of a are needed.
    private static let mostSteps = 1_000_000

    /// P(a, x) and Q(a, x); a > 0.
    static func shares(_ a: Double, _ x: Double) -> Shares {
        if x <= 0 { return Shares(lower: 0, upper: 1) }
        if x == .infinity { return Shares(lower: 1, upper: 0) }
        let term = Deviance.poissonTerm(a, x)
        if x < a + 1 {
            let lower = min(1, term == 0 ? 0 : term * series(a, x))
            return Shares(lower: lower, upper: 1 - lower)
        }
        let upper = min(1, term == 0 ? 0 : term * a * fraction(a, x))
        return Shares(lower: 1 - upper, upper: upper)
    }

    /// The x where P(a, x) is this probability.
    static func point(_ a: Double, lower probability: Double) -> Double {
        if probability <= 0 { return 0 }
        if probability >= 1 { return .infinity }
        return solve(a, probability <= 0.5 ? probability : 1 - probability, usesLower: probability <= 0.5)
    }

    /// The x where Q(a, x) is this probability.
    static func point(_ a: Double, upper probability: Double) -> Double {
        if probability <= 0 { return .infinity }
        if probability >= 1 { return 0 }
        return solve(a, probability < 0.5 ? probability : 1 - probability, usesLower: probability >= 0.5)
    }

    /// The x where the lower or the upper share is this one, which is at most 1/2.
    private static func solve(_ a: Double, _ share: Double, usesLower: Bool) -> Double {
        let target = log(share)
        let logarithm = RisingRoot.find(from: log(a)) { logarithm in
            let x = exp(logarithm)
            let shares = shares(a, x)
            let slope = x > 0 && x < .infinity ? Deviance.poissonTerm(a, x) * a : 0
            return usesLower
                ? (log(shares.lower) - target, slope / shares.lower)
                : (target - log(shares.upper), slope / shares.upper)
        }
        return exp(logarithm)
    }

    /// 1 + x/(a+1) + x^2/((a+1)(a+2)) + ...
    private static func series(_ a: Double, _ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        for step in 1...mostSteps {
            term *= x / (a + Double(step))
            sum += term
            if term < sum * 1e-17 { break }
        }
        return sum
    }

    /// Legendre's continued fraction of Q(a, x) by x^a e^-x / Gamma(a), evaluated by Lentz's method.
    private static func fraction(_ a: Double, _ x: Double) -> Double {
        var base = x + 1 - a
        var numerator = 1e300
        var denominator = 1 / nonzero(base)
        var value = denominator
        for step in 1...mostSteps {
            let coefficient = -Double(step) * (Double(step) - a)
            base += 2
            denominator = 1 / nonzero(coefficient * denominator + base)
            numerator = nonzero(base + coefficient / numerator)
            let change = numerator * denominator
            value *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return value
    }
}
