public import ProviderCore

/// When trials ended lately: how fast a run goes.
struct RunPace: Sendable, Hashable {
    /// Ends since `since`, oldest first.
    private var ends: [ContinuousClock.Instant] = []
    private var since: ContinuousClock.Instant?

    /// It begins, or goes on after a pause that says nothing of its speed.
    mutating func begin(at now: ContinuousClock.Instant) {
        ends = []
        since = now
    }

    /// A trial ended while so many may run. Of the last ends two rounds count, at least 32.
    mutating func end(at now: ContinuousClock.Instant, running: Int) {
        ends.append(now)
        let most = min(512, max(32, running * 2))
        guard ends.count >= most * 2 else { return }
        since = ends[ends.count - most - 1]
        ends.removeFirst(ends.count - most)
    }

    /// The mean time from one end to the next, and of how many; nil before the first. A run that stands still becomes slower.
    func gap(at now: ContinuousClock.Instant) -> (mean: Duration, count: Int)? {
        guard let since, !ends.isEmpty else { return nil }
        return ((now - since) / ends.count, ends.count)
    }
}

/// When a run will probably be over, and what keeps it from being over sooner.
public struct RunEstimate: Sendable, Hashable {
    /// What binds a run's speed.
    public enum Bound: Sendable, Hashable {
        /// Nothing is known yet.
        case starting
        /// So many trials at once, and no more.
        case concurrency(Int)
        /// The rate limiter: what is short.
        case limiter(HoldNotice.Cause)
        /// The server says that it is asked too often.
        case rateLimit
        /// Failures of the server.
        case server
        /// The circuit breaker of this endpoint.
        case breaker(String)
        /// Money that others hold.
        case budget
        /// All that are left run.
        case lastTrials
        /// A person paused it.
        case paused
        /// No new trials begin.
        case stopping
    }

    /// The time that is left; nil where it cannot be said.
    public var left: Duration?
    /// Nine times of ten it will be at most so far off, if trials go on to end independently of each other at the pace of late.
    public var spread: Duration?
    /// What binds it; nil = it is over.
    public var bound: Bound?
}

extension RunProgress {
    /// When it will probably be over, and what binds it.
    public func estimate(at now: ContinuousClock.Instant) -> RunEstimate {
        guard let bound = bound(at: now) else { return RunEstimate() }
        var estimate = RunEstimate(bound: bound)
        let left: Int
        switch bound {
        case .paused: return estimate
        case .stopping: left = slots.count
        default: left = waiting + slots.count
        }
        guard left > 0, let gap = pace.gap(at: now) else { return estimate }
        estimate.left = gap.mean * left
        // 1.645 standard deviations of a sum of exponential gaps whose mean is itself known from so many only.
        let share = 1.645 * (1 / Double(left) + 1 / Double(gap.count)).squareRoot()
        estimate.spread = .seconds((gap.mean * left).inSeconds * share)
        return estimate
    }

    private func bound(at now: ContinuousClock.Instant) -> RunEstimate.Bound? {
        switch phase {
        case .ended: return nil
        case .paused: return .paused
        case .stopping: return .stopping
        case .running: break
        }
        if waitsForMoney { return .budget }
        if let bound = boundOutside() { return bound }
        if waiting == 0, !slots.isEmpty { return .lastTrials }
        return slots.count >= max(1, limit) ? .concurrency(limit) : .starting
    }

    /// What most of the trials that run wait for; nil unless a quarter of them wait.
    private func boundOutside() -> RunEstimate.Bound? {
        var held: [HoldNotice.Cause: Int] = [:]
        var (circuit, limited, failed) = (0, 0, 0)
        var endpoint = ""
        for slot in slots.values {
            switch slot.activity {
            case .held(let cause, _): held[cause, default: 0] += 1
            case .backOff(_, _, isCircuit: true):
                circuit += 1
                endpoint = endpoints[Int(endpointOf[slot.trial])].name
            case .backOff(let reason, _, _):
                if reason.hasPrefix("429") { limited += 1 } else { failed += 1 }
            default: break
            }
        }
        let most = held.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        let ways: [(Int, RunEstimate.Bound)] =
            [(circuit, .breaker(endpoint)), (limited, .rateLimit), (failed, .server)]
            + (most.map { [(held.values.reduce(0, +), .limiter($0.key))] } ?? [])
        guard let way = ways.max(by: { $0.0 < $1.0 }), way.0 > 0, way.0 * 4 >= slots.count else { return nil }
        return way.1
    }
}
