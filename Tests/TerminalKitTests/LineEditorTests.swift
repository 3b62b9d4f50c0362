import Testing

@testable import TerminalKit

@Suite struct LineEditorTests {
    /// The text with `|` where the cursor stands.
    private func picture(_ editor: LineEditor) -> String {
        String(editor.characters[..<editor.cursor]) + "|" + String(editor.characters[editor.cursor...])
    }

    private func editor(_ picture: String, width: Int = 80) -> LineEditor {
        let parts = picture.split(separator: "|", omittingEmptySubsequences: false)
        var editor = LineEditor(parts.joined())
        editor.moveCursor(to: parts[0].count)
        editor.width = width
        return editor
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let before: String
        let keys: [KeyChord]
        let after: String
        var testDescription: String { name }
        init(_ name: String, _ before: String, _ keys: [KeyChord], _ after: String) {
            (self.name, self.before, self.keys, self.after) = (name, before, keys, after)
        }
    }

    private static let alt = KeyChord.Modifier.alt
    static let cases: [Case] = [
        Case("type", "ab|d", [.character("c")], "abc|d"),
        Case("mark joins", "e|x", [.character("\u{301}")], "é|x"),
        Case("backspace takes a cluster", "a👩🏽‍🚀|b", [KeyChord(.backspace)], "a|b"),
        Case("Ctrl-H", "ab|", [.control("h")], "a|"), Case("delete", "|👍🏽b", [KeyChord(.delete)], "|b"),
        Case("Ctrl-D", "a|bc", [.control("d")], "a|c"),
        Case("backspace at the start", "|a", [KeyChord(.backspace)], "|a"),
        Case("left, right", "a漢|b", [KeyChord(.left), KeyChord(.left), KeyChord(.right)], "a|漢b"),
        Case("Ctrl-A", "one\ntwo|", [.control("a")], "one\n|two"),
        Case("Ctrl-A twice", "one\ntwo|", [.control("a"), .control("a")], "|one\ntwo"),
        Case("Ctrl-E", "|one\ntwo", [.control("e")], "one|\ntwo"),
        Case("End twice", "|one\ntwo", [KeyChord(.end), KeyChord(.end)], "one\ntwo|"),
        Case("Alt-B", "foo_a bar.baz|", [.alt("b"), .alt("b")], "foo_a |bar.baz"),
        Case("Alt-F", "|foo bar", [.alt("f")], "foo| bar"), Case("words of ideographs", "漢字かな|", [.alt("b")], "漢字か|な"),
        Case("Ctrl-Left", "foo bar|", [KeyChord(.left, .control)], "foo |bar"),
        Case("Ctrl-W", "see /usr/bin|", [.control("w")], "see |"),
        Case("Alt-Backspace", "see /usr/bin|", [KeyChord(.backspace, alt)], "see /usr/|"),
        Case("Alt-D", "a |foo bar", [.alt("d")], "a | bar"), Case("Ctrl-K", "a|bc\nd", [.control("k")], "a|\nd"),
        Case("Ctrl-K at the end", "abc|\nd", [.control("k")], "abc|d"),
        Case("Ctrl-U", "x\nab|c", [.control("u")], "x\n|c"),
        Case("Ctrl-U at the start", "x\n|c", [.control("u")], "x|c"),
        Case("yank", "abc def|", [.control("w"), .control("a"), .control("y")], "def|abc "),
        Case("kills gather", "a b c|", [.control("w"), .control("w"), .control("y")], "a b c|"),
        Case("kills forward gather", "|a b c", [.alt("d"), .alt("d"), .control("y")], "a b| c"),
        Case(
            "rotate", "one two|", [.control("w"), KeyChord(.left), .control("u"), .control("y"), .alt("y")], "two| "),
        Case("rotate without yank", "a|", [.alt("y")], "a|"),
        Case("undo typing", "|", [.character("a"), .character("b"), .control("_")], "|"),
        Case("undo by words", "|", [.character("a"), .character(" "), .character("b"), .control("/")], "a|"),
        Case("undo in the middle", "a|b", [.character("x"), .character("y"), .control("_")], "a|b"),
        Case("undo deletion", "ab|", [KeyChord(.backspace), KeyChord(.backspace), .control("_")], "a|"),
        Case("newline", "a|b", [.control("j")], "a\n|b"), Case("Alt-Enter", "a|", [KeyChord(.enter, alt)], "a\n|"),
        Case("Alt-U", "|straße x", [.alt("u")], "STRASSE| x"),
        Case("Alt-C", "|foo BAR", [.alt("c"), .alt("c")], "Foo Bar|"),
        Case("up keeps the column", "abcdef\nx\nabcd|ef", [KeyChord(.up), KeyChord(.up)], "abcd|ef\nx\nabcdef"),
        Case("down", "ab|c\n\nabc", [KeyChord(.down), KeyChord(.down)], "abc\n\nab|c"),
        Case("column in cells", "漢字|x\nabcdef", [KeyChord(.down)], "漢字x\nabcd|ef"),
    ]

