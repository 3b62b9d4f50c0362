import Synchronization

/// Keeps requests within the server's rate limits, so that they wait here instead of being refused there, and within limits of one's own.
///
/// One limiter belongs to one endpoint and key; it keeps the models apart. What it knows of the server it has learned from the
/// `x-ratelimit-*` headers of earlier answers: the first request always goes. Who waits is served in order of arrival; a wait is
/// told as `held`, ends with cancellation, with `CallControl.retryNow` (then the request goes all the same) or `giveUp`, and never
/// outlasts the call's deadline.
public struct RateLimiter: Policy {
    private let state: LimiterState
    private let clock: any MonotonicClock

    /// A limiter that knows nothing yet. Copies share what they learn. A server that asks for a longer pause than
    /// `longestPause` is not believed; then only the request that it answered is held to it. Nor does a request wait longer than that
    /// for permits: it goes, and the server decides.
    ///
    /// The tokens that a request will take are counted by `counting` for the model that `model` gives, where it is ready for that model,
    /// else estimated: no request waits for it to become so. `caps` are limits of one's own, of each model.
    public init(
        longestPause: Duration = .seconds(120), caps: RateCaps = RateCaps(),
        counting: any TokenCounting = EstimatesOnly(),
        clock: any MonotonicClock = ContinuousClock(), model: @escaping @Sendable (String) -> ModelInfo? = { _ in nil }
    ) {
        state = LimiterState(longestPause: longestPause, caps: caps, clock: clock) { request in
            RequestTokens(request, model: model(request.model), counting).tokens
        }
        self.clock = clock
    }

    /// Other limits of one's own from now on, also for what waits.
    public func hold(to caps: RateCaps) { state.hold(to: caps) }

    /// Makes the call; see `Policy`.
    public func stream(
        _ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext
    ) async throws -> ChatStream {
        // What is read on costs neither a request nor tokens.
        if request.resumption != nil { return try await next(request, call) }
        return ChatStream { LimitedBatches(state: state, clock: clock, request: request, call: call, next: next) }
    }
}

/// The queues of one limiter, by model, and who is to be woken.
final class LimiterState: Sendable {
    private struct Contents {
        var rules: [String: RateLimiterRules] = [:]
        var waiting: [Int: CallControl] = [:]
        var nextTicket = 0
        var caps: RateCaps
    }

    private let contents: Mutex<Contents>
    private let longestPause: Duration
    private let clock: any MonotonicClock
    private let inputTokens: @Sendable (ChatRequest) -> Int

    init(
        longestPause: Duration, caps: RateCaps, clock: any MonotonicClock,
        inputTokens: @escaping @Sendable (ChatRequest) -> Int
    ) {
        contents = Mutex(Contents(caps: caps))
        self.longestPause = longestPause
        self.clock = clock
        self.inputTokens = inputTokens
    }

    func hold(to caps: RateCaps) {
        let first = contents.withLock { contents in
            contents.caps = caps
            for model in contents.rules.keys { contents.rules[model]?.hold(to: caps) }
            return contents.rules.values.compactMap { $0.first.flatMap { contents.waiting[$0] } }
        }
        for control in first { control.wake() }
    }

    /// A ticket for a request, with the tokens it may take.
    func ticket(for request: ChatRequest) -> (number: Int, tokens: Int) {
        let input = inputTokens(request)
        return contents.withLock { contents in
            contents.nextTicket += 1
            let usual = contents.rules[request.model]?.expectedOutput ?? RateLimiterRules().expectedOutput
            // A limit above what any model has reserves no more than that.
            return (contents.nextTicket, input + min(request.parameters.maxOutputTokens ?? usual, 10_000_000))
        }
    }

    func admit(_ ticket: Int, tokens: Int, model: String, control: CallControl) -> RateLimiterRules.Admission {
        change(model, by: ticket) { rules, contents in
            let admission = rules.admit(ticket, tokens: tokens, now: clock.now)
            contents.waiting[ticket] = admission == .go ? nil : control
            return admission
        }
    }

    func force(_ ticket: Int, tokens: Int, model: String) {
        change(model, by: ticket) { rules, contents in
            rules.send(ticket, tokens: tokens, now: clock.now)
            contents.waiting[ticket] = nil
        }
    }

    func leave(_ ticket: Int, model: String) {
        change(model, by: ticket) { rules, contents in
            rules.leave(ticket)
            contents.waiting[ticket] = nil
        }
    }

    func learn(_ told: RateLimits, from ticket: Int, model: String) {
        change(model, by: ticket) { rules, _ in rules.learn(told, from: ticket, now: clock.now) }
    }

    func pause(_ wait: Duration, model: String) {
        guard wait <= longestPause else { return }
        change(model, by: nil) { rules, _ in rules.pause(wait, now: clock.now) }
    }

    func settle(_ ticket: Int, usage: TokenUsage, model: String) {
        let used = usage.inputTokens.flatMap { input in usage.outputTokens.map { input + $0 } }
        change(model, by: ticket) { rules, _ in
            rules.settle(ticket, used: used, output: usage.outputTokens, now: clock.now)
        }
    }

    func returnAll(_ ticket: Int, model: String) {
        change(model, by: ticket) { rules, _ in rules.returnAll(ticket, now: clock.now) }
    }

