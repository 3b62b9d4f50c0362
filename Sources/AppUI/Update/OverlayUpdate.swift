import ProviderCore
import TerminalKit

extension AppModel {
    /// Opens what a command names.
    mutating func open(_ command: Command) -> [AppEffect] {
        switch command {
        case .palette:
            overlay = .palette(palette())
        case .help: overlay = .help(HelpScreen(pane: focus))
        case .keyCheck:
            overlay = .keyCheck(KeyCheck())
            return [.loop(.observeKeys(true))]
        case .chooseModel:
            overlay = .models(modelPicker())
            // An empty list may come of a server that was not up yet.
            return models?.isEmpty ?? true ? [.listModels] : []
        case .chooseTheme: return [.listThemes]
        case .listConversations: return openConversations()
        case .searchConversations: return openConversations(searching: "")
        case .searchHistory: searchHistory()
        case .branches: overlay = .tree(BranchList(conversation.tree))
        case .compare: openCompare()
        case .usage: return openUsage()
        case .benchmarks: return openRuns()
        case .chooseTools:
            overlay = .tools(toolPicker())
            return [.loadTools]
        case .editSystemPrompt: return openEntry(for: .systemPrompt, typed: nil)
        case .nudge:
            focus = .prompt
            isNudging = true
        default: break
        }
        return []
    }

    /// The endpoint's models, with what the catalog knows; before they are known, the present one.
    private func modelPicker() -> Picker<String> {
        var ids = models?.map(\.id) ?? []
        let current = parameters.model
        if !current.isEmpty, !ids.contains(current) { ids.insert(current, at: 0) }
        let items = ids.map { id in
            Picker<String>.Item(
                value: id, label: TextGate.gate(id, allowNewlines: false).text,
                note: MeterText.modelNote(info(id)))
        }
        var picker = Picker(title: "models of \(connection.name)", items: items, selected: current)
        picker.emptyText =
            models?.isEmpty ?? true
            ? "asking \(connection.name)…" : "none matches; \(DialogKey.take.longLabel) takes the text as typed"
        return picker
    }

    /// Fills an open model list anew, keeping what was typed.
    mutating func refreshModelPicker(failed: Bool = false) {
        guard case .models(let open) = overlay else { return }
        var fresh = modelPicker()
        if failed || models != nil {
            fresh.emptyText = "none matches; \(DialogKey.take.longLabel) takes the text as typed"
        }
        var picker = open.replacing(items: fresh.items, selected: parameters.model)
        picker.emptyText = fresh.emptyText
        overlay = .models(picker)
    }

    /// Opens the list of themes.
    mutating func take(themes: [ThemeChoice]) -> [AppEffect] {
        if completion.take(themes: themes.map(\.name)) { return [] }
        if let name = wantedTheme { return useTheme(named: name, themes) }
        // Something else may have been opened while the themes were looked up.
        guard overlay == nil else { return [] }
        let items = themes.map { Picker<ThemeChoice>.Item(value: $0, label: $0.name, note: "") }
        let current = themes.first { $0.name == theme.name }
        overlay = .themes(Picker(title: "themes", items: items, selected: current), before: theme)
        return []
    }

    private mutating func useTheme(named name: String, _ themes: [ThemeChoice]) -> [AppEffect] {
        wantedTheme = nil
        guard let choice = themes.first(where: { $0.name == name }) else {
            flash = Flash(
                text: "There is no theme of this name: \(themes.map(\.name).joined(separator: ", ")).", level: .warning)
            return []
        }
        theme = choice
        return [.loop(.theme(choice.theme))]
    }

    /// Opens a line to type a parameter's value. `typed` is what the key already said; nil = start from the value.
    mutating func openEntry(for id: ParameterID, typed: String?) -> [AppEffect] {
        let spec = spec(id)
        guard id != .model else { return open(.chooseModel) }
        var text = typed ?? ""
        if typed == nil, let value = parameters[id].value {
            text = spec.form.typed(value)
        }
        let isLong = id == .systemPrompt || id == .responseFormat
        let keys =
            isLong
            ? ValueEntry.keys(taking: "takes it", closing: "leaves it as it was")
            : "\(DialogKey.take.longLabel) takes it"
        overlay = .entry(
            ValueEntry(
                purpose: .parameter(id), title: spec.label, help: "\(spec.help) · \(keys)", editor: LineEditor(text)))
        return []
    }

    /// Opens a line to type the name of the conversation at hand.
    mutating func openRenaming() {
        overlay = .entry(
            ValueEntry(
                purpose: .conversationName, title: "name of this conversation",
                help:
                    "\(DialogKey.take.longLabel) takes it; without a name the beginning of the first message is shown",
                editor: LineEditor(conversation.title ?? "")))
    }

    /// A key while something lies over the panes.
    mutating func takeInOverlay(_ chord: KeyChord) -> [AppEffect] {
        if case .form(let form) = overlay { return take(chord, in: form) }
        defer { resume() }
        if case .keyCheck(let check) = overlay { return take(chord, in: check) }
        if case .run(let isOwn) = overlay { return takeInRun(chord, isOwn: isOwn) }
        if case .help(let screen) = overlay, let effects = take(chord, in: screen) { return effects }
        if case .compare(let screen) = overlay, screen.showsKeys { return take(chord, in: screen) }
        if closes(chord) { return closeOverlay() }
        switch overlay {
        case .palette(let picker): return take(chord, in: picker)
        case .models(let picker): return take(chord, in: picker)
        case .themes(let picker, let before): return take(chord, in: picker, before: before)
        case .entry(let entry): return take(chord, in: entry)
        case .call(let detail): return take(chord, in: detail)
        case .tools(let picker): return take(chord, toggling: picker)
        case .conversations(let list): return take(chord, in: list)
        case .history(let picker): return take(chord, inHistory: picker)
        case .tree(let branches): return take(chord, in: branches)
        case .compare(let screen): return take(chord, in: screen)
        case .usage(let screen): return take(chord, in: screen)
        case .runs(let list): return take(chord, in: list)
        case .form(let form): return take(chord, in: form)
        case .confirmQuit:
            overlay = nil
            if chord == .character("y") || chord == .character("Y") {
                return quitNow()
            }
        case .help, .keyCheck, .run, nil: break
        }
        return []
    }

