/// Whether a server that has failed is asked at all. Pure: the states of one circuit breaker.
///
/// Closed, it lets everything through and counts; after 5 failures in a row, or when at least half of the last 20 calls failed
/// (10 of them at least), it opens: for 30 s the first time, 60 s the second, up to 300 s, each ± 10 %, so that clients do not come
/// back together. Then it is half-open: one real call goes through as a probe, everyone else is still refused. A probe that succeeds
/// closes it and its history is forgotten; one that fails opens it again for longer; one that says nothing about the server (given
/// up by the caller, refused as the caller's fault) leaves the place to the next.
public struct CircuitBreakerRules: Sendable, Hashable {
    /// The figures.
    public struct Limits: Sendable, Hashable {
        /// Failures in a row that open it.
        public var failuresInARow: Int
        /// How many recent calls are looked at.
        public var window: Int
        /// How few of them say nothing yet.
        public var fewest: Int
        /// How long it is open the first time; grows by itself with each time.
        public var openFor: Duration
        /// The longest it is open.
        public var longest: Duration

        /// Figures; the defaults are 5, 20, 10, 30 s and 300 s.
        public init(
            failuresInARow: Int = 5, window: Int = 20, fewest: Int = 10, openFor: Duration = .seconds(30),
            longest: Duration = .seconds(300)
        ) {
            self.failuresInARow = failuresInARow
            self.window = window
            self.fewest = fewest
            self.openFor = openFor
            self.longest = longest
        }
    }

    /// The state.
    public enum Phase: Sendable, Hashable {
        /// Everything goes through.
        case closed
        /// Nothing goes through until then.
        case open(until: ContinuousClock.Instant)
        /// The probe of this number is out.
        case halfOpen(probe: Int)
    }

    /// Whether a call goes through.
    public enum Permit: Sendable, Hashable {
        /// It goes.
        case go
        /// It goes as the probe of this number.
        case probe(Int)
        /// It does not; ask again after so long.
        case refused(for: Duration)
    }

    /// The state.
    public private(set) var phase = Phase.closed
    private let limits: Limits
    /// Outcomes of the last calls, newest last; true = failure.
    private var recent: [Bool] = []
    /// Failures since the last success.
    public private(set) var failuresInARow = 0
    /// How often it opened since it was last closed by a success.
    private var openings = 0
    private var probes = 0

    /// A closed breaker.
    public init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Asks for a call to go through. A forced one does so at any time, as the probe if the breaker is open.
    public mutating func admit(at now: ContinuousClock.Instant, isForced: Bool = false) -> Permit {
        switch phase {
        case .closed: return .go
        case .halfOpen: return isForced ? .go : .refused(for: .seconds(1))
        case .open(let until):
            guard now >= until || isForced else { return .refused(for: now.duration(to: until)) }
            probes += 1
            phase = .halfOpen(probe: probes)
            return .probe(probes)
        }
    }

    /// A call that went through showed that the server works.
    public mutating func recordSuccess(probe: Int?) -> CircuitNotice? {
        failuresInARow = 0
        if let probe, phase == .halfOpen(probe: probe) {
            phase = .closed
            recent = []
            openings = 0
            return .closed
        }
        note(false)
        return nil
    }

    /// A call that went through showed that the server does not work. `jitter` is chance, 0..<1.
    public mutating func recordFailure(
        probe: Int?, at now: ContinuousClock.Instant, jitter: Double
    ) -> CircuitNotice? {
        failuresInARow += 1
        note(true)
        switch phase {
        case .halfOpen(let current) where current == probe: return open(at: now, jitter: jitter)
        case .closed where isTooMuch: return open(at: now, jitter: jitter)
        default: return nil
        }
    }

    /// A call ended without saying anything about the server.
    public mutating func recordNothing(probe: Int?, at now: ContinuousClock.Instant) {
        if let probe, phase == .halfOpen(probe: probe) { phase = .open(until: now) }
    }

    private mutating func note(_ isFailure: Bool) {
        recent.append(isFailure)
        if recent.count > limits.window { recent.removeFirst() }
    }

    private var isTooMuch: Bool {
        if failuresInARow >= limits.failuresInARow { return true }
        let failures = recent.count { $0 }
        return recent.count >= limits.fewest && failures * 2 >= recent.count
    }

    private mutating func open(at now: ContinuousClock.Instant, jitter: Double) -> CircuitNotice {
        openings += 1
        let time = min(limits.longest, limits.openFor * openings) * (0.9 + 0.2 * jitter)
        phase = .open(until: now.advanced(by: time))
        recent = []
        return .opened(for: time, failures: failuresInARow)
    }
}

extension ProviderError {
    /// Whether it says that the server, or the way to it, does not work. Rate limits and the caller's own faults do not.
    public var isProviderFault: Bool {
        switch kind {
        // The caller's own time was up.
        case .timeout where fate == .notSent && retryHint == false: false
        case .server, .overloaded, .timeout, .connection, .invalidResponse: true
        case .authentication, .permission, .notFound, .invalidRequest, .contextTooLong, .rateLimited, .quotaExceeded,
            .contentFiltered, .circuitOpen, .budgetExceeded, .cancelled:
            false
        }
    }
}
