import ProviderCore

/// The body of POST /chat/completions. Members that are not set are absent, never null: several servers refuse nulls.
struct ChatCompletionBody {
    /// What is asked.
    let request: ChatRequest
    /// The name of the member that limits the answer.
    let outputLimitField: String
    /// Whether a stream is asked for its usage.
    let asksForUsage: Bool
    /// What system messages are called.
    var systemRole = ChatRole.system

    /// The body as a value.
    var value: JSONValue {
        var body = JSONObject()
        body.set("model", .string(request.model))
        body.set("messages", .array(request.messages.withCallIDs.map(wire)))
        if request.delivery == .streamed { body.set("stream", .bool(true)) }
        if asksForUsage { body.set("stream_options", .object([JSONMember("include_usage", .bool(true))])) }
        addParameters(to: &body)
        addTools(to: &body)
        body.set("response_format", request.responseFormat?.wire)
        for member in request.extraFields { body.replace(member) }
        return .object(body.members)
    }

    private func wire(_ message: ChatMessage) -> JSONValue {
        guard message.role == .system, systemRole != .system else { return message.wire }
        var message = message
        message.role = systemRole
        return message.wire
    }

    private func addParameters(to body: inout JSONObject) {
        let parameters = request.parameters
        body.set("temperature", parameters.temperature)
        body.set("top_p", parameters.topP)
        body.set(outputLimitField, parameters.maxOutputTokens.map(JSONValue.int))
        body.set("seed", parameters.seed.map(JSONValue.int))
        if let stop = parameters.stop, !stop.isEmpty { body.set("stop", .array(stop.map(JSONValue.string))) }
        body.set("frequency_penalty", parameters.frequencyPenalty)
        body.set("presence_penalty", parameters.presencePenalty)
        body.set("reasoning_effort", parameters.reasoningEffort.map(JSONValue.string))
        body.set("verbosity", parameters.verbosity.map(JSONValue.string))
        body.set("service_tier", parameters.serviceTier.map(JSONValue.string))
        if let count = parameters.topLogprobs {
            body.set("logprobs", .bool(true))
            if count > 0 { body.set("top_logprobs", .int(count)) }
        }
    }

    private func addTools(to body: inout JSONObject) {
        guard !request.tools.isEmpty else { return }
        body.set("tools", .array(request.tools.map(\.wire)))
        body.set("tool_choice", request.toolChoice?.wire)
        body.set("parallel_tool_calls", request.parallelToolCalls.map(JSONValue.bool))
    }
}

/// A JSON object under construction.
struct JSONObject {
    private(set) var members: [JSONMember] = []

    /// Adds a member unless its value is nil.
    mutating func set(_ key: String, _ value: JSONValue?) {
        if let value { members.append(JSONMember(key, value)) }
    }

    /// Adds a number unless it is nil or not finite.
    mutating func set(_ key: String, _ value: Double?) {
        if let value, value.isFinite { set(key, .double(value)) }
    }

    /// Sets a member, in place of the one of the same name if there is one.
    mutating func replace(_ member: JSONMember) {
        if let place = members.firstIndex(where: { $0.key == member.key }) {
            members[place] = member
        } else {
            members.append(member)
        }
    }
}
