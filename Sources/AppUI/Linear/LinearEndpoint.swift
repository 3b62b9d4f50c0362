import ProviderCore
import TerminalKit

// A provider that is set up: the fields of its form as questions, one after the other.
extension LinearQuestion {
    /// What can be done when every field has its value.
    private static let actions = [
        Choice("test it", ["test"]), Choice("save it", ["save"]), Choice("change the name", ["name"]),
        Choice("change the address", ["address", "url"]), Choice("change the key", ["key"]),
        Choice("change the model", ["model"]), Choice("leave", ["stop", "quit"]),
    ]

    init(endpoint form: EndpointForm) {
        let row: EndpointForm.Row = form.row == .test ? .save : form.row
        key = .endpoint(row, form.source, form.question, problem: form.problem, form.steps)
        let problem = form.problem.map { [LinearWords.gated($0) + "."] } ?? []
        if let question = form.question {
            lines = problem + ["\(Self.words(question)) Type yes or no; nothing means no."]
            prompt = "Yes or no: "
            choices = [Choice("yes"), Choice("no")]
            return
        }
        switch row {
        case .keySource: choices = EndpointForm.Source.allCases.map { Choice($0.rawValue, Self.names($0)) }
        case .model: choices = (form.models ?? []).prefix(Self.mostChoices).map { Choice($0) }
        case .test, .save: choices = Self.actions
        case .name, .baseURL, .key: break
        }
        lines = problem + Self.lines(row, form, choices)
        prompt = Self.prompt(row, form)
    }

    /// Whether what is typed must not be written anywhere.
    var isSecret: Bool {
        if case .endpoint(.key, .pasted, nil, _, _) = key { true } else { false }
    }

    private static func words(_ question: EndpointForm.Question) -> String {
        switch question {
        case .isUntested: "Not every step went well with this. Save it all the same?"
        case .writesKey: "The key is written as plain text into a file that only you can read. Write it?"
        case .replaces: "There is a profile of this name. Replace it?"
        }
    }

    private static func names(_ source: EndpointForm.Source) -> [String] {
        switch source {
        case .environment: ["variable", "environment"]
        case .command: ["command"]
        case .file: ["file"]
        case .pasted: ["paste", "pasted"]
        case .none: ["none"]
        }
    }

    private static func prompt(_ row: EndpointForm.Row, _ form: EndpointForm) -> String {
        switch row {
        case .name: "Name: "
        case .baseURL: "Address: "
        case .keySource: "Key from: "
        case .key:
            switch form.source {
            case .environment: "Variable: "
            case .command: "Command: "
            case .file: "File: "
            case .pasted, .none: "Key: "
            }
        case .model: "Model: "
        case .test, .save: "What now: "
        }
    }

    private static func lines(_ row: EndpointForm.Row, _ form: EndpointForm, _ choices: [Choice]) -> [String] {
        let typed = form[row].map { LinearWords.gated($0.text) } ?? ""
        func nothing(_ standard: String) -> String { " Nothing typed means: \(typed.isEmpty ? standard : typed)" }
        switch row {
        case .name:
            return [
                "A provider is set up: its name, address, key and model, then a test. Nothing is saved before you say so; /stop leaves.",
                "Name of the profile, letters, digits, - and _.\(nothing("work"))",
            ]
        case .baseURL:
            return [
                "Address of the server with its version, such as https://api.openai.com/v1; - means OpenAI's own.\(nothing("OpenAI's own"))"
            ]
        case .keySource:
            return ["Where is the key?"] + numbered(choices)
                + ["Type a number or a word. Nothing typed means: \(form.source.rawValue)"]
        case .key: return [keyLine(form.source) + (typed.isEmpty || form.source == .pasted ? "" : nothing(""))]
        case .model:
            let first = "Model that is asked where none is named; - means the first that the server lists."
            let standard = nothing("the first that the server lists")
            return choices.isEmpty
                ? [first + standard]
                : [first, "The server has:"] + numbered(choices) + [
                    "Type a number or a name.\(standard)"
                ]
        case .test, .save:
            let state =
                form.isTested
                ? "Every step went well." : form.steps.isEmpty ? "Nothing was tested yet." : "Not every step went well."
            return ["\(state) What now?"] + numbered(choices) + ["Type a number or a word; nothing leaves."]
        }
    }

    private static func keyLine(_ source: EndpointForm.Source) -> String {
        switch source {
        case .environment: "Name of the variable of the environment that holds the key, such as WORK_API_KEY."
        case .command: "Command that prints the key, such as pass show work/openai."
        case .file: "File that holds the key and that only you can read."
        case .pasted, .none:
            "The key itself. A terminal shows it while it is typed; saving puts it into a file that only you can read."
        }
    }
}

