import Conversations
import Foundation
import FunctionTools
import GRDB
import ProviderCore
import Testing

@testable import Storage

/// The conversations in files that are not what they should be, and in those of older and newer programs.
@Suite struct BadConversationStoreTests {
    private let place = CallFolder()

    private func problem(_ store: SQLiteConversationStore, text: String = "text", id: Int = 1) async -> String? {
        do throws(ConversationStoreError) {
            try await store.keep([ConversationChange("a", revision: Int64(id), .message(.user(id, text)))])
            return nil
        } catch { return "\(error)" }
    }

    /// A file as the first version made it.
    private func makeFirstVersion() async throws {
        try await place.log().append(.sample("old"))
        for statement in [
            "DROP TRIGGER message_added", "DROP TRIGGER message_removed", "DROP TRIGGER message_changed",
            "DROP TABLE message_text", "DROP TABLE message", "DROP TABLE conversation", "DROP INDEX tool_call_place",
            "DELETE FROM grdb_migrations WHERE identifier LIKE '2 %'",
        ] { try await place.execute(statement) }
        #expect(try await place.texts("SELECT name FROM sqlite_schema WHERE name LIKE 'message%'").isEmpty)
    }

    @Test func aFileOfTheFirstVersionBecomesOneOfTheSecond() async throws {
        try await makeFirstVersion()
        let database = place.database()
        #expect(try await database.conversations.list(limit: 9).isEmpty)
        #expect(await problem(database.conversations) == nil)
        #expect(try await database.toolLog.recent(9).map(\.call.id) == ["old"])
        #expect(
            try await place.texts("SELECT identifier FROM grdb_migrations ORDER BY 1") == [
                "1 tool calls", "2 conversations",
            ])
    }

    @Test func damageFoundWhileWorkingLosesNoNewChange() async throws {
        let store = place.store()
        #expect(await problem(store, text: "old") == nil)
        let size = try #require(FileManager.default.contents(atPath: place.path)?.count)
        place.put(Array(repeating: 0xA5, count: size))
        #expect(await problem(store, text: "new") == nil)
        #expect(try await store.load("a")?.messages.map(\.text) == ["new"])
        #expect(store.takeNotices().count == 1)
        #expect(store.takeNotices().isEmpty)
        #expect(place.names.contains { $0.contains(".damaged-") })
    }

    @Test func aNewerFileIsReadAndNotChanged() async throws {
        #expect(await problem(place.store()) == nil)
        try await place.execute("INSERT INTO grdb_migrations VALUES ('99 of the future')")
        try await place.execute("ALTER TABLE message ADD COLUMN mood TEXT")
        let later = place.store()
        #expect(await problem(later, id: 2)?.hasSuffix("was written by a newer tickertape; update this one") == true)
        #expect(try await later.load("a")?.messages.count == 1)
        #expect(try await later.list(limit: 9).count == 1)
        #expect(try await later.search("text", limit: 9).count == 1)
        #expect(try await later.prompts(limit: 9) == ["text"])
        #expect(try await later.claim("a"))
    }

    /// Authors of a newer program: their messages are left out, and the others stay joined.
    @Test func messagesOfUnknownAuthorsAreLeftOut() async throws {
        let store = place.store()
        let messages = [1, 2, 3, 4, 5].map { StoredMessage.user($0, after: $0 == 1 ? nil : $0 - 1, "\($0)") }
        try await store.keep(StoredConversation(id: "a", messages: messages, head: 3).changes(as: "a"))
        try await place.execute("UPDATE message SET author = 'robot' WHERE id IN (1, 3, 4)")
        let loaded = try #require(try await store.load("a"))
        #expect(loaded.messages.map(\.id) == [2, 5])
        #expect(loaded.messages.map(\.parent) == [nil, 2])
        #expect(loaded.head == 2)
        // A circle that some program made ends the search for a parent.
        try await place.execute("UPDATE message SET parent = 4 WHERE id = 3")
        #expect(try await store.load("a")?.messages.last?.parent == nil)
    }

    @Test func aFileThatIsHeldByAnother() async throws {
        let store = place.store()
        #expect(await problem(store) == nil)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: place.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await problem(store, id: 2)?.contains("is busy") == true)
        #expect(try await store.load("a")?.messages.count == 1)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await problem(store, id: 2) == nil)
        #expect(try await store.load("a")?.messages.count == 2)
    }

    @Test func aFullDiskLosesNothingElse() async throws {
        let store = place.store(maximumPages: 80)
        let text = String(repeating: "x", count: 20_000)
        var kept = 0
        var told: String?
        while told == nil, kept < 100 {
            told = await problem(store, text: text, id: kept + 1)
            if told == nil { kept += 1 }
        }
        #expect(told == "the conversations database \(place.path) cannot be written: the disk is full")
        #expect(kept > 2)
        #expect(try await store.load("a")?.messages.count == kept)
        // Room again.
        let later = place.store()
        #expect(await problem(later, text: "small", id: 1000) == nil)
        #expect(try await later.load("a")?.messages.count == kept + 1)
    }

    /// One that is too large does not take along the others that came at the same time.
    @Test func aBatchThatIsTooLargeFailsAlone() async throws {
        let store = place.store(maximumPages: 120)
        #expect(await problem(store) == nil)
        let huge = String(repeating: "x ", count: 500_000)
        await withTaskGroup(of: (Int, String?).self) { group in
            for id in 2...40 {
                let text = id % 10 == 0 ? huge : "small"
                group.addTask { (id, await problem(store, text: text, id: id)) }
            }
            for await (id, told) in group { #expect((told != nil) == (id % 10 == 0), "\(id): \(told ?? "kept")") }
        }
        #expect(try await store.load("a")?.messages.count == 36)
    }

    @Test(arguments: ["/proc/nothing/conversations.sqlite", "/dev/null/conversations.sqlite"])
    func aFolderThatCannotBeMade(path: String) async throws {
        let store = ConversationDatabase(path: path).conversations
        #expect(await problem(store)?.hasPrefix("the conversations database \(path) cannot be written: ") == true)
        #expect(try await store.list(limit: 1).isEmpty)
        await #expect(throws: ConversationStoreError.self) { try await store.claim("a") }
    }

    /// The superuser writes everywhere.
    @Test(.enabled(if: geteuid() != 0)) func aFolderThatMayOnlyBeReadIsRead() async throws {
        #expect(await problem(place.store()) == nil)
        for name in place.names where name.hasSuffix(".lock") { unlink(place.folder + "/" + name) }
        chmod(place.path, 0o400)
        chmod(place.folder, 0o500)
        defer { chmod(place.folder, 0o700) }
        let store = place.store()
        #expect(await problem(store, id: 2)?.contains("cannot be written") == true)
        #expect(try await store.load("a")?.messages.count == 1)
    }
}
