import ProviderCore
import TerminalKit

/// A command as it is typed in the prompt or in linear mode: `/name argument`.
enum SlashLine: Sendable, Hashable {
    /// A command and what stands behind its name, trimmed.
    case command(Command, argument: String)
    /// A name that no command has, and one that is nearly it.
    case unknown(String, near: String?)

    /// Reads a prompt. Nil when it is no command: it does not begin with a slash, or with two (then one of them is sent), or the word
    /// is a path.
    init?(_ text: String) {
        guard text.first == "/", !text.hasPrefix("//") else { return nil }
        let line = text.dropFirst()
        let name = line.prefix { !$0.isWhitespace }
        guard let first = name.first, first.isLetter, !name.contains("/"), !name.contains(".") else { return nil }
        if let command = Self.command(named: String(name)) {
            self = .command(command, argument: line.dropFirst(name.count).trimmed)
        } else {
            self = .unknown(String(name), near: Self.near(String(name)))
        }
    }

    /// Commands that can be typed, by name.
    static let offered: [(name: String, command: Command)] = Command.allCases
        .filter { $0.isInPalette || $0.takesArgument }
        .map { ($0.slashName, $0) }.sorted { $0.0 < $1.0 }

    private static func command(named name: String) -> Command? {
        let wanted = name.lowercased()
        return offered.first { $0.name == wanted || $0.command.aliases.contains(wanted) }?.command
    }

    private static func near(_ name: String) -> String? {
        let scored = offered.map {
            (
                name: $0.name,
                distance: EditDistance.between(Array(name.lowercased().unicodeScalars), Array($0.name.unicodeScalars))
            )
        }
        guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= max(1, name.count / 3) else {
            return offered.first { $0.name.hasPrefix(name.lowercased()) }?.name
        }
        return best.name
    }

    /// A prompt that begins with two slashes, or two exclamation marks, is sent with one.
    static func unescaped(_ text: String) -> String {
        text.hasPrefix("//") || text.hasPrefix("!!") ? String(text.dropFirst()) : text
    }

    /// A text as it has to stand in the prompt to be sent as it is, and not to be done.
    static func escaped(_ text: String) -> String {
        if text.hasPrefix("//") || SlashLine(text) != nil { return "/" + text }
        return text.hasPrefix("!") ? "!" + text : text
    }
}

extension Command {
    /// Its name behind a slash: the palette's, with hyphens.
    var slashName: String { name.replacing(" ", with: "-") }

    /// Other names that fingers know.
    var aliases: [String] {
        switch self {
        case .quit: ["exit", "q"]
        case .regenerate: ["retry", "regenerate", "redo"]
        case .undoTurn: ["undo"]
        case .editSystemPrompt: ["system"]
        case .newConversation: ["clear", "reset"]
        case .chooseTools: ["tools-list"]
        case .usage: ["cost", "spent"]
        case .configure: ["config", "params"]
        case .choosePreset: ["presets"]
        case .setUpEndpoint: ["provider", "connect"]
        case .help: ["?", "keys", "hotkeys"]
        case .toolResult: ["result"]
        case .toolRefuse: ["refuse"]
        case .toolRun: ["run"]
        case .toolReplay: ["replay"]
        case .toggleReasoning: ["thinking"]
        case .editMessage: ["edit"]
        case .listConversations: ["list", "sessions", "open"]
        case .branches: ["tree"]
        case .benchmarks: ["bench"]
        case .renameConversation: ["title"]
        default: []
        }
    }

    /// What stands behind the name, for help; nil = nothing.
    var argumentName: String? {
        switch self {
        case .chooseModel: "[MODEL]"
        case .chooseTheme: "[THEME]"
        case .editSystemPrompt: "[TEXT]"
        case .setParameter: "PARAMETER VALUE"
        case .unset, .useDefault: "PARAMETER"
        case .choosePreset, .savePreset: "[NAME]"
        case .comparePresets: "[NAME [NAME]]"
        case .toolResult, .toolError, .searchConversations, .renameConversation, .find: "[TEXT]"
        case .exportConversation: "[md|json|html] [FILE]"
        case .importConversation, .saveSample: "FILE"
        default: nil
        }
    }

    /// Whether something may stand behind its name.
    var takesArgument: Bool { argumentName != nil }
}