    /// Changes a model's queue and then wakes whoever is first in it, since the change may concern it; not the one who
    /// asked, which sees for itself.
    private func change<Value>(
        _ model: String, by ticket: Int?, _ body: (inout RateLimiterRules, inout Contents) -> Value
    ) -> Value {
        let (value, first) = contents.withLock { contents in
            var rules = contents.rules[model] ?? RateLimiterRules(longestWait: longestPause, caps: contents.caps)
            let value = body(&rules, &contents)
            contents.rules[model] = rules
            return (value, rules.first.flatMap { $0 == ticket ? nil : contents.waiting[$0] })
        }
        first?.wake()
        return value
    }
}

/// A reservation that settles itself when the answer is over, also when it is dropped half-way.
private final class LimiterPermit {
    private let state: LimiterState
    private let ticket: Int
    private let model: String
    var usage = TokenUsage()
    private var hasLearned = false

    init(state: LimiterState, ticket: Int, model: String) {
        self.state = state
        self.ticket = ticket
        self.model = model
    }

    deinit { state.settle(ticket, usage: usage, model: model) }

    /// Learns what the server told, the first time: later it would be old.
    func learn(_ told: RateLimits) {
        guard !hasLearned else { return }
        hasLearned = true
        state.learn(told, from: ticket, model: model)
    }

    /// The request never left.
    func returnAll() { state.returnAll(ticket, model: model) }

    func pause(_ wait: Duration) { state.pause(wait, model: model) }
}

/// A place in the queue that is given up when it is dropped.
private final class LimiterPlace {
    private let state: LimiterState
    let ticket: Int
    let tokens: Int
    private let request: ChatRequest

    init(state: LimiterState, request: ChatRequest) {
        self.state = state
        self.request = request
        (ticket, tokens) = state.ticket(for: request)
    }

    deinit { state.leave(ticket, model: request.model) }

    func admit(_ control: CallControl) -> RateLimiterRules.Admission {
        state.admit(ticket, tokens: tokens, model: request.model, control: control)
    }

    func force() { state.force(ticket, tokens: tokens, model: request.model) }
}

/// The events of one attempt, after its turn has come.
private struct LimitedBatches: StreamEventBatches {
    let state: LimiterState
    let clock: any MonotonicClock
    let request: ChatRequest
    let call: PolicyCall
    let next: PolicyNext
    private var place: LimiterPlace?
    private var hold: RateLimiterRules.Admission?
    private var permit: LimiterPermit?
    private var inner: (any StreamEventBatches)?

    init(
        state: LimiterState, clock: any MonotonicClock, request: ChatRequest, call: PolicyCall,
        next: @escaping PolicyNext
    ) {
        self.state = state
        self.clock = clock
        self.request = request
        self.call = call
        self.next = next
    }

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        if permit == nil, let notice = try await acquire() { return [.policy(.held(notice))] }
        do {
            if inner == nil { inner = try await next(request, call).batches() }
            let events = try await inner?.nextBatch()
            note(events)
            return events
        } catch {
            note(error)
            throw error
        }
    }

    /// Waits for the turn. Returns a notice, once, when there is a wait to be told before it begins.
    private nonisolated(nonsending) mutating func acquire() async throws -> HoldNotice? {
        let place = place ?? LimiterPlace(state: state, request: request)
        self.place = place
        if hold == nil, call.isForced {
            place.force()
        } else if hold == nil {
            if let notice = begin(place) { return notice }
        }
        while case .wait(_, let until, _)? = hold { try await wait(until, in: place) }
        permit = LimiterPermit(state: state, ticket: place.ticket, model: request.model)
        self.place = nil
        return nil
    }

    private nonisolated(nonsending) mutating func wait(
        _ until: ContinuousClock.Instant?, in place: LimiterPlace
    ) async throws {
        let limit = [until, call.deadline].compactMap(\.self).min()
        // Whoever waits to the end of the time it has can only fail at it.
        if let deadline = call.deadline, max(clock.now, until ?? clock.now) >= deadline { throw Self.tooLong }
        switch try await call.control.wait(until: limit, clock: clock) {
        case .gaveUp: throw Self.givenUp
        case .skipped:
            place.force()
            hold = .go
        case .elapsed, .woken: hold = place.admit(call.control)
        }
    }

    /// Asks for the turn; the notice of a wait if it has not come yet.
    @inline(never)
    private mutating func begin(_ place: LimiterPlace) -> HoldNotice? {
        let admission = place.admit(call.control)
        guard case .wait(let cause, let until, let ahead) = admission else { return nil }
        hold = admission
        let wait = until.map { clock.now.duration(to: $0) }
        return HoldNotice(cause: cause, wait: wait, until: until, ahead: ahead)
    }

    @inline(never)
    private mutating func note(_ error: any Error) {
        guard let error = error as? ProviderError else { return }
        if let told = error.rateLimits { permit?.learn(told) }
        if error.fate == .notSent { permit?.returnAll() }
        if error.kind == .rateLimited, error.isRetryable, let wait = error.retryAfter { permit?.pause(wait) }
        permit = nil
    }

    @inline(never)
    private mutating func note(_ events: [StreamEvent]?) {
        guard let events else { return permit = nil }
        for event in events {
            switch event {
            case .usage(let usage): permit?.usage = usage
            case .responseStarted(let metadata): if let told = metadata.rateLimits { permit?.learn(told) }
            default: break
            }
        }
    }

    private static var tooLong: ProviderError {
        ProviderError(
            kind: .rateLimited,
            message: "a rate limit holds this request longer than its time limit allows",
            retryHint: false, fate: .notSent)
    }

    private static var givenUp: ProviderError {
        ProviderError(
            kind: .cancelled, message: "given up while waiting for a rate limit", retryHint: false,
            fate: .notSent)
    }
}
