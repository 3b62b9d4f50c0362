import Foundation
import FunctionTools
import GRDB
import ProviderCore
import Testing

@testable import Storage

/// Databases of conversations that are not what they should be. What cannot be kept is said, and nothing is overwritten.
@Suite struct BadConversationFileTests {
    private let place = CallFolder()

    private func problem(_ log: SQLiteToolLog, text: String = "sunny") async -> String? {
        do throws(ToolLogError) {
            try await log.append(.sample(text: text))
            return nil
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        Array("This is no database at all, but it is long enough to be one.".utf8), Array(repeating: 0xFF, count: 8192),
        Array("SQLite format 3\0".utf8) + Array(repeating: 0x41, count: 4080),
    ]) func aDamagedFileIsMovedAside(bytes: [UInt8]) async throws {
        place.put(bytes)
        let log = place.log()
        try await log.append(.sample("new"))
        #expect(try await log.recent(9).map(\.call.id) == ["new"])
        let notices = log.takeNotices()
        #expect(notices.count == 1)
        let start = "the conversations database was damaged and is now \(place.path).damaged-"
        #expect(notices.first?.hasPrefix(start) == true)
        #expect(log.takeNotices().isEmpty)
        let moved = try #require(place.names.first { $0.contains(".damaged-") })
        #expect(FileManager.default.contents(atPath: place.folder + "/" + moved) == Data(bytes))
    }

    @Test func damageFoundWhileWorkingLosesNoNewCall() async throws {
        let log = place.log()
        try await log.append(.sample("old"))
        let handle = try #require(FileHandle(forWritingAtPath: place.path))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(size)))
        try handle.close()
        try await log.append(.sample("new"))
        #expect(try await log.recent(9).map(\.call.id) == ["new"])
        #expect(place.names.contains { $0.contains(".damaged-") })
        #expect(log.takeNotices().count == 1)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() async throws {
        mkdir(place.folder, 0o700)
        try await place.execute("CREATE TABLE theirs (a)")
        let log = place.log()
        #expect(await problem(log)?.contains("is a database of another program") == true)
        await #expect(throws: ToolLogError.self) { try await log.recent(1) }
        #expect(try await place.texts("SELECT name FROM sqlite_schema") == ["theirs"])
    }

    /// The ledger is another kind, whoever mixed the two up.
    @Test func aLedgerIsNoConversation() async throws {
        _ = try await SQLiteLedger(path: place.path).begin(.sample())
        let text = await problem(place.log())
        #expect(text == "the conversations database \(place.path) is a database of another program")
    }

    @Test func aNewerFileIsReadAndNotChanged() async throws {
        let log = place.log()
        for id in ["1", "2"] { try await log.append(.sample(id)) }
        try await place.execute("INSERT INTO grdb_migrations VALUES ('99 of the future')")
        try await place.execute("ALTER TABLE tool_call ADD COLUMN mood TEXT")
        try await place.execute("UPDATE tool_call SET decider = 'robot' WHERE call_id = '1'")
        let later = place.log()
        #expect(await problem(later)?.hasSuffix("was written by a newer tickertape; update this one") == true)
        #expect(try await later.recent(9).map(\.call.id) == ["2"])
        #expect(try await place.texts("SELECT count(*) FROM tool_call") == ["2"])
        try await place.execute("ALTER TABLE tool_call RENAME TO decided")
        await #expect(throws: ToolLogError.self) { try await later.recent(9) }
    }

    @Test func noRegularFile() async throws {
        mkdir(place.folder, 0o700)
        let elsewhere = place.folder + "/elsewhere"
        for (make, unmake) in [
            ({ mkdir($0, 0o700) }, { rmdir($0) }), ({ mkfifo($0, 0o600) }, { unlink($0) }),
            ({ symlink(elsewhere, $0) }, { unlink($0) }),
        ] as [((String) -> CInt, (String) -> CInt)] {
            #expect(make(place.path) == 0)
            #expect(await problem(place.log())?.contains("is no regular file") == true)
            await #expect(throws: ToolLogError.self) { try await place.log().recent(1) }
            #expect(unmake(place.path) == 0)
        }
        #expect(!FileManager.default.fileExists(atPath: elsewhere))
    }

    @Test(arguments: [
        "/proc/nothing/conversations.sqlite", "/dev/null/conversations.sqlite", "/proc/no/such/conversations.sqlite",
    ]) func aFolderThatCannotBeMade(path: String) async throws {
        let log = SQLiteToolLog(path: path)
        #expect(await problem(log)?.hasPrefix("the conversations database \(path) cannot be written: ") == true)
        #expect(try await log.recent(1).isEmpty)
    }

    /// The superuser writes everywhere.
    @Test(.enabled(if: geteuid() != 0)) func aFolderThatMayOnlyBeReadIsRead() async throws {
        try await place.log().append(.sample("1"))
        for name in place.names where name.hasSuffix(".lock") { unlink(place.folder + "/" + name) }
        chmod(place.path, 0o400)
        chmod(place.folder, 0o500)
        defer { chmod(place.folder, 0o700) }
        let log = place.log()
        #expect(await problem(log)?.contains("cannot be written") == true)
        #expect(try await log.recent(9).map(\.call.id) == ["1"])
    }

    @Test func aFileThatIsHeldByAnother() async throws {
        let log = place.log()
        try await log.append(.sample("1"))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: place.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        #expect(await problem(log)?.contains("is busy") == true)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await log.append(.sample("2"))
        #expect(try await log.recent(9).map(\.call.id) == ["1", "2"])
    }

    @Test func aFullDiskLosesNothingElse() async throws {
        let log = place.log(maximumPages: 40)
        let text = String(repeating: "x", count: 20_000)
        var kept = 0
        var told: String?
        while told == nil, kept < 100 {
            told = await problem(log, text: text)
            if told == nil { kept += 1 }
        }
        #expect(told == "the conversations database \(place.path) cannot be written: the disk is full")
        #expect(kept > 2)
        #expect(try await log.recent(.max).count == kept)
        // Room again.
        let later = place.log()
        try await later.append(.sample("small"))
        #expect(try await later.recent(.max).count == kept + 1)
        #expect(try await later.recent(1).map(\.call.id) == ["small"])
    }
}
