import ProviderCore
import TerminalKit

/// What a row of the config editor is to become.
private enum RowState {
    case notSet
    case standard
    case value(ParameterValue)
}

extension AppModel {
    /// Opens the config editor at its parameters, or at its settings.
    mutating func openConfig(atSettings: Bool = false) -> [AppEffect] {
        var row = ConfigRow.parameter(parameters.selected)
        if atSettings {
            guard let first = settings.rows.first else {
                flash = Flash(text: "The settings cannot be changed here: nobody told what they are.", level: .info)
                return []
            }
            row = .setting(first.path)
        }
        var screen = ConfigScreen(selected: row)
        if atSettings { screen.showFromSelection() }
        overlay = .form(.config(screen))
        return []
    }

    /// A key in the config editor.
    mutating func take(_ chord: KeyChord, in screen: ConfigScreen) -> [AppEffect] {
        var screen = screen
        defer { settle(screen) }
        if screen.asksToLeave { return answer(chord, &screen) }
        if screen.edit != nil { return type(chord, &screen) }
        if screen.isFinding {
            find(chord, &screen)
            return []
        }
        if screen.showsKeys {
            screen.showsKeys = false
            return []
        }
        if let action = keys.configAction(for: chord) { return perform(action, chord, &screen) }
        if case .character(let character) = chord.key, chord.modifiers.isEmpty { begin(character, &screen) }
        return []
    }

    /// Keeps the screen as it is now, unless it was closed or something else was opened.
    private mutating func settle(_ screen: ConfigScreen) {
        if case .form(.config) = overlay { overlay = .form(.config(screen)) }
        if case .parameter(let id) = screen.selected { parameters.selected = id }
    }

    /// Text that was pasted into the config editor.
    mutating func paste(_ text: String, into screen: ConfigScreen) {
        var screen = screen
        if var edit = screen.edit {
            edit.editor.insert(edit.isMultiline ? text : text.replacing("\n", with: " "))
            edit.problem = nil
            screen.edit = edit
        } else if screen.isFinding {
            screen.find?.insert(text.replacing("\n", with: " "))
        }
        overlay = .form(.config(screen))
    }

    private mutating func perform(_ action: ConfigAction, _ chord: KeyChord, _ screen: inout ConfigScreen)
        -> [AppEffect]
    {
        let form = form(of: screen.selected)
        switch action {
        case .up: move(by: -1, &screen)
        case .down: move(by: 1, &screen)
        case .nextSection: moveSection(by: 1, &screen)
        case .previousSection: moveSection(by: -1, &screen)
        case .stepDown: return step(by: -1, &screen)
        case .stepUp: return step(by: 1, &screen)
        case .bigStepDown, .bigStepUp:
            let isPage = chord.key == .pageUp || chord.key == .pageDown
            let up = action == .bigStepUp
            guard form.steps == nil, isPage else { return step(by: up ? form.bigStep : -form.bigStep, &screen) }
            move(by: up ? -10 : 10, &screen)
        case .toLowest, .toHighest:
            guard let limit = form.limit(upper: action == .toHighest) else {
                move(by: action == .toHighest ? 10_000 : -10_000, &screen)
                return []
            }
            return change(screen.selected, to: .value(limit), &screen)
        case .edit: return edit(&screen)
        case .toggle: return toggle(&screen)
        case .unset: return change(screen.selected, to: .notSet, &screen)
        case .useDefault: return change(screen.selected, to: .standard, &screen)
        case .undo: return undo(&screen)
        case .find: (screen.find, screen.isFinding) = (LineEditor(), true)
        case .findNext: findNext(&screen, from: 1)
        case .save: return saveSettings()
        case .keys: screen.showsKeys = true
        case .leave: leave(&screen)
        }
        return []
    }
}

// Moving and finding.
extension AppModel {
    private func rows() -> [ConfigRow] { configSections.flatMap(\.rows) }

    private func move(by step: Int, _ screen: inout ConfigScreen) {
        let rows = rows()
        let index = rows.firstIndex(of: screen.selected) ?? 0
        screen.selected = rows[min(max(index + step, 0), rows.count - 1)]
    }

    private func moveSection(by step: Int, _ screen: inout ConfigScreen) {
        let sections = configSections.filter { !$0.rows.isEmpty }
        let index = sections.firstIndex { $0.rows.contains(screen.selected) } ?? 0
        screen.selected = sections[(index + step + sections.count) % sections.count].rows[0]
        screen.showFromSelection()
    }

