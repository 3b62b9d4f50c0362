/// Something in a request that its model, or the API it goes through, does not take. Found before anything is sent.
public struct RequestObstacle: Sendable {
    /// The name of the parameter on the wire.
    public let parameter: String
    /// Why it is not taken, as the end of a sentence: "the model refuses it".
    public let reason: String
    private let removal: (@Sendable (inout ChatRequest) -> Void)?

    init(_ parameter: String, _ reason: String, removal: (@Sendable (inout ChatRequest) -> Void)? = nil) {
        self.parameter = parameter
        self.reason = reason
        self.removal = removal
    }

    /// Whether the request makes sense without the parameter.
    public var isRemovable: Bool { removal != nil }

    /// Leaves the parameter out of a request, where that makes sense.
    public func remove(from request: inout ChatRequest) { removal?(&request) }
}

extension ModelInfo {
    /// The API that a request to this model needs at OpenAI. Chat Completions unless the catalog knows better: for models that
    /// answer only on Responses, take function tools with this reasoning effort only there, or know the effort only there; for
    /// background answers and reasoning summaries, which Chat Completions does not have. What the request names itself holds.
    public func api(for request: ChatRequest) -> ModelAPI {
        if let api = request.api { return api }
        if request.isBackground || request.parameters.reasoningSummary != nil { return .responses }
        guard supports(.responsesAPI) == .yes else { return .chat }
        if supports(.chatCompletions) == .no { return .responses }
        if !request.tools.isEmpty, !takesToolsInChat(request.parameters) { return .responses }
        if let effort = request.parameters.reasoningEffort, let known = supports.reasoningEffort,
            known.chatCompletions?.contains(effort) != true, known.responses?.contains(effort) == true
        {
            return .responses
        }
        return .chat
    }

    /// What of a request the model or the API does not take, by what the catalog knows; what it does not know is let
    /// through. `isOpenAI`: the request goes to OpenAI's own endpoint, where the model is served as the catalog says;
    /// elsewhere the choice of the API is the server's affair.
    public func obstacles(to request: ChatRequest, api: ModelAPI, isOpenAI: Bool) -> [RequestObstacle] {
        sampling(request.parameters) + limits(request.parameters, api) + effort(request.parameters, api)
            + form(request) + request.missing(in: api)
            + (isOpenAI ? route(request, api) : [])
            + (isOpenAI && supports.tools != .no ? request.tooManyTools : [])
    }

    /// When the model ended or ends, in a sentence; nil = no end is known.
    public var retirement: String? {
        guard let shutdownDate else { return nil }
        switch status {
        case .shutdown: return "\(id) was shut down at OpenAI on \(shutdownDate)"
        case .deprecated: return "\(id) will be shut down at OpenAI on \(shutdownDate)"
        case .active, .unknown, .unsupported: return nil
        }
    }

    private func effectiveEffort(_ parameters: ModelParameters) -> String {
        parameters.reasoningEffort ?? supports.reasoningEffort?.defaultEffort ?? "none"
    }

    private func takesToolsInChat(_ parameters: ModelParameters) -> Bool {
        switch supports(.toolsInChatCompletions) {
        case .yes: true
        case .no: false
        case .onlyWithoutReasoning: effectiveEffort(parameters) == "none"
        // Sources disagree on the newest reasoning models; on Responses all of them take tools.
        case .unknown: supports.reasoningEffort == nil
        }
    }

