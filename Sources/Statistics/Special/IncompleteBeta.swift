#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// A share and what is missing to 1, each exact by itself.
struct Shares: Sendable, Hashable {
    /// The part below.
    var lower: Double
    /// The part above: 1 - lower.
    var upper: Double

    var swapped: Shares { Shares(lower: upper, upper: lower) }
}

/// The regularized incomplete beta function I_x(a, b) and its inverse; NIST Handbook of Mathematical Functions, 8.17.
enum IncompleteBeta {
    /// Steps of the continued fraction; about the square root of the larger argument is needed.
    private static let mostSteps = 200_000

    /// I_x(a, b) and its complement, where `x.lower` is x and `x.upper` is 1 - x; a, b > 0.
    static func shares(_ a: Double, _ b: Double, _ x: Shares) -> Shares {
        if x.lower <= 0 { return Shares(lower: 0, upper: 1) }
        if x.upper <= 0 { return Shares(lower: 1, upper: 0) }
        // The fraction converges fast below the mean only.
        guard x.lower * (a + b + 2) <= a + 1 else {
            let upper = tail(b, a, x.swapped)
            return Shares(lower: 1 - upper, upper: upper)
        }
        let lower = tail(a, b, x)
        return Shares(lower: lower, upper: 1 - lower)
    }

    /// x^a (1-x)^b / B(a, b): what I_x grows by per unit of ln(x / (1-x)).
    static func slope(_ a: Double, _ b: Double, _ x: Shares) -> Double {
        Deviance.binomialTerm(a, b, x.lower, x.upper) * (a / (a + b)) * b
    }

    /// The x where I_x(a, b) is this probability, and 1 - x. Both keep their digits near 0.
    static func point(_ a: Double, _ b: Double, lower probability: Double) -> Shares {
        if probability <= 0 { return Shares(lower: 0, upper: 1) }
        if probability >= 1 { return Shares(lower: 1, upper: 0) }
        let usesLower = probability <= 0.5
        let target = log(usesLower ? probability : 1 - probability)
        let logit = RisingRoot.find(from: log(a / b)) { logit in
            let x = logistic(logit)
            let share = shares(a, b, x)
            let slope = slope(a, b, x)
            return usesLower
                ? (log(share.lower) - target, slope / share.lower) : (target - log(share.upper), slope / share.upper)
        }
        return logistic(logit)
    }

    private static func logistic(_ logit: Double) -> Shares {
        Shares(lower: 1 / (1 + exp(-logit)), upper: 1 / (1 + exp(logit)))
    }

    /// I_x(a, b) for x below the mean, by the continued fraction of A. R. DiDonato, A. H. Morris, Significant Digit Computation
    /// of the Incomplete Beta Function Ratios, ACM TOMS 18 (1992), formula (9), evaluated by Lentz's method.
    ///
    /// The fraction of the NIST Handbook, 8.17.22, has 1 - (a+b) x / (a+1) in it, which for large a has no digits; here the
    /// distance from the mean comes in as a (1-x) - b x.
    private static func tail(_ a: Double, _ b: Double, _ x: Shares) -> Double {
        let front = slope(a, b, x)
        return front == 0 ? 0 : front / fraction(a, b, x)
    }

    private static func fraction(_ a: Double, _ b: Double, _ x: Shares) -> Double {
        let distance = a * x.upper - b * x.lower + 1
        var value = nonzero(a * distance / (a + 1))
        var numerator = value
        var denominator = 0.0
        for step in 1...mostSteps {
            let m = Double(step)
            let middle = a + 2 * m - 1
            let share = m * (b - m) * x.lower / middle
            let above = (a + m - 1) / middle * (a + b + m - 1) * x.lower * share
            let below = m + share + (a + m) / (middle + 2) * (distance + m * (1 + x.upper))
            denominator = 1 / nonzero(below + above * denominator)
            numerator = nonzero(below + above / numerator)
            let change = numerator * denominator
            value *= change
            if abs(change - 1) < 1e-16 { break }
        }
        return value
    }
}

/// The value, or something tiny in place of 0, so that Lentz's method can divide by it.
func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
