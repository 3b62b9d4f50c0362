public import FunctionTools
internal import GRDB
public import ProviderCore

/// Decided calls in the database of conversations, a SQLite file that any number of processes may share.
///
/// `append` returns when the call is on the disk, so there is nothing to close; calls that come while others are written go into one
/// transaction. Once asked, a call is kept also when the task that asked is cancelled. The file is opened when it is first needed, and
/// made by the first `append`. A damaged file is moved aside, never overwritten. What cannot be kept is told to who asked, and changes
/// nothing.
public final class SQLiteToolLog: ToolLog {
    private let work: ConversationWork

    /// A log at a path, which need not exist. `clock` tells when a call was decided. Who also keeps conversations takes the log of a
    /// `ConversationDatabase` instead.
    public convenience init(path: String, clock: WallClock = WallClock()) {
        self.init(DatabaseFile(kind: ConversationSchema.kind, path: path), clock: clock)
    }

    convenience init(_ file: DatabaseFile, clock: WallClock = WallClock()) {
        self.init(ConversationWork(file, clock: clock))
    }

    init(_ work: ConversationWork) { self.work = work }

    /// Keeps a call; returns when it is on the disk. Throws when another program holds the file for more than 5 s, when the disk is
    /// full, and when the file may not be written or is of a newer program.
    public func append(_ call: DecidedCall) async throws(ToolLogError) {
        do throws(StorageError) { try await work.write(.call(call)) } catch { throw ToolLogError(error.text) }
    }

    /// The newest calls of all conversations, oldest first, at most `limit`. Calls that a newer program wrote in words unknown here
    /// are left out. Empty when there is no file; makes none. Reads also what may not be written.
    public func recent(_ limit: Int) async throws(ToolLogError) -> [DecidedCall] {
        guard limit > 0 else { return [] }
        do throws(StorageError) {
            return try await work.perform { worker throws(StorageError) in
                try worker.read { try ToolCallTable(database: $0).recent(limit) } ?? []
            }
        } catch { throw ToolLogError(error.text) }
    }

    /// Returns when all that was asked before is done, well or not. For the end of the program, when those who asked may be gone.
    public func flush() async { await work.flush() }

    /// What is to be told to a person: that a damaged file was moved aside, and where to. Each is given once.
    public func takeNotices() -> [String] { work.takeNotices() }
}
