import Testing

@testable import TerminalKit

/// What vi users have in their fingers.
@Suite struct ViTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let before: String
        let keys: String
        let after: String
        var testDescription: String { "\(keys) in \(before)" }
        init(_ before: String, _ keys: String, _ after: String) {
            (self.before, self.keys, self.after) = (before, keys, after)
        }
    }

    /// All begin with Esc from inserting, which moves back by one.
    static let cases: [Case] = [
        // Moving.
        Case("abc|", "⎋", "ab|c"), Case("ab|c", "⎋l", "ab|c"), Case("abc|", "⎋hh", "|abc"),
        Case("abc|", "⎋hhhh", "|abc"),
        Case("|abc", "⎋$", "ab|c"), Case("  abc|", "⎋^", "  |abc"), Case("  abc|", "⎋0", "|  abc"),
        Case("|one two.three", "⎋ww", "one two|.three"), Case("|one two.three", "⎋WW", "one two.thre|e"),
        Case("one two|", "⎋bb", "|one two"), Case("one a.b|", "⎋B", "one |a.b"), Case("|one two", "⎋e", "on|e two"),
        Case("|one two", "⎋ee", "one tw|o"), Case("|a.b c", "⎋E", "a.|b c"),
        Case("|one two three", "⎋2w", "one two |three"),
        Case("|a,b,c", "⎋f,", "a|,b,c"), Case("|a,b,c", "⎋f,;", "a,b|,c"), Case("|a,b,c", "⎋2f,,", "a|,b,c"),
        Case("|a,b,c", "⎋tc", "a,b|,c"), Case("a,b,c|", "⎋F,", "a,b|,c"), Case("a,b,c|", "⎋T,", "a,b,|c"),
        Case("|a,b,c", "⎋t,;", "a,|b,c"), Case("|abc", "⎋fx", "|abc"),
        Case("a\nb\nc|", "⎋gg", "|a\nb\nc"), Case("|a\nb\nc", "⎋G", "a\nb\n|c"), Case("|a\nb\nc", "⎋2G", "a\n|b\nc"),
        Case("abc\nde|f", "⎋k", "a|bc\ndef"), Case("|abc\ndef", "⎋j", "abc\n|def"),
        Case("|one\n\ntwo", "⎋w", "one\n|\ntwo"),
        // Deleting.
        Case("abc|", "⎋x", "a|b"), Case("|abcd", "⎋2x", "|cd"), Case("abc|", "⎋X", "a|c"),
        Case("|one two", "⎋dw", "|two"),
        Case("|one two three", "⎋d2w", "|three"), Case("|one two three", "⎋2dw", "|three"),
        Case("|one\ntwo", "⎋dw", "|\ntwo"), Case("|one two", "⎋de", "| two"), Case("one two|", "⎋db", "one |o"),
        Case("one t|wo", "⎋D", "one| "), Case("|a,b", "⎋df,", "|b"), Case("|a,b", "⎋dt,", "|,b"),
        Case("a\nb|\nc", "⎋dd", "a\n|c"), Case("a\nb|", "⎋dd", "|a"), Case("|a\nb\nc", "⎋2dd", "|c"),
        Case("|a\nb\nc", "⎋dj", "|c"), Case("a\nb\nc|", "⎋dk", "|a"), Case("|abc", "⎋d$", "|"),
        Case("ab|c", "⎋d0", "|bc"),
        Case("a\nb|\nc", "⎋dG", "|a"),
        // Changing and inserting.
        Case("|one two", "⎋cwx⎋", "|x two"), Case("one tw|o", "⎋Cx⎋", "one t|x"), Case("|abc", "⎋sx⎋", "|xbc"),
        Case("a\n  bc|", "⎋Sx⎋", "a\n|x"), Case("a|b", "⎋ccx⎋", "|x"), Case("|ab", "⎋ix⎋", "|xab"),
        Case("|ab", "⎋ax⎋", "a|xb"),
        Case("  a|b", "⎋Ix⎋", "  |xab"), Case("|ab", "⎋Ax⎋", "ab|x"), Case("|ab\nc", "⎋ox⎋", "ab\n|x\nc"),
        Case("a\nb|", "⎋Ox⎋", "a\n|x\nb"), Case("|abc", "⎋rx", "|xbc"), Case("|abc", "⎋2rx", "x|xc"),
        Case("|abc", "⎋4rx", "|abc"), Case("|aBc", "⎋~~", "Ab|c"), Case("|aBc", "⎋3~", "Ab|C"),
        Case("|a\n  b", "⎋J", "a| b"), Case("|a\nb\nc", "⎋3J", "a b| c"), Case("|", "⎋3ix⎋", "xx|x"),
        // Text objects.
        Case("one t|wo three", "⎋diw", "one | three"), Case("one t|wo three", "⎋daw", "one |three"),
        Case("one two|", "⎋daw", "on|e"), Case("f(a, b|)", "⎋ci(x⎋", "f(|x)"), Case("f(a|, b)", "⎋da(", "|f"),
        Case("say \"h|i\" now", "⎋ci\"x⎋", "say \"|x\" now"), Case("say \"h|i\" now", "⎋di'", "say \"|hi\" now"),
        Case("{a{b}|c}", "⎋di{", "{a{|}c}"),
        // Register.
        Case("|one two", "⎋dwp", "tone| wo"), Case("|ab", "⎋xp", "b|a"), Case("|a\nb", "⎋ddp", "b\n|a"),
        Case("a\nb|", "⎋yyP", "a\n|b\nb"), Case("|one two", "⎋yw$p", "one twoone| "), Case("|ab", "⎋x3p", "baa|a"),
        Case("|a\nb", "⎋Yjp", "a\nb\n|a"),
        // Undo, redo, again.
        Case("|abc", "⎋xxu", "|bc"), Case("|abc", "⎋xxuu", "|abc"), Case("|abc", "⎋xu‸r", "|bc"),
        Case("|one two", "⎋cwa b c⎋u", "|one two"), Case("|a b c", "⎋dw.", "|c"), Case("|a b", "⎋cwx⎋w.", "x |x"),
        Case("|abcdef", "⎋2x.", "|ef"), Case("|a\nb", "⎋Ax⎋j.", "ax\nb|x"), Case("|a,b,c,", "⎋f,rx;.", "axb|xc,"),
        Case("|a b c", "⎋dw..u", "|c"),
        // Visual.
        Case("|abcd", "⎋vld", "|cd"), Case("|one two", "⎋vey$p", "one twoon|e"), Case("|abcd", "⎋vlcx⎋", "|xcd"),
        Case("|abcd", "⎋vl~", "|ABcd"), Case("ab|cd", "⎋vohd", "|cd"), Case("one t|wo x", "⎋viwd", "one | x"),
        Case("|ab", "⎋vl⎋x", "|a"),
        // Pending things are given up.
        Case("|abc", "⎋d⎋x", "|bc"), Case("|abc", "⎋2⎋x", "|bc"), Case("|abc", "⎋dzx", "|bc"),
    ]

    @Test(arguments: cases) func keys(_ test: Case) {
        let editor = EditorPicture.after(test.keys, in: test.before, mode: .vi)
        #expect(EditorPicture.of(editor) == test.after)
    }

    @Test func modesAreTold() {
        var editor = LineEditor()
        #expect(editor.modeLabel == nil && !editor.takesCommands)
        editor.editingMode = .vi
        #expect(editor.modeLabel == "-- INSERT --" && !editor.takesCommands)
        _ = editor.handle(.character("d"))
        #expect(editor.text == "d")
        let isTaken = editor.handle(KeyChord(.escape))
        #expect(isTaken && editor.modeLabel == "-- NORMAL --" && editor.takesCommands)
        _ = editor.handle(.character("2"))
        _ = editor.handle(.character("d"))
        #expect(editor.pendingNote == "2d")
        _ = editor.handle(KeyChord(.escape))
        _ = editor.handle(.character("v"))
        #expect(editor.modeLabel == "-- VISUAL --" && editor.selection == 0..<1)
    }

    @Test func theHistoryTakesOverAtTheEdges() {
        var editor = EditorPicture.after("⎋", in: "one\nt|wo", mode: .vi)
        var isTaken = editor.handle(.character("j"))
        #expect(!isTaken)
        isTaken = editor.handle(.character("k"))
        #expect(isTaken)
        isTaken = editor.handle(.character("k"))
        #expect(!isTaken)
        editor.setText("older prompt")
        #expect(editor.modeLabel == "-- NORMAL --" && EditorPicture.of(editor) == "older promp|t")
        editor.setText("")
        #expect(editor.modeLabel == "-- INSERT --", "a new prompt begins with inserting")
    }

    @Test func theProgramsKeysStayItsOwn() {
        for chord in EditorPicture.keys("⏎⎋‸p‸x‸c‸l⌥1‸d:/?") + [KeyChord(.tab), KeyChord(.function(1))] {
            var editor = EditorPicture.after("⎋", in: "te|xt", mode: .vi)
            let isTaken = editor.handle(chord)
            #expect(!isTaken, "\(chord)")
            #expect(EditorPicture.of(editor) == "t|ext")
        }
    }

    @Test func insertingHasTheEmacsKeys() {
        let editor = EditorPicture.after("one two‸w‸y⌥b", in: "|", mode: .vi)
        #expect(EditorPicture.of(editor) == "one |two")
    }

    @Test func foldsAreDeletedAndPutAsOne() {
        var editor = LineEditor("ab")
        editor.editingMode = .vi
        editor.moveCursor(to: 1)
        editor.insertFolded("long", label: "[long]")
        for chord in EditorPicture.keys("⎋x$p") { _ = editor.handle(chord) }
        #expect(editor.text == "ablong" && editor.folds.map(\.place) == [2])
    }

    /// Whatever is typed, everything can be taken back and done again, and the cursor stands in the text.
    @Test func anyKeysCanBeUndone() {
        var random = FixedRandom(seed: 11)
        let keys = EditorPicture.keys("hjklwbeWBE0^$fFtT;,iaIAoOxXsSdcypPr~JDCYvGg123⎋⎋⎋⎋⇠⇢⌫⌦ .\"(abw'")
        for _ in 0..<300 {
            var editor = LineEditor("one (two) \"three\"\n\n  漢字 x.y\nlast")
            editor.editingMode = .vi
            let start = editor.text
            for _ in 0..<60 {
                _ = editor.handle(keys[Int.random(in: 0..<keys.count, using: &random)])
                #expect((0...editor.count).contains(editor.cursor))
            }
            let end = editor.text
            while editor.undo() {}
            #expect(editor.text == start)
            while editor.redo() {}
            #expect(editor.text == end)
        }
    }
}
