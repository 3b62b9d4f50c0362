import ProviderCore

/// One exchange without the UI: asks, writes as it comes, reports.
struct AskRunner {
    let provider: any AIProvider
    let catalog: ModelCatalog
    let clock: any MonotonicClock
    let endpoint: String
    /// The API that the request will go through, as far as that is known before.
    let api: ModelAPI
    /// Prices of the endpoint's own; nil = the catalog's hold.
    let prices: ModelPrices?
    /// Counts what the server does not.
    let counting: any TokenCounting

    /// Runs the exchange; `firstModel` is asked when the request names no model. Throws when the output cannot be
    /// written or there is no model; failures of the provider are in the report.
    func run(
        _ request: ChatRequest, output: inout some AskOutput, firstModel: () async throws -> String
    ) async throws -> AskReport {
        var request = request
        var failure: (any Error)?
        if request.model.isEmpty {
            do { request.model = try await firstModel() } catch let error as ProviderError { failure = error }
        }
        let now = clock.now
        var report = AskReport(
            providerID: provider.id, endpoint: endpoint, api: api, askedModel: request.model, tools: request.tools,
            prices: prices, sent: now, ended: now)
        try output.started(report)
        do {
            if let failure { throw failure }
            try await stream(request, into: &report, output: &output)
        } catch let error as ProviderError {
            report.error = error
        } catch is CancellationError {
            report.error = ProviderError(kind: .cancelled, message: "stopped by a signal")
        }
        if report.error == nil, report.response.finishReason == .contentFilter {
            report.error = ProviderError(
                kind: .contentFiltered, status: 200, message: "the provider withheld the rest of the answer")
        }
        report.ended = clock.now
        if report.needsOwnCounts { report.ownCounts = await ownCounts(of: request, report) }
        try output.ended(report, catalog)
        return report
    }

    private func stream(
        _ request: ChatRequest, into report: inout AskReport, output: inout some AskOutput
    ) async throws {
        var batches = try await provider.stream(request).batches()
        while let batch = try await batches.nextBatch() {
            let at = clock.now
            note(batch, at: at, in: &report, keepsText: output.keepsText)
            try output.took(batch, at: at - report.sent)
        }
    }

    /// Our counts of the request and of what came: by the model's encoding where that is known.
    private func ownCounts(of request: ChatRequest, _ report: AskReport) async -> TokenUsage {
        let model = report.response.metadata.model.flatMap(catalog.model) ?? catalog.model(request.model)
        if let model { _ = await counting.prepare(for: model) }
        var output = TokenCount(counting, model: model)
        output.append(report.written)
        let input = RequestTokens(request, model: model, counting)
        return TokenUsage(inputTokens: input.tokens, outputTokens: output.tokens)
    }

    private func note(_ batch: [StreamEvent], at: ContinuousClock.Instant, in report: inout AskReport, keepsText: Bool)
    {
        var hasContent = false
        for event in batch {
            switch event {
            case .policy(let decision):
                report.attempts.apply(decision)
                report.response.apply(event)
            case .textDelta(let text, choice: 0):
                hasContent = true
                report.written += text
                if keepsText { report.response.text += text }
            case .reasoningDelta(let text, choice: 0), .refusalDelta(let text, choice: 0):
                hasContent = true
                report.written += text
                report.response.apply(event)
            case .toolCallDelta(let delta):
                hasContent = true
                report.written += delta.argumentsDelta
                report.response.apply(event)
            default: report.response.apply(event)
            }
        }
        guard hasContent else { return }
        if report.firstToken == nil { report.firstToken = at }
        report.lastToken = at
    }
}
