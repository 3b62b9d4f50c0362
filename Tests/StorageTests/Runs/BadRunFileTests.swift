import Benchmarking
import Foundation
import GRDB
import ProviderCore
import Testing

@testable import Storage

/// Files and disks that are not what they should be. What was paid for is never overwritten or moved.
@Suite struct BadRunFileTests {
    private let place = RunFolder()

    private func sentence(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch { return "\(error)" }
    }

    private func make(_ count: Int = 8, _ library: SQLiteRunLibrary? = nil) async throws -> any RunStore {
        try await (library ?? place.library())
            .create(.sample(trials: count), files: [], trials: TrialKey.samples(count))
    }

    @Test(arguments: [
        Array("This is no database at all, but it is long enough to be one.".utf8), Array(repeating: 0xFF, count: 8192),
        Array("SQLite format 3\0".utf8) + Array(repeating: 0x41, count: 4080), [],
    ]) func aDamagedFileIsRefusedAndStays(bytes: [UInt8]) async throws {
        _ = try await make()
        try Data(bytes).write(to: URL(fileURLWithPath: place.path()))
        let library = place.library()
        let text = await sentence { _ = try await library.open(RunHeader.sampleID) }
        let what = bytes.isEmpty ? "is a database of another program" : "is damaged and was left as it is"
        #expect(text.contains("the run's database \(place.path()) \(what)"), "\(text)")
        #expect(try await library.list().problems == [text])
        #expect(FileManager.default.contents(atPath: place.path()) == Data(bytes))
        #expect(!place.names.contains { $0.contains("damaged") })
    }

    /// A run of an older program is read, and gone on with.
    @Test func aFileOfAnOlderProgram() async throws {
        let store = try await make()
        _ = try await store.claim()
        try await store.settle([.full(0)])
        try await store.release(.incomplete, .interrupted, worked: .zero)
        try await DatabaseQueue(path: place.path()).write {
            try $0.execute(
                sql: """
                    ALTER TABLE run DROP COLUMN base_url;
                    ALTER TABLE run DROP COLUMN profile;
                    ALTER TABLE score DROP COLUMN share;
                    DELETE FROM grdb_migrations WHERE identifier LIKE '2 %';
                    """)
        }
        let (runs, problems) = try await place.library().list()
        #expect(problems.isEmpty && runs.map(\.settled) == [1])
        #expect(runs.first?.header.baseURL == nil)
        let old = try await place.library().open(RunHeader.sampleID)
        _ = try await old.claim()
        try await old.settle([.full(1)])
        let records = try await old.trials(from: 0, limit: 9, withTexts: true)
        #expect(records.map(\.key.index) == [0, 1] && records.allSatisfy { !$0.scores.isEmpty })
    }

    @Test func damageFoundWhileWorking() async throws {
        let store = try await make()
        _ = try await store.claim()
        try await store.settle([.trivial(0)])
        let handle = try #require(FileHandle(forWritingAtPath: place.path()))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(size)))
        try handle.close()
        let text = await sentence { try await store.settle([.trivial(1)]) }
        #expect(text.contains("is damaged and was left as it is"), "\(text)")
        #expect(!place.names.contains { $0.contains("damaged") })
    }

    @Test func othersFiles() async throws {
        mkdir(place.folder + "/deep", 0o700)
        mkdir(place.runs, 0o700)
        try await DatabaseQueue(path: place.path("theirs")).write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
        mkdir(place.path("folder"), 0o700)
        _ = try await place.library().create(.sample("newer"), files: [], trials: TrialKey.samples(8))
        try await DatabaseQueue(path: place.path("newer")).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 of the future')")
        }
        for (id, what) in [
            ("theirs", "is a database of another program"), ("folder", "is no regular file"),
            ("newer", "newer tickertape"),
        ] {
            let text = await sentence { _ = try await place.library().open(id) }
            #expect(text.contains(what), "\(text)")
        }
        _ = try await make()
        let (runs, problems) = try await place.library().list()
        #expect(runs.map(\.header.id) == [RunHeader.sampleID])
        #expect(problems.count == 3)
    }

    @Test func aFileThatIsReplacedWhileOpen() async throws {
        let store = try await make()
        _ = try await store.claim()
        unlink(place.path())
        let text = await sentence { try await store.settle([.trivial(0)]) }
        #expect(text.contains("was removed or replaced while it was open"), "\(text)")
    }

    @Test func aFolderThatCannotBeMade() async throws {
        for folder in ["/proc/nothing/runs", "/dev/null/runs", "/sys"] {
            let library = SQLiteRunLibrary(folder: folder)
            let text = await sentence {
                _ = try await library.create(.sample(), files: [], trials: TrialKey.samples(8))
            }
            #expect(text.contains("the run's database \(folder)/\(RunHeader.sampleID).db cannot be"), "\(text)")
        }
    }

    /// What was settled stays, the end of what runs is kept as soon as there is room, and the sentence tells why.
    @Test func aFullDisk() async throws {
        let store = try await make(500, place.library(maximumPages: 90))
        _ = try await store.claim()
        let open = try await store.begin(.sample(499))
        var settled = 0
        var text = ""
        while text.isEmpty, settled < 400 {
            text = await sentence {
                try await store.settle([.full(settled)])
                settled += 1
            }
        }
        #expect(text.contains("the run's database \(place.path()) cannot be written: the disk is full"), "\(text)")
        #expect(settled > 3)
        #expect(try await store.settledTrials() == Set(0..<settled))
        var turn = 1
        while await failure({ _ = try await store.begin(.sample(498, turn: turn)) }) == nil, turn < 4000 { turn += 1 }
        #expect(await failure { _ = try await store.begin(.sample(498, turn: 5000)) } == "storage")
        store.close(open, .settled(6))
        // Another opens it where there is room.
        let check = try await DatabaseQueue(path: place.path()).read {
            try String.fetchOne($0, sql: "PRAGMA quick_check")
        }
        #expect(check == "ok")
        let trials = try await place.library().open(RunHeader.sampleID).trials(from: 0, limit: 500, withTexts: true)
        #expect(trials == (0..<settled).map { .full($0) })
    }

    @Test func aDiskThatIsFullAtOnce() async throws {
        let text = await sentence { _ = try await make(20_000, place.library(maximumPages: 40)) }
        #expect(text.contains("the run's database \(place.path()) cannot be written: the disk is full"), "\(text)")
        #expect(place.names.isEmpty)
    }

    /// What nobody waits for is kept until somebody else has let go of the file.
    @Test func aFileThatIsHeldByAnother() async throws {
        let store = try await make(8, place.library(busySeconds: 0.05))
        _ = try await store.claim()
        let request = try await store.begin(.sample(0))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: place.path(), configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN EXCLUSIVE") }
        store.close(request, .settled(4))
        let text = await sentence { try await store.settle([.trivial(0)]) }
        #expect(text.contains("is busy"), "\(text)")
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await store.settle([.trivial(0)])
        #expect(try await store.requests(of: 0).map(\.state) == [.settled])
    }

    @Test func whoHoldsIt() async throws {
        let store = try await make()
        _ = try await store.claim()
        let other = try await place.library().open(RunHeader.sampleID)
        let text = await sentence { _ = try await other.claim() }
        let since = WallClock.stamp(1_800_000_000_000)
        #expect(text == "run \(RunHeader.sampleID) is being run by this process since \(since)")
        // Something else in the file of the lock is no reason to fail.
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: "\(place.runs)/\(RunHeader.sampleID).lock"))
        let vague = await sentence { _ = try await place.library().open(RunHeader.sampleID).claim() }
        #expect(vague.contains("is being run by"))
    }
}
