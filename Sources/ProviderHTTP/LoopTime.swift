#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A moment of the loop's clock, which goes on while the machine sleeps. One word, for it is read and compared for every
/// piece of every stream; `ContinuousClock.Instant` costs a hundred times as much to copy.
struct LoopTime: Comparable {
    /// Nanoseconds since some moment in the past.
    private let nanoseconds: Int64

    /// Now.
    static var now: LoopTime {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC, &time)
        #else
            clock_gettime(CLOCK_BOOTTIME, &time)
        #endif
        return LoopTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The moment so much later; 100 years at most.
    func advanced(by duration: Duration) -> LoopTime {
        let (seconds, attoseconds) = duration.components
        let bounded = min(max(seconds, 0), 100 * 366 * 86_400)
        return LoopTime(nanoseconds: nanoseconds + bounded * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// The moment so many milliseconds later.
    func advanced(byMilliseconds milliseconds: Int) -> LoopTime {
        LoopTime(nanoseconds: nanoseconds + Int64(milliseconds) * 1_000_000)
    }

    /// Milliseconds from another moment to this one, rounded up so that no turn comes too early; at least 0.
    func milliseconds(since other: LoopTime) -> Int32 {
        let left = nanoseconds - other.nanoseconds
        return left <= 0 ? 0 : Int32(min((left + 999_999) / 1_000_000, 1_000_000_000))
    }

    static func < (one: LoopTime, other: LoopTime) -> Bool { one.nanoseconds < other.nanoseconds }
}
