public import ProviderCore

/// Why a run's database did not do what it was asked.
public enum RunStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process runs this run: who, in a sentence.
    case held(String)
    /// There is no such run.
    case missing(String)
    /// It cannot be read or written: what, where and what to do, in a sentence.
    case storage(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .held(let text), .missing(let text), .storage(let text): text
        }
    }
}

/// The database of one run.
///
/// To write one: what `begin` and `settle` were asked is on the disk when they return, and survives the death of the process at any
/// moment. `close` and `note` return at once and are written before any later `settle`, in the order in which they came. One process
/// at a time writes a run (`claim`); any number reads.
public protocol RunStore: Sendable {
    /// What the run is.
    func run() async throws(RunStoreError) -> StoredRun
    /// The files that it was made from, the suite first.
    func files() async throws(RunStoreError) -> [SuiteFile]
    /// Takes the run for this process until `release` or its end. Requests that a dead process left open become unknown; returns what
    /// the run has cost. Throws `held` when another process has it.
    func claim() async throws(RunStoreError) -> RunMoney
    /// Gives the run back, with what it came to.
    func release(_ state: RunState, _ stop: RunStop?, worked: Duration) async throws(RunStoreError)
    /// The numbers of trials that are settled.
    func settledTrials() async throws(RunStoreError) -> Set<Int>
    /// The numbers of trials that are not settled and have requests of unknown fate.
    func unknownTrials() async throws(RunStoreError) -> Set<Int>

    /// Keeps an attempt before it is sent; its number.
    func begin(_ start: RequestStart) async throws(RunStoreError) -> Int64
    /// Keeps how an attempt ended. Returns at once.
    func close(_ request: Int64, _ closing: LedgerClosing)
    /// Keeps what trials came to, all or none.
    func settle(_ trials: [TrialRecord]) async throws(RunStoreError)
    /// Keeps new scores of settled trials, and what came of these with them.
    func rescore(_ scores: [(trial: Int, outcome: TrialOutcome, score: NamedScore)]) async throws(RunStoreError)
    /// Keeps a note. Returns at once.
    func note(_ note: RunNote)

    /// What the run has cost so far.
    func money() async throws(RunStoreError) -> RunMoney
    /// Settled trials in the order of the plan, from a number on, at most so many; with their texts where asked for.
    func trials(from index: Int, limit: Int, withTexts: Bool) async throws(RunStoreError) -> [TrialRecord]
    /// All attempts for a trial, in their order.
    func requests(of trial: Int) async throws(RunStoreError) -> [RequestRecord]
    /// Sums of requests by subject and task, in no order.
    func costs() async throws(RunStoreError) -> [RunCosts]
    /// The notes, oldest first.
    func notes() async throws(RunStoreError) -> [RunNote]
}

/// What the requests of a subject in a task came to.
public struct RunCosts: Sendable, Hashable {
    /// The task.
    public var task: String
    /// The subject's label.
    public var subject: String
    /// The sums.
    public var money: RunMoney

    /// Sums.
    public init(task: String, subject: String, money: RunMoney) {
        self.task = task
        self.subject = subject
        self.money = money
    }
}

/// The runs of a folder.
public protocol RunLibrary: Sendable {
    /// Makes a run with its files and its trials, all of them planned.
    func create(
        _ header: RunHeader, files: [SuiteFile], trials: [TrialKey]
    ) async throws(RunStoreError) -> any RunStore
    /// Opens a run by its id or the beginning of it.
    func open(_ id: String) async throws(RunStoreError) -> any RunStore
    /// All runs, the newest first. What cannot be read is told as a sentence.
    func list() async throws(RunStoreError) -> (runs: [StoredRun], problems: [String])
    /// Where a run's database is.
    func path(of id: String) -> String
}