extension LinearWords {
    /// How a step of a test went; nil while it runs.
    static func step(_ step: EndpointStep, _ outcome: EndpointOutcome) -> String? {
        func ended(_ words: String) -> String {
            let words = gated(words)
            return words.last.map { ".!?".contains($0) } ?? true ? words : words + "."
        }
        switch outcome {
        case .running: return nil
        case .passed(let words):
            return "\(step.title.capitalizedFirst): passed\(words.isEmpty ? "." : ", " + ended(words))"
        case .warned(let words, let fix):
            return
                "\(step.title.capitalizedFirst): passed in part, \(ended(words))\(fix.isEmpty ? "" : " " + ended(fix))"
        case .skipped(let words):
            return "\(step.title.capitalizedFirst): not tried\(words.isEmpty ? "." : ", " + ended(words))"
        case .failed(let words, let fix):
            return "\(step.title.capitalizedFirst): failed, \(ended(words))\(fix.isEmpty ? "" : " " + ended(fix))"
        }
    }
}

extension LinearModel {
    /// Tells the steps of a test as they end.
    mutating func tellEndpoint() {
        guard case .form(.endpoint(let form)) = app.overlay else {
            toldSteps = [:]
            return
        }
        if form.test != nil, form.steps.isEmpty, toldTest != form.test { output.line("Testing:") }
        toldTest = form.test
        for step in EndpointStep.allCases where form.steps[step] != toldSteps[step] {
            if let line = form.steps[step].flatMap({ LinearWords.step(step, $0) }) { output.line(line) }
        }
        toldSteps = form.steps
    }

    /// Stops the test of a provider that is set up, or leaves its form. False: none is open.
    mutating func leaveEndpoint() -> Bool {
        guard case .form(.endpoint(let form)) = app.overlay else { return false }
        change { $0.take(KeyChord(.escape), in: form) }
        lookups[.endpoint] = nil
        if app.overlay == nil {
            let state = form.isSaving ? "The saving that has begun goes on." : "Nothing is saved."
            output.line("\(state) /setup goes on with what was typed, but for a key.")
        }
        return true
    }

    /// Whether a line that is typed now must not be written: it is a key, or is refused as what stands for one.
    func hides(_ line: String) -> Bool {
        guard case .endpoint(.key, _, nil, _, _)? = question?.key, case .form(.endpoint(let form)) = app.overlay
        else { return false }
        let typed = line.trimmed
        return question?.isSecret == true || !typed.isEmpty && typed != "-" && form.refusesKey(typed)
    }

    /// The answer to a field of the form, or to what is asked about it.
    mutating func answerEndpoint(_ question: LinearQuestion, _ text: String) {
        guard case .form(.endpoint(var form)) = app.overlay else { return }
        let typed = text.trimmed
        if form.question != nil {
            let isYes = question.pick(typed) == .choice(0)
            change { $0.take(.character(isYes ? "y" : "n"), in: form) }
            if !isYes { output.line("It is not saved.") }
            return
        }
        form.problem = nil
        let before = form
        switch form.row {
        case .test, .save: return act(question, typed, form)
        case .keySource:
            switch question.pick(typed) {
            case .choice(let index): form.source = EndpointForm.Source.allCases[index]
            case .nothing: break
            case .several, .none: return output.line("That is none of them: type a number or a word.")
            }
        case .name, .baseURL, .key, .model:
            var value = typed
            if form.row == .model, case .choice(let index) = question.pick(typed) {
                value = form.models?[index] ?? typed
            }
            if !typed.isEmpty { form.edit(typing: true) { $0.setText(value == "-" ? "" : value) } }
        }
        form.agreed = []
        if let problem = problem(form) {
            // What is not valid does not become what nothing typed means.
            form = before
            form.problem = problem
        } else {
            goOn(&form)
        }
        app.overlay = .form(.endpoint(form))
    }

    /// What is wrong with the field at hand; nil = nothing.
    private func problem(_ form: EndpointForm) -> String? {
        let beginning: String
        switch form.row {
        case .name: beginning = "name:"
        case .baseURL: beginning = "base URL:"
        case .key: beginning = "key:"
        case .keySource, .model, .test, .save: return nil
        }
        do throws(ParameterInputError) { _ = try form.draft() } catch {
            return error.message.hasPrefix(beginning) ? error.message : nil
        }
        return nil
    }

    /// The next field; after the last, or where one alone was to be changed, what to do with it.
    private mutating func goOn(_ form: inout EndpointForm) {
        let isWhole = changesOneField && !(form.row == .keySource && form.source != .none)
        let next = form.rows.firstIndex(of: form.row).map { form.rows[min($0 + 1, form.rows.count - 1)] } ?? .save
        form.row = isWhole ? .save : next
        if isWhole { changesOneField = false }
    }

    private mutating func act(_ question: LinearQuestion, _ typed: String, _ form: EndpointForm) {
        switch question.pick(typed) {
        case .choice(0): change { $0.take(.control("t"), in: form) }
        case .choice(1): change { $0.take(.control("s"), in: form) }
        case .choice(let index) where index < 6:
            let rows: [EndpointForm.Row] = [.name, .baseURL, .keySource, .model]
            var form = form
            form.row = rows[index - 2]
            changesOneField = true
            app.overlay = .form(.endpoint(form))
        case .choice, .nothing: _ = leaveEndpoint()
        case .several, .none: output.line("That is none of them: type a number or a word.")
        }
    }
}
