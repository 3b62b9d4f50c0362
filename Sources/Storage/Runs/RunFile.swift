import Benchmarking
internal import GRDB
import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file of a run, and the lock that who runs it holds.
struct RunFile: Sendable {
    /// The run's id: the file's name.
    let id: String
    let folder: String
    /// How long another process may be writing, in seconds.
    var busySeconds = 5.0
    /// Refuses to grow beyond so many pages; nil = the disk's limit. For tests of a full disk.
    var maximumPages: Int?

    static let ending = ".db"

    var path: String { "\(folder)/\(id)\(Self.ending)" }
    private var lockPath: String { "\(folder)/\(id).lock" }

    var database: DatabaseFile {
        DatabaseFile(kind: RunSchema.kind, path: path, busySeconds: busySeconds, maximumPages: maximumPages)
    }

    /// Whether a process runs it.
    var isHeld: Bool { FileLock.isHeld(lockPath) }

    /// Takes the run for this process. The file of the lock stays: if it went, two who wait could both have it.
    func take(at time: Int64) throws(RunStoreError) -> FileLock {
        let lock: FileLock?
        do throws(SystemError) {
            // A tenth of a second: who only looks whether it is held holds it for a moment.
            lock = try FileLock.wait(lockPath, tries: 10)
        } catch { throw failure(error) }
        guard let lock else { throw .held(holder) }
        lock.sign("\(getpid()) \(time)\n")
        return lock
    }

    private var holder: String {
        let words = FileLock.signature(lockPath)?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        guard words.count == 2, let process = Int32(words[0]), let time = Int64(words[1]), time > 0 else {
            return "run \(id) is being run by another process"
        }
        let whose = process == getpid() ? "this process" : "process \(process)"
        return "run \(id) is being run by \(whose) since \(WallClock.stamp(time))"
    }

    /// An error of the run, in words for a person. A damaged file stays where it is: it holds what was paid for.
    func failure(_ error: any Error) -> RunStoreError {
        switch error {
        case let error as RunStoreError: error
        case let error as DatabaseError where error.isDamage: .storage(database.failure(damage).text)
        default: .storage(database.failure(error).text)
        }
    }

    private var damage: String {
        "is damaged and was left as it is. To save what can be read: sqlite3 '\(path)' .recover"
    }

    /// Whether another moment may help.
    static func isOfTheMoment(_ error: any Error) -> Bool {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_FULL?, .SQLITE_BUSY?, .SQLITE_LOCKED?, .SQLITE_IOERR?, .SQLITE_CANTOPEN?, .SQLITE_READONLY?: true
        default: false
        }
    }
}
