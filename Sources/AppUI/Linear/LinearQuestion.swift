import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// What linear mode wants to know now: numbered choices, or a text. Made of the model, so that both always agree.
struct LinearQuestion: Sendable {
    /// One of the choices.
    struct Choice: Sendable, Hashable {
        /// As it is read.
        let label: String
        /// Words that mean it, in small letters.
        let words: [String]

        init(_ label: String, _ words: [String] = []) {
            self.label = label
            self.words = [label.lowercased()] + words
        }
    }

    /// What it is about. It is read again when this changes.
    enum Key: Sendable, Hashable {
        case models([String])
        case tools([String])
        case parameter
        case entry(ValueEntry.Purpose, problem: String?)
        case call(TraceID, revision: Int, isolation: Isolation?)
        case conversations([ConversationList.Target], query: String, names: [String], String?)
        case history([String])
        case branches([BranchList.Row])
        case compare([MessageTree.ID])
        case quit
        case variable(String)
        case endpoint(
            EndpointForm.Row, EndpointForm.Source, EndpointForm.Question?, problem: String?,
            [EndpointStep: EndpointOutcome])
    }

    let key: Key
    /// What is read.
    let lines: [String]
    /// Stands before what is typed.
    let prompt: String
    var choices: [Choice] = []

    /// What an answer to it means.
    enum Pick: Hashable {
        /// The choice of this place.
        case choice(Int)
        /// Nothing was typed.
        case nothing
        /// It fits several choices: so many.
        case several(Int)
        /// It fits none.
        case none
    }

    /// Reads a number, a word, or the beginning of one that only one choice has. `takesWords` false: numbers only.
    func pick(_ typed: String, takesWords: Bool = true) -> Pick {
        let text = typed.trimmed.lowercased()
        guard !text.isEmpty else { return .nothing }
        let number = text.hasSuffix(".") ? String(text.dropLast()) : text
        if let number = Int(number), choices.indices.contains(number - 1) { return .choice(number - 1) }
        guard takesWords else { return .none }
        if let exact = choices.firstIndex(where: { $0.words.contains(text) }) { return .choice(exact) }
        let near = choices.indices.filter { index in choices[index].words.contains { $0.hasPrefix(text) } }
        return near.count == 1 ? .choice(near[0]) : near.isEmpty ? .none : .several(near.count)
    }

    /// Choices as numbered lines.
    static func numbered(_ choices: [Choice]) -> [String] {
        choices.enumerated().map { "\($0 + 1). \($1.label)." }
    }
}

extension LinearQuestion {
    /// The question that is open; nil = a prompt is wanted.
    init?(_ model: LinearModel) {
        let app = model.app
        switch app.overlay {
        case .models(let picker): self.init(models: picker, app)
        case .tools(let picker): self.init(tools: picker)
        case .entry(let entry): self.init(entry: entry)
        case .conversations(let list): self.init(conversations: list)
        case .history(let picker): self.init(history: picker)
        case .tree(let branches): self.init(branches: branches, app)
        case .compare(let screen): self.init(compare: screen, app)
        case .confirmQuit:
            self.init(
                key: .quit,
                lines: [
                    "An answer or a tool is running. Quit and keep nothing of it? Type yes or no; nothing means no."
                ],
                prompt: "Yes or no: ", choices: [Choice("yes"), Choice("no")])
        case .form(.variables(let form)) where form.fields.indices.contains(form.selected): self.init(variables: form)
        case .form(.endpoint(let form)): self.init(endpoint: form)
        case .palette, .themes, .help, .keyCheck, .call, .usage, .runs, .run, .form, nil:
            if model.asksParameter {
                self.init(parametersOf: app)
            } else {
                // Who edits a message leaves the calls behind it: what is typed next is the message.
                guard app.editing == nil, let id = Self.openCall(app), let (_, traced) = app.call(id) else {
                    return nil
                }
                self.init(call: id, traced, app)
            }
        }
    }

    /// The call that is to be decided: the chosen one, else the first that waits.
    static func openCall(_ app: AppModel) -> TraceID? {
        if let id = app.traceSelection, app.call(id)?.traced.state == .waiting,
            id.message == app.conversation.lastAnswer?.id
        {
            return id
        }
        guard let answer = app.conversation.lastAnswer, let first = app.conversation.openCalls.first else { return nil }
        return TraceID(message: answer.id, call: first)
    }

