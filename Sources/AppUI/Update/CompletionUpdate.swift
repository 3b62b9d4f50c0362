import ProviderCore
import TerminalKit

extension AppModel {
    /// Brings the list over the prompt up to date after an event.
    mutating func complete(after event: AppEvent) -> [AppEffect] {
        switch event {
        case .input, .models, .themes, .paths: break
        default: return []
        }
        let isFetched = completion.fromHistory.map(isPrompt) ?? false
        guard focus == .prompt, overlay == nil, leaderKeys == nil, !isNudging, !isFetched else {
            completion.show(nil)
            return []
        }
        completion.fromHistory = nil
        if completion.awaitedPath != pathQuery?.path { completion.awaitedPath = nil }
        let (list, effects) = slashCompletion()
        if list == nil, pathQuery == nil { completion.forgetClosed() }
        if list != nil {
            completion.show(list)
        } else if !stillFits(completion.shown) {
            completion.show(nil)
        }
        return effects + askForPaths()
    }

    /// Shows a list that was looked up for a word of the prompt, unless the word has changed meanwhile. `isAwaited`: Tab was pressed
    /// before it came, and takes the first row.
    mutating func take(completion list: PromptCompletion, isAwaited: Bool = false) {
        guard focus == .prompt, overlay == nil, stillFits(list) else { return }
        completion.show(list)
        guard isAwaited, let item = completion.selection else { return }
        insert(item, of: list)
    }

    private func stillFits(_ list: PromptCompletion?) -> Bool {
        guard let list, list.range.upperBound == prompt.cursor, list.range.upperBound <= prompt.count else {
            return false
        }
        return String(prompt.characters(in: list.range)) == list.typed
    }

    // MARK: Commands

    /// Bytes of a command that is completed; what is longer is a text.
    private static let longestCommand = 4 << 10

    /// Whether the prompt has just this text.
    func isPrompt(_ text: String) -> Bool { prompt.byteCount == text.utf8.count && prompt.text == text }

    private mutating func slashCompletion() -> (PromptCompletion?, [AppEffect]) {
        guard prompt.characters(in: 0..<1) == ["/"], prompt.cursor == prompt.count,
            prompt.byteCount <= Self.longestCommand
        else { return (nil, []) }
        switch SlashCompletion.stage(prompt.text) {
        case nil: return (nil, [])
        case .name(let typed):
            let items = SlashCompletion.names(typed)
            return (
                PromptCompletion(
                    title: "commands", items: items, range: 0..<prompt.count, typed: prompt.text), []
            )
        case .argument(let command, let typed, let start):
            let (items, effects) = arguments(of: command)
            guard let items else { return (nil, effects) }
            let list = PromptCompletion(
                title: command.name, items: SlashCompletion.narrowed(items, by: typed),
                range: start..<prompt.count, typed: typed)
            return (list, effects)
        }
    }

    /// What can stand behind a command; nil when that is not known.
    private mutating func arguments(of command: Command) -> ([PromptCompletion.Item]?, [AppEffect]) {
        switch command {
        case .setParameter: return (ParameterSpec.all.map { item($0, then: .more) }, [])
        case .unset:
            return (ParameterSpec.all.filter { parameters[$0.id].value != nil }.map { item($0, then: .send) }, [])
        case .useDefault: return (ParameterSpec.all.map { item($0, then: .send) }, [])
        case .chooseModel:
            let ask = models == nil && completion.wantsModels()
            let items = models?.map { model in
                PromptCompletion.Item(
                    text: model.id, label: TextGate.gate(model.id, allowNewlines: false).text,
                    note: MeterText.modelNote(info(model.id)), then: .send)
            }
            return (items, ask ? [.listModels] : [])
        case .chooseTheme:
            guard let names = completion.themes else { return (nil, completion.wantsThemes() ? [.listThemes] : []) }
            let items = names.map { PromptCompletion.Item(text: $0, label: $0, note: "", then: .send) }
            return (items, [])
        default: return (nil, [])
        }
    }

    private func item(_ spec: ParameterSpec, then: PromptCompletion.Next) -> PromptCompletion.Item {
        let value = parameters[spec.id].value.map(spec.shown) ?? "not sent"
        return PromptCompletion.Item(
            text: spec.id.rawValue + (then == .more ? " " : ""), label: spec.id.rawValue,
            note: "\(value) · \(spec.help)",
            then: then)
    }

    // MARK: Keys

    /// Tab without a list in a word that names a file or a command: the list is asked for, also one that was closed, and what comes
    /// of it is taken. Right after something was completed it does nothing. False: it has its usual meaning.
    mutating func completesByTab() -> Bool {
        guard focus == .prompt else { return false }
        if let query = pathQuery {
            completion.reopen(waitingFor: query.path)
            return true
        }
        let isCommand = SlashCompletion.stage(prompt.text) != nil && prompt.cursor > 0
        if isCommand { completion.reopen(waitingFor: nil) }
        return isCommand || completion.completed == prompt.text
    }

    /// A key while the list is open. Nil: the key has its usual meaning.
    mutating func takeInCompletion(_ chord: KeyChord) -> [AppEffect]? {
        guard focus == .prompt, let list = completion.shown, let item = completion.selection else { return nil }
        switch chord {
        case DialogKey.close: completion.close()
        case KeyChord(.up), KeyChord(.backTab): completion.move(by: -1)
        case KeyChord(.down): completion.move(by: 1)
        case DialogKey.complete: insert(item, of: list)
        case DialogKey.take: return takeByEnter(item, of: list)
        default: return nil
        }
        return []
    }

    /// Enter takes a row that what is typed begins, or that was chosen, and sends when nothing has to follow. What is
    /// typed out already, or only resembles the row, is the prompt's.
    private mutating func takeByEnter(_ item: PromptCompletion.Item, of list: PromptCompletion) -> [AppEffect]? {
        let isTyped = list.typed == item.text.trimmed && item.then != .more
        guard item.isSure || completion.isChosen, !isTyped else {
            completion.close()
            return nil
        }
        insert(item, of: list)
        guard item.then == .send else { return [] }
        completion.close()
        return perform(.send)
    }

    private mutating func insert(_ item: PromptCompletion.Item, of list: PromptCompletion) {
        // The cursor stands behind the range: `stillFits`.
        for _ in list.range { prompt.deleteBack() }
        prompt.insert(item.text)
        completion.show(nil)
        completion.completed = prompt.text
    }
}
