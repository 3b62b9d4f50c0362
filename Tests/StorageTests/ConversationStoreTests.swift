import Conversations
import Foundation
import FunctionTools
import ProviderCore
import Testing

@testable import Storage

@Suite struct ConversationStoreTests {
    private let place = CallFolder()

    private func change(_ revision: Int64, _ what: ConversationChange.What, of id: String = "a") -> ConversationChange {
        ConversationChange(id, revision: revision, what)
    }

    @Test func allOfAConversationComesBack() async throws {
        let messages = [
            StoredMessage(
                id: 1, parent: nil, author: .user, text: "look",
                attachments: [
                    KeptFile(name: "a \"b\".txt", content: .text("line\r\n\u{0}\u{FEFF}")),
                    KeptFile(name: "p.png", content: .image(type: "image/png", base64: "iVBORw0K")),
                ], saidAt: 5),
            StoredMessage(id: 2, parent: 1, author: .assistant, text: "no", answer: .full, saidAt: 6),
            .answer(7, after: 1, "again"), .user(9, after: 7, ""),
        ]
        try await place.store().keep(
            messages.enumerated().map { change(Int64($0.offset), .message($0.element)) } + [
                change(10, .title("Ti\u{0}tle")), change(11, .head(7)), change(12, .draft("unsent\n")),
            ])
        let loaded = try #require(try await place.store().load("a"))
        let expected = StoredConversation(
            id: "a", title: "Ti\u{0}tle", messages: messages, head: 7, draft: "unsent\n", revision: 12)
        #expect(loaded == expected)
        let record = try #require(loaded.messages[1].answer)
        #expect(JSONWriter.string(record.json) == JSONWriter.string(AnswerRecord.full.json))
        #expect(loaded.messages[0].answer == nil)
        #expect(try await place.store().load("b") == nil)
    }

    @Test(arguments: ToolLogTests.texts) func textsComeBackByteByByte(name: String, text: String) async throws {
        let store = place.store()
        try await store.keep([
            change(1, .message(.user(1, text)), of: text), change(2, .title(text), of: text),
            change(3, .draft(text), of: text),
        ])
        let loaded = try #require(try await store.load(text))
        for found in [loaded.id, loaded.title, loaded.messages.first?.text, loaded.draft] {
            #expect(found.map { Array($0.utf8) } == Array(text.utf8))
        }
        let kept = try await place.texts("SELECT hex(text) FROM message")
        #expect(kept == [text.utf8.map { String(format: "%02X", $0) }.joined()])
    }

    /// What an older program wrote, or a newer one, or nobody.
    @Test(arguments: [
        ("not json", nil as AnswerRecord?), ("[]", nil), ("{}", AnswerRecord(model: "", stamp: "")),
        (
            #"{"model":5,"usage":[],"calls":[7,{"id":"x"}],"attempts":-1,"cost":{"usd":"x"},"total_ms":1e999}"#,
            .some(
                {
                    var record = AnswerRecord(model: "", stamp: "")
                    record.calls = [CallRecord(call: ToolCall(id: "x", name: "", arguments: ""))]
                    return record
                }())
        ),
    ]) func recordsOfOtherProgramsAreRead(json: String, record: AnswerRecord?) async throws {
        let store = place.store()
        try await store.keep([change(1, .message(.answer(1, after: nil, "text")))])
        try await place.execute("UPDATE message SET record = '\(json)'")
        let message = try #require(try await store.load("a")?.messages.first)
        #expect(message.text == "text")
        #expect(message.answer == record)
        #expect(message.encodedAnswer == json)
    }

