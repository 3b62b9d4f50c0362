import TerminalKit

/// A part of the key table as people read it: help, manual and web page are made of these.
struct KeySection {
    /// One line: keys and what they do.
    struct Row {
        /// Any of these, in few columns.
        let keys: [String]
        /// The same as sentences name them.
        let longKeys: [String]
        /// What the settings file calls it; empty when it cannot be bound.
        let name: String
        let summary: String
        /// Where the user bound it; nil = it is ours.
        var place: String?
    }

    /// The heading.
    let title: String
    /// The table of the settings file; nil when nothing in it can be bound.
    let scope: KeyScope?
    let rows: [Row]
    /// What the rows cannot say.
    var note: String?

    /// The bindings of a scope; `only`: those of these commands, nil = all.
    static func scope(_ scope: KeyScope, _ keymap: Keymap, only: Set<Command>? = nil) -> KeySection {
        let leader = scope == .leader ? keymap.firstKeys(of: .leader)?.keys ?? [] : []
        let rows = keymap.bindings(in: scope).filter { only?.contains($0.command) ?? true }.map { binding in
            let keys = binding.keys.map { leader + $0 }
            return Row(
                keys: keys.map(\.label), longKeys: keys.map(\.longLabel), name: binding.command.slashName,
                summary: binding.command.summary, place: binding.place)
        }
        return KeySection(title: keymap.title(of: scope), scope: scope, rows: rows, note: note(scope))
    }

    /// What the table cannot say of a scope.
    private static func note(_ scope: KeyScope) -> String? {
        switch scope {
        case .pane(.prompt):
            "A backslash before Enter makes a new line, too. Up and Down move between lines, then through the history."
        case .pane(.parameters): "A digit starts a value. A change holds from the next request on."
        case .pane(.tools):
            "Nothing runs by Enter, and nothing that was not on the screen: a command that the trace cannot show "
                + "whole has to be read to its end first. What is stopped while it runs waits for a decision again."
        case .bench:
            "A digit begins typing how many trials run at once. A run of another process is watched only: it is neither paused "
                + "nor changed from here."
        default: nil
        }
    }

    /// What is said of a screen of a run, its own keys first.
    static func run(_ keymap: Keymap) -> [KeySection] {
        let dialogs = dialogs.filter { [inLists, inViewers, inLeaving].contains($0.title) }
        return [scope(.bench, keymap), scope(.global, keymap, only: [.palette, .interrupt, .redraw, .suspend])]
            + dialogs
    }

    /// The keys by which the prompt is edited.
    static func editing(_ keymap: Keymap) -> KeySection {
        let rows = keymap.editing.compactMap { key -> Row? in
            let chords = keymap.reaching(key)
            guard !chords.isEmpty else { return nil }
            return Row(
                keys: chords.map(\.label), longKeys: chords.map(\.longLabel), name: key.name, summary: key.summary,
                place: key.place)
        }
        return KeySection(title: "editing in the prompt", scope: .pane(.prompt), rows: rows)
    }

    /// The keys of the config editor.
    static func config(_ keymap: Keymap) -> KeySection {
        let rows = keymap.config.filter { !$0.chords.isEmpty }.map {
            Row(
                keys: $0.chords.map(\.label), longKeys: $0.chords.map(\.longLabel), name: $0.name, summary: $0.summary,
                place: $0.place)
        }
        return KeySection(
            title: keymap.title(of: .config), scope: .config, rows: rows, note: "Esc leaves it, whatever is bound.")
    }

    /// Commands that are typed in the prompt.
    static let typed: KeySection = {
        let rows = SlashLine.offered.map { name, command in
            let argument = command.argumentName.map { " " + $0 } ?? ""
            let others = command.aliases.map { "/" + $0 }.joined(separator: ", ")
            let summary = command.summary + (others.isEmpty ? "" : " (also \(others))")
            return Row(keys: ["/" + name + argument], longKeys: ["/" + name + argument], name: "", summary: summary)
        }
        return KeySection(
            title: "typed in the prompt", scope: nil, rows: rows,
            note: "Two slashes send a text that begins with one.")
    }()

    private static let inLists = "in lists and boxes"
    private static let inLeaving = "when the screen of a run is left"
    private static let inViewers = "in screens that are read"

    /// Keys of lists, boxes and screens.
    static let dialogs: [KeySection] = [
        (inLists, DialogKey.lists), (inViewers, DialogKey.viewers),
        ("in the list of conversations and the history", DialogKey.conversations),
        ("in versions beside each other", DialogKey.comparison), (inLeaving, DialogKey.leaving),
    ].map { title, keys in
        let rows = keys.map {
            Row(keys: $0.chords.map(\.label), longKeys: $0.chords.map(\.longLabel), name: "", summary: $0.summary)
        }
        return KeySection(title: title, scope: nil, rows: rows)
    }

    /// Everything, the keys of a pane first.
    static func all(_ keymap: Keymap, first pane: Pane) -> [KeySection] {
        var sections = [scope(.pane(pane), keymap)]
        if pane == .prompt { sections.append(editing(keymap)) }
        sections += [scope(.global, keymap), scope(.leader, keymap)]
        if pane != .prompt { sections += [scope(.pane(.prompt), keymap), editing(keymap)] }
        sections += [typed, config(keymap)] + dialogs
        sections += Pane.tabOrder.filter { $0 != pane && $0 != .prompt }.map { scope(.pane($0), keymap) }
        return sections
    }

    /// Everything, in the order of the manual.
    static func manual(_ keymap: Keymap) -> [KeySection] {
        [scope(.global, keymap), scope(.leader, keymap), scope(.pane(.prompt), keymap), editing(keymap)]
            + Pane.tabOrder.filter { $0 != .prompt }.map { scope(.pane($0), keymap) } + [
                config(keymap), scope(.bench, keymap), typed,
            ]
            + dialogs
    }
}
