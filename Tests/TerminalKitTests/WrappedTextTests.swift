import Testing

@testable import TerminalKit

@Suite struct WrappedTextTests {
    private func rows(_ text: String, _ width: Int, _ mode: WrappedText.Mode = .markdown) -> [String] {
        let wrapped = WrappedText(text, width: width, mode: mode)
        return (0..<wrapped.count).map { wrapped.row($0).text }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let width: Int
        let rows: [String]
        var testDescription: String { name }
        init(_ name: String, _ text: String, _ width: Int, _ rows: [String]) {
            (self.name, self.text, self.width, self.rows) = (name, text, width, rows)
        }
    }

    static let cases: [Case] = [
        Case("nothing", "", 10, []), Case("short", "abc", 10, ["abc"]), Case("lines", "a\n\nb\n", 10, ["a", "", "b"]),
        Case("one newline", "\n", 5, [""]), Case("exact fit", "abcde", 5, ["abcde"]),
        Case("at spaces", "the quick brown fox", 10, ["the quick", "brown fox"]),
        Case("exact fit before a space", "abcde fgh", 5, ["abcde", "fgh"]),
        Case("spaces swallowed", "abcde      fgh", 5, ["abcde", "fgh"]),
        Case("spaces at the end", "abc   ", 4, ["abc"]), Case("only spaces", "     ", 3, [""]),
        Case("long word", "abcdefghij", 4, ["abcd", "efgh", "ij"]),
        Case("word, then long word", "ab cdefghij", 4, ["ab", "cdef", "ghij"]),
        Case("indented", "  abc def", 7, ["  abc", "def"]),
        Case("indented long word", "  abcdef", 5, ["  abc", "def"]),
        Case("hyphen", "well-known fact", 7, ["well-", "known", "fact"]),
        Case("option", "use --flag", 6, ["use", "--flag"]),
        Case("negative", "x is -15", 6, ["x is", "-15"]),
        Case("path", "see /usr/share/doc", 10, ["see /usr/", "share/doc"]),
        Case("fraction", "about 15/16 in", 8, ["about", "15/16 in"]),
        Case("colon after a space", "abc def : x", 8, ["abc", "def : x"]),
        Case("CJK", "漢字仮名交じり", 6, ["漢字仮", "名交じ", "り"]), Case("odd width", "漢字仮", 5, ["漢字", "仮"]),
        Case("no full stop first", "漢字仮。名", 6, ["漢字", "仮。名"]),
        Case("no bracket last", "漢字「仮名」", 6, ["漢字", "「仮", "名」"]),
        Case("no small kana first", "あいうっと", 6, ["あい", "うっと"]),
        Case("ASCII stop after CJK", "漢字仮.", 6, ["漢字", "仮."]),
        Case("mixed", "Swift言語は楽しい", 7, ["Swift言", "語は楽", "しい"]),
        Case("wide in one column", "漢a", 1, ["漢", "a"]), Case("tab", "a\tb", 20, ["a       b"]),
        Case("tab wraps", "abc\tdef", 6, ["abc", "def"]),
        Case("marks", "e\u{301}e\u{301}e\u{301}", 2, ["e\u{301}e\u{301}", "e\u{301}"]),
        Case("emoji", "👩🏽‍🚀👍🏽👍", 4, ["👩🏽‍🚀👍🏽", "👍"]),
        Case("list", "- one two three", 9, ["- one two", "three"]),
        Case("code keeps spaces", "```\na    b\n```", 4, ["```", "a   ", " b", "```"]),
        Case("code tab", "```\n\tx\n```", 9, ["```", "    x", "```"]),
    ]

    @Test(arguments: cases)
    func table(_ test: Case) { #expect(rows(test.text, test.width) == test.rows) }

    @Test func kinds() {
        let text = """
            # Title
            #no
            plain
            - item
            12. item
            > quote
            ```swift
            # code
            - code
            ``
            ```
            after
            ~~~~
            ```
            ~~~
            ~~~~
            ```inline``` code
            """
        let wrapped = WrappedText(text, width: 80)
        let kinds = (0..<wrapped.count).map { wrapped.row($0).kind }
        #expect(
            kinds == [
                .heading, .plain, .plain, .list, .list, .quote, .fence, .code, .code, .code, .fence, .plain, .fence,
                .code,
                .code, .fence, .plain,
            ])
        #expect((0..<wrapped.count).allSatisfy { wrapped.row($0).line == $0 && !wrapped.row($0).isContinuation })
    }