    @Test(arguments: cases)
    func keys(_ test: Case) {
        var editor = editor(test.before)
        for key in test.keys { _ = editor.handle(key) }
        #expect(
            picture(editor).unicodeScalars.elementsEqual(test.after.unicodeScalars) || picture(editor) == test.after)
    }

    @Test func leavesTheProgramsKeys() {
        var editor = editor("a|b")
        let others: [KeyChord] = [
            KeyChord(.enter), KeyChord(.tab), KeyChord(.backTab), KeyChord(.escape), KeyChord(.function(1)),
            KeyChord(.pageUp),
            .control("p"), .control("c"), .control("r"), .control("g"), .control("x"), .control("o"), .control("l"),
            .control("t"), .control("n"), .alt("1"), KeyChord(.up), KeyChord(.down), KeyChord(.insert),
        ]
        for key in others {
            let taken = editor.handle(key)
            #expect(!taken)
        }
        #expect(picture(editor) == "a|b")
        var empty = LineEditor()
        let taken = empty.handle(.control("d"))
        #expect(!taken)
    }

    @Test func pasteIsOneStep() {
        var editor = editor("x|y")
        editor.insert("one\r\ntwo\rthree")
        #expect(picture(editor) == "xone\ntwo\nthree|y")
        editor.undo()
        #expect(picture(editor) == "x|y")
        editor.redo()
        #expect(picture(editor) == "xone\ntwo\nthree|y")
        let more = editor.redo()
        #expect(!more)
    }

    @Test func transposition() {
        var first = editor("ab|cd")
        first.transpose()
        #expect(picture(first) == "acb|d")
        var last = editor("abc|")
        last.transpose()
        #expect(picture(last) == "acb|")
        var lone = editor("a|")
        lone.transpose()
        #expect(picture(lone) == "a|")
    }

    @Test(arguments: [
        ("|", 5, [""], 0, 0), ("abc|", 5, ["abc"], 3, 0), ("abcde|", 5, ["abcde", ""], 0, 1),
        ("abc|de", 5, ["abcde"], 3, 0),
        ("abc def|", 5, ["abc ", "def"], 3, 1), ("abc |def", 5, ["abc ", "def"], 0, 1),
        ("abcdefg|", 3, ["abc", "def", "g"], 1, 2),
        ("a\n|", 5, ["a", ""], 0, 1), ("漢字仮|", 5, ["漢字", "仮"], 2, 1), ("a\tb|", 20, ["a       b"], 9, 0),
        ("abcde|\nx", 5, ["abcde", "", "x"], 0, 1), ("\n\n|\n", 5, ["", "", "", ""], 0, 2),
    ])
    func layouts(picture: String, width: Int, rows: [String], x: Int, y: Int) {
        let editor = editor(picture)
        let layout = editor.layout(width: width)
        #expect(layout.rows.map { editor.rowText($0) } == rows)
        #expect(layout.cursor == Position(x: x, y: y))
    }

    @Test func upAndDownOverWrappedRows() {
        var editor = editor("hello brave new wo|rld", width: 6)
        let up = editor.moveUp()
        #expect(up)
        #expect(picture(editor) == "hello brave ne|w world")
        while editor.moveUp() {}
        #expect(picture(editor) == "he|llo brave new world")
        while editor.moveDown() {}
        #expect(editor.layout(width: 6).cursor.y == 3)
    }

    /// Whatever is done, everything can be taken back and done again.
    @Test func undoTakesEverythingBack() {
        var random = FixedRandom(seed: 3)
        var source = HostileText(seed: 4)
        let keys = Self.cases.flatMap(\.keys)
        for _ in 0..<200 {
            var editor = LineEditor(source.next(most: 8))
            let start = editor.text
            for _ in 0..<30 {
                if Int.random(in: 0..<4, using: &random) == 0 {
                    editor.insert(source.next(most: 5))
                } else {
                    let key = keys[Int.random(in: 0..<keys.count, using: &random)]
                    _ = key == .control("_") || key == .control("/") ? false : editor.handle(key)
                }
                #expect((0...editor.characters.count).contains(editor.cursor))
                #expect(editor.layout(width: 7).cursor.x < 7)
            }
            let end = editor.text
            while editor.undo() {}
            #expect(editor.text.unicodeScalars.elementsEqual(start.unicodeScalars))
            while editor.redo() {}
            #expect(editor.text.unicodeScalars.elementsEqual(end.unicodeScalars))
        }
    }
}

@Suite struct PromptHistoryTests {
    @Test func walkKeepsTheDraft() {
        var history = PromptHistory(["one", "two", "one", ""])
        #expect(history.entries == ["two", "one"])
        let first = history.older(than: "draft")
        let second = history.older(than: "one")
        let none = history.older(than: "two!")
        let back = history.newer(than: "two!")
        let again = history.older(than: "one")
        _ = history.newer(than: "two!")
        let draft = history.newer(than: "one")
        let end = history.newer(than: "draft")
        #expect([first, second, none, back, again, draft, end] == ["one", "two", nil, "one", "two!", "draft", nil])
        #expect(!history.isWalking)
    }

    @Test func adding() {
        var history = PromptHistory()
        let results = ["a", "b", "a", " hidden", "", "  \n"].map { history.add($0) }
        #expect(results == [true, true, true, false, false, false])
        #expect(history.entries == ["b", "a"])
        for number in 0..<PromptHistory.limit + 5 { history.add("n\(number)") }
        #expect(history.entries.count == PromptHistory.limit)
        #expect(history.entries.first == "n5")
        let oldest = history.oldest(than: "now")
        let newest = history.newest(than: "n5")
        #expect(oldest == "n5" && newest == "now")
    }

    @Test func searching() {
        let history = PromptHistory(["Explain GRDB", "write a test", "explain curl"])
        #expect(history.search("explain")?.text == "explain curl")
        #expect(history.search("explain", before: 2)?.text == "Explain GRDB")
        #expect(history.search("GRDB")?.index == 0)
        #expect(history.search("nothing") == nil)
        #expect(PromptHistory().search("") == nil)
    }
}
