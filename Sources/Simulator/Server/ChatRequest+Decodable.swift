extension ChatRequest: Decodable {
    private enum Key: String, CodingKey {
        case model, messages, stream, temperature, n, stop, seed, tools, logprobs
        case streamOptions = "stream_options"
        case topP = "top_p"
        case topLogprobs = "top_logprobs"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case frequencyPenalty = "frequency_penalty"
        case presencePenalty = "presence_penalty"
        case toolChoice = "tool_choice"
        case parallelToolCalls = "parallel_tool_calls"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let model = try fields.decodeIfPresent(String.self, forKey: .model), !model.isEmpty else {
            throw RequestProblem.missing("model")
        }
        guard let messages = try fields.decodeIfPresent([Message].self, forKey: .messages) else {
            throw RequestProblem.missing("messages")
        }
        if messages.isEmpty { throw RequestProblem.invalid("messages", "must not be empty.") }
        self.init(model: model, messages: messages)
        try checkToolMessages()
        try readStream(fields)
        try readLogprobs(fields)
        try Self.checkRanges(fields)
        try Self.checkTools(fields)
        maxTokens = try fields.decodeIfPresent(Int.self, forKey: .maxCompletionTokens)
        maxTokens = try maxTokens ?? fields.decodeIfPresent(Int.self, forKey: .maxTokens)
        if let maxTokens, maxTokens < 1 { throw RequestProblem.invalid("max_completion_tokens", "must be at least 1.") }
    }

    private init(model: String, messages: [Message]) {
        self.model = model
        self.messages = messages
    }

    private struct StreamOptions: Decodable {
        var include_usage: Bool?
    }

    private mutating func readStream(_ fields: KeyedDecodingContainer<Key>) throws {
        stream = try fields.decodeIfPresent(Bool.self, forKey: .stream) ?? false
        let options = try fields.decodeIfPresent(StreamOptions.self, forKey: .streamOptions)
        if options != nil, !stream { throw RequestProblem.invalid("stream_options", "needs 'stream' to be true.") }
        includesUsage = options?.include_usage ?? false
    }

    private mutating func readLogprobs(_ fields: KeyedDecodingContainer<Key>) throws {
        logprobs = try fields.decodeIfPresent(Bool.self, forKey: .logprobs) ?? false
        guard let count = try fields.decodeIfPresent(Int.self, forKey: .topLogprobs) else { return }
        guard (0...20).contains(count) else { throw RequestProblem.invalid("top_logprobs", "must be 0 to 20.") }
        if !logprobs { throw RequestProblem.invalid("top_logprobs", "needs 'logprobs' to be true.") }
        topLogprobs = count
    }

    private static func checkRanges(_ fields: KeyedDecodingContainer<Key>) throws {
        let ranges: [(Key, ClosedRange<Double>)] = [
            (.temperature, 0...2), (.topP, 0...1), (.frequencyPenalty, -2...2), (.presencePenalty, -2...2),
        ]
        for (key, range) in ranges {
            guard let value = try fields.decodeIfPresent(Double.self, forKey: key), !range.contains(value) else {
                continue
            }
            let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
            throw RequestProblem.invalid(key.rawValue, "must be \(low) to \(high), not \(value).")
        }
        _ = try fields.decodeIfPresent(Int.self, forKey: .seed)
        if let count = try fields.decodeIfPresent(Int.self, forKey: .n), count != 1 {
            throw RequestProblem.invalid("n", "must be 1: the simulator plays one choice.")
        }
        if let stop = try fields.decodeIfPresent(StringOrStrings.self, forKey: .stop), stop.count > 4 {
            throw RequestProblem.invalid("stop", "may have at most 4 sequences.")
        }
    }

    private static func checkTools(_ fields: KeyedDecodingContainer<Key>) throws {
        if let tools = try fields.decodeIfPresent([AnyObject].self, forKey: .tools) {
            if tools.count > 128 { throw RequestProblem.invalid("tools", "may have at most 128 entries.") }
            return
        }
        for key in [Key.toolChoice, .parallelToolCalls] where fields.contains(key) {
            if try !fields.decodeNil(forKey: key) { throw RequestProblem.invalid(key.rawValue, "needs 'tools'.") }
        }
    }

    /// Any JSON object; what it holds does not matter here.
    private struct AnyObject: Decodable {
        private enum None: CodingKey {}
        init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: None.self) }
    }

    private struct StringOrStrings: Decodable {
        var count: Int
        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            count = try (try? value.decode(String.self)) != nil ? 1 : value.decode([String].self).count
        }
    }
}

extension ChatRequest.Message: Decodable {
    private enum Key: String, CodingKey {
        case role, content
        case toolCalls = "tool_calls"
        case toolCallID = "tool_call_id"
    }
    private struct Part: Decodable { var text: String? }
    private struct Call: Decodable { var id: String }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        role = try fields.decode(String.self, forKey: .role)
        guard ["system", "developer", "user", "assistant", "tool", "function"].contains(role) else {
            throw RequestProblem.invalid("messages", "have an unknown role: \(role.prefix(80))")
        }
        callIDs = try fields.decodeIfPresent([Call].self, forKey: .toolCalls)?.map(\.id) ?? []
        answeredCallID = try fields.decodeIfPresent(String.self, forKey: .toolCallID)
        if let plain = try? fields.decodeIfPresent(String.self, forKey: .content) {
            text = plain
        } else {
            let parts = try fields.decodeIfPresent([Part].self, forKey: .content)
            if parts == nil, role != "assistant" { throw RequestProblem.missing("messages.content") }
            text = parts?.compactMap(\.text).joined(separator: "\n") ?? ""
        }
    }
}
