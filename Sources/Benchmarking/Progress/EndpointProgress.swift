public import ProviderCore

/// What is known of an endpoint and a model there while trials ask it.
public struct EndpointProgress: Sendable, Hashable {
    /// What the circuit breaker lets through.
    public enum Breaker: Sendable, Hashable {
        /// Everything.
        case closed
        /// Nothing until then, after so many failures.
        case open(until: ContinuousClock.Instant, failures: Int)
        /// One call, to see whether the server is back.
        case probing
    }

    /// Endpoint and model as they are shown.
    public let name: String
    /// What the circuit breaker lets through.
    public private(set) var breaker = Breaker.closed
    /// How often it opened.
    public private(set) var openings = 0
    /// What the server told of its limits last; nil = nothing.
    public private(set) var limits: RateLimits?
    /// When the server said last that it was asked too often; nil = never.
    public private(set) var limitedAt: ContinuousClock.Instant?
    /// What is short, as the limiter told last; nil = it never held anything.
    public private(set) var shortage: HoldNotice.Cause?
    private var limited = RateWindow(buckets: 11, width: .seconds(60))
    private var requests = RateWindow(buckets: 61)
    private var tokens = RateWindow(buckets: 61)

    init(_ name: String) { self.name = name }

    /// How often the server said in the last ten minutes that it was asked too often.
    public func timesLimited(at now: ContinuousClock.Instant) -> Int { limited.sum(at: now) }
    /// Requests of the last minute that the server answered or failed; what waits for its turn is none yet.
    public func requestsPerMinute(at now: ContinuousClock.Instant) -> Int { requests.sum(at: now) }
    /// Tokens of answers that ended in the last minute, input and output, as the server counts them.
    public func tokensPerMinute(at now: ContinuousClock.Instant) -> Int { tokens.sum(at: now) }

    /// Takes what a stream brought. True when an attempt was told to come later.
    mutating func take(_ events: [StreamEvent], at now: ContinuousClock.Instant) -> Bool {
        var isRetry = false
        for event in events {
            switch event {
            case .responseStarted(let metadata):
                limits = metadata.rateLimits ?? limits
                requests.add(1, at: now)
            case .policy(.held(let notice)): shortage = notice.cause
            case .policy(.circuit(let notice)): take(notice, now)
            case .policy(.retryScheduled(let notice)):
                isRetry = isRetry || notice.error.kind != .circuitOpen
                if notice.error.fate != .notSent { requests.add(1, at: now) }
                if notice.error.kind == .rateLimited {
                    limited.add(1, at: now)
                    limitedAt = now
                }
            default: break
            }
        }
        return isRetry
    }

    private mutating func take(_ notice: CircuitNotice, _ now: ContinuousClock.Instant) {
        switch notice {
        case .opened(let time, let failures):
            breaker = .open(until: now + time, failures: failures)
            openings += 1
        case .probing: breaker = .probing
        case .closed: breaker = .closed
        }
    }

    mutating func took(tokens count: Int, at now: ContinuousClock.Instant) { tokens.add(count, at: now) }
}
