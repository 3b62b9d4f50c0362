import ProviderCore
import TerminalKit

extension AppModel {
    /// Terminal input: the overlay first, then the leader, the nudge mode, the pane, then everywhere.
    mutating func take(_ input: Input) -> [AppEffect] {
        switch input {
        case .key(let chord): return take(chord)
        case .paste(let text): return paste(text)
        case .resize(let size):
            self.size = size
            return []
        case .mouse(let event):
            scroll(by: event)
            return []
        case .focus, .observed: return []
        case .resumed: return [.loop(.redraw)]
        case .ended(let signal):
            endedBySignal = signal
            return [.loop(.quit)]
        }
    }

    /// The wheel moves the output, wherever the focus is.
    private mutating func scroll(by event: MouseEvent) {
        guard overlay == nil, case .wheel(let rows) = event.action else { return }
        for _ in 0..<min(abs(rows), 100) { transcript.perform(rows < 0 ? .lineUp : .lineDown) }
    }

    private mutating func take(_ chord: KeyChord) -> [AppEffect] {
        flash = nil
        if chord != .control("c") { interruptedAt = nil }
        if overlay != nil { return takeAnywhere(chord) ?? takeInOverlay(chord) }
        if let effects = takeInFind(chord) { return effects }
        if leaderPending { return takeAfterLeader(chord) }
        if isNudging, let effects = takeInNudge(chord) { return effects }
        if chord == .control("x") {
            leaderPending = true
            return []
        }
        if focus == .prompt, takeAsEditing(chord) { return [] }
        if focus == .prompt, chord.key == .enter { return takeEnter(chord) }
        if let command = Keymap.command(for: chord, in: .pane(focus)) { return perform(command, chord) }
        if focus == .prompt, prompt.handle(chord) { return [] }
        if let command = Keymap.command(for: chord, in: .global) { return perform(command, chord) }
        return takeStray(chord)
    }

    /// Keys about the terminal itself, which have their meaning also over the panes. Nil: not one of them.
    private mutating func takeAnywhere(_ chord: KeyChord) -> [AppEffect]? {
        guard let command = Keymap.command(for: chord, in: .global), command == .suspend || command == .redraw else {
            return nil
        }
        return perform(command, chord)
    }

    /// Enter in the prompt, alone or with a modifier: one of them sends, the other makes a line.
    private mutating func takeEnter(_ chord: KeyChord) -> [AppEffect] {
        if chord.modifiers.isEmpty, enterSends, prompt.endsWithContinuation {
            prompt.replaceContinuation()
            return []
        }
        return perform(chord.modifiers.isEmpty == enterSends ? .send : .newline, chord)
    }

    /// A key without a meaning in this pane. A digit in the parameters starts a value; a character typed in another
    /// pane is not lost on the prompt: it is told where typing goes.
    private mutating func takeStray(_ chord: KeyChord) -> [AppEffect] {
        guard case .character(let character) = chord.key, chord.modifiers.isEmpty else { return [] }
        if focus == .parameters, character.isNumber || character == "-" || character == "." {
            return openEntry(for: parameters.selected, typed: String(character))
        }
        flash = Flash(text: "Typing goes to the prompt: Tab or Alt-1. ? lists the keys of this pane.", level: .info)
        return []
    }

    private mutating func takeAfterLeader(_ chord: KeyChord) -> [AppEffect] {
        leaderPending = false
        guard chord != KeyChord(.escape) else { return [] }
        if focus == .prompt, editAfterLeader(chord) { return [] }
        guard let command = Keymap.command(for: chord, in: .leader) else {
            flash = Flash(text: "Ctrl-X \(chord.label) means nothing.", level: .warning)
            return []
        }
        return perform(command, chord)
    }

    /// Arrows move the last-used parameter; Esc and Enter return. Nil: the key has its usual meaning.
    private mutating func takeInNudge(_ chord: KeyChord) -> [AppEffect]? {
        let id = parameters.lastUsed
        let spec = spec(id)
        switch chord {
        case KeyChord(.left): _ = parameters.step(id, by: -1, spec)
        case KeyChord(.right): _ = parameters.step(id, by: 1, spec)
        case KeyChord(.left, .shift): _ = parameters.step(id, by: -spec.form.bigStep, spec)
        case KeyChord(.right, .shift): _ = parameters.step(id, by: spec.form.bigStep, spec)
        case KeyChord(.up): moveNudge(by: -1)
        case KeyChord(.down): moveNudge(by: 1)
        case KeyChord(.delete), KeyChord(.backspace): parameters.unset(id)
        case KeyChord(.escape), KeyChord(.enter), .alt("t"): isNudging = false
        default:
            isNudging = false
            return nil
        }
        return []
    }

    private mutating func moveNudge(by step: Int) {
        let stepped = ParameterSpec.all.filter { $0.serverDefault != nil || $0.start != nil }.map(\.id)
        guard let index = stepped.firstIndex(of: parameters.lastUsed) else { return }
        parameters.lastUsed = stepped[(index + step + stepped.count) % stepped.count]
    }

    private mutating func paste(_ text: String) -> [AppEffect] {
        flash = nil
        switch overlay {
        case .palette(var picker):
            picker.paste(text)
            overlay = .palette(picker)
        case .models(var picker):
            picker.paste(text)
            overlay = .models(picker)
        case .themes(var picker, let before):
            picker.paste(text)
            overlay = .themes(picker, before: before)
        case .entry(var entry):
            entry.editor.insert(entry.isMultiline ? text : text.replacing("\n", with: " "))
            overlay = .entry(entry)
        case .tools(var picker):
            picker.paste(text)
            overlay = .tools(picker)
        case .form(let form): paste(text, into: form)
        case .conversations(var list):
            if list.renaming != nil {
                list.renaming?.editor.insert(text.replacing("\n", with: " "))
            } else {
                list.picker.paste(text)
            }
            let query = list.page == .texts ? list.showTexts() : nil
            overlay = .conversations(list)
            return query.map { [.searchConversations($0)] } ?? []
        case .history(var picker):
            picker.paste(text)
            overlay = .history(picker)
        case .help, .call, .usage, .tree, .compare, .confirmQuit: break
        case nil:
            focus = .prompt
            insertPasted(text)
        }
        return []
    }
}

extension LineEditor {
    /// Whether the cursor stands behind a backslash at the end: then Enter means a new line.
    var endsWithContinuation: Bool { cursor == characters.count && text.hasSuffix("\\") && !text.hasSuffix("\\\\") }

    /// Turns that backslash into a line end.
    mutating func replaceContinuation() {
        _ = handle(KeyChord(.backspace))
        insert("\n")
    }
}
