/// How long to wait before asking again, when the server does not say: exponential backoff with full jitter.
///
/// wait = jitter × min(cap, base × 2^(k-1)) before the k-th retry, jitter in 0..<1 drawn by the caller (M. Brooker, "Exponential
/// Backoff and Jitter", 2015). With the defaults the longest wait before retry 1, 2, 3, 6, 7 is 0.5, 1, 2, 16, 20 s; after a rate
/// limit (429) base is 1 s: 1, 2, 4, 20, 20 s.
///
/// Full jitter spreads a crowd over no more than the window, and the first windows are short. When many calls wait at the
/// same place the window is widened: × crowd / 10, at most × 8, never above the cap. Ten waiting calls change nothing, eighty
/// and more spread over 4 s instead of 0.5 s.
public struct Backoff: Sendable, Hashable {
    /// The first window.
    public var base: Duration
    /// The first window after a rate limit.
    public var throttledBase: Duration
    /// The widest window.
    public var cap: Duration

    /// A backoff; the defaults are 0.5 s, 1 s and 20 s.
    public init(
        base: Duration = .milliseconds(500), throttledBase: Duration = .seconds(1), cap: Duration = .seconds(20)
    ) {
        self.base = base
        self.throttledBase = throttledBase
        self.cap = cap
    }

    /// The window from which a wait is drawn before retry `retry` (from 1), with `crowd` calls waiting now.
    public func window(retry: Int, isThrottled: Bool, crowd: Int = 0) -> Duration {
        let first = isThrottled ? throttledBase : base
        let doublings = min(max(retry, 1) - 1, 30)
        return min(cap, first * (1 << doublings) * Self.widening(crowd: crowd))
    }

    /// The wait before retry `retry` (from 1). `jitter` is in 0..<1.
    public func wait(retry: Int, isThrottled: Bool, jitter: Double, crowd: Int = 0) -> Duration {
        window(retry: retry, isThrottled: isThrottled, crowd: crowd) * jitter
    }

    /// What is added to a wait that the server named, so that a crowd does not come back in the same instant: nothing for
    /// ten waiting calls or fewer, else up to the crowd's first window.
    public func spread(jitter: Double, isThrottled: Bool, crowd: Int) -> Duration {
        crowd <= 10 ? .zero : wait(retry: 1, isThrottled: isThrottled, jitter: jitter, crowd: crowd)
    }

    private static func widening(crowd: Int) -> Double { min(8, max(1, Double(crowd) / 10)) }
}
