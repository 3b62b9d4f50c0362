import Synchronization

/// Does not send to a server that is down, after `CircuitBreakerRules`.
///
/// One breaker belongs to one endpoint; it keeps the models apart, since one of them may be overloaded alone. A call counts as
/// a success with its first content and as a failure when it ends in a provider's fault, also in the middle of an answer. A refused
/// call throws `ProviderError` of kind `circuitOpen` with the time until the next probe as `retryAfter`.
public struct CircuitBreaker: Policy {
    private let state: BreakerState

    /// A closed breaker. Copies share their state. `random` gives chance, 0..<1.
    public init(
        _ limits: CircuitBreakerRules.Limits = CircuitBreakerRules.Limits(),
        clock: any MonotonicClock = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        state = BreakerState(limits: limits, clock: clock, random: random)
    }

    /// The state for a model; closed for one that was never asked.
    public func phase(model: String) -> CircuitBreakerRules.Phase { state.phase(model) }

    /// Makes the call; see `Policy`.
    public func stream(
        _ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext
    ) async throws -> ChatStream {
        ChatStream { GuardedBatches(state: state, request: request, call: call, next: next) }
    }
}

/// The breakers of one endpoint, by model.
private final class BreakerState: Sendable {
    private let breakers = Mutex<[String: CircuitBreakerRules]>([:])
    private let limits: CircuitBreakerRules.Limits
    private let clock: any MonotonicClock
    private let random: @Sendable () -> Double

    init(limits: CircuitBreakerRules.Limits, clock: any MonotonicClock, random: @escaping @Sendable () -> Double) {
        self.limits = limits
        self.clock = clock
        self.random = random
    }

    func phase(_ model: String) -> CircuitBreakerRules.Phase { change(model) { $0.phase } }

    func admit(_ model: String, isForced: Bool) throws -> BreakerPermit {
        let (permit, failures) = change(model) { ($0.admit(at: clock.now, isForced: isForced), $0.failuresInARow) }
        switch permit {
        case .go: return BreakerPermit(state: self, model: model, probe: nil)
        case .probe(let number): return BreakerPermit(state: self, model: model, probe: number)
        case .refused(let wait): throw Self.refusal(wait, failures: failures)
        }
    }

    func recordSuccess(_ model: String, probe: Int?) -> CircuitNotice? {
        change(model) { $0.recordSuccess(probe: probe) }
    }

    func recordFailure(_ model: String, probe: Int?) -> CircuitNotice? {
        let jitter = random()
        return change(model) { $0.recordFailure(probe: probe, at: clock.now, jitter: jitter) }
    }

    func recordNothing(_ model: String, probe: Int?) {
        change(model) { $0.recordNothing(probe: probe, at: clock.now) }
    }

    private func change<Value>(_ model: String, _ body: (inout CircuitBreakerRules) -> Value) -> Value {
        breakers.withLock { body(&$0[model, default: CircuitBreakerRules(limits)]) }
    }

    private static func refusal(_ wait: Duration, failures: Int) -> ProviderError {
        let seconds = Int(wait.inSeconds.rounded(.up))
        return ProviderError(
            kind: .circuitOpen,
            message:
                "not sent: the last \(max(failures, 1)) requests to this endpoint failed; next try in \(seconds) s",
            retryAfter: wait, retryHint: false, fate: .notSent)
    }
}

/// A call that went through; a probe that is dropped without a verdict gives its place back.
private final class BreakerPermit {
    private let state: BreakerState
    private let model: String
    let probe: Int?
    private var isDecided = false

    init(state: BreakerState, model: String, probe: Int?) {
        self.state = state
        self.model = model
        self.probe = probe
    }

    deinit { if !isDecided { state.recordNothing(model, probe: probe) } }

    /// The first content came.
    func succeed() -> CircuitNotice? {
        guard !isDecided else { return nil }
        isDecided = true
        return state.recordSuccess(model, probe: probe)
    }

    func fail() -> CircuitNotice? {
        isDecided = true
        return state.recordFailure(model, probe: probe)
    }
}

/// The events of one attempt that the breaker lets through.
private struct GuardedBatches: StreamEventBatches {
    let state: BreakerState
    let request: ChatRequest
    let call: PolicyCall
    let next: PolicyNext
    private var permit: BreakerPermit?
    private var inner: (any StreamEventBatches)?
    /// Beside the stream, and not in the permit: with a thousand streams each look into another object costs.
    private var hasSucceeded = false
    /// An error to be thrown after what the breaker had to say about it was told.
    private var failure: ProviderError?

    init(state: BreakerState, request: ChatRequest, call: PolicyCall, next: @escaping PolicyNext) {
        self.state = state
        self.request = request
        self.call = call
        self.next = next
    }

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        if let notices = try begin() { return notices }
        do {
            if inner == nil { inner = try await next(request, call).batches() }
            return passed(try await inner?.nextBatch())
        } catch {
            return try failed(error)
        }
    }

    @inline(never)
    private mutating func begin() throws -> [StreamEvent]? {
        if let failure { throw failure }
        guard permit == nil else { return nil }
        permit = try state.admit(request.model, isForced: call.isForced)
        return permit?.probe == nil ? nil : [.policy(.circuit(.probing))]
    }

    @inline(never)
    private mutating func passed(_ events: [StreamEvent]?) -> [StreamEvent]? {
        if hasSucceeded, events != nil { return events }
        guard let events else {
            inner = nil
            return permit?.succeed().map { [.policy(.circuit($0))] }
        }
        guard events.contains(where: \.isContent) else { return events }
        hasSucceeded = true
        guard let notice = permit?.succeed() else { return events }
        return events + [.policy(.circuit(notice))]
    }

    @inline(never)
    private mutating func failed(_ error: any Error) throws -> [StreamEvent]? {
        guard let error = error as? ProviderError else { throw error }
        inner = nil
        guard error.isProviderFault, let notice = permit?.fail() else { throw error }
        failure = error
        return [.policy(.circuit(notice))]
    }
}
