import ProviderCore

/// A trial as Inspect's log has it.
struct InspectSample {
    let trial: ExportedTrial

    private var record: TrialRecord { trial.record }

    /// The name of a sample: Inspect has one list of them, and no subjects.
    static func id(_ task: String, _ sample: String, _ subject: String) -> String { "\(task)/\(sample) \(subject)" }

    var json: JSONValue {
        let key = record.key
        var members = [
            JSONMember("id", .string(Self.id(key.task, key.sample, key.subject))),
            JSONMember("epoch", .int(key.repetition)), JSONMember("input", .array(input.map(Self.message))),
            JSONMember("target", target), JSONMember("messages", .array(record.transcript.map(Self.message))),
            JSONMember("output", output), JSONMember("scores", .object(scores)), JSONMember("metadata", metadata),
            JSONMember("model_usage", .object([JSONMember(trial.model, Self.usage(trial.usage, trial.money))])),
            JSONMember("started_at", .string(ExportText.instant(trial.startedAt))),
            JSONMember(
                "completed_at", .string(ExportText.instant(trial.startedAt + Int64(trial.seconds * 1000)))),
            JSONMember("total_time", .double(trial.seconds)), JSONMember("working_time", .double(trial.seconds)),
            JSONMember("uuid", .string("\(trial.run)-\(key.index)")), JSONMember("store", .object([])),
            JSONMember("events", .array([])), JSONMember("attachments", .object([])),
        ]
        if record.outcome.isError {
            members.append(JSONMember("error", Self.error(record.error?.message ?? record.outcome.rawValue)))
        }
        return .object(members)
    }

    static func error(_ message: String) -> JSONValue {
        .object([
            JSONMember("message", .string(message)), JSONMember("traceback", .string("")),
            JSONMember("traceback_ansi", .string("")),
        ])
    }

    // MARK: Messages

    /// What was asked: all before the model's first word.
    private var input: [ChatMessage] { Array(record.transcript.prefix { $0.role != .assistant }) }

    private static func message(_ message: ChatMessage) -> JSONValue {
        // Inspect has no word for the developer's role.
        let role = message.role == .developer ? "system" : message.role.rawValue
        var members = [JSONMember("role", .string(role)), JSONMember("content", .string(text(message)))]
        if !message.toolCalls.isEmpty {
            members.append(JSONMember("tool_calls", .array(message.toolCalls.map(call))))
        }
        if let id = message.toolCallID { members.append(JSONMember("tool_call_id", .string(id))) }
        return .object(members)
    }

    private static func text(_ message: ChatMessage) -> String {
        let texts = message.content.map { part in
            switch part {
            case .text(let text): text
            case .image(let url, _): url.hasPrefix("data:") ? "[image]" : "[image \(url)]"
            }
        }
        let text = texts.joined(separator: "\n")
        return text.isEmpty ? message.refusal ?? "" : text
    }

    /// Arguments that are no object are told as what they are, with the problem beside them.
    private static func call(_ call: ToolCall) -> JSONValue {
        let arguments = try? JSONParser.parse(call.arguments)
        let isObject = arguments?.objectValue != nil
        var members = [
            JSONMember("id", .string(call.id)), JSONMember("function", .string(call.name)),
            JSONMember("arguments", isObject ? arguments ?? .object([]) : .object([])),
            JSONMember("type", .string("function")),
        ]
        if !isObject { members.append(JSONMember("parse_error", .string("no JSON object: \(call.arguments)"))) }
        return .object(members)
    }

    // MARK: Answer

    private var target: JSONValue {
        let fields = trial.sample?.fields
        let value = ["target", "answer", "ideal", "expected"].lazy.compactMap { fields?[$0] }.first
        switch value {
        case .string?: return value ?? .string("")
        case .array(let elements)? where !elements.isEmpty && elements.allSatisfy { $0.stringValue != nil }:
            return .array(elements)
        case .null?, nil: return .string("")
        case let other?: return .string(JSONWriter.string(other))
        }
    }

    private var output: JSONValue {
        let answer = record.answer
        let last = record.transcript.last { $0.role == .assistant }
        let message = last ?? ChatMessage(.assistant, answer.refusal ?? answer.text)
        var members = [JSONMember("model", .string(trial.model))]
        let choice = JSONValue.object([
            JSONMember("message", Self.message(message)), JSONMember("stop_reason", .string(stopReason)),
        ])
        members.append(JSONMember("choices", .array(record.turns > 0 ? [choice] : [])))
        members.append(JSONMember("usage", Self.usage(trial.usage, nil)))
        let latency = trial.speed?.endToEndLatency?.inSeconds ?? trial.seconds
        members.append(JSONMember("time", .double(latency)))
        return .object(members)
    }

    private var stopReason: String {
        if record.answer.refusal != nil { return "content_filter" }
        switch record.finish {
        case .stop?: return "stop"
        case .length?: return "max_tokens"
        case .toolCalls?: return "tool_calls"
        case .contentFilter?: return "content_filter"
        default: return record.error?.kind == .contextTooLong ? "model_length" : "unknown"
        }
    }

    /// Counts that nobody told are 0: Inspect has no other way to say so. `money`: nil = without a cost.
    static func usage(_ usage: TokenUsage, _ money: RunMoney?) -> JSONValue {
        let (input, output) = (usage.inputTokens ?? 0, usage.outputTokens ?? 0)
        let cached = usage.cachedInputTokens ?? 0
        var members = [
            // Inspect's input tokens are those that were not read from a cache.
            JSONMember("input_tokens", .int(max(0, input - cached))), JSONMember("output_tokens", .int(output)),
            JSONMember("total_tokens", .int(input &+ output)), JSONMember("input_tokens_cache_read", .int(cached)),
        ]
        if let written = usage.cacheWriteTokens {
            members.append(JSONMember("input_tokens_cache_write", .int(written)))
        }
        if let reasoning = usage.reasoningTokens { members.append(JSONMember("reasoning_tokens", .int(reasoning))) }
        if let money, money.unpriced == 0 { members.append(JSONMember("total_cost", .number(money.spent.plain))) }
        return .object(members)
    }

    // MARK: Scores and timings

    private var scores: [JSONMember] {
        let word: String?
        switch record.outcome {
        case .right: word = "C"
        case .partial: word = "P"
        case .refused: word = "N"
        case .wrong, .truncated, .badFormat, .toolError: word = "I"
        case .answered, .scorerError, .infraError, .budget, .skipped: word = nil
        }
        guard let word else { return [] }
        let named = record.scores.first
        let score = JSONValue.object([
            JSONMember("value", .string(word)), JSONMember("answer", ExportJSON.text(named?.score?.answer)),
            JSONMember("explanation", ExportJSON.text(named?.score?.explanation)),
            JSONMember(
                "metadata",
                .object([
                    JSONMember("outcome", .string(record.outcome.rawValue)),
                    JSONMember("value", ExportJSON.number(named?.score?.value)),
                    JSONMember("detail", named?.score?.detail ?? .null),
                ])),
        ])
        return [JSONMember(named?.scorer ?? "outcome", score)]
    }

    private var metadata: JSONValue {
        let key = record.key
        return .object([
            JSONMember("task", .string(key.task)), JSONMember("sample", .string(key.sample)),
            JSONMember("subject", .string(key.subject)), JSONMember("outcome", .string(record.outcome.rawValue)),
            JSONMember("turns", .int(record.turns)), JSONMember("requests", .int(trial.requests.count)),
            JSONMember("cost", ExportJSON.cost(trial.money)), JSONMember("timing", ExportJSON.timing(trial)),
        ])
    }
}
