import Conversations
import ProviderCore
import TerminalKit

// The list of conversations.
extension AppModel {
    /// Opens the list of conversations.
    mutating func openConversations(searching text: String? = nil) -> [AppEffect] {
        var list = ConversationList()
        list.note(running: runningConversations)
        var effects: [AppEffect] = saveAll() + [.listConversations]
        if let text {
            list.picker.paste(text)
            effects.append(.searchConversations(list.showTexts()))
        }
        overlay = .conversations(list)
        return effects
    }

    /// A key in the list.
    mutating func take(_ chord: KeyChord, in list: ConversationList) -> [AppEffect] {
        var list = list
        if list.renaming != nil { return take(chord, renaming: list) }
        switch chord {
        case DialogKey.take:
            guard let target = list.picker.selection else { return [] }
            overlay = nil
            return open(target)
        case DialogKey.searchTexts:
            if list.page == .names {
                let query = list.showTexts()
                overlay = .conversations(list)
                return [.searchConversations(query)]
            }
            list.showNames()
        case DialogKey.delete: return delete(in: list)
        case DialogKey.restore: return undelete(in: list)
        case DialogKey.rename:
            guard let chosen = list.selected else { return [] }
            list.renaming = (chosen.id, LineEditor(chosen.title))
        default:
            let before = list.picker.query.text
            _ = list.picker.handle(chord)
            if list.page == .texts, list.picker.query.text != before {
                let query = list.showTexts()
                overlay = .conversations(list)
                return [.searchConversations(query)]
            }
        }
        overlay = .conversations(list)
        return []
    }

    private mutating func take(_ chord: KeyChord, renaming list: ConversationList) -> [AppEffect] {
        var list = list
        guard case (let id, var editor)? = list.renaming else { return [] }
        if DialogKey.take ~= chord {
            list.renaming = nil
            let title = editor.text.replacing("\n", with: " ").trimmed
            list.rename(id, to: title)
            overlay = .conversations(list)
            return rename(id, to: title)
        }
        _ = editor.handle(chord)
        list.renaming = (id, editor)
        overlay = .conversations(list)
        return []
    }

    /// Gives a conversation a name; an empty one takes it away.
    mutating func rename(_ id: String, to title: String) -> [AppEffect] {
        let name = title.isEmpty ? nil : title
        let isOpen: Void? = inConversation(id) { model in
            model.conversation.title = name
            model.conversation.unsaved.title = true
        }
        flash = Flash(
            text: name.map { "Renamed: \(CellWidth.truncate(TextGate.gate($0, allowNewlines: false).text, to: 60))" }
                ?? "The name is taken away.", level: .info)
        if isOpen != nil { return [] }
        return [.save([ConversationChange(id, revision: Self.overriding, .title(name))])]
    }

    /// The number of a change that was made to a conversation that is not open: the database gives it the next one.
    static let overriding: Int64 = 0

    private mutating func delete(in list: ConversationList) -> [AppEffect] {
        var list = list
        guard let target = list.picker.selection else { return [] }
        let id = target.conversation
        guard !isRunning(in: id), id != conversation.id || !isBusy else {
            let way =
                id == conversation.id ? "\(keys.label(of: .cancel)) stops it." : "there it can be stopped."
            flash = Flash(text: "An answer runs in this conversation: " + way, level: .warning)
            return []
        }
        list.remove(id)
        deletedConversations.append(id)
        left[id] = nil
        // Nothing more is written into one that is deleted; what was, comes before it.
        var effects: [AppEffect] = []
        var revision = Self.overriding
        if id == conversation.id {
            effects = prepareToLeave()
            revision = conversation.unsaved.next()
            effects += newConversation()
        }
        overlay = .conversations(list)
        flash = Flash(text: "Deleted. \(DialogKey.restore.longLabel) brings it back.", level: .info)
        return effects + [.save([ConversationChange(id, revision: revision, .deleted(true))])]
    }

