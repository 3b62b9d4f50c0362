import Testing

@testable import TerminalKit

/// A long paste stands as one character.
@Suite struct FoldTests {
    private static let paste = (1...312).map { "line \($0)" }.joined(separator: "\n")

    private func folded() -> LineEditor {
        var editor = LineEditor("see  please")
        editor.moveCursor(to: 4)
        editor.insertFolded(Self.paste, label: "[pasted 312 lines]")
        return editor
    }

    @Test func standsAsOneAndIsSentWhole() {
        var editor = folded()
        #expect(editor.count == 12 && editor.cursor == 5)
        #expect(editor.text == "see \(Self.paste) please")
        #expect(editor.rowText(0..<editor.count) == "see [pasted 312 lines] please")
        let left = editor.handle(KeyChord(.left))
        #expect(left && editor.cursor == 4)
        let right = editor.handle(KeyChord(.right))
        #expect(right && editor.cursor == 5)
        let deleted = editor.handle(KeyChord(.backspace))
        #expect(deleted && editor.text == "see  please")
        editor.undo()
        #expect(editor.text == "see \(Self.paste) please")
        editor.undo()
        #expect(editor.text == "see  please")
        editor.redo()
        #expect(editor.folds.map(\.place) == [4])
    }

    @Test func opensForEditingAndClosesByUndo() {
        var editor = folded()
        #expect(editor.foldAtCursor?.label == "[pasted 312 lines]")
        let opened = editor.expandFold()
        #expect(opened && editor.folds.isEmpty)
        #expect(editor.count == 11 + Self.paste.count)
        #expect(editor.cursor == 4 + Self.paste.count, "it stood behind the fold")
        editor.undo()
        #expect(editor.folds.count == 1 && editor.cursor == 5)
        editor.moveCursor(to: 4)
        editor.expandFold()
        #expect(editor.cursor == 4, "it stood before the fold")
        editor.moveCursor(to: 0)
        let again = editor.expandFold()
        #expect(!again)
    }

    @Test func killAndYankKeepIt() {
        var editor = folded()
        _ = editor.handle(.control("w"))
        #expect(editor.text == "see  please")
        _ = editor.handle(.control("y"))
        _ = editor.handle(.control("y"))
        #expect(editor.folds.count == 2)
        #expect(editor.text == "see \(Self.paste)\(Self.paste) please")
    }

    @Test func isAWordOfItsOwn() {
        var editor = LineEditor("ab")
        editor.insertFolded("x y", label: "[x]")
        editor.insert("cd")
        #expect(editor.wordStart(before: 5, .whitespace) == 3)
        #expect(editor.wordStart(before: 3) == 2)
        #expect(editor.wordEnd(after: 0) == 2)
        #expect(editor.wordEnd(after: 2) == 3)
        _ = editor.handle(.control("a"))
        for _ in 0..<2 { _ = editor.handle(.alt("u")) }
        #expect(editor.text == "ABx ycd", "a fold has no case")
    }

    @Test func rowsHaveRoomForTheLabel() {
        var editor = LineEditor("ab ")
        editor.insertFolded("long", label: "[pasted]")
        editor.insert(" cd")
        let layout = editor.layout(width: 10)
        #expect(layout.rows.map(editor.rowText) == ["ab ", "[pasted] ", "cd"])
        #expect(layout.cursor == Position(x: 2, y: 2))
        #expect(editor.rowPieces(0..<7).map(\.isFold) == [false, true, false])
        editor.width = 10
        let up = editor.moveUp()
        #expect(up && editor.cursor == 3, "the middle of a label is no place")
    }

    @Test func foreignTextCannotForgeOne() {
        var editor = folded()
        let label = editor.rowText(0..<editor.count)
        for forged in ["\u{FFFC}", "[pasted 312 lines]", label, String(editor.characters)] {
            var other = LineEditor(forged)
            other.insert(forged)
            #expect(other.folds.isEmpty && other.text == forged + forged)
        }
        editor.insertFolded("x", label: "a\u{1B}[31m\nb\u{202E}")
        let shown = editor.rowText(0..<editor.count)
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
    }

    @Test func carriesATagForOtherKinds() {
        var editor = LineEditor()
        editor.insertFolded("contents", label: "[notes.md 1.2k]", tag: "file:1")
        editor.insertFolded("", label: "[nothing]")
        #expect(editor.folds.map(\.fold) == [Fold(text: "contents", label: "[notes.md 1.2k]", tag: "file:1")])
    }

    @Test func lineEndsOfAPasteBecomeNewlines() {
        var editor = LineEditor()
        editor.insertFolded("a\r\nb\rc", label: "[3 lines]")
        #expect(editor.text == "a\nb\nc")
    }
}
