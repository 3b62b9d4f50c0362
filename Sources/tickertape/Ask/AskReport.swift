import AppUI
import FunctionTools
import ProviderCore
import TerminalKit

/// What is known of one `ask` when it ends, and how it is written down.
struct AskReport {
    /// An answer whose calls were answered, so that the conversation went on.
    struct Turn {
        let exchange: AskExchange
        let calls: [ToolLoop.AnsweredCall]
    }

    let providerID: ProviderID
    let endpoint: String
    /// The API that was to be used; the answer may name another.
    let api: ModelAPI
    /// What calls and their arguments are checked against.
    let tools: ToolSet
    /// What the answer must match; nil = nothing.
    let schema: JSONSchema?
    /// Whether calls are answered here.
    let isLoop: Bool
    /// The answers before the last one.
    var turns: [Turn] = []
    /// The last exchange.
    var last: AskExchange
    /// The results of the calls of the last exchange, when the loop was stopped with them.
    var stoppedCalls: [ToolLoop.AnsweredCall] = []
    /// The calls of the last exchange were left open since a person is needed.
    var needsPerson = false
    /// How the last exchange failed.
    var error: ProviderError?
    /// Why the loop was stopped after a good answer: no fault of that exchange.
    var loopError: ProviderError?
    let sent: ContinuousClock.Instant
    var ended: ContinuousClock.Instant
    /// How the text of the answer breaks the schema that was asked for; nil = it was not checked.
    var violations: [String]?

    var response: ChatResponse { last.response }

    /// Whether anything of an answer came.
    var hasContent: Bool { firstToken != nil }

    private var firstToken: ContinuousClock.Instant? { turns.first?.exchange.firstToken ?? last.firstToken }

    /// The exit code of the contract.
    var exitCode: Int32 { ending?.exitCode ?? 0 }

    /// Why it did not end well.
    var ending: ProviderError? { error ?? loopError }

    /// Whether something was answered that the server has not counted.
    var needsOwnCounts: Bool { last.needsOwnCounts(error) }

    /// Ends the turn: its calls are answered, and the next exchange begins.
    mutating func close(_ calls: [ToolLoop.AnsweredCall]) {
        turns.append(Turn(exchange: last, calls: calls))
        last = AskExchange(askedModel: last.askedModel, prices: last.prices)
    }

    /// The counts of all exchanges, and the poorest of their sources.
    var usage: (counts: TokenUsage, source: UsageSource) {
        let parts = turns.map { $0.exchange.usage(nil) } + [last.usage(error)]
        let told = parts.filter { $0.source != .none }
        guard let first = told.first else { return (TokenUsage(), .none) }
        let counts = told.dropFirst().reduce(first.counts) { $0 + $1.counts }
        return (counts, told.contains { $0.source == .estimate } ? .estimate : .server)
    }

    /// What all exchanges cost together; unknown when one of them is. After good ones a request that never left, or that the
    /// server refused, took nothing; one that may have been executed is as unknown as ever.
    func cost(_ catalog: ModelCatalog) -> Cost {
        let costs = turns.map { $0.exchange.cost(catalog, nil) } + [last.cost(catalog, error)]
        let tookNothing = error?.fate == .notSent || error?.fate == .refused
        let known = turns.isEmpty || !tookNothing ? costs : costs.dropLast()
        var sum = Money.zero
        for cost in known {
            guard let amount = cost.amount else { return .unknown }
            sum = sum + amount
        }
        return known.contains { $0.state == .estimate } ? .estimate(sum) : .exact(sum)
    }

    /// Output tokens a second while the model wrote.
    var tokensPerSecond: Double? {
        let times = (turns.map(\.exchange) + [last]).compactMap(\.writingTime)
        guard let tokens = usage.counts.outputTokens, tokens > times.count else { return nil }
        let seconds = times.reduce(Duration.zero, +).inSeconds
        return seconds > 0.001 ? Double(tokens - times.count) / seconds : nil
    }

    /// The object of `-o json`.
    func json(_ catalog: ModelCatalog) -> JSONValue {
        func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
        var members = [
            JSONMember("provider", .string(providerID.rawValue)), JSONMember("endpoint", .string(endpoint)),
            JSONMember("api", .string((response.metadata.api ?? api).rawValue)),
            JSONMember("model", .string(response.metadata.model ?? last.askedModel)),
            JSONMember("text", .string(response.text)), JSONMember("reasoning", text(response.reasoning)),
            JSONMember("refusal", text(response.refusal)), JSONMember("tool_calls", .array(calls)),
            JSONMember("finish_reason", text(response.finishReason?.wireName)),
            JSONMember(
                "complete", .bool(response.finishReason != nil && (error == nil || error?.kind == .contentFiltered))),
            JSONMember("usage", usageJSON), JSONMember("cost", costJSON(catalog)), JSONMember("timing", timingJSON),
            JSONMember("attempts", .array(attempts)),
            JSONMember("request_id", text(response.metadata.requestID ?? error?.requestID)),
            JSONMember("error", ending.map(Self.json) ?? .null),
        ]
        if isLoop { members.append(JSONMember("turns", .array(turns.map { Self.json($0.exchange.response) }))) }
        if let violations {
            members.append(JSONMember("schema_violations", .array(violations.map(JSONValue.string))))
        }
        return .object(members)
    }

