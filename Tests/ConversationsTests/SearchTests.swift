import Testing

@testable import Conversations

@Suite struct SearchTests {
    @Test(arguments: [
        ("words", "one two", ["one", "two"], false), ("a phrase", "a \"b c\" d", ["a", "b c", "d"], false),
        ("an open quote", "\"b c", ["b c"], false), ("quotes inside", "a\"b\"c", ["a", "b", "c"], false),
        ("signs beside words", "a -> b", ["a", "b"], false), ("only signs", "-> !=", ["->", "!="], true),
        ("Chinese", "swift 并发", ["swift", "并发"], true), ("control characters", "a\u{1}b\u{7F}", ["ab"], false),
        ("nothing", " \n", [], true), ("an accent alone", "\u{301}", ["\u{301}"], true), ("a digit", "7", ["7"], false),
    ]) func everyTextIsAQuery(name: String, text: String, words: [String], isLiteral: Bool) {
        let query = SearchQuery(text)
        #expect(query.words == words)
        #expect(query.isLiteral == isLiteral)
        #expect(query.isEmpty == words.isEmpty)
    }

    @Test func aQueryHasAnEnd() {
        #expect(SearchQuery(String(repeating: "a ", count: 10_000)).words.count == 32)
        #expect(SearchQuery(String(repeating: "a", count: 10_000)).words.map(\.count) == [1000])
    }

    /// The excerpt with the words that were found in brackets.
    private func marked(_ text: String, _ query: String, length: Int = 120) -> String {
        let excerpt = SearchExcerpt(of: text, for: SearchQuery(query), length: length)
        var characters = Array(excerpt.text).map(String.init)
        for match in excerpt.matches.reversed() {
            characters.insert("]", at: match.upperBound)
            characters.insert("[", at: match.lowerBound)
        }
        return characters.joined()
    }

    @Test(arguments: [
        ("a word", "one two three", "two", "one [two] three"), ("case", "One TWO", "two one", "[One] [TWO]"),
        ("marks", "où est le Café", "cafe ou", "[où] est le [Café]"),
        ("marks apart", "Cafe\u{301} x", "cafe", "[Cafe\u{301}] x"),
        ("a beginning", "connection", "conn", "[conn]ection"),
        ("not inside a word", "disconnect connect", "conn", "disconnect [conn]ect"),
        ("the line", "a\nb two c\nd", "two", "b [two] c"),
        ("the first word of a line", "before it\nword here", "word", "before it [word] here"),
        ("the first word of all", "\n word here", "word", "[word] here"),
        ("a carriage return", "a\r\nb two\r\nc", "two", "b [two]"),
        ("Chinese inside", "结构化并发吗", "并发", "结构化[并发]吗"), ("touching", "aaa", "a", "[a]aa"),
        ("nothing found", "\n\n  first line\nx", "zebra", "first line"), ("families", "👩‍👩‍👧‍👦 two", "two", "👩‍👩‍👧‍👦 [two]"),
        ("cyrillic", "Привет, Мир", "мир", "Привет, [Мир]"), ("greek", "Καλημέρα", "καλημερα", "[Καλημέρα]"),
        ("empty", "", "x", ""), ("a query of nothing", "text", "", "text"),
    ]) func theExcerptShowsTheWords(name: String, text: String, query: String, expected: String) {
        #expect(marked(text, query) == expected)
    }

    @Test func aLongLineIsCutOnBothSides() {
        let text = String(repeating: "word ", count: 50) + "here " + String(repeating: "word ", count: 50)
        #expect(marked(text, "here", length: 30) == "…word word [here] word word word …")
        let lines = String(repeating: "some ", count: 30) + "\n\nhere and there"
        #expect(marked(lines, "here", length: 40) == "…some   [here] and there")
        #expect(marked(String(repeating: "abcdefgh ", count: 9) + "here", "here", length: 30) == "…abcdefgh [here]")
        let marks = String(repeating: "e\u{301}\u{302}", count: 60) + " here"
        #expect(marked(marks, "here", length: 30).hasSuffix(" [here]"))
        #expect(SearchExcerpt(of: String(repeating: "x", count: 1 << 20), for: SearchQuery("y")).text.count == 121)
    }
}
