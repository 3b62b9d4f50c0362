import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// How much a notice weighs.
public enum NoticeLevel: Sendable, Hashable {
    /// For information.
    case info
    /// Something to look at.
    case warning
    /// Something failed.
    case error
}

/// What a person sent.
struct UserMessage: Sendable {
    /// Its number in the conversation.
    let id: MessageTree.ID
    /// As it was typed.
    let text: String
    /// Files that went along.
    var attachments: [Attachment] = []
    /// Laid out when it first comes into view.
    var display: DisplayText?

    /// As it is sent.
    var message: ChatMessage { AttachmentContent.message(text, attachments) }
}

/// One entry of the transcript.
enum Entry: Sendable {
    /// What the user sent.
    case user(UserMessage)
    /// An answer of the model.
    case answer(Answer)
    /// The result of a tool call, for the reader; the call itself has what goes to the model.
    case toolResult(name: String, display: DisplayText)
    /// A line of ours that is not sent.
    case notice(DisplayText, NoticeLevel)
    /// Stands in for an entry while that is being changed; never seen outside a change.
    case vacant

    /// The number of the message that it shows; nil = it is none.
    var messageID: MessageTree.ID? {
        switch self {
        case .user(let message): message.id
        case .answer(let answer): answer.id
        case .toolResult, .notice, .vacant: nil
        }
    }
}
