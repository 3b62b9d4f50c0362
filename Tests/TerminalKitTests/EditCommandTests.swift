import Testing

@testable import TerminalKit

/// What readline users have in their fingers beyond letters and arrows.
@Suite struct EditCommandTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let before: String
        let keys: String
        let after: String
        var testDescription: String { name }
        init(_ name: String, _ before: String, _ keys: String, _ after: String) {
            (self.name, self.before, self.keys, self.after) = (name, before, keys, after)
        }
    }

    static let cases: [Case] = [
        Case("redo", "a|", "b‸_⌥_", "ab|"),
        Case("jump forward", "|a,b,c", "‸],", "a|,b,c"),
        Case("jump forward twice", "|a,b,c", "‸],‸],", "a,b|,c"),
        Case("jump back", "a,b,c|", "‸⌥],", "a,b|,c"),
        Case("jump to what is not there", "a|b", "‸]x", "a|b"),
        Case("jump given up", "|ab", "‸]⎋b", "b|ab"),
        Case("jump then another key", "|ab", "‸]⇢", "a|b"),
        Case("count", "|abcdef", "⌥03⇢", "abc|def"),
        Case("count with more digits", "|", "⌥012x", "xxxxxxxxxxxx|"),
        Case("count by Alt digits", "|abcdefghij", "⌥0⌥8⇢", "abcdefgh|ij"),
        Case("negative count", "abcdef|", "⌥-2‸f", "abcd|ef"),
        Case("negative alone is one back", "abc|", "⌥-‸f", "ab|c"),
        Case("negative deletes the other way", "abc|def", "⌥-2‸d", "a|def"),
        Case("counted deletion is one step", "|abcdef", "⌥03‸d‸_", "|abcdef"),
        Case("counted kill is one text", "a b c d|", "⌥02‸w‸a‸y", "c d|a b "),
        Case("count given up", "|abc", "⌥03⎋⇢", "a|bc"),
        Case("counted jump", "|a,b,c", "⌥02‸],", "a,b|,c"),
        Case("literal control", "a|", "‸q‸a", "a\u{1}|"),
        Case("literal escape", "a|", "‸v⎋", "a\u{1B}|"),
        Case("literal newline", "a|", "‸v⏎", "a\n|"),
        Case("literal character is itself", "a|", "‸vx", "ax|"),
        Case("delete blanks", "a  \t| b", "⌥\\", "a|b"),
        Case("blanks end at the line", "a \n | b", "⌥\\", "a \n|b"),
        Case("mark, go, kill", "ab|cd", "‸ ⇢⇢", "abcd|"),
        Case("Ctrl-W is a word in spite of a mark", "one |two", "‸ ⇢⇢⇢‸w", "one |"),
        Case("copy and yank", "ab|cd", "‸ ⇢⇢⌥w‸y", "abcdcd|"),
    ]

    @Test(arguments: cases) func keys(_ test: Case) {
        #expect(EditorPicture.of(EditorPicture.after(test.keys, in: test.before)) == test.after)
    }

    struct Named: Sendable, CustomTestStringConvertible {
        let command: EditCommand
        let before: String
        let after: String?
        var testDescription: String { "\(command.rawValue): \(before)" }
        init(_ command: EditCommand, _ before: String, _ after: String?) {
            (self.command, self.before, self.after) = (command, before, after)
        }
    }

    /// Nil: not to be done, and nothing changes.
    static let named: [Named] = [
        Named(.transposeCharacters, "ab|cd", "acb|d"), Named(.transposeWords, "one tw|o three", "two one| three"),
        Named(.transposeWords, "one two|", "two one|"), Named(.transposeWords, "one |two", "two one|"),
        Named(.transposeWords, "a.b|", "b.a|"), Named(.killWholeLine, "a\nb|c\nd", "a\n|\nd"),
        Named(.beginningOfText, "a\nb|", "|a\nb"), Named(.endOfText, "|a\nb", "a\nb|"),
        Named(.killRegion, "ab|", nil), Named(.exchangePointAndMark, "ab|", nil), Named(.yankLastArgument, "a|", nil),
        Named(.expandFold, "a|", nil), Named(.previousRow, "a|", nil),
    ]

    @Test(arguments: named) func commands(_ test: Named) {
        var editor = EditorPicture.editor(test.before)
        let isDone = editor.perform(test.command)
        #expect(isDone == (test.after != nil))
        #expect(EditorPicture.of(editor) == test.after ?? test.before)
    }

    @Test func markAndPoint() {
        var editor = EditorPicture.editor("ab|cdef")
        editor.setMark()
        editor.moveCursor(to: 4)
        #expect(editor.selection == 2..<4)
        let isExchanged = editor.perform(.exchangePointAndMark)
        #expect(isExchanged && editor.cursor == 2 && editor.selection == 2..<4)
        editor.moveCursor(to: 0)
        editor.type("X")
        #expect(editor.selection == nil, "a change ends the freshness")
        let isKilled = editor.perform(.killRegion)
        #expect(isKilled)
        #expect(EditorPicture.of(editor) == "X|ef", "the mark stayed with its place")
        editor.yank()
        #expect(editor.text == "Xabcdef")
    }

    @Test func lastArgumentsOneByOne() {
        var editor = EditorPicture.editor("see |")
        editor.lastArguments = ["new.txt", "old.txt"]
        var isTaken = editor.handle(.alt("."))
        #expect(isTaken && editor.text == "see new.txt")
        isTaken = editor.handle(.alt("."))
        #expect(isTaken && editor.text == "see old.txt")
        isTaken = editor.handle(.alt("."))
        #expect(isTaken && editor.text == "see new.txt")
        editor.undo()
        editor.undo()
        editor.undo()
        #expect(editor.text == "see ")
        #expect(LineEditor.lastWord(of: "cat a.txt  b.txt\n") == "b.txt")
        #expect(LineEditor.lastWord(of: " \n") == nil)
    }

    @Test func keysAreBoundAnew() {
        var editor = EditorPicture.editor("ab|")
        var isTaken = editor.handle(.control("t"))
        #expect(!isTaken)
        editor.keymap.bind(.control("t"), to: .transposeCharacters)
        editor.keymap.bind(.control("w"), to: nil)
        isTaken = editor.handle(.control("t"))
        #expect(isTaken && editor.text == "ba")
        isTaken = editor.handle(.control("w"))
        #expect(!isTaken && editor.text == "ba")
        #expect(editor.keymap != .standard)
        let shown = editor.keymap.bindings.map(\.command)
        #expect(shown.contains(.transposeCharacters) && !shown.contains(.wordRubout))
    }

    @Test func namesAreUniqueAndTold() {
        #expect(Set(EditCommand.allCases.map(\.rawValue)).count == EditCommand.allCases.count)
        #expect(EditCommand.allCases.allSatisfy { !$0.summary.isEmpty })
        #expect(EditCommand(rawValue: "transpose-words") == .transposeWords)
        for binding in EditKeymap.standard.bindings {
            for chord in binding.chords { #expect(EditKeymap.standard[chord] == binding.command) }
        }
    }

    @Test func theProgramsKeysStayItsOwn() {
        for chord in EditorPicture.keys("‸t⌥t‸o‸r‸s‸g‸x‸l‸n‸p⌥1⌥2⌥3⌥4⌥5⌥6⌥r⌥g⌥#⌥<⌥>⌥?‸z‸c‸\\") {
            var editor = LineEditor("text")
            let isTaken = editor.handle(chord)
            #expect(!isTaken, "\(chord)")
            #expect(EditorPicture.of(editor) == "text|")
        }
    }

    @Test func whatIsPendingIsTold() {
        var editor = LineEditor()
        #expect(!editor.isAwaitingKey && editor.pendingNote == nil)
        for (keys, note) in [("⌥-4", "count -4"), ("‸q", "literal"), ("‸]", "jump to")] {
            for chord in EditorPicture.keys(keys) { _ = editor.handle(chord) }
            #expect(editor.isAwaitingKey && editor.pendingNote == note)
            let isTaken = editor.handle(KeyChord(.escape))
            #expect(isTaken && !editor.isAwaitingKey)
            editor.setText("")
        }
    }
}
