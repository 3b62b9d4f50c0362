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

/// One entry of the transcript.
enum Entry: Sendable {
    /// What the user sent: raw text and its display.
    case user(String, DisplayText)
    /// An answer of the model.
    case answer(Answer)
    /// The result of a tool call, for the reader; the call itself has what goes to the model.
    case toolResult(name: String, display: DisplayText)
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

    /// Whether a call of the last answer is still to be answered: waits for a person, or runs.
    var hasOpenCalls: Bool { lastAnswer?.calls.contains { $0.isOpen } ?? false }

    /// Answers with calls since a person last said something.
    var turnsWithCalls: Int {
        entries.reversed().prefix { if case .user = $0 { false } else { true } }.count {
            if case .answer(let answer) = $0 { !answer.calls.isEmpty } else { false }
        }
    }

    /// Changes one call in place.
    mutating func withCall(_ id: TraceID, _ change: (inout TracedCall) -> Void) {
        guard entries.indices.contains(id.entry), case .answer(var answer) = entries[id.entry],
            answer.calls.indices.contains(id.call)
        else { return }
        entries[id.entry] = .vacant
        change(&answer.calls[id.call])
        entries[id.entry] = .answer(answer)
    }

    /// The conversation as it is sent: what a person, the model and the tools said, in order. Empty and failed answers
    /// without text are left out; cut answers keep their text but not their unfinished calls. Results stand in the order of
    /// their calls, whoever was ready first.
    func messages(systemPrompt: String?) -> [ChatMessage] {
        var messages = systemPrompt.map { [ChatMessage(.system, $0)] } ?? []
        for entry in entries {
            switch entry {
            case .user(let text, _): messages.append(ChatMessage(.user, text))
            case .answer(let answer): messages += answer.messages
            case .toolResult, .notice, .vacant: break
            }
        }
        return messages
    }
}

extension Answer {
    /// The answer as an assistant message with the results of its calls; empty when there is nothing to send.
    var messages: [ChatMessage] {
        var message = response.message
        let isComplete = if case .complete = state { true } else { false }
        guard isComplete else {
            (message.toolCalls, message.opaqueItems) = ([], [])
            return message.content.isEmpty && message.refusal == nil ? [] : [message]
        }
        let isEmpty = message.content.isEmpty && message.toolCalls.isEmpty && message.refusal == nil
        guard !isEmpty else { return [] }
        message.toolCalls = sentCalls
        return [message]
            + zip(message.toolCalls, calls).compactMap { call, traced in
                traced.result.map { .toolResult(callID: call.id, $0.text) }
            }
    }

    /// The calls as the conversation goes on with them: each with an id of its own, and with the arguments that the person made
    /// of them.
    private var sentCalls: [ToolCall] {
        var sent = response.toolCalls
        for (index, traced) in calls.enumerated() where sent.indices.contains(index) {
            if let edited = traced.edited { sent[index].arguments = edited }
        }
        return ToolLoop.identified(sent, turn: calls.first?.turn ?? 0)
    }
}
