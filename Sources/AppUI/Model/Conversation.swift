import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// A conversation: a tree of messages, of which one path is the transcript. The last answer of the path may be running, and others
/// beside it.
struct Conversation: Sendable {
    /// Its name in the ledger and in the database.
    var id: String
    /// The name that was given to it; nil = the beginning of its first message.
    var title: String?
    /// Which message answers which.
    private(set) var tree = MessageTree()
    /// The transcript, oldest first: the messages of the path at hand, results of calls, lines of ours.
    var entries: [Entry] = []
    /// Where messages stand in `entries`: nothing is ever taken out of there but from a place to the end.
    private var places: [MessageTree.ID: Int] = [:]
    /// The message that was restored last.
    private var lastRestored: MessageTree.ID?
    /// Messages that are not on the path at hand.
    private var parked: [MessageTree.ID: Entry] = [:]
    /// Counts answers, for the trace.
    var turns = 0
    /// Answers of the path that have calls, in order.
    private(set) var callMessages: [MessageTree.ID] = []
    /// What the database has to be told.
    var unsaved = UnsavedChanges()

    init(id: String = "") { self.id = id }

    // MARK: Looking

    /// The last answer of the path and its place.
    var lastAnswerIndex: Int? {
        entries.lastIndex { $0.isAnswer }
    }

    var lastAnswer: Answer? {
        guard let index = lastAnswerIndex, case .answer(let answer) = entries[index] else { return nil }
        return answer
    }

    /// The place of a message in the transcript; nil = it is on another branch.
    func entryIndex(of id: MessageTree.ID) -> Int? { places[id] }

    /// A message as it is, its record perhaps unread.
    func rawEntry(of id: MessageTree.ID) -> Entry? { entryIndex(of: id).map { entries[$0] } ?? parked[id] }

    /// A message, wherever it is.
    func entry(of id: MessageTree.ID) -> Entry? { entryIndex(of: id).map { entries[$0].read } ?? parked[id]?.read }

    /// An answer, wherever it is.
    func answer(_ id: MessageTree.ID) -> Answer? {
        if case .answer(let answer)? = entry(of: id) { answer } else { nil }
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
            if case .answer(let answer) = $0.read { !answer.calls.isEmpty } else { false }
        }
    }

    // MARK: Growing

    /// Adds what a person sent.
    mutating func append(user text: String, _ attachments: [Attachment] = []) {
        let id = tree.add(after: tree.head)
        places[id] = entries.count
        entries.append(.user(UserMessage(id: id, text: text, attachments: attachments)))
        unsaved.note(id)
        unsaved.noteHead()
    }

    /// Adds an answer that is about to come; returns its number.
    mutating func append(_ answer: Answer) -> MessageTree.ID {
        let id = tree.add(after: tree.head)
        var answer = answer
        answer.id = id
        places[id] = entries.count
        entries.append(.answer(answer))
        unsaved.note(id)
        unsaved.noteHead()
        return id
    }

    /// Changes an answer in place, wherever it is. Taken out first, so that growing texts are not copied.
    mutating func withAnswer(_ id: MessageTree.ID, _ change: (inout Answer) -> Void) {
        read(id)
        if let index = entryIndex(of: id), case .answer(var answer) = entries[index] {
            let hadCalls = !answer.calls.isEmpty
            entries[index] = .vacant
            change(&answer)
            entries[index] = .answer(answer)
            if !answer.calls.isEmpty, !hadCalls { callMessages.append(id) }
        } else if case .answer(var answer)? = parked[id] {
            parked[id] = .vacant
            change(&answer)
            parked[id] = .answer(answer)
        }
        unsaved.note(id)
    }

    /// Changes the last answer in place.
    mutating func withLastAnswer(_ change: (inout Answer) -> Void) {
        guard let id = lastAnswer?.id else { return }
        withAnswer(id, change)
    }

    /// Changes one call in place.
    mutating func withCall(_ id: TraceID, _ change: (inout TracedCall) -> Void) {
        guard let count = answer(id.message)?.calls.count, id.call < count else { return }
        withAnswer(id.message) { change(&$0.calls[id.call]) }
    }

    // MARK: Branches

    /// Goes back to before a message: what follows from it on is another branch from now on, and is kept.
    mutating func leave(from id: MessageTree.ID) { show(tree.parent(of: id)) }

    /// Goes to the branch of a message, to its end.
    mutating func go(to id: MessageTree.ID) {
        guard tree.contains(id) else { return }
        show(tree.leaf(under: id))
    }

    /// Goes to exactly this message; what follows it is another branch.
    mutating func show(_ head: MessageTree.ID?) {
        tree.select(head)
        unsaved.noteHead()
        let path = tree.path
        let stays = Set(path)
        if let cut = entries.firstIndex(where: { $0.messageID.map { !stays.contains($0) } ?? false }) {
            for entry in entries[cut...] {
                guard let id = entry.messageID else { continue }
                parked[id] = entry
                places[id] = nil
            }
            entries.removeSubrange(cut...)
        }
        let shown = Set(entries.compactMap(\.messageID))
        for id in path where !shown.contains(id) {
            guard let entry = parked.removeValue(forKey: id) else { continue }
            var shown = entry
            if case .kept(let kept) = entry, kept.hasCalls { shown = entry.read }
            places[id] = entries.count
            entries.append(shown)
            if case .answer(let answer) = shown { entries += answer.resultEntries }
        }
        if let last = lastAnswerIndex, case .kept(let kept) = entries[last] { entries[last] = .answer(kept.answer) }
        noteCalls()
    }

    private mutating func noteCalls() {
        callMessages = entries.compactMap {
            if case .answer(let answer) = $0, !answer.calls.isEmpty { answer.id } else { nil }
        }
    }

    /// Takes a kept message; `show` brings it into the transcript.
    mutating func restore(_ entry: Entry, after parent: MessageTree.ID?) {
        // What follows a message that was not kept follows the one before it.
        let known = parent.map { tree.contains($0) ? $0 : lastRestored } ?? nil
        guard let id = entry.messageID, tree.insert(id, after: known) else { return }
        lastRestored = id
        parked[id] = entry
        if entry.isAnswer { turns += 1 }
    }

    /// Reads the record of an answer, wherever it is.
    private mutating func read(_ id: MessageTree.ID) {
        if let index = entryIndex(of: id) {
            if case .kept(let kept) = entries[index] { entries[index] = .answer(kept.answer) }
        } else if case .kept(let kept)? = parked[id] {
            parked[id] = .answer(kept.answer)
        }
    }

    /// Takes out what commands of the person printed after the last message, and what was said of it: it goes nowhere any more.
    mutating func removeOutputs(named names: Set<String>, notice: String) {
        let first = (entries.lastIndex { $0.messageID != nil } ?? -1) + 1
        // No message stands there, so no place changes.
        let kept = entries[first...].filter { entry in
            switch entry {
            case .toolResult(let name, _): !names.contains(name)
            case .notice(let display, _): display.source != notice
            default: true
            }
        }
        entries.replaceSubrange(first..., with: kept)
    }

    // MARK: Sending

    /// The conversation as it is sent: what a person, the model and the tools said, in order. Empty and failed answers
    /// without text are left out; cut answers keep their text but not their unfinished calls. Results stand in the order of
    /// their calls, whoever was ready first.
    func messages(systemPrompt: String?) -> [ChatMessage] {
        var messages = systemPrompt.map { [ChatMessage(.system, $0)] } ?? []
        for entry in entries { messages += entry.messages }
        return messages
    }
}

