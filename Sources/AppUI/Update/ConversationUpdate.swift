import Conversations
import ProviderCore
import TerminalKit

// The list of conversations.
extension AppModel {
    /// Opens the list of conversations.
    mutating func openConversations(searching text: String? = nil) -> [AppEffect] {
        var list = ConversationList()
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
        case KeyChord(.enter):
            guard let target = list.picker.selection else { return [] }
            overlay = nil
            return open(target)
        case KeyChord(.tab):
            if list.page == .names {
                let query = list.showTexts()
                overlay = .conversations(list)
                return [.searchConversations(query)]
            }
            list.showNames()
        case .control("d"): return delete(in: list)
        case .control("_"), .control("z"): return undelete(in: list)
        case .control("r"):
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
        if chord == KeyChord(.enter) {
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
        guard id != conversation.id else {
            conversation.title = name
            conversation.unsaved.title = true
            return []
        }
        return [.save([ConversationChange(id, revision: Self.overriding, .title(name))])]
    }

    /// The number of a change that was made to a conversation that is not open: the database gives it the next one.
    static let overriding: Int64 = 0

    private mutating func delete(in list: ConversationList) -> [AppEffect] {
        var list = list
        guard let target = list.picker.selection else { return [] }
        let id = target.conversation
        guard id != conversation.id || !isBusy else {
            flash = Flash(text: "An answer runs in this conversation: Esc stops it.", level: .warning)
            return []
        }
        list.delete(id)
        overlay = .conversations(list)
        flash = Flash(text: "Deleted. Ctrl-_ brings it back.", level: .info)
        return [.save([ConversationChange(id, revision: Self.overriding, .deleted(true))])]
    }

    private mutating func undelete(in list: ConversationList) -> [AppEffect] {
        var list = list
        guard let id = list.undelete() else {
            flash = Flash(text: "Nothing was deleted here.", level: .info)
            return []
        }
        overlay = .conversations(list)
        return [.save([ConversationChange(id, revision: Self.overriding, .deleted(false))]), .listConversations]
    }

    /// Takes what the database has.
    mutating func take(conversations result: Result<[ConversationSummary], ConversationStoreError>) {
        guard case .conversations(var list) = overlay else { return }
        switch result {
        case .success(let found): list.take(found)
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
        return stopAll() + saveAll() + [.openConversation(target.conversation, message: target.message)]
    }

    /// Takes a conversation that was read. One that another process has open goes on as a copy.
    mutating func take(
        opened result: Result<StoredConversation?, ConversationStoreError>, at message: Int?, isElsewhere: Bool
    ) -> [AppEffect] {
        switch result {
        case .failure(let error):
            flash = Flash(text: error.description, level: .error)
            return []
        case .success(nil):
            flash = Flash(text: "This conversation is not there any more.", level: .warning)
            return []
        case .success(let stored?):
            if isElsewhere {
                enterCopy(of: stored)
                flash = Flash(
                    text: "Another tickertape has it open: this is a copy, which goes on alone.", level: .warning)
            } else {
                conversation = Conversation(stored, now: now)
            }
            enterConversation(draft: isElsewhere ? "" : stored.draft)
            return (message.map { reveal($0) } ?? []) + receiveCalls()
        }
    }

    /// Goes on in a conversation of its own with all the messages of another one.
    mutating func enterCopy(of other: StoredConversation) {
        var copy = other
        conversationNumber += 1
        copy.id = "\(session)-\(conversationNumber)"
        copy.revision = 0
        conversation = Conversation(copy, now: now)
        for message in copy.messages { conversation.unsaved.note(message.id) }
        conversation.unsaved.noteHead()
        conversation.unsaved.title = copy.title != nil
    }

    /// After another conversation took the place of the one before.
    mutating func enterConversation(draft: String) {
        transcript = TranscriptView()
        traceSelection = nil
        conversationCount = nil
        editing = nil
        tools.reset()
        if prompt.isEmpty { prompt.setText(draft) }
        savedDraft = draft
        focus = .prompt
    }

    /// Goes to a message's branch and brings it into view.
    private mutating func reveal(_ message: Int) -> [AppEffect] {
        guard conversation.tree.contains(message) else { return [] }
        if conversation.entryIndex(of: message) == nil { conversation.go(to: message) }
        focus = .output
        transcript.select(message, entry: conversation.entryIndex(of: message))
        return []
    }

    /// Copies the conversation up to the chosen message into a new one and goes there.
    mutating func forkConversation() -> [AppEffect] {
        guard let last = selectedMessage ?? conversation.tree.head else {
            flash = Flash(text: "There is nothing to fork yet.", level: .info)
            return []
        }
        let effects = stopAll() + saveAll()
        conversationNumber += 1
        var copy = Conversation(id: "\(session)-\(conversationNumber)")
        for id in conversation.tree.path(to: last) {
            guard let entry = conversation.entry(of: id) else { continue }
            switch entry {
            case .user(let message): copy.append(user: message.text, message.attachments)
            case .answer(let answer):
                copy.turns += 1
                _ = copy.append(answer)
            default: break
            }
        }
        copy.show(copy.tree.head)
        copy.title = conversation.title.map { $0 + " (fork)" }
        copy.unsaved.title = copy.title != nil
        conversation = copy
        enterConversation(draft: "")
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

    /// Opens the search in what was typed before.
    mutating func searchHistory() {
        let items = history.entries.reversed().map { text in
            Picker<String>.Item(
                value: text, label: TextGate.gate(text.replacing("\n", with: " "), allowNewlines: false).text, note: "")
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
        case KeyChord(.enter), KeyChord(.tab):
            overlay = nil
            if let text = picker.selection {
                focus = .prompt
                prompt.replaceText(text)
            }
            return []
        case .control("r"): picker.list.move(by: 1)
        case .control("s"): picker.list.move(by: -1)
        case .control("g"):
            overlay = nil
            return []
        default: _ = picker.handle(chord)
        }
        overlay = .history(picker)
        return []
    }
}
