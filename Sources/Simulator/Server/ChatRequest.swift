import ProviderCore

/// What the simulator needs to know of the body of a chat completion request.
struct ChatRequest {
    var model: String
    var messages: [Message]
    var stream = false
    var includesUsage = false
    var logprobs = false
    var topLogprobs = 0
    var maxTokens: Int?
    var format = AnswerFormat.text

    /// Members of the Responses API, and what Chat Completions has instead. Other unknown members belong to dialects.
    private static let foreign = [
        "input": "messages", "instructions": "messages", "max_output_tokens": "max_completion_tokens",
        "text": "response_format", "reasoning": "reasoning_effort",
    ]

    /// Reads and checks a body.
    ///
    /// - Parameter defaultModel: the model when the body names none; nil: the body must.
    /// - Throws: `RequestProblem`, always with status 400.
    init(parsing body: [UInt8], defaultModel: String? = nil) throws {
        let fields = try JSONFields(body: body)
        try fields.refuse(Self.foreign, api: "Chat Completions")
        model = try fields.string("model") ?? defaultModel ?? ""
        if model.isEmpty { throw RequestProblem.missing("model") }
        guard let list = try fields.objects("messages") else { throw RequestProblem.missing("messages") }
        if list.isEmpty { throw RequestProblem.invalid("messages", "must not be empty.") }
        messages = try list.map(Self.message)
        try checkToolMessages()
        try readStream(fields)
        try readLogprobs(fields)
        try Self.checkRanges(fields)
        try Self.checkTools(fields)
        format = try Self.format(fields)
        maxTokens = try fields.int("max_completion_tokens") ?? fields.int("max_tokens")
        if let maxTokens, maxTokens < 1 { throw RequestProblem.invalid("max_completion_tokens", "must be at least 1.") }
    }

    private static func message(_ fields: JSONFields) throws -> Message {
        let role = try fields.requiredString("role")
        guard ["system", "developer", "user", "assistant", "tool", "function"].contains(role) else {
            throw RequestProblem.invalid("messages", "have an unknown role: \(role.prefix(80))")
        }
        let calls = try fields.objects("tool_calls")?.map { call in
            guard let id = try call.string("id") else { throw RequestProblem.missing(call.place("id")) }
            return Message.Call(
                id: id, name: try (call.object("function") ?? call.object("custom"))?.string("name") ?? "")
        }
        return Message(
            role: role, text: try text(fields, role: role), calls: calls ?? [],
            answeredCallID: try fields.string("tool_call_id"))
    }

    private static func text(_ fields: JSONFields, role: String) throws -> String {
        if let plain = fields["content"]?.stringValue { return plain }
        guard let parts = try fields.objects("content") else {
            if role == "assistant" { return "" }
            throw RequestProblem.missing("messages.content")
        }
        return try parts.compactMap { try $0.string("text") }.joined(separator: "\n")
    }

    private mutating func readStream(_ fields: JSONFields) throws {
        stream = try fields.bool("stream") ?? false
        let options = try fields.object("stream_options")
        if options != nil, !stream { throw RequestProblem.invalid("stream_options", "needs 'stream' to be true.") }
        includesUsage = try options?.bool("include_usage") ?? false
    }

    private mutating func readLogprobs(_ fields: JSONFields) throws {
        logprobs = try fields.bool("logprobs") ?? false
        guard let count = try fields.int("top_logprobs") else { return }
        try fields.check("top_logprobs", in: 0...20)
        if !logprobs { throw RequestProblem.invalid("top_logprobs", "needs 'logprobs' to be true.") }
        topLogprobs = count
    }

    private static func checkRanges(_ fields: JSONFields) throws {
        try fields.check("temperature", in: 0...2)
        try fields.check("top_p", in: 0...1)
        try fields.check("frequency_penalty", in: -2...2)
        try fields.check("presence_penalty", in: -2...2)
        _ = try fields.int("seed")
        if let count = try fields.int("n"), count != 1 {
            throw RequestProblem.invalid("n", "must be 1: the simulator plays one choice.")
        }
        guard fields["stop"]?.stringValue == nil, let stop = try fields.array("stop") else { return }
        if stop.count > 4 { throw RequestProblem.invalid("stop", "may have at most 4 sequences.") }
        if stop.contains(where: { $0.stringValue == nil }) { throw RequestProblem.wrongType("stop") }
    }

    /// `response_format`, whose name and schema stand below `json_schema`.
    private static func format(_ fields: JSONFields) throws -> AnswerFormat {
        guard let format = try fields.object("response_format") else { return .text }
        let type = try format.requiredString("type")
        try format.check("type", among: AnswerFormat.allCases.map(\.rawValue))
        if type == AnswerFormat.jsonSchema.rawValue {
            guard let form = try format.object("json_schema") else {
                throw RequestProblem.missing("response_format.json_schema")
            }
            _ = try form.requiredString("name")
            _ = try form.object("schema")
        }
        return AnswerFormat(rawValue: type) ?? .text
    }

    private static func checkTools(_ fields: JSONFields) throws {
        if let tools = try fields.objects("tools") {
            if tools.count > 128 { throw RequestProblem.invalid("tools", "may have at most 128 entries.") }
            return
        }
        for key in ["tool_choice", "parallel_tool_calls"] where fields[key] != nil {
            throw RequestProblem.invalid(key, "needs 'tools'.")
        }
    }

    /// Checks that each tool call is answered before the conversation goes on, and nothing else is.
    private func checkToolMessages() throws {
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            if message.role == "tool" {
                guard let id = message.answeredCallID else {
                    throw RequestProblem.missing("messages[\(index)].tool_call_id")
                }
                guard let position = open.firstIndex(of: id) else {
                    throw RequestProblem.invalid(
                        "messages[\(index)]", "answers a tool call that is not open: \(id.prefix(80))")
                }
                open.remove(at: position)
            } else if let unanswered = open.first {
                throw RequestProblem.invalid(
                    "messages[\(index)]", "comes before the answer to the tool call \(unanswered.prefix(80))")
            }
            open += message.calls.map(\.id)
        }
        if let unanswered = open.first {
            throw RequestProblem.invalid("messages", "ends before the answer to the tool call \(unanswered.prefix(80))")
        }
    }
}
