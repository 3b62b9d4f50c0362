import Testing

@testable import FunctionTools

@Suite struct PatternSearchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var text: String
        var first: String?
        var group: String?
        var last: String?
        var testDescription: String { "\(pattern) in \(text)" }

        init(_ pattern: String, _ text: String, _ first: String?, group: String? = nil, last: String? = nil) {
            (self.pattern, self.text, self.first, self.group) = (pattern, text, first, group)
            self.last = last ?? first
        }
    }

    static let cases = [
        Case("\\d+", "a 12 b 345 c", "12", last: "345"),
        Case("\\d+?", "345", "3", last: "5"),
        Case("a|ab", "ab", "a"),
        Case("ab|a", "ab", "ab"),
        Case("(a|ab)(c|bcd)", "abcd", "abcd", group: "a"),
        Case("x(\\d*)y", "x12y", "x12y", group: "12"),
        Case("x(\\d*)y", "xy", "xy", group: ""),
        Case("x(\\d)?y", "xy", "xy"),
        Case("(?:a)(b)(c)", "abc", "abc", group: "b"),
        Case("(?<n>b)", "abc", "b", group: "b"),
        Case("(?=(b))b(c)", "abc", "bc"),
        Case("(a)+", "aaa", "aaa", group: "a"),
        Case("(ab*)+", "abba", "abba", group: "a"),
        Case("<(.+)>", "<a> <b>", "<a> <b>", group: "a> <b"),
        Case("<(.+?)>", "<a> <b>", "<a>", group: "a", last: "<b>"),
        Case("a{2,3}", "aaaaa", "aaa", last: "aa"),
        Case("a{2,3}?", "aaaaa", "aa", last: "aa"),
        Case("^a", "aa", "a"),
        Case("a$", "aab a", "a"),
        Case("\\bcat\\b", "cats cat", "cat"),
        Case("(?<=\\$)\\d+", "1 $23", "23"),
        Case("\\d*", "ab12", "12"),
        Case("x*", "ab", nil),
        Case("é(.)", "xé😀", "é😀", group: "😀"),
        Case("a.*c|b", "ab", "b"),
        Case("", "ab", nil),
    ]

    @Test(arguments: cases) func finds(_ test: Case) throws {
        let search = try PatternSearch(test.pattern)
        let first = try search.first(in: test.text)
        #expect(first?.text == test.first)
        #expect(first?.group == test.group)
        #expect(try search.last(in: test.text)?.text == test.last)
        #expect((first != nil) == (try BoundedPattern(test.pattern).matches(test.text) && test.first != nil))
    }

    /// It finds something where, and only where, the matcher that schemas use does.
    @Test func agreesWithTheMatcher() throws {
        let patterns = ["(a|b)*c", "a+?b", "(?:ab?)+$", "^b|c+", "a(?!b)", "(?<=a)b", "[^a]b*", "(a*)b{1,2}?"]
        var texts = [""]
        for _ in 0..<5 { texts += texts.suffix(from: 0).flatMap { text in ["a", "b", "c"].map { text + $0 } } }
        for pattern in patterns {
            let (search, matcher) = (try PatternSearch(pattern), try BoundedPattern(pattern))
            for text in Set(texts) {
                #expect((try search.first(in: text) != nil) == matcher.matches(text), "\(pattern) in \(text)")
            }
        }
    }

    @Test func whatIsIntertwinedIsGivenUp() throws {
        let text = String(repeating: "x", count: 20_000)
        #expect(throws: PatternSearch.TooIntertwined.self) { try PatternSearch("x.*y|x").last(in: text) }
        #expect(try PatternSearch("x.*y|x").first(in: text)?.text == "x")
    }

    @Test func doesNotBacktrack() throws {
        let text = String(repeating: "a", count: 50_000) + "b"
        #expect(try PatternSearch("(a+)+$").last(in: text) == nil)
        #expect(try PatternSearch("(a|a)*b").first(in: text)?.text.utf8.count == 50_001)
    }
}
