public import ProviderCore

/// A message of a conversation as it is kept.
public struct StoredMessage: Sendable, Hashable {
    /// Who said it.
    public enum Author: String, Sendable, Hashable, CaseIterable {
        /// The person.
        case user
        /// The model.
        case assistant
    }

    /// Its number in its conversation, from 1.
    public var id: Int
    /// The message before it; nil = it is a first one.
    public var parent: Int?
    /// Who said it.
    public var author: Author
    /// The text: what was typed, or the answer (of a refusal, the refusal).
    public var text: String
    /// Files that went along.
    public var attachments: [Attachment]
    /// What is known of an answer; nil for a person's message. Of a message that was read from the database it is decoded each time
    /// it is asked for, so that a long conversation opens at once: ask once and keep it.
    public var answer: AnswerRecord? {
        get { record.decoded }
        set { record = newValue.map { .decoded($0) } ?? .none }
    }
    /// When it was said, in milliseconds since 1970; 0 = when it was kept first.
    public var saidAt: Int64
    private var record: Record

    /// A message.
    public init(
        id: Int, parent: Int?, author: Author, text: String, attachments: [Attachment] = [],
        answer: AnswerRecord? = nil, saidAt: Int64 = 0
    ) {
        self.id = id
        self.parent = parent
        self.author = author
        self.text = text
        self.attachments = attachments
        self.saidAt = saidAt
        record = answer.map { .decoded($0) } ?? .none
    }

    /// A message whose record is still JSON text. A text that is no object gives no record.
    public init(
        id: Int, parent: Int?, author: Author, text: String, attachments: [Attachment] = [], encodedAnswer: String?,
        saidAt: Int64 = 0
    ) {
        self.init(id: id, parent: parent, author: author, text: text, attachments: attachments, saidAt: saidAt)
        record = encodedAnswer.map { .encoded($0) } ?? .none
    }

    /// The record as the database has it; nil when there is none.
    public var encodedAnswer: String? {
        switch record {
        case .none: nil
        case .encoded(let text): text
        case .decoded(let answer): JSONWriter.string(answer.json)
        }
    }

    /// Whether both say the same, decoded or not.
    public static func == (left: StoredMessage, right: StoredMessage) -> Bool {
        left.id == right.id && left.parent == right.parent && left.author == right.author && left.text == right.text
            && left.attachments == right.attachments && left.saidAt == right.saidAt && left.answer == right.answer
    }

    /// Hashes what tells messages apart.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(text)
    }

    private enum Record: Sendable {
        case none
        case encoded(String)
        indirect case decoded(AnswerRecord)

        var decoded: AnswerRecord? {
            switch self {
            case .none: nil
            case .encoded(let text): (try? JSONParser.parse(text)).flatMap { AnswerRecord(json: $0) }
            case .decoded(let answer): answer
            }
        }
    }
}

/// A file or a program's output that goes along with a message.
public struct Attachment: Sendable, Hashable {
    /// What it holds.
    public enum Content: Sendable, Hashable {
        /// Text, as it is sent.
        case text(String)
        /// An image: its media type (`image/png`) and its bytes in Base64.
        case image(type: String, base64: String)
    }

    /// The file's path as it was typed, or the command.
    public var name: String
    /// What it holds.
    public var content: Content

    /// An attachment.
    public init(name: String, content: Content) {
        self.name = name
        self.content = content
    }
}

/// What is kept of an answer besides its text: the request, parameters, counts, cost and times. Enough to show it again as it was and
/// to go on from it.
public struct AnswerRecord: Sendable, Hashable {
    /// How it ended. Raw values are the words of the database.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It had not ended when it was kept: the program was interrupted.
        case running
        /// The server finished it.
        case complete
        /// The person stopped it.
        case cancelled
        /// It failed or was cut.
        case failed
    }

    /// The model that was asked.
    public var model: String
    /// The parameters in short, as they stand at the answer.
    public var stamp: String
    /// The request without its messages: parameters, instructions, functions' names, by their names on the wire.
    public var request: JSONValue
    /// How it ended.
    public var state = State.running
    /// Why it failed, for a person; nil = it did not.
    public var failure: String?
    /// The model that answered, as the server named it.
    public var answeredBy: String?
    /// The server's id of the answer.
    public var responseID: String?
    /// Why it ended, in the wire's word; nil = it was cut.
    public var finishReason: String?
    /// Visible reasoning; nil = none.
    public var reasoning: String?
    /// Whether the text is a refusal.
    public var isRefusal = false
    /// The calls, in the model's order.
    public var calls: [CallRecord] = []
    /// Items of the provider's own that go back with it.
    public var opaqueItems: [JSONValue] = []
    /// Token counts of the server; nil members = not told.
    public var usage = TokenUsage()
    /// Our count of the request, and of the answer, for where the server told none.
    public var estimatedInput: Int?
    /// Our count of the answer.
    public var estimatedOutput: Int?
    /// What it cost.
    public var cost = Cost.unknown
    /// From sending to the first token, in milliseconds.
    public var firstTokenMilliseconds: Double?
    /// From sending to the last event, in milliseconds.
    public var totalMilliseconds: Double?
    /// Attempts it took.
    public var attempts = 1
    /// What a newer program kept and this one does not know; goes back into the database unchanged.
    public var unknownMembers: [JSONMember] = []

    /// A record of a request that was just made.
    public init(model: String, stamp: String, request: JSONValue = .object([])) {
        self.model = model
        self.stamp = stamp
        self.request = request
    }
}

/// A call of an answer, and what went back.
public struct CallRecord: Sendable, Hashable {
    /// The call as the model made it.
    public var call: ToolCall
    /// What a person made of the arguments; nil = they were left.
    public var editedArguments: String?
    /// What went back to the model; nil = nothing did yet.
    public var result: String?
    /// How it came to be, in the words of `tool_call.result_kind`; nil with no result.
    public var resultKind: String?

    /// A call.
    public init(call: ToolCall, editedArguments: String? = nil, result: String? = nil, resultKind: String? = nil) {
        self.call = call
        self.editedArguments = editedArguments
        self.result = result
        self.resultKind = resultKind
    }
}
