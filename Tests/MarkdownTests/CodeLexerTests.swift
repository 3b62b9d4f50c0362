import Markdown
import Testing

@Suite struct CodeLexerTests {
    @Test func aLineIsCoveredWithoutGaps() throws {
        var lexer = try #require(CodeLexer(language: "json"))
        let spans = lexer.line(#"{"a": "b\"c"}"#)
        #expect(spans.map(\.token) == [.plain, .string, .plain, .string, .plain])
        #expect(spans.last?.range.upperBound == 13)
    }
}
