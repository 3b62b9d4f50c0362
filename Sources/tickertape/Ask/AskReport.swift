import AppUI
import ProviderCore
import TerminalKit

/// What is known of one `ask` when it ends, and how it is written down.
struct AskReport {
    let providerID: ProviderID
    let endpoint: String
    /// The API that was to be used; the answer may name another.
    let api: ModelAPI
    let askedModel: String
    let tools: [ToolDefinition]
    /// Prices of the endpoint's own; nil = the catalog's hold.
    var prices: ModelPrices?
    /// The answer so far; texts empty when the output did not need them.
    var response = ChatResponse()
    /// The attempts, as the policies told of them.
    var attempts = AttemptLog()
    var error: ProviderError?
    var sent: ContinuousClock.Instant
    var firstToken: ContinuousClock.Instant?
    var lastToken: ContinuousClock.Instant?
    var ended: ContinuousClock.Instant
    /// All that the model wrote, to be counted where the server does not.
    var written = ""
    /// Our counts; used where the server told none.
    var ownCounts = TokenUsage()

    /// Whether anything of an answer came.
    var hasContent: Bool { firstToken != nil }

    /// Whether the server began to answer.
    private var isAccepted: Bool { response.metadata != ResponseMetadata() || error == nil }

    /// The exit code of the contract.
    var exitCode: Int32 {
        error?.exitCode ?? 0
    }

    /// Whether something was answered that the server has not counted.
    var needsOwnCounts: Bool { response.usage.isUnknown && (hasContent || (isAccepted && error == nil)) }

    /// Counts with their source: the server's, else ours if anything came, else none.
    var usage: (counts: TokenUsage, source: String) {
        if !response.usage.isUnknown { return (response.usage, "server") }
        return needsOwnCounts ? (ownCounts, "estimate") : (TokenUsage(), "none")
    }

    /// What the exchange cost, by the model that answered.
    func cost(_ catalog: ModelCatalog) -> Cost {
        let (counts, source) = usage
        guard source != "none" else { return .unknown }
        return CostCalculator.cost(
            of: counts, prices: prices(catalog), tier: response.metadata.serviceTier, isEstimate: source == "estimate")
    }

    /// The prices that hold: the endpoint's own, else those of the model that answered, else of the one asked.
    private func prices(_ catalog: ModelCatalog) -> ModelPrices? {
        if let prices { return prices }
        return (response.metadata.model.flatMap(catalog.model) ?? catalog.model(askedModel))?.prices
    }

    /// Output tokens a second between the first and the last piece.
    var tokensPerSecond: Double? {
        guard let first = firstToken, let last = lastToken, let tokens = usage.counts.outputTokens, tokens > 1 else {
            return nil
        }
        let seconds = (last - first).inSeconds
        return seconds > 0.001 ? Double(tokens - 1) / seconds : nil
    }

