import TerminalKit
import TestSupport
import Testing

@testable import Markdown

/// What a piece costs is counted in bytes read and laid out, never by a clock.
@Suite struct BoundTests {
    struct Shape: CustomTestStringConvertible, Sendable {
        let name: String
        var head = ""
        let unit: String
        var testDescription: String { name }
    }

    static let shapes: [Shape] = [
        Shape(name: "one paragraph", unit: "words without end and *some* `marks` "),
        Shape(name: "one line without spaces", unit: "abcdefghijklmnopqrstuvwxyz"),
        Shape(name: "one line of ideographs", unit: "漢字かなカナ"),
        Shape(name: "one block of code", head: "```json\n", unit: "{\"key\": \"value\"}\n"),
        Shape(name: "one line of code", head: "```\n", unit: "let value = 1; "),
        Shape(name: "one list", unit: "- an item of a list\n"),
        Shape(name: "one item", head: "- ", unit: "an item of a list "),
        Shape(name: "one quote", unit: "> a line of a quote\n"),
        Shape(name: "one table", head: "|a|b|\n|-|-|\n", unit: "| some cell | another |\n"),
        Shape(name: "one cell", head: "|a|b|\n|-|-|\n| x ", unit: "and a word "),
        Shape(name: "one heading", head: "# ", unit: "words and words "),
        Shape(name: "short lines", unit: "a\n"),
        Shape(name: "blank lines", unit: "\n"),
        Shape(name: "blank lines in code", head: "```\n", unit: "\n"),
        Shape(name: "blank lines in indented code", head: "    a\n", unit: "\n"),
        Shape(name: "raw HTML", head: "<div>\n", unit: "<p>text</p>\n"),
        Shape(name: "brackets", unit: "["),
        Shape(name: "links", unit: "[a](b"),
        Shape(name: "stars", unit: "*a **b "),
        Shape(name: "backticks", unit: "`a ``b "),
        Shape(name: "quotes in quotes", unit: "> "),
        Shape(name: "lists in lists", unit: "- "),
        Shape(name: "definitions", unit: "[a]: b\n"),
        Shape(name: "comments", unit: "x <!-- "),
        Shape(name: "a tag that never ends", unit: "<a b=\"c\" "),
    ]

    @Test(arguments: shapes) func aPieceCostsTheSameEverywhere(_ shape: Shape) {
        let early = Self.dearestPiece(shape, after: 10_000)
        let late = Self.dearestPiece(shape, after: 100_000)
        #expect(late <= early + early / 2 + 2_000)
        // Twice the longest paragraph or line with its steps, and the piece that was just cut.
        #expect(late < 60_000)
    }

    /// What the dearest of 100 pieces costs when so much came before it. They fill more than a bound.
    private static func dearestPiece(_ shape: Shape, after bytes: Int) -> Int {
        var text = MarkdownText(width: 80)
        text.append(shape.head + String(repeating: shape.unit, count: bytes / shape.unit.utf8.count))
        let piece = String(repeating: shape.unit, count: max(1, 64 / shape.unit.utf8.count))
        var worst = 0
        for _ in 0..<100 {
            let before = text.work
            text.append(piece)
            worst = max(worst, text.work - before)
        }
        return worst
    }

    @Test func theCountWouldSeeACostThatGrows() {
        var text = MarkdownText(width: 80)
        text.append(String(repeating: "words ", count: 10_000))
        let before = text.work
        text.setWidth(70)
        #expect(text.work - before >= 60_000)
    }

    @Test(arguments: [
        ("quotes", String(repeating: ">", count: 100_000)), ("lists", String(repeating: "- ", count: 100_000)),
        ("brackets", String(repeating: "[", count: 100_000)), ("stars", String(repeating: "*", count: 100_000)),
        ("nested emphasis", String(repeating: "*a **a ", count: 20_000)),
        ("closed brackets", String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)),
        ("links in links", String(repeating: "[a](", count: 20_000)),
        ("backticks", (1...400).map { String(repeating: "`", count: $0) + " " }.joined()),
        ("tags", String(repeating: "<a b=\"", count: 20_000)),
        ("declarations", String(repeating: "<!a", count: 30_000)),
        ("entities", String(repeating: "&#x202E;", count: 10_000)),
        (
            "tables",
            "|" + String(repeating: "a|", count: 2_000) + "\n" + String(repeating: "-|", count: 2_001) + "\n"
                + String(repeating: "|b\n", count: 2_000)
        ),
    ]) func hostileTextsTakeLinearSteps(_ name: String, _ markdown: String) {
        markdown.utf8.withContiguousStorageIfAvailable { bytes in
            var parser = InlineParser(bytes, definitions: LinkDefinitions(), offset: .max)
            parser.read()
            #expect(parser.steps < 12 * bytes.count + 1_000, "\(name)")
        }
        var text = MarkdownText(width: 80)
        text.append(markdown)
        #expect(text.work < 40 * markdown.utf8.count + 40_000)
        #expect(text.count <= markdown.utf8.count + 100)
        #expect(MarkdownHTML.html(markdown).utf8.count < 40 * markdown.utf8.count + 5_000_000)
        for index in stride(from: 0, to: text.count, by: max(1, text.count / 20)) {
            #expect(CellWidth.width(of: text.row(index).text) <= 80 || text.row(index).isCode)
        }
    }

    @Test func aMillionEmptyLines() {
        let text = MarkdownText("a" + String(repeating: "\n", count: 1_000_000) + "b", width: 80)
        #expect(rows(text).map(\.text) == ["a", "", "b"])
        let code = MarkdownText("```\n" + String(repeating: "\n", count: 1_000_000) + "b", width: 80)
        #expect(code.count == 1_000_001)
        #expect(code.row(999_999).text == "│ ")
        #expect(code.row(1_000_000).text == "│ b")
    }

    @Test func oneLineOfFourMegabytes() {
        let line = String(repeating: "abcdefgh", count: 512 * 1_024)
        let text = MarkdownText(line, width: 80)
        #expect(text.count == (line.utf8.count + 79) / 80)
        #expect(text.row(40_000).text == String(line.dropFirst(40_000 * 80).prefix(80)))
        #expect(text.row(40_000).isContinuation)
        #expect(text.work < 10 * line.utf8.count)
    }

    @Test func aLongLineOfCodeContinues() {
        let line = String(repeating: "x", count: 10_000)
        let text = MarkdownText("```\n\(line)\nend\n```", width: 80)
        #expect(rows(text).map(\.isContinuation) == [false, true, true, false])
        #expect(text.codeBlock(atRow: 0)?.text == line + "\nend")
    }

    @Test func emphasisReachesOverRowsOfALongParagraph() {
        let unit = "Some words before **a strong part that is rather long** and some after. "
        let text = MarkdownText(String(repeating: unit, count: 400), width: 60)
        let marks = rows(text).filter { $0.text.contains("*") }
        #expect(marks.isEmpty)
        #expect(text.count > 300)
    }

    @Test func memoryIsAboutTheText() {
        for shape in Self.shapes {
            var text = MarkdownText(width: 80)
            let count = 100_000 / shape.unit.utf8.count
            text.append(shape.head + String(repeating: shape.unit, count: count))
            #expect(
                text.storedBytes < 3 * text.sourceCount, "\(shape.name): \(text.storedBytes) of \(text.sourceCount)")
        }
    }
}