    @Test func whatANewerProgramKeptGoesBackUnchanged() async throws {
        let store = place.store()
        try await store.keep([change(1, .message(.answer(1, after: nil, "text")))])
        let json = #"{"model":"m","stamp":"","state":"complete","mood":{"level":9.00},"later":[1]}"#
        try await place.execute("UPDATE message SET record = '\(json)'")
        var message = try #require(try await store.load("a")?.messages.first)
        message.answer?.attempts = 2
        try await store.keep([change(2, .message(message))])
        #expect(
            try await place.texts("SELECT record FROM message") == [
                #"{"model":"m","stamp":"","state":"complete","attempts":2,"mood":{"level":9.00},"later":[1]}"#
            ])
    }

    static let orders: [(String, [Int64], String)] = [
        ("in order", [1, 2, 3], "3"), ("backwards", [3, 2, 1], "3"), ("the oldest last", [2, 3, 1], "3"),
        ("equal: the last one", [5, 5], "5"), ("below zero", [-2, -1, .min], "-1"), ("far", [.max, 1], "\(Int64.max)"),
    ]

    @Test(arguments: orders, [true, false])
    func ofChangesOfTheSameThingTheNewestHolds(order: (String, [Int64], String), together: Bool) async throws {
        let (store, title) = (place.store(), order.2)
        let batches = order.1.map { revision in
            [
                change(revision, .title("\(revision)")), change(revision, .draft("\(revision)")),
                change(revision, .message(.user(1, "\(revision)"))), change(revision, .head(Int(clamping: revision))),
                change(revision, .deleted(revision == Int64(title))),
            ]
        }
        for batch in together ? [batches.flatMap { $0 }] : batches { try await store.keep(batch) }
        let loaded = try #require(try await store.load("a"))
        #expect([loaded.title, loaded.draft, loaded.messages[0].text] == [title, title, title])
        #expect(loaded.head == Int(title))
        #expect(try await store.list(limit: 9).isEmpty)
        #expect(loaded.revision == max(0, order.1.max() ?? 0))
    }

    @Test func aTitleCanBeTakenAwayAndADeletedConversationBroughtBack() async throws {
        let store = place.store()
        try await store.keep([change(1, .message(.user(1, "first"))), change(2, .title("name"))])
        try await store.keep([change(3, .title(nil)), change(4, .deleted(true))])
        #expect(try await store.list(limit: 9).isEmpty)
        #expect(try await store.search("first", limit: 9).isEmpty)
        #expect(try await store.prompts(limit: 9).isEmpty)
        #expect(try await store.load("a")?.messages.count == 1)
        try await store.keep([change(5, .deleted(false))])
        #expect(try await store.list(limit: 9).map(\.title) == ["first"])
        #expect(try await store.search("first", limit: 9).count == 1)
    }

    @Test func whatWasDeletedLongAgoCanBeRemovedForGood() async throws {
        let store = place.store(clock: WallClock { 5000 })
        #expect(try await store.purge(deletedBefore: .max) == 0)
        try await store.keep([
            change(1, .message(.user(1, "secret"))), change(2, .deleted(true)),
            change(1, .message(.user(1, "kept")), of: "b"),
        ])
        #expect(try await store.purge(deletedBefore: 5000) == 0)
        #expect(try await store.purge(deletedBefore: 5001) == 1)
        #expect(try await store.load("a") == nil)
        #expect(try await place.texts("SELECT text FROM message") == ["kept"])
        try await place.execute("INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 1)")
        #expect(try await store.search("kept", limit: 9).count == 1)
    }

    /// In the database, and in the index of texts: an answer is found when it is over.
    @Test func anAnswerGrowsInPlace() async throws {
        let store = place.store()
        try await store.keep([change(1, .message(.user(1, "question")))])
        for (revision, text) in [(2, "apple"), (3, "apple pie"), (4, "apple pie with")] {
            try await store.keep([change(Int64(revision), .message(.answer(2, after: 1, text, state: .running)))])
            #expect(try await store.search("apple", limit: 9).isEmpty)
            #expect(try await store.load("a")?.messages.last?.answer?.state == .running)
        }
        let done = StoredMessage.answer(2, after: 1, "apple pie with cream")
        try await store.keep([change(5, .message(done))])
        #expect(try await store.load("a")?.messages == [.user(1, "question"), done])
        #expect(try await store.search("cream", limit: 9).map(\.message) == [2])
        try await store.keep([change(6, .message(.answer(2, after: 1, "tea")))])
        #expect(try await store.search("cream", limit: 9).isEmpty)
        #expect(try await store.search("tea", limit: 9).map(\.message) == [2])
        try await place.execute("INSERT INTO message_text (message_text, rank) VALUES ('integrity-check', 1)")
    }

    @Test func manySmallKeepsBecomeFewTransactions() async throws {
        let store = place.store()
        try await store.keep([change(0, .title("t"))])
        let before = try await counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...200 {
                group.addTask { try await store.keep([change(Int64(number), .message(.user(number, "text")))]) }
            }
            try await group.waitForAll()
        }
        #expect(try await store.load("a")?.messages.count == 200)
        let transactions = try await counter() - before
        #expect(transactions < 150, "\(transactions) transactions")
    }

    /// SQLite counts the transactions that changed a file at byte 24 of it.
    private func counter() async throws -> Int {
        let bytes = try #require(FileManager.default.contents(atPath: place.path))
        return bytes[24..<28].reduce(0) { $0 << 8 | Int($1) }
    }

    @Test func whatWasAskedIsKeptAlsoWhenTheTaskIsCancelled() async throws {
        let store = place.store()
        let task = Task { try await store.keep([change(1, .message(.user(1, "text")))]) }
        task.cancel()
        _ = await task.result
        await store.flush()
        #expect(try await store.load("a")?.messages.count == 1)
    }

    @Test func callsAndConversationsShareAFile() async throws {
        let database = place.database()
        try await database.toolLog.append(.sample("1"))
        try await database.conversations.keep([change(1, .message(.user(1, "text")))])
        try await database.toolLog.append(.sample("2"))
        #expect(try await place.log().recent(9).map(\.call.id) == ["1", "2"])
        #expect(try await place.store().load("a")?.messages.count == 1)
    }

    @Test func nothingIsMadeByReading() async throws {
        let store = place.store()
        #expect(try await store.list(limit: 9).isEmpty)
        #expect(try await store.load("a") == nil)
        #expect(try await store.search("x", limit: 9).isEmpty)
        #expect(try await store.prompts(limit: 9).isEmpty)
        try await store.keep([])
        #expect(place.names.isEmpty)
    }

    @Test func filesAreTheOwnersAlone() async throws {
        let store = place.store()
        try await store.keep([change(1, .message(.user(1, "text")))])
        #expect(try await store.claim("a"))
        for name in place.names {
            let attributes = try FileManager.default.attributesOfItem(atPath: place.folder + "/" + name)
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(attributes[.posixPermissions] as? Int == (isFolder ? 0o700 : 0o600), "\(name)")
        }
    }
}
