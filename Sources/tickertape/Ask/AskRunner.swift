import FunctionTools
import ProviderCore
import TerminalKit

/// One `ask`: asks, writes as it comes, answers calls where that was asked for, reports.
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
    /// What calls are checked against.
    let tools: ToolSet
    /// Answers calls; nil = they are only reported.
    let loop: ToolLoop?

    /// Runs it; `firstModel` is asked when the request names no model. Throws when the output cannot be written or there is no
    /// model; failures of the provider are in the report.
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
            providerID: provider.id, endpoint: endpoint, api: api, tools: tools,
            schema: Self.schema(request.responseFormat), isLoop: loop != nil,
            last: AskExchange(askedModel: request.model, prices: prices),
            sent: now, ended: now)
        try output.started(report)
        do {
            if let failure { throw failure }
            try await converse(&request, into: &report, output: &output)
        } catch let error as ProviderError {
            report.error = loop == nil ? error : Self.ofLoop(error, request.accounting)
        } catch is CancellationError {
            // A request that was on its way may have been executed.
            report.error = Self.stopped(fate: report.last.hasContent ? .interrupted : .unknown)
        }
        if report.error == nil, report.response.finishReason == .contentFilter {
            report.error = ProviderError(
                kind: .contentFiltered, status: 200, message: "the provider withheld the rest of the answer")
        }
        report.ended = clock.now
        await complete(&report, request)
        try output.ended(report, catalog)
        return report
    }

    /// Exchanges until an answer has no calls that can be answered here.
    private func converse(
        _ request: inout ChatRequest, into report: inout AskReport, output: inout some AskOutput
    ) async throws {
        while true {
            try await stream(request, into: &report, output: &output)
            guard let loop else { return }
            let turn = report.turns.count + 1
            let step = await loop.step(
                after: report.response, turn: turn, isParallel: request.parallelToolCalls != false)
            switch step {
            case .finished: return
            case .cutOff: return Terminal.complain(ToolWords.cutOff)
            case .needsPerson(let names):
                report.needsPerson = true
                for line in ToolWords.needsPerson(names, tools) { Terminal.complain(line) }
                return
            case .tooManyTurns(let limit):
                report.loopError = ProviderError(
                    kind: .budgetExceeded,
                    message: "stopped after \(limit) turns with calls; --max-turns sets how many there may be",
                    retryHint: false)
                return
            case .answered(let calls) where Task.isCancelled:
                report.loopError = Self.stopped(fate: .notSent)
                report.stoppedCalls = calls
                return try output.answered(calls, turn: turn, at: clock.now - report.sent)
            case .answered(let calls):
                if report.needsOwnCounts { report.last.ownCounts = await ownCounts(of: request, report.last) }
                request.messages += ToolLoop.messages(after: report.response, calls)
                if request.toolChoice?.forcesCall == true { request.toolChoice = nil }
                report.close(calls)
                try output.answered(calls, turn: turn, at: clock.now - report.sent)
            }
        }
    }

    private func stream(
        _ request: ChatRequest, into report: inout AskReport, output: inout some AskOutput
    ) async throws {
        // What was written before the calls goes back with them, and what must match a schema is checked.
        let keepsText = output.keepsText || loop != nil || report.schema != nil
        var batches = try await provider.stream(request).batches()
        while let batch = try await batches.nextBatch() {
            let at = clock.now
            report.last.take(batch, at: at, keepsText: keepsText)
            try output.took(batch, at: at - report.sent)
        }
    }

    /// Counts and checks what can be counted and checked only at the end.
    private func complete(_ report: inout AskReport, _ request: ChatRequest) async {
        if report.needsOwnCounts { report.last.ownCounts = await ownCounts(of: request, report.last) }
        let response = report.response
        guard let schema = report.schema, response.finishReason != nil, response.toolCalls.isEmpty,
            response.refusal == nil
        else { return }
        report.violations = AnswerFormat.violations(of: response.text, schema)
    }

    /// Our counts of the request and of what came: by the model's encoding where that is known.
    private func ownCounts(of request: ChatRequest, _ exchange: AskExchange) async -> TokenUsage {
        let model = exchange.response.metadata.model.flatMap(catalog.model) ?? catalog.model(request.model)
        if let model { _ = await counting.prepare(for: model) }
        var output = TokenCount(counting, model: model)
        output.append(exchange.written)
        let input = RequestTokens(request, model: model, counting)
        return TokenUsage(inputTokens: input.tokens, outputTokens: output.tokens)
    }

    private static func stopped(fate: RequestFate) -> ProviderError {
        ProviderError(kind: .cancelled, message: "stopped by a signal", fate: fate)
    }

    /// An error in the words of the command line: `--max-cost` caps all requests of a loop, which to the ledger are one
    /// conversation.
    private static func ofLoop(_ error: ProviderError, _ accounting: Accounting) -> ProviderError {
        guard error.kind == .budgetExceeded, let cap = accounting.caps[.conversation]?.hard,
            cap == accounting.caps[.request]?.hard
        else { return error }
        var error = error
        error.message = error.message.replacing(
            "the conversation's cap of $\(cap.exact)", with: "--max-cost of $\(cap.exact) for all requests together")
        return error
    }

    private static func schema(_ format: ResponseFormat?) -> JSONSchema? {
        guard case .jsonSchema(_, let schema, _) = format else { return nil }
        return try? JSONSchema(schema)
    }
}
