/// Whether a failed attempt is followed by another one, and when. Pure: time, chance and history come in as arguments.
///
/// What is retried: everything that failed before a byte left; 408, 409, 425, 429 and 5xx before any content; a request that
/// left and was never answered once more, since it may have been billed. Never: after the first content, unless `repeatsTorn`; used-up
/// quota and requests too large for their limit; 400, 401, 402, 403, 404, 413, 422. The server's word wins: `x-should-retry`, and
/// `retry-after-ms` or `retry-after` for the wait; a wait longer than `longestServerWait` is not waited at all. A stream that
/// can be resumed is resumed whenever it breaks, for that costs nothing.
public struct RetryRules: Sendable, Hashable {
    /// What happens to a request that left and was never answered.
    public enum Unanswered: Sendable, Hashable {
        /// It fails.
        case fails
        /// It is asked again, once: the first try is booked as unknown.
        case repeatsOnce
        /// A person is asked.
        case asksPerson
    }

    /// The most attempts, the first one counted; at least 1.
    public var maxAttempts: Int
    /// The wait when the server names none.
    public var backoff: Backoff
    /// The longest wait that is waited when the server names it.
    public var longestServerWait: Duration
    /// What happens to a request that left and was never answered.
    public var unanswered: Unanswered
    /// Whether an answer that was cut in the middle, or was malformed there, is asked for anew although part of it was told. Whoever reads
    /// the stream drops that part when the next attempt begins, as `ChatResponse` does. What came of it was paid for.
    public var repeatsTorn: Bool

    /// Rules; the defaults are 3 attempts, 120 s, one repetition of what was never answered, and none of what was told in part.
    public init(
        maxAttempts: Int = 3, backoff: Backoff = Backoff(), longestServerWait: Duration = .seconds(120),
        unanswered: Unanswered = .repeatsOnce, repeatsTorn: Bool = false
    ) {
        self.maxAttempts = max(1, maxAttempts)
        self.backoff = backoff
        self.longestServerWait = longestServerWait
        self.unanswered = unanswered
        self.repeatsTorn = repeatsTorn
    }

    /// For long unattended runs: 6 attempts, waits of up to 60 s, and up to 15 min when the server asks for it.
    public static let batch = RetryRules(
        maxAttempts: 6, backoff: Backoff(cap: .seconds(60)), longestServerWait: .seconds(900))

    /// Where a call stands when an attempt has failed.
    public struct Situation: Sendable, Hashable {
        /// The number of the attempt that failed, from 1.
        public var attempt: Int
        /// Whether any content was told.
        public var hasContent: Bool
        /// Whether an earlier attempt of this call was never answered.
        public var hasUnanswered: Bool
        /// Chance, 0..<1.
        public var jitter: Double
        /// How many calls wait for their next attempt at this endpoint now.
        public var crowd: Int
        /// What is left of the time for the whole call; nil = no limit.
        public var timeLeft: Duration?

        /// A situation.
        public init(
            attempt: Int, hasContent: Bool = false, hasUnanswered: Bool = false, jitter: Double = 0, crowd: Int = 0,
            timeLeft: Duration? = nil
        ) {
            self.attempt = attempt
            self.hasContent = hasContent
            self.hasUnanswered = hasUnanswered
            self.jitter = jitter
            self.crowd = crowd
            self.timeLeft = timeLeft
        }
    }

    /// What follows.
    public enum Decision: Sendable, Hashable {
        /// The call ends with the error.
        case fail
        /// Another attempt after a wait.
        case retry(after: Duration, RetryNotice.Basis)
        /// The answer is read on after a wait; no new request.
        case resume(after: Duration, RetryNotice.Basis)
        /// The same attempt once more after a wait: the breaker kept it from being sent.
        case hold(for: Duration)
        /// A person decides.
        case ask
    }

    /// What follows an error.
    public func decision(after error: ProviderError, _ now: Situation) -> Decision {
        let decision = unlimited(error, now)
        guard let timeLeft = now.timeLeft, let wait = decision.wait else { return decision }
        // A wait that ends after the deadline helps nobody: say at once what went wrong.
        return wait < timeLeft ? decision : .fail
    }

    private func unlimited(_ error: ProviderError, _ now: Situation) -> Decision {
        if error.kind == .circuitOpen {
            guard let wait = error.retryAfter, wait <= longestServerWait, !now.hasContent else { return .fail }
            return .hold(for: wait + backoff.spread(jitter: now.jitter, isThrottled: false, crowd: now.crowd))
        }
        let isTorn = repeatsTorn && (now.hasContent || error.fate == .interrupted)
        let isMalformed = isTorn && error.kind == .invalidResponse && error.retryHint != false
        guard now.attempt < maxAttempts, error.isRetryable || isMalformed else { return .fail }
        if error.resumption != nil {
            guard let (wait, basis) = wait(error, now) else { return .fail }
            return .resume(after: wait, basis)
        }
        guard isTorn || (!now.hasContent && error.fate != .interrupted) else { return .fail }
        if error.fate == .unknown {
            switch unanswered {
            case .fails: return .fail
            case .asksPerson: return .ask
            case .repeatsOnce: if now.hasUnanswered { return .fail }
            }
        }
        guard let (wait, basis) = wait(error, now) else { return .fail }
        return .retry(after: wait, basis)
    }

    /// How long to wait; nil = longer than we do.
    private func wait(_ error: ProviderError, _ now: Situation) -> (Duration, RetryNotice.Basis)? {
        let isThrottled = error.kind == .rateLimited
        if let asked = error.retryAfter, asked > .zero {
            guard asked <= longestServerWait else { return nil }
            let spread = backoff.spread(jitter: now.jitter, isThrottled: isThrottled, crowd: now.crowd)
            return (min(asked + spread, longestServerWait), .server)
        }
        let own = backoff.wait(
            retry: now.attempt, isThrottled: isThrottled, jitter: now.jitter, crowd: now.crowd)
        return (own, .backoff)
    }
}

extension RetryRules.Decision {
    /// The wait, where there is one of known length.
    var wait: Duration? {
        switch self {
        case .fail, .ask: nil
        case .retry(let wait, _), .resume(let wait, _), .hold(let wait): wait
        }
    }
}
