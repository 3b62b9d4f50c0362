public import TerminalKit

/// An editing command of the prompt with its keys, named as readline names it, so that it can be bound in `[keys.prompt]` as
/// commands can.
public struct EditingKey: Sendable, Hashable {
    /// What the editor does.
    let command: EditCommand
    /// Any of these.
    public internal(set) var chords: [KeyChord]
    /// Where the user bound it; nil = it is ours.
    public internal(set) var place: String?

    /// readline's name.
    public var name: String { command.rawValue }
    /// One line for help.
    public var summary: String { command.summary }

    /// The editor's table as it comes. A key that a command of the prompt has, too, never reaches it.
    static let standard: [EditingKey] = {
        let bound = EditKeymap.standard.bindings
        return EditCommand.allCases.map { command in
            EditingKey(command: command, chords: bound.first { $0.command == command }?.chords ?? [])
        }
    }()
}

extension Keymap {
    /// The editing command of a key, unless a command of the prompt takes it before.
    func editingKey(for chord: KeyChord) -> EditingKey? {
        guard command(for: chord, in: .pane(.prompt)) == nil else { return nil }
        return editing.first { $0.chords.contains(chord) }
    }

    /// The keys of an editing command that reach the editor.
    func reaching(_ key: EditingKey) -> [KeyChord] {
        key.chords.filter { command(for: $0, in: .pane(.prompt)) == nil }
    }

    /// The table for the editor.
    var editKeymap: EditKeymap { EditKeymap(editing.map { ($0.command, $0.chords) }) }
}
