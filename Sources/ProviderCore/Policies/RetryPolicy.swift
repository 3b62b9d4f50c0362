/// Asks again what failed, after the rules of `RetryRules`, as long as the endpoint's budget lasts.
///
/// Its stream begins with `attemptStarted`; a failure that is followed by another attempt is told as `retryScheduled` before
/// the wait begins. `CallControl.retryNow` ends the wait, `giveUp` ends the call with the error that led to it.
public struct RetryPolicy: Policy {
    let rules: RetryRules
    let budget: RetryBudget
    let clock: any MonotonicClock
    /// Chance, 0..<1.
    let random: @Sendable () -> Double

    /// A retry policy. Policies of one endpoint share its budget; unless told, it has one of its own, which its copies share.
    /// `random` gives chance, 0..<1, once for each failed attempt, on any task.
    public init(
        _ rules: RetryRules = RetryRules(), budget: RetryBudget = RetryBudget(),
        clock: any MonotonicClock = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.rules = rules
        self.budget = budget
        self.clock = clock
        self.random = random
    }

    /// Makes the call; see `Policy`.
    public func stream(
        _ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext
    ) async throws -> ChatStream {
        ChatStream { RetryBatches(policy: self, request: request, call: call, next: next) }
    }
}

extension RetryPolicy {
    /// The longest wait before a list is asked for again.
    private static let shortWait = Duration.seconds(3)

    /// Does what can be done twice without harm, again while it fails in a way that may pass, after waits of at most 3 s.
    func repeating<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        var attempt = 1
        while true {
            do {
                return try await work()
            } catch var error as ProviderError {
                // Reading a list costs nothing, whatever became of the request.
                if error.fate == .unknown || error.fate == .interrupted { error.fate = .refused }
                let now = RetryRules.Situation(attempt: attempt, jitter: random(), crowd: budget.crowd)
                guard case .retry(let wait, _) = rules.decision(after: error, now), wait <= Self.shortWait else {
                    throw error
                }
                try await clock.sleep(until: clock.now.advanced(by: wait), tolerance: nil)
                attempt += 1
            }
        }
    }
}

/// The events of all attempts of one call, one after the other.
private struct RetryBatches: StreamEventBatches {
    private enum Step {
        /// An attempt is to be announced.
        case begin
        /// An announced attempt is to be made.
        case open
        /// The attempt's events pass through.
        case read
        /// A wait was announced.
        case wait(until: ContinuousClock.Instant?, since: ContinuousClock.Instant)
        case over
    }

    let policy: RetryPolicy
    var request: ChatRequest
    var call: PolicyCall
    let next: PolicyNext
    private var step = Step.begin
    private var inner: (any StreamEventBatches)?
    private var attempt = 1
    private var waited = Duration.zero
    private var hasContent = false
    private var hasUnanswered = false
    private var spent = 0
    /// What the attempt that is waited for has cost.
    private var price = 0
    private var lastError: ProviderError?

    init(policy: RetryPolicy, request: ChatRequest, call: PolicyCall, next: @escaping PolicyNext) {
        self.policy = policy
        self.request = request
        self.call = call
        self.next = next
    }

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        while true {
            switch step {
            case .begin:
                return begin()
            case .open, .read:
                if let events = try await advance() { return events }
                if case .over = step { return nil }
            case .wait(let until, let since):
                try await pause(until: until, since: since)
            case .over:
                return nil
            }
        }
    }

    @inline(never)
    private mutating func begin() -> [StreamEvent] {
        step = .open
        // What was told of a torn answer counts no longer; what is read on goes on with it.
        if request.resumption == nil { hasContent = false }
        let notice = AttemptNotice(
            number: attempt, limit: max(attempt, policy.rules.maxAttempts), isResumed: request.resumption != nil,
            waited: waited)
        return [.policy(.attemptStarted(notice))]
    }

    /// Opens or reads on. Nil when there is nothing to tell: look at `step`.
    private nonisolated(nonsending) mutating func advance() async throws -> [StreamEvent]? {
        do {
            if inner == nil {
                inner = try await next(request, call).batches()
                call.isForced = false
                step = .read
            }
            let events = try await inner?.nextBatch()
            note(events)
            return events
        } catch {
            return try follow(error)
        }
    }

    @inline(never)
    private mutating func note(_ events: [StreamEvent]?) {
        guard let events else {
            inner = nil
            step = .over
            return policy.budget.refund(spent)
        }
        if !hasContent { hasContent = events.contains(where: \.isContent) }
    }

    /// Decides what follows a failed attempt: announces a wait, or throws the error on.
    @inline(never)
    private mutating func follow(_ error: any Error) throws -> [StreamEvent]? {
        guard let error = error as? ProviderError else { throw error }
        inner = nil
        let now = policy.clock.now
        var situation = RetryRules.Situation(
            attempt: attempt, hasContent: hasContent, hasUnanswered: hasUnanswered, jitter: policy.random(),
            crowd: policy.budget.crowd, timeLeft: call.deadline.map { now.duration(to: $0) })
        let decision = policy.rules.decision(after: error, situation)
        let basis: RetryNotice.Basis
        price = 0
        switch decision {
        case .fail:
            step = .over
            situation.timeLeft = nil
            guard policy.rules.decision(after: error, situation) == .fail else {
                throw error.saying("not tried again: the time limit ends before that")
            }
            throw error
        case .hold: basis = .circuit
        case .ask: basis = .person
        case .retry(_, let named), .resume(_, let named):
            basis = named
            price = RetryCredits.price(of: error)
            guard policy.budget.take(price) else {
                step = .over
                throw error.saying("not tried again: too many requests to this endpoint failed lately")
            }
            spent += price
        }
        lastError = error
        switch decision {
        case .resume: request.resumption = error.resumption
        // It cannot be read on any more: it is asked for anew.
        case .retry where error.fate == .interrupted: request.resumption = nil
        default: break
        }
        let until = decision.wait.map { now.advanced(by: $0) }
        step = .wait(until: until, since: now)
        let notice = RetryNotice(
            attempt: attempt, limit: policy.rules.maxAttempts, error: error, wait: decision.wait, until: until,
            basis: basis)
        if error.kind != .circuitOpen { attempt += 1 }
        if error.fate == .unknown { hasUnanswered = true }
        return [.policy(.retryScheduled(notice))]
    }

    private nonisolated(nonsending) mutating func pause(until: ContinuousClock.Instant?, since: ContinuousClock.Instant)
        async throws
    {
        policy.budget.beginWait()
        defer { policy.budget.endWait() }
        var ending: CallControl.Ending
        do {
            // A wake is meant for a wait further in that is over.
            repeat {
                ending = try await call.control.wait(until: until, clock: policy.clock)
            } while ending == .woken
        } catch {
            policy.budget.giveBack(price)
            throw error
        }
        if ending == .gaveUp {
            policy.budget.giveBack(price)
            step = .over
            if let lastError { throw lastError }
        }
        call.isForced = ending == .skipped
        waited = since.duration(to: policy.clock.now)
        step = .begin
    }
}

extension ProviderError {
    /// The same error with a further half sentence.
    func saying(_ more: String) -> ProviderError {
        var error = self
        error.message += " (\(more))"
        return error
    }
}