    /// Conversations were not deleted, since another process has them open.
    mutating func refuseDeletion(of names: Set<String>) -> [AppEffect] {
        guard !names.isEmpty else { return [] }
        deletedConversations.removeAll { names.contains($0) }
        flash = Flash(
            text: "Not deleted: another tickertape has this conversation open.",
            level: .warning)
        guard case .conversations = overlay else { return [] }
        return [.listConversations]
    }

    private mutating func undelete(in list: ConversationList) -> [AppEffect] {
        guard let id = deletedConversations.popLast() else { return [.restoreDeleted] }
        overlay = .conversations(list)
        return [.save([ConversationChange(id, revision: Self.overriding, .deleted(false))]), .listConversations]
    }

    /// Takes that what was deleted in an earlier session is back.
    mutating func take(restored result: Result<String?, ConversationStoreError>) -> [AppEffect] {
        switch result {
        case .success(nil): flash = Flash(text: "Nothing is deleted.", level: .info)
        case .failure(let error): flash = Flash(text: error.description, level: .error)
        case .success:
            flash = Flash(text: "What was deleted last is back.", level: .info)
            if case .conversations = overlay { return [.listConversations] }
        }
        return []
    }

    /// Takes what the database has.
    mutating func take(conversations result: Result<[ConversationSummary], ConversationStoreError>) {
        guard case .conversations(var list) = overlay else { return }
        switch result {
        case .success(let found): list.take(found, without: deletedConversations)
        case .failure(let error): list.problem = error.description
        }
        overlay = .conversations(list)
    }

    /// Takes what a search found.
    mutating func take(found result: Result<[SearchHit], ConversationStoreError>, for query: String) {
        guard case .conversations(var list) = overlay else { return }
        switch result {
        case .success(let hits): list.take(hits, for: query)
        case .failure(let error): list.problem = error.description
        }
        overlay = .conversations(list)
    }
}

// Opening and leaving conversations.
extension AppModel {
    /// Opens a conversation, at a message or where it was left.
    mutating func open(_ target: ConversationList.Target) -> [AppEffect] {
        guard target.conversation != conversation.id else {
            guard let message = target.message else { return [] }
            return reveal(message)
        }
        guard canLeave() else { return [] }
        if left[target.conversation] != nil { return returnTo(target.conversation, at: target.message) }
        opening = target.conversation
        return saveAll() + [.openConversation(target.conversation, message: target.message)]
    }

    /// Takes a conversation that was read. One that another process has open goes on as a copy.
    mutating func take(
        opened result: Result<StoredConversation?, ConversationStoreError>, at message: Int?, isElsewhere: Bool
    ) -> [AppEffect] {
        // Another one was chosen before this one was read.
        if case .success(let stored?) = result, let opening, stored.id != opening { return [] }
        opening = nil
        switch result {
        case .failure(let error):
            flash = Flash(text: error.description, level: .error)
            return []
        case .success(nil):
            flash = Flash(text: "This conversation is not there any more.", level: .warning)
            return []
        case .success(let stored?):
            // It was asked for twice, or is here by now: what is here is newer than what was read.
            if stored.id == conversation.id { return message.map { reveal($0) } ?? [] }
            if left[stored.id] != nil { return returnTo(stored.id, at: message) }
            // What was sent while it was read belongs to the conversation before.
            let effects = prepareToLeave()
            park(draft: prompt.text)
            overlay = nil
            copies[stored.id] = nil
            if isElsewhere {
                enterCopy(of: stored)
                flash = Flash(
                    text: "Another tickertape has it open: this is a copy, which goes on alone.", level: .warning)
            } else {
                conversation = Conversation(stored, now: now)
            }
            enterConversation(draft: stored.draft)
            return effects + (message.map { reveal($0) } ?? []) + receiveCalls(isNew: false)
        }
    }

    /// Goes on in a conversation of its own with all the messages of another one.
    mutating func enterCopy(of other: StoredConversation) {
        var copy = other
        copy.id = newConversationName()
        copy.revision = 0
        conversation = Conversation(copy, now: now)
        conversation.noteAll()
    }

