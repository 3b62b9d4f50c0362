public import ProviderCore

/// The usage ledger in a SQLite file, shared by any number of processes.
///
/// A thread of its own does the work: all that came while it wrote goes into its next transaction, so that many requests share one
/// sync of the disk, and nobody waits but who must. The file is opened when it is first needed. A damaged file is moved aside, never
/// overwritten. While the disk is full or another program holds the file nothing is booked, so nothing is sent; what is over is
/// kept in memory and written as soon as that works.
public final class SQLiteLedger: UsageLedger {
    private let queue: LedgerQueue

    /// A ledger at a path, which need not exist. `clock` tells times and days of entries.
    public convenience init(path: String, clock: WallClock = WallClock()) {
        self.init(DatabaseFile(kind: LedgerSchema.kind, path: path), clock: clock)
    }

    init(_ file: DatabaseFile, clock: WallClock = WallClock(), retryInterval: Duration = .seconds(5)) {
        let queue = LedgerQueue()
        self.queue = queue
        LedgerThread.start(queue, file, clock, retryInterval: retryInterval)
    }

    deinit { queue.add(.stop) }

    /// Books an attempt; see `UsageLedger`.
    public func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking {
        try await ask { .begin(intent, $0) }
    }

    /// Keeps what is known of an attempt that runs.
    public func note(_ progress: LedgerProgress, of booking: Booking) { queue.add(.note(progress, booking)) }

    /// Ends an entry.
    public func close(_ booking: Booking, _ closing: LedgerClosing) { queue.add(.close(closing, booking)) }

    /// Returns when all that was asked before is on the disk.
    public func flush() async throws(LedgerError) { try await ask { .flush($0) } }

    /// Sums of entries. Empty when there is no file; makes none.
    public func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow] {
        try await ask { .usage(query, $0) }
    }

    /// What is to be told to a person, such as that a damaged file was moved aside; each is given once.
    public func takeNotices() -> [String] { queue.takeNotices() }

    private func ask<Value: Sendable>(
        _ operation: (@escaping LedgerReply<Value>) -> LedgerOperation
    ) async throws(LedgerError) -> Value {
        let result = await withCheckedContinuation { continuation in
            queue.add(operation { continuation.resume(returning: $0) })
        }
        return try result.get()
    }
}

/// Takes the result of an operation; called once, on the ledger's thread.
typealias LedgerReply<Value: Sendable> = @Sendable (Result<Value, LedgerError>) -> Void

/// What the ledger's thread is asked.
enum LedgerOperation: Sendable {
    case begin(LedgerIntent, LedgerReply<Booking>)
    case note(LedgerProgress, Booking)
    case close(LedgerClosing, Booking)
    case flush(LedgerReply<Void>)
    case usage(UsageQuery, LedgerReply<[UsageRow]>)
    case stop
}

/// Operations on their way to the ledger's thread.
typealias LedgerQueue = WorkQueue<LedgerOperation>
