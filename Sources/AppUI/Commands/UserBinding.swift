public import TerminalKit

/// Keys that a user gives a command, as the settings file says.
public struct UserBinding: Sendable, Hashable {
    /// Where they hold: `global`, `leader`, `config` or a pane's name.
    public let scope: String
    /// The command: its name behind a slash, or in `prompt` an editing command as readline names it, in
    /// `config` what the config editor does.
    public let command: String
    /// Any of these, each one key or several pressed one after the other; empty = the command has no key there.
    public let chords: [[KeyChord]]
    /// Where it was read, such as `config.toml:12`.
    public let place: String

    /// A binding.
    public init(scope: String, command: String, chords: [[KeyChord]], place: String) {
        self.scope = scope
        self.command = command
        self.chords = chords
        self.place = place
    }
}

/// What is wrong with a binding, or good to know about it.
public struct KeyProblem: Sendable, Hashable, CustomStringConvertible {
    /// Where it was read.
    public let place: String
    /// What is wrong, in one sentence.
    public let message: String
    /// Whether nothing is wrong: the binding holds, and this is only good to know.
    public let isNote: Bool
    /// Whether it tells that a command of ours lost a key to the binding; such a one is a note.
    public let isLoss: Bool

    init(place: String, message: String, isNote: Bool, isLoss: Bool = false) {
        self.place = place
        self.message = message
        self.isNote = isNote
        self.isLoss = isLoss
    }

    /// Place and sentence.
    public var description: String { "\(place): \(message)" }
}

/// What a key can be bound to.
enum BindingTarget: Hashable {
    case command(Command)
    /// An editing command of the prompt, by its name.
    case editing(String)
    /// A key of the config editor, by its name.
    case config(String)

    /// Its name in the settings file.
    var name: String {
        switch self {
        case .command(let command): command.slashName
        case .editing(let name), .config(let name): name
        }
    }
}

extension Command {
    /// The command that a settings file names: by its name with hyphens, by another name of it, or by its name in our
    /// source.
    init?(bindingName name: String) {
        let wanted = Self.plain(name)
        let found =
            Self.allCases.first { Self.plain($0.slashName) == wanted || $0.rawValue.lowercased() == wanted }
            ?? Self.allCases.first { $0.aliases.contains { Self.plain($0) == wanted } }
        guard let found else { return nil }
        self = found
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
    }
}

extension Keymap {
    /// This table with the user's bindings over it, and what is wrong with them.
    ///
    /// A binding takes the place of all keys of its command in its scope; a key that another command had there goes
    /// over to it. Of two bindings of one key in one scope the first holds, and both places are told. A binding none of
    /// whose keys can be used changes nothing.
    public func applying(_ bindings: [UserBinding]) -> (keymap: Keymap, problems: [KeyProblem]) {
        var binder = KeyBinder(self)
        // What follows the leader can only be told apart when the leader is known.
        let isLeader = { (binding: UserBinding) in Command(bindingName: binding.command) == .leader }
        for binding in bindings.filter(isLeader) + bindings.filter({ !isLeader($0) }) { binder.bind(binding) }
        return binder.finish()
    }
}
