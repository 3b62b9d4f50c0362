/// Keeps a call within a cost.
///
/// A call that cannot be kept there, since its input is too dear or its price unknown, throws `ProviderError` of kind
/// `budgetExceeded`, fate `notSent`. One whose answer reaches the cap is stopped: what came is told, then the stream throws
/// `budgetExceeded`, fate `interrupted`, and the connection closes. Attempts that may have been billed count. Place it outside of
/// `RetryPolicy`.
public struct CostCap: Policy {
    private let limit: Money
    private let pricing: @Sendable (String) -> ModelInfo?
    private let counting: any TokenCounting

    /// A cap of so much, above zero. `pricing` tells what is known of a model; `counting` counts until the server does.
    public init(
        _ limit: Money, counting: any TokenCounting = EstimatesOnly(),
        pricing: @escaping @Sendable (String) -> ModelInfo?
    ) {
        self.limit = limit
        self.counting = counting
        self.pricing = pricing
    }

    /// Makes the call; see `Policy`.
    public func stream(
        _ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext
    ) async throws -> ChatStream {
        let model = pricing(request.model)
        if let model { _ = await counting.prepare(for: model) }
        let input = RequestTokens(request, model: model, counting).tokens
        let rules = CostCapRules(limit: limit, prices: model?.prices, inputTokens: input)
        let ceiling: Int?
        switch rules.admission(wanted: request.parameters.maxOutputTokens, most: model?.maxOutputTokens) {
        case .refused(let reason): throw Self.exceeded(reason, .notSent)
        case .go(let most): ceiling = most
        }
        var request = request
        if let ceiling { request.parameters.maxOutputTokens = ceiling }
        let stream = try await next(request, call)
        let count = TokenCount(counting, model: model)
        let limit = limit
        return ChatStream {
            CappedBatches(
                inner: stream.batches(), rules: rules, count: count, limit: limit, isLowered: ceiling != nil)
        }
    }

    fileprivate static func exceeded(_ message: String, _ fate: RequestFate) -> ProviderError {
        ProviderError(kind: .budgetExceeded, message: message, retryHint: false, fate: fate)
    }
}

/// Passes events through, counts what they cost, and ends at the cap.
private struct CappedBatches: StreamEventBatches {
    private var inner: (any StreamEventBatches)?
    private var rules: CostCapRules
    private var count: TokenCount
    private let limit: Money
    private let isLowered: Bool
    private var hasFinished = false
    private var failure: ProviderError?

    init(
        inner: any StreamEventBatches, rules: CostCapRules, count: TokenCount, limit: Money, isLowered: Bool
    ) {
        self.inner = inner
        self.rules = rules
        self.count = count
        self.limit = limit
        self.isLowered = isLowered
    }

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        let events = try await inner?.nextBatch()
        note(events)
        if events == nil, let failure { throw failure }
        return events
    }

    @inline(never)
    private mutating func note(_ events: [StreamEvent]?) {
        var isCut = false
        for event in events ?? [] {
            switch event {
            case .textDelta(let text, _), .reasoningDelta(let text, _), .refusalDelta(let text, _): count.append(text)
            case .toolCallDelta(let delta): count.append((delta.name ?? "") + delta.argumentsDelta)
            case .usage(let usage): rules.note(outputTokens: usage.outputTokens ?? 0)
            case .finished(let reason, _):
                hasFinished = true
                isCut = isLowered && reason == .length
            case .policy(.retryScheduled(let notice)): noteAttempt(notice.error)
            default: break
            }
        }
        rules.note(outputTokens: count.tokens)
        if isCut {
            // The server ended it where we had told it to; its count of tokens is still to come.
            failure = CostCap.exceeded("ended at the cap of $\(limit.exact); what came is kept", .interrupted)
        }
        guard rules.isReached, !hasFinished, events != nil else { return }
        // Closes the connection: nothing more is to be paid for.
        inner = nil
        failure = CostCap.exceeded("stopped at the cap of $\(limit.exact); what came is kept", .interrupted)
    }

    private mutating func noteAttempt(_ error: ProviderError) {
        guard error.fate == .unknown || error.fate == .interrupted else { return }
        rules.noteLostAttempt()
        count.reset()
    }
}
