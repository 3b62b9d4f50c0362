import ProviderCore

extension AppModel {
    /// A request without its messages, as it is kept with its answer: names as on the wire, what was not sent left out.
    func requestRecord(of request: ChatRequest) -> JSONValue {
        var members: [JSONMember] = [JSONMember("model", .string(request.model))]
        func add(_ key: String, _ value: JSONValue?) {
            if let value { members.append(JSONMember(key, value)) }
        }
        let values = request.parameters
        add("temperature", values.temperature.map(JSONValue.double))
        add("top_p", values.topP.map(JSONValue.double))
        add("max_output_tokens", values.maxOutputTokens.map(JSONValue.int))
        add("seed", values.seed.map(JSONValue.int))
        add("frequency_penalty", values.frequencyPenalty.map(JSONValue.double))
        add("presence_penalty", values.presencePenalty.map(JSONValue.double))
        add("stop", values.stop.map { .array($0.map(JSONValue.string)) })
        add("reasoning_effort", values.reasoningEffort.map(JSONValue.string))
        add("reasoning_summary", values.reasoningSummary.map(JSONValue.string))
        add("verbosity", values.verbosity.map(JSONValue.string))
        add("service_tier", values.serviceTier.map(JSONValue.string))
        add("top_logprobs", values.topLogprobs.map(JSONValue.int))
        add("system_prompt", sentSystemPrompt.map(JSONValue.string))
        add("preset", presetMark.map(JSONValue.string))
        add("max_cost", parameters.maxCost.map { .string($0.exact) })
        if !request.tools.isEmpty { add("tools", .array(request.tools.map { .string($0.name) })) }
        for id in [ParameterID.toolChoice, .parallelCalls, .strict, .responseFormat] {
            if case .text(let text)? = parameters[id].value { add(id.rawValue, .string(text)) }
        }
        return .object(members)
    }
}
