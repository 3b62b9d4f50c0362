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

/// One entry of the transcript.
enum Entry: Sendable {
    /// What the user sent: raw text and its display.
    case user(String, DisplayText)
    /// An answer of the model.
    case answer(Answer)
    /// The result of a tool call as it goes to the model: call id, function, raw text, display.
    case toolResult(callID: String, name: String, text: String, display: DisplayText)
    /// A line of ours that is not sent.
    case notice(DisplayText, NoticeLevel)
    /// Stands in for an entry while that is being changed; never seen outside a change.
    case vacant
}

/// The transcript, oldest first. The last answer may be running.
struct Conversation: Sendable {
    var entries: [Entry] = []
    /// Counts answers, for the trace.
    var turns = 0

    /// The last answer and its place.
    var lastAnswerIndex: Int? {
        entries.lastIndex { if case .answer = $0 { true } else { false } }
    }

    var lastAnswer: Answer? {
        guard let index = lastAnswerIndex, case .answer(let answer) = entries[index] else { return nil }
        return answer
    }

    /// Changes the last answer in place. Taken out of the array first, so that growing texts are not copied.
    mutating func withLastAnswer(_ change: (inout Answer) -> Void) {
        guard let index = lastAnswerIndex, case .answer(var answer) = entries[index] else { return }
        entries[index] = .vacant
        change(&answer)
        entries[index] = .answer(answer)
    }

    /// The calls of the last answer that nobody decided yet.
    var openCalls: [Int] {
        guard let answer = lastAnswer else { return [] }
        return answer.calls.indices.filter { answer.calls[$0].state == .waiting }
    }

    /// The conversation as it is sent: what a person, the model and the tools said, in order. Empty and failed answers
    /// without text are left out; cut answers keep their text but not their unfinished calls.
    func messages(systemPrompt: String?) -> [ChatMessage] {
        var messages = systemPrompt.map { [ChatMessage(.system, $0)] } ?? []
        for entry in entries {
            switch entry {
            case .user(let text, _): messages.append(ChatMessage(.user, text))
            case .toolResult(let callID, _, let text, _): messages.append(.toolResult(callID: callID, text))
            case .answer(let answer): if let message = answer.message { messages.append(message) }
            case .notice, .vacant: break
            }
        }
        return messages
    }
}

extension Answer {
    /// The answer as an assistant message; nil when there is nothing to send.
    var message: ChatMessage? {
        var message = response.message
        let isComplete = if case .complete = state { true } else { false }
        if !isComplete { (message.toolCalls, message.opaqueItems) = ([], []) }
        let isEmpty = message.content.isEmpty && message.toolCalls.isEmpty && message.refusal == nil
        return isEmpty ? nil : message
    }
}
