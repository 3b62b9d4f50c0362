public import ProviderCore

/// How records stand in the database and in exports. Members that say nothing are left out; those of a newer program are kept as
/// they are (`unknownMembers`).
extension AnswerRecord {
    /// The record as a JSON object.
    public var json: JSONValue {
        var out = MemberWriter()
        out.add("model", model)
        out.add("stamp", stamp)
        if request != .object([]) { out.add("request", request) }
        out.add("state", state.rawValue)
        out.add("failure", failure)
        out.add("answered_by", answeredBy)
        out.add("response_id", responseID)
        out.add("finish_reason", finishReason)
        out.add("reasoning", reasoning)
        if isRefusal { out.add("is_refusal", .bool(true)) }
        out.add("calls", list: calls.map(\.json))
        out.add("opaque_items", list: opaqueItems)
        if !usage.isUnknown { out.add("usage", usage.json) }
        out.add("estimated_input", estimatedInput)
        out.add("estimated_output", estimatedOutput)
        if let amount = cost.amount {
            out.add(
                "cost", .object([.init("usd", .string(amount.exact)), .init("state", .string(cost.state.rawValue))]))
        }
        out.add("first_token_ms", firstTokenMilliseconds)
        out.add("total_ms", totalMilliseconds)
        if attempts != 1 { out.add("attempts", attempts) }
        out.add(unknown: unknownMembers)
        return out.object
    }

    /// A record from its JSON object; nil when the value is no object. Missing members, and members of another type than wanted,
    /// stay as in a new record.
    public init?(json: JSONValue) {
        var problems: [String] = []
        self.init(json: json, problems: &problems)
    }

    /// As `init(json:)`, and tells what could not be read.
    init?(json: JSONValue, problems: inout [String]) {
        guard var reader = MemberReader(json) else { return nil }
        self.init(model: reader.text("model") ?? "", stamp: reader.text("stamp") ?? "")
        if let request = reader.value("request") { self.request = request }
        readEnding(&reader)
        reasoning = reader.text("reasoning")
        isRefusal = reader.flag("is_refusal") ?? false
        for (index, item) in (reader.list("calls") ?? []).enumerated() {
            var own: [String] = []
            if let call = CallRecord(json: item, problems: &own) { calls.append(call) }
            for problem in own { reader.note("call \(index + 1): \(problem)") }
        }
        opaqueItems = reader.list("opaque_items") ?? []
        readFigures(&reader)
        unknownMembers = reader.rest
        problems += reader.problems
    }

    private mutating func readEnding(_ reader: inout MemberReader) {
        failure = reader.text("failure")
        answeredBy = reader.text("answered_by")
        responseID = reader.text("response_id")
        finishReason = reader.text("finish_reason")
        guard let word = reader.text("state") else { return }
        if let known = State(rawValue: word) {
            state = known
        } else {
            reader.note("state: \"\(word)\" is none of \(State.allCases.map(\.rawValue).joined(separator: ", "))")
            state = finishReason == nil ? .failed : .complete
        }
    }

    private mutating func readFigures(_ reader: inout MemberReader) {
        if let stored = reader.value("usage") {
            if let usage = TokenUsage(json: stored, &reader) {
                self.usage = usage
            } else {
                reader.note("usage: wanted an object")
            }
        }
        estimatedInput = reader.number("estimated_input")
        estimatedOutput = reader.number("estimated_output")
        if let stored = reader.value("cost") {
            if let cost = Cost(json: stored) { self.cost = cost } else { reader.note("cost: wanted usd and state") }
        }
        firstTokenMilliseconds = reader.amount("first_token_ms")
        totalMilliseconds = reader.amount("total_ms")
        attempts = reader.number("attempts") ?? 1
    }
}

extension CallRecord {
    /// The call as a JSON object.
    public var json: JSONValue {
        var out = MemberWriter()
        out.add("id", call.id)
        out.add("name", call.name)
        out.add("arguments", call.arguments)
        if !call.extraFields.isEmpty { out.add("extra_fields", .object(call.extraFields)) }
        out.add("rank", call.rank)
        out.add("edited_arguments", editedArguments)
        out.add("result", result)
        out.add("result_kind", resultKind)
        return out.object
    }

    init?(json: JSONValue, problems: inout [String]) {
        guard var reader = MemberReader(json) else {
            problems.append("wanted an object")
            return nil
        }
        let call = ToolCall(
            id: reader.text("id") ?? "", name: reader.text("name") ?? "", arguments: reader.text("arguments") ?? "",
            extraFields: reader.object("extra_fields") ?? [],
            rank: reader.number("rank", in: Int.min...Int.max))
        self.init(
            call: call, editedArguments: reader.text("edited_arguments"), result: reader.text("result"),
            resultKind: reader.text("result_kind"))
        problems += reader.problems
    }
}

extension TokenUsage {
    fileprivate var json: JSONValue {
        var out = MemberWriter()
        out.add("input", inputTokens)
        out.add("output", outputTokens)
        out.add("cached_input", cachedInputTokens)
        out.add("cache_write", cacheWriteTokens)
        out.add("reasoning", reasoningTokens)
        return out.object
    }

    fileprivate init?(json: JSONValue, _ outer: inout MemberReader) {
        guard var reader = MemberReader(json) else { return nil }
        self.init(
            inputTokens: reader.number("input"), outputTokens: reader.number("output"),
            cachedInputTokens: reader.number("cached_input"), cacheWriteTokens: reader.number("cache_write"),
            reasoningTokens: reader.number("reasoning"))
        for problem in reader.problems { outer.note("usage: \(problem)") }
    }
}

extension Cost {
    fileprivate init?(json: JSONValue) {
        guard let amount = json["usd"]?.stringValue.flatMap({ Money($0) }), amount >= .zero else { return nil }
        switch json["state"]?.stringValue.flatMap(Cost.State.init(rawValue:)) {
        case .exact: self = .exact(amount)
        case .estimate: self = .estimate(amount)
        case .unknown, nil: return nil
        }
    }
}

extension Attachment {
    /// The attachment as a JSON object.
    public var json: JSONValue {
        var out = MemberWriter()
        out.add("name", name)
        switch content {
        case .text(let text): out.add("text", text)
        case .image(let type, let base64):
            out.add("type", type)
            out.add("base64", base64)
        }
        return out.object
    }

    /// An attachment from its JSON object; nil when it has neither text nor an image.
    public init?(json: JSONValue) {
        guard case .object = json else { return nil }
        let name = json["name"]?.stringValue ?? ""
        if let text = json["text"]?.stringValue {
            self.init(name: name, content: .text(text))
        } else if let type = json["type"]?.stringValue, let base64 = json["base64"]?.stringValue {
            self.init(name: name, content: .image(type: type, base64: base64))
        } else {
            return nil
        }
    }
}