    /// The object of `-o json`.
    func json(_ catalog: ModelCatalog) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        return .object([
            JSONMember("provider", .string(providerID.rawValue)), JSONMember("endpoint", .string(endpoint)),
            JSONMember("api", .string((response.metadata.api ?? api).rawValue)),
            JSONMember("model", .string(response.metadata.model ?? askedModel)),
            JSONMember("text", .string(response.text)), JSONMember("reasoning", text(response.reasoning)),
            JSONMember("refusal", text(response.refusal)),
            JSONMember("tool_calls", .array(response.orderedCalls.map(Self.json))),
            JSONMember("finish_reason", text(response.finishReason?.wireName)),
            JSONMember(
                "complete", .bool(response.finishReason != nil && (error == nil || error?.kind == .contentFiltered))),
            JSONMember("usage", usageJSON), JSONMember("cost", costJSON(catalog)), JSONMember("timing", timingJSON),
            JSONMember("attempts", .array(endedAttempts.map(Self.json))),
            JSONMember("request_id", text(response.metadata.requestID ?? error?.requestID)),
            JSONMember("error", error.map(Self.json) ?? .null),
        ])
    }

    private var endedAttempts: [Attempt] {
        // A filtered answer is one; a filtered prompt is a refusal.
        let isAnswer = error?.kind == .contentFiltered && isAccepted
        return attempts.attempts(endingWith: isAnswer ? nil : error, status: isAccepted ? 200 : nil)
    }

    private static func json(_ attempt: Attempt) -> JSONValue {
        .object([
            JSONMember("number", .int(attempt.number)),
            JSONMember("status", attempt.status.map(JSONValue.int) ?? .null),
            JSONMember("error", (attempt.error?.rawValue).map(JSONValue.string) ?? .null),
            JSONMember("waited_ms", .int(Int(attempt.waited.milliseconds.rounded()))),
        ])
    }

    private static func json(_ call: ToolCall) -> JSONValue {
        .object([
            JSONMember("id", .string(call.id)), JSONMember("name", .string(call.name)),
            JSONMember("arguments", .string(call.arguments)),
            JSONMember("valid", .bool((try? JSONParser.parse(call.arguments)) != nil)),
        ])
    }

    /// The error object of the contract.
    static func json(_ error: ProviderError) -> JSONValue {
        .object([
            JSONMember("kind", .string(error.kind.rawValue)),
            JSONMember("status", error.status.map(JSONValue.int) ?? .null),
            JSONMember("code", error.code.map(JSONValue.string) ?? .null),
            JSONMember("param", error.param.map(JSONValue.string) ?? .null),
            JSONMember("message", .string(error.message)), JSONMember("retryable", .bool(error.isRetryable)),
            JSONMember("retry_after_ms", error.retryAfter.map { .int(Int($0.milliseconds.rounded())) } ?? .null),
        ])
    }

    var usageJSON: JSONValue {
        let (counts, source) = usage
        func count(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
        return .object([
            JSONMember("input_tokens", count(counts.inputTokens)),
            JSONMember("cached_input_tokens", count(counts.cachedInputTokens)),
            JSONMember("output_tokens", count(counts.outputTokens)),
            JSONMember("reasoning_tokens", count(counts.reasoningTokens)), JSONMember("source", .string(source)),
        ])
    }

    private func costJSON(_ catalog: ModelCatalog) -> JSONValue {
        let cost = cost(catalog)
        return .object([
            JSONMember("usd", cost.amount.map { .string($0.exact) } ?? .null),
            JSONMember("state", .string(cost.state.rawValue)),
        ])
    }

    private var timingJSON: JSONValue {
        .object([
            JSONMember("first_token_ms", firstToken.map { Self.milliseconds($0 - sent) } ?? .null),
            JSONMember("total_ms", Self.milliseconds(ended - sent)),
            JSONMember(
                "output_tokens_per_second", tokensPerSecond.map { .double(($0 * 10).rounded() / 10) } ?? .null),
        ])
    }

    /// Milliseconds with one decimal.
    static func milliseconds(_ duration: Duration) -> JSONValue {
        .double((duration.milliseconds * 10).rounded() / 10)
    }

    /// What an error is, in words: class, status, message.
    static func words(_ error: ProviderError) -> String {
        error.kind.rawValue + (error.status.map { " (\($0))" } ?? "") + ": " + error.message
    }

    /// An error in one line for a person.
    static func line(_ error: ProviderError) -> String {
        var line = words(error)
        if let wait = error.retryAfter, error.kind != .circuitOpen {
            line += " (the server asks to wait \(PolicyNotices.seconds(wait)))"
        }
        return line
    }

    /// The closing line of the text output.
    func closingLine(_ catalog: ModelCatalog) -> String {
        let (counts, source) = usage
        let mark = source == "estimate" ? "~" : ""
        func count(_ value: Int?) -> String { value.map { "\($0)\(mark)" } ?? "–" }
        let cost = cost(catalog)
        var parts = ["\(count(counts.inputTokens)) tokens in, \(count(counts.outputTokens)) out"]
        let whose = prices(catalog)?.areOverridden == true ? " (your prices)" : ""
        parts.append(cost.amount.map { $0.display + (cost.state == .estimate ? "~" : "") + whose } ?? "cost –")
        if let speed = tokensPerSecond { parts.append("\(Int(speed.rounded())) tok/s") }
        if let first = firstToken { parts.append("first token after \(Int((first - sent).milliseconds.rounded())) ms") }
        return parts.joined(separator: " · ")
    }
}
