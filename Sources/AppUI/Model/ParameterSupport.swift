import FunctionTools
import ProviderCore
import TerminalKit

/// What a server said of a parameter when it refused a request.
struct ParameterRefusal: Sendable, Hashable {
    /// The server's sentence, gated.
    let reason: String
    /// The value that it refused; nil = it refuses the parameter as such.
    let value: ParameterValue?

    /// Whether it stands against a value; nil = the parameter not sent.
    func covers(_ present: ParameterValue?, standard: ParameterValue?) -> Bool {
        if let value { return present == value }
        return present == nil || present != standard
    }
}

/// Why a parameter cannot be used as things are.
struct ParameterObstacle: Sendable, Hashable {
    /// The end of a sentence: "the model refuses it".
    let reason: String
    /// Whether the server said so in this session; else the catalog knows it.
    let isLearned: Bool
}

/// What is known to keep parameters from being used. What the catalog knows is looked up once for a state of the panel, since a
/// frame may not cost a look-up for each row.
struct RefusalMemory: Sendable {
    /// What obstacles depend on.
    struct Key: Sendable, Hashable {
        let values: [ParameterID: ParameterValue]
        let tools: [String]
        let learned: Int
    }

    private var learned: [String: [ParameterID: ParameterRefusal]] = [:]
    private var count = 0
    private var known: (key: Key, obstacles: [ParameterID: ParameterObstacle])?

    /// What the server said of a model's parameter.
    subscript(model: String, id: ParameterID) -> ParameterRefusal? { learned[model]?[id] }

    mutating func note(_ refusal: ParameterRefusal, of id: ParameterID, model: String) {
        learned[model, default: [:]][id] = refusal
        count += 1
    }

    /// What changes when something was learned.
    var revision: Int { count }

    mutating func obstacles(_ key: Key, _ find: () -> [ParameterID: ParameterObstacle]) -> [ParameterID:
        ParameterObstacle]
    {
        if let known, known.key == key { return known.obstacles }
        let found = find()
        known = (key, found)
        return found
    }
}

extension AppModel {
    /// A parameter's row with what the chosen model makes of it: its longest answer, its reasoning efforts and their default.
    func spec(_ id: ParameterID) -> ParameterSpec {
        var spec = ParameterSpec.of(id)
        guard id == .maxOutputTokens || id == .reasoningEffort, let info = catalog.model(parameters.model) else {
            return spec
        }
        let request = request(messages: [])
        let api = api(of: request)
        if id == .maxOutputTokens, let most = info.maxOutputTokens {
            let fewest = api == .responses ? ChatRequest.fewestOutputTokensInResponses : 1
            spec.form = .doubling(min(fewest, most)...most)
        }
        if id == .reasoningEffort, let efforts = info.supports.reasoningEffort {
            // At OpenAI a request goes where its effort is known.
            let chat = efforts.chatCompletions ?? []
            let responses = efforts.responses ?? []
            let all = chat + responses.filter { !chat.contains($0) }
            let words = connection.isOpenAI && connection.api == nil ? all : api == .chat ? chat : responses
            if !words.isEmpty { spec.form = .words(words, others: false) }
            spec.serverDefault = efforts.defaultEffort.map(ParameterValue.text)
        }
        return spec
    }

    /// What keeps each parameter from being used with the chosen model, by what the catalog knows and what the server said.
    mutating func obstacles() -> [ParameterID: ParameterObstacle] {
        let key = RefusalMemory.Key(
            values: parameters.values, tools: tools.offered.map(\.name), learned: refusals.revision)
        var memory = refusals
        defer { refusals = memory }
        return memory.obstacles(key) { findObstacles() }
    }

    private func findObstacles() -> [ParameterID: ParameterObstacle] {
        var found: [ParameterID: ParameterObstacle] = [:]
        let request = request(messages: [])
        for id in ParameterID.allCases {
            if let refusal = refusals[parameters.model, id],
                refusal.covers(parameters[id].value, standard: ParameterSpec.of(id).serverDefault)
            {
                found[id] = ParameterObstacle(reason: refusal.reason, isLearned: true)
            } else if let reason = obstacle(for: id, request) {
                found[id] = ParameterObstacle(reason: reason, isLearned: false)
            }
        }
        return found
    }

