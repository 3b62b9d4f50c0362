import Markdown
import TerminalKit
import Testing

@Suite struct RowTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let markdown: String
        let rows: [String]
        var testDescription: String { name }
        init(_ name: String, _ markdown: String, _ rows: [String]) {
            self.name = name
            self.markdown = markdown
            self.rows = rows
        }
    }

    static let blocks: [Case] = [
        Case("a paragraph", "One two.", ["One two."]),
        Case("paragraphs keep one blank row", "One.\n\n\n\nTwo.", ["One.", "", "Two."]),
        Case("a newline stays one", "One\ntwo", ["One", "two"]),
        Case(
            "prose wraps at spaces", "The quick brown fox jumps over the lazy dog.",
            ["The quick brown fox jumps over the lazy", "dog."]),
        Case("headings show their level", "# One\n### Three ###\nText", ["# One", "### Three", "Text"]),
        Case("headings by underlines", "One\n===\nTwo\n---", ["# One", "## Two"]),
        Case("no heading without a blank", "#hash", ["#hash"]),
        Case("bullets", "- a\n* b\n+ c", ["• a", "• b", "• c"]),
        Case("numbers are counted", "3. a\n3. b\n3) c", ["3. a", "4. b", "3) c"]),
        Case(
            "items hang", "- The quick brown fox jumps over the lazy dog.\n\n  Second.",
            ["• The quick brown fox jumps over the", "  lazy dog.", "", "  Second."]),
        Case("nested lists", "- a\n  - b\n    1. c\n- d", ["• a", "  • b", "    1. c", "• d"]),
        Case("lists in one line", "- - a", ["• • a"]),
        Case("an empty item", "- a\n-\n- b", ["• a", "•", "• b"]),
        Case("tasks", "- [ ] open\n- [x] done\n- [X] done", ["• [ ] open", "• [x] done", "• [X] done"]),
        Case("quotes", "> a\n> b\n>\n> > c", ["▌ a", "▌ b", "▌", "▌ ▌ c"]),
        Case("a quote goes on without its mark", "> a\nb", ["▌ a", "▌ b"]),
        Case("a list in a quote", "> - a\n>   b", ["▌ • a", "▌   b"]),
        Case("rules", "a\n\n***", ["a", "", String(repeating: "─", count: 40)]),
        Case("code with its language", "```swift\nlet x = 1\n\n  y\n```", ["│ swift", "│ let x = 1", "│", "│   y"]),
        Case("code without", "~~~\na\n~~~\nb", ["│ a", "b"]),
        Case("a fence that never ends", "```\na\n``", ["│ a", "│ ``"]),
        Case("code in an item", "1. a\n   ```\n   b\n     c\n   ```", ["1. a", "   │ b", "   │   c"]),
        Case("indented code", "    a\n\n      b\n\nc", ["│ a", "│", "│   b", "", "c"]),
        Case("tabs in code reach to 4", "```\na\tb\n\tc\n```", ["│ a   b", "│     c"]),
        Case("raw HTML is text", "<div class=\"x\">\n*a*\n</div>", ["<div class=\"x\">", "*a*", "</div>"]),
        Case("definitions stay to be seen", "[a]: https://b.example\n\nx", ["[a]: https://b.example", "", "x"]),
        Case("a newline after a backslash", "a\\\nb", ["a", "b"]),
        Case("nothing", "", []),
        Case("blank lines alone", "\n\n \n", []),
    ]

    @Test(arguments: blocks) func blocksAreShown(_ test: Case) {
        #expect(shown(test.markdown).map(Self.withoutEnd) == test.rows)
    }

    static let inlines: [Case] = [
        Case("marks are taken out", "**a** *b* __c__ _d_ ~~e~~ ~f~ ***g***", ["a b c d e f g"]),
        Case("marks that pair with nothing stay", "**a *b __c ~~d", ["**a *b __c ~~d"]),
        Case("inside words", "snake_case_name 2*3*4 a_b_", ["snake_case_name 234 a_b_"]),
        Case("code spans", "`a` ``b ` c`` `d", ["a b ` c `d"]),
        Case("a link and where it goes", "[text](https://a.example)", ["text (https://a.example)"]),
        Case("a link that says it", "[a.example](https://a.example/)", ["a.example"]),
        Case(
            "bare addresses", "See https://a.example/x. Or www.b.example!",
            ["See https://a.example/x. Or", "www.b.example!"]),
        Case("in angle brackets", "<https://a.example> <m@a.example>", ["https://a.example m@a.example"]),
        Case("images", "![alt *x*](https://a.example/i.png)", ["[image: alt x] (https://a.example/i.png)"]),
        Case(
            "references", "[t]: https://t.example\n\n[T] [x][t]",
            [
                "[t]: https://t.example", "", "T (https://t.example) x (https://", "t.example)",
            ]),
        Case(
            "a reference before its definition", "[t]\n\n[t]: https://t.example", ["[t]", "", "[t]: https://t.example"]),
        Case("entities", "&lt;&amp;&copy;&#65;&#x42; &nope; &", ["<&©AB &nope; &"]),
        Case("backslashes", "\\*a\\* \\a \\\\", ["*a* \\a \\"]),
        Case("raw tags are text", "a <b>c</b> <x y=\"*z*\">", ["a <b>c</b> <x y=\"*z*\">"]),
    ]

    @Test(arguments: inlines) func inlinesAreShown(_ test: Case) {
        #expect(shown(test.markdown).map(Self.withoutEnd) == test.rows)
    }

    static func withoutEnd(_ row: String) -> String {
        var row = row
        while row.hasSuffix(" ") { row.removeLast() }
        return row
    }

    @Test func marksBecomeModifiersAndRoles() {
        let spans = spans("**a** *b* `c` ~~d~~ ***e***")
        func style(_ text: String) -> Style? { spans.first { $0.text == text }?.style }
        #expect(style("a") == Style(.markdownStrong, .bold))
        #expect(style("b") == Style(.markdownEmphasis, .italic))
        #expect(style("c") == Style(.markdownCode))
        #expect(style("d") == Style(.text, .strike))
        #expect(style("e") == Style(.markdownStrong, [.bold, .italic]))
    }

    @Test func headingsAreBoldInTheirRole() {
        let spans = spans("## Title")
        #expect(spans.map(\.text) == ["##", " ", "Title"])
        #expect(spans.last?.style == Style(.markdownHeading, .bold))
    }

    @Test func codeIsColouredWhenTheLanguageIsKnown() {
        #expect(spans("```json\n\"a\"\n```").last?.style.role == .codeString)
        #expect(spans("```nosuchlanguage\n\"a\"\n```").last?.style.role == .markdownCodeBlock)
    }

    @Test func linksAreNeverLive() {
        for span in spans("[a](https://b.example) <https://c.example>") { #expect(!span.text.contains("\u{1B}")) }
    }

    @Test func aLinkThatMisleadsIsMarked() {
        let cases: [(String, Bool)] = [
            ("[https://bank.example](https://evil.example)", true),
            ("[bank.example](https://evil.example/bank.example)", true),
            ("[www.bank.example](https://bank.example/x)", false),
            ("[bank.example/login](https://bank.example/login2)", false),
            ("[main.rs](https://git.example/main.rs)", false), ("[the bank](https://evil.example)", false),
            ("[https://bank.example@evil.example](https://bank.example)", true), ("[bank.example](javascript:x)", true),
        ]
        for (markdown, misleads) in cases {
            let marked = spans(markdown).contains { $0.style.role == .warning && $0.text.contains("⚠") }
            #expect(marked == misleads, "\(markdown)")
        }
    }

    @Test func whatEntitiesHideIsGated() {
        let text = shown("a&#x202E;b &#27;[31m &#x200B; &#x2060; &#13;", width: 80).joined()
        #expect(text == "a‹RLO›b ␛[31m   ␍")
    }

    @Test func proseIsNoWiderThanCanBeRead() {
        let prose = String(repeating: "word ", count: 100)
        let text = MarkdownText(prose + "\n\n```\n" + prose + "\n```", width: 200)
        let widths = rows(text).map { CellWidth.width(of: $0.text) }
        #expect(widths.dropLast().allSatisfy { $0 <= 100 })
        #expect(widths.last == 502)
        #expect(text.row(text.count - 1).code?.width == 500)
    }

    @Test func codeWrapsOnlyWhenAsked() {
        let code = "```\nabcdefghijkl\n```"
        #expect(shown(code, width: 8) == ["│ abcdefghijkl"])
        var text = MarkdownText(code, width: 8)
        text.setWrapsCode(true)
        #expect(rows(text).map(\.text) == ["│ abcdef", "│ ghijkl"])
        #expect(rows(text).map(\.isContinuation) == [false, true])
        #expect(text.codeBlock(atRow: 1)?.text == "abcdefghijkl")
    }
}
