import TerminalKit
import TestSupport
import Testing

@testable import Markdown

@Suite struct QueryTests {
    private static let answer = """
        # Head

        1. First
           ```swift
           let a = 1

           \tb()
           ```
        2. Second [link](https://a.example) and https://b.example

        > ```
        > quoted
        > ```

        end
        """

    @Test func aBlockOfCodeIsFoundAndTakenWithoutItsFrame() throws {
        let text = MarkdownText(Self.answer, width: 40)
        let row = try #require((0..<text.count).first { text.row($0).text.contains("let a") })
        let block = try #require(text.codeBlock(atRow: row))
        #expect(block.language == "swift")
        #expect(block.text == "let a = 1\n\n\tb()")
        #expect(block.rows.map { text.row($0).text } == ["   │ swift", "   │ let a = 1", "   │ ", "   │     b()"])
        #expect(text.codeBlock(atRow: 0) == nil)
        #expect(text.codeBlock(atRow: block.rows.upperBound) == nil)
    }

    @Test func codeIsWalkedForwardsAndBackwards() throws {
        let text = MarkdownText(Self.answer, width: 40)
        let first = try #require(text.codeBlock(after: 0))
        let second = try #require(text.codeBlock(after: first))
        #expect(text.codeBlock(atRow: second)?.text == "quoted")
        #expect(text.codeBlock(after: second) == nil)
        #expect(text.codeBlock(before: text.count) == second)
        #expect(text.codeBlock(before: second) == first)
        #expect(text.codeBlock(before: first) == nil)
    }

    @Test func codeThatIsStillOpenIsFound() throws {
        var text = MarkdownText(width: 40)
        text.append("a\n\n```c\nint x;\nint ")
        let block = try #require(text.codeBlock(after: 0).flatMap { text.codeBlock(atRow: $0) })
        #expect(block == MarkdownCodeBlock(language: "c", text: "int x;\nint ", rows: 2..<5))
    }

    @Test func blocksFarApartInALongText() throws {
        let unit = "Some prose to fill the room between.\n\n```json\n{\"n\": 1}\n```\n\n"
        let text = MarkdownText(String(repeating: unit, count: 500), width: 40)
        var row = -1
        var count = 0
        while let next = text.codeBlock(after: row) {
            #expect(text.row(next).code?.isLabel == true)
            (row, count) = (next, count + 1)
        }
        #expect(count == 500)
        #expect(text.codeBlock(atRow: row)?.text == "{\"n\": 1}")
    }

    @Test func linksAreListed() {
        let text = MarkdownText(Self.answer, width: 80)
        let links = text.links(rows: 0..<text.count)
        #expect(links.map(\.text) == ["link", "https://b.example"])
        #expect(links.map(\.target) == ["https://a.example", "https://b.example"])
    }

    @Test func rowsKnowTheirSource() {
        let text = MarkdownText("# A *b*\n\n- item **c** which is long enough to wrap\n- d\n", width: 20)
        #expect(text.source(rows: 0..<1) == "# A *b*")
        #expect(text.source(rows: 2..<3) == "- item **c** which is ")
        #expect(text.source(rows: 0..<text.count) == "# A *b*\n\n- item **c** which is long enough to wrap\n- d")
    }

    @Test(arguments: 0..<60) func sourcesAreInOrderAndFound(seed: Int) {
        let random = SeededRandom(UInt64(1_000 + seed))
        let markdown = TextGate.gate(RandomMarkdown.text(random, fragments: 300)).text
        let text = MarkdownText(markdown, width: 30)
        var last = 0
        for index in 0..<text.count {
            let source = text.row(index).source
            #expect(source.lowerBound >= 0 && source.upperBound <= markdown.utf8.count)
            #expect(source.lowerBound >= last, "row \(index)")
            last = source.lowerBound
        }
        for _ in 0..<20 {
            let offset = random.next(below: markdown.utf8.count)
            let index = text.row(atOffset: offset)
            #expect(text.count == 0 || (0..<text.count).contains(index))
            let next = index + 1 < text.count ? text.row(index + 1).source : nil
            #expect(index == 0 || text.row(index).source.lowerBound <= offset)
            if let next, next.lowerBound > text.row(index).source.lowerBound { #expect(next.lowerBound > offset) }
        }
    }

    @Test func outsideThereIsNothing() {
        let text = MarkdownText("a", width: 10)
        #expect(text.row(-1) == MarkdownRow() && text.row(1) == MarkdownRow())
        #expect(text.source(rows: 5..<9).isEmpty)
        #expect(MarkdownText(width: 10).row(atOffset: 3) == 0)
    }
}