    /// Whether a key closes what lies over the panes: Esc, and what stops or cancels elsewhere.
    func closes(_ chord: KeyChord) -> Bool {
        if DialogKey.close ~= chord { return true }
        let command = chord.isText ? nil : keys.command(for: chord, in: .global)
        return command == .cancel || command == .interrupt
    }

    private mutating func closeOverlay() -> [AppEffect] {
        if case .conversations(var list) = overlay, list.renaming != nil {
            list.renaming = nil
            overlay = .conversations(list)
            return []
        }
        defer { overlay = nil }
        guard case .themes(_, let before) = overlay, before != theme else { return [] }
        theme = before
        return [.loop(.theme(before.theme))]
    }

    private mutating func take(_ chord: KeyChord, in screen: UsageScreen) -> [AppEffect] {
        var screen = screen
        switch chord {
        case DialogKey.page:
            screen.page = screen.page == .sums ? .requests : .sums
            screen.scroll = 0
        case DialogKey.reload:
            overlay = .usage(screen)
            return [.loadUsage(isDemo: connection.isDemo)]
        default:
            guard let scroll = scrolled(screen.scroll, by: chord) else {
                overlay = nil
                return []
            }
            screen.scroll = scroll
        }
        overlay = .usage(screen)
        return []
    }

    private mutating func take(_ chord: KeyChord, in picker: Picker<Command>) -> [AppEffect] {
        var picker = picker
        if DialogKey.take ~= chord {
            overlay = nil
            return picker.selection.map { performChosen($0) } ?? []
        }
        _ = picker.handle(chord)
        overlay = .palette(picker)
        return []
    }

    private mutating func take(_ chord: KeyChord, in picker: Picker<String>) -> [AppEffect] {
        var picker = picker
        if DialogKey.take ~= chord {
            overlay = nil
            let typed = picker.query.text.trimmed
            // Who types a whole id means it, whatever else begins like it.
            let isWhole = models?.contains { $0.id == typed } == true || catalog.model(typed)?.id == typed
            let id = isWhole ? typed : picker.selection ?? typed
            if !id.isEmpty { parameters.set(.model, to: .text(id)) }
            return []
        }
        _ = picker.handle(chord)
        overlay = .models(picker)
        return []
    }

    /// Moving in the list shows the theme at once; Enter keeps it, Esc goes back.
    private mutating func take(
        _ chord: KeyChord, in picker: Picker<ThemeChoice>, before: ThemeChoice
    ) -> [AppEffect] {
        var picker = picker
        if DialogKey.take ~= chord {
            overlay = nil
            flash = Flash(
                text: "Theme \(theme.name). To keep it: theme = \"\(theme.name)\" in config.toml.", level: .info)
            return []
        }
        _ = picker.handle(chord)
        overlay = .themes(picker, before: before)
        guard let choice = picker.selection, choice != theme else { return [] }
        theme = choice
        return [.loop(.theme(choice.theme))]
    }

    private mutating func take(_ chord: KeyChord, in entry: ValueEntry) -> [AppEffect] {
        var entry = entry
        switch chord {
        case DialogKey.take: return take(typed: entry)
        case DialogKey.newline:
            if entry.isMultiline { entry.editor.insert("\n") }
        case KeyChord(.up): _ = entry.editor.moveUp()
        case KeyChord(.down): _ = entry.editor.moveDown()
        default: _ = entry.editor.handle(chord)
        }
        entry.problem = nil
        overlay = .entry(entry)
        return []
    }

    /// Takes what was typed into the box of a value, or says there what is wrong with it.
    mutating func take(typed entry: ValueEntry) -> [AppEffect] {
        switch entry.purpose {
        case .toolResult(let id), .toolReplay(let id, _), .toolError(let id), .toolArguments(let id):
            return take(typed: entry, for: id)
        case .conversationName:
            overlay = nil
            return rename(conversation.id, to: entry.editor.text.replacing("\n", with: " ").trimmed)
        case .parameter(let id):
            do {
                if entry.editor.text.trimmed.isEmpty {
                    parameters.unset(id)
                } else {
                    parameters.set(id, to: try spec(id).parse(entry.editor.text))
                }
                overlay = nil
            } catch {
                var entry = entry
                entry.problem = error.message
                overlay = .entry(entry)
            }
            return []
        }
    }

    /// The next scroll of a text overlay; nil closes it.
    func scrolled(_ scroll: Int, by chord: KeyChord) -> Int? {
        switch chord {
        case DialogKey.rowUp: max(0, scroll - 1)
        case DialogKey.rowDown: scroll + 1
        case DialogKey.viewUp: max(0, scroll - max(1, size.height - 6))
        case DialogKey.viewDown: scroll + max(1, size.height - 6)
        case DialogKey.top: 0
        default: nil
        }
    }
}
