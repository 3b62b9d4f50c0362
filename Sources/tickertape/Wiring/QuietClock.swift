import ProviderCore
import TerminalKit

/// The system's clock with sleeps that leave no trace: they need no thread of the Swift runtime, whose pool, once used, wakes for
/// ever.
struct QuietClock: MonotonicClock {
    private let timers = Timers()

    var now: ContinuousClock.Instant { .now }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await timers.sleep(until: deadline)
    }
}
