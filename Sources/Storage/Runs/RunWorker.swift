import Benchmarking
internal import GRDB
import ProviderCore

/// Does what the database of a run is asked, one thing after the other.
struct RunWorker {
    let file: RunFile
    private let clock: WallClock
    /// Open from the first claim on, until the end.
    private var writer: DatabaseQueue?
    private var reader: DatabaseQueue?
    private var inode: UInt64 = 0
    private var lock: FileLock?
    /// What nobody waits for and could not be written yet, in order.
    private var unwritten: [RunWrite] = []
    private var changeCount: Int64 = 0
    private var seenVersion: Int64?

    init(_ file: RunFile, clock: WallClock) {
        self.file = file
        self.clock = clock
    }

    /// Whether something waits for a better moment.
    var hasUnwritten: Bool { !unwritten.isEmpty }

    /// Performs operations in their order, neighbouring writes in one transaction; false when it was the end.
    mutating func perform(_ operations: [RunOperation]) -> Bool {
        var writes: [RunWrite] = []
        for operation in operations {
            if case .write(let write) = operation {
                writes.append(write)
                continue
            }
            write(writes)
            writes = []
            switch operation {
            case .write: break
            case .other(let work): work(&self)
            case .stop: return false
            }
        }
        write(writes)
        return true
    }

    // MARK: Writing

    /// One transaction. One that contradicts what is kept does not take the others along; a disk that fails does.
    private mutating func write(_ writes: [RunWrite]) {
        let asked = lock == nil ? writes.filter(\.isPatient) : writes
        if lock == nil { for write in writes { write.reply?(.failure(.isNotClaimed(file.id))) } }
        let all = unwritten + asked
        guard !all.isEmpty, writer != nil else { return }
        unwritten = []
        var results: [Result<Int64, RunStoreError>] = []
        do {
            try commit { tables in
                for write in all { results.append(try Self.perform(write, tables)) }
            }
        } catch {
            let failure = file.failure(error)
            results = all.map { _ in .failure(failure) }
            if RunFile.isOfTheMoment(error) { unwritten = all.filter(\.isPatient) }
        }
        for (write, result) in zip(all, results) { write.reply?(result) }
    }

    private static func perform(_ write: RunWrite, _ tables: RunTables) throws -> Result<Int64, RunStoreError> {
        do {
            var number: Int64 = 0
            try tables.database.inSavepoint {
                number = try write.body(tables)
                return .commit
            }
            return .success(number)
        } catch let error as RunStoreError {
            return .failure(error)
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CONSTRAINT || error.resultCode == .SQLITE_TOOBIG
        {
            return .failure(.refused("run \(tables.run) cannot keep this: \(error.message ?? "it is too large")"))
        }
    }

    private mutating func commit(_ body: (RunTables) throws -> Void) throws {
        let queue = try connection()
        try queue.inTransaction(.immediate) { database in
            try body(RunTables(database: database, run: file.id))
            return .commit
        }
        changeCount += 1
    }

    // MARK: Reading

    /// Reads what is kept at this moment.
    mutating func read<Value>(_ body: (RunReading) throws -> Value) throws(RunStoreError) -> Value {
        do {
            let queue = try connection()
            let isHeld = lock != nil || file.isHeld
            return try queue.read { try body(RunReading(database: $0, isHeld: isHeld)) }
        } catch { throw file.failure(error) }
    }

    /// A number that grows with every change, by whichever process.
    mutating func changes() throws(RunStoreError) -> Int64 {
        let version = try read { try Int64.fetchOne($0.database, sql: "PRAGMA data_version") }
        if version != seenVersion { changeCount += 1 }
        seenVersion = version
        return changeCount
    }

    /// The file as it was opened first. One that came in its place is another run.
    private mutating func connection() throws -> DatabaseQueue {
        if let queue = writer ?? reader {
            guard file.database.isSameFile(as: inode) else {
                throw file.database.failure("was removed or replaced while it was open")
            }
            return queue
        }
        let queue = try file.database.openBesideWriter()
        (reader, inode) = (queue, file.database.inode)
        return queue
    }

    // MARK: Who runs it

    /// Takes the run; what it has cost. `toScore`: what it came to stays as it is.
    mutating func claim(toScore: Bool = false) throws(RunStoreError) -> RunMoney {
        if lock != nil { return try read { try $0.money() } }
        guard Folder.isRegularFile(file.path) == true else { throw file.failure(file.database.failure("is gone")) }
        let taken = try file.take(at: clock.now)
        do {
            if writer == nil {
                writer = try file.database.openExisting()
                if reader == nil { inode = file.database.inode }
                (reader, seenVersion) = (nil, nil)
            }
            try commit { try toScore ? $0.closeOpen() : $0.takeOver() }
            lock = taken
            return try read { try $0.money() }
        } catch {
            lock = nil
            throw file.failure(error)
        }
    }

    /// Gives the run back as it was.
    mutating func release() throws(RunStoreError) {
        guard lock != nil else { throw .isNotClaimed(file.id) }
        write([])
        lock = nil
    }

    /// Gives the run back, whether or not what it came to can be kept.
    mutating func release(_ state: RunState, _ stop: RunStop?, worked: Duration) throws(RunStoreError) {
        guard lock != nil else { throw .isNotClaimed(file.id) }
        defer { lock = nil }
        let time = clock.now
        write([])
        do { try commit { try $0.end(state, stop, at: time, worked: worked) } } catch { throw file.failure(error) }
    }
}
