public import TerminalKit

/// An editing key of the prompt, named as readline names it, so that it can be bound in `[keys.prompt]` as commands
/// can.
public struct EditingKey: Sendable, Hashable {
    /// readline's name.
    public let name: String
    /// One line for help.
    public let summary: String
    /// Any of these.
    public internal(set) var chords: [KeyChord]
    /// Where the user bound it; nil = it is ours.
    public internal(set) var place: String?

    init(_ name: String, _ summary: String, _ chords: [KeyChord]) {
        self.name = name
        self.summary = summary
        self.chords = chords
    }

    /// What `LineEditor.handle` does with keys, as far as no command of the prompt takes them before.
    static let standard: [EditingKey] = [
        EditingKey(
            "beginning-of-line", "to the start of the line; twice: of the text", [.control("a"), KeyChord(.home)]),
        EditingKey("end-of-line", "to the end of the line; twice: of the text", [.control("e"), KeyChord(.end)]),
        EditingKey("beginning-of-text", "to the start of the text", [KeyChord(.home, .control)]),
        EditingKey("end-of-text", "to the end of the text", [KeyChord(.end, .control)]),
        EditingKey("backward-char", "one character back", [.control("b"), KeyChord(.left)]),
        EditingKey("forward-char", "one character on", [.control("f"), KeyChord(.right)]),
        EditingKey(
            "backward-word", "one word back", [.alt("b"), KeyChord(.left, .control), KeyChord(.left, .alt)]),
        EditingKey(
            "forward-word", "one word on", [.alt("f"), KeyChord(.right, .control), KeyChord(.right, .alt)]),
        EditingKey("delete-char", "delete forward", [KeyChord(.delete)]),
        EditingKey(
            "backward-delete-char", "delete back", [KeyChord(.backspace), KeyChord(.backspace, .shift), .control("h")]),
        EditingKey("kill-line", "cut to the end of the line", [.control("k")]),
        EditingKey("unix-line-discard", "cut to the start of the line", [.control("u")]),
        EditingKey(
            "kill-word", "cut the word ahead", [.alt("d"), KeyChord(.delete, .control), KeyChord(.delete, .alt)]),
        EditingKey(
            "backward-kill-word", "cut the word behind",
            [KeyChord(.backspace, .alt), KeyChord(.backspace, .control)]),
        EditingKey("unix-word-rubout", "cut back to white space", [.control("w")]),
        EditingKey("yank", "insert what was cut", [.control("y")]),
        EditingKey("yank-pop", "after yank: what was cut before that", [.alt("y")]),
        EditingKey("upcase-word", "word in upper case", [.alt("u")]),
        EditingKey("downcase-word", "word in lower case", [.alt("l")]),
        EditingKey("capitalize-word", "word with a capital", [.alt("c")]),
        EditingKey("undo", "undo", [.control("_"), .control("/")]),
    ]
}

extension Keymap {
    /// The editing command of a key.
    func editingKey(for chord: KeyChord) -> EditingKey? { editing.first { $0.chords.contains(chord) } }

    /// The key by which the line editor knows what a key is bound to; nil when the key edits nothing.
    ///
    /// The editor's own table stays as it is: a key that was bound to an editing command becomes one that the editor
    /// knows. Of the others only characters reach it.
    func editorChord(for chord: KeyChord) -> KeyChord? {
        if let key = editingKey(for: chord) {
            let own = EditingKey.standard.first { $0.name == key.name }?.chords ?? []
            return own.contains(chord) ? chord : own.first
        }
        return chord.isText ? chord : nil
    }
}