    private mutating func find(_ chord: KeyChord, _ screen: inout ConfigScreen) {
        switch chord {
        case KeyChord(.enter), KeyChord(.down):
            screen.isFinding = false
            if screen.find?.isEmpty ?? true { screen.find = nil }
        case KeyChord(.escape), .control("c"): (screen.find, screen.isFinding) = (nil, false)
        default:
            _ = screen.find?.handle(chord)
            findNext(&screen, from: 0)
        }
    }

    /// Goes to the next row whose name or meaning has what is looked for, from `offset` rows further on.
    private mutating func findNext(_ screen: inout ConfigScreen, from offset: Int) {
        guard let wanted = screen.find?.text.lowercased().trimmed, !wanted.isEmpty else { return }
        let rows = rows()
        let start = (rows.firstIndex(of: screen.selected) ?? 0) + offset
        let order = rows.indices.map { rows[($0 + start) % rows.count] }
        guard let hit = order.first(where: { words(of: $0).contains(wanted) }) else {
            flash = Flash(text: "No row has this.", level: .info)
            return
        }
        screen.selected = hit
    }

    private func words(of row: ConfigRow) -> String {
        switch row {
        case .parameter(let id):
            let spec = ParameterSpec.of(id)
            return "\(spec.label) \(id.rawValue) \(spec.help)".lowercased()
        case .setting(let path): return "\(path) \(settings.row(path)?.summary ?? "")".lowercased()
        }
    }
}

// Changing values.
extension AppModel {
    private mutating func step(by steps: Int, _ screen: inout ConfigScreen) -> [AppEffect] {
        let row = screen.selected
        if case .parameter(let id) = row {
            if id == .model { return cycleModel(by: steps > 0 ? 1 : -1, &screen) }
            let before = parameters[id]
            if parameters.step(id, by: steps, spec(id)) {
                screen.note(.parameter(id, before))
            } else {
                typeInstead(row)
            }
            return []
        }
        let form = form(of: row)
        guard form.steps != nil else {
            typeInstead(row)
            return []
        }
        guard let now = value(of: row) else {
            return form.limit(upper: false).map { change(row, to: .value($0), &screen) } ?? []
        }
        guard let next = form.stepped(from: now, by: steps), next != now else { return [] }
        return change(row, to: .value(next), &screen)
    }

    private mutating func typeInstead(_ row: ConfigRow) {
        flash = Flash(text: "\(label(of: row)): \(DialogKey.take.longLabel) types a value.", level: .info)
    }

    private mutating func cycleModel(by step: Int, _ screen: inout ConfigScreen) -> [AppEffect] {
        guard let ids = models?.map(\.id), !ids.isEmpty else { return chooseModel(screen) }
        let index = ids.firstIndex(of: parameters.model).map { $0 + step } ?? 0
        return change(.parameter(.model), to: .value(.text(ids[(index + ids.count) % ids.count])), &screen)
    }

    /// Opens the list of models; the editor comes back behind it.
    private mutating func chooseModel(_ screen: ConfigScreen) -> [AppEffect] {
        desk.suspended = screen
        return open(.chooseModel)
    }

    private mutating func toggle(_ screen: inout ConfigScreen) -> [AppEffect] {
        let row = screen.selected
        if case .setting(let path) = row {
            if settings.row(path)?.isFlag == true { return cycle(&screen) }
        } else if row == .parameter(.model) {
            return []
        }
        if isSet(row), let value = value(of: row) {
            screen.earlier[row] = form(of: row).typed(value)
            return change(row, to: .notSet, &screen)
        }
        if let text = screen.earlier[row], let value = try? form(of: row).parse(text, label: "") {
            return change(row, to: .value(value), &screen)
        }
        if case .parameter(let id) = row {
            let spec = spec(id)
            guard let value = parameters.standard(id, spec) ?? spec.start else { return edit(&screen) }
            return change(row, to: .value(value), &screen)
        }
        guard let value = value(of: row) ?? form(of: row).limit(upper: false) else { return edit(&screen) }
        return change(row, to: .value(value), &screen)
    }

    private func isSet(_ row: ConfigRow) -> Bool {
        switch row {
        case .parameter(let id): parameters[id].value != nil
        case .setting(let path): settings.isSet(path)
        }
    }

    /// The next word of a row of words, the first after the last.
    private mutating func cycle(_ screen: inout ConfigScreen) -> [AppEffect] {
        guard case .words(let words, _) = form(of: screen.selected), !words.isEmpty else { return [] }
        var index = 0
        if case .text(let word)? = value(of: screen.selected), let now = words.firstIndex(of: word) {
            index = (now + 1) % words.count
        }
        return change(screen.selected, to: .value(.text(words[index])), &screen)
    }

