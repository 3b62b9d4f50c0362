import Benchmarking
import ProviderCore
import Synchronization

/// A store whose disk is full after so many results.
final class FullStore: RunStore {
    private let base: any RunStore
    private let left: Mutex<Int>

    init(_ base: any RunStore, after count: Int) {
        self.base = base
        left = Mutex(count)
    }

    func settle(_ trials: [TrialRecord]) async throws(RunStoreError) {
        let fits = left.withLock { left in
            left -= trials.count
            return left >= 0
        }
        guard fits else { throw .storage("the disk is full") }
        try await base.settle(trials)
    }

    func run() async throws(RunStoreError) -> StoredRun { try await base.run() }
    func files() async throws(RunStoreError) -> [SuiteFile] { try await base.files() }
    func claim() async throws(RunStoreError) -> RunMoney { try await base.claim() }
    func claimToScore() async throws(RunStoreError) { try await base.claimToScore() }
    func release() async throws(RunStoreError) { try await base.release() }
    func release(_ state: RunState, _ stop: RunStop?, worked: Duration) async throws(RunStoreError) {
        try await base.release(state, stop, worked: worked)
    }
    func settledTrials() async throws(RunStoreError) -> Set<Int> { try await base.settledTrials() }
    func unknownTrials() async throws(RunStoreError) -> Set<Int> { try await base.unknownTrials() }
    func begin(_ start: RequestStart) async throws(RunStoreError) -> Int64 { try await base.begin(start) }
    func close(_ request: Int64, _ closing: LedgerClosing) { base.close(request, closing) }
    func rescore(
        _ scores: [(trial: Int, outcome: TrialOutcome, score: NamedScore)], alone: Bool
    ) async throws(RunStoreError) {
        try await base.rescore(scores, alone: alone)
    }
    func note(_ note: RunNote) { base.note(note) }
    func keep(cap: Money?, _ note: RunNote) { base.keep(cap: cap, note) }
    func money() async throws(RunStoreError) -> RunMoney { try await base.money() }
    func keys(from index: Int, limit: Int) async throws(RunStoreError) -> [TrialKey] {
        try await base.keys(from: index, limit: limit)
    }
    func trials(from index: Int, limit: Int, withTexts: Bool) async throws(RunStoreError) -> [TrialRecord] {
        try await base.trials(from: index, limit: limit, withTexts: withTexts)
    }
    func requests(of trial: Int) async throws(RunStoreError) -> [RequestRecord] { try await base.requests(of: trial) }
    func openRequests() async throws(RunStoreError) -> [RequestRecord] { try await base.openRequests() }
    func outcomes() async throws(RunStoreError) -> [TrialOutcome: Int] { try await base.outcomes() }
    func costs() async throws(RunStoreError) -> [RunCosts] { try await base.costs() }
    func notes() async throws(RunStoreError) -> [RunNote] { try await base.notes() }
    func changes() async throws(RunStoreError) -> Int64 { try await base.changes() }
}
