import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// A conversation that was left while an answer came in it.
struct LeftConversation: Sendable {
    var conversation: Conversation
    /// What its last request offered: its calls mean these.
    var tools: ToolSet
    /// Functions that were switched off in it.
    var switchedOff: Set<String> = []
    /// What stood unsent in it.
    let draft: String
    /// Prompts to be sent there when its answer is there, the first one first.
    var queue: [QueuedPrompt] = []
    /// When something of it was kept last.
    var keptAt: ContinuousClock.Instant
}

/// Which conversations are open, so that no other process writes into them. Rising numbers say which of two lists is the newer one.
struct HeldConversations: Sendable, Hashable {
    var names: Set<String> = []
    var number = 0
}

extension AppModel {
    /// The name of a conversation that begins now.
    mutating func newConversationName() -> String {
        conversationNumber += 1
        return "\(session)-\(conversationNumber)"
    }

    /// Whether an answer of this conversation comes.
    func isRunning(in name: String) -> Bool { requests.values.contains { $0.conversation == name } }

    /// The conversations in which an answer comes, and whether it waits for a person.
    var runningConversations: [String: Bool] {
        requests.values.reduce(into: [:]) { $0[$1.conversation, default: false] = $1.waitsForPerson }
    }

    /// The answer that a request makes, in whichever conversation.
    func answer(of request: RunningRequest) -> Answer? {
        let there = request.conversation == conversation.id ? conversation : left[request.conversation]?.conversation
        return there?.answer(request.message)
    }

    /// Does something with a conversation as the one at hand, also when it was left; nil = it is not open any more.
    @discardableResult
    mutating func inConversation<Value>(_ name: String, _ body: (inout AppModel) -> Value) -> Value? {
        guard name != conversation.id else { return body(&self) }
        guard var there = left.removeValue(forKey: name) else { return nil }
        swap(&conversation, &there.conversation)
        let value = body(&self)
        swap(&conversation, &there.conversation)
        left[there.conversation.id] = there
        return value
    }

    /// Whether the conversation can be left: answers go on, but what a tool or a command does has its place here. Says why not.
    mutating func canLeave() -> Bool {
        guard tools.running.isEmpty, files.running == nil else {
            let what = tools.running.isEmpty ? "A command" : "A tool"
            flash = Flash(
                text: "\(what) is running: \(keys.label(of: .cancel)) stops it, then this conversation can be left.",
                level: .warning)
            return false
        }
        return true
    }

    /// Before the conversation is left: what is not kept yet is kept, what is queued as the beginning of the draft.
    mutating func prepareToLeave() -> [AppEffect] {
        var effects = stopTools()
        if let running = files.running {
            files.running = nil
            effects.append(.cancel(id: running.id))
        }
        return effects + saveAll()
    }

    /// Puts the conversation aside when an answer comes in it. `draft` is what stands unsent in it. What is queued stays with it.
    mutating func park(draft: String) {
        defer { queue = [] }
        let isRunning = isRunning(in: conversation.id)
        if !queue.isEmpty {
            let how = isRunning ? " and is sent there." : ", in its prompt."
            flash = Flash(text: "What was queued stays in the conversation before" + how, level: .info)
        }
        guard isRunning else { return }
        left[conversation.id] = LeftConversation(
            conversation: conversation, tools: tools.sent, switchedOff: tools.switchedOff, draft: draft, queue: queue,
            keptAt: now)
    }

    /// Goes back to a conversation that was left while an answer came.
    mutating func returnTo(_ name: String, at message: Int?) -> [AppEffect] {
        let effects = prepareToLeave()
        guard let there = left.removeValue(forKey: name) else { return effects }
        park(draft: prompt.text)
        overlay = nil
        conversation = there.conversation
        enterConversation(draft: there.draft)
        queue = there.queue
        tools.sent = there.tools
        tools.switchedOff = there.switchedOff
        let shown = effects + (message.map { reveal($0) } ?? [])
        return isRunning ? shown : shown + receiveCalls(isNew: false)
    }

