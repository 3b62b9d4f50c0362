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
        case .mouse(let event): return isTooSmall ? [] : take(event)
        case .observed(let record): return take(observed: record)
        case .focus:
            noteInKeyCheck(input)
            return []
        case .resumed: return [.loop(.redraw)]
        case .ended(let signal):
            endedBySignal = signal
            return quitNow()
        }
    }

    private mutating func take(_ chord: KeyChord) -> [AppEffect] {
        flash = nil
        if !(DialogKey.complete ~= chord) { completion.completed = nil }
        let everywhere = keys.command(for: chord, in: .global)
        if everywhere != .interrupt { interruptedAt = nil }
        if isTooSmall { return takeUnseen(chord, everywhere) }
        if overlay != nil { return takeAnywhere(chord) ?? takeInOverlay(chord) }
        if let effects = takeInFind(chord) { return effects }
        if let before = leaderKeys { return takeAfterLeader(before + [chord]) }
        if isNudging, let effects = takeInNudge(chord) { return effects }
        if everywhere == .leader, !prompt.isAwaitingKey { return perform(.leader) }
        if focus == .prompt, takeAsEditing(chord) { return [] }
        if let effects = takeInCompletion(chord) { return effects }
        if DialogKey.complete ~= chord, completesByTab() { return [] }
        if let command = keys.command(for: chord, in: .pane(focus)) { return perform(command, chord) }
        if focus == .prompt, prompt.handle(chord) { return [] }
        if let everywhere { return perform(everywhere, chord) }
        return takeStray(chord)
    }

    /// Whether the window has no room for the prompt.
    var isTooSmall: Bool {
        size.width < WorkspaceLayout.minimum.width || size.height < WorkspaceLayout.minimum.height
    }

    /// A key that nobody sees the effect of: only those count that stop, leave, suspend or draw anew.
    private mutating func takeUnseen(_ chord: KeyChord, _ everywhere: Command?) -> [AppEffect] {
        if case .confirmQuit = overlay { return takeInOverlay(chord) }
        if let before = leaderKeys {
            leaderKeys = nil
            switch keys.leaderStep(before + [chord]) {
            case .command(.quit): return perform(.quit)
            case .more: leaderKeys = before + [chord]
            case .command, .nothing: break
            }
            return []
        }
        switch everywhere {
        case .interrupt, .quit, .suspend, .redraw: return everywhere.map { perform($0, chord) } ?? []
        case .leader:
            leaderKeys = []
            return []
        default: break
        }
        let inPrompt = keys.command(for: chord, in: .pane(.prompt))
        return inPrompt == .deleteOrQuit && focus == .prompt && prompt.isEmpty ? perform(.quit) : []
    }

    /// Keys about the terminal itself, which have their meaning also over the panes. Nil: not one of them.
    private mutating func takeAnywhere(_ chord: KeyChord) -> [AppEffect]? {
        if case .keyCheck = overlay { return nil }
        guard let command = keys.command(for: chord, in: .global), command == .suspend || command == .redraw else {
            return nil
        }
        return perform(command, chord)
    }

    /// A key without a meaning in this pane. A digit in the parameters starts a value; a character typed in another
    /// pane is not lost on the prompt: it is told where typing goes.
    private mutating func takeStray(_ chord: KeyChord) -> [AppEffect] {
        guard case .character(let character) = chord.key, chord.modifiers.isEmpty else { return [] }
        if focus == .parameters, character.isNumber || character == "-" || character == "." {
            return openEntry(for: parameters.selected, typed: String(character))
        }
        flash = Flash(
            text: "Typing goes to the prompt: \(keys.label(of: .focusPrompt)). "
                + "\(keys.label(of: .help, in: focus)) lists the keys of this pane.", level: .info)
        return []
    }

    private mutating func takeAfterLeader(_ pressed: [KeyChord]) -> [AppEffect] {
        leaderKeys = nil
        guard pressed.last != KeyChord(.escape) else { return [] }
        switch keys.leaderStep(pressed) {
        case .command(let command): return perform(command, pressed.last)
        case .more: leaderKeys = pressed
        case .nothing where focus == .prompt && pressed.count == 1 && editAfterLeader(pressed[0]): break
        case .nothing:
            flash = Flash(text: "\(keys.label(of: .leader)) \(pressed.longLabel) means nothing.", level: .warning)
        }
        return []
    }

    /// The keys of the parameters that type no character move the last-used one; Esc and Enter return. Nil: the key has its
    /// usual meaning.
    private mutating func takeInNudge(_ chord: KeyChord) -> [AppEffect]? {
        let id = parameters.lastUsed
        if DialogKey.take ~= chord || DialogKey.close ~= chord || keys.command(for: chord, in: .global) == .nudge {
            isNudging = false
            return []
        }
        let spec = spec(id)
        switch chord.isText ? nil : keys.command(for: chord, in: .pane(.parameters)) {
        case .stepDown: _ = parameters.step(id, by: -1, spec)
        case .stepUp: _ = parameters.step(id, by: 1, spec)
        case .bigStepDown: _ = parameters.step(id, by: -spec.form.bigStep, spec)
        case .bigStepUp: _ = parameters.step(id, by: spec.form.bigStep, spec)
        case .previousItem: moveNudge(by: -1)
        case .nextItem: moveNudge(by: 1)
        case .unset: parameters.unset(id)
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
        guard !isTooSmall else { return [] }
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
        case .help(var screen):
            screen.paste(text)
            overlay = .help(screen)
        case .keyCheck: noteInKeyCheck(.paste(text))
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
        case .runs(var list):
            list.picker.paste(text)
            overlay = .runs(list)
        case .run(let isOwn): if isOwn { runs.own?.paste(text) } else { runs.watched?.paste(text) }
        case .call, .usage, .tree, .compare, .confirmQuit: break
        case nil where find?.isTyping == true && focus == .output: pasteIntoFind(text)
        case nil:
            focus = .prompt
            insertPasted(text)
        }
        return []
    }
}

extension LineEditor {
    /// Whether the cursor stands behind a backslash at the end: then Enter means a new line.
    var endsWithContinuation: Bool {
        guard cursor == count else { return false }
        let end = characters(in: max(0, count - 2)..<count)
        return end.last == "\\" && (end.count < 2 || end.first != "\\")
    }

    /// Turns that backslash into a line end.
    mutating func replaceContinuation() {
        _ = handle(KeyChord(.backspace))
        insert("\n")
    }
}
