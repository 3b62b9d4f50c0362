import Conversations
import ProviderCore
import TerminalKit

extension AppModel {
    /// Asks again with the present parameters: for the chosen answer, else the last one. The new answer stands beside the old one, which
    /// goes on if it runs.
    mutating func regenerate() -> [AppEffect] {
        let chosen = selectedMessage.flatMap { conversation.answer($0) == nil ? nil : $0 }
        guard let id = chosen ?? conversation.lastAnswer?.id else {
            flash = Flash(text: "There is no answer to ask again for.", level: .info)
            return []
        }
        guard canAsk(besideRunning: true), !asksForSystemVariables() else { return [] }
        unqueue()
        leave(from: id)
        return ask()
    }

    /// Takes the last prompt back into the prompt; what followed it is another branch.
    mutating func undoTurn() -> [AppEffect] {
        let effects = stopRunning()
        guard let message = conversation.lastUser else {
            flash = Flash(text: "There is no turn to take back.", level: .info)
            return effects
        }
        leave(from: message.id)
        if prompt.isEmpty { putBack(message) } else { history.add(message.text) }
        focus = .prompt
        flash = Flash(
            text:
                "Taken back. The turn stays as a branch: \(keys.label(of: .branches)) goes back to it.",
            level: .info)
        return effects
    }

    /// Puts a message of the person into the prompt, to be sent in its place.
    mutating func editMessage() -> [AppEffect] {
        guard let message = userMessage(at: selectedMessage) else {
            flash = Flash(text: "There is no message of yours to edit.", level: .info)
            return []
        }
        if !prompt.isEmpty { history.add(prompt.text) }
        putBack(message)
        editing = message.id
        focus = .prompt
        return []
    }

    /// Puts a message into the prompt with the outputs that went along; its files are read again. What stood there comes back by undo.
    private mutating func putBack(_ message: UserMessage) {
        prompt.replaceText(SlashLine.escaped(message.text))
        files = PromptFiles()
        files.carried = message.attachments.filter(\.isOutput)
    }

    /// The chosen message when it is the person's, else the one that the chosen answer answers, else the last one.
    private func userMessage(at id: MessageTree.ID?) -> UserMessage? {
        var next = id
        while let here = next {
            if case .user(let message)? = conversation.entry(of: here) { return message }
            next = conversation.tree.parent(of: here)
        }
        return conversation.lastUser
    }

    /// Before an edited message is sent: its old branch is left.
    mutating func leaveEdited() {
        guard let id = editing else { return }
        editing = nil
        leave(from: id)
    }

    /// Goes to the sibling of the chosen message, else of the last answer.
    mutating func goToSibling(by step: Int) -> [AppEffect] {
        guard let id = selectedMessage ?? conversation.lastBranching else {
            flash = Flash(
                text: "There is one branch only: \(keys.label(of: .regenerate, in: .output)) asks again, "
                    + "\(keys.label(of: .editMessage, in: .output)) edits.", level: .info)
            return []
        }
        let (all, index) = conversation.tree.siblings(of: id)
        guard all.count > 1 else {
            flash = Flash(text: "This message has no other version.", level: .info)
            return []
        }
        let next = all[(index + step + all.count) % all.count]
        return go(to: next)
    }

    /// Goes to a message of any branch.
    mutating func go(to id: MessageTree.ID) -> [AppEffect] {
        guard tools.running.isEmpty else {
            flash = Flash(text: "A tool is running: \(keys.label(of: .cancel)) stops it.", level: .warning)
            return []
        }
        let wasSelected = selectedMessage != nil
        // What is queued waits for an answer of this branch.
        unqueue()
        conversation.go(to: id)
        branchChanged()
        if wasSelected { transcript.select(id, entry: conversation.entryIndex(of: id)) }
        return receiveCalls(isNew: false)
    }

    /// Leaves the branch of a message.
    mutating func leave(from id: MessageTree.ID) {
        conversation.leave(from: id)
        branchChanged()
    }

    private mutating func branchChanged() {
        traceSelection = nil
        conversationCount = nil
        transcript.follow()
    }

    /// Chooses the message before or after the chosen one; without one, from what is in view.
    mutating func moveSelection(by step: Int) {
        let entries = conversation.entries
        let places = entries.indices.filter { entries[$0].messageID != nil }
        guard !places.isEmpty else { return }
        let here = selectedMessage.flatMap(conversation.entryIndex(of:)).flatMap(places.firstIndex(of:))
        let first = transcript.topEntry.flatMap { top in places.firstIndex { $0 >= top } } ?? places.count
        let next = here.map { $0 + step } ?? (step < 0 ? first - 1 : first)
        let place = places[min(max(0, next), places.count - 1)]
        transcript.select(entries[place].messageID, entry: place)
    }

    /// The message that keys of the output pane mean; nil = none is chosen.
    var selectedMessage: MessageTree.ID? {
        guard let id = transcript.selected, conversation.entryIndex(of: id) != nil else { return nil }
        return id
    }
}

// Prompts that wait for their turn.
extension AppModel {
    /// Puts a prompt behind the running answer.
    mutating func enqueue(_ text: String, _ attachments: [Attachment] = []) -> [AppEffect] {
        files = PromptFiles()
        history.add(prompt.text)
        prompt.setText("")
        queue.append(QueuedPrompt(text: text, attachments: attachments))
        let what = awaitsModels ? "the models of \(connection.name) are known" : "the answer is there"
        let until =
            waitsForCalls
            ? "the calls are decided: \(keys.label(of: .send, in: .prompt)) on an empty prompt refuses them and sends it, "
            : what + ". "
        flash = Flash(
            text: Self.queuedMark + "it is sent when \(until)\(keys.label(of: .cancel)) takes it back.", level: .info)
        return []
    }

    /// With what begins the line about a queued prompt.
    private static let queuedMark = "Queued: "

    /// Takes what is queued back into the prompt.
    mutating func unqueue() {
        guard !queue.isEmpty else { return }
        let text = queue.text(before: prompt.text)
        files.carried += queue.flatMap(\.attachments).filter(\.isOutput)
        queue = []
        prompt.replaceText(text)
        flash = Flash(text: "What was queued is in the prompt again.", level: .info)
    }

    /// Sends the first queued prompt after a whole answer; after a failed one, and while calls wait, nothing is sent by itself.
    mutating func sendQueued(after error: ProviderError?) -> [AppEffect] {
        guard let next = queue.first, !isRunning, tools.running.isEmpty else { return [] }
        guard error == nil else {
            unqueue()
            return []
        }
        guard conversation.openCalls.isEmpty, canAsk() else { return [] }
        queue.removeFirst()
        if flash?.text.hasPrefix(Self.queuedMark) == true { flash = nil }
        conversation.append(user: next.text, next.attachments)
        return ask()
    }
}

extension Conversation {
    /// The last message of the person on the path.
    var lastUser: UserMessage? {
        for case .user(let message) in entries.reversed() { return message }
        return nil
    }

    /// The last message of the path that has siblings.
    var lastBranching: MessageTree.ID? {
        tree.path.last { tree.siblings(of: $0).all.count > 1 }
    }
}
