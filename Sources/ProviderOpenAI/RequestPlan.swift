import ProviderCore

/// How one request is put on the wire: through which API, and under which names. Decided before anything is sent, from the
/// catalog and the endpoint.
struct RequestPlan: Sendable, Hashable {
    /// The API.
    let api: ModelAPI
    /// The member of Chat Completions that limits the answer.
    let outputLimitField: String
    /// Whether the model knows the switch for several calls at once; one that makes one at a time refuses even "no".
    let takesParallelCalls: Bool
    /// What a system message is called.
    let systemRole: ChatRole
    /// Whether Responses is asked for reasoning in a form that can be sent back.
    let wantsEncryptedReasoning: Bool

    /// A plan. Throws `ProviderError` of kind `invalidRequest` that names what the model does not take.
    init(_ request: ChatRequest, model: ModelInfo?, address: EndpointAddress, preferred: ModelAPI?) throws {
        let isOpenAI = address.base.isOpenAI
        var request = request
        request.api = request.api ?? preferred
        // Elsewhere Chat Completions is what every server has, unless the request itself can do with nothing else.
        let needed = isOpenAI ? model.api(for: request) : ModelInfo?.none.api(for: request)
        api = needed
        if let obstacle = model.obstacles(to: request, api: needed, isOpenAI: isOpenAI).first {
            throw ProviderError(
                kind: .invalidRequest, param: obstacle.parameter,
                message: "\(request.model) does not take \(obstacle.parameter): \(obstacle.reason)")
        }
        guard !request.messages.isEmpty else {
            throw ProviderError(kind: .invalidRequest, param: "messages", message: "the conversation is empty")
        }
        takesParallelCalls = model?.supports(.parallelTools) != .no
        let isReasoning = model?.supports.reasoningEffort != nil
        outputLimitField = isReasoning ? "max_completion_tokens" : address.outputLimitField
        let wantsDeveloper = model?.supports(.systemRole) == .no && model?.supports(.developerRole) == .yes
        systemRole = wantsDeveloper ? .developer : .system
        wantsEncryptedReasoning = isReasoning && (isOpenAI || address.base.isAzure)
    }

    /// The body of a request by this plan, less what the server is known to refuse.
    func body(_ given: ChatRequest, _ concessions: Concessions) -> JSONValue {
        var request = given
        if !takesParallelCalls { request.parallelToolCalls = nil }
        switch api {
        case .responses:
            return ResponsesBody(request: request, wantsEncryptedReasoning: wantsEncryptedReasoning).value
        case .chat:
            return ChatCompletionBody(
                request: request, outputLimitField: concessions.outputLimitField ?? outputLimitField,
                asksForUsage: request.delivery == .streamed && request.includeUsage && !concessions.omitsUsageOption,
                systemRole: systemRole
            ).value
        }
    }
}

/// What is sent otherwise than usual because the server said so: learned from its refusals.
struct Concessions: Sendable, Hashable {
    /// `stream_options` is left out.
    var omitsUsageOption = false
    /// The answer's limit goes by this name; nil = the usual one.
    var outputLimitField: String?

    /// The concessions after a refusal; nil when it is none that another spelling of the same request would avoid.
    func extended(by refusal: ProviderError, of request: ChatRequest, sentLimit: String) -> Concessions? {
        guard refusal.status == 400 || refusal.status == 422 else { return nil }
        var more = self
        let refusesUsage = refusal.blames("stream_options") || refusal.blames("include_usage")
        if !omitsUsageOption, refusesUsage, !request.sets("stream_options") {
            more.omitsUsageOption = true
            return more
        }
        let names = ["max_tokens", "max_completion_tokens"]
        if outputLimitField == nil, request.parameters.maxOutputTokens != nil, !names.contains(where: request.sets),
            let other = names.first(where: { $0 != sentLimit }), refusal.doesNotKnow(sentLimit, other)
        {
            more.outputLimitField = other
            return more
        }
        return nil
    }
}

extension ProviderError {
    fileprivate func blames(_ name: String) -> Bool {
        param == name || param?.hasPrefix(name + ".") == true || message.contains(name)
    }

    /// Whether a member is refused as such, not for its value.
    fileprivate func doesNotKnow(_ name: String, _ other: String) -> Bool {
        guard blames(name) else { return false }
        if code == "unsupported_parameter" || code == "unknown_parameter" || message.contains(other) { return true }
        let words = ["unrecognized", "unsupported", "unknown", "not supported", "not permitted", "unexpected", "extra"]
        let said = message.lowercased()
        return words.contains { said.contains($0) }
    }
}

extension ChatRequest {
    fileprivate func sets(_ name: String) -> Bool { extraFields.contains { $0.key == name } }
}
