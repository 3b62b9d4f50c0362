public import Benchmarking
public import ProviderCore

/// A run in a SQLite file of its own.
///
/// A thread does the work: all that came while it wrote goes into its next transaction, so that many trials share one sync of the
/// disk. Who has claimed the run holds a lock on a file beside it, which is free as soon as the process ends, however it ends. A damaged
/// file is refused and left as it is.
public final class SQLiteRunStore: RunStore {
    private let work: RunWork
    private let file: RunFile

    init(_ file: RunFile, clock: WallClock) {
        self.file = file
        work = RunWork(RunWorker(file, clock: clock))
    }

    /// What the run is.
    public func run() async throws(RunStoreError) -> StoredRun {
        guard let stored = try await read({ try $0.stored() }) else { throw file.failure(file.isIncomplete) }
        return stored
    }

    /// The files that it was made from.
    public func files() async throws(RunStoreError) -> [SuiteFile] { try await read { try $0.files() } }

    /// Takes the run; see `RunStore`.
    public func claim() async throws(RunStoreError) -> RunMoney {
        try await work.perform { worker throws(RunStoreError) in try worker.claim() }
    }

    /// Takes the run for new scores; see `RunStore`.
    public func claimToScore() async throws(RunStoreError) {
        _ = try await work.perform { worker throws(RunStoreError) in try worker.claim(toScore: true) }
    }

    /// Gives the run back as it was.
    public func release() async throws(RunStoreError) {
        try await work.perform { worker throws(RunStoreError) in try worker.release() }
    }

    /// Gives the run back.
    public func release(_ state: RunState, _ stop: RunStop?, worked: Duration) async throws(RunStoreError) {
        try await work.perform { worker throws(RunStoreError) in try worker.release(state, stop, worked: worked) }
    }

    /// The numbers of trials that are settled.
    public func settledTrials() async throws(RunStoreError) -> Set<Int> { try await read { try $0.settledTrials() } }

    /// The numbers of trials that are not settled and have requests of unknown fate.
    public func unknownTrials() async throws(RunStoreError) -> Set<Int> { try await read { try $0.unknownTrials() } }

    /// Keeps an attempt before it is sent.
    public func begin(_ start: RequestStart) async throws(RunStoreError) -> Int64 {
        try await work.write { try $0.begin(start) }
    }

    /// Keeps how an attempt ended.
    public func close(_ request: Int64, _ closing: LedgerClosing) {
        work.write(later: { try $0.close(request, closing) })
    }

    /// Keeps what trials came to.
    public func settle(_ trials: [TrialRecord]) async throws(RunStoreError) {
        _ = try await work.write { tables in
            for trial in trials { try tables.settle(trial) }
            return 0
        }
    }

    /// Keeps new scores of settled trials.
    public func rescore(
        _ scores: [(trial: Int, outcome: TrialOutcome, score: NamedScore)], alone: Bool
    ) async throws(RunStoreError) {
        _ = try await work.write { tables in
            for (trial, outcome, score) in scores { try tables.rescore(trial, outcome, score, alone) }
            return 0
        }
    }

    /// Keeps a note.
    public func note(_ note: RunNote) { work.write(later: { try $0.add(note) }) }

    /// Keeps what the run may spend from now on.
    public func keep(cap: Money?, _ note: RunNote) {
        work.write(later: { tables in
            try tables.keep(cap: cap)
            try tables.add(note)
        })
    }

    /// What the run has cost so far.
    public func money() async throws(RunStoreError) -> RunMoney { try await read { try $0.money() } }

    /// Planned trials in their order.
    public func keys(from index: Int, limit: Int) async throws(RunStoreError) -> [TrialKey] {
        try await read { try $0.keys(from: index, limit: limit) }
    }

    /// Trials that have a record.
    public func trials(from index: Int, limit: Int, withTexts: Bool) async throws(RunStoreError) -> [TrialRecord] {
        try await read { try $0.trials(from: index, limit: limit, withTexts: withTexts) }
    }

    /// All attempts for a trial.
    public func requests(of trial: Int) async throws(RunStoreError) -> [RequestRecord] {
        try await read { try $0.requests(of: trial) }
    }

    /// The attempts that are on their way.
    public func openRequests() async throws(RunStoreError) -> [RequestRecord] {
        try await read { try $0.openRequests() }
    }

    /// How many trials came to what.
    public func outcomes() async throws(RunStoreError) -> [TrialOutcome: Int] { try await read { try $0.outcomes() } }

    /// Sums of requests by subject and task.
    public func costs() async throws(RunStoreError) -> [RunCosts] { try await read { try $0.costs() } }

    /// The notes, oldest first.
    public func notes() async throws(RunStoreError) -> [RunNote] { try await read { try $0.notes() } }

    /// A number that grows when the run was changed.
    public func changes() async throws(RunStoreError) -> Int64 {
        try await work.perform { worker throws(RunStoreError) in try worker.changes() }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (RunReading) throws -> Value
    ) async throws(RunStoreError) -> Value {
        try await work.perform { worker throws(RunStoreError) in try worker.read(body) }
    }
}

extension RunFile {
    /// A file of ours without a run in it.
    var isIncomplete: StorageError { database.failure("has no run that this tickertape understands") }
}
