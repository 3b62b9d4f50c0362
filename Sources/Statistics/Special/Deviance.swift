#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Binomial and Poisson terms of real arguments, exact to a few units of the last place however large the arguments are.
///
/// Differences of `lgamma` lose a digit for each digit of their size; these are written as deviances from the most
/// likely value instead. Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
enum Deviance {
    /// a! b! stands for the gamma function: (a+b)! / (a! b!) x^a y^b, where x + y = 1. a, b >= 0.
    static func binomialTerm(_ a: Double, _ b: Double, _ x: Double, _ y: Double) -> Double {
        if x <= 0 { return a == 0 ? 1 : 0 }
        if y <= 0 { return b == 0 ? 1 : 0 }
        if a == 0 { return exp(b * logarithm(y, complement: x)) }
        if b == 0 { return exp(a * logarithm(x, complement: y)) }
        let n = a + b
        let exponent =
            stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, from: n * x) - deviance(b, from: n * y)
        return exp(exponent) * sqrt(n / (2 * .pi * a) / b)
    }

    /// x^a e^-x / a!; a > 0, x > 0.
    static func poissonTerm(_ a: Double, _ x: Double) -> Double {
        exp(-stirlingError(a) - deviance(a, from: x)) / sqrt(2 * .pi * a)
    }

    /// The error of Stirling's formula: ln n! - ((n + 1/2) ln n - n + ln(2 pi)/2); n > 0. 1/12n for large n.
    static func stirlingError(_ n: Double) -> Double {
        var sum = 0.0
        var n = n
        // What one step up changes is known exactly; the series needs 16.
        while n < 16 {
            sum += (n + 0.5) * log1p(1 / n) - 1
            n += 1
        }
        let square = 1 / (n * n)
        // Bernoulli numbers by 2k(2k-1): NIST Handbook of Mathematical Functions, 5.11.1.
        let terms = [-691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12]
        return sum + terms.reduce(0) { $0 * square + $1 } / n
    }

    /// x ln(x/mean) + mean - x, without loss where the two are near; x, mean > 0.
    static func deviance(_ x: Double, from mean: Double) -> Double {
        guard abs(x - mean) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
        var ratio = (x - mean) / (x + mean)
        var sum = (x - mean) * ratio
        var term = 2 * x * ratio
        ratio *= ratio
        for j in 1...1000 {
            term *= ratio
            let next = sum + term / Double(2 * j + 1)
            if next == sum { break }
            sum = next
        }
        return sum
    }

    private static func logarithm(_ x: Double, complement y: Double) -> Double { y < 0.5 ? log1p(-y) : log(x) }
}
