import FunctionTools
import ProviderCore
import TerminalKit

extension AppModel {
    /// Does what a typed command says. Nil: the text is no command and is to be sent.
    mutating func performTyped(_ text: String) -> [AppEffect]? {
        switch SlashLine(text) {
        case nil: return nil
        case .unknown(let name, let near):
            let hint = near.map { " Do you mean /\($0)?" } ?? ""
            let shown = TextGate.gate(name, allowNewlines: false).text
            flash = Flash(
                text: "There is no command /\(shown).\(hint) // sends a text that begins with /.", level: .warning)
            return []
        case .command(let command, let argument):
            history.add(text)
            prompt.setText("")
            remember(command)
            guard !argument.isEmpty else {
                guard command != .setParameter, command != .unset, command != .useDefault else {
                    flash = Flash(text: "/\(command.slashName) \(command.argumentName ?? "")", level: .info)
                    return []
                }
                return perform(command)
            }
            return perform(command, argument: argument)
        }
    }

    /// Does what a command says with what stands behind its name.
    mutating func perform(_ command: Command, argument: String) -> [AppEffect] {
        switch command {
        case .chooseModel: parameters.set(.model, to: .text(argument))
        case .chooseTheme:
            wantedTheme = argument
            return [.listThemes]
        case .searchConversations: return openConversations(searching: argument)
        case .find:
            openFind()
            find?.editor.setText(argument)
            find?.isTyping = false
            find?.search(conversation, from: 0)
            moveInFind(by: 0)
        case .exportConversation: return exportConversation(argument)
        case .importConversation: return importConversation(argument)
        case .saveSample: return saveSample(argument)
        case .renameConversation: return rename(conversation.id, to: argument)
        case .editSystemPrompt: parameters.set(.systemPrompt, to: .text(argument))
        case .setParameter: setTyped(argument)
        case .choosePreset: return applyPreset(named: argument)
        case .savePreset: return savePreset(argument)
        case .comparePresets: return comparePresets(argument)
        case .unset, .useDefault:
            guard let id = ParameterID(typed: argument) else {
                flash = Flash(text: Self.unknownParameter(argument), level: .warning)
                return []
            }
            if command == .unset { parameters.unset(id) } else { parameters.useDefault(id, spec(id)) }
            tell(id)
        case .toolResult, .toolError:
            guard let id = traceSelection ?? traceIDs.last, let (_, traced) = call(id), traced.state == .waiting else {
                flash = Flash(text: "No call waits.", level: .info)
                return []
            }
            return decide(id, ToolResult(argument, kind: command == .toolResult ? .typed : .error), by: .person)
        default:
            flash = Flash(text: "/\(command.slashName) takes nothing behind it.", level: .warning)
        }
        return []
    }

    private mutating func setTyped(_ argument: String) {
        let parts = argument.split(maxSplits: 1) { $0.isWhitespace || $0 == "=" }
        guard let name = parts.first, let id = ParameterID(typed: String(name)) else {
            flash = Flash(text: Self.unknownParameter(argument), level: .warning)
            return
        }
        guard parts.count == 2 else { return tell(id) }
        do {
            parameters.set(id, to: try spec(id).parse(parts[1].trimmed))
            tell(id)
        } catch { flash = Flash(text: error.message, level: .warning) }
    }

    private mutating func tell(_ id: ParameterID) {
        let spec = ParameterSpec.of(id)
        flash = Flash(text: "\(spec.label) \(parameters[id].value.map(spec.shown) ?? "not sent")", level: .info)
    }

    private static func unknownParameter(_ typed: String) -> String {
        let name = TextGate.gate(typed, allowNewlines: false).text
        return "There is no parameter \"\(CellWidth.truncate(name, to: 30))\": "
            + ParameterID.allCases.map(\.rawValue).joined(separator: ", ")
    }
}

extension ParameterID {
    /// The parameter of this name, as on the wire or as in the panel.
    init?(typed name: String) {
        let wanted = name.lowercased().replacing("-", with: "_").trimmed
        let found = ParameterSpec.all.first {
            $0.id.rawValue == wanted || $0.label.replacing(" ", with: "_") == wanted
        }
        guard let found else { return nil }
        self = found.id
    }
}