    private init(models picker: Picker<String>, _ app: AppModel) {
        let current = app.parameters.model
        choices = picker.items.map { item in
            let note = item.note.isEmpty ? "" : ", \(LinearWords.spoken(item.note))"
            return Choice(
                item.label + (item.value == current ? ", the present one" : "") + note, [item.value.lowercased()])
        }
        key = .models(picker.items.map(\.value))
        lines =
            ["Models of \(LinearWords.gated(app.connection.name)):"] + Self.numbered(choices)
            + ["Type a number or a name, or nothing to keep \(current.isEmpty ? "none" : LinearWords.gated(current))."]
        prompt = "Model: "
    }

    private init(variables form: VariableForm) {
        let field = form.fields[form.selected]
        let name = LinearWords.gated(field.name)
        let known = LinearWords.gated(field.editor.text)
        self.init(
            key: .variable(field.name),
            lines: ["The prompt has a variable, \(name)." + (known.isEmpty ? "" : " Nothing typed means: \(known)")],
            prompt: "\(name): ", choices: [])
    }

    private init(tools picker: Picker<String>) {
        choices = picker.items.map { item in
            let isOn = item.label.hasPrefix("[x]")
            let name = item.label.dropFirst(4)
            return Choice("\(name), \(item.note), \(isOn ? "on" : "off")", [item.value.lowercased()])
        }
        key = .tools(picker.items.map(\.label))
        lines =
            choices.isEmpty
            ? ["No tools: definitions go into tools/*.json beside the settings file. Type nothing to go on."]
            : ["Tools of this conversation:"] + Self.numbered(choices)
                + ["Type a number or a name to switch it on or off, or nothing to go on."]
        prompt = "Tool: "
    }

    private init(entry: ValueEntry) {
        let present = entry.editor.text
        var lines: [String] = []
        if let problem = entry.problem { lines.append(LinearWords.spoken(LinearWords.gated(problem)) + ".") }
        lines.append(LinearWords.gated(entry.title).capitalizedFirst + Self.help(entry.purpose) + ".")
        if !present.isEmpty { lines += ["Now it is:"] + LinearCall.indented(present) + ["End of value."] }
        lines.append(Self.howToAnswer(entry, isEmpty: present.isEmpty))
        self.lines = lines
        key = .entry(entry.purpose, problem: entry.problem)
        prompt = "Value: "
    }

    private static func help(_ purpose: ValueEntry.Purpose) -> String {
        if case .parameter(let id) = purpose { ": \(ParameterSpec.of(id).help)" } else { "" }
    }

    private static func howToAnswer(_ entry: ValueEntry, isEmpty: Bool) -> String {
        let more = "a line that ends in \\ goes on"
        return switch entry.purpose {
        case .parameter: "Type a value; - sends none, nothing keeps it; \(more)."
        case .conversationName: "Type it; nothing keeps it."
        case .toolReplay: "Type yes to send it, or another result; nothing leaves the call waiting; \(more)."
        case .toolError where !isEmpty:
            "Type yes to send it, or another error; nothing leaves the call waiting; \(more)."
        case .toolResult, .toolError: "Type it; nothing leaves the call waiting; \(more)."
        case .toolArguments: "Type the whole arguments anew; nothing leaves them as they were; \(more)."
        }
    }

    private init(parametersOf app: AppModel) {
        choices = ParameterSpec.all.map { spec in
            Choice(
                LinearWords.parameter(spec.id, app.parameters[spec.id]),
                [spec.label.lowercased(), spec.id.rawValue])
        }
        key = .parameter
        lines = ["Parameters:"] + Self.numbered(choices) + ["Type a number or a name, or nothing to keep all."]
        prompt = "Parameter: "
    }

    private init(call id: TraceID, _ traced: TracedCall, _ app: AppModel) {
        choices = [
            Choice("run once", ["run", "y", "yes"]),
            Choice("run always in this session", ["always", "run always", "a"]),
            Choice("edit the arguments", ["edit", "e"]), Choice("type a result", ["result", "v"]),
            Choice("replay the last result", ["replay"]), Choice("return an error", ["error", "x"]),
            Choice("refuse", ["n", "no"]),
        ]
        key = .call(id, revision: traced.revision, isolation: app.tools.isolation)
        lines =
            LinearCall.lines(id, app) + [
                "What to do with it? " + Self.numbered(choices).joined(separator: " ")
                    + " Type a number or a word; nothing runs before."
            ]
        prompt = "Decision: "
    }
}

extension String {
    /// With a capital letter in front.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
