#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// From logarithms to shares.
enum Probability {
    /// The probability of a natural logarithm: e^logprob, 0...1. Samples: 0 → 1, -0.693147 → 0.5, -9999 → 0.
    static func of(logprob: Double) -> Double { min(1, exp(logprob)) }
}
