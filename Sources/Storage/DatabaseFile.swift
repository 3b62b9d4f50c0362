internal import GRDB
import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What one kind of database is, and others are not.
struct DatabaseKind: Sendable {
    /// What messages call it, after "the".
    let name: String
    /// Marks a file as of this kind.
    let applicationID: Int32
    /// Makes its tables, and older ones newer.
    let migrator: DatabaseMigrator
}

/// Why a database cannot be used: what, where and what to do, in words for a person.
struct StorageError: Error {
    let text: String
}

/// The file of a database: opens it, makes and changes its tables, and moves it aside when it is damaged.
///
/// Rollback journal, truncated, with full syncs: of the modes of SQLite that lose nothing at a power cut it is the one without
/// conditions. WAL is faster, but not safe on network file systems, and in releases before 3.51.3 a checkpoint of one process at the
/// wrong moment can lose what another wrote (SQLite's page on WAL, "the WAL-reset bug").
struct DatabaseFile: Sendable {
    let kind: DatabaseKind
    let path: String
    /// How long another process may hold the file, in seconds.
    var busySeconds = 5.0
    /// Refuses to grow beyond so many pages; nil = the disk's limit. For tests of a full disk.
    var maximumPages: Int?

    var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
    private var lockPath: String { path + ".lock" }

    /// Larger files are not read whole at the start; damage is found when a page is read.
    private static let checkedBytes = 4 << 20

    /// What opening gave.
    struct Opened {
        let queue: DatabaseQueue
        let notices: [String]
    }

    /// Opens the file, makes it where it is missing, and prepares it while nobody else opens it. A damaged one is moved aside first.
    func open(_ prepare: (DatabaseQueue) throws -> Void) throws(StorageError) -> Opened {
        do throws(SystemError) { try Folder.make(folder) } catch { throw failure(error) }
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        if Folder.isRegularFile(path) == false { throw failure("is no regular file") }
        do {
            return Opened(queue: try connect(prepare), notices: [])
        } catch let error as DatabaseError where error.isDamage {
            let moved = try moveAside()
            do {
                return Opened(queue: try connect(prepare), notices: [moved])
            } catch { throw failure(error) }
        } catch { throw failure(error) }
    }

    /// Opens a file that is there, for writing. Moves nothing aside. Throws whatever went wrong.
    func openExisting() throws -> DatabaseQueue {
        try checkIsThere()
        return try connect(isThere: true) { _ in }
    }

    private func checkIsThere() throws(StorageError) {
        guard let isRegular = Folder.isRegularFile(path) else { throw failure("is gone") }
        guard isRegular else { throw failure("is no regular file") }
    }

    /// Makes a file at a path where there is none.
    func make(_ prepare: (DatabaseQueue) throws -> Void) throws(StorageError) {
        guard Folder.isRegularFile(path) == nil else { throw failure("is there already") }
        do {
            let queue = try connect(prepare)
            try queue.close()
        } catch { throw failure(error) }
    }

    /// Opens a file that is there, for reading while another process may write it. What a process that died left half written is
    /// taken back, which needs the right to write. Throws whatever went wrong.
    func openBesideWriter() throws -> DatabaseQueue {
        try checkIsThere()
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { database in
            let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            guard id == Int(kind.applicationID) else { throw failure("is a database of another program") }
            if try kind.migrator.hasBeenSuperseded(database) { throw failure(Self.newer) }
        }
        // One of an older program gets what newer ones have; who writes it there is not disturbed by that.
        let isOlder = try queue.read { database in
            try !kind.migrator.hasCompletedMigrations(database) && !kind.migrator.appliedIdentifiers(database).isEmpty
        }
        if isOlder { try kind.migrator.migrate(queue) }
        return queue
    }

    private static let newer = "was written by a newer tickertape; update this one"

    /// Opens for reading what may not be written; nil when there is nothing.
    func openForReading() throws(StorageError) -> DatabaseQueue? {
        guard Folder.isRegularFile(path) == true else { return nil }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(busySeconds)
        do { return try DatabaseQueue(path: path, configuration: configuration) } catch { throw failure(error) }
    }

