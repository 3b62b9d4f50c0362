/// What is known of an attempt that is booked, until it is over. Ends its entry when it is dropped.
final class BookedAttempt {
    private let policy: LedgerPolicy
    private let booking: Booking
    private let request: ChatRequest
    private let began: ContinuousClock.Instant
    private var model: ModelInfo?
    private var metadata = ResponseMetadata()
    private var usage = TokenUsage()
    /// Counts while the answer comes; nil where no cap needs it, and the text is kept for the case that the server never counts.
    private var count: TokenCount?
    private var written = ""
    private var isAccepted = false
    private var hasFinished = false
    private var isClosed = false
    private var noted: (at: ContinuousClock.Instant, bytes: Int)
    private var bytes = 0
    /// Set when the answer ended at a hard cap.
    private(set) var limitReached: ProviderError?
    /// Set once, when the request itself passed its soft cap.
    private(set) var notice: BudgetNotice?

    /// How often what is known is kept for the case of a crash: so long, or so many bytes of text.
    private static let noteInterval = Duration.seconds(2)
    private static let noteBytes = 65_536

    init(_ policy: LedgerPolicy, _ booking: Booking, _ request: ChatRequest, model: ModelInfo?) {
        self.policy = policy
        self.booking = booking
        self.request = request
        self.model = model
        began = policy.clock.now
        noted = (began, 0)
        if booking.grant.limit != nil || softCap != nil { count = TokenCount(policy.counting, model: model) }
    }

    private var softCap: Money? { booking.intent.accounting.caps[.request]?.soft }

    deinit {
        if !isClosed { close(isAccepted || hasFinished ? nil : .unknown, error: .cancelled, ownCounts: ownCounts()) }
    }

    /// Takes a batch. True when the hard cap is reached and the rest must not come.
    func take(_ events: [StreamEvent]) -> Bool {
        let wasAccepted = isAccepted
        var isCut = false
        for event in events {
            switch event {
            case .textDelta(let text, _), .reasoningDelta(let text, _), .refusalDelta(let text, _): add(text)
            case .toolCallDelta(let delta): add(delta.argumentsDelta)
            case .responseStarted(let metadata): self.metadata = metadata
            case .usage(let usage): self.usage = usage
            case .finished(let reason, _):
                hasFinished = true
                isCut = booking.grant.maxOutputTokens != nil && reason == .length
            case .policy, .arrived: continue
            case .logprobs, .opaqueItem: break
            }
            isAccepted = true
        }
        if isCut { limitReached = exceeded("ended at") }
        noteNowAndThen(isFirst: !wasAccepted && isAccepted)
        return isOverLimit()
    }

    private func add(_ text: String) {
        bytes += text.utf8.count
        if count == nil { written += text } else { count?.append(text) }
    }

    private func noteNowAndThen(isFirst: Bool) {
        guard isFirst || bytes != noted.bytes, !hasFinished else { return }
        let now = policy.clock.now
        guard isFirst || now - noted.at >= Self.noteInterval || bytes - noted.bytes >= Self.noteBytes else { return }
        noted = (now, bytes)
        policy.ledger.note(
            LedgerProgress(metadata: metadata, outputTokens: booking.outputBefore + (count?.tokens ?? (bytes + 3) / 4)),
            of: booking)
    }

    private func isOverLimit() -> Bool {
        guard let count, !isClosed else { return false }
        let output = max(booking.outputBefore + count.tokens, usage.outputTokens ?? 0)
        guard let cost = booking.intent.cost(output) else { return false }
        if let softCap, notice == nil, cost >= softCap {
            notice = BudgetNotice(scope: .request, spent: cost, cap: softCap)
        }
        guard let limit = booking.grant.limit, !hasFinished, cost >= limit.left else { return false }
        limitReached = exceeded("stopped at")
        close(nil, error: .budgetExceeded, ownCounts: ownCounts())
        return true
    }

    private func exceeded(_ what: String) -> ProviderError {
        ProviderError(
            kind: .budgetExceeded, code: booking.grant.limit?.scope.rawValue,
            message: "\(what) \(booking.grant.limit?.words ?? "the cap"); what came is kept",
            retryHint: false, fate: .interrupted)
    }

    /// The stream ended well.
    nonisolated(nonsending) func finish() async {
        let own = await exactCounts()
        close(nil, error: limitReached?.kind, ownCounts: own)
    }

    /// The stream failed.
    nonisolated(nonsending) func fail(_ error: any Error) async {
        guard !isClosed else { return }
        guard let error = error as? ProviderError else {
            // Cancelled, as a rule: what the server did until then is billed.
            let own = await exactCounts()
            return close(isAccepted ? nil : .unknown, error: .cancelled, ownCounts: own)
        }
        switch error.fate {
        case .notSent, .refused: close(.refused, error: error.kind, ownCounts: TokenUsage())
        case .unknown: close(.unknown, error: error.kind, ownCounts: TokenUsage())
        case .interrupted:
            let own = await exactCounts()
            close(nil, error: error.kind, ownCounts: own)
        }
    }

    /// Our counts by the model's own encoding, which may have to be read first; made only where the server told none.
    private nonisolated(nonsending) func exactCounts() async -> TokenUsage {
        guard usage.inputTokens == nil || usage.outputTokens == nil else { return TokenUsage() }
        learnModel()
        if let model { _ = await policy.counting.prepare(for: model) }
        return ownCounts()
    }

    private func ownCounts() -> TokenUsage {
        guard usage.inputTokens == nil || usage.outputTokens == nil else { return TokenUsage() }
        learnModel()
        let input = RequestTokens(request, model: model, policy.counting).tokens
        var output = count ?? TokenCount(policy.counting, model: model)
        output.append(written)
        return TokenUsage(inputTokens: input, outputTokens: booking.outputBefore + output.tokens)
    }

    /// The model that answers may be another than the one asked: counts and prices follow it.
    private func learnModel() {
        if let told = metadata.model, let known = policy.pricing(told) { model = known }
    }

    /// Ends the entry once. `state` nil = settled where the server counted, else estimated.
    private func close(_ state: LedgerState?, error: ProviderError.Kind?, ownCounts: TokenUsage) {
        guard !isClosed else { return }
        isClosed = true
        learnModel()
        let isEstimate = usage.inputTokens == nil || usage.outputTokens == nil
        var closing = LedgerClosing(
            state: state ?? (isEstimate ? .estimated : .settled), usage: usage, metadata: metadata, error: error,
            duration: policy.clock.now - began)
        if closing.state == .settled || closing.state == .estimated {
            if isEstimate {
                closing.usage.inputTokens = usage.inputTokens ?? ownCounts.inputTokens
                closing.usage.outputTokens = usage.outputTokens ?? ownCounts.outputTokens
            }
            closing.cost = CostCalculator.cost(
                of: closing.usage, model: model, tier: metadata.serviceTier, isEstimate: isEstimate)
            closing.prices = model?.prices?.prices(
                serviceTier: metadata.serviceTier, inputTokens: closing.usage.inputTokens ?? 0)
        }
        policy.ledger.close(booking, closing)
    }
}

extension LedgerIntent {
    /// What it costs with so many tokens of output in all; nil = the price is not known.
    func cost(_ output: Int) -> Money? { prices.map { $0.input(inputTokens) + $0.output(output) } }
}
