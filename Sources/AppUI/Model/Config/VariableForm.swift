import ProviderCore
import TerminalKit

/// The form that asks for the variables of a prompt before it is sent.
struct VariableForm: Sendable {
    /// What is done when they are filled in.
    enum Purpose: Sendable, Hashable {
        /// The prompt is sent; its text.
        case send(String)
        /// The last answer is asked for again.
        case again
    }

    struct Field: Sendable {
        let name: String
        var editor: LineEditor
    }

    let purpose: Purpose
    var fields: [Field]
    var selected = 0

    var values: [String: String] {
        Dictionary(fields.map { ($0.name, $0.editor.text) }) { first, _ in first }
    }
}

/// What variables were last, in this session.
struct VariableMemory: Sendable {
    /// What a person typed last, by name.
    var values: [String: String] = [:]
    /// What the preset in use has for them.
    var defaults: [String: String] = [:]
    /// The system prompt whose variables a person has filled in; nil = none.
    var filledSystemPrompt: String?

    subscript(name: String) -> String? { values[name] ?? defaults[name] }
}

extension AppModel {
    /// The system prompt as it is sent: with its variables filled in.
    var sentSystemPrompt: String? {
        let values = desk.variables.defaults.merging(desk.variables.values) { _, typed in typed }
        return parameters.systemPrompt.map { PromptTemplate($0).filled(values) }
    }

    /// Variables of the system prompt, while nobody filled them in.
    var openSystemVariables: [String] {
        guard let text = parameters.systemPrompt, text != desk.variables.filledSystemPrompt else { return [] }
        return PromptTemplate(text).names
    }
}
