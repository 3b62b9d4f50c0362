public import ProviderCore

/// Why a run's database did not do what it was asked.
public enum RunStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process runs this run, or this one did not take it: who, in a sentence.
    case held(String)
    /// There is no such run.
    case missing(String)
    /// It contradicts what is kept, such as a second result of a settled trial: what, in a sentence. Nothing of it was kept.
    case refused(String)
    /// It cannot be read or written: what, where and what to do, in a sentence.
    case storage(String)

    /// The sentence.
    public var description: String {
        switch self {
        case .held(let text), .missing(let text), .refused(let text), .storage(let text): text
        }
    }
}

/// The database of one run.
///
/// To write one: what `begin`, `settle` and `rescore` were asked is on the disk when they return, and survives the death of the process
/// at any moment. `close` and `note` return at once and are written before any later `settle`, in the order in which they came. What is
/// asked of one store is done in order, so that who reads sees what was asked before. One process at a time writes a run (`claim`);
/// any number reads, also while it is written.
public protocol RunStore: Sendable {
    /// What the run is.
    func run() async throws(RunStoreError) -> StoredRun
    /// The files that it was made from, the suite first.
    func files() async throws(RunStoreError) -> [SuiteFile]
    /// Takes the run for this process until `release`, the end of the store or that of the process. Requests that a dead process left
    /// open become unknown; returns what the run has cost. Throws `held` when another store has it, in whichever process; a second
    /// time changes nothing.
    func claim() async throws(RunStoreError) -> RunMoney
    /// Gives the run back, with what it came to. `worked` is how long it was run for by all processes; it never goes back, and is at
    /// least the end of the last trial, so that it counts when a process died, too. The run is given back also when nothing of this can
    /// be kept, which is thrown.
    func release(_ state: RunState, _ stop: RunStop?, worked: Duration) async throws(RunStoreError)
    /// Takes the run for new scores of it until `release()`, the end of the store or that of the process: what the run came to stays
    /// as it is. Else as `claim`.
    func claimToScore() async throws(RunStoreError)
    /// Gives the run back with what it had come to before.
    func release() async throws(RunStoreError)
    /// The numbers of trials that are settled.
    func settledTrials() async throws(RunStoreError) -> Set<Int>
    /// The numbers of trials that are not settled and have requests of unknown fate.
    func unknownTrials() async throws(RunStoreError) -> Set<Int>

    /// Keeps an attempt before it is sent; its number in this database. An attempt that `resumes` an answer goes on with that one's
    /// record and number. Throws `refused` for a trial that is not planned or is settled, unless a judge is asked.
    func begin(_ start: RequestStart) async throws(RunStoreError) -> Int64
    /// Keeps how an attempt ended. Returns at once; an attempt that is over stays as it is.
    func close(_ request: Int64, _ closing: LedgerClosing)
    /// Keeps what trials came to, all or none. Throws `refused` when one of them is not planned or is settled.
    func settle(_ trials: [TrialRecord]) async throws(RunStoreError)
    /// Keeps new scores of settled trials, and what came of these with them, all or none. A score takes the place of the one of the same
    /// scorer; `alone`: of all that the trial has. Old ones are kept as superseded. Throws `refused` when a trial is not settled, or
    /// would not be with its new outcome.
    func rescore(
        _ scores: [(trial: Int, outcome: TrialOutcome, score: NamedScore)], alone: Bool
    ) async throws(RunStoreError)
    /// Keeps a note. Returns at once.
    func note(_ note: RunNote)
    /// Keeps what the run may spend from now on, nil = no cap, together with a note of it. Returns at once.
    func keep(cap: Money?, _ note: RunNote)

    /// What the run has cost so far. Open requests of a run that no process has are unknown ones.
    func money() async throws(RunStoreError) -> RunMoney
    /// Planned trials in their order, from a number on, at most so many.
    func keys(from index: Int, limit: Int) async throws(RunStoreError) -> [TrialKey]
    /// Trials that have a record, settled or not, in the order of the plan, from a number on, at most so many. Without their texts there
    /// are no answer and transcript, and of the scores the values only.
    func trials(from index: Int, limit: Int, withTexts: Bool) async throws(RunStoreError) -> [TrialRecord]
    /// All attempts for a trial, in the order in which they were begun.
    func requests(of trial: Int) async throws(RunStoreError) -> [RequestRecord]
    /// The attempts that are on their way, in the order in which they were begun. Those of a run that no process has are of unknown fate,
    /// and are not among them.
    func openRequests() async throws(RunStoreError) -> [RequestRecord]
    /// How many trials came to what, failures included.
    func outcomes() async throws(RunStoreError) -> [TrialOutcome: Int]
    /// Sums of requests by subject and task, in no order.
    func costs() async throws(RunStoreError) -> [RunCosts]
    /// The notes, oldest first.
    func notes() async throws(RunStoreError) -> [RunNote]
    /// A number that grows when the run was changed, by whichever process, since it was asked last. Who watches a run asks often for
    /// this, and for all else only when it grew. That the process which has the run died is not told by it, but by `run`.
    func changes() async throws(RunStoreError) -> Int64
}

extension RunStore {
    /// Keeps new scores beside those of other scorers.
    public func rescore(_ scores: [(trial: Int, outcome: TrialOutcome, score: NamedScore)]) async throws(RunStoreError)
    {
        try await rescore(scores, alone: false)
    }

    /// Keeps what the run may spend from now on, so long after it began.
    public func keep(cap: Money?, at: Duration) {
        let text = cap.map { "the cap is $\($0.exact) now" } ?? "there is no cap now"
        keep(cap: cap, RunNote(at: at, kind: "budget", text: text))
    }
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
    /// Makes a run with its files and its trials, all of them planned: wholly or, when it throws or the process dies, not at all.
    /// Throws `refused` when there is a run of this id, or header and trials do not fit.
    func create(
        _ header: RunHeader, files: [SuiteFile], trials: [TrialKey]
    ) async throws(RunStoreError) -> any RunStore
    /// Opens a run by its id or the beginning of it. Throws `missing` when there is none, or several begin so.
    func open(_ id: String) async throws(RunStoreError) -> any RunStore
    /// All runs, the newest first. What cannot be read is told as a sentence.
    func list() async throws(RunStoreError) -> (runs: [StoredRun], problems: [String])
    /// Where a run's database is.
    func path(of id: String) -> String
}
