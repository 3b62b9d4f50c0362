public import ProviderCore
import Synchronization

/// Keeps the attempts of a run in the run's database too: stands before the ledger that checks caps and books.
///
/// What is booked to an item that is no `RequestPurpose` goes to the ledger only. Nothing is sent that the run's database does not have.
public final class JournaledLedger: UsageLedger {
    /// What a booking is known by: numbers begin anew where a damaged ledger was replaced.
    private struct Key: Hashable {
        let id: Int64
        let attempt: Int
        let call: String

        init(_ booking: Booking) { (id, attempt, call) = (booking.id, booking.attempt, booking.intent.call) }
    }

    private let base: any UsageLedger
    private let store: any RunStore
    private let clock: WallClock
    /// Numbers in the run's database of attempts that run.
    private let requests = Mutex<[Key: Int64]>([:])

    /// A ledger before another. The store has to be claimed. `clock` tells when attempts are sent.
    public init(_ base: any UsageLedger, store: any RunStore, clock: WallClock = WallClock()) {
        self.base = base
        self.store = store
        self.clock = clock
    }

    /// Books an attempt, then keeps it in the run's database. Where that fails the entry is closed and nothing may be sent.
    public func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking {
        let booking = try await base.begin(intent)
        guard let purpose = intent.accounting.item.flatMap(RequestPurpose.init(item:)) else { return booking }
        let start = RequestStart(
            purpose: purpose, attempt: booking.attempt, model: intent.model, endpoint: intent.endpoint,
            inputTokens: intent.inputTokens, worst: booking.grant.ceiling, sent: clock.now, resumes: intent.resumes)
        do throws(RunStoreError) {
            let request = try await store.begin(start)
            requests.withLock { $0[Key(booking)] = request }
            return booking
        } catch {
            // What an answer had cost before it was to be read on is not undone by this.
            base.close(booking, LedgerClosing(state: intent.resumes == nil ? .refused : .unknown))
            throw .storage(error.description)
        }
    }

    /// Keeps what is known of an attempt that runs.
    public func note(_ progress: LedgerProgress, of booking: Booking) { base.note(progress, of: booking) }

    /// Ends an entry here and there.
    public func close(_ booking: Booking, _ closing: LedgerClosing) {
        base.close(booking, closing)
        let request = requests.withLock { $0.removeValue(forKey: Key(booking)) }
        if let request { store.close(request, closing) }
    }

    /// As the ledger behind; what the run's database was asked is kept before any later `settle`.
    public func flush() async throws(LedgerError) { try await base.flush() }

    /// Sums of the ledger behind.
    public func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow] { try await base.usage(query) }

    /// Those of the ledger behind.
    public func takeNotices() -> [String] { base.takeNotices() }
}
