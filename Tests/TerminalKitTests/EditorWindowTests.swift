import TestSupport
import Testing

@testable import TerminalKit

/// What of an editor's text is drawn: the same rows as of the whole, without laying all of it out.
@Suite struct EditorWindowTests {
    /// The window as the whole layout gives it.
    private func expected(_ editor: LineEditor, width: Int, height: Int) -> EditorWindow {
        let layout = editor.layout(width: width)
        let first = max(0, layout.cursor.y - height + 1)
        return EditorWindow(
            rows: Array(layout.rows.dropFirst(first).prefix(height)),
            cursor: Position(x: layout.cursor.x, y: layout.cursor.y - first))
    }

    @Test(arguments: 1...20) func isPartOfTheWhole(seed: UInt64) {
        let random = SeededRandom(seed)
        var editor = LineEditor()
        let pieces = ["a", " ", "\n", "word", "漢", "\t", "long-words-without-a-blank", "  ", "e\u{301}", "x y z "]
        for step in 0..<300 {
            switch random.next(below: 12) {
            case 0: editor.moveCursor(to: random.next(below: editor.count + 1))
            case 1: editor.deleteBack()
            case 2: editor.undo()
            case 3: editor.redo()
            case 4: _ = editor.moveUp()
            case 5: _ = editor.moveDown()
            case 6: editor.insertFolded("many\nlines", label: "[pasted 2 lines]")
            default: editor.insert(pieces[random.next(below: pieces.count)])
            }
            let (width, height) = (seed.isMultiple(of: 2) ? 7 : 1 + step % 9, 1 + step % 5)
            let window = editor.window(width: width, height: height)
            #expect(window == expected(editor, width: width, height: height), "seed \(seed), step \(step)")
            let rows = editor.layout(width: width).rows.count
            #expect(editor.rowCount(width: width, most: 10) == min(10, rows), "seed \(seed), step \(step)")
            #expect(editor.byteCount == editor.text.utf8.count)
            #expect(editor.text == LineEditor(editor.text).text)
        }
    }

    private static let long: [(String, String)] = [
        ("60,000 lines", Array(repeating: "a line of a log", count: 60_000).joined(separator: "\n")),
        ("a line of 200,000 characters", String(repeating: "0123456789", count: 20_000)),
        ("words", String(repeating: "some words ", count: 20_000)),
    ]

    /// Rows that are laid out for a key, wherever it is typed: some, not all.
    @Test(arguments: long) func aKeyCostsTheRowsAtHand(name: String, text: String) {
        var editor = LineEditor(text)
        for place in [editor.count, editor.count / 2, 0, 10] {
            editor.moveCursor(to: place)
            _ = editor.window(width: 80, height: 20)
            let before = editor.cache.rows.work
            for character in "typed" {
                editor.type(character)
                _ = editor.rowCount(width: 80, most: 20)
                _ = editor.window(width: 80, height: 20)
            }
            let work = editor.cache.rows.work - before
            #expect(work <= 5 * 60, "\(name) at \(place): \(work) rows")
        }
        // All of it is more than that: the count counts.
        editor.setText(text)
        let before = editor.cache.rows.work
        _ = editor.window(width: 80, height: 20)
        #expect(editor.cache.rows.work - before > 2_000)
    }
}