extension Entry {
    /// What of it is sent: a person's message, or an answer with the results of its calls.
    var messages: [ChatMessage] {
        switch read {
        case .user(let message): [message.message]
        case .answer(let answer): answer.messages
        case .kept, .toolResult, .notice, .vacant: []
        }
    }

    /// Bytes of what is sent, without looking into the record of a kept answer.
    var sentBytes: Int {
        switch self {
        case .user(let message): message.attachments.reduce(message.text.utf8.count) { $0 + $1.textBytes }
        case .answer(let answer):
            answer.response.toolCalls.reduce(answer.response.text.utf8.count) { $0 + $1.arguments.utf8.count }
        case .kept(let kept): kept.message.text.utf8.count
        case .toolResult(_, let display): display.wrapped.sourceCount
        case .notice, .vacant: 0
        }
    }
}

extension Attachment {
    fileprivate var textBytes: Int { if case .text(let text) = content { text.utf8.count } else { 0 } }
}

/// What of a conversation is not yet kept.
struct UnsavedChanges: Sendable, Hashable {
    private(set) var messages: Set<MessageTree.ID> = []
    private(set) var head = false
    /// Whether the name changed.
    var title = false
    /// The highest number that a change had.
    var revision: Int64 = 0
    /// When a running answer was kept last.
    var keptRunning: ContinuousClock.Instant?

    var isEmpty: Bool { messages.isEmpty && !head && !title }

    mutating func note(_ id: MessageTree.ID) { messages.insert(id) }

    mutating func noteHead() { head = true }

    /// Takes what is to be kept now; answers that still run stay, unless `takesRunning`.
    mutating func take(except running: Set<MessageTree.ID>) -> (messages: [MessageTree.ID], head: Bool, title: Bool) {
        let taken = messages.subtracting(running)
        defer {
            messages.subtract(taken)
            head = false
            title = false
        }
        return (taken.sorted(), head, title)
    }

    /// The number of the next change.
    mutating func next() -> Int64 {
        revision += 1
        return revision
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

    /// The results of its calls for the reader.
    var resultEntries: [Entry] {
        zip(response.toolCalls, calls).enumerated().compactMap { index, pair in
            pair.1.result.map {
                .toolResult(name: "\(pair.1.turn).\(index + 1) \(pair.0.name)", display: DisplayText($0.text))
            }
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
