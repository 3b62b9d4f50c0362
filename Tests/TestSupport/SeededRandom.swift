import Synchronization

/// Chance that repeats itself: the same seed gives the same numbers. Safe from any thread.
public final class SeededRandom: Sendable {
    private let state: Mutex<UInt64>

    /// A source with a seed.
    public init(_ seed: UInt64) { state = Mutex(seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678) }

    /// The next number, 0..<1 (SplitMix64).
    public func next() -> Double { Double(bits() >> 11) / Double(1 << 53) }

    /// The next whole number below `bound`.
    public func next(below bound: Int) -> Int { Int(bits() % UInt64(max(1, bound))) }

    /// The next 64 bits.
    public func bits() -> UInt64 {
        state.withLock { state in
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}

/// For the standard library's own `random(in:using:)`.
extension SeededRandom: RandomNumberGenerator {
    /// The next 64 bits.
    @_disfavoredOverload
    public func next() -> UInt64 { bits() }
}
