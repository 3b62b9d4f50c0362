import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

extension Conversation {
    /// A message as it is kept; nil = there is none of this number.
    func stored(_ id: MessageTree.ID) -> StoredMessage? {
        switch rawEntry(of: id) {
        case .user(let message):
            StoredMessage(
                id: id, parent: tree.parent(of: id), author: .user, text: message.text,
                attachments: message.attachments, saidAt: message.saidAt)
        case .answer(let answer):
            StoredMessage(
                id: id, parent: tree.parent(of: id), author: .assistant,
                text: answer.response.refusal ?? answer.response.text, answer: answer.record, saidAt: answer.saidAt)
        case .kept(let kept): kept.message
        case .toolResult, .notice, .vacant, nil: nil
        }
    }

    /// A conversation as it was kept. Layouts are made when messages come into view.
    init(_ stored: StoredConversation, now: ContinuousClock.Instant) {
        self.init(id: stored.id)
        title = stored.title
        for message in stored.messages {
            switch message.author {
            case .user:
                restore(
                    .user(
                        UserMessage(
                            id: message.id, text: message.text, attachments: message.attachments, saidAt: message.saidAt
                        )),
                    after: message.parent)
            case .assistant:
                restore(.kept(KeptAnswer(message: message, turn: turns + 1, now: now)), after: message.parent)
            }
        }
        show(stored.head.flatMap { tree.contains($0) ? $0 : nil } ?? stored.messages.last?.id)
        unsaved = UnsavedChanges()
        unsaved.revision = stored.revision
    }
}

extension Answer {
    /// What is kept of it beside its text.
    var record: AnswerRecord {
        var record = AnswerRecord(model: stamp.model, stamp: stamp.parameters, request: request)
        switch state {
        case .waiting, .streaming: record.state = .running
        case .complete: record.state = .complete
        case .cancelled: record.state = .cancelled
        case .failed(let error):
            record.state = .failed
            record.failure = "\(error.kind.rawValue): \(error.message)"
        }
        record.answeredBy = response.metadata.model
        record.responseID = response.metadata.id
        record.finishReason = response.finishReason?.wireName
        record.reasoning = response.reasoning
        record.isRefusal = response.refusal != nil
        record.calls = zip(response.toolCalls, calls).map { call, traced in
            CallRecord(
                call: call, editedArguments: traced.edited, result: traced.result?.text,
                resultKind: traced.result?.kind.word)
        }
        record.opaqueItems = response.opaqueItems
        record.usage = response.usage
        record.estimatedInput = inputEstimate
        record.estimatedOutput = counted.tokens
        record.cost = cost
        record.firstTokenMilliseconds = timing.timeToFirstToken.map { $0.inSeconds * 1000 }
        record.totalMilliseconds = (timing.last - timing.sent).inSeconds * 1000
        record.attempts = attempts.ended.count + 1
        return record
    }

    /// An answer as it was kept.
    init(_ record: AnswerRecord, text: String, turn: Int, now: ContinuousClock.Instant) {
        let total = Duration.seconds((record.totalMilliseconds ?? 0) / 1000)
        self.init(
            stamp: RequestStamp(model: record.model, parameters: record.stamp), sent: now - total,
            inputEstimate: record.estimatedInput, pricing: nil)
        self.turn = turn
        request = record.request
        timing.firstToken = record.firstTokenMilliseconds.map { timing.sent + .seconds($0 / 1000) }
        timing.last = now
        cost = record.cost
        response = ChatResponse(
            metadata: ResponseMetadata(id: record.responseID, model: record.answeredBy),
            text: record.isRefusal ? "" : text, reasoning: record.reasoning, refusal: record.isRefusal ? text : nil,
            toolCalls: record.calls.map(\.call), usage: record.usage,
            finishReason: record.finishReason.map(FinishReason.init(wire:)), opaqueItems: record.opaqueItems)
        estimatedOutput = record.estimatedOutput
        isFolded = true
        state = Self.state(record)
        calls = record.calls.map { TracedCall($0, turn: turn, isComplete: record.state == .complete, now: now) }
    }

    private static func state(_ record: AnswerRecord) -> AnswerState {
        switch record.state {
        case .complete: .complete(record.finishReason.map(FinishReason.init(wire:)) ?? .other("none"))
        case .cancelled: .cancelled
        case .running: .failed(.programEnded)
        case .failed: .failed(ProviderError(kind: record.failureKind, message: record.failureMessage))
        }
    }
}

extension ProviderError {
    /// Why an answer has no end that came while the program ended or died.
    static let programEnded = ProviderError(
        kind: .connection, message: "the program ended while the answer came", fate: .interrupted)
}

extension AnswerRecord {
    /// Whether it was coming when the program ended or died.
    var endedWithProgram: Bool {
        state == .running || state == .failed && failureMessage == ProviderError.programEnded.message
    }

    fileprivate var failureKind: ProviderError.Kind {
        failure?.split(separator: ":", maxSplits: 1).first.flatMap { ProviderError.Kind(rawValue: String($0)) }
            ?? .server
    }

    fileprivate var failureMessage: String {
        guard let failure else { return "it failed" }
        let prefix = failureKind.rawValue + ": "
        return failure.hasPrefix(prefix) ? String(failure.dropFirst(prefix.count)) : failure
    }
}

extension TracedCall {
    /// A call as it was kept. One that nobody decided on waits again.
    init(_ record: CallRecord, turn: Int, isComplete: Bool, now: ContinuousClock.Instant) {
        self.init(turn: turn, started: now)
        arguments.append(record.editedArguments ?? record.call.arguments)
        arguments.finish()
        edited = record.editedArguments
        arrived = now
        if let text = record.result {
            state = .decided(ToolResult(text, kind: ToolResult.Kind(word: record.resultKind ?? "")), by: .person)
            decided = now
            ended = now
        } else {
            state = isComplete ? .waiting : .cut
        }
    }
}

extension ToolResult.Kind {
    /// It in a word or two, for the database.
    var word: String {
        switch self {
        case .ran(.exited(let status)): "ran \(status)"
        case .ran(.signalled(let signal)): "signalled \(signal)"
        case .ran(.timedOut): "timed_out"
        case .ran(.cancelled): "stopped"
        case .ran(.notStarted): "not_started"
        case .answered(let status): "answered \(status)"
        case .fixed: "fixed"
        case .typed: "typed"
        case .replayed: "replayed"
        case .refused: "refused"
        case .error: "error"
        }
    }

    /// Reads it back; a word of a newer program counts as typed.
    init(word: String) {
        let parts = word.split(separator: " ")
        let number = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        switch parts.first {
        case "ran": self = .ran(.exited(Int32(clamping: number)))
        case "signalled": self = .ran(.signalled(Int32(clamping: number)))
        case "timed_out": self = .ran(.timedOut)
        case "stopped": self = .ran(.cancelled)
        case "not_started": self = .ran(.notStarted("it could not be started"))
        case "answered": self = .answered(status: number)
        case "fixed": self = .fixed
        case "replayed": self = .replayed
        case "refused": self = .refused
        case "error": self = .error
        default: self = .typed
        }
    }
}
