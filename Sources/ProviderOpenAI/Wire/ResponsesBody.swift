import ProviderCore

/// The body of POST /responses. Members that are not set are absent, never null.
///
/// Two members are sent unasked: `store: false`, because the API would keep every answer for 30 days where Chat Completions
/// keeps none, and, to reasoning models at OpenAI, the wish for encrypted reasoning, without which reasoning cannot go on over
/// several turns then.
struct ResponsesBody {
    /// What is asked.
    let request: ChatRequest
    /// Whether to ask for reasoning in a form that can be sent back.
    let wantsEncryptedReasoning: Bool

    /// The body as a value.
    var value: JSONValue {
        var body = JSONObject()
        body.set("model", .string(request.model))
        let (instructions, items) = ResponsesInput.items(of: request)
        body.set("instructions", instructions.map(JSONValue.string))
        body.set("input", .array(items))
        if request.delivery == .streamed { body.set("stream", .bool(true)) }
        body.set("store", .bool(request.isBackground))
        if request.isBackground { body.set("background", .bool(true)) }
        addParameters(to: &body)
        addTools(to: &body)
        for member in request.extraFields { body.replace(member) }
        return .object(body.members)
    }

    private func addParameters(to body: inout JSONObject) {
        let parameters = request.parameters
        body.set("temperature", parameters.temperature)
        body.set("top_p", parameters.topP)
        body.set("max_output_tokens", parameters.maxOutputTokens.map(JSONValue.int))
        body.set("service_tier", parameters.serviceTier.map(JSONValue.string))
        var reasoning = JSONObject()
        reasoning.set("effort", parameters.reasoningEffort.map(JSONValue.string))
        reasoning.set("summary", parameters.reasoningSummary.map(JSONValue.string))
        if !reasoning.members.isEmpty { body.set("reasoning", .object(reasoning.members)) }
        var text = JSONObject()
        text.set("format", request.responseFormat?.responsesWire)
        text.set("verbosity", parameters.verbosity.map(JSONValue.string))
        if !text.members.isEmpty { body.set("text", .object(text.members)) }
        var include: [JSONValue] = []
        if wantsEncryptedReasoning, !request.isBackground { include.append(.string("reasoning.encrypted_content")) }
        if let count = parameters.topLogprobs {
            body.set("top_logprobs", .int(count))
            include.append(.string("message.output_text.logprobs"))
        }
        if !include.isEmpty { body.set("include", .array(include)) }
    }

    private func addTools(to body: inout JSONObject) {
        guard !request.tools.isEmpty else { return }
        body.set("tools", .array(request.tools.map(\.responsesWire)))
        body.set("tool_choice", request.toolChoice?.responsesWire)
        body.set("parallel_tool_calls", request.parallelToolCalls.map(JSONValue.bool))
    }
}

extension ToolDefinition {
    /// The definition as Responses wants it: flat, and with `strict` written out, because there it is on when left out.
    var responsesWire: JSONValue {
        var function = JSONObject()
        function.set("type", .string("function"))
        function.set("name", .string(name))
        function.set("description", description.map(JSONValue.string))
        function.set("parameters", parameters ?? noParameters)
        function.set("strict", .bool(strict ?? false))
        return .object(function.members)
    }
}

extension ToolChoice {
    /// The choice as Responses wants it.
    var responsesWire: JSONValue {
        guard case .function(let name) = self else { return wire }
        return .object([JSONMember("type", .string("function")), JSONMember("name", .string(name))])
    }
}

extension ResponseFormat {
    /// The form as Responses wants it: flat.
    var responsesWire: JSONValue {
        switch self {
        case .jsonObject: return wire
        case .jsonSchema(let name, let schema, let strict):
            var form = JSONObject()
            form.set("type", .string("json_schema"))
            form.set("name", .string(name))
            form.set("schema", schema)
            form.set("strict", strict.map(JSONValue.bool))
            return .object(form.members)
        }
    }
}
