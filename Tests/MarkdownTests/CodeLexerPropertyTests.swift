import Markdown
import TestSupport
import Testing

/// What holds of every line of every language.
@Suite struct CodeLexerPropertyTests {
    static let languages = [
        "swift", "python", "javascript", "typescript", "json", "bash", "c", "c++", "c#", "java", "kotlin", "go", "rust",
        "ruby", "php", "sql", "html", "css", "yaml", "toml", "ini", "markdown", "dockerfile", "makefile", "lua",
        "haskell", "r", "perl", "diff",
    ]

    /// Those that share no way of reading with another.
    static let kinds = [
        "swift", "javascript", "bash", "c++", "rust", "ruby", "php", "html", "css", "yaml", "toml", "lua", "haskell",
        "markdown", "perl", "makefile",
    ]

    /// What is wrong with the runs of a line; nil when they cover it.
    static func fault(_ spans: [CodeSpan], _ text: String) -> String? {
        var end = 0
        let borders = Set(text.indices.map { text.utf8.distance(from: text.startIndex, to: $0) } + [text.utf8.count])
        for span in spans {
            if span.range.lowerBound != end { return "gap or overlap at \(end)" }
            if span.range.isEmpty { return "empty run at \(end)" }
            end = span.range.upperBound
            if !borders.contains(end) { return "border inside a character at \(end)" }
        }
        return end == text.utf8.count ? nil : "ends at \(end) of \(text.utf8.count)"
    }

    private static let pieces = [
        "\"", "'", "`", "\"\"\"", "'''", "/*", "*/", "//", "#", "##", "--", "--[==[", "]==]", "[[", "]]", "{-", "-}",
        "<<EOF", "EOF", "<<<A", "A", "\\", "\\(", "(", ")", "{", "}", "${", "#{", "{$", "<!--", "-->", "<script>",
        "</script>", "<style", "<a ", ">", "/", "r#\"", "R\"x(", ")x\"", "%w[", "q(", "s/", "=begin", "=end", "=cut",
        "@@ -1,2 +3,4 @@", "+", "- ", "|", ": ", "=", "[", "]", ",", "0x1", "1e", "1.", "e\u{301}", "\u{301}", "👩‍👩‍👧", "🇩🇪",
        "é", "漢", "if", "for", "func", "def", " ", "\t", "\r", "$", "@", "a", "Bc", "DEF", "~~~", "```", "&amp;",
        "\u{0}",
    ]

    private func line(_ random: SeededRandom) -> String {
        if random.next(below: 3) == 0 {
            return String(
                decoding: (0..<random.next(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.bits()) },
                as: UTF8.self
            ).replacing("\n", with: " ")
        }
        return (0..<random.next(below: 16)).map { _ in Self.pieces[random.next(below: Self.pieces.count)] }.joined()
    }

    @Test(arguments: languages)
    func runsCoverEveryLine(language: String) throws {
        let random = SeededRandom(UInt64(language.utf8.reduce(7) { $0 &* 31 &+ Int($1) }))
        var lexer = try #require(CodeLexer(language: language))
        for number in 0..<1_000 {
            if number % 50 == 0 { lexer = try #require(CodeLexer(language: language)) }
            let text = line(random)
            let spans = lexer.line(text)
            if let fault = Self.fault(spans, text) {
                Issue.record("\(language): \(fault) in \(text.debugDescription)")
                return
            }
            for (one, next) in zip(spans, spans.dropFirst()) { #expect(one.token != next.token) }
        }
    }

    @Test func theCheckFindsDefects() {
        let text = "e\u{301}x"
        #expect(Self.fault([CodeSpan(0..<3, .plain), CodeSpan(3..<4, .string)], text) == nil)
        #expect(Self.fault([CodeSpan(0..<1, .plain), CodeSpan(1..<4, .string)], text) != nil)
        #expect(Self.fault([CodeSpan(0..<3, .plain)], text) != nil)
        #expect(Self.fault([CodeSpan(0..<3, .plain), CodeSpan(2..<4, .string)], text) != nil)
        #expect(Self.fault([CodeSpan(0..<3, .plain), CodeSpan(3..<3, .string), CodeSpan(3..<4, .string)], text) != nil)
    }

    /// Lines made to be read again and again. With a quadratic reader each would take minutes.
    @Test(arguments: [
        "\"", "\\(", "\"\\(", "#", "#\"", "/", "/*", "[", "[=", "]=", "<", "<<A ", "`", "``` ", "*a", "[a](", "&", "a:",
        "- ",
        "$(", "${", "'", "'a", "((", "{{", "--", "%w[", "q(", "=", "R\"(", ")", "\u{301}", "\"\u{301}", "a ", "1e+",
        "@@ ", "é",
        "</", "<a ", "\"a\" ",
    ])
    func hostileLinesAreReadOnce(piece: String) throws {
        let text = String(repeating: piece, count: (24 << 10) / piece.utf8.count)
        for language in Self.kinds {
            var lexer = try #require(CodeLexer(language: language))
            let start = ContinuousClock.now
            let spans = lexer.line(text)
            let took = start.duration(to: .now)
            #expect(spans.last?.range.upperBound == text.utf8.count)
            #expect(took < .seconds(30), "\(language)")
        }
    }

    @Test(arguments: ["swift", "bash", "html", "yaml", "markdown", "diff"])
    func aMegabyteInOneLine(language: String) throws {
        var lexer = try #require(CodeLexer(language: language))
        let text = String(repeating: "let x = f(\"a\", 1.5) /* é */ + b; ", count: (1 << 20) / 33)
        #expect(lexer.line(text).last?.range.upperBound == text.utf8.count)
    }
}