    /// After another conversation took the place of the one before. `draft` is what stood unsent in it; nil = what is in the prompt goes
    /// along.
    mutating func enterConversation(draft: String?) {
        transcript = TranscriptView()
        traceSelection = nil
        conversationCount = nil
        editing = nil
        tools.reset()
        find = nil
        if let draft {
            let isDropped = !files.carried.isEmpty
            files = PromptFiles()
            if isDropped { flash = Flash(text: "The output of the command does not go along.", level: .info) }
            if !prompt.isEmpty { history.add(prompt.text) }
            prompt.replaceText(draft)
        }
        savedDraft = draft ?? ""
        focus = .prompt
    }

    /// Goes to a message's branch and brings it into view.
    mutating func reveal(_ message: Int) -> [AppEffect] {
        guard conversation.tree.contains(message) else { return [] }
        var effects: [AppEffect] = []
        if conversation.entryIndex(of: message) == nil {
            effects = go(to: message)
            guard conversation.entryIndex(of: message) != nil else { return effects }
        }
        focus = .output
        transcript.select(message, entry: conversation.entryIndex(of: message))
        return effects
    }

    /// Copies the conversation up to the chosen message into a new one and goes there.
    mutating func forkConversation() -> [AppEffect] {
        guard let last = selectedMessage ?? conversation.tree.head else {
            flash = Flash(text: "There is nothing to fork yet.", level: .info)
            return []
        }
        guard canLeave() else { return [] }
        let effects = prepareToLeave()
        var messages = conversation.tree.path(to: last).compactMap { conversation.stored($0) }
        let growing = Set(requestsHere.values.map(\.message))
        for index in messages.indices {
            // In the copy, an answer that still comes ends with what it has.
            if growing.contains(messages[index].id) { messages[index].answer?.state = .cancelled }
            messages[index].id = index + 1
            messages[index].parent = index == 0 ? nil : index
        }
        park(draft: prompt.text)
        enterCopy(
            of: StoredConversation(
                id: "", title: conversation.title.map { $0 + " (fork)" }, messages: messages, head: messages.count))
        enterConversation(draft: nil)
        flash = Flash(text: "A copy of the conversation up to here; the old one stays as it was.", level: .info)
        return effects
    }
}

// What was typed before.
extension AppModel {
    /// Takes the prompts of all conversations.
    mutating func take(prompts: [String]) {
        let own = history.entries
        history = PromptHistory(prompts)
        for text in own { history.add(text) }
    }

    /// Characters of a prompt that the search shows and looks through: a long paste is known by its beginning.
    private static let mostOfPrompt = 200

    /// Opens the search in what was typed before.
    mutating func searchHistory() {
        let items = history.entries.reversed().map { text in
            Picker<String>.Item(
                value: text,
                label: TextGate.gate(
                    String(text.prefix(Self.mostOfPrompt)).replacing("\n", with: " "), allowNewlines: false
                ).text,
                note: "")
        }
        var picker = Picker(title: "history", items: items)
        picker.emptyText = items.isEmpty ? "nothing was typed yet" : "nothing matches"
        if !prompt.isEmpty, !prompt.text.contains("\n") { picker.paste(prompt.text) }
        overlay = .history(picker)
    }

    /// A key in the history: Enter takes a prompt without sending it.
    mutating func take(_ chord: KeyChord, inHistory picker: Picker<String>) -> [AppEffect] {
        var picker = picker
        switch chord {
        case DialogKey.take, DialogKey.complete:
            overlay = nil
            if let text = picker.selection {
                focus = .prompt
                prompt.replaceText(text)
            }
            return []
        case _ where keys.command(for: chord, in: .global) == .searchHistory: picker.list.move(by: 1)
        case DialogKey.newer: picker.list.move(by: -1)
        case DialogKey.giveUp:
            overlay = nil
            return []
        default: _ = picker.handle(chord)
        }
        overlay = .history(picker)
        return []
    }
}
