internal import Foundation
internal import GRDB
import ProviderCore

/// The thread of a ledger. Sleeps until something is asked; ends with its ledger.
enum LedgerThread {
    static func start(_ queue: LedgerQueue, _ file: DatabaseFile, _ clock: WallClock, retryInterval: Duration) {
        let thread = Thread {
            run(queue, LedgerWorker(file: file, clock: clock, owner: PolicyCall.newID()), retryInterval)
        }
        thread.name = "ledger"
        thread.start()
    }

    private static func run(_ queue: LedgerQueue, _ worker: LedgerWorker, _ retryInterval: Duration) {
        var worker = worker
        while true {
            let operations = queue.take(within: worker.hasUnwritten ? retryInterval : nil)
            worker.perform(operations)
            for notice in worker.takeNotices() { queue.tell(notice) }
            if operations.contains(where: { if case .stop = $0 { true } else { false } }) { return worker.end() }
        }
    }
}

/// Does what a ledger is asked, in batches of one transaction each.
struct LedgerWorker {
    private let file: DatabaseFile
    private let clock: WallClock
    private let owner: String
    private var queue: DatabaseQueue?
    private var inode: UInt64 = 0
    private var ownLock: FileLock?
    /// Ends of entries that could not be written yet.
    private var unwritten: [(LedgerClosing, Booking)] = []
    private var notices: [String] = []

    init(file: DatabaseFile, clock: WallClock, owner: String) {
        self.file = file
        self.clock = clock
        self.owner = owner
    }

    /// Whether something waits for a better moment.
    var hasUnwritten: Bool { !unwritten.isEmpty }

    mutating func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    /// Performs operations: changes in one transaction, then what only reads.
    mutating func perform(_ operations: [LedgerOperation]) {
        for case .close(let closing, let booking) in operations { unwritten.append((closing, booking)) }
        let isChange = operations.contains { operation in
            switch operation {
            case .begin, .note, .close: true
            case .flush, .usage, .stop: false
            }
        }
        var failure: LedgerError?
        if isChange || hasUnwritten { failure = write(operations) }
        for operation in operations {
            switch operation {
            case .flush(let reply): reply(hasUnwritten ? .failure(failure ?? Self.notWritten) : .success(()))
            case .usage(let query, let reply): reply(read(query))
            case .begin, .note, .close, .stop: break
            }
        }
    }

    private static let notWritten = LedgerError.storage("the usage ledger could not be written")

    /// The end of the ledger: this process has no open entries any more.
    mutating func end() {
        guard ownLock != nil else { return }
        unlink(ownerPath(owner))
        ownLock = nil
    }

    private mutating func write(_ operations: [LedgerOperation]) -> LedgerError? {
        do {
            do {
                try commit(operations)
            } catch let error as DatabaseError where error.isDamage {
                try replaceDamaged()
                try commit(operations)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL && hasUnwritten {
                guard file.reserve.release() else { throw error }
                try commit(operations.filter { if case .begin = $0 { false } else { true } })
                throw error
            }
            return nil
        } catch {
            let failure = ledgerError(error)
            for case .begin(_, let reply) in operations { reply(.failure(failure)) }
            return failure
        }
    }

    /// One transaction. Replies when it is on the disk; throws, without a reply, when it is not.
    private mutating func commit(_ operations: [LedgerOperation]) throws {
        let queue = try open()
        let (owner, clock, closings) = (owner, clock, unwritten)
        var replies: [() -> Void] = []
        try queue.inTransaction(.immediate) { database in
            let tables = LedgerTables(database: database, owner: owner, clock: clock)
            // Ended entries first: they free what they held.
            for (closing, booking) in closings { try tables.close(booking, closing) }
            var sums: [SumKey: SpentSum] = [:]
            for operation in operations {
                switch operation {
                case .begin(let intent, let reply):
                    let result = try Self.begin(intent, tables, &sums)
                    replies.append { reply(result) }
                case .note(let progress, let booking): try tables.note(progress, of: booking)
                case .close, .flush, .usage, .stop: break
                }
            }
            return .commit
        }
        unwritten = []
        for reply in replies { reply() }
    }

    /// A cap that leaves no room is an answer, not a failure of the transaction.
    private static func begin(_ intent: LedgerIntent, _ tables: LedgerTables, _ sums: inout [SumKey: SpentSum]) throws
        -> Result<Booking, LedgerError>
    {
        do { return .success(try tables.begin(intent, sums: &sums)) } catch let error as LedgerError {
            return .failure(error)
        }
    }

    private mutating func open() throws -> DatabaseQueue {
        if let queue, file.isSameFile(as: inode) { return queue }
        let opened = try file.open { try prepare($0) }
        notices += opened.notices
        (queue, inode) = (opened.queue, file.inode)
        return opened.queue
    }

    private mutating func replaceDamaged() throws {
        queue = nil
        if let moved = try file.replaceDamaged(inode: inode) { notices.append(moved) }
    }

    /// Marks this process as alive, and the entries of dead ones as unknown. Not by two processes at once: one that looks whether the other
    /// lives holds the other's lock for that moment.
    private mutating func prepare(_ queue: DatabaseQueue) throws {
        // A change with triggers keeps what it would undo; in a file that takes ten times as long as the change.
        try queue.inDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        do throws(SystemError) {
            if ownLock == nil {
                try Folder.make(file.ownersFolder)
                ownLock = try FileLock.take(ownerPath(owner))
                if ownLock == nil { throw SystemError(EWOULDBLOCK) }
            }
        } catch { throw file.failure(error) }
        file.reserve.make()
        let tables = { [owner, clock] (database: Database) in
            LedgerTables(database: database, owner: owner, clock: clock)
        }
        let open = try queue.read { try tables($0).openOwners() }
        let dead = open.filter { $0 != owner && isDead($0) }
        if !dead.isEmpty {
            try queue.inTransaction(.immediate) { database in
                try tables(database).sweep(deadOwners: dead)
                return .commit
            }
        }
        for name in Folder.names(in: file.ownersFolder) where name != owner && isDead(name) {
            unlink(ownerPath(name))
        }
    }

    private func ownerPath(_ owner: String) -> String { file.ownersFolder + "/" + owner }

    /// Whether a process has ended: nobody holds its lock any more.
    private func isDead(_ owner: String) -> Bool {
        do throws(SystemError) {
            return try FileLock.take(ownerPath(owner), create: false) != nil
        } catch {
            return error.number == ENOENT
        }
    }

    private mutating func read(_ query: UsageQuery) -> Result<[UsageRow], LedgerError> {
        guard queue != nil || Folder.isRegularFile(file.path) != nil else { return .success([]) }
        do {
            do {
                let queue = try open()
                return .success(try queue.read { try LedgerSums.rows($0, query) })
            } catch let problem as StorageError {
                // What may not be written can still be read.
                guard let queue = try? file.openForReading() else { throw problem }
                return .success(try queue.read { try LedgerSums.rows($0, query) })
            }
        } catch {
            return .failure(ledgerError(error))
        }
    }

    private func ledgerError(_ error: any Error) -> LedgerError {
        error as? LedgerError ?? .storage(file.failure(error).text)
    }
}
