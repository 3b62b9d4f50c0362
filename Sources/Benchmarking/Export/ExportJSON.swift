import ProviderCore

/// Values of JSON exports.
enum ExportJSON {
    static func number(_ value: Double?) -> JSONValue { value.map { $0.isFinite ? .double($0) : .null } ?? .null }
    static func int(_ value: Int?) -> JSONValue { value.map(JSONValue.int) ?? .null }
    static func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    /// Milliseconds, to the microsecond.
    static func milliseconds(_ value: Double?) -> JSONValue { number(value.map { ($0 * 1000).rounded() / 1000 }) }

    static func cost(_ money: RunMoney) -> JSONValue {
        let state = money.unpriced > 0 ? "unknown" : (money.isEstimated || money.unknown > 0 ? "estimate" : "exact")
        return .object([
            JSONMember("usd", money.unpriced > 0 ? .null : .string(money.spent.exact)),
            JSONMember("state", .string(state)),
        ])
    }

    static func usage(_ usage: TokenUsage) -> JSONValue {
        .object([
            JSONMember("input_tokens", int(usage.inputTokens)),
            JSONMember("cached_input_tokens", int(usage.cachedInputTokens)),
            JSONMember("output_tokens", int(usage.outputTokens)),
            JSONMember("reasoning_tokens", int(usage.reasoningTokens)),
        ])
    }

    static func call(_ call: ToolCall) -> JSONValue {
        .object([
            JSONMember("id", .string(call.id)), JSONMember("name", .string(call.name)),
            JSONMember("arguments", .string(call.arguments)),
        ])
    }

    static func score(_ named: NamedScore) -> JSONValue {
        .object([
            JSONMember("scorer", .string(named.scorer)), JSONMember("value", number(named.score?.value)),
            JSONMember("passes", named.score?.passes.map(JSONValue.bool) ?? .null),
            JSONMember("answer", text(named.score?.answer)),
            JSONMember("explanation", text(named.score?.explanation)),
            JSONMember("detail", named.score?.detail ?? .null),
        ])
    }

    static func error(_ error: ProviderError?) -> JSONValue {
        guard let error else { return .null }
        return .object([
            JSONMember("kind", .string(error.kind.rawValue)), JSONMember("status", int(error.status)),
            JSONMember("code", text(error.code)), JSONMember("message", .string(error.message)),
        ])
    }

    static func timing(_ trial: ExportedTrial) -> JSONValue {
        let speed = trial.speed
        return .object([
            JSONMember("definition", .string(trial.definition.rawValue)),
            JSONMember("started_ms", milliseconds(trial.record.started.inMilliseconds)),
            JSONMember("total_ms", milliseconds(trial.seconds * 1000)),
            JSONMember("ttft_ms", milliseconds(trial.timeToFirstToken)),
            JSONMember("e2e_ms", milliseconds(speed?.endToEndLatency?.inMilliseconds)),
            JSONMember("itl_ms", milliseconds(speed?.interTokenLatency?.inMilliseconds)),
            JSONMember("output_tokens_per_second", milliseconds(speed?.outputTokensPerSecond)),
        ])
    }
}

/// A line of JSON for each trial.
struct TrialLines: RunExporter {
    let wantsTrials = true
    let wantsRequests = true

    mutating func begin() -> String { "" }
    mutating func end() -> String { "" }

    mutating func trial(_ trial: ExportedTrial) -> String {
        let (record, key) = (trial.record, trial.record.key)
        let value = JSONValue.object([
            JSONMember("run", .string(trial.run)), JSONMember("trial", .int(key.index)),
            JSONMember("task", .string(key.task)), JSONMember("sample", .string(key.sample)),
            JSONMember("subject", .string(key.subject)), JSONMember("repeat", .int(key.repetition)),
            JSONMember("model", .string(trial.model)), JSONMember("outcome", .string(record.outcome.rawValue)),
            JSONMember("scores", .array(record.scores.map(ExportJSON.score))),
            JSONMember("answer", .string(record.answer.text)),
            JSONMember("refusal", ExportJSON.text(record.answer.refusal)),
            JSONMember("tool_calls", .array(record.answer.calls.map(ExportJSON.call))),
            JSONMember("turns", .int(record.turns)),
            JSONMember("finish_reason", ExportJSON.text(record.finish?.wireName)),
            JSONMember("error", ExportJSON.error(record.error)), JSONMember("requests", .int(trial.requests.count)),
            JSONMember("usage", ExportJSON.usage(trial.usage)), JSONMember("cost", ExportJSON.cost(trial.money)),
            JSONMember("timing", ExportJSON.timing(trial)),
        ])
        return JSONWriter.string(value) + "\n"
    }
}

/// A table of trials, after RFC 4180.
struct TrialTable: RunExporter {
    let wantsTrials = true
    let wantsRequests = true

    private static let head = [
        "run", "trial", "task", "sample", "subject", "repeat", "model", "outcome", "value", "passes", "answer",
        "explanation", "finish_reason", "turns", "tool_calls", "ttft_ms", "total_ms", "input_tokens", "output_tokens",
        "cost_usd", "cost_state", "error",
    ]

    mutating func begin() -> String { Self.line(Self.head) }
    mutating func end() -> String { "" }

    mutating func trial(_ trial: ExportedTrial) -> String {
        let (record, key, usage) = (trial.record, trial.record.key, trial.usage)
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        func word(_ value: JSONValue?) -> String { value?.stringValue ?? "" }
        let text = ExportText.foreignCSV
        let cost = ExportJSON.cost(trial.money)
        return Self.line([
            trial.run, "\(key.index)", text(key.task), text(key.sample), text(key.subject), "\(key.repetition)",
            text(trial.model),
            record.outcome.rawValue, number(trial.score?.value), trial.score?.passes.map { "\($0)" } ?? "",
            text(trial.score?.answer ?? record.answer.text), text(trial.score?.explanation ?? ""),
            text(record.finish?.wireName ?? ""),
            "\(record.turns)", "\(record.toolCalls)", trial.timeToFirstToken.map { ExportText.fixed($0, 3) } ?? "",
            ExportText.fixed(trial.seconds * 1000, 3), usage.inputTokens.map { "\($0)" } ?? "",
            usage.outputTokens.map { "\($0)" } ?? "", word(cost["usd"]), word(cost["state"]),
            text(record.error?.message ?? ""),
        ])
    }

    /// A row of cells that are spelt for CSV; numbers and our own words are so as they are.
    private static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\r\n" }
}
