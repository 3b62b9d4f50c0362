import FunctionTools
import TerminalKit

extension AppModel {
    /// Opens the list of presets and has them looked up.
    mutating func choosePreset() -> [AppEffect] {
        desk.presets.marked = nil
        overlay = .form(.presets(presetPicker()))
        return [.configure(.listPresets)]
    }

    /// Applies the preset of this name when it is found.
    mutating func applyPreset(named name: String) -> [AppEffect] {
        desk.presets.wanted = .apply(name)
        return [.configure(.listPresets)]
    }

    /// Compares presets: `NAME` with what is set now, or `NAME NAME`; without a name the one in use with what is set now.
    mutating func comparePresets(_ argument: String) -> [AppEffect] {
        let names = argument.split { $0.isWhitespace }.map(String.init)
        guard let first = names.first ?? desk.presets.active?.name else { return choosePreset() }
        desk.presets.wanted = .compare(first, with: names.dropFirst().first)
        return [.configure(.listPresets)]
    }

    private func presetPicker() -> Picker<String> {
        let marked = desk.presets.marked
        let items = (desk.presets.list ?? []).map { preset in
            let mark = preset.name == marked ? "● " : preset.name == desk.presets.active?.name ? "✓ " : "  "
            let summary = TextGate.gate(preset.summary, allowNewlines: false).text
            return Picker<String>.Item(
                value: preset.name, label: mark + preset.name,
                note: CellWidth.truncate(summary, to: 44))
        }
        var picker = Picker(title: "presets", items: items, selected: desk.presets.active?.name)
        picker.emptyText =
            desk.presets.list == nil ? "looking for presets…" : "none yet: /save-preset NAME keeps what is set now"
        return picker
    }

    /// Takes the presets that there are, and does what waited for them.
    mutating func take(presets: [Preset], problems: [String]) -> [AppEffect] {
        desk.presets.list = presets.sorted { $0.name < $1.name }
        for problem in problems { say(TextGate.gate(problem, allowNewlines: false).text, .warning) }
        if case .form(.presets(let picker)) = overlay {
            var fresh = picker.replacing(
                items: presetPicker().items, selected: picker.selection ?? desk.presets.active?.name)
            fresh.emptyText = presets.isEmpty ? presetPicker().emptyText : "none matches"
            overlay = .form(.presets(fresh))
        }
        guard let wanted = desk.presets.wanted else { return [] }
        desk.presets.wanted = nil
        switch wanted {
        case .apply(let name): if let preset = preset(named: name) { apply(preset) }
        case .compare(let name, let other): compare(name, with: other)
        }
        return []
    }

    private mutating func preset(named name: String) -> Preset? {
        if let found = desk.presets.list?.first(where: { $0.name == name }) { return found }
        let names = (desk.presets.list ?? []).map(\.name).joined(separator: ", ")
        let shown = CellWidth.truncate(TextGate.gate(name, allowNewlines: false).text, to: 40)
        flash = Flash(
            text: "There is no preset \"\(shown)\"\(names.isEmpty ? "; /save-preset makes one" : ": \(names)").",
            level: .warning)
        return nil
    }

    /// A key in the list of presets.
    mutating func take(_ chord: KeyChord, choosingPreset picker: Picker<String>) -> [AppEffect] {
        var picker = picker
        switch chord {
        case KeyChord(.escape), .control("c"): overlay = nil
        case KeyChord(.enter):
            guard let name = picker.selection, let preset = preset(named: name) else { return [] }
            overlay = nil
            apply(preset)
        case .alt("c"):
            guard let name = picker.selection else { return [] }
            compare(desk.presets.marked ?? name, with: desk.presets.marked == nil ? nil : name, from: picker)
        case .alt("m"):
            guard let name = picker.selection else { return [] }
            desk.presets.marked = desk.presets.marked == name ? nil : name
            overlay = .form(.presets(picker.replacing(items: presetPicker().items, selected: name)))
        case .alt("u"):
            overlay = nil
            undoPreset()
        default:
            _ = picker.handle(chord)
            overlay = .form(.presets(picker))
        }
        return []
    }

    /// Sets what a preset has; what it does not name is as at the start of a session.
    private mutating func apply(_ preset: Preset) {
        let withheld = withheld(by: preset)
        desk.presets.before = PresetSnapshot(
            parameters: parameters, switchedOff: tools.switchedOff, active: desk.presets.active)
        desk.presets.active = preset
        let lastUsed = (parameters.lastUsed, parameters.selected)
        for id in ParameterID.allCases where Preset.holds(id) && (id != .model || preset.values[id] != nil) {
            if let value = preset.values[id] {
                parameters.set(id, to: value)
            } else if parameters.hasOwnDefault(id) {
                parameters.useDefault(id)
            } else {
                parameters.unset(id)
            }
        }
        (parameters.lastUsed, parameters.selected) = lastUsed
        if let wanted = preset.tools {
            for tool in tools.all.tools where !withheld.contains(tool.name) {
                if wanted.contains(tool.name) == tools.switchedOff.contains(tool.name) { tools.toggle(tool.name) }
            }
        }
        desk.variables.defaults = preset.variables
        desk.variables.filledSystemPrompt = nil
        var text = "Preset \(preset.name): \(parameters.stamp). \(keys.hint(of: .undoPreset)) takes it back."
        if !withheld.isEmpty {
            text += " Of the working folder and not switched on: \(withheld.joined(separator: ", "))."
        }
        if let missing = missing(of: preset) { text += " Not found here: \(missing)." }
        flash = Flash(text: text, level: withheld.isEmpty && missing(of: preset) == nil ? .info : .warning)
    }