    /// Whether the path still leads to the file that is open.
    func isSameFile(as opened: UInt64) -> Bool { inode == opened }

    /// The file's number in its file system; 0 = there is none.
    var inode: UInt64 {
        var info = stat()
        return lstat(path, &info) == 0 ? UInt64(info.st_ino) : 0
    }

    /// The lock that who opens the file holds meanwhile.
    func lock() throws(StorageError) -> FileLock {
        let taken: FileLock?
        do throws(SystemError) { taken = try FileLock.wait(lockPath) } catch { throw failure(error) }
        guard let taken else { throw failure("is busy: another tickertape has been opening it for 5 s") }
        return taken
    }

    private func connect(
        isThere: Bool = false, _ prepare: (DatabaseQueue) throws -> Void
    ) throws -> DatabaseQueue {
        if !isThere {
            // Made here first, so that nobody else may read it whatever the umask. Not where another part of this process may have the
            // file open: closing it would let go of that one's locks (POSIX).
            let made = openPrivately(path)
            guard made >= 0 else { throw SystemError(errno) }
            close(made)
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { [maximumPages] database in
            try database.execute(sql: "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1")
            if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in try check(database) }
        if try queue.read(kind.migrator.hasBeenSuperseded) {
            throw failure(Self.newer)
        }
        try kind.migrator.migrate(queue)
        try prepare(queue)
        return queue
    }

    private func check(_ database: Database) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if id == 0, tables == 0 {
            try database.execute(sql: "PRAGMA application_id = \(kind.applicationID)")
        } else if id != kind.applicationID {
            throw failure("is a database of another program")
        }
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        guard pages * size <= Self.checkedBytes else { return }
        let verdict = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        if verdict != "ok" { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
    }

    /// Moves the file and its journal aside; never over something else. Says where to.
    func moveAside() throws(StorageError) -> String {
        let stamp = WallClock.stamp(WallClock().now).map { $0 == " " ? "T" : $0 }.filter { $0 != ":" }
        var target = "\(path).damaged-\(String(stamp))"
        var number = 2
        while Folder.isRegularFile(target) != nil {
            target = "\(path).damaged-\(String(stamp))-\(number)"
            number += 1
        }
        guard rename(path, target) == 0 || errno == ENOENT else { throw failure(SystemError(errno)) }
        _ = rename(path + "-journal", target + "-journal")
        Folder.sync(folder)
        return "the \(kind.name) was damaged and is now \(target); a new one is begun. "
            + "To save what can be read: sqlite3 '\(target)' .recover"
    }

    /// As `moveAside`, unless another process did it already. For damage that is found while working.
    func replaceDamaged(inode: UInt64) throws(StorageError) -> String? {
        let lock = try lock()
        defer { withExtendedLifetime(lock) {} }
        return isSameFile(as: inode) ? try moveAside() : nil
    }

    /// An error of ours: what, where, what to do.
    func failure(_ error: any Error) -> StorageError {
        switch error {
        case let error as StorageError: return error
        case let error as SystemError: return failure("cannot be written: \(error.text)")
        case let error as DatabaseError: return failure(Self.words(error))
        default: return failure("cannot be used: \(error)")
        }
    }

    func failure(_ what: String) -> StorageError { StorageError(text: "the \(kind.name) \(path) \(what)") }

    private static func words(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: "is busy: another program has held it too long"
        case .SQLITE_FULL: "cannot be written: the disk is full"
        case .SQLITE_READONLY, .SQLITE_PERM: "cannot be written: it may only be read"
        case .SQLITE_CANTOPEN: "cannot be opened; look at its folder's permissions"
        case .SQLITE_IOERR: "cannot be read or written: the disk reports an error"
        default: "cannot be used: \(error.message ?? String(error.resultCode.rawValue))"
        }
    }
}

/// Opens or makes a file that only its owner may read. Never follows a link.
private func openPrivately(_ path: String) -> CInt {
    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
}

extension DatabaseError {
    /// Whether the file itself is wrong, and not the moment.
    var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}
