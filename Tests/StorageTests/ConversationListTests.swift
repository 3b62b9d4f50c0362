import Conversations
import ProviderCore
import Testing

@testable import Storage

@Suite struct ConversationListTests {
    private let place = CallFolder()

    private func keep(
        _ id: String, _ messages: [StoredMessage], title: String? = nil, draft: String = "",
        in store: SQLiteConversationStore
    ) async throws {
        var conversation = StoredConversation(id: id, title: title, messages: messages, head: messages.last?.id)
        conversation.draft = draft
        try await store.keep(conversation.changes(as: id))
    }

    static let titles: [(String, String?, [StoredMessage], String, String)] = [
        ("given", "Name", [.user(1, "text")], "", "Name"),
        ("the first line", nil, [.user(1, "one\ntwo")], "", "one"),
        ("blank lines before", nil, [.user(1, " \n\t\n  one  \r\ntwo")], "", "one"),
        ("of the first person's message", nil, [.answer(1, after: nil, "hello"), .user(2, after: 1, "hi")], "", "hi"),
        ("only an answer", nil, [.answer(1, after: nil, "hello")], "", "hello"),
        ("only a draft", nil, [], "unsent", "unsent"),
        ("a blank message", nil, [.user(1, " ")], "", ""),
        ("a given one that is blank", " ", [.user(1, "text")], "", "text"),
        ("80 characters", nil, [.user(1, String(repeating: "é", count: 80))], "", String(repeating: "é", count: 80)),
        (
            "81 characters", nil, [.user(1, String(repeating: "é", count: 81))], "",
            String(repeating: "é", count: 79) + "…"
        ),
        (
            "families", nil, [.user(1, String(repeating: "👩‍👩‍👧‍👦", count: 30))], "",
            String(repeating: "👩‍👩‍👧‍👦", count: 30)
        ),
        ("a long given one", String(repeating: "x", count: 200), [], "", String(repeating: "x", count: 79) + "…"),
    ]

    @Test(arguments: titles)
    func titlesAreGivenOrTheBeginning(_ entry: (String, String?, [StoredMessage], String, String)) async throws {
        let store = place.store()
        try await keep("a", entry.2, title: entry.1, draft: entry.3, in: store)
        #expect(try await store.list(limit: 9).map(\.title) == [entry.4])
    }

    static let costs: [(String, [Cost], String?, Bool)] = [
        ("no answer", [], "0.000000", false),
        ("exact", [.exact(Money(picodollars: 1)), .exact(Money(picodollars: 2))], "0.000000000003", false),
        ("one unknown", [.exact(Money(picodollars: 1)), .unknown], nil, false),
        ("one estimated", [.exact(Money(picodollars: 1)), .estimate(Money(picodollars: 2))], "0.000000000003", true),
        ("nothing", [.exact(.zero)], "0.000000", false),
        (
            "more than 64 bits", Array(repeating: .exact(Money(picodollars: Int128(Int64.max))), count: 4),
            Money(picodollars: Int128(Int64.max) * 4).exact, false
        ),
        ("one that is too large", [.exact(Money(picodollars: Int128(Int64.max) + 1))], nil, false),
    ]

    @Test(arguments: costs) func costsAreSummedExactly(_ entry: (String, [Cost], String?, Bool)) async throws {
        let store = place.store()
        let answers = entry.1.enumerated().map { StoredMessage.answer($0.offset + 2, after: 1, "a", cost: $0.element) }
        try await keep("a", [.user(1, "question")] + answers, in: store)
        let summary = try #require(try await store.list(limit: 1).first)
        #expect(summary.cost == entry.2)
        #expect(summary.isCostEstimated == entry.3)
        #expect(summary.messages == 1 + answers.count)
    }

    @Test func theOneChangedLastIsFirstWhateverTheClockSays() async throws {
        let times = [9_000, 1_000, 5_000] as [Int64]
        for (number, time) in times.enumerated() {
            try await keep("c\(number)", [.user(1, "text \(number)")], in: place.store(clock: WallClock { time }))
        }
        let store = place.store(clock: WallClock { 1 })
        #expect(try await store.list(limit: 9).map(\.id) == ["c2", "c1", "c0"])
        #expect(try await store.list(limit: 9).map(\.changedAt) == [5_000, 1_000, 9_000])
        // Walking on branches is no change, a title is.
        try await store.keep([ConversationChange("c0", revision: 10, .head(nil))])
        #expect(try await store.list(limit: 2).map(\.id) == ["c2", "c1"])
        try await store.keep([ConversationChange("c0", revision: 11, .title("new"))])
        #expect(try await store.list(limit: 2).map(\.id) == ["c0", "c2"])
        // An older change that comes late is none.
        try await store.keep([ConversationChange("c1", revision: 0, .message(.user(1, "late")))])
        #expect(try await store.list(limit: 1).map(\.id) == ["c0"])
    }