    private mutating func change(_ row: ConfigRow, to state: RowState, _ screen: inout ConfigScreen) -> [AppEffect] {
        note(row, &screen)
        switch (row, state) {
        case (.parameter(let id), .notSet): parameters.unset(id)
        case (.parameter(let id), .standard): parameters.useDefault(id, spec(id))
        case (.parameter(let id), .value(let value)): parameters.set(id, to: value)
        case (.setting(let path), .value(let value)):
            settings.change(path, to: form(of: row).typed(value))
            return apply(path)
        case (.setting(let path), _):
            settings.change(path, to: nil)
            return apply(path)
        }
        return []
    }

    private func note(_ row: ConfigRow, _ screen: inout ConfigScreen) {
        switch row {
        case .parameter(let id): screen.note(.parameter(id, parameters[id]))
        case .setting(let path): screen.note(.setting(path, settings.changes[path]))
        }
    }

    private mutating func undo(_ screen: inout ConfigScreen) -> [AppEffect] {
        switch screen.changes.popLast() {
        case .parameter(let id, let state):
            parameters.restore(id, state)
            screen.selected = .parameter(id)
        case .setting(let path, let change):
            settings.restore(path, change)
            screen.selected = .setting(path)
            return apply(path)
        case nil: flash = Flash(text: "There is nothing to take back.", level: .info)
        }
        return []
    }
}

// Typing a value.
extension AppModel {
    private mutating func edit(_ screen: inout ConfigScreen) -> [AppEffect] {
        let row = screen.selected
        if row == .parameter(.model) { return chooseModel(screen) }
        let form = form(of: row)
        if case .words(_, others: false) = form { return cycle(&screen) }
        let text = isSet(row) ? value(of: row).map(form.typed) ?? "" : ""
        screen.edit = FieldEdit(editor: LineEditor(text), isMultiline: isMultiline(row))
        return []
    }

    /// Digits, a minus and a point begin a number.
    private func begin(_ character: Character, _ screen: inout ConfigScreen) {
        switch form(of: screen.selected) {
        case .number, .integer, .doubling, .money: break
        default: return
        }
        guard character.isNumber || character == "-" || character == "." else { return }
        screen.edit = FieldEdit(editor: LineEditor(String(character)), isMultiline: false)
    }

    private func isMultiline(_ row: ConfigRow) -> Bool {
        switch row {
        case .parameter(let id): id == .systemPrompt || id == .responseFormat
        case .setting(let path): settings.row(path)?.isMultiline ?? false
        }
    }

    private mutating func type(_ chord: KeyChord, _ screen: inout ConfigScreen) -> [AppEffect] {
        guard var edit = screen.edit else { return [] }
        switch chord {
        case KeyChord(.escape), .control("c"):
            screen.edit = nil
            return []
        case KeyChord(.enter): return takeTyped(edit, &screen)
        case .control("j"), KeyChord(.enter, .alt), KeyChord(.enter, .shift):
            if edit.isMultiline { edit.editor.insert("\n") }
        case KeyChord(.up): _ = edit.editor.moveUp()
        case KeyChord(.down): _ = edit.editor.moveDown()
        default: _ = edit.editor.handle(chord)
        }
        edit.problem = nil
        screen.edit = edit
        return []
    }

    private mutating func takeTyped(_ edit: FieldEdit, _ screen: inout ConfigScreen) -> [AppEffect] {
        let row = screen.selected
        guard !edit.editor.text.trimmed.isEmpty else {
            screen.edit = nil
            return change(row, to: .notSet, &screen)
        }
        do throws(ParameterInputError) {
            let value = try form(of: row).parse(edit.editor.text, label: label(of: row))
            screen.edit = nil
            return change(row, to: .value(value), &screen)
        } catch {
            screen.edit?.problem = error.message
            return []
        }
    }
}

// Saving and leaving.
extension AppModel {
    private mutating func leave(_ screen: inout ConfigScreen) {
        if let find = screen.find {
            screen.find = nil
            flash = Flash(
                text: "The search for \"\(CellWidth.truncate(find.text.trimmed, to: 24))\" is over.", level: .info)
        } else if settings.unsavedCount > 0 {
            screen.asksToLeave = true
        } else {
            overlay = nil
        }
    }

    private mutating func answer(_ chord: KeyChord, _ screen: inout ConfigScreen) -> [AppEffect] {
        screen.asksToLeave = false
        switch chord {
        case .character("y"), .character("Y"), .character("s"):
            overlay = nil
            return saveSettings()
        case .character("n"), .character("N"): overlay = nil
        default: break
        }
        return []
    }
}