    private func missing(of preset: Preset) -> String? {
        let known = Set(tools.all.tools.map(\.name))
        let missing = (preset.tools ?? []).filter { !known.contains($0) }
        return missing.isEmpty ? nil : TextGate.gate(missing.joined(separator: ", "), allowNewlines: false).text
    }

    /// Brings back what was set before the last preset. What was applied can be brought back the same way.
    mutating func undoPreset() {
        guard let before = desk.presets.before else {
            flash = Flash(text: "No preset was applied.", level: .info)
            return
        }
        let now = PresetSnapshot(parameters: parameters, switchedOff: tools.switchedOff, active: desk.presets.active)
        parameters.takeBack(before.parameters)
        for tool in tools.all.tools
        where tools.switchedOff.contains(tool.name) != before.switchedOff.contains(tool.name) {
            tools.toggle(tool.name)
        }
        desk.presets.active = before.active
        desk.presets.before = now
        flash = Flash(text: "As it was before the preset: \(stamp).", level: .info)
    }
}

// Saving and comparing.
extension AppModel {
    /// Keeps what is set now as a preset; without a name it asks for one.
    mutating func savePreset(_ argument: String) -> [AppEffect] {
        let name = argument.trimmed
        guard !name.isEmpty else {
            overlay = .form(.savePreset(PresetSaving(editor: LineEditor(desk.presets.active?.name ?? ""))))
            return []
        }
        return save(PresetSaving(editor: LineEditor(name)), replaces: false)
    }

    /// A key in the box for a preset's name.
    mutating func take(_ chord: KeyChord, in saving: PresetSaving) -> [AppEffect] {
        var saving = saving
        if saving.asksToReplace {
            guard chord == .character("y") || chord == .character("Y") else {
                saving.asksToReplace = false
                overlay = .form(.savePreset(saving))
                return []
            }
            return save(saving, replaces: true)
        }
        switch chord {
        case KeyChord(.escape), .control("c"):
            overlay = nil
            return []
        case KeyChord(.enter): return save(saving, replaces: false)
        default:
            _ = saving.editor.handle(chord)
            saving.problem = nil
            overlay = .form(.savePreset(saving))
            return []
        }
    }

    private mutating func save(_ saving: PresetSaving, replaces: Bool) -> [AppEffect] {
        var saving = saving
        let name = saving.editor.text.trimmed
        guard Preset.isName(name) else {
            saving.problem = "A name has letters, digits, - and _, at most 64 of them."
            overlay = .form(.savePreset(saving))
            return []
        }
        guard replaces || desk.presets.list?.contains(where: { $0.name == name }) != true else {
            saving.asksToReplace = true
            overlay = .form(.savePreset(saving))
            return []
        }
        overlay = nil
        return [.configure(.savePreset(presentPreset(named: name), replaces: replaces))]
    }

    /// How saving a preset ended.
    mutating func presetSaved(_ preset: Preset, _ outcome: SaveOutcome) {
        switch outcome {
        case .saved(let words):
            var list = (desk.presets.list ?? []).filter { $0.name != preset.name }
            list.append(preset)
            desk.presets.list = list.sorted { $0.name < $1.name }
            desk.presets.active = preset
            flash = Flash(text: TextGate.gate(words, allowNewlines: false).text, level: .info)
        case .exists:
            overlay = .form(.savePreset(PresetSaving(editor: LineEditor(preset.name), asksToReplace: true)))
        case .failed(let problem):
            let words = TextGate.gate(problem, allowNewlines: false).text
            flash = Flash(text: "Preset \(preset.name) is not saved: \(words)", level: .error)
        }
    }

    /// Shows what differs; nil = from what is set now. `list` is where it is gone back to.
    private mutating func compare(_ name: String, with other: String?, from list: Picker<String>? = nil) {
        guard let left = preset(named: name) else { return }
        var right = presentPreset(named: "now")
        if left.values[.model] != nil { right.values[.model] = .text(parameters.model) }
        if left.tools == nil { right.tools = nil }
        right.variables = left.variables
        if let other {
            guard let found = preset(named: other) else { return }
            right = found
        }
        overlay = .form(.comparison(PresetComparison(left: left, right: right, list: list)))
    }

    /// A key in a comparison: it goes back to where one came from.
    mutating func take(_ chord: KeyChord, in comparison: PresetComparison) -> [AppEffect] {
        var comparison = comparison
        guard let scroll = scrolled(comparison.scroll, by: chord) else {
            overlay = comparison.list.map { .form(.presets($0)) }
            return []
        }
        comparison.scroll = scroll
        overlay = .form(.comparison(comparison))
        return []
    }
}
