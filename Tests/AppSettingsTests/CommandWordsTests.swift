import Testing

@testable import AppSettings

@Suite struct CommandWordsTests {
    @Test(arguments: [
        ("vim", ["vim"]), ("  vim  -n ", ["vim", "-n"]), ("code --wait", ["code", "--wait"]),
        ("vim -c 'set tw=72'", ["vim", "-c", "set tw=72"]), (#""/opt/my editor/e" -w"#, ["/opt/my editor/e", "-w"]),
        (#"a\ b c"#, ["a b", "c"]), (#"'a\b'"#, [#"a\b"#]), (#""a\"b\\c\d""#, [#"a"b\c\d"#]), ("a''b", ["ab"]),
        ("$HOME `x` ; rm *", ["$HOME", "`x`", ";", "rm", "*"]),
    ])
    func splits(line: String, words: [String]) throws {
        #expect(try CommandWords.split(line) == words)
    }

    @Test(arguments: ["'a", "\"a", "a\\", "a 'b\"", "", "''"]) func unfinished(line: String) {
        #expect(throws: FileProblem.self) { try CommandWords.split(line) }
    }
}
