/// Goes on with a call: the next policy inwards, and at last the provider. Each use is a call of its own for all that is
/// further in. Throws as `AIProvider.stream`, at once or from the stream.
public typealias PolicyNext = @Sendable (ChatRequest, PolicyCall) async throws -> ChatStream

/// What the policies around one call share.
public struct PolicyCall: Sendable {
    /// Names the call in a ledger; unique.
    public let id: String
    /// Ends waits early; in the hands of whoever consumes the stream.
    public let control: CallControl
    /// When the call as a whole must be over, attempts and waits together; nil = no limit.
    public var deadline: ContinuousClock.Instant?
    /// Whether a person asked for this attempt just now: an open circuit breaker lets it through as its probe.
    public var isForced: Bool

    /// A call.
    public init(
        id: String = Self.newID(), control: CallControl, deadline: ContinuousClock.Instant? = nil,
        isForced: Bool = false
    ) {
        self.id = id
        self.control = control
        self.deadline = deadline
        self.isForced = isForced
    }

    /// A name that no other call has: 15 hexadecimal digits by chance, so many as a short string holds.
    public static func newID() -> String {
        let digits = String(UInt64.random(in: .min ... .max) >> 4, radix: 16)
        return String(repeating: "0", count: 15 - digits.count) + digits
    }
}

/// A rule about how calls are made: whether, when, how often.
///
/// A policy stands between the consumer of a stream and the provider; `PolicyProvider` composes several, the outermost
/// first. To write one: keep the rule itself in a value that takes time and chance as arguments, and let this adapter do no
/// more than ask it. Return a lazy stream: what must happen before the provider is asked happens when the stream is first
/// pulled, and what the policy decides is told in the stream as `StreamEvent.policy`, so that a consumer sees the wait
/// before it begins. Give back whatever is held when the stream is dropped, finished or not (`deinit` of a small object).
/// Throw a stream's own errors on, `CancellationError` untouched. To test one: run it over a scripted provider on a test
/// clock.
public protocol Policy: Sendable {
    /// Makes the call by `next`: once, several times, or not at all. Throws `ProviderError` and `CancellationError`, from the
    /// stream where it can: an outer policy, and a person who watches, see only what happens there.
    func stream(_ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext) async throws -> ChatStream
}

/// A provider with policies around it. A value; policies that remember something share it between their copies. Make one
/// for each endpoint and key and keep it: limiter, breaker and budget learn from call to call.
///
///     PolicyProvider(provider, policies: [
///         TimeoutPolicy(total: .seconds(1800)),      // the call as a whole
///         RetryPolicy(),                             // asks again what failed
///         RateLimiter(),                             // each attempt waits its turn
///         CircuitBreaker(),                          // and is not sent to a server that is down
///     ])
///
/// Every call passes from the top of the list downwards; events and errors come back up. The order is the composer's
/// choice: in the one above a retry asks limiter and breaker anew, and time spent in either counts towards the whole.
public struct PolicyProvider: AIProvider {
    private let provider: any AIProvider
    private let policies: [any Policy]
    private let clock: any MonotonicClock

    /// A provider behind policies, the outermost first. `clock` measures what is left of a call's deadline.
    public init(
        _ provider: any AIProvider, policies: [any Policy], clock: any MonotonicClock = ContinuousClock()
    ) {
        self.provider = provider
        self.policies = policies
        self.clock = clock
    }

    /// The provider's own.
    public var id: ProviderID { provider.id }

    /// Asks through the policies. Returns at once: the request leaves when the stream is first pulled, and errors are
    /// thrown there. The stream's `control` ends waits early.
    public func stream(_ request: ChatRequest) async throws -> ChatStream {
        let call = PolicyCall(control: CallControl())
        var stream = try await chain()(request, call)
        stream.control = call.control
        return stream
    }

    /// The models the endpoint offers. Of the policies only a retry policy has a say: a list is asked for again while its waits
    /// are short, since somebody looks at an empty screen meanwhile.
    public func models() async throws -> [ModelListing] {
        guard let retry = policies.lazy.compactMap({ $0 as? RetryPolicy }).first else {
            return try await provider.models()
        }
        return try await retry.repeating { try await provider.models() }
    }

    private func chain() -> PolicyNext {
        let provider = provider
        let clock = clock
        let send: PolicyNext = { request, call in
            try await provider.stream(request.within(call.deadline, clock))
        }
        var next = send
        for policy in policies.reversed() {
            next = { [next] request, call in try await policy.stream(request, call, next: next) }
        }
        return next
    }
}

extension ProviderError {
    /// The time for the whole call is over before the request could leave.
    static var deadlinePassed: ProviderError {
        ProviderError(
            kind: .timeout, message: "the time limit of the whole request passed before it could be sent (again)",
            retryHint: false, fate: .notSent)
    }
}

extension ChatRequest {
    /// The request with the time that is left as its limit.
    @inline(never)
    fileprivate func within(
        _ deadline: ContinuousClock.Instant?, _ clock: any MonotonicClock
    ) throws -> ChatRequest {
        guard let deadline else { return self }
        let left = clock.now.duration(to: deadline)
        guard left > .zero else { throw ProviderError.deadlinePassed }
        var request = self
        request.timeLimit = min(left, timeLimit ?? left)
        return request
    }
}
