import Markdown
import TerminalKit
import TestSupport

/// The rows of a text as they are shown.
func shown(_ markdown: String, width: Int = 40, wrapsCode: Bool = false) -> [String] {
    rows(MarkdownText(markdown, width: width, wrapsCode: wrapsCode)).map(\.text)
}

/// All rows of a text.
func rows(_ text: MarkdownText) -> [MarkdownRow] { (0..<text.count).map { text.row($0) } }

/// The spans of all rows, without what stands before them.
func spans(_ markdown: String, width: Int = 80) -> [MarkdownSpan] {
    rows(MarkdownText(markdown, width: width)).flatMap(\.spans)
}

/// Markdown by chance: fragments that meet each other in every way, sound and broken.
enum RandomMarkdown {
    private static let fragments = [
        "word ", "words and words ", "漢字かな", "👩‍🚀", "e\u{301}", "\n", "\n", "\n\n", "\n\n", "**", "*", "_", "~~", "`",
        "```",
        "```json\n", "\n```\n", "~~~\n", "# ", "## ", "- ", "\n- ", "  - ", "1. ", "\n2. ", "> ", "\n> ",
        "| a | b |\n|---|:-:|\n",
        "| c | d |\n", "|", "---\n", "===\n", "[text](https://a.example/x)", "[", "](", ")", "![alt](i.png)", "<b>",
        "</b>",
        "<!-- ", "-->", "&amp;", "&#x202E;", "\\", "\\*", "https://example.org/a(b)c", "www.example.org", "a@b.example",
        "[ref]: https://r.example\n", "[ref]", "\t", "    ", "  \n", "{\"k\": 1}\n", "- [ ] ", "- [x] ", "***\n",
        "<div>\n", "</div>\n",
    ]

    /// A text of so many fragments.
    static func text(_ random: SeededRandom, fragments count: Int) -> String {
        (0..<count).map { _ in fragments[random.next(below: fragments.count)] }.joined()
    }

    /// A text in pieces that are cut at any character.
    static func pieces(of text: String, _ random: SeededRandom, most: Int) -> [String] {
        var rest = text[...]
        var pieces: [String] = []
        while !rest.isEmpty {
            let piece = rest.prefix(1 + random.next(below: most))
            pieces.append(String(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