    private func sampling(_ parameters: ModelParameters) -> [RequestObstacle] {
        let effort = effectiveEffort(parameters)
        func check(
            _ isSet: Bool, _ support: ModelSupport, _ name: String,
            _ removal: @escaping @Sendable (inout ChatRequest) -> Void
        ) -> RequestObstacle? {
            guard isSet else { return nil }
            switch support {
            case .no: return RequestObstacle(name, "the model refuses it", removal: removal)
            case .onlyWithoutReasoning where effort != "none":
                return RequestObstacle(
                    name, "only with reasoning effort none, here it is \(effort)", removal: removal)
            default: return nil
            }
        }
        // The default itself is taken by every model.
        return [
            check(parameters.temperature ?? 1 != 1, supports.temperature, "temperature") {
                $0.parameters.temperature = nil
            },
            check(parameters.topP ?? 1 != 1, supports.temperature, "top_p") { $0.parameters.topP = nil },
            check(parameters.frequencyPenalty ?? 0 != 0, supports.temperature, "frequency_penalty") {
                $0.parameters.frequencyPenalty = nil
            },
            check(parameters.presencePenalty ?? 0 != 0, supports.temperature, "presence_penalty") {
                $0.parameters.presencePenalty = nil
            },
            check(parameters.topLogprobs != nil, supports.logprobs, "logprobs") { $0.parameters.topLogprobs = nil },
            check(parameters.stop?.isEmpty == false, stopSupport, "stop") { $0.parameters.stop = nil },
        ].compactMap(\.self)
    }

    /// The catalog has no column for it: o3 and all later reasoning models refuse stop texts, o1 takes them.
    private var stopSupport: ModelSupport {
        supports.reasoningEffort == nil || id.hasPrefix("o1") ? .unknown : .no
    }

    private func limits(_ parameters: ModelParameters, _ api: ModelAPI) -> [RequestObstacle] {
        guard let wanted = parameters.maxOutputTokens else { return [] }
        let name = api == .responses ? "max_output_tokens" : "max_completion_tokens"
        let removal: @Sendable (inout ChatRequest) -> Void = { $0.parameters.maxOutputTokens = nil }
        if let most = maxOutputTokens, wanted > most {
            return [RequestObstacle("\(name) \(wanted)", "its answers have at most \(most) tokens", removal: removal)]
        }
        return []
    }

    private func effort(_ parameters: ModelParameters, _ api: ModelAPI) -> [RequestObstacle] {
        guard let wanted = parameters.reasoningEffort, status != .unknown else { return [] }
        let known =
            (api == .chat ? supports.reasoningEffort?.chatCompletions : supports.reasoningEffort?.responses) ?? []
        guard !known.contains(wanted) else { return [] }
        let reason = known.isEmpty ? "it has no reasoning effort" : "it takes " + known.joined(separator: ", ")
        return [
            RequestObstacle("reasoning_effort \(wanted)", reason) { $0.parameters.reasoningEffort = nil }
        ]
    }

    private func form(_ request: ChatRequest) -> [RequestObstacle] {
        var found: [RequestObstacle] = []
        if !request.tools.isEmpty, supports.tools == .no {
            found.append(
                RequestObstacle("tools", "it calls no functions") {
                    $0.tools = []
                    $0.toolChoice = nil
                })
        } else if request.parallelToolCalls == true, !request.tools.isEmpty, supports(.parallelTools) == .no {
            found.append(
                RequestObstacle("parallel_tool_calls", "it calls one function at a time") {
                    $0.parallelToolCalls = nil
                })
        }
        switch request.responseFormat {
        case .jsonObject where supports(.jsonMode) == .no: found.append(Self.noForm("json_object"))
        case .jsonSchema where supports(.jsonSchema) == .no: found.append(Self.noForm("json_schema"))
        default: break
        }
        if supports(.vision) == .no, request.messages.contains(where: \.hasImage) {
            found.append(RequestObstacle("image_url", "it sees no pictures"))
        }
        return found
    }

    private static func noForm(_ name: String) -> RequestObstacle {
        RequestObstacle("response_format \(name)", "it cannot be held to it") { $0.responseFormat = nil }
    }

