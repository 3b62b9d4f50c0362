/// Who speaks in a conversation.
public enum ChatRole: String, Sendable, Hashable, CaseIterable {
    /// Instructions that stand above the user's words.
    case system
    /// The newer name of `system` at OpenAI.
    case developer
    /// The person.
    case user
    /// The model.
    case assistant
    /// The result of a tool call.
    case tool
}

/// One piece of a message's content.
public enum ContentPart: Sendable, Hashable {
    /// Plain text.
    case text(String)
    /// An image: an https or data URL, and the detail wanted (`auto`, `low`, `high`, `original`; nil = not sent).
    case image(url: String, detail: String?)
}

/// One message of a conversation.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public var role: ChatRole
    /// The content in order; may be empty when the message only carries tool calls.
    public var content: [ContentPart]
    /// The calls an assistant message asks for, in the model's order.
    public var toolCalls: [ToolCall]
    /// On a tool message: the id of the call it answers.
    public var toolCallID: String?
    /// An optional participant name (at most 64 characters, no spaces).
    public var name: String?
    /// An assistant's refusal, when it declined instead of answering.
    public var refusal: String?
    /// Items of the provider's own that came with an assistant's answer and go back in place of its text and calls. They go
    /// back as they came, but the calls among them with the ids, names and arguments of `toolCalls`.
    public var opaqueItems: [JSONValue]

    /// A message with content parts.
    public init(
        role: ChatRole, content: [ContentPart], toolCalls: [ToolCall] = [], toolCallID: String? = nil,
        name: String? = nil, refusal: String? = nil, opaqueItems: [JSONValue] = []
    ) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
        self.refusal = refusal
        self.opaqueItems = opaqueItems
    }

    /// A message of plain text.
    public init(_ role: ChatRole, _ text: String) {
        self.init(role: role, content: text.isEmpty ? [] : [.text(text)])
    }

    /// The answer to one tool call.
    public static func toolResult(callID: String, _ text: String) -> ChatMessage {
        ChatMessage(role: .tool, content: [.text(text)], toolCallID: callID)
    }

    /// All text parts, joined.
    public var text: String {
        content.reduce(into: "") { text, part in
            if case .text(let piece) = part { text += piece }
        }
    }
}
