public import ProviderCore
import Synchronization

/// A run that lasts as long as the process: for programs and tests without a disk. It keeps to all that `RunStore` says but the disk.
public final class MemoryRunStore: RunStore {
    private let book: MemoryRunBook
    private let clock: WallClock

    init(_ book: MemoryRunBook, clock: WallClock) {
        self.book = book
        self.clock = clock
    }

    deinit { book.free(ObjectIdentifier(self)) }

    /// What the run is.
    public func run() async throws(RunStoreError) -> StoredRun { book.read(\.stored) }

    /// The files that it was made from.
    public func files() async throws(RunStoreError) -> [SuiteFile] { book.read(\.files) }

    /// Takes the run; see `RunStore`.
    public func claim() async throws(RunStoreError) -> RunMoney {
        try book.claim(ObjectIdentifier(self), now: clock.now)
    }

    /// Takes the run for new scores; see `RunStore`.
    public func claimToScore() async throws(RunStoreError) {
        _ = try book.claim(ObjectIdentifier(self), now: clock.now, toScore: true)
    }

    /// Gives the run back as it was.
    public func release() async throws(RunStoreError) { try change { $0.holder = nil } }

    /// Gives the run back.
    public func release(_ state: RunState, _ stop: RunStop?, worked: Duration) async throws(RunStoreError) {
        let now = clock.now
        try change { pages throws(RunStoreError) in
            pages.run.state = state
            pages.run.stop = stop
            pages.run.ended = now
            pages.run.worked = max(pages.run.worked, worked)
            pages.holder = nil
        }
    }

    /// The numbers of trials that are settled.
    public func settledTrials() async throws(RunStoreError) -> Set<Int> {
        book.read { pages in Set(pages.records.values.filter(\.outcome.isSettled).map(\.key.index)) }
    }

    /// The numbers of trials that are not settled and have requests of unknown fate.
    public func unknownTrials() async throws(RunStoreError) -> Set<Int> {
        book.read { pages in
            let unknown = pages.known.filter { $0.state == .unknown }.map(\.start.purpose.trial)
            return Set(unknown.filter { pages.records[$0]?.outcome.isSettled != true })
        }
    }

    /// Keeps an attempt before it is sent.
    public func begin(_ start: RequestStart) async throws(RunStoreError) -> Int64 {
        try change { pages throws(RunStoreError) in try pages.begin(start) }
    }

    /// Keeps how an attempt ended.
    public func close(_ request: Int64, _ closing: LedgerClosing) {
        book.write { pages in
            let index = Int(request) - 1
            if pages.requests.indices.contains(index) { pages.requests[index].close(closing) }
        }
    }

    /// Keeps what trials came to.
    public func settle(_ trials: [TrialRecord]) async throws(RunStoreError) {
        try change { pages throws(RunStoreError) in
            var next = pages
            for trial in trials { try next.settle(trial) }
            pages = next
        }
    }

    /// Keeps new scores of settled trials.
    public func rescore(
        _ scores: [(trial: Int, outcome: TrialOutcome, score: NamedScore)], alone: Bool
    ) async throws(RunStoreError) {
        try change { pages throws(RunStoreError) in
            var next = pages
            for (trial, outcome, score) in scores { try next.rescore(trial, outcome, score, alone) }
            pages = next
        }
    }

    /// Keeps a note.
    public func note(_ note: RunNote) { book.write { $0.notes.append(note) } }

    /// Keeps what the run may spend from now on.
    public func keep(cap: Money?, _ note: RunNote) {
        book.write { pages in
            pages.run.header.budget = cap
            pages.notes.append(note)
        }
    }

    /// What the run has cost so far.
    public func money() async throws(RunStoreError) -> RunMoney { book.read(\.money) }

    /// Planned trials in their order.
    public func keys(from index: Int, limit: Int) async throws(RunStoreError) -> [TrialKey] {
        book.read { pages in Array(pages.keys.drop { $0.index < index }.prefix(max(0, limit))) }
    }

    /// Trials that have a record.
    public func trials(from index: Int, limit: Int, withTexts: Bool) async throws(RunStoreError) -> [TrialRecord] {
        book.read { pages in
            let records = pages.keys.lazy.filter { $0.index >= index }.compactMap { pages.records[$0.index] }
            return records.prefix(max(0, limit)).map { withTexts ? $0 : $0.withoutTexts }
        }
    }

    /// All attempts for a trial.
    public func requests(of trial: Int) async throws(RunStoreError) -> [RequestRecord] {
        book.read { pages in pages.known.filter { $0.start.purpose.trial == trial } }
    }

    /// The attempts that are on their way.
    public func openRequests() async throws(RunStoreError) -> [RequestRecord] {
        book.read { pages in pages.known.filter(\.state.isOpen) }
    }

    /// How many trials came to what.
    public func outcomes() async throws(RunStoreError) -> [TrialOutcome: Int] {
        book.read { pages in pages.records.values.reduce(into: [:]) { $0[$1.outcome, default: 0] += 1 } }
    }

    /// Sums of requests by subject and task.
    public func costs() async throws(RunStoreError) -> [RunCosts] {
        book.read { pages in
            var sums: [[String]: RunMoney] = [:]
            for request in pages.known {
                let key = pages.keys[request.start.purpose.trial]
                sums[[key.task, key.subject], default: RunMoney()].add(request)
            }
            return sums.map { RunCosts(task: $0.key[0], subject: $0.key[1], money: $0.value) }
        }
    }

    /// The notes, oldest first.
    public func notes() async throws(RunStoreError) -> [RunNote] { book.read(\.notes) }

    /// A number that grows when the run was changed.
    public func changes() async throws(RunStoreError) -> Int64 { book.read(\.changes) }

    private func change<Value: Sendable>(
        _ body: (inout MemoryRunBook.Pages) throws(RunStoreError) -> Value
    ) throws(RunStoreError) -> Value {
        try book.change(ObjectIdentifier(self), body)
    }
}

extension TrialRecord {
    /// Without what is read only where texts are asked for.
    var withoutTexts: TrialRecord {
        var record = self
        record.answer = TrialAnswer()
        record.transcript = []
        for index in record.scores.indices {
            guard let score = record.scores[index].score else { continue }
            record.scores[index].score = Score(value: score.value, share: score.share, passes: score.passes)
        }
        return record
    }
}