    private func route(_ request: ChatRequest, _ api: ModelAPI) -> [RequestObstacle] {
        switch api {
        case .chat where supports(.chatCompletions) == .no:
            let advice =
                supports(.responsesAPI) == .yes ? "it answers on the Responses API only" : "it is no chat model"
            return [RequestObstacle("api chat", advice)]
        case .chat where !request.tools.isEmpty && supports(.responsesAPI) == .yes && request.api == .chat:
            guard !takesToolsInChat(request.parameters), supports(.toolsInChatCompletions) != .unknown else {
                return []
            }
            return [
                RequestObstacle(
                    "tools", "with reasoning effort \(effectiveEffort(request.parameters)) only on the Responses API")
            ]
        case .responses where supports(.responsesAPI) == .no:
            return [RequestObstacle("api responses", "it answers on Chat Completions only")]
        default: return []
        }
    }
}

extension ChatRequest {
    /// What an API has no member for, whatever the model.
    func missing(in api: ModelAPI) -> [RequestObstacle] {
        switch api {
        case .responses: Self.missingInResponses(parameters)
        case .chat: missingInChat
        }
    }

    /// The most functions that OpenAI takes with one request, whatever the model.
    static let mostToolsAtOpenAI = 128

    /// Nothing can say which ones are to spare.
    fileprivate var tooManyTools: [RequestObstacle] {
        let most = Self.mostToolsAtOpenAI
        guard tools.count > most else { return [] }
        return [RequestObstacle("tools", "\(tools.count) functions are offered, and OpenAI takes at most \(most)")]
    }

    private var missingInChat: [RequestObstacle] {
        var found: [RequestObstacle] = []
        if parameters.reasoningSummary != nil {
            found.append(
                RequestObstacle("reasoning.summary", "only the Responses API has it") {
                    $0.parameters.reasoningSummary = nil
                })
        }
        if isBackground {
            found.append(RequestObstacle("background", "only the Responses API has it") { $0.isBackground = false })
        }
        return found
    }

    /// The fewest tokens of output that the Responses API takes as a limit.
    public static let fewestOutputTokensInResponses = 16

    /// What the Responses API has no member for, whatever the model.
    static func missingInResponses(_ parameters: ModelParameters) -> [RequestObstacle] {
        let reason = "the Responses API has no such parameter"
        var found: [RequestObstacle] = []
        if parameters.stop?.isEmpty == false {
            found.append(RequestObstacle("stop", reason) { $0.parameters.stop = nil })
        }
        if parameters.seed != nil { found.append(RequestObstacle("seed", reason) { $0.parameters.seed = nil }) }
        if parameters.frequencyPenalty ?? 0 != 0 {
            found.append(RequestObstacle("frequency_penalty", reason) { $0.parameters.frequencyPenalty = nil })
        }
        if parameters.presencePenalty ?? 0 != 0 {
            found.append(RequestObstacle("presence_penalty", reason) { $0.parameters.presencePenalty = nil })
        }
        if let wanted = parameters.maxOutputTokens, wanted < fewestOutputTokensInResponses {
            found.append(
                RequestObstacle(
                    "max_output_tokens \(wanted)", "the Responses API takes \(fewestOutputTokensInResponses) or more"
                ) { $0.parameters.maxOutputTokens = nil })
        }
        return found
    }
}

extension ChatMessage {
    fileprivate var hasImage: Bool {
        content.contains { if case .image = $0 { true } else { false } }
    }
}

extension Optional where Wrapped == ModelInfo {
    /// As `ModelInfo.api(for:)`; Chat Completions for a model that nothing is known of.
    public func api(for request: ChatRequest) -> ModelAPI {
        self?.api(for: request) ?? request.api
            ?? (request.isBackground || request.parameters.reasoningSummary != nil ? .responses : .chat)
    }

    /// As `ModelInfo.obstacles(to:api:isOpenAI:)`; of an unknown model only what the API or OpenAI itself does not take.
    public func obstacles(to request: ChatRequest, api: ModelAPI, isOpenAI: Bool) -> [RequestObstacle] {
        if let self { return self.obstacles(to: request, api: api, isOpenAI: isOpenAI) }
        return request.missing(in: api) + (isOpenAI ? request.tooManyTools : [])
    }
}
