/// A clock whose instants are `ContinuousClock`'s, so that a test can supply its own time: `now` never goes back, and `sleep`
/// throws `CancellationError` when its task is cancelled. Used from any task.
public protocol MonotonicClock: Clock where Instant == ContinuousClock.Instant {}

extension ContinuousClock: MonotonicClock {}

extension Duration {
    /// The duration in milliseconds.
    public var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }

    /// As messages say it: `120 s`, `1.5 s`, `50 ms`.
    public var spoken: String {
        let (seconds, attoseconds) = components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds == 0 { return "\(seconds) s" }
        if seconds == 0 { return "\(milliseconds) ms" }
        return "\(Double(seconds) + Double(milliseconds) / 1000) s"
    }

    /// The duration in seconds.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
