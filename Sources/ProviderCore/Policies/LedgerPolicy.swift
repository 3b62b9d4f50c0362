/// Books every attempt in a ledger before it leaves, keeps it within the caps of its request (`ChatRequest.accounting`), and books
/// how it ended.
///
/// What cannot be booked is not sent: `ProviderError` of kind `budgetExceeded`, or of kind `cancelled` with the code
/// `storage`, fate `notSent`. An answer that reaches a hard cap is stopped: what came is told, then the stream throws
/// `budgetExceeded`, fate `interrupted`, and the connection closes.
///
/// Place it innermost: money is held only for what really leaves, and each attempt is an entry of its own.
public struct LedgerPolicy: Policy {
    let ledger: any UsageLedger
    let place: Place
    let counting: any TokenCounting
    let pricing: @Sendable (String) -> ModelInfo?
    let clock: any MonotonicClock

    /// Where requests go, as the ledger names it.
    public struct Place: Sendable, Hashable {
        /// The provider's name.
        public var provider: ProviderID
        /// The endpoint, as it is shown to people.
        public var endpoint: String
        /// Whether no real money is spent there.
        public var isDemo: Bool

        /// A place.
        public init(provider: ProviderID, endpoint: String, isDemo: Bool = false) {
            self.provider = provider
            self.endpoint = endpoint
            self.isDemo = isDemo
        }
    }

    /// A policy over a ledger. `pricing` tells what is known of a model; `counting` counts what the server does not.
    public init(
        _ ledger: any UsageLedger, place: Place, counting: any TokenCounting = EstimatesOnly(),
        clock: any MonotonicClock = ContinuousClock(), pricing: @escaping @Sendable (String) -> ModelInfo?
    ) {
        self.ledger = ledger
        self.place = place
        self.counting = counting
        self.pricing = pricing
        self.clock = clock
    }

    /// Makes the call; see `Policy`.
    public func stream(
        _ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext
    ) async throws -> ChatStream {
        ChatStream { BookedBatches(policy: self, request: request, call: call, next: next) }
    }

    /// What is booked for an attempt at a request.
    @inline(never)
    func intent(for request: ChatRequest, _ call: PolicyCall, model: ModelInfo?) -> LedgerIntent {
        let tokens = Self.bound(RequestTokens(request, model: model, counting), isCounted: isReady(model))
        let own = request.parameters.maxOutputTokens
        let wanted = [own, model?.maxOutputTokens].compactMap(\.self).min()
        func extra(_ name: String) -> JSONValue? { request.extraFields.last { $0.key == name }?.value }
        let tier = extra("service_tier")?.stringValue
        let prices = model?.prices?.prices(serviceTier: tier == "auto" ? nil : tier, inputTokens: tokens)
        return LedgerIntent(
            call: call.id, accounting: request.accounting.current, provider: place.provider.rawValue,
            endpoint: place.endpoint, isDemo: place.isDemo, model: request.model, inputTokens: tokens,
            wantedOutput: wanted, choices: extra("n")?.intValue ?? 1, prices: prices,
            priceSource: prices == nil ? nil : model?.priceSource, resumes: request.resumption?.responseID)
    }

    private func isReady(_ model: ModelInfo?) -> Bool { model.flatMap(counting.count) != nil }

    /// The most that a count can really be: formulas leave out what models add around messages, and an estimate by the kind of letter
    /// is off by a third at times.
    private static func bound(_ count: RequestTokens, isCounted: Bool) -> Int {
        if count.isExact { return count.tokens }
        return count.tokens + count.tokens / (isCounted ? 20 : 2) + 16
    }
}

/// The events of one attempt that is booked.
private struct BookedBatches: StreamEventBatches {
    let policy: LedgerPolicy
    var request: ChatRequest
    let call: PolicyCall
    let next: PolicyNext
    private var attempt: BookedAttempt?
    private var inner: (any StreamEventBatches)?
    private var failure: ProviderError?

    init(policy: LedgerPolicy, request: ChatRequest, call: PolicyCall, next: @escaping PolicyNext) {
        self.policy = policy
        self.request = request
        self.call = call
        self.next = next
    }

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        if let failure { throw failure }
        if attempt == nil {
            let notices = try await begin()
            if !notices.isEmpty { return notices.map { .policy(.budget($0)) } }
        }
        do {
            if inner == nil { inner = try await next(request, call).batches() }
            if let events = try await inner?.nextBatch() { return take(events) }
        } catch {
            await attempt?.fail(error)
            throw error
        }
        inner = nil
        await attempt?.finish()
        if let failure = attempt?.limitReached { throw failure }
        return nil
    }

    private nonisolated(nonsending) mutating func begin() async throws -> [BudgetNotice] {
        let model = policy.pricing(request.model)
        if !request.accounting.current.caps.isEmpty, let model { _ = await policy.counting.prepare(for: model) }
        let booking: Booking
        do throws(LedgerError) {
            booking = try await policy.ledger.begin(policy.intent(for: request, call, model: model))
        } catch {
            throw error.providerError
        }
        attempt = BookedAttempt(policy, booking, request, model: model)
        if let most = booking.grant.maxOutputTokens { request.parameters.maxOutputTokens = most }
        return booking.grant.notices
    }

    @inline(never)
    private mutating func take(_ events: [StreamEvent]) -> [StreamEvent] {
        guard let attempt else { return events }
        let hadNotice = attempt.notice != nil
        if attempt.take(events) {
            // Closes the connection: nothing more is to be paid for.
            inner = nil
            failure = attempt.limitReached
        }
        guard !hadNotice, let notice = attempt.notice else { return events }
        return events + [.policy(.budget(notice))]
    }
}
