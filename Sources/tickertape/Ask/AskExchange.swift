import ProviderCore

/// One request and its answer, as far as they came.
struct AskExchange {
    /// The model asked.
    let askedModel: String
    /// Prices of the endpoint's own; nil = the catalog's hold.
    let prices: ModelPrices?
    /// The answer so far; texts empty when nobody needs them.
    var response = ChatResponse()
    /// The attempts, as the policies told of them.
    var attempts = AttemptLog()
    var firstToken: ContinuousClock.Instant?
    var lastToken: ContinuousClock.Instant?
    /// All that the model wrote, to be counted where the server does not.
    var written = ""
    /// Our counts; used where the server told none.
    var ownCounts = TokenUsage()

    init(askedModel: String, prices: ModelPrices?) {
        self.askedModel = askedModel
        self.prices = prices
    }

    /// Whether anything of an answer came.
    var hasContent: Bool { firstToken != nil }

    /// Whether the server began to answer, given how it ended.
    func isAccepted(_ error: ProviderError?) -> Bool { response.metadata != ResponseMetadata() || error == nil }

    /// Whether something was answered that the server has not counted.
    func needsOwnCounts(_ error: ProviderError?) -> Bool { response.usage.isUnknown && (hasContent || error == nil) }

    /// Counts with their source: the server's, else ours if anything came, else none.
    func usage(_ error: ProviderError?) -> (counts: TokenUsage, source: UsageSource) {
        if !response.usage.isUnknown { return (response.usage, .server) }
        return needsOwnCounts(error) ? (ownCounts, .estimate) : (TokenUsage(), .none)
    }

    /// What it cost, by the model that answered.
    func cost(_ catalog: ModelCatalog, _ error: ProviderError?) -> Cost {
        let (counts, source) = usage(error)
        guard source != .none else { return .unknown }
        return CostCalculator.cost(
            of: counts, prices: prices(catalog), tier: response.metadata.serviceTier, isEstimate: source == .estimate)
    }

    /// The prices that hold: the endpoint's own, else those of the model that answered, else of the one asked.
    func prices(_ catalog: ModelCatalog) -> ModelPrices? {
        if let prices { return prices }
        return (response.metadata.model.flatMap(catalog.model) ?? catalog.model(askedModel))?.prices
    }

    /// The time between the first and the last piece; nil when there were none.
    var writingTime: Duration? {
        guard let first = firstToken, let last = lastToken else { return nil }
        return last - first
    }

    /// The attempts, of which the last one ended like this.
    func endedAttempts(_ error: ProviderError?) -> [Attempt] {
        let isAccepted = isAccepted(error)
        // A filtered answer is one; a filtered prompt is a refusal.
        let isAnswer = error?.kind == .contentFiltered && isAccepted
        return attempts.attempts(endingWith: isAnswer ? nil : error, status: isAccepted ? 200 : nil)
    }

    /// Takes a batch that came at this time.
    mutating func take(_ batch: [StreamEvent], at: ContinuousClock.Instant, keepsText: Bool) {
        var hasContent = false
        for event in batch {
            switch event {
            case .policy(let decision):
                attempts.apply(decision)
                response.apply(event)
            case .textDelta(let text, choice: 0):
                hasContent = true
                written += text
                if keepsText { response.text += text }
            case .reasoningDelta(let text, choice: 0), .refusalDelta(let text, choice: 0):
                hasContent = true
                written += text
                response.apply(event)
            case .toolCallDelta(let delta):
                hasContent = true
                written += delta.argumentsDelta
                response.apply(event)
            default: response.apply(event)
            }
        }
        guard hasContent else { return }
        if firstToken == nil { firstToken = at }
        lastToken = at
    }
}

/// Who counted the tokens. Raw values are the words of the command line's JSON.
enum UsageSource: String {
    case server, estimate, none
}
