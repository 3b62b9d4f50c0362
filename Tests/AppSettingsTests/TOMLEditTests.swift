import AppSettings
import Foundation
import TestSupport
import Testing

@Suite struct TOMLEditTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let before: String
        let path: String
        let value: SettingValue?
        let after: String
        var testDescription: String { name }

        init(_ name: String, _ before: String, _ path: String, _ value: SettingValue?, _ after: String) {
            self.name = name
            self.before = before
            self.path = path
            self.value = value
            self.after = after
        }
    }

    static let cases = [
        Case("value", "a = 1 # one\n# two\n\nb=2\n", "a", .integer(3), "a = 3 # one\n# two\n\nb=2\n"),
        Case("spelling around it", "a   =\t'x'\t# c\n", "a", .text("y"), "a   =\t\"y\"\t# c\n"),
        Case("last line without an end", "a = 1", "a", .flag(true), "a = true"),
        Case("new key in the root", "a = 1\n\n[t]\nb = 2\n", "c", .integer(3), "a = 1\nc = 3\n\n[t]\nb = 2\n"),
        Case("new key after an open line", "a = 1", "c", .integer(3), "a = 1\nc = 3\n"),
        Case("new key in an empty file", "", "c", .integer(3), "c = 3\n"),
        Case("new table in an empty file", "", "t.c", .integer(3), "[t]\nc = 3\n"),
        Case("new key below the first comment", "# Mine.\n\n[t]\n", "c", .integer(3), "# Mine.\n\nc = 3\n\n[t]\n"),
        Case("comment of a table stays with it", "# Of t.\n[t]\n", "c", .integer(3), "c = 3\n# Of t.\n[t]\n"),
        Case(
            "new key of a table", "[t]\na = 1\n\n[u]\nb = 2\n", "t.c", .integer(3), "[t]\na = 1\nc = 3\n\n[u]\nb = 2\n"),
        Case("indented", "[t]\n  a = 1 # x\n", "t.c", .integer(3), "[t]\n  a = 1 # x\n  c = 3\n"),
        Case("table without keys", "[t] # x\n# y\n", "t.c", .integer(3), "[t] # x\nc = 3\n# y\n"),
        Case("new table", "a = 1\n", "t.c", .number(0.5), "a = 1\n\n[t]\nc = 0.5\n"),
        Case("new table after a blank line", "a = 1\n\n", "t.c", .number(1), "a = 1\n\n[t]\nc = 1.0\n"),
        Case("table above another", "[a.b]\nx = 1\n", "a.y", .integer(2), "[a.b]\nx = 1\n\n[a]\ny = 2\n"),
        Case("dotted key", "a.b = 1\nc = 2\n", "a.d", .integer(3), "a.b = 1\na.d = 3\nc = 2\n"),
        Case("dotted value", "a . \"b\" = 1\n", "a.b", .integer(3), "a . \"b\" = 3\n"),
        Case("inline table", "a = { b = 1 }\n", "a.c", .text("x"), "a = { b = 1, c = \"x\" }\n"),
        Case("empty inline table", "a = {}\n", "a.c", .text("x"), "a = { c = \"x\" }\n"),
        Case("value of an inline table", "a = {b=1,c=2}\n", "a.b", .integer(9), "a = {b=9,c=2}\n"),
        Case("nested inline tables", "a = {b={c=1}}\n", "a.b.d.e", .integer(2), "a = {b={c=1, d.e = 2}}\n"),
        Case(
            "list over lines", "a = [\n  1, # one ]\n  2,\n]\nb = 1\n", "a", .texts(["x", "y"]),
            "a = [\"x\", \"y\"]\nb = 1\n"),
        Case("text over lines", "a = \"\"\"\nx \"\" # no\n\"\"\"\"\" # c\n", "a", .text("z"), "a = \"z\" # c\n"),
        Case("text of lines", "a = 1\n", "a", .text("x\n\"\"\"\\y"), "a = \"\"\"\nx\n\\\"\\\"\\\"\\\\y\"\"\"\n"),
        Case("escapes", "a = 1\n", "a", .text("\"\\\t\u{1}é"), "a = \"\\\"\\\\\\t\\u0001é\"\n"),
        Case(
            "quoted names", "[prices]\n", "prices.\"gpt-4.1\".input", .integer(1),
            "[prices]\n\n[prices.\"gpt-4.1\"]\ninput = 1\n"),
        Case(
            "line ends of Windows", "a = 1\r\n[t]\r\nb = 2\r\n", "t.c", .integer(3),
            "a = 1\r\n[t]\r\nb = 2\r\nc = 3\r\n"),
        Case("text of lines, of Windows", "a = 1\r\n", "a", .text("x\ny"), "a = \"x\\ny\"\r\n"),
        Case("byte order mark", "\u{FEFF}a = 1\n", "a", .integer(2), "\u{FEFF}a = 2\n"),
        Case("remove", "# x\na = 1 # y\nb = 2\n", "a", nil, "# x\nb = 2\n"),
        Case("remove over lines", "a = [\n1,\n]\nb = 2\n", "a", nil, "b = 2\n"),
        Case("remove the last of a table", "[t]\na = 1\n", "t.a", nil, "[t]\n"),
        Case("remove first of inline", "a = { b = 1, c = 2 }\n", "a.b", nil, "a = { c = 2 }\n"),
        Case("remove last of inline", "a = { b = 1, c = 2 }\n", "a.c", nil, "a = { b = 1 }\n"),
        Case("remove only of inline", "a = { b = 1 } # x\n", "a.b", nil, "a = {} # x\n"),
        Case("remove what is not there", "a = 1\n", "t.x", nil, "a = 1\n"),
        Case("table beside an array of tables", "[[l]]\na = 1\n", "t.c", .integer(3), "[[l]]\na = 1\n\n[t]\nc = 3\n"),
    ]

    @Test(arguments: cases) func edits(_ one: Case) throws {
        var edit = try TOMLEdit(one.before)
        let path = try #require(TOMLSpelling.parts(of: one.path))
        if let value = one.value { try edit.set(path, to: value) } else { try edit.remove(path) }
        #expect(edit.text.debugDescription == one.after.debugDescription)
    }

    @Test(arguments: [
        ("a = 1\n", "a.b", "a.b cannot be set: a is a whole number, not a table"),
        ("[a]\nb = 1\n", "a", "a is a table; set its members one by one"),
        ("[[a]]\nb = 1\n", "a.b", "a.b cannot be set: a is a list, not a table"),
    ])
    func refusals(before: String, path: String, message: String) throws {
        var edit = try TOMLEdit(before)
        let error = #expect(throws: FileProblem.self) {
            try edit.set(path.split(separator: ".").map(String.init), to: .integer(1))
        }
        #expect(error?.description == message)
        #expect(edit.text == before)
    }

    @Test(arguments: ["1 # x", "1\nb = 2", "", "[1", "x", "1\n[t]", "\"a"])
    func whatIsNoValueIsRefused(spelt: String) throws {
        var edit = try TOMLEdit("a = 0\n")
        #expect(throws: FileProblem.self) { try edit.set(["a"], spelt: spelt) }
        #expect(edit.text == "a = 0\n")
    }

    @Test func whatIsNoTOMLIsToldWithItsLine() {
        let error = #expect(throws: FileProblem.self) { try TOMLEdit("a = 1\nb = \n", file: "c") }
        #expect(error?.description.hasPrefix("c:2:") == true)
    }

    @Test(arguments: [
        ("a.b", ["a", "b"]), ("a.'b c'", ["a", "b c"]), ("\"x.y\".z", ["x.y", "z"]), ("a .b", ["a", "b"]),
    ])
    func paths(text: String, parts: [String]) {
        #expect(TOMLSpelling.parts(of: text) == parts)
        #expect(TOMLSpelling.parts(of: TOMLSpelling.path(parts)) == parts)
    }

    @Test(arguments: ["", "a.", ".a", "a = 1\nb", "[a]\nb", "a b", "# x", "a\nb"])
    func noPaths(text: String) { #expect(TOMLSpelling.parts(of: text) == nil) }

    /// Random documents, random changes: what was edited says the new value there and nothing else differs; nothing that
    /// was written is lost but the old value; and nearly all changes can be made.
    @Test func randomDocuments() throws {
        var random = TOMLDocuments(seed: 20_261_129)
        var done = 0
        var tried = 0
        for _ in 0..<1500 {
            let document = random.document()
            var edit = try TOMLEdit(document.text)
            for _ in 0..<3 {
                let path = random.path(of: document)
                let value = random.value()
                let before = edit.text
                tried += 1
                do {
                    try edit.set(path, to: value)
                    done += 1
                    #expect(
                        try Self.faults(before, edit.text, path) == [], "\(path) in:\n\(before)\nbecame:\n\(edit.text)")
                } catch let problem as FileProblem {
                    #expect(edit.text == before, "\(problem)")
                }
            }
        }
        #expect(done > tried * 8 / 10, "\(done) of \(tried)")
    }

    /// The check of random documents finds what it is there for.
    @Test(arguments: [
        ("# x\na = 1\n", "a = 1\nb = 2\n", "comments"), ("a = 1\n", "a = 2\nb = 2\n", "meaning"),
        ("a  = 1\n", "a = 1\nb = 2\n", "bytes"), ("a = 1\n", "a = 1\n", "value"),
    ])
    func theCheckFindsDamage(before: String, after: String, fault: String) throws {
        #expect(try Self.faults(before, after, ["b"]).contains(fault))
    }

    /// What an edit that set `path` broke.
    private static func faults(_ before: String, _ after: String, _ path: [String]) throws -> [String] {
        var faults: [String] = []
        var undone = try TOMLEdit(after)
        if !undone.contains(path) { faults.append("value") }
        let comments = { (text: String) in text.components(separatedBy: .newlines).filter { $0.hasPrefix("#") } }
        if comments(after) != comments(before) { faults.append("comments") }
        let old = try TOMLEdit(before)
        guard !old.contains(path) else { return faults }
        try undone.remove(path)
        if !undone.says(sameAs: old) { faults.append("meaning") }
        // What was there is still there, byte by byte, around what is new.
        if !isSubsequence(before, of: after) { faults.append("bytes") }
        return faults
    }

    private static func isSubsequence(_ part: String, of whole: String) -> Bool {
        var rest = whole.utf8[...]
        for byte in part.utf8 {
            guard let place = rest.firstIndex(of: byte) else { return false }
            rest = rest[rest.index(after: place)...]
        }
        return true
    }
}
