import ProviderCore

/// What the simulator needs to know of the body of a request to the Responses API.
struct ResponsesRequest {
    var model: String
    /// The whole conversation, with what `previous_response_id` stands for, but without instructions: these hold for
    /// one request only.
    var conversation: [Message]
    var instructions: String?
    var stream = false
    var isBackground = false
    var isStored = true
    var logprobs = false
    var topLogprobs = 0
    var maxTokens: Int?
    var encryptsReasoning = false
    var format = AnswerFormat.text
    /// Members of the response that repeat the request, each with a comma before it.
    var echo: [UInt8] = []

    /// Members of Chat Completions, and what the Responses API has instead.
    private static let foreign = [
        "messages": "input", "max_tokens": "max_output_tokens", "max_completion_tokens": "max_output_tokens",
        "response_format": "text.format", "reasoning_effort": "reasoning.effort", "verbosity": "text.verbosity",
        "logprobs": "include", "web_search_options": "tools", "functions": "tools", "function_call": "tool_choice",
        "stop": "", "seed": "", "n": "", "frequency_penalty": "", "presence_penalty": "", "logit_bias": "",
        "prediction": "", "modalities": "", "audio": "",
    ]

    private static let includable = [
        "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
        "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
        "reasoning.encrypted_content", "message.output_text.logprobs",
    ]

    /// Reads and checks a body.
    ///
    /// - Parameter earlier: the conversation up to and with a stored response; nil when there is no such response.
    /// - Throws: `RequestProblem`, always with status 400.
    init(parsing body: [UInt8], earlier: (String) -> [Message]?) throws {
        let fields = try JSONFields(body: body)
        try fields.refuse(Self.foreign, api: "the Responses API")
        let hasPrompt = try fields.object("prompt") != nil
        model = try fields.string("model") ?? ""
        if model.isEmpty, !hasPrompt { throw RequestProblem.missing("model") }
        instructions = try fields.string("instructions")
        conversation = try Self.conversation(fields, hasPrompt: hasPrompt, earlier: earlier)
        try readTransport(fields)
        try readOutput(fields)
        try ResponsesTools.check(fields)
        echo = Self.echo(of: fields)
    }

    private static func conversation(
        _ fields: JSONFields, hasPrompt: Bool, earlier: (String) -> [Message]?
    ) throws -> [Message] {
        var before: [Message] = []
        if let id = try fields.string("previous_response_id") {
            if fields["conversation"] != nil {
                throw RequestProblem.invalid("previous_response_id", "and 'conversation' exclude each other.")
            }
            guard let found = earlier(id) else {
                throw RequestProblem(
                    message: "There is no stored response '\(id.prefix(200))' to go on from.",
                    param: "previous_response_id", code: "previous_response_not_found")
            }
            before = found
        }
        var reader = InputReader(after: before)
        if let input = fields["input"] {
            try reader.read(input)
        } else if !hasPrompt {
            throw RequestProblem.missing("input")
        }
        return reader.messages
    }

    /// Instructions and conversation.
    var messages: [Message] { (instructions.map { [Message(role: "system", text: $0)] } ?? []) + conversation }

    private mutating func readTransport(_ fields: JSONFields) throws {
        stream = try fields.bool("stream") ?? false
        if let options = try fields.object("stream_options") {
            if !stream { throw RequestProblem.invalid("stream_options", "needs 'stream' to be true.") }
            if options.value["include_usage"] != nil {
                throw RequestProblem.unknown("stream_options.include_usage", "is not needed here: usage always comes.")
            }
        }
        isStored = try fields.bool("store") ?? true
        isBackground = try fields.bool("background") ?? false
        if isBackground, !isStored { throw RequestProblem.invalid("background", "needs 'store' not to be false.") }
        try fields.check("truncation", among: ["auto", "disabled"])
    }

    private mutating func readOutput(_ fields: JSONFields) throws {
        try fields.check("temperature", in: 0...2)
        try fields.check("top_p", in: 0...1)
        try fields.check("top_logprobs", in: 0...20)
        topLogprobs = try fields.int("top_logprobs") ?? 0
        maxTokens = try fields.int("max_output_tokens")
        if let maxTokens, maxTokens < 16 {
            throw RequestProblem.invalid("max_output_tokens", "must be at least 16, not \(maxTokens).")
        }
        for (index, value) in try (fields.array("include") ?? []).enumerated() {
            guard let name = value.stringValue else { throw RequestProblem.wrongType("include[\(index)]") }
            guard Self.includable.contains(name) else {
                throw RequestProblem.invalid("include[\(index)]", "is nothing to include: \(name.prefix(80))")
            }
            if name == "message.output_text.logprobs" { logprobs = true }
            if name == "reasoning.encrypted_content" { encryptsReasoning = true }
        }
        _ = try fields.object("reasoning")?.string("effort")
        format = try Self.format(of: fields)
    }