    @Test func rowFacts() {
        let wrapped = WrappedText("ab\n- one two three four\nend", width: 10)
        let list = (1...3).map { wrapped.row($0) }
        #expect(list.map(\.text) == ["- one two", "three", "four"])
        #expect(list.map(\.isContinuation) == [false, true, true])
        #expect(list.map(\.indent) == [0, 2, 2])
        #expect(list.map(\.line) == [1, 1, 1])
        #expect(wrapped.source(list[1].source) == "three ")
        #expect(wrapped.source(rows: 1..<3) == "- one two three ")
        #expect(wrapped.source(rows: 0..<5) == "ab\n- one two three four\nend")
        #expect(wrapped.firstRow(ofLine: 2) == 4)
        #expect(wrapped.sourceLine(ofRow: 3) == 1)
        #expect(wrapped.row(atOffset: 13) == 2)
        #expect(wrapped.row(99).text.isEmpty)
        let code = WrappedText("```\nabcdef\n", width: 4)
        #expect(code.row(2).isContinuation && code.row(2).isCode && code.row(2).text == "ef")
    }

    @Test func modes() {
        #expect(rows("# a  b", 3, .preformatted) == ["# a", "  b"])
        let plain = WrappedText("```\n# a", width: 9, mode: .plain)
        #expect((0..<2).allSatisfy { plain.row($0).kind == .plain })
    }

    private static let alphabet = [
        "a", "word ", " ", "  ", "\n", "-", "/", "```", "`", "~~~~", "#", "# ", "- ", "1", ". ", "> ", "漢", "。", "「",
        "\t", "é",
        "e\u{301}", "\u{301}", "👩", "\u{200D}", "🚀", "🇩", "🇪", ":", "longwordwithoutend", "\n```\n", "❤\u{FE0F}",
    ]

    /// Text in pieces gives the rows of the whole, and full rows never move.
    @Test func piecesGiveTheWhole() {
        var random = FixedRandom(seed: 11)
        for round in 0..<1_500 {
            let width = Int.random(in: 1...14, using: &random)
            var grown = WrappedText(width: width)
            var text = ""
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let piece = Self.alphabet[Int.random(in: 0..<Self.alphabet.count, using: &random)]
                text.unicodeScalars.append(contentsOf: piece.unicodeScalars)
                grown.append(piece)
            }
            let whole = WrappedText(text, width: width)
            var narrowed = WrappedText(text, width: 77)
            narrowed.setWidth(width)
            for other in [grown, narrowed] {
                let same =
                    other.count == whole.count && (0..<whole.count).allSatisfy { other.row($0) == whole.row($0) }
                if !same {
                    Issue.record("round \(round), width \(width): \(text.debugDescription)")
                    return
                }
            }
            if let fault = fault(whole, text) {
                Issue.record("round \(round), width \(width): \(fault): \(text.debugDescription)")
                return
            }
        }
    }

    /// Rows fit, follow each other without a gap, and together are the source.
    private func fault(_ wrapped: WrappedText, _ text: String) -> String? {
        var place = 0
        for index in 0..<wrapped.count {
            let row = wrapped.row(index)
            if !row.isContinuation, index > 0 { place += 1 }
            if row.source.lowerBound != place { return "gap before row \(index)" }
            place = row.source.upperBound
            let cells = CellWidth.width(of: row.text) + row.indent
            if cells > wrapped.width, wrapped.width > 1 { return "row \(index) takes \(cells)" }
            if wrapped.row(atOffset: row.source.lowerBound) != index { return "row at offset" }
        }
        if !wrapped.source(rows: 0..<wrapped.count).utf8.elementsEqual(text.utf8), !text.hasSuffix("\n") {
            return "source"
        }
        return nil
    }

    @Test func finishedLinesStay() {
        var wrapped = WrappedText(width: 8)
        wrapped.append("some words here\n``")
        let before = (0..<3).map { wrapped.row($0) }
        #expect(wrapped.row(3).kind == .plain)
        wrapped.append("`")
        #expect(wrapped.row(3).kind == .fence)
        wrapped.append("x`y\n")
        #expect(wrapped.row(3).kind == .plain)
        #expect((0..<3).map { wrapped.row($0) } == before)
    }

    @Test func manyLinesAndOneLine() {
        let lines = WrappedText(String(repeating: "\n", count: 200_000), width: 80)
        #expect(lines.count == 200_000)
        var long = WrappedText(width: 80)
        for _ in 0..<64 { long.append(String(repeating: "x", count: 8_000)) }
        #expect(long.count == 6_400)
        #expect(long.row(6_399).text.utf8.count == 80)
        var blank = WrappedText(width: 10)
        for _ in 0..<2_000 { blank.append("          ") }
        #expect(blank.count > 0)
    }
}
