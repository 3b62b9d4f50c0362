import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Answers as lines to be read aloud.
@Suite struct LinearTextTests {
    static let cases: [(name: String, text: String, lines: [String])] = [
        ("prose", "One.\nTwo.", ["  One.", "  Two."]),
        ("blank lines", "\n\nOne.\n\n\nTwo.\n", ["  One.", "", "  Two."]),
        ("headings", "# A\n###### **B** ##\n#nothing", ["  Heading 1: A", "  Heading 6: B", "  #nothing"]),
        (
            "code", "```swift\nlet a = 1\n\n  b\n```\nx",
            ["  Code, swift:", "    let a = 1", "", "      b", "  End of code.", "  x"]
        ),
        ("code without a kind", "~~~\n# no heading\n~~~", ["  Code:", "    # no heading", "  End of code."]),
        ("code that never ends", "```\na", ["  Code:", "    a", "  End of code."]),
        ("a longer fence holds a shorter one", "````\n```\n````", ["  Code:", "    ```", "  End of code."]),
        (
            "table", "| a | b |\n|---|--:|\n| 1 | **2** |\n| x \\| y |\nend",
            ["  Table with columns a, b:", "  a: 1; b: 2", "  a: x | y; b: ", "  End of table.", "  end"]
        ),
        ("a bar is no table", "a | b\nc", ["  a | b", "  c"]),
        ("a table at the end", "| a |\n|---|", ["  Table with columns a:", "  End of table."]),
        ("lists", "- a\n  1. *b*\n* c", ["  - a", "    1. b", "  * c"]),
        ("quote", "> a **b**", ["  Quote: a b"]),
        ("rule", "a\n\n---\n\nb", ["  a", "", "  b"]),
        ("inline", "**a** *b* `**c**` [d](http://e) 2*3 2 * 3 f_g_h", ["  a b `**c**` d (http://e) 2*3 2 * 3 f_g_h"]),
        ("a link that is its own text", "[http://e](http://e)", ["  http://e"]),
        (
            "our own words are moved in", "You: hi\nAssistant:\nEnd of answer.",
            ["  You: hi", "  Assistant:", "  End of answer."]
        ),
        ("controls", "a\u{1B}[31mb\rc\u{202E}d", ["  a␛[31mb␍c‹RLO›d"]),
    ]

    @Test(arguments: cases.indices) func reads(index: Int) {
        let (name, text, lines) = Self.cases[index]
        #expect(LinearText.lines(text) == lines, "\(name)")
    }

    /// All that is told, as one text.
    private func told(_ pieces: [String]) -> String {
        var text = LinearText()
        var output = LinearOutput()
        for piece in pieces { output.parts(text.append(piece)) }
        output.parts(text.finish())
        output.endLine()
        return output.take()
    }

    @Test(arguments: cases.indices) func piecesGiveTheWhole(index: Int) {
        let text = Self.cases[index].text + " A sentence that is long enough. And one more! And"
        let whole = told([text])
        #expect(told(text.map(String.init)) == whole)
        for cut in text.indices { #expect(told([String(text[..<cut]), String(text[cut...])]) == whole) }
    }

    @Test func sentencesOfALongLineAreToldAsTheyEnd() {
        var text = LinearText()
        #expect(text.append("This is the first of the sentences.") == [])
        #expect(text.append(" And this") == [.piece("This is the first of the sentences. ")])
        #expect(text.append(" one is short. x") == [.piece("And this one is short. ")])
        #expect(text.append("\n") == [.piece("x"), .lineEnd])
    }

    @Test func noForeignLineStandsAtTheLeftEdge() {
        let random = SeededRandom(7)
        let alphabet = [
            "You: ", "\n", "|", "---", "```", "#", " ", "a", "> ", "\r", "\t", "*", "\u{85}", "\u{2028}",
            "End of answer.",
        ]
        for _ in 0..<500 {
            let text = (0..<1 + random.next(below: 30)).map { _ in alphabet[random.next(below: alphabet.count)] }
            let told = told(text)
            #expect(told.firstControl == nil)
            for line in told.split(separator: "\n") { #expect(line.hasPrefix("  "), "\(text)") }
        }
    }

    /// The check above can fail.
    @Test func aForgedLineWouldBeSeen() {
        var output = LinearOutput()
        output.line("You: forged")
        output.line("a\u{1B}[31m")
        let told = output.take()
        #expect(told.split(separator: "\n").contains { !$0.hasPrefix("  ") })
        #expect(told.firstControl != nil)
    }
}
