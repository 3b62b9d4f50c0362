import Conversations
import ProviderCore
import TerminalKit

/// Commands that only linear mode has, since elsewhere they are keys or places.
enum LinearCommand: String, Sendable, Hashable, CaseIterable {
    case stop, send, answers, messages, call

    /// The command of a typed name.
    init?(typed name: String) {
        let wanted = name.lowercased()
        guard let found = Self.allCases.first(where: { $0.rawValue == wanted || $0.aliases.contains(wanted) }) else {
            return nil
        }
        self = found
    }

    /// Other names that fingers know.
    var aliases: [String] {
        switch self {
        case .stop: ["cancel"]
        case .answers: ["versions"]
        case .send, .messages, .call: []
        }
    }

    /// What stands behind the name.
    private var argumentName: String { self == .call ? " [1.1]" : "" }

    private var summary: String {
        switch self {
        case .stop: "stop the running answer or tool, or leave what is edited"
        case .send: "send what is in the prompt"
        case .answers: "read all versions of the last answer, one after the other"
        case .messages: "list the messages of this conversation with their numbers"
        case .call: "read a tool call whole, with its result"
        }
    }

    /// All commands with what they do.
    static var help: [String] {
        let own = allCases.map { ($0.rawValue + $0.argumentName, $0.summary) }
        let shared = SlashLine.offered.filter { !$0.command.isOfScreenOnly }.map { offered in
            let argument = linearArgument(of: offered.command) ?? offered.command.argumentName
            return (offered.name + (argument.map { " " + $0 } ?? ""), linearSummary(of: offered.command))
        }
        return ["Commands:"] + (own + shared).sorted { $0.0 < $1.0 }.map { "/\($0.0): \($0.1)." } + [
            "Anything else is a prompt. // sends a text that begins with a slash; a line that ends in \\ goes on.",
            "Ctrl-C stops the answer, twice it leaves.",
        ]
    }

    private static func linearArgument(of command: Command) -> String? {
        switch command {
        case .focusMeter, .toggleReasoning: "[always or never]"
        case .nudge: "[PARAMETER] up or down"
        case .editSettings: "[NAME [VALUE]]"
        case .setParameter: "NAME VALUE"
        case .regenerate, .editMessage, .previousBranch, .nextBranch, .fork, .compare: "[NUMBER]"
        default: nil
        }
    }

    private static func linearSummary(of command: Command) -> String {
        switch command {
        case .find: "read the lines of this conversation that have a text"
        case .focusMeter: "tell tokens, cost, speed and context; always: after each answer"
        case .toggleReasoning: "read the reasoning of the last answer; always: each as it comes"
        case .focusParameters, .configure: "tell all parameters"
        case .focusTools: "list the tool calls"
        case .focusOutput: "read the last answer again"
        case .focusPrompt: "read what is in the prompt"
        case .toTop: "read the conversation from its beginning"
        case .nudge: "move a parameter one step, the last-used one unless it is named"
        case .help: "list the commands"
        case .editSettings: "list the settings, tell one, or change one and save it"
        case .setUpEndpoint: "set up a provider by questions, test it step by step, save it"
        case .compare: "read the versions of an answer one after the other, and what differs"
        case .listConversations: "list the conversations: open, rename, delete"
        default: LinearWords.spoken(command.summary)
        }
    }
}

extension Command {
    /// Whether it only changes how a screen looks.
    var isOfScreenOnly: Bool {
        switch self {
        case .chooseTheme, .zoomPane, .toggleSideColumn, .toggleToolDetails, .redraw, .nextPane, .previousPane, .follow,
            .findNext, .findPrevious, .keyCheck, .toggleMouse, .expandPaste:
            true
        default: false
        }
    }
}

extension LinearModel {
    /// Does what a typed command says.
    mutating func take(_ line: SlashLine, _ text: String) {
        switch line {
        case .unknown(let name, _):
            let argument = text.dropFirst(1 + name.count).trimmed
            if let command = LinearCommand(typed: name) {
                perform(command, argument)
            } else {
                change { $0.performTyped(text) ?? [] }
            }
        case .command(let command, let argument): perform(command, argument)
        }
    }

    private mutating func perform(_ command: LinearCommand, _ argument: String) {
        switch command {
        case .stop: if !leaveEndpoint() { change { $0.perform(.cancel) } }
        case .send: change { $0.perform(.send) }
        case .answers: output.lines(LinearReading.answers(app))
        case .messages: output.lines(LinearReading.messages(app))
        case .call:
            guard let id = argument.isEmpty ? app.traceSelection ?? app.traceIDs.last : LinearCall.id(argument, app)
            else {
                return output.line(argument.isEmpty ? "No tool was called yet." : "There is no call of this number.")
            }
            if app.call(id)?.traced.state == .waiting { app.traceSelection = id }
            output.lines(LinearCall.lines(id, app) + LinearCall.result(id, app, isWhole: true))
        }
    }

