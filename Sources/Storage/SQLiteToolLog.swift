import Dispatch
public import FunctionTools
internal import GRDB
public import ProviderCore
import Synchronization

/// Decided calls in the database of conversations, a SQLite file that any number of processes may share.
///
/// One transaction a call, on a queue of its own; `append` returns when the call is on the disk, so there is nothing to close. Once
/// asked, a call is kept also when the task that asked is cancelled. The file is opened when it is first needed, and made by the
/// first `append`. A damaged file is moved aside, never overwritten. What cannot be kept is told to who asked, and changes nothing.
public final class SQLiteToolLog: ToolLog {
    private let queue = DispatchQueue(label: "tool log")
    private let worker: Mutex<ToolLogWorker>
    private let notices = Mutex<[String]>([])

    /// A log at a path, which need not exist. `clock` tells when a call was decided.
    public convenience init(path: String, clock: WallClock = WallClock()) {
        self.init(DatabaseFile(kind: ConversationSchema.kind, path: path), clock: clock)
    }

    init(_ file: DatabaseFile, clock: WallClock = WallClock()) {
        worker = Mutex(ToolLogWorker(file: file, clock: clock))
    }

    /// Keeps a call; returns when it is on the disk. Throws when another program holds the file for more than 5 s, when the disk is
    /// full, and when the file may not be written or is of a newer program.
    public func append(_ call: DecidedCall) async throws(ToolLogError) {
        try await perform { worker throws(ToolLogError) in try worker.append(call) }
    }

    /// The newest calls of all conversations, oldest first, at most `limit`. Calls that a newer program wrote in words unknown here
    /// are left out. Empty when there is no file; makes none. Reads also what may not be written.
    public func recent(_ limit: Int) async throws(ToolLogError) -> [DecidedCall] {
        try await perform { worker throws(ToolLogError) in try worker.recent(limit) }
    }

    /// Returns when all that was asked before is done, well or not. For the end of the program, when those who asked may be gone.
    public func flush() async {
        await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
    }

    /// What is to be told to a person: that a damaged file was moved aside, and where to. Each is given once.
    public func takeNotices() -> [String] {
        notices.withLock { notices in
            defer { notices = [] }
            return notices
        }
    }

    private func perform<Value: Sendable>(
        _ work: @escaping @Sendable (inout ToolLogWorker) throws(ToolLogError) -> Value
    ) async throws(ToolLogError) -> Value {
        let result: Result<Value, ToolLogError> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.result(of: work)) }
        }
        return try result.get()
    }

    private func result<Value: Sendable>(
        of work: (inout ToolLogWorker) throws(ToolLogError) -> Value
    ) -> Result<Value, ToolLogError> {
        worker.withLock { worker in
            let result = Result { () throws(ToolLogError) in try work(&worker) }
            let told = worker.takeNotices()
            notices.withLock { $0 += told }
            return result
        }
    }
}

/// Does what a log is asked, one thing after the other.
struct ToolLogWorker {
    private let file: DatabaseFile
    private let clock: WallClock
    private var queue: DatabaseQueue?
    private var inode: UInt64 = 0
    private var notices: [String] = []

    init(file: DatabaseFile, clock: WallClock) {
        self.file = file
        self.clock = clock
    }

    mutating func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    mutating func append(_ call: DecidedCall) throws(ToolLogError) {
        do {
            do {
                try write(call)
            } catch let error as DatabaseError where error.isDamage {
                queue = nil
                if let moved = try file.replaceDamaged(inode: inode) { notices.append(moved) }
                try write(call)
            }
        } catch { throw ToolLogError(file.failure(error).text) }
    }

    mutating func recent(_ limit: Int) throws(ToolLogError) -> [DecidedCall] {
        guard limit > 0, Folder.isRegularFile(file.path) != nil else { return [] }
        do {
            do {
                return try Self.read(limit, from: try open())
            } catch let problem as StorageError {
                // What may not be written can still be read.
                guard let queue = try? file.openForReading(), let calls = try? Self.read(limit, from: queue) else {
                    throw problem
                }
                return calls
            }
        } catch { throw ToolLogError(file.failure(error).text) }
    }

    private mutating func write(_ call: DecidedCall) throws {
        let time = clock.now
        try open().inTransaction(.immediate) { database in
            try ToolCallTable(database: database).append(call, at: time)
            return .commit
        }
    }

    private static func read(_ limit: Int, from queue: DatabaseQueue) throws -> [DecidedCall] {
        try queue.read { try ToolCallTable(database: $0).recent(limit) }
    }

    private mutating func open() throws -> DatabaseQueue {
        if let queue, file.isSameFile(as: inode) { return queue }
        let opened = try file.open { _ in }
        notices += opened.notices
        (queue, inode) = (opened.queue, file.inode)
        return opened.queue
    }
}
