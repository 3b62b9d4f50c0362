import Testing

@testable import TerminalKit

/// Editors as texts with `|` where the cursor stands; a fold shows as `￼`.
enum EditorPicture {
    static func of(_ editor: LineEditor) -> String {
        String(editor.characters[..<editor.cursor]) + "|" + String(editor.characters[editor.cursor...])
    }

    static func editor(_ picture: String, mode: EditingMode = .emacs) -> LineEditor {
        let parts = picture.split(separator: "|", omittingEmptySubsequences: false)
        var editor = LineEditor(parts.joined())
        editor.editingMode = mode
        editor.moveCursor(to: parts[0].count)
        return editor
    }

    /// Keys written down: each character is a key, `⎋` Esc, `⏎` Enter, `‸x` Ctrl-X, `⌥x` Alt-X, `⇠⇢⇡⇣` arrows.
    static func keys(_ text: String) -> [KeyChord] {
        var chords: [KeyChord] = []
        var modifiers: KeyChord.Modifier = []
        for character in text {
            switch character {
            case "‸": modifiers.insert(.control)
            case "⌥": modifiers.insert(.alt)
            default:
                let named: [Character: Key] = [
                    "⎋": .escape, "⏎": .enter, "⌫": .backspace, "⌦": .delete, "⇠": .left, "⇢": .right, "⇡": .up,
                    "⇣": .down,
                ]
                chords.append(KeyChord(named[character] ?? .character(character), modifiers))
                modifiers = []
            }
        }
        return chords
    }

    static func after(_ keys: String, in picture: String, mode: EditingMode = .emacs) -> LineEditor {
        var editor = editor(picture, mode: mode)
        for chord in Self.keys(keys) { _ = editor.handle(chord) }
        return editor
    }
}