    @Test func theModelIsThatOfTheNewestAnswer() async throws {
        let store = place.store()
        try await keep(
            "a", [.user(1, "q"), .answer(2, after: 1, "a", model: "old"), .answer(3, after: 1, "b", model: "new")],
            in: store)
        try await keep("b", [.user(1, "q")], in: store)
        try await keep("c", [.answer(1, after: nil, "a", model: "")], in: store)
        #expect(try await store.list(limit: 9).map(\.model) == [nil, nil, "new"])
    }

    @Test func whatHasNothingInItIsLeftOut() async throws {
        let store = place.store()
        try await store.keep([ConversationChange("a", revision: 1, .draft("x"))])
        #expect(try await store.list(limit: 9).count == 1)
        try await store.keep([ConversationChange("a", revision: 2, .draft(""))])
        #expect(try await store.list(limit: 9).isEmpty)
        #expect(try await store.list(limit: 0).isEmpty)
        #expect(try await store.list(limit: -1).isEmpty)
    }

    @Test func promptsAreTheNewestDistinctOldestFirst() async throws {
        let store = place.store()
        try await keep("a", [.user(1, "one"), .answer(2, after: 1, "answer"), .user(3, after: 2, "two")], in: store)
        try await keep("b", [.user(1, "one"), .user(2, after: 1, ""), .user(3, after: 2, "e\u{301}")], in: store)
        try await keep("c", [.user(1, "\u{E9}")], in: store)
        let prompts = try await store.prompts(limit: 9)
        #expect(prompts.map { Array($0.utf8) } == ["two", "one", "e\u{301}", "\u{E9}"].map { Array($0.utf8) })
        #expect(try await store.prompts(limit: 2).count == 2)
        #expect(try await store.prompts(limit: 0).isEmpty)
    }

    @Test func whatIsReadOftenStandsInAnIndex() async throws {
        try await keep("a", [.user(1, "q")], in: place.store())
        let list = try await place.plan(ConversationReading.listSQL.replacing("?", with: "9"))
        #expect(
            list.contains { $0.contains("SEARCH m USING COVERING INDEX message_figures (conversation=? AND author=?)") }
        )
        #expect(list.contains { $0.contains("USING INDEX conversation_recency") })
        let prompts = try await place.plan(ConversationReading.promptSQL)
        #expect(!prompts.contains { $0.contains("TEMP B-TREE") }, "\(prompts)")
        #expect(
            try await place.plan("SELECT * FROM tool_call WHERE conversation = 'a' AND turn = 1 ORDER BY position")
                .contains { $0.contains("tool_call_place") })
    }
}

/// What is deleted, and what brings it back.
@Suite struct ConversationDeletionTests {
    private let place = CallFolder()

    private func keep(_ changes: ConversationChange...) async throws { try await place.store().keep(changes) }

    private func listed() async throws -> [String] { try await place.store().list(limit: 9).map(\.id) }

    @Test func whatIsSaidInADeletedOneBringsItBack() async throws {
        try await keep(ConversationChange("a", revision: 1, .message(.user(1, "one"))))
        try await keep(ConversationChange("a", revision: 0, .deleted(true)))
        #expect(try await listed().isEmpty)
        try await keep(
            ConversationChange("a", revision: 2, .head(1)), ConversationChange("a", revision: 3, .draft("x")))
        #expect(try await listed().isEmpty, "nothing was said")
        try await keep(ConversationChange("a", revision: 4, .message(.answer(2, after: 1, "two"))))
        #expect(try await listed() == ["a"])
    }

    @Test func whatWasSaidBeforeAndIsKeptLaterDoesNot() async throws {
        try await keep(ConversationChange("a", revision: 1, .message(.user(1, "one"))))
        try await keep(ConversationChange("a", revision: 3, .deleted(true)))
        try await keep(ConversationChange("a", revision: 2, .message(.answer(2, after: 1, "two"))))
        #expect(try await listed().isEmpty)
    }

    @Test func theLastDeletedOneIsKnown() async throws {
        let store = place.store()
        #expect(try await store.lastDeleted() == nil)
        for id in ["a", "b", "c"] {
            try await store.keep([ConversationChange(id, revision: 1, .message(.user(1, id)))])
        }
        #expect(try await store.lastDeleted() == nil)
        try await store.keep([ConversationChange("b", revision: 0, .deleted(true))])
        #expect(try await place.store().lastDeleted() == "b")
        try await store.keep([ConversationChange("b", revision: 0, .deleted(false))])
        #expect(try await store.lastDeleted() == nil)
    }
}
