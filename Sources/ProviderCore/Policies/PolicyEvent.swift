/// What a policy decided about a call. Told in the stream, before what it announces happens.
public enum PolicyEvent: Sendable, Hashable {
    /// An attempt begins; what follows comes from it.
    case attemptStarted(AttemptNotice)
    /// An attempt failed and another one follows after a wait.
    case retryScheduled(RetryNotice)
    /// The client-side rate limiter holds the attempt back.
    case held(HoldNotice)
    /// The circuit breaker changed.
    case circuit(CircuitNotice)
    /// A soft cap is passed.
    case budget(BudgetNotice)
}

/// An attempt begins.
public struct AttemptNotice: Sendable, Hashable {
    /// Its number, from 1.
    public var number: Int
    /// The most attempts there may be.
    public var limit: Int
    /// Whether it goes on with an interrupted answer instead of asking anew.
    public var isResumed: Bool
    /// How long was really waited before it.
    public var waited: Duration

    /// A notice.
    public init(number: Int, limit: Int, isResumed: Bool = false, waited: Duration = .zero) {
        self.number = number
        self.limit = limit
        self.isResumed = isResumed
        self.waited = waited
    }
}

/// An attempt failed, and another follows.
public struct RetryNotice: Sendable, Hashable {
    /// What decided on the length of a wait.
    public enum Basis: String, Sendable, Hashable, CaseIterable {
        /// Exponential backoff with jitter.
        case backoff
        /// The server's word (`retry-after`).
        case server
        /// The open circuit breaker's time.
        case circuit
        /// A person decides: the request may have been billed.
        case person
    }

    /// The number of the attempt that failed, from 1.
    public var attempt: Int
    /// The most attempts there may be.
    public var limit: Int
    /// Why it failed.
    public var error: ProviderError
    /// How long to wait; nil = until a person decides.
    public var wait: Duration?
    /// When the wait is over, on the policy's clock; nil = when a person decides.
    public var until: ContinuousClock.Instant?
    /// What decided on the wait.
    public var basis: Basis

    /// A notice.
    public init(
        attempt: Int, limit: Int, error: ProviderError, wait: Duration?, until: ContinuousClock.Instant?, basis: Basis
    ) {
        self.attempt = attempt
        self.limit = limit
        self.error = error
        self.wait = wait
        self.until = until
        self.basis = basis
    }
}

/// The rate limiter holds an attempt back.
public struct HoldNotice: Sendable, Hashable {
    /// What is short.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        /// Requests a minute.
        case requests
        /// Tokens a minute.
        case tokens
        /// The server asked everyone to wait.
        case pause
        /// Others wait before it.
        case queue
    }

    /// What is short.
    public var cause: Cause
    /// The longest it will probably take; nil = cannot be told.
    public var wait: Duration?
    /// When the hold is probably over, on the policy's clock; nil = cannot be told.
    public var until: ContinuousClock.Instant?
    /// How many wait before it.
    public var ahead: Int

    /// A notice.
    public init(cause: Cause, wait: Duration?, until: ContinuousClock.Instant?, ahead: Int) {
        self.cause = cause
        self.wait = wait
        self.until = until
        self.ahead = ahead
    }
}

/// The circuit breaker changed.
public enum CircuitNotice: Sendable, Hashable {
    /// It lets nothing through for so long, after this many failures in a row or in its window.
    case opened(for: Duration, failures: Int)
    /// It lets this one call through to see whether the server is back.
    case probing
    /// It lets everything through again.
    case closed
}

/// One attempt of a call, as it ended.
public struct Attempt: Sendable, Hashable {
    /// Its number, from 1.
    public var number: Int
    /// The HTTP status; nil without an answer.
    public var status: Int?
    /// Why it failed; nil = it did not.
    public var error: ProviderError.Kind?
    /// How long was waited after it.
    public var waited: Duration
    /// How far the request got; nil = it was answered.
    public var fate: RequestFate?

    /// An attempt.
    public init(
        number: Int, status: Int? = nil, error: ProviderError.Kind? = nil, waited: Duration = .zero,
        fate: RequestFate? = nil
    ) {
        self.number = number
        self.status = status
        self.error = error
        self.waited = waited
        self.fate = fate
    }
}

/// Keeps the attempts of one call from the events of its stream.
public struct AttemptLog: Sendable, Hashable {
    /// The attempts that ended, oldest first.
    public private(set) var ended: [Attempt] = []
    /// The number of the attempt that runs; nil before the first.
    public private(set) var running: Int?

    /// An empty log.
    public init() {}

    /// Takes one event.
    public mutating func apply(_ event: PolicyEvent) {
        switch event {
        case .attemptStarted(let notice):
            if let last = ended.indices.last, notice.number > 1 { ended[last].waited = notice.waited }
            running = notice.number
        case .retryScheduled(let notice):
            // A wait for the circuit is no attempt: nothing was sent.
            guard notice.error.kind != .circuitOpen else { return }
            ended.append(
                Attempt(
                    number: notice.attempt, status: notice.error.status, error: notice.error.kind,
                    fate: notice.error.fate))
            running = nil
        case .held, .circuit, .budget: break
        }
    }

    /// All attempts of a call that is over: nil = with an answer of this status, else with an error. A call without any
    /// attempt told of counts as one.
    public func attempts(endingWith error: ProviderError?, status: Int?) -> [Attempt] {
        let number = running ?? (ended.isEmpty ? 1 : nil)
        guard let number else { return ended }
        return ended + [
            Attempt(number: number, status: error?.status ?? status, error: error?.kind, fate: error?.fate)
        ]
    }
}
