/// Something a model can do or takes. Raw values are the names in the catalog.
public enum ModelCapability: String, Sendable, Hashable, CaseIterable {
    /// Answers on Chat Completions.
    case chatCompletions = "chat_completions"
    /// Answers on the Responses API.
    case responsesAPI = "responses_api"
    /// Streams.
    case streaming
    /// Takes a temperature, top_p and penalties other than the default.
    case temperature
    /// Reports log probabilities.
    case logprobs
    /// Calls functions.
    case tools
    /// Calls functions on Chat Completions.
    case toolsInChatCompletions = "tools_in_chat_completions"
    /// Calls several functions at once.
    case parallelTools = "parallel_tools"
    /// Keeps strictly to a function's schema.
    case strictTools = "strict_tools"
    /// Answers with some JSON object.
    case jsonMode = "json_mode"
    /// Answers after a JSON schema.
    case jsonSchema = "json_schema"
    /// Sees pictures.
    case vision
    /// Takes messages of role system.
    case systemRole = "system_role"
    /// Takes messages of role developer.
    case developerRole = "developer_role"
    /// Answers on the old Completions endpoint.
    case legacyCompletions = "legacy_completions"
}

/// Whether a model has a capability.
public enum ModelSupport: Sendable, Hashable {
    /// It has.
    case yes
    /// It has not; the server refuses.
    case no
    /// Only while the reasoning effort is `none`.
    case onlyWithoutReasoning
    /// Nobody told.
    case unknown

    /// The word of the catalog for `onlyWithoutReasoning`.
    static let onlyWithoutReasoningWord = "only_when_reasoning_effort_none"

    /// True, false, null or a word, as in the catalog.
    public var json: JSONValue {
        switch self {
        case .yes: .bool(true)
        case .no: .bool(false)
        case .onlyWithoutReasoning: .string(Self.onlyWithoutReasoningWord)
        case .unknown: .null
        }
    }
}

/// How much a reasoning model can be asked to think.
public struct ReasoningEfforts: Sendable, Hashable {
    /// Words that Chat Completions takes; nil = none or not known.
    public var chatCompletions: [String]?
    /// Words that the Responses API takes; nil = none or not known.
    public var responses: [String]?
    /// What holds when nothing is sent; nil = not known.
    public var defaultEffort: String?

    /// Efforts by endpoint.
    public init(chatCompletions: [String]? = nil, responses: [String]? = nil, defaultEffort: String? = nil) {
        self.chatCompletions = chatCompletions
        self.responses = responses
        self.defaultEffort = defaultEffort
    }

    var json: JSONValue {
        func words(_ list: [String]?) -> JSONValue { list.map { .array($0.map(JSONValue.string)) } ?? .null }
        return .object([
            JSONMember("chat_completions", words(chatCompletions)), JSONMember("responses", words(responses)),
            JSONMember("default", defaultEffort.map(JSONValue.string) ?? .null),
        ])
    }
}

/// What a model can do and takes.
public struct ModelSupports: Sendable, Hashable {
    private var known: [ModelCapability: ModelSupport]
    /// Reasoning efforts; nil = the parameter is refused or nothing is known.
    public var reasoningEffort: ReasoningEfforts?

    /// Capabilities; those left out are unknown.
    public init(_ known: [ModelCapability: ModelSupport] = [:], reasoningEffort: ReasoningEfforts? = nil) {
        self.known = known
        self.reasoningEffort = reasoningEffort
    }

    /// Whether the model has a capability.
    public subscript(_ capability: ModelCapability) -> ModelSupport {
        get { known[capability] ?? .unknown }
        set { known[capability] = newValue }
    }

    /// Temperature, top_p and penalties other than the default.
    public var temperature: ModelSupport { self[.temperature] }
    /// Log probabilities.
    public var logprobs: ModelSupport { self[.logprobs] }
    /// Function calls, on any endpoint.
    public var tools: ModelSupport { self[.tools] }

    /// Every capability by name, and the efforts.
    public var json: JSONValue {
        let capabilities = ModelCapability.allCases.map { JSONMember($0.rawValue, self[$0].json) }
        return .object(capabilities + [JSONMember("reasoning_effort", reasoningEffort?.json ?? .null)])
    }
}
