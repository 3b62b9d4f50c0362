/// Why a ledger did not do what it was asked.
public enum LedgerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A cap leaves no room, that of the scope. Nothing was booked.
    case overBudget(String, BudgetScope?)
    /// It cannot be read or written: what, where and what to do, in a sentence. Nothing was booked.
    case storage(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .overBudget(let reason, _): reason
        case .storage(let problem): problem
        }
    }

    /// What the consumer of a stream sees. Nothing was sent; a storage that fails has the code `storage`.
    public var providerError: ProviderError {
        switch self {
        case .overBudget(let reason, let scope):
            ProviderError(
                kind: .budgetExceeded, code: scope?.rawValue, message: reason, retryHint: false, fate: .notSent)
        case .storage(let problem):
            ProviderError(
                kind: .cancelled, code: ProviderError.storageCode, message: "nothing was sent: \(problem)",
                retryHint: false, fate: .notSent)
        }
    }
}

extension ProviderError {
    /// The `code` of a request that was not sent because it could not be booked.
    public static let storageCode = "storage"

    /// Whether nothing was sent because the usage ledger could not be written.
    public var isStorageFailure: Bool { kind == .cancelled && code == Self.storageCode }
}

/// Where every attempt at a request is booked: before its first byte leaves, and once more when it is over.
///
/// To write one: `begin` returns when the entry would survive a crash, and checks the caps and holds the ceiling in the same step, so
/// that two requests cannot both have the last dollar. `note` and `close` return at once; they are called between two pieces of a
/// stream. An entry that is over never changes again, except that a resumed answer goes on.
public protocol UsageLedger: Sendable {
    /// Books an attempt. Returns when that is safe; throws when it may not be sent.
    func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking
    /// Keeps what is known of an attempt that runs. Returns at once.
    func note(_ progress: LedgerProgress, of booking: Booking)
    /// Ends an entry. Returns at once; a second time changes nothing.
    func close(_ booking: Booking, _ closing: LedgerClosing)
    /// Returns when all that was asked before is safe. Throws when it could not be kept.
    func flush() async throws(LedgerError)
    /// Sums of entries.
    func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow]
    /// What is to be told to a person, such as that a damaged file was moved aside; each is given once.
    func takeNotices() -> [String]
}

extension UsageLedger {
    /// Nothing.
    public func takeNotices() -> [String] { [] }
}
