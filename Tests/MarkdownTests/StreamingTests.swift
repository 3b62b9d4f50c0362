import Markdown
import TerminalKit
import TestSupport
import Testing

@Suite struct StreamingTests {
    @Test(arguments: 0..<150) func piecesGiveTheRowsOfTheWhole(seed: Int) {
        let random = SeededRandom(UInt64(seed))
        let markdown = TextGate.gate(RandomMarkdown.text(random, fragments: 5 + random.next(below: 120))).text
        let width = 5 + random.next(below: 90)
        var whole = MarkdownText(width: width)
        whole.append(markdown)
        var pieced = MarkdownText(width: width)
        for piece in RandomMarkdown.pieces(of: markdown, random, most: 12) { pieced.append(piece) }
        #expect(rows(pieced) == rows(whole))
        whole.finish()
        pieced.finish()
        #expect(rows(pieced) == rows(whole))
        var other = MarkdownText(width: width + 7)
        other.append(markdown)
        other.finish()
        other.setWidth(width)
        #expect(rows(other) == rows(whole))
    }

    /// Long shapes: what is finished must be the same wherever the pieces were cut.
    @Test(arguments: [
        "word and *more* words ", "> a line of a quote\n", "| a | b **c** |\n", "let x = \"1\"\n", "漢字かな、", "a\n",
    ])
    func longTextsInPieces(unit: String) {
        let random = SeededRandom(7)
        let head = unit.hasPrefix("|") ? "|h|i|\n|-|-|\n" : unit.hasPrefix("let") ? "```json\n" : ""
        let markdown = head + String(repeating: unit, count: 20_000 / unit.utf8.count)
        var whole = MarkdownText(width: 50)
        whole.append(markdown)
        var pieced = MarkdownText(width: 50)
        for piece in RandomMarkdown.pieces(of: markdown, random, most: 900) { pieced.append(piece) }
        #expect(rows(pieced) == rows(whole))
    }

    @Test func finishedRowsNeverChange() {
        let random = SeededRandom(3)
        var text = MarkdownText(width: 40)
        var finished: [MarkdownRow] = []
        for _ in 0..<200 {
            text.append(TextGate.gate(RandomMarkdown.text(random, fragments: 3)).text)
            let now = rows(text)
            #expect(now.count >= finished.count)
            #expect(Array(now.prefix(finished.count)) == finished)
            finished = Array(now.prefix(text.finishedRowCount))
        }
        #expect(finished.count > 50)
    }

    @Test func anOpenMarkIsTextUntilItCloses() {
        var text = MarkdownText(width: 40)
        text.append("a **b")
        #expect(text.row(0).text == "a **b")
        text.append("** c")
        #expect(text.row(0).text == "a b c")
    }

    @Test func theBeginningOfALineChangesNothingAboveIt() {
        var text = MarkdownText(width: 40)
        text.append("Paragraph\n-")
        #expect(rows(text).map(\.text) == ["Paragraph", "-"])
        text.append(" item")
        #expect(rows(text).map(\.text) == ["Paragraph", "• item"])
        text.append("\n--")
        #expect(text.row(2).text == "--")
    }

    @Test func blanksAloneAreNoRow() {
        var text = MarkdownText(width: 40)
        text.append("- a\n  ")
        #expect(rows(text).map(\.text) == ["• a"])
    }

    @Test func aFenceThatGrowsIsNotShownAsCode() {
        var text = MarkdownText(width: 40)
        text.append("```\ncode\n``")
        #expect(rows(text).map(\.text) == ["│ code"])
        text.append("x")
        #expect(rows(text).map(\.text) == ["│ code", "│ ``x"])
    }

    @Test func aProvisionalEndIsShownAndReplaced() {
        var text = MarkdownText(width: 40)
        text.append("caf")
        text.provisional = "e"
        #expect(text.row(0).text == "cafe")
        #expect(text.source(0..<10) == "caf")
        text.append("e\u{301} au lait")
        #expect(text.row(0).text == "cafe\u{301} au lait")
        text.provisional = "!"
        text.finish()
        #expect(text.row(0).text == "cafe\u{301} au lait")
    }

    @Test func whatTheGateHoldsBackIsShownAtOnce() {
        var gate = StreamingGate()
        var text = MarkdownText(width: 40)
        for piece in ["caf", "e", "\u{301} *a", "u* lait"] {
            let gated = gate.append(piece)
            text.append(gated, provisional: gate.pending.text)
        }
        #expect(text.row(0).text == "caf\u{E9} au lait")
        #expect(text.provisional == "t")
        text.append(gate.finish(), provisional: "")
        text.finish()
        text.append("")
        #expect(text.isFinished && text.source(0..<20) == "caf\u{E9} *au* lait")
    }

    @Test func aProvisionalEndMayHoldLines() {
        var text = MarkdownText(width: 40)
        text.append("a\n- b")
        text.provisional = "\n- c"
        #expect(rows(text).map(\.text) == ["a", "• b", "• c"])
        text.provisional = ""
        #expect(rows(text).map(\.text) == ["a", "• b"])
    }

    @Test func theEndClosesWhatIsOpen() {
        var text = MarkdownText(width: 40)
        text.append("Title\n---")
        #expect(rows(text).map(\.text) == ["Title", "---"])
        text.finish()
        #expect(rows(text).map(\.text) == ["## Title"])
        text.append("\nmore")
        #expect(rows(text).map(\.text) == ["## Title", "more"])
    }

    @Test func copiesGrowApart() {
        var text = MarkdownText(width: 40)
        text.append(String(repeating: "A line of text.\n\n", count: 200))
        _ = text.row(5)
        var other = text
        other.append(String(repeating: "other\n\n", count: 300))
        text.append(String(repeating: "this\n\n", count: 300))
        #expect(text.row(450).text == "this" && other.row(450).text == "other")
        #expect(text.row(5) == other.row(5))
        #expect(text.row(899).text != other.row(899).text || text.row(900).text != other.row(900).text)
    }
}
