import TerminalKit

extension Keymap {
    /// The bindings of a scope, in the order of the table; those without a key left out.
    func bindings(in scope: KeyScope) -> [KeyBinding] {
        bindings.filter { $0.scope == scope && !$0.keys.isEmpty }
    }

    /// What keys after the leader come to.
    enum LeaderStep: Equatable {
        /// This is done.
        case command(Command)
        /// More keys belong to it.
        case more
        /// They mean nothing.
        case nothing
    }

    /// What these keys after the leader come to.
    func leaderStep(_ keys: [KeyChord]) -> LeaderStep {
        if let command = command(for: keys, in: .leader) { return .command(command) }
        let goesOn = bindings(in: .leader).contains {
            $0.keys.contains { $0.count > keys.count && $0.starts(with: keys) }
        }
        return goesOn ? .more : .nothing
    }

    /// The first key of a command with its scope: the pane's own, then everywhere, then after the leader, then of any
    /// pane. In the prompt a key that types a character reaches no binding of everywhere.
    func firstKeys(of command: Command, in pane: Pane? = nil) -> (scope: KeyScope, keys: [KeyChord])? {
        let wanted = bindings.filter { $0.command == command && !$0.keys.isEmpty }
        let scopes = (pane.map { [KeyScope.pane($0)] } ?? []) + [.global, .leader]
        for scope in scopes {
            let keys = wanted.lazy.filter { $0.scope == scope }.flatMap(\.keys)
            let isTyped = pane == .prompt && scope == .global
            if let first = keys.first(where: { !(isTyped && $0[0].isText) }) { return (scope, first) }
        }
        guard pane == nil, let other = wanted.first else { return nil }
        return (other.scope, other.keys[0])
    }

    /// The keys to press for a command, the leader before them; nil when it has none.
    private func pressed(_ command: Command, in pane: Pane?) -> [KeyChord]? {
        guard let (scope, keys) = firstKeys(of: command, in: pane) else { return nil }
        guard scope == .leader else { return keys }
        return firstKeys(of: .leader).map { $0.keys + keys }
    }

    /// The key of a command for sentences: `Alt-r`, `Ctrl-X m`; `/name` when it has no key and can be typed, else its
    /// name. `pane`: the one in which it is to be pressed; nil = wherever it has a key.
    func label(of command: Command, in pane: Pane? = nil) -> String {
        pressed(command, in: pane)?.longLabel ?? otherWay(to: command)
    }

    /// The same in few columns: `Alt-r`, `^X m`.
    func hint(of command: Command, in pane: Pane? = nil) -> String {
        pressed(command, in: pane)?.label ?? otherWay(to: command)
    }

    private func otherWay(to command: Command) -> String {
        SlashLine.offered.contains { $0.command == command } ? "/" + command.slashName : "\"\(command.name)\" (no key)"
    }

    /// Whether a key does a command in some pane or everywhere.
    func hasKey(_ command: Command) -> Bool { bindings.contains { $0.command == command && !$0.keys.isEmpty } }

    /// The keys of a command for lists, of its first two scopes; empty when it has none.
    func keys(of command: Command) -> String {
        bindings.filter { $0.command == command && !$0.keys.isEmpty }.prefix(2).map { shown($0.keys[0], in: $0.scope) }
            .joined(separator: ", ")
    }

    /// Keys of a scope as lists show them.
    func shown(_ keys: [KeyChord], in scope: KeyScope) -> String {
        guard scope == .leader, let leader = firstKeys(of: .leader)?.keys else { return keys.label }
        return (leader + keys).label
    }

    /// The heading of a scope in help and manual.
    func title(of scope: KeyScope) -> String {
        switch scope {
        case .global: "anywhere"
        case .leader: "after " + label(of: .leader)
        case .pane(let pane): pane.rawValue
        case .config: "in the config editor"
        case .bench: "on the screen of a run"
        }
    }
}
