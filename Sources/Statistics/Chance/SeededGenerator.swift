/// xoshiro256**: the same numbers for a seed on every platform, today and tomorrow.
///
/// Source: D. Blackman, S. Vigna, Scrambled Linear Pseudorandom Number Generators (2018); public domain. The state is the first
/// four numbers of `SplitMix64` from the seed, as the authors advise. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Hashable {
    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    /// A generator at the start of a seed's numbers. Seed 0 begins with 0x99EC5F36CB75F2B4.
    public init(seed: UInt64) {
        var seeds = SplitMix64(seed: seed)
        first = seeds.next()
        second = seeds.next()
        third = seeds.next()
        fourth = seeds.next()
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = Self.rotate(second &* 5, 7) &* 9
        let shifted = second << 17
        third ^= first
        fourth ^= second
        second ^= third
        first ^= fourth
        third ^= shifted
        fourth = Self.rotate(fourth, 45)
        return result
    }

    /// A number in 0..<bound, each equally likely; 0 for bounds below 2.
    ///
    /// Source: D. Lemire, Fast Random Integer Generation in an Interval (2019).
    public mutating func index(below bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        let bound = UInt64(bound)
        var product = bound.multipliedFullWidth(by: next())
        if product.low < bound {
            let rest = (0 &- bound) % bound
            while product.low < rest { product = bound.multipliedFullWidth(by: next()) }
        }
        return Int(product.high)
    }

    /// A number in 0..<1, a multiple of 2^-53.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 { value << count | value >> (64 - count) }
}

/// SplitMix64: turns any seed into well mixed numbers. Source: G. L. Steele et al., Fast Splittable Pseudorandom Number
/// Generators (2014). Seed 1234567 begins with 6457827717110365317.
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
    private var state: UInt64

    /// A generator at the start of a seed's numbers.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