    /// Why a parameter is not taken: tried with its value, or with one that a request could have.
    private func obstacle(for id: ParameterID, _ request: ChatRequest) -> String? {
        var probe = request
        if id == .reasoningEffort, probe.parameters.reasoningEffort == nil, case .words(let words, _) = spec(id).form {
            probe.parameters.reasoningEffort = words.contains("medium") ? "medium" : words.first
        }
        guard id.fill(&probe) else { return nil }
        let known = catalog.model(parameters.model)
        let found = known.obstacles(to: probe, api: api(of: probe), isOpenAI: connection.isOpenAI)
        return found.first { id.isNamed(by: $0.parameter) }?.reason
    }

    /// Remembers what a server refused, when it named a parameter of the request.
    mutating func learn(from error: ProviderError, of request: RunningRequest) {
        guard error.kind == .invalidRequest, error.status == 400 || error.status == 422,
            let id = error.blamed(among: request.values.keys),
            let model = answer(of: request)?.stamp.model
        else { return }
        let reason = TextGate.gate(error.message, allowNewlines: false).text
        let value = error.refusesParameter ? nil : request.values[id]
        refusals.note(ParameterRefusal(reason: reason, value: value), of: id, model: model)
        flash = Flash(
            text: "\(model) does not take \(ParameterSpec.of(id).label) like this: "
                + "\(keys.label(of: .focusParameters)), then \(keys.label(of: .unset, in: .parameters)) leaves it out.",
            level: .warning)
    }
}

extension ParameterID {
    /// Whether a name on the wire, with what may follow it, means this parameter.
    func isNamed(by wire: String) -> Bool {
        let name = wire.prefix { !$0.isWhitespace && $0 != "[" }
        return wireNames.contains { name == $0 }
    }

    /// Its names on the wire.
    private var wireNames: [String] {
        switch self {
        case .maxOutputTokens: ["max_completion_tokens", "max_output_tokens", "max_tokens"]
        case .reasoningEffort: ["reasoning_effort", "reasoning.effort", "reasoning"]
        case .reasoningSummary: ["reasoning.summary"]
        case .verbosity: ["verbosity", "text.verbosity"]
        case .topLogprobs: ["logprobs", "top_logprobs"]
        case .toolChoice: ["tool_choice", "tools"]
        case .parallelCalls: ["parallel_tool_calls", "tools"]
        case .strict: ["strict"]
        case .responseFormat: ["response_format", "text.format"]
        case .model, .maxCost, .systemPrompt: []
        default: [rawValue]
        }
    }

    /// Gives a request the parameter where it has none, to see whether that would be taken. False: there is nothing to see.
    fileprivate func fill(_ request: inout ChatRequest) -> Bool {
        var values = request.parameters
        defer { request.parameters = values }
        switch self {
        case .temperature: values.temperature = values.temperature ?? 0.5
        case .topP: values.topP = values.topP ?? 0.5
        case .frequencyPenalty: values.frequencyPenalty = values.frequencyPenalty ?? 0.5
        case .presencePenalty: values.presencePenalty = values.presencePenalty ?? 0.5
        case .seed: values.seed = values.seed ?? 1
        case .stop: values.stop = values.stop ?? ["x"]
        case .maxOutputTokens: return values.maxOutputTokens != nil
        case .reasoningEffort: return values.reasoningEffort != nil
        case .reasoningSummary: values.reasoningSummary = values.reasoningSummary ?? "auto"
        case .topLogprobs: values.topLogprobs = values.topLogprobs ?? 1
        case .toolChoice, .parallelCalls:
            if request.tools.isEmpty { request.tools = [ToolDefinition(name: "probe")] }
            request.parallelToolCalls = true
        case .responseFormat: return request.responseFormat != nil
        case .verbosity, .serviceTier, .strict, .model, .maxCost, .systemPrompt: return false
        }
        return true
    }
}

extension ProviderError {
    /// The parameter that the server blames: by its `param`, else by the one name of a sent parameter in quotes.
    fileprivate func blamed(among sent: some Sequence<ParameterID>) -> ParameterID? {
        let named = sent.filter { id in param.map(id.isNamed) ?? quotes(id) }
        let ids = Set(named)
        return ids.count == 1 || param != nil ? ParameterID.allCases.first(where: ids.contains) : nil
    }

    private func quotes(_ id: ParameterID) -> Bool {
        ["'", "\"", "`"].contains { message.contains($0 + id.rawValue + $0) }
    }

    /// Whether the parameter is refused as such, not for its value.
    fileprivate var refusesParameter: Bool {
        let codes: Set<String> = ["unsupported_parameter", "unknown_parameter", "unsupported_value"]
        if let code, codes.contains(code) { return true }
        let said = message.lowercased()
        let words = [
            "unrecognized", "unsupported", "unknown", "not support", "not permitted", "unexpected", "extra inputs",
        ]
        return words.contains { said.contains($0) }
    }
}