    private mutating func perform(_ command: Command, _ argument: String) {
        guard !command.isOfScreenOnly else {
            return output.line("/\(command.slashName) changes nothing in linear mode: nothing is drawn.")
        }
        switch command {
        case .find: output.lines(LinearReading.find(argument, app))
        case .focusMeter: tellFigures(argument)
        case .toggleReasoning: tellReasoning(argument)
        case .help: output.lines(LinearCommand.help)
        case .focusParameters, .configure: output.lines(LinearWords.parameters(app.parameters))
        case .focusTools: output.lines(LinearCall.trace(app))
        case .focusOutput: output.lines(LinearReading.lastAnswer(app))
        case .toTop: output.lines(LinearReading.transcript(app))
        case .focusPrompt:
            output.lines(app.prompt.isEmpty ? ["The prompt is empty."] : LinearCall.indented(app.prompt.text))
        case .editSettings: performSettings(argument)
        case .setParameter where argument.isEmpty: asksParameter = true
        case .setParameter where setting(typed: argument) != nil: performSettings(argument)
        case .unset where argument.isEmpty, .useDefault where argument.isEmpty:
            output.line("/\(command.slashName) PARAMETER. /parameters lists them.")
        case .unset, .useDefault:
            if let row = setting(typed: argument) { return set(row, to: "-") }
            change { $0.perform(command, argument: argument) }
        case .nudge: nudge(argument)
        case .regenerate, .editMessage, .previousBranch, .nextBranch, .fork, .compare:
            perform(command, onMessage: argument)
        case .renameConversation where argument.isEmpty: output.line("/rename NAME gives the conversation a name.")
        case .editExternally where !isInteractive: output.line("An editor needs a terminal.")
        case .toolRun where !isInteractive, .toolRunSession where !isInteractive:
            output.line(Self.nothingRuns)
        default: change { argument.isEmpty ? $0.perform(command) : $0.perform(command, argument: argument) }
        }
    }

    private mutating func tellFigures(_ argument: String) {
        switch argument.lowercased() {
        case "always", "on": view.readsFigures = true
        case "never", "off": view.readsFigures = false
        default: return output.lines(LinearWords.meter(app))
        }
        output.line(view.readsFigures ? "Figures are told after each answer." : "Figures are told when asked for.")
    }

    private mutating func tellReasoning(_ argument: String) {
        switch argument.lowercased() {
        case "always", "on": app.reasoningShown = true
        case "never", "off": app.reasoningShown = false
        default: return output.lines(LinearReading.reasoning(app))
        }
        output.line(app.reasoningShown ? "Reasoning is read as it comes." : "Reasoning is folded; /reasoning reads it.")
    }

    /// `up`, `down`, `+3`, `temperature down`: moves a parameter by steps.
    private mutating func nudge(_ argument: String) {
        var words = argument.split(whereSeparator: \.isWhitespace).map(String.init)
        let steps: Int? =
            switch words.last {
            case "up"?, "+"?: 1
            case "down"?, "-"?: -1
            case let word?: word.hasPrefix("+") ? Int(word.dropFirst()) : word.hasPrefix("-") ? Int(word) : nil
            case nil: nil
            }
        if steps != nil { words.removeLast() }
        let name = words.joined(separator: " ")
        let id = name.isEmpty ? app.parameters.lastUsed : ParameterID(typed: name)
        guard let id else { return output.line("There is no parameter of this name. /parameters lists them.") }
        guard let steps else {
            let now = LinearWords.parameter(id, app.parameters[id])
            return output.line("\(now). /nudge up or /nudge down moves it.")
        }
        let before = app.parameters[id]
        change { app in
            if !app.parameters.step(id, by: steps) {
                app.flash = AppModel.Flash(text: "It has no steps: /set \(id.rawValue) types a value.", level: .info)
            }
            return []
        }
        if app.parameters[id] == before, app.flash == nil {
            output.line("\(LinearWords.parameter(id, before)): the end of its range.")
        }
    }

    /// Does something with the message of a number, or with the last one.
    private mutating func perform(_ command: Command, onMessage argument: String) {
        if !argument.isEmpty {
            let messages = LinearReading.path(app)
            guard let number = Int(argument), messages.indices.contains(number - 1) else {
                return output.line("There is no message of this number: /messages lists them.")
            }
            app.transcript.select(messages[number - 1])
        }
        change { $0.perform(command) }
        app.transcript.follow()
    }
}
