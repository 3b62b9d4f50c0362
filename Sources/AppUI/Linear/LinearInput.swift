import FunctionTools
import ProviderCore
import TerminalKit

// A typed line: a prompt, a command, or the answer to a question.
extension LinearModel {
    /// Takes a line that came.
    mutating func take(line: String) {
        app.flash = nil
        app.interruptedAt = nil
        if line.hasSuffix("\\"), !line.hasSuffix("\\\\") {
            continued.append(String(line.dropLast()))
            return
        }
        let text = (continued + [line]).joined(separator: "\n")
        continued = []
        take(whole: text)
    }

    /// Takes a text whose lines are all there.
    mutating func take(whole text: String) {
        if let command = SlashLine(text) {
            take(command, text)
        } else if let question {
            answer(question, SlashLine.unescaped(text))
        } else if !text.trimmed.isEmpty {
            send(text)
        }
    }

    /// Sends a prompt. It takes the place of what stood in the prompt.
    private mutating func send(_ text: String) {
        guard isInteractive || !text.hasPrefix("!") else { return output.line(Self.nothingRuns) }
        if app.isBusy, Int(text.trimmed) != nil {
            return output.line("Nothing is asked now, and a number alone is not queued.")
        }
        view.typed = SlashLine.unescaped(text)
        if !app.prompt.isEmpty, app.editing == nil { app.history.add(app.prompt.text) }
        app.prompt.setText(text)
        // Counted before it is sent, so that one that is too long is told of.
        change { _ in [] }
        change { $0.perform(.send) }
        // What waits for its turn, or was not sent, is read when it is sent.
        let isSent = app.prompt.isEmpty || app.files.sendsWhenRead != nil
        if !isSent || app.queue.last?.text == view.typed { view.typed = nil }
    }

    /// Lines of a pipe were written before anybody could have heard what would be run.
    static let nothingRuns = "Nothing is run from a pipe: a person at a terminal decides."

    // MARK: Answers to questions

    private mutating func answer(_ question: LinearQuestion, _ text: String) {
        switch question.key {
        case .entry: answerEntry(text)
        case .call: answerCall(question, text)
        case .conversations: answerConversations(question, text)
        case .variable: answerVariable(text)
        case .history: answerHistory(question, text)
        case .endpoint: answerEndpoint(question, text)
        case .branches, .compare: answerPlace(question, text)
        case .models, .tools, .parameter, .quit: answerList(question, text)
        }
    }

    /// Takes the value of a variable; after the last one the prompt is sent.
    private mutating func answerVariable(_ text: String) {
        guard case .form(.variables(var form)) = app.overlay else { return }
        if !text.isEmpty { form.fields[form.selected].editor = LineEditor(text) }
        form.selected += 1
        app.overlay = .form(.variables(form))
        if form.selected == form.fields.count { change { $0.take(.control("s"), in: form) } }
    }

    private mutating func answerList(_ question: LinearQuestion, _ text: String) {
        switch (question.pick(text), question.key) {
        case (.choice(let index), .models(let ids)): choose(model: ids[index])
        case (.none, .models): choose(model: text.trimmed)
        case (.choice(let index), .tools): toggleTool(index)
        case (.choice(let index), .parameter):
            asksParameter = false
            let id = ParameterSpec.all[index].id
            change { $0.openEntry(for: id, typed: nil) }
        case (.choice(0), .quit): change { $0.quitNow() }
        case (.choice, _), (.nothing, _):
            asksParameter = false
            app.overlay = nil
            if question.key != .tools([]) { output.line("Left as it is.") }
        case (.several(let count), _): output.line("\(count) begin so: type more of it, or a number.")
        case (.none, _): output.line("That is none of them: type a number or a name, or nothing.")
        }
    }

    private mutating func choose(model id: String) {
        app.overlay = nil
        let isSame = app.parameters.model == id
        change { app in
            app.parameters.set(.model, to: .text(id))
            return []
        }
        if isSame { output.line("Model \(LinearWords.gated(id)).") }
    }

    private mutating func toggleTool(_ index: Int) {
        guard case .tools(let picker) = app.overlay, picker.items.indices.contains(index) else { return }
        let name = picker.items[index].value
        change { app in
            app.tools.toggle(name)
            app.overlay = .tools(app.toolPicker())
            return []
        }
    }

    private mutating func answerEntry(_ text: String) {
        guard case .entry(var entry) = app.overlay else { return }
        let typed = text.trimmed
        let present = entry.editor.text
        let isConfirmed = typed.lowercased() == "yes" && !present.isEmpty
        guard !typed.isEmpty else {
            app.overlay = nil
            output.line("Left as it was.")
            return
        }
        switch entry.purpose {
        case .parameter where typed == "-": entry.editor.setText("")
        case .toolReplay where isConfirmed, .toolError where isConfirmed: break
        default: entry.editor.setText(text)
        }
        entry.problem = nil
        change { [entry] app in app.take(typed: entry) }
    }

    private mutating func answerCall(_ question: LinearQuestion, _ text: String) {
        let commands: [Command] = [
            .toolRun, .toolRunSession, .toolEdit, .toolResult, .toolReplay, .toolError, .toolRefuse,
        ]
        switch question.pick(text) {
        case .choice(let index):
            let command = commands[index]
            guard isInteractive || (command != .toolRun && command != .toolRunSession) else {
                return output.line(Self.nothingRuns + " Type a result, an error, or refuse.")
            }
            change { $0.perform(command) }
        case .nothing: view.forgetQuestion()
        case .several(let count): output.line("\(count) choices begin so: type more of it, or a number.")
        case .none:
            output.line("That is none of them: type a number or a word. 7 refuses the call; then a prompt can be sent.")
        }
    }
}
