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
    /// When it was said, in milliseconds since 1970; 0 = in this session.
    var saidAt: Int64 = 0
    /// Laid out when it first comes into view.
    var display: DisplayText?

    /// As it is sent.
    var message: ChatMessage { AttachmentContent.message(text, attachments) }
}

/// An answer as it was kept. Reading the records of a long conversation takes longer than opening it may.
struct KeptAnswer: Sendable {
    let message: StoredMessage
    let turn: Int
    let now: ContinuousClock.Instant

    /// Whether its record names calls; looks at the bytes of the text only, since each answer of a long conversation is asked.
    var hasCalls: Bool {
        guard var text = message.encodedAnswer else { return false }
        let name: StaticString = "\"calls\":"
        return text.withUTF8 { bytes in
            var from = name.utf8CodeUnitCount
            while let bracket = bytes[min(from, bytes.count)...].firstIndex(of: UInt8(ascii: "[")) {
                from = bracket + 1
                guard from < bytes.count, bytes[from] == UInt8(ascii: "{"), bracket >= name.utf8CodeUnitCount else {
                    continue
                }
                let before = bytes[(bracket - name.utf8CodeUnitCount)..<bracket]
                if name.withUTF8Buffer({ before.elementsEqual($0) }) { return true }
            }
            return false
        }
    }

    var answer: Answer {
        var answer = Answer(
            message.answer ?? AnswerRecord(model: "", stamp: ""), text: message.text, turn: turn, now: now)
        answer.id = message.id
        answer.saidAt = message.saidAt
        return answer
    }
}

/// One entry of the transcript. Indirect, so that ten thousand of them are moved about as ten thousand words.
indirect enum Entry: Sendable {
    /// What the user sent.
    case user(UserMessage)
    /// An answer of the model.
    case answer(Answer)
    /// An answer that was kept and was not looked at yet: its record is still to be read.
    case kept(KeptAnswer)
    /// The result of a tool call, for the reader; the call itself has what goes to the model.
    case toolResult(name: String, display: DisplayText)
    /// A line of ours that is not sent.
    case notice(DisplayText, NoticeLevel)
    /// Stands in for an entry while that is being changed; never seen outside a change.
    case vacant

    /// Whether it is an answer, read or not.
    var isAnswer: Bool {
        switch self {
        case .answer, .kept: true
        default: false
        }
    }

    /// With its record read.
    var read: Entry { if case .kept(let kept) = self { .answer(kept.answer) } else { self } }

    /// The number of the message that it shows; nil = it is none.
    var messageID: MessageTree.ID? {
        switch self {
        case .user(let message): message.id
        case .answer(let answer): answer.id
        case .kept(let kept): kept.message.id
        case .toolResult, .notice, .vacant: nil
        }
    }
}
