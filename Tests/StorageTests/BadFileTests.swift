import Foundation
import GRDB
import ProviderCore
import Testing

@testable import Storage

/// Files that are not what they should be. Nothing is sent that cannot be booked, and nothing is overwritten.
@Suite struct BadFileTests {
    private let place = LedgerFolder()

    private func problem(_ ledger: SQLiteLedger) async -> String? {
        do throws(LedgerError) {
            _ = try await ledger.begin(.sample())
            return nil
        } catch {
            guard case .storage(let text) = error else { return nil }
            return text
        }
    }

    @Test(arguments: [
        Array("This is no database at all, but it is long enough to be one.".utf8), Array(repeating: 0xFF, count: 8192),
        Array("SQLite format 3\0".utf8) + Array(repeating: 0x41, count: 4080),
    ]) func aDamagedFileIsMovedAside(bytes: [UInt8]) async throws {
        place.put(bytes)
        let ledger = place.ledger()
        _ = try await ledger.begin(.sample())
        #expect(try await ledger.states() == [.intent])
        let notices = ledger.takeNotices()
        #expect(notices.count == 1)
        #expect(notices.first?.contains("was damaged and is now \(place.path).damaged-") == true)
        #expect(notices.first?.contains(".recover") == true)
        #expect(ledger.takeNotices().isEmpty)
        let moved = try #require(place.names.first { $0.contains(".damaged-") })
        #expect(FileManager.default.contents(atPath: place.folder + "/data/" + moved) == Data(bytes))
    }

    @Test func damageFoundWhileWorkingLosesNoEnd() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample())
        try await ledger.flush()
        // Beside SQLite's back: the pages behind the first become nonsense.
        let handle = try #require(FileHandle(forWritingAtPath: place.path))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(size)))
        try handle.close()
        ledger.close(booking, .settled(8))
        try await ledger.flush()
        #expect(try await ledger.states() == [.settled])
        #expect(place.names.contains { $0.contains(".damaged-") })
        #expect(ledger.takeNotices().count == 1)
    }

    @Test func aSecondDamagedFileGetsANameOfItsOwn() async throws {
        for _ in 0..<3 {
            place.put(Array("damaged".utf8))
            _ = try await place.ledger().begin(.sample())
        }
        #expect(place.names.filter { $0.contains(".damaged-") && !$0.hasSuffix("-journal") }.count == 3)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() async throws {
        mkdir(place.folder + "/data", 0o700)
        try await DatabaseQueue(path: place.path).write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
        #expect(await problem(place.ledger())?.contains("is a database of another program") == true)
        let tables = try await DatabaseQueue(path: place.path).read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema")
        }
        #expect(tables == ["theirs"])
    }

    @Test func aNewerFileIsLeftAlone() async throws {
        _ = try await place.ledger().begin(.sample())
        try await DatabaseQueue(path: place.path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of the future')")
        }
        #expect(await problem(place.ledger())?.contains("newer tickertape") == true)
    }

    @Test func noRegularFile() async throws {
        mkdir(place.folder + "/data", 0o700)
        mkdir(place.path, 0o700)
        #expect(await problem(place.ledger())?.contains("is no regular file") == true)
        rmdir(place.path)
        mkfifo(place.path, 0o600)
        #expect(await problem(place.ledger())?.contains("is no regular file") == true)
        unlink(place.path)
        symlink(place.folder + "/elsewhere", place.path)
        #expect(await problem(place.ledger())?.contains("is no regular file") == true)
        #expect(!FileManager.default.fileExists(atPath: place.folder + "/elsewhere"))
    }

    @Test func aFolderThatCannotBeMade() async {
        for path in [
            "/proc/nothing/usage.sqlite", "/dev/null/usage.sqlite", "/proc/no/such/home/usage.sqlite",
        ] {
            let text = await problem(SQLiteLedger(path: path))
            #expect(text?.contains(path) == true)
            #expect(text?.contains("cannot be written") == true)
        }
    }

    @Test func aFileThatIsHeldByAnother() async throws {
        let ledger = place.ledger()
        let booking = try await ledger.begin(.sample())
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: place.path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        #expect(await problem(ledger)?.contains("is busy") == true)
        ledger.close(booking, .settled(4))
        await #expect(throws: LedgerError.self) { try await ledger.flush() }
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        // What was over meanwhile is written by the next best moment.
        try await ledger.flush()
        #expect(try await ledger.states() == [.settled])
    }

    /// Where the disk is full nothing new is booked, and what is over is still written.
    @Test func aFullDisk() async throws {
        let ledger = place.ledger(maximumPages: 14)
        var bookings: [Booking] = []
        var text: String?
        while text == nil, bookings.count < 1000 {
            do throws(LedgerError) { bookings.append(try await ledger.begin(.sample())) } catch { text = "\(error)" }
        }
        #expect(text?.contains("the disk is full") == true)
        #expect(bookings.count > 10)
        #expect(await problem(ledger)?.contains("the disk is full") == true)
        for booking in bookings.prefix(3) { ledger.close(booking, LedgerClosing(state: .refused)) }
        try await ledger.flush()
        #expect(try await ledger.states().prefix(3) == [.refused, .refused, .refused])
    }
}
