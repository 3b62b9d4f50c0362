/// The two ways of asking a model on the OpenAI wire. Raw values are the words of the command line.
public enum ModelAPI: String, Sendable, Hashable, CaseIterable {
    /// Chat Completions: every compatible server has it.
    case chat
    /// The Responses API: newer models take tools together with reasoning only here, some models answer only here.
    case responses
}

/// How an answer travels.
public enum AnswerDelivery: Sendable, Hashable {
    /// Piece by piece, as the model writes it.
    case streamed
    /// In one piece at the end.
    case whole
}

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
    /// Whether to ask a stream for its usage (`stream_options.include_usage`; Responses tells it unasked).
    public var includeUsage: Bool
    /// Further members of the request body, for dialects. They win over the ones above.
    public var extraFields: [JSONMember]
    /// The API to use; nil = the one that model and endpoint need.
    public var api: ModelAPI?
    /// Whether the answer comes in pieces or whole.
    public var delivery: AnswerDelivery
    /// Whether the server goes on when the connection is lost, so that the stream can be resumed (Responses only; the
    /// server then stores the answer).
    public var isBackground: Bool
    /// The most time that is left for it, beside the endpoint's own limits; nil = no further limit. Passing it is a
    /// `ProviderError` of kind `timeout`.
    public var timeLimit: Duration?
    /// To what it is booked, and what it may cost; not sent.
    public var accounting: Accounting
    /// Whether the stream tells when each event of the server came (`StreamEvent.arrived`); not sent.
    public var tellsArrivals = false
    /// Goes on with an answer that was interrupted instead of asking anew: set it on the same request. Comes from a
    /// `ProviderError`.
    public var resumption: Resumption?

    /// A request.
    public init(
        model: String, messages: [ChatMessage], parameters: ModelParameters = ModelParameters(),
        tools: [ToolDefinition] = [], toolChoice: ToolChoice? = nil, parallelToolCalls: Bool? = nil,
        responseFormat: ResponseFormat? = nil, includeUsage: Bool = true, extraFields: [JSONMember] = [],
        api: ModelAPI? = nil, delivery: AnswerDelivery = .streamed, isBackground: Bool = false,
        timeLimit: Duration? = nil, accounting: Accounting = Accounting()
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
        self.api = api
        self.delivery = delivery
        self.isBackground = isBackground
        self.timeLimit = timeLimit
        self.accounting = accounting
    }
}

/// The form an answer must have.
public enum ResponseFormat: Sendable, Hashable {
    /// Some JSON object; the messages must mention JSON.
    case jsonObject
    /// JSON that matches a schema. `name` matches `^[a-zA-Z0-9_-]{1,64}$`.
    case jsonSchema(name: String, schema: JSONValue, strict: Bool?)
}

/// Where an interrupted answer goes on: what the provider needs to read the rest without asking again.
public struct Resumption: Sendable, Hashable {
    /// The answer's id at the server.
    public var responseID: String
    /// Number of the last event that arrived.
    public var sequenceNumber: Int
    /// Output positions of the tool calls told so far, in slot order, so that their slots stay the same.
    public var callPositions: [Int]
    /// Whether any text was told, which a final summary must then not repeat.
    public var hasText: Bool

    /// A place in an answer.
    public init(responseID: String, sequenceNumber: Int, callPositions: [Int] = [], hasText: Bool = false) {
        self.responseID = responseID
        self.sequenceNumber = sequenceNumber
        self.callPositions = callPositions
        self.hasText = hasText
    }
}
