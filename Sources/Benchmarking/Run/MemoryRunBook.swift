import ProviderCore
import Synchronization

/// What is known of a run in memory, shared by all stores that opened it.
final class MemoryRunBook: Sendable {
    /// The contents.
    struct Pages: Sendable {
        var run: StoredRun
        let files: [SuiteFile]
        /// By number.
        let keys: [TrialKey]
        var records: [Int: TrialRecord] = [:]
        /// By number, from 1.
        var requests: [RequestRecord] = []
        var notes: [RunNote] = []
        var holder: ObjectIdentifier?
        var since: Int64 = 0
        var changes: Int64 = 1
    }

    private let pages: Mutex<Pages>

    init(_ header: RunHeader, _ files: [SuiteFile], _ trials: [TrialKey]) {
        pages = Mutex(
            Pages(
                run: StoredRun(header: header, state: .running), files: files,
                keys: trials.sorted { $0.index < $1.index }))
    }

    func read<Value: Sendable>(_ body: (Pages) -> Value) -> Value { pages.withLock { body($0) } }

    /// Changes what may be changed by anyone.
    func write(_ body: (inout Pages) -> Void) {
        pages.withLock { pages in
            body(&pages)
            pages.changes += 1
        }
    }

    /// Changes what only the holder may change.
    func change<Value: Sendable>(
        _ holder: ObjectIdentifier, _ body: (inout Pages) throws(RunStoreError) -> Value
    ) throws(RunStoreError) -> Value {
        let result = pages.withLock { pages -> Result<Value, RunStoreError> in
            Result { () throws(RunStoreError) in
                guard pages.holder == holder else { throw .isNotClaimed(pages.run.header.id) }
                let value = try body(&pages)
                pages.changes += 1
                return value
            }
        }
        return try result.get()
    }

    func claim(_ holder: ObjectIdentifier, now: Int64, toScore: Bool = false) throws(RunStoreError) -> RunMoney {
        let result = pages.withLock { pages -> Result<RunMoney, RunStoreError> in
            let id = pages.run.header.id
            if pages.holder == holder { return .success(pages.money) }
            guard pages.holder == nil else {
                return .failure(.held("run \(id) is being run since \(WallClock.stamp(pages.since))"))
            }
            pages.requests = pages.known
            pages.holder = holder
            pages.since = now
            if !toScore { (pages.run.state, pages.run.stop) = (.running, nil) }
            pages.changes += 1
            return .success(pages.money)
        }
        return try result.get()
    }

    /// The end of a store is that of its claim.
    func free(_ holder: ObjectIdentifier) {
        pages.withLock { pages in
            if pages.holder == holder { pages.holder = nil }
        }
    }
}

extension MemoryRunBook.Pages {
    /// The run, as others see it.
    var stored: StoredRun {
        var run = run
        run.isHeld = holder != nil
        run.settled = records.values.count { $0.outcome.isSettled }
        return run
    }

    /// The requests; nobody knows what became of those that whoever had the run left open.
    var known: [RequestRecord] {
        guard holder == nil else { return requests }
        return requests.map { request in
            var request = request
            if request.state.isOpen { request.state = .unknown }
            return request
        }
    }

    var money: RunMoney { known.reduce(into: RunMoney()) { $0.add($1) } }

    private func isSettled(_ trial: Int) throws(RunStoreError) -> Bool {
        guard keys.indices.contains(trial) else { throw .isNotPlanned(trial, run.header.id) }
        return records[trial]?.outcome.isSettled == true
    }

    mutating func begin(_ start: RequestStart) throws(RunStoreError) -> Int64 {
        let purpose = start.purpose
        if try isSettled(purpose.trial), purpose.role == .subject { throw .isSettled(purpose.trial, run.header.id) }
        if let resumes = start.resumes, let index = requests.lastIndex(where: { $0.goesOn(purpose, resumes) }) {
            requests[index] = RequestRecord(start: requests[index].start, state: .intent)
            return Int64(index) + 1
        }
        var start = start
        start.resumes = nil
        let last = requests.filter { $0.start.purpose == purpose }.map(\.start.attempt).max() ?? 0
        start.attempt = max(start.attempt, last + 1)
        requests.append(RequestRecord(start: start, state: .intent))
        return Int64(requests.count)
    }

    mutating func settle(_ record: TrialRecord) throws(RunStoreError) {
        let trial = record.key.index
        if try isSettled(trial) { throw .isSettled(trial, run.header.id) }
        guard keys[trial] == record.key else { throw .isNotPlanned(trial, run.header.id) }
        records[trial] = record
        run.worked = max(run.worked, record.ended)
    }

    mutating func rescore(
        _ trial: Int, _ outcome: TrialOutcome, _ score: NamedScore, _ alone: Bool
    ) throws(RunStoreError) {
        guard outcome.isSettled else { throw .unsettles(outcome, trial, run.header.id) }
        guard try isSettled(trial), var record = records[trial] else { throw .isNotSettled(trial, run.header.id) }
        record.outcome = outcome
        if alone {
            record.scores = [score]
        } else if let index = record.scores.firstIndex(where: { $0.scorer == score.scorer }) {
            record.scores[index] = score
        } else {
            record.scores.append(score)
        }
        records[trial] = record
    }
}

extension RequestRecord {
    /// Whether it is the part of an answer that is read on.
    fileprivate func goesOn(_ purpose: RequestPurpose, _ response: String) -> Bool {
        start.purpose == purpose && metadata.id == response && (state == .estimated || state == .unknown)
    }
}
