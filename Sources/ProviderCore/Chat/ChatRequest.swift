/// What is asked of a model: the conversation, the parameters and the tools. A value; nothing in it is a secret.
public struct ChatRequest: Sendable, Hashable {
    /// The model's id, as the endpoint knows it.
    public var model: String
    /// The conversation, oldest first.
    public var messages: [ChatMessage]
    /// Sampling and limits; unset members are not sent.
    public var parameters: ModelParameters
    /// Functions the model may call.
    public var tools: [ToolDefinition]
    /// Which of them it may or must call; nil = not sent.
    public var toolChoice: ToolChoice?
    /// Whether one turn may hold several calls; nil = not sent. Sent only together with tools.
    public var parallelToolCalls: Bool?
    /// The form of the answer; nil = text.
    public var responseFormat: ResponseFormat?
    /// Whether to ask a stream for its usage (`stream_options.include_usage`).
    public var includeUsage: Bool
    /// Further members of the request body, for dialects. They win over the ones above.
    public var extraFields: [JSONMember]

    /// A request.
    public init(
        model: String, messages: [ChatMessage], parameters: ModelParameters = ModelParameters(),
        tools: [ToolDefinition] = [], toolChoice: ToolChoice? = nil, parallelToolCalls: Bool? = nil,
        responseFormat: ResponseFormat? = nil, includeUsage: Bool = true, extraFields: [JSONMember] = []
    ) {
        self.model = model
        self.messages = messages
        self.parameters = parameters
        self.tools = tools
        self.toolChoice = toolChoice
        self.parallelToolCalls = parallelToolCalls
        self.responseFormat = responseFormat
        self.includeUsage = includeUsage
        self.extraFields = extraFields
    }
}

/// The form an answer must have.
public enum ResponseFormat: Sendable, Hashable {
    /// Some JSON object; the messages must mention JSON.
    case jsonObject
    /// JSON that matches a schema. `name` matches `^[a-zA-Z0-9_-]{1,64}$`.
    case jsonSchema(name: String, schema: JSONValue, strict: Bool?)
}