    /// Sends the first prompt that is queued in a conversation that was left, after a whole answer there. Else it stays there as
    /// its draft, as which it was kept.
    mutating func sendQueued(whereLeft request: RunningRequest, after error: ProviderError?) -> [AppEffect] {
        let name = request.conversation
        guard let there = left[name], let next = there.queue.first,
            there.conversation.lastAnswer?.id == request.message
        else { return [] }
        guard error == nil, !there.conversation.hasOpenCalls, askProblem == nil else {
            let unsent = there.queue.text(before: there.draft)
            left[name] = LeftConversation(
                conversation: there.conversation, tools: there.tools, switchedOff: there.switchedOff, draft: unsent,
                keptAt: there.keptAt)
            return []
        }
        left[name]?.queue.removeFirst()
        let rest = Array(there.queue.dropFirst()).text(before: there.draft)
        // What is shown and what runs here is of the conversation at hand.
        let (shown, sent) = (transcript, tools.sent)
        let effects = inConversation(name) { model -> [AppEffect] in
            model.conversation.append(user: next.text, next.attachments)
            let asked = model.ask()
            return asked + [
                .save([ConversationChange(name, revision: model.conversation.unsaved.next(), .draft(rest))])
            ]
        }
        left[name]?.tools = tools.sent
        (transcript, tools.sent) = (shown, sent)
        return effects ?? []
    }

    /// Tells that an answer ended in a conversation that was left; `goesOn` is whether what was queued there is sent.
    mutating func tellEnd(of request: RunningRequest, _ error: ProviderError?, goesOn: Bool) {
        refreshConversationList()
        guard let there = left[request.conversation]?.conversation else { return }
        let calls = there.answer(request.message)?.calls.contains { $0.isOpen } ?? false
        let what = error != nil ? "failed" : calls ? "waits for decisions on its calls" : "is there"
        let more = goesOn ? " What was queued there is sent." : ""
        flash = Flash(
            text: "The answer in \"\(there.shortName)\" \(what).\(more)", level: error == nil ? .info : .warning)
    }

    /// Marks in the list, when it is open, where answers come.
    mutating func refreshConversationList() {
        guard case .conversations(var list) = overlay else { return }
        list.note(running: runningConversations)
        overlay = .conversations(list)
    }

    /// Says which conversations are open here, when that changed: others are given back to who wants them.
    mutating func holdConversations() -> [AppEffect] {
        var names = Set(left.keys)
        names.insert(conversation.id)
        if let opening { names.insert(opening) }
        guard names != held.names else { return [] }
        held = HeldConversations(names: names, number: held.number + 1)
        return [.hold(names, number: held.number)]
    }

    /// Another process took conversations before what changed in them could be kept: they go on as copies, as a whole where they
    /// are open here.
    mutating func take(takenElsewhere changes: [ConversationChange]) -> [AppEffect] {
        var effects = refuseDeletion(of: Set(changes.filter(\.isDeletion).map(\.conversation)))
        let changes = changes.filter { !$0.isDeletion }
        for name in Set(changes.map(\.conversation)).sorted() {
            failedChanges.removeAll { $0.conversation == name && $0.revision > 0 }
            let isOpen = name == conversation.id || left[name] != nil
            guard isOpen || copies[name] == nil || !held.names.contains(copies[name] ?? "") else { continue }
            let new = copies[name] ?? newConversationName()
            copies[name] = new
            if isOpen {
                inConversation(name) { $0.becomeCopy(named: new) }
            } else {
                let moved = changes.filter { $0.conversation == name }
                effects.append(.save(moved.map { ConversationChange(new, revision: $0.revision, $0.what) }))
            }
            say("Another tickertape has this conversation open: this is a copy, which goes on alone.", .warning)
        }
        return effects
    }

    private mutating func becomeCopy(named new: String) {
        let old = conversation.id
        conversation.id = new
        conversation.noteAll()
        for id in requests.keys where requests[id]?.conversation == old { requests[id]?.conversation = new }
    }
}

extension RunningRequest {
    /// Whether nothing goes on until a person decides.
    var waitsForPerson: Bool {
        if case .retry(let notice)? = wait { notice.basis == .person } else { false }
    }
}

extension Conversation {
    /// What people call it: its name, else the beginning of the first thing a person said. Empty while there is nothing.
    var name: String {
        if let title, !title.isEmpty { return title }
        for entry in entries {
            if case .user(let message) = entry { return ConversationTitle.beginning(of: message.text) }
        }
        return ""
    }

    /// The name for the middle of a line of ours.
    var shortName: String { CellWidth.truncate(TextGate.gate(name, allowNewlines: false).text, to: 24) }

    /// All of it is to be kept anew, as another conversation.
    mutating func noteAll() {
        var waiting = tree.children(of: nil)
        while let id = waiting.popLast() {
            unsaved.note(id)
            waiting += tree.children(of: id)
        }
        unsaved.noteHead()
        unsaved.title = title != nil
    }
}
