import ProviderCore

/// The members that a body must have, no more and no fewer; a nil value is any.
struct ExpectedMembers {
    private(set) var all: [String: JSONValue?] = [:]
    private let request: ChatRequest

    init(_ sent: SentRequest) {
        request = sent.request
        all = ["model": .string(request.model)]
        if request.delivery == .streamed { all["stream"] = .bool(true) }
        set("temperature", request.parameters.temperature.map(JSONValue.double))
        set("top_p", request.parameters.topP.map(JSONValue.double))
        set("service_tier", request.parameters.serviceTier.map(JSONValue.string))
        if !request.tools.isEmpty {
            all["tools"] = .some(nil)
            if request.toolChoice != nil { all["tool_choice"] = .some(nil) }
            // A model that makes one call at a time refuses even "no".
            if sent.takesParallelCalls { set("parallel_tool_calls", request.parallelToolCalls.map(JSONValue.bool)) }
        }
        switch sent.api {
        case .chat: addChat()
        case .responses: addResponses()
        }
        for member in request.extraFields { all[member.key] = member.value }
    }

    private mutating func set(_ name: String, _ value: JSONValue?) {
        if let value { all[name] = value }
    }

    private mutating func addChat() {
        let parameters = request.parameters
        all["messages"] = .some(nil)
        if request.delivery == .streamed, request.includeUsage {
            all["stream_options"] = .object([JSONMember("include_usage", .bool(true))])
        }
        set("max_completion_tokens", parameters.maxOutputTokens.map(JSONValue.int))
        set("seed", parameters.seed.map(JSONValue.int))
        if let stop = parameters.stop, !stop.isEmpty { all["stop"] = .array(stop.map(JSONValue.string)) }
        set("frequency_penalty", parameters.frequencyPenalty.map(JSONValue.double))
        set("presence_penalty", parameters.presencePenalty.map(JSONValue.double))
        set("reasoning_effort", parameters.reasoningEffort.map(JSONValue.string))
        set("verbosity", parameters.verbosity.map(JSONValue.string))
        if let count = parameters.topLogprobs {
            all["logprobs"] = .bool(true)
            if count > 0 { all["top_logprobs"] = .int(count) }
        }
        if request.responseFormat != nil { all["response_format"] = .some(nil) }
    }

    private mutating func addResponses() {
        let parameters = request.parameters
        all["input"] = .some(nil)
        all["store"] = .bool(request.isBackground)
        if request.isBackground { all["background"] = .bool(true) }
        let leads = request.messages.first.map { [.system, .developer].contains($0.role) } == true
        // A system message alone is no input, and JSON mode looks for its word in the input only.
        if leads, request.messages.count > 1, request.responseFormat != .jsonObject {
            all["instructions"] = .string(request.messages[0].text)
        }
        set("max_output_tokens", parameters.maxOutputTokens.map(JSONValue.int))
        set("top_logprobs", parameters.topLogprobs.map(JSONValue.int))
        let effort = parameters.reasoningEffort.map { JSONMember("effort", .string($0)) }
        let summary = parameters.reasoningSummary.map { JSONMember("summary", .string($0)) }
        let reasoning = [effort, summary].compactMap(\.self)
        if !reasoning.isEmpty { all["reasoning"] = .object(reasoning) }
        if request.responseFormat != nil || parameters.verbosity != nil { all["text"] = .some(nil) }
        var include: [JSONValue] = []
        let reasons = RequestMatrix.models.first { $0.id == request.model }?.reasons == true
        if reasons, !request.isBackground { include.append(.string("reasoning.encrypted_content")) }
        if parameters.topLogprobs != nil { include.append(.string("message.output_text.logprobs")) }
        if !include.isEmpty { all["include"] = .array(include) }
    }
}
