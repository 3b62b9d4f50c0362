public import Benchmarking
public import ProviderCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Measures how this program does: how late a task of it comes to run, and how much processor time it takes.
public final class ClientProbe: Sendable {
    private struct Sample {
        let at: ContinuousClock.Instant
        let used: Duration
    }

    private let clock: any MonotonicClock
    private let last: Mutex<Sample>
    private static let pause = Duration.milliseconds(20)

    /// Begins to measure now.
    public init(clock: any MonotonicClock = ContinuousClock()) {
        self.clock = clock
        last = Mutex(Sample(at: clock.now, used: Self.used()))
    }

    /// Measures once a second until it is cancelled. To be a child of the task whose surroundings are meant.
    public func watch(_ tell: @Sendable (ClientHealth) -> Void) async {
        while let health = await measure() {
            tell(health)
            guard (try? await clock.sleep(for: .seconds(1))) != nil else { return }
        }
    }

    /// Measures: the lateness of a task that slept, and the processor time since the last measurement. Nil when it is cancelled.
    public func measure() async -> ClientHealth? {
        let due = clock.now + Self.pause
        guard (try? await clock.sleep(for: Self.pause)) != nil else { return nil }
        let now = clock.now
        let used = Self.used()
        let before = last.withLock { sample in
            defer { sample = Sample(at: now, used: used) }
            return sample
        }
        let time = (now - before.at).inSeconds
        return ClientHealth(lag: max(.zero, now - due), load: time > 0 ? (used - before.used).inSeconds / time : 0)
    }

    /// The processor time of this process.
    private static func used() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