    /// The attempts of all exchanges; those of a loop tell which turn they belong to.
    private var attempts: [JSONValue] {
        guard !turns.isEmpty else { return last.endedAttempts(error).map { Self.json($0) } }
        let lists = turns.map { $0.exchange.endedAttempts(nil) } + [last.endedAttempts(error)]
        return lists.enumerated().flatMap { index, list in list.map { Self.json($0, turn: index + 1) } }
    }

    /// What an answer said before its calls.
    private static func json(_ response: ChatResponse) -> JSONValue {
        .object([
            JSONMember("text", .string(response.text)),
            JSONMember("reasoning", response.reasoning.map(JSONValue.string) ?? .null),
            JSONMember("finish_reason", (response.finishReason?.wireName).map(JSONValue.string) ?? .null),
        ])
    }

    /// The calls of the last answer that nobody answered.
    var openCalls: [ToolCall] { stoppedCalls.isEmpty ? response.orderedCalls : [] }

    /// All calls: those that were answered, with their turn and result, then the open ones.
    private var calls: [JSONValue] {
        let lists = turns.map(\.calls) + [stoppedCalls]
        let answered = lists.enumerated().flatMap { number, calls in calls.map { Self.json($0, turn: number + 1) } }
        return answered
            + openCalls.map { call in
                let check = tools.check(call)
                let isForPerson = needsPerson && check.needsPerson
                return .object(
                    Self.members(call, check)
                        + (isForPerson ? [JSONMember("outcome", .string(ToolWords.forPerson))] : []))
            }
    }

    private static func members(_ call: ToolCall, _ check: CallCheck) -> [JSONMember] {
        [
            JSONMember("id", .string(call.id)), JSONMember("name", .string(call.name)),
            JSONMember("arguments", .string(call.arguments)), JSONMember("valid", .bool(check.isValid)),
        ] + (check.isValid ? [] : [JSONMember("error", .string(ToolWords.fault(call, check)))])
    }

    /// A call that was answered, as in `-o json` and in the event `tool_result`.
    static func json(_ answered: ToolLoop.AnsweredCall, turn: Int) -> JSONValue {
        .object(
            members(answered.call, answered.check) + [
                JSONMember("turn", .int(turn)), JSONMember("outcome", .string(answered.result.word)),
                JSONMember("exit_status", answered.result.exitStatus.map { .int(Int($0)) } ?? .null),
                JSONMember("duration_ms", answered.result.duration.map(milliseconds) ?? .null),
                JSONMember("result", .string(answered.result.text)),
            ])
    }

    private static func json(_ attempt: Attempt, turn: Int? = nil) -> JSONValue {
        .object(
            [
                JSONMember("number", .int(attempt.number)),
                JSONMember("status", attempt.status.map(JSONValue.int) ?? .null),
                JSONMember("error", (attempt.error?.rawValue).map(JSONValue.string) ?? .null),
                JSONMember("waited_ms", .int(Int(attempt.waited.milliseconds.rounded()))),
            ] + (turn.map { [JSONMember("turn", .int($0))] } ?? []))
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
            JSONMember("reasoning_tokens", count(counts.reasoningTokens)),
            JSONMember("source", .string(source.rawValue)),
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
        let mark = source == .estimate ? "~" : ""
        func count(_ value: Int?) -> String { value.map { "\($0)\(mark)" } ?? "–" }
        let cost = cost(catalog)
        var parts = ["\(count(counts.inputTokens)) tokens in, \(count(counts.outputTokens)) out"]
        let whose = last.prices(catalog)?.areOverridden == true ? " (your prices)" : ""
        parts.append(cost.amount.map { $0.display + (cost.state == .estimate ? "~" : "") + whose } ?? "cost –")
        if let speed = tokensPerSecond { parts.append("\(Int(speed.rounded())) tok/s") }
        if let first = firstToken { parts.append("first token after \(Int((first - sent).milliseconds.rounded())) ms") }
        return parts.joined(separator: " · ")
    }
}
