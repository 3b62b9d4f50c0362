import Markdown
import TerminalKit
import Testing

/// Lines of a language, each followed by its mask: one letter for each byte.
struct LexerCase: Sendable, CustomTestStringConvertible {
    let language: String
    let lines: [(text: String, mask: String)]

    init(_ language: String, _ text: String) {
        self.language = language
        let all = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0).replacing("⇥", with: "\t")
        }
        lines = stride(from: 0, to: all.count - 1, by: 2).map { (all[$0], all[$0 + 1]) }
    }

    var testDescription: String { language }

    /// The letters of the masks.
    static let letters: [CodeToken: Character] = [
        .plain: ".", .keyword: "k", .type: "t", .function: "f", .string: "s", .number: "n", .constant: "c",
        .comment: "/", .attribute: "@", .operator: "o", .added: "+", .removed: "-",
    ]

    static func mask(_ spans: [CodeSpan]) -> String {
        String(spans.flatMap { span in span.range.map { _ in letters[span.token] ?? "?" } })
    }
}

@Suite struct CodeLexerTests {
    @Test(arguments: programmingCases + otherCases)
    func everyLanguage(_ row: LexerCase) throws {
        var lexer = try #require(CodeLexer(language: row.language))
        for line in row.lines {
            #expect(LexerCase.mask(lexer.line(line.text)) == line.mask, "\(line.text)")
        }
    }

    @Test(arguments: [
        ("swift", "Swift"), ("python", "py"), ("bash", "ZSH"), ("c++", "cpp"), ("c#", "cs"), ("json", "jsonc"),
        ("javascript", "jsx"), ("diff", "patch"), ("html", "xml"), ("yaml", "YML"), ("makefile", "Makefile"),
        ("dockerfile", "Dockerfile"), ("markdown", "md"), ("sql", "postgresql"), ("typescript", "tsx"),
    ])
    func aliasesInAnyCase(name: String, alias: String) throws {
        #expect(CodeLexer(language: alias) == CodeLexer(language: name))
        #expect(CodeLexer(language: alias) != nil)
    }

    @Test(arguments: ["", "text", "plaintext", "console", "brainfuck", "swift ", "\u{1B}[31m"])
    func plainTextHasNoLexer(name: String) {
        #expect(CodeLexer(language: name) == nil)
    }

    @Test func theStateIsTheLinesBefore() throws {
        var one = try #require(CodeLexer(language: "swift"))
        _ = one.line("let a = 1 /* opens")
        let kept = one
        #expect(one.line("still }").map(\.token) == [.comment])
        var again = kept
        #expect(again.line("closed */ let").map(\.token) == [.comment, .plain, .keyword])
        #expect(again == CodeLexer(language: "swift"))
        #expect(MemoryLayout<CodeLexer>.size <= 64)
    }

    @Test(arguments: ["html"])
    func aScriptOverLinesIsInItsOwnLanguage(name: String) throws {
        var lexer = try #require(CodeLexer(language: name))
        let page = ["<script async>", "let a = `", "b`; /* c", "*/ if </SCRIPT>"]
        let masks = page.map { LexerCase.mask(lexer.line($0)) }
        #expect(masks == ["kkkkkkk.@@@@@k", "kkk...o.s", "ss..////", "//.kk.kkkkkkkkk"])
    }

    @Test func everyTokenHasALook() {
        #expect(Set(CodeToken.allCases.map(\.role)).count == CodeToken.allCases.count)
        #expect(CodeToken.added.role.rawValue == "diff.add")
        #expect(CodeToken.removed.role.rawValue == "diff.del")
    }
}
