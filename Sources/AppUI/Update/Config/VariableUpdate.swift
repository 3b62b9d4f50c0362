import ProviderCore
import TerminalKit

extension AppModel {
    /// Asks for the variables of a prompt, and with them for those of the system prompt. False: there is nothing to ask.
    mutating func asksForVariables(of text: String) -> Bool {
        let own = PromptTemplate(text).names
        guard !own.isEmpty || !openSystemVariables.isEmpty else { return false }
        ask(for: own + openSystemVariables.filter { !own.contains($0) }, .send(text))
        return true
    }

    /// Asks for variables of the system prompt that have no value yet, before an answer is asked for again.
    mutating func asksForSystemVariables() -> Bool {
        guard !openSystemVariables.isEmpty else { return false }
        ask(for: openSystemVariables, .again)
        return true
    }

    private mutating func ask(for names: [String], _ purpose: VariableForm.Purpose) {
        overlay = .form(
            .variables(
                VariableForm(
                    purpose: purpose,
                    fields: names.map {
                        VariableForm.Field(name: $0, editor: LineEditor(desk.variables[$0] ?? ""))
                    })))
    }

    /// A key in the form. Enter goes on, and sends behind the last field; Esc sends nothing and keeps the prompt.
    mutating func take(_ chord: KeyChord, in form: VariableForm) -> [AppEffect] {
        var form = form
        guard form.fields.indices.contains(form.selected) else {
            overlay = nil
            return []
        }
        switch chord {
        case KeyChord(.escape), .control("c"):
            overlay = nil
            return []
        case KeyChord(.enter) where form.selected == form.fields.count - 1: return send(form)
        case KeyChord(.enter), KeyChord(.tab): form.selected = (form.selected + 1) % form.fields.count
        case KeyChord(.backTab): form.selected = (form.selected + form.fields.count - 1) % form.fields.count
        case .control("s"): return send(form)
        case .alt("s"): return sendAsItStands(form)
        case .control("j"), KeyChord(.enter, .alt), KeyChord(.enter, .shift):
            form.fields[form.selected].editor.insert("\n")
        case KeyChord(.up):
            if !form.fields[form.selected].editor.moveUp() { form.selected = max(0, form.selected - 1) }
        case KeyChord(.down):
            if !form.fields[form.selected].editor.moveDown() {
                form.selected = min(form.fields.count - 1, form.selected + 1)
            }
        default: _ = form.fields[form.selected].editor.handle(chord)
        }
        overlay = .form(.variables(form))
        return []
    }

    private mutating func send(_ form: VariableForm) -> [AppEffect] {
        overlay = nil
        desk.variables.values.merge(form.values) { _, new in new }
        desk.variables.filledSystemPrompt = parameters.systemPrompt
        switch form.purpose {
        case .send(let text): return send(PromptTemplate(text).filled(form.values))
        case .again: return regenerate()
        }
    }

    /// Sends the prompt with its braces: they were no variables.
    private mutating func sendAsItStands(_ form: VariableForm) -> [AppEffect] {
        overlay = nil
        for name in openSystemVariables { desk.variables.values[name] = "{{\(name)}}" }
        desk.variables.filledSystemPrompt = parameters.systemPrompt
        switch form.purpose {
        case .send(let text): return send(text)
        case .again: return regenerate()
        }
    }

    /// Text that was pasted into the form.
    mutating func paste(_ text: String, into form: VariableForm) {
        var form = form
        guard form.fields.indices.contains(form.selected) else { return }
        form.fields[form.selected].editor.insert(text)
        overlay = .form(.variables(form))
    }
}
