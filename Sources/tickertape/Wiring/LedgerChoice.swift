import AppSettings
import ProviderCore
import Storage
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which ledger a command books in.
enum LedgerChoice {
    /// The user's ledger. Without a home nothing can be kept, and so nothing is; the demo, which costs nothing, goes on in memory also
    /// where the ledger cannot be written.
    static func ledger(isDemo: Bool) -> any UsageLedger {
        let paths = Wiring.paths()
        guard let path = paths.ledgerFile else {
            return HomelessLedger("neither HOME nor XDG_DATA_HOME is set")
        }
        if let home = paths.home, path.hasPrefix(home + "/"), access(home, F_OK) != 0, mkdir(home, 0o700) != 0 {
            return HomelessLedger("there is no folder \(home)")
        }
        let ledger = SQLiteLedger(path: path)
        return isDemo ? DemoLedger(ledger) : ledger
    }
}

/// Books in memory where there is no home: what is spent is not kept, so a cap of the day cannot be either.
private final class HomelessLedger: UsageLedger {
    private let memory = MemoryLedger()
    private let reason: String
    private let isTold = Mutex(false)

    init(_ reason: String) { self.reason = reason }

    func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking {
        if intent.accounting.caps[.day]?.hard != nil, !intent.isDemo {
            throw .storage("the day's cap cannot be kept: \(reason), so nothing can be recorded")
        }
        return try await memory.begin(intent)
    }

    func note(_ progress: LedgerProgress, of booking: Booking) { memory.note(progress, of: booking) }
    func close(_ booking: Booking, _ closing: LedgerClosing) { memory.close(booking, closing) }
    func flush() async throws(LedgerError) {}
    func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow] { try await memory.usage(query) }

    func takeNotices() -> [String] {
        isTold.withLock { isTold in
            defer { isTold = true }
            return isTold ? [] : ["what this costs is not recorded: \(reason)"]
        }
    }
}

/// Books in a file as long as that works, then in memory. For the demo alone, where no money is spent.
private final class DemoLedger: UsageLedger {
    private let file: SQLiteLedger
    private let memory = MemoryLedger()
    private let problem = Mutex<String?>(nil)
    private let isTold = Mutex(false)

    init(_ file: SQLiteLedger) { self.file = file }

    private var present: any UsageLedger { problem.withLock { $0 == nil } ? file : memory as any UsageLedger }

    func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking {
        do {
            return try await present.begin(intent)
        } catch {
            guard case .storage(let text) = error else { throw error }
            problem.withLock { $0 = text }
            return try await memory.begin(intent)
        }
    }

    func note(_ progress: LedgerProgress, of booking: Booking) { present.note(progress, of: booking) }
    func close(_ booking: Booking, _ closing: LedgerClosing) { present.close(booking, closing) }

    func flush() async throws(LedgerError) {
        // What the demo did is of no account.
        do { try await present.flush() } catch {}
    }

    func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow] { try await present.usage(query) }

    func takeNotices() -> [String] {
        guard let text = problem.withLock(\.self) else { return file.takeNotices() }
        return isTold.withLock { isTold in
            defer { isTold = true }
            return isTold ? [] : ["the demo's requests are not recorded: \(text)"]
        }
    }
}
