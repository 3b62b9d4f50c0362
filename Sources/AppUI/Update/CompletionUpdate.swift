import ProviderCore
import TerminalKit

extension AppModel {
    /// Brings the list over the prompt up to date after an event.
    mutating func complete(after event: AppEvent) -> [AppEffect] {
        switch event {
        case .input, .models, .themes: break
        default: return []
        }
        let isFetched = completion.fromHistory.map { $0 == prompt.text } ?? false
        guard focus == .prompt, overlay == nil, leaderKeys == nil, !isNudging, !isFetched else {
            completion.show(nil)
            return []
        }
        completion.fromHistory = nil
        let (list, effects) = slashCompletion()
        if list != nil {
            completion.show(list)
        } else if !stillFits(completion.shown) {
            completion.show(nil)
        }
        return effects
    }

    /// Shows a list that was looked up for a word of the prompt, unless the word has changed meanwhile.
    mutating func take(completion list: PromptCompletion) {
        guard focus == .prompt, overlay == nil, stillFits(list) else { return }
        completion.show(list)
    }

    /// The word under the cursor that names a file to attach; nil when there is none. Who looks names up watches this.
    var pathQuery: PathQuery? {
        let before = prompt.characters.prefix(prompt.cursor)
        let word = before.suffix { !$0.isWhitespace }
        guard word.first == "@" else { return nil }
        let start = prompt.cursor - word.count + 1
        return PathQuery(typed: String(word.dropFirst()), range: start..<prompt.cursor)
    }

    private func stillFits(_ list: PromptCompletion?) -> Bool {
        guard let list, list.range.upperBound == prompt.cursor, list.range.upperBound <= prompt.characters.count else {
            return false
        }
        return String(prompt.characters[list.range]) == list.typed
    }

    // MARK: Commands

    private mutating func slashCompletion() -> (PromptCompletion?, [AppEffect]) {
        guard prompt.characters.first == "/", prompt.cursor == prompt.characters.count else { return (nil, []) }
        switch SlashCompletion.stage(prompt.text) {
        case nil: return (nil, [])
        case .name(let typed):
            let items = SlashCompletion.names(typed)
            return (
                PromptCompletion(
                    title: "commands", items: items, range: 0..<prompt.characters.count, typed: prompt.text), []
            )
        case .argument(let command, let typed, let start):
            let (items, effects) = arguments(of: command)
            guard let items else { return (nil, effects) }
            let list = PromptCompletion(
                title: command.name, items: SlashCompletion.narrowed(items, by: typed),
                range: start..<prompt.characters.count, typed: typed)
            return (list, effects)
        }
    }

    /// What can stand behind a command; nil when that is not known.
    private mutating func arguments(of command: Command) -> ([PromptCompletion.Item]?, [AppEffect]) {
        switch command {
        case .setParameter: return (ParameterSpec.all.map { item($0, isWhole: false) }, [])
        case .unset:
            return (ParameterSpec.all.filter { parameters[$0.id].value != nil }.map { item($0, isWhole: true) }, [])
        case .useDefault: return (ParameterSpec.all.map { item($0, isWhole: true) }, [])
        case .chooseModel:
            let ask = models == nil && completion.wantsModels()
            let items = models?.map { model in
                PromptCompletion.Item(
                    text: model.id, label: TextGate.gate(model.id, allowNewlines: false).text,
                    note: MeterText.modelNote(info(model.id)), isWhole: true)
            }
            return (items, ask ? [.listModels] : [])
        case .chooseTheme:
            guard let names = completion.themes else { return (nil, completion.wantsThemes() ? [.listThemes] : []) }
            let items = names.map { PromptCompletion.Item(text: $0, label: $0, note: "", isWhole: true) }
            return (items, [])
        default: return (nil, [])
        }
    }

    private func item(_ spec: ParameterSpec, isWhole: Bool) -> PromptCompletion.Item {
        let value = parameters[spec.id].value.map(spec.shown) ?? "not sent"
        return PromptCompletion.Item(
            text: spec.id.rawValue + (isWhole ? "" : " "), label: spec.id.rawValue, note: "\(value) · \(spec.help)",
            isWhole: isWhole)
    }

    // MARK: Keys

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
        let isTyped = list.typed == item.text
        guard item.isSure || completion.isChosen, !(isTyped && item.isWhole) else {
            completion.close()
            return nil
        }
        insert(item, of: list)
        guard item.isWhole else { return [] }
        completion.close()
        return perform(.send)
    }

    private mutating func insert(_ item: PromptCompletion.Item, of list: PromptCompletion) {
        var characters = prompt.characters
        characters.replaceSubrange(list.range, with: item.text)
        prompt.replaceText(String(characters))
        prompt.moveCursor(to: list.range.lowerBound + item.text.count)
        completion.show(nil)
    }
}

extension Array {
    /// The longest end whose elements all fit.
    fileprivate func suffix(while fits: (Element) -> Bool) -> ArraySlice<Element> { self[...].suffix(fits) }
}

extension ArraySlice {
    /// The longest end whose elements all fit.
    fileprivate func suffix(_ fits: (Element) -> Bool) -> ArraySlice<Element> {
        var start = endIndex
        while start > startIndex, fits(self[start - 1]) { start -= 1 }
        return self[start...]
    }
}
