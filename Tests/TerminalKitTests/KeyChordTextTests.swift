import TerminalKit
import Testing

@Suite struct KeyChordTextTests {
    @Test(arguments: [
        ("ctrl-p", [KeyChord.control("p")]), ("Ctrl-P", [.control("p")]), ("ctrl+p", [.control("p")]),
        ("control-p", [.control("p")]), ("alt-enter", [KeyChord(.enter, .alt)]), ("meta-x", [.alt("x")]),
        ("f1", [KeyChord(.function(1))]), ("F24", [KeyChord(.function(24))]),
        ("shift-left", [KeyChord(.left, .shift)]), ("ctrl-x m", [.control("x"), .character("m")]),
        ("  ctrl-x   ctrl-e ", [.control("x"), .control("e")]), ("shift-tab", [KeyChord(.backTab)]),
        ("?", [.character("?")]), ("-", [.character("-")]), ("ctrl--", [.control("-")]), ("ctrl-+", [.control("+")]),
        ("alt-minus", [.alt("-")]), ("+", [.character("+")]), ("space", [.character(" ")]),
        ("ctrl-space", [.control(" ")]), ("ctrl-/", [.control("_")]), ("ctrl-@", [.control(" ")]),
        ("shift-a", [.character("A")]), ("G", [.character("G")]), ("alt-F", [.alt("F")]),
        ("ctrl-alt-shift-up", [KeyChord(.up, [.control, .alt, .shift])]), ("pgdn", [KeyChord(.pageDown)]),
        ("esc", [KeyChord(.escape)]), ("ctrl-\\", [.control("\\")]), ("é", [.character("é")]),
    ])
    func keys(text: String, chords: [KeyChord]) throws {
        #expect(try KeyChordText.parse(text) == chords)
        #expect(try KeyChordText.parse(KeyChordText.format(chords)) == chords)
    }

    @Test(
        arguments: [
            ("", "names no key", nil, 0), ("  ", "names no key", nil, 0),
            ("entre", "there is no key \"entre\"", "entre", 0),
            ("ctrl-entre", "there is no key \"entre\"", "entre", 5),
            ("ctrl-x pgpu", "there is no key \"pgpu\"", "pgpu", 7),
            ("f25", "there is no key \"f25\"", "f25", 0), ("f01", "there is no key \"f01\"", "f01", 0),
            ("ctrl-", "there is no key \"ctrl-\"", "ctrl-", 0), ("a b c d e", "more than 4 keys in a row", nil, 8),
            ("ctrl-i", "terminals send the same for ctrl-i as for tab; choose another key", nil, 0),
            ("ctrl-M", "terminals send the same for ctrl-M as for enter; choose another key", nil, 0),
            (
                "ctrl-shift-p",
                "terminals send the same for ctrl-shift-p without shift; leave shift out or choose another key", nil, 0
            ),
            ("shift-1", "write the character itself that shift makes, not shift-1", nil, 0),
            ("alt-[", "terminals begin their own messages with what alt-[ sends; choose another key", nil, 0),
        ] as [(String, String, String?, Int)])
    func mistakes(text: String, message: String, unknown: String?, offset: Int) {
        let problem = #expect(throws: KeyChordText.Problem.self) { try KeyChordText.parse(text) }
        #expect(problem == KeyChordText.Problem(message: message, unknown: unknown, offset: offset))
    }

    @Test func everyNameNamesAKey() throws {
        for name in KeyChordText.names { #expect(try KeyChordText.parse(name).count == 1, "\(name)") }
    }
}
