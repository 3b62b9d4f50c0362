/// A bucket of permits that fills with time: what a server's rate limit leaves, as far as the client can know. Pure.
///
/// After `learn`, permits are what the server said was left, less what was sent since; they grow by `perSecond` up to `capacity`.
/// The rate is read off the server's words: (limit - remaining) / reset, or limit a minute where it gives no reset. 500 requests of
/// which 499 are left and the rest is back in 120 ms grow by 8.3 a second.
public struct PermitBucket: Sendable, Hashable {
    /// The most permits there are, at least 1.
    public private(set) var capacity: Double
    /// Permits that come back each second, above 0.
    public private(set) var perSecond: Double
    private var available: Double
    private var at: ContinuousClock.Instant

    /// A bucket after what a server told at `now`; nil when that is too little to count with.
    public init?(_ told: RateLimit, inFlight: Double, now: ContinuousClock.Instant) {
        guard let limit = told.limit else { return nil }
        capacity = Double(limit)
        perSecond = Double(limit) / 60
        available = capacity
        at = now
        learn(told, inFlight: inFlight, now: now)
    }

    /// Takes over what the server told. `inFlight` are the permits of requests that it had not seen when it said so.
    public mutating func learn(_ told: RateLimit, inFlight: Double, now: ContinuousClock.Instant) {
        refill(to: now)
        if let limit = told.limit, Double(limit) != capacity {
            capacity = Double(limit)
            perSecond = capacity / 60
        }
        guard let remaining = told.remaining.map(Double.init) else { return }
        available = min(capacity, remaining - inFlight)
        let used = capacity - remaining
        if used > 0, let seconds = told.reset?.inSeconds, seconds > 0.001 {
            perSecond = max(used / seconds, capacity / 3600)
        }
    }

    /// Permits there are now; negative when more was used than the limit had.
    public func permits(at now: ContinuousClock.Instant) -> Double {
        min(capacity, available + max(0, at.duration(to: now).inSeconds) * perSecond)
    }

    /// How long until there are so many permits; zero when they are there. More than the capacity waits for a full bucket.
    public func wait(for count: Double, at now: ContinuousClock.Instant) -> Duration {
        let missing = min(count, capacity) - permits(at: now)
        return missing <= 1e-9 ? .zero : .seconds(min(missing / perSecond, 86_400))
    }

    /// Takes permits, whether they are there or not.
    public mutating func take(_ count: Double, at now: ContinuousClock.Instant) {
        refill(to: now)
        available -= min(count, capacity)
    }

    /// Gives permits back that were taken and not needed; a negative count takes what was needed beyond, down to a debt of one
    /// whole bucket.
    public mutating func giveBack(_ count: Double, at now: ContinuousClock.Instant) {
        refill(to: now)
        available = max(-capacity, min(capacity, available + count))
    }

    private mutating func refill(to now: ContinuousClock.Instant) {
        available = permits(at: now)
        at = max(at, now)
    }
}
