import Conversations
import FunctionTools
internal import GRDB
import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Does what a database of conversations is asked, one thing after the other.
struct ConversationWorker {
    private let file: DatabaseFile
    private let clock: WallClock
    private var queue: DatabaseQueue?
    private var inode: UInt64 = 0
    private var notices: [String] = []
    /// Conversations that this process has open.
    private var claims: [String: FileLock] = [:]

    init(file: DatabaseFile, clock: WallClock) {
        self.file = file
        self.clock = clock
    }

    /// Performs operations in their order, neighbouring writes in one transaction; false when it was the end. Notices are told before
    /// who asked hears of the end of the operation.
    mutating func perform(_ operations: [ConversationOperation], telling tell: (String) -> Void) -> Bool {
        var writes: [ConversationWrite] = []
        for operation in operations {
            if case .write(let write) = operation {
                writes.append(write)
                continue
            }
            write(writes, tell)
            writes = []
            switch operation {
            case .write: break
            case .other(let work): work(&self)
            case .stop:
                for id in claims.keys { release(id) }
                return false
            }
            tellAll(tell)
        }
        write(writes, tell)
        return true
    }

    private mutating func tellAll(_ tell: (String) -> Void) {
        for notice in notices { tell(notice) }
        notices = []
    }

    // MARK: Writing

    /// One transaction. Where it fails and another moment would not help, each is tried alone: one that is too large for the disk
    /// does not take the others along.
    private mutating func write(_ writes: [ConversationWrite], _ tell: (String) -> Void) {
        guard !writes.isEmpty else { return }
        var result = attempt(writes)
        tellAll(tell)
        if case .failure(let error) = result, writes.count > 1, !error.isBusy {
            for write in writes {
                result = attempt([write])
                tellAll(tell)
                write.reply(result.mapError(\.error))
            }
            return
        }
        for write in writes { write.reply(result.mapError(\.error)) }
    }

    /// A failure, and whether somebody else held the file.
    private struct Failed: Error {
        let error: StorageError
        let isBusy: Bool
    }

    private mutating func attempt(_ writes: [ConversationWrite]) -> Result<Void, Failed> {
        do {
            do {
                try commit(writes)
            } catch let error as DatabaseError where error.isDamage {
                queue = nil
                if let moved = try file.replaceDamaged(inode: inode) { notices.append(moved) }
                try commit(writes)
            }
            return .success(())
        } catch {
            let code = (error as? DatabaseError)?.resultCode
            return .failure(
                Failed(error: file.failure(error), isBusy: code == .SQLITE_BUSY || code == .SQLITE_LOCKED))
        }
    }

    private mutating func commit(_ writes: [ConversationWrite]) throws {
        let time = clock.now
        let changes = writes.flatMap { write -> [ConversationChange] in
            if case .changes(let changes) = write.what { changes } else { [] }
        }
        try open().inTransaction(.immediate) { database in
            for case .call(let call) in writes.map(\.what) {
                try ToolCallTable(database: database).append(call, at: time)
            }
            try ConversationTable(database: database, now: time).keep(changes)
            return .commit
        }
    }

    private mutating func open() throws -> DatabaseQueue {
        if let queue, file.isSameFile(as: inode) { return queue }
        let opened = try file.open { try prepare($0) }
        notices += opened.notices
        (queue, inode) = (opened.queue, file.inode)
        return opened.queue
    }

    /// Answers whose process is gone are made to be found, and locks of processes that are gone are removed. While nobody else opens
    /// the file.
    private func prepare(_ queue: DatabaseQueue) throws {
        for name in Folder.names(in: file.openFolder) { _ = sweep(file.openFolder + "/" + name) }
        let growing = try queue.read { try ConversationTable(database: $0, now: 0).growing() }
        let left = growing.filter { claims[$0] == nil && !isClaimed($0) }
        guard !left.isEmpty else { return }
        try queue.inTransaction(.immediate) { database in
            for id in left { try ConversationTable(database: database, now: 0).settle(id) }
            return .commit
        }
    }

    mutating func purge(deletedBefore time: Int64) throws(StorageError) -> Int {
        guard Folder.isRegularFile(file.path) != nil else { return 0 }
        do {
            var count = 0
            try open().inTransaction(.immediate) { database in
                count = try ConversationTable(database: database, now: clock.now).purge(deletedBefore: time)
                return .commit
            }
            return count
        } catch { throw file.failure(error) }
    }

    // MARK: Reading

    /// Reads; nil when there is no file. Makes none.
    mutating func read<Value>(_ body: (Database) throws -> Value) throws(StorageError) -> Value? {
        guard Folder.isRegularFile(file.path) != nil else { return nil }
        do {
            do {
                return try open().read(body)
            } catch let problem as StorageError {
                // What may not be written can still be read.
                guard let queue = try? file.openForReading(), let value = try? queue.read(body) else { throw problem }
                return value
            }
        } catch { throw file.failure(error) }
    }

    // MARK: Who has which conversation

    /// Takes a conversation; false when another process has it.
    mutating func claim(_ id: String) throws(StorageError) -> Bool {
        guard claims[id] == nil else { return true }
        do throws(SystemError) { try Folder.make(file.openFolder) } catch { throw file.failure(error) }
        let lock = try file.lock()
        defer { withExtendedLifetime(lock) {} }
        do throws(SystemError) {
            guard let own = try FileLock.take(claimPath(id)) else { return false }
            claims[id] = own
        } catch { throw file.failure(error) }
        return true
    }

    /// Marks what the last owner of a conversation left unfinished.
    mutating func settle(_ id: String) {
        guard Folder.isRegularFile(file.path) != nil, let queue = try? open() else { return }
        try? queue.inTransaction(.immediate) { database in
            try ConversationTable(database: database, now: clock.now).settle(id)
            return .commit
        }
    }

    /// Gives a conversation back. The file goes while nobody else can be about to take it.
    mutating func release(_ id: String) {
        guard claims[id] != nil else { return }
        if let lock = try? file.lock() {
            unlink(claimPath(id))
            withExtendedLifetime(lock) {}
        }
        claims[id] = nil
    }

    private func claimPath(_ id: String) -> String { file.openFolder + "/" + FileName.of(id) }

    /// Whether a living process has a conversation.
    private func isClaimed(_ id: String) -> Bool { !sweep(claimPath(id)) }

    /// Removes a lock file that nobody holds; false when somebody does, or it cannot be told.
    private func sweep(_ path: String) -> Bool {
        do throws(SystemError) {
            guard let lock = try FileLock.take(path, create: false) else { return false }
            unlink(path)
            withExtendedLifetime(lock) {}
            return true
        } catch {
            return error.number == ENOENT
        }
    }
}

/// What belongs to the file of the conversations.
extension DatabaseFile {
    /// Locks of conversations that are open, by their names.
    var openFolder: String { path + ".open" }
}

/// Names of files for whatever names conversations have.
enum FileName {
    /// The name itself where it is short and plain; else a name made of its hash (FNV-1a, 64 bits), which no plain one can be.
    static func of(_ id: String) -> String {
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if isPlain, (1...64).contains(id.utf8.count) { return id }
        let hash = id.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "x_" + String(hash, radix: 16)
    }
}
