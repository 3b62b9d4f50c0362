import Conversations
import ProviderCore
import Testing

@testable import Storage

@Suite struct ConversationSearchTests {
    private let place = CallFolder()

    private static let messages: [StoredMessage] = [
        .user(1, "How does structured concurrency work in Swift?"),
        .answer(2, after: 1, "A task group waits for its children; cancellation flows down."),
        .user(3, after: 2, "Und auf Französisch: où est le café? Straße, Ångström."),
        .answer(4, after: 3, "let x = a->b; if (x != nil) { y *= 2 } // 100%_sure \\ AND OR NOT NEAR"),
        .user(5, after: 4, "结构化并发怎么用?"), .answer(6, after: 5, "ภาษาไทยไม่มีช่องว่าง และ カタカナ"),
        .user(7, after: 6, "don't say \"hello world\" again, world hello"),
        .answer(8, after: 7, "naïve façade — 日本語 with Swift"), .user(9, after: 8, "Привет, МИР. Ёлка"),
    ]

    static let cases: [(String, String, [Int])] = [
        ("a word", "concurrency", [1]), ("case does not count", "CONCURRENCY", [1]),
        ("all words", "task children", [2]), ("a word is missing", "task unicorn", []),
        ("the last word as a beginning", "cancel", [2]), ("the first is none", "cancel down", []),
        ("marks do not count", "cafe", [3]), ("marks in the query", "nàive facade", [8]),
        ("a letter with a ring", "angstrom", [3]), ("cyrillic", "мир", [9]),
        ("a phrase", "\"hello world\"", [7]), ("a phrase in another order", "\"again hello\"", []),
        ("a quote that stays open", "\"hello wor", [7]), ("a quote alone", "\"", []), ("quotes", "\"\"\"\"", []),
        ("an operator is a word", "AND", [4]), ("operators are words", "OR NOT NEAR", [4]),
        ("near as a function", "NEAR(task children, 2)", []), ("a column filter", "text:swift", []),
        ("a star", "swift*", [8, 1]), ("parentheses", "(swift", [8, 1]), ("a caret", "^how", [1]),
        ("minus", "-swift", [8, 1]), ("plus", "swift + how", [1]), ("a comma", "waits,for", [2]),
        ("an apostrophe", "don't", [7]), ("a statement", "'); DROP TABLE message; --", []),
        ("only signs: letter by letter", "->", [4]), ("signs with wildcards", "%_", [4]), ("a backslash", "\\", [4]),
        ("a star alone", "*", [4]), ("signs beside a word", "-> nil", [4]),
        ("Chinese without blanks", "并发", [5]), ("Chinese, two places", "结构 怎么", [5]), ("not there", "发并", []),
        ("Japanese and Latin", "日本 swift", [8]), ("katakana", "タカ", [6]), ("Thai", "ช่องว่าง", [6]),
        ("nothing", "", []), ("blanks", " \t\n", []), ("NUL", "swi\u{0}ft", [8, 1]),
        ("very long", String(repeating: "swift ", count: 5000), [8, 1]),
        ("many quotes", String(repeating: "\"a", count: 3000), [2, 4]), ("an emoji", "👩‍👩‍👧‍👦", []),
    ]

    @Test(arguments: cases) func everyTextIsAQuery(_ entry: (String, String, [Int])) async throws {
        let store = place.store()
        try await store.keep(StoredConversation(id: "a", title: "T", messages: Self.messages).changes(as: "a"))
        let hits = try await store.search(entry.1, limit: 9)
        #expect(hits.map(\.message).sorted() == entry.2.sorted())
        #expect(hits.allSatisfy { $0.conversation == "a" && $0.title == "T" })
    }

    @Test func theBestIsFirstAndOfEqualsTheNewest() async throws {
        let store = place.store()
        let texts = ["swift is here", "swift swift swift swift", "some other text", "swift is here"]
        let messages = texts.enumerated().map { StoredMessage.user($0.offset + 1, $0.element) }
        try await store.keep(StoredConversation(id: "a", messages: messages).changes(as: "a"))
        try await store.keep(StoredConversation(id: "b", messages: [.user(1, "swift is here")]).changes(as: "b"))
        let hits = try await store.search("swift", limit: 9)
        #expect(hits.map { "\($0.conversation)\($0.message)" } == ["a2", "b1", "a4", "a1"])
        #expect(try await store.search("swift", limit: 2).count == 2)
        #expect(try await store.search("swift", limit: 0).isEmpty)
        #expect(hits.map(\.title) == ["swift is here", "swift is here", "swift is here", "swift is here"])
    }

    @Test func deletedConversationsDoNotHideOthers() async throws {
        let store = place.store()
        for number in 1...30 {
            let id = "c\(number)"
            try await store.keep(StoredConversation(id: id, messages: [.user(1, "same 并发")]).changes(as: id))
            if number > 1 { try await store.keep([ConversationChange(id, revision: 9, .deleted(true))]) }
        }
        #expect(try await store.search("same", limit: 1).map(\.conversation) == ["c1"])
        #expect(try await store.search("并发", limit: 1).map(\.conversation) == ["c1"])
    }

    @Test func theExcerptShowsWhereItIs() async throws {
        let store = place.store()
        let text = "first line\n" + String(repeating: "word ", count: 100) + "the Café is open\nlast"
        try await store.keep(StoredConversation(id: "a", messages: [.user(1, text)]).changes(as: "a"))
        let hit = try #require(try await store.search("cafe open", limit: 1).first)
        let characters = Array(hit.excerpt)
        #expect(hit.excerpt.hasSuffix("the Café is open"))
        #expect(hit.excerpt.hasPrefix("…"))
        #expect(hit.matches.map { String(characters[$0]) } == ["Café", "open"])
    }
}