    /// `text.format` is flat: name and schema stand beside the type.
    private static func format(of fields: JSONFields) throws -> AnswerFormat {
        let text = try fields.object("text")
        try text?.check("verbosity", among: ["low", "medium", "high"])
        guard let format = try text?.object("format") else { return .text }
        let type = try format.requiredString("type")
        try format.check("type", among: AnswerFormat.allCases.map(\.rawValue))
        guard type == AnswerFormat.jsonSchema.rawValue else { return AnswerFormat(rawValue: type) ?? .text }
        if format["json_schema"] != nil {
            throw RequestProblem.unknown(
                "text.format.json_schema", "is flat here: name and schema stand beside the type.")
        }
        _ = try format.requiredString("name")
        if try format.object("schema") == nil { throw RequestProblem.missing("text.format.schema") }
        return .jsonSchema
    }

    /// What the response repeats of the request, or says where the request is silent.
    private static let echoed: [(key: String, default: String)] = [
        ("instructions", "null"), ("max_output_tokens", "null"), ("max_tool_calls", "null"), ("metadata", "{}"),
        ("parallel_tool_calls", "true"), ("previous_response_id", "null"), ("prompt_cache_key", "null"),
        ("reasoning", #"{"effort":null,"summary":null}"#), ("safety_identifier", "null"), ("store", "true"),
        ("temperature", "1"), ("text", #"{"format":{"type":"text"}}"#), ("tool_choice", #""auto""#), ("tools", "[]"),
        ("top_logprobs", "0"), ("top_p", "1"), ("truncation", #""disabled""#), ("user", "null"),
    ]

    private static func echo(of fields: JSONFields) -> [UInt8] {
        var bytes: [UInt8] = []
        for (key, fallback) in echoed {
            bytes.append(text: ",\"\(key)\":")
            bytes += fields[key].map { JSONWriter.bytes($0) } ?? Array(fallback.utf8)
        }
        return bytes
    }
}

/// The tools of a Responses request, which are flat, unlike those of Chat Completions.
enum ResponsesTools {
    static func check(_ fields: JSONFields) throws {
        let tools = try fields.objects("tools") ?? []
        if tools.count > 128 { throw RequestProblem.invalid("tools", "may have at most 128 entries.") }
        for tool in tools {
            guard try tool.requiredString("type") == "function" else { continue }
            try checkFlat(tool)
            let name = try tool.requiredString("name")
            let isName = name.utf8.count <= 64 && name.utf8.allSatisfy { $0.isNameByte }
            guard isName else {
                throw RequestProblem.invalid(tool.place("name"), "may have letters, digits, _ and - only, at most 64.")
            }
            _ = try tool.object("parameters")
            _ = try tool.bool("strict")
        }
        try checkChoice(fields, hasTools: !tools.isEmpty)
    }

    private static func checkChoice(_ fields: JSONFields, hasTools: Bool) throws {
        guard let choice = fields["tool_choice"] else { return }
        if let word = choice.stringValue {
            try fields.check("tool_choice", among: ["none", "auto", "required"])
            if word == "required", !hasTools { throw RequestProblem.invalid("tool_choice", "needs 'tools'.") }
            return
        }
        let object = try JSONFields(choice, at: "tool_choice")
        if !hasTools { throw RequestProblem.invalid("tool_choice", "needs 'tools'.") }
        guard try object.requiredString("type") == "function" else { return }
        try checkFlat(object)
        _ = try object.requiredString("name")
    }

    private static func checkFlat(_ tool: JSONFields) throws {
        guard tool["function"] != nil else { return }
        throw RequestProblem(
            message:
                "'\(tool.path)' has the form of Chat Completions. Here a function is flat: its name, description and "
                + "parameters stand beside the type, without a 'function' around them.",
            param: tool.place("name"), code: "missing_required_parameter")
    }
}

extension UInt8 {
    /// Whether the byte may stand in the name of a function.
    fileprivate var isNameByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
        default: false
        }
    }
}
