public import ProviderCore

/// Scores the answers of a run anew, from what is kept of them. Whoever was asked is not asked again.
///
/// The scores may be of another reading of the suite: what was asked has to be the same, word for word. What has no answer (it was
/// refused by the endpoint, or too long for the model) keeps its outcome.
public struct Rescoring: Sendable {
    /// A trial whose score changed.
    public struct Change: Sendable, Hashable {
        /// The trial.
        public var key: TrialKey
        /// What came of it before.
        public var before: TrialOutcome
        /// What comes of it now.
        public var after: TrialOutcome
        /// The value before; nil = none.
        public var valueBefore: Double?
        /// The value now; nil = none.
        public var valueAfter: Double?
    }

    /// What came of it.
    public struct Outcome: Sendable, Hashable {
        /// Trials that have a new score.
        public var scored = 0
        /// Those of them whose outcome or value is another one.
        public var changes: [Change] = []
        /// Trials that were left as they were, by why.
        public var left: [String: Int] = [:]
        /// Those of them whose scorer failed, or that were not tried since others' did: what they had is kept.
        public var failed = 0
        /// The first failure of a judge's endpoint, or of the money for it; nil = there was none.
        public var error: ProviderError?
        /// Whether the task was cancelled before the end.
        public var isCut = false
        /// Trials that have a new score, right ones before and now, by task and subject.
        public var cells: [Cell] = []

        /// Nothing yet.
        public init() {}
    }

    /// The trials of a task and a subject.
    public struct Cell: Sendable, Hashable {
        /// The task.
        public var task: String
        /// The subject's label.
        public var subject: String
        /// Trials that have a new score.
        public var scored = 0
        /// Right ones of them before.
        public var rightBefore = 0
        /// Right ones of them now.
        public var rightAfter = 0
    }

    /// The suite that scores, with the trials' own numbers.
    public let plan: SuitePlan
    private let missing: [Int: String]
    private let original: SuitePlan
    private let asksJudges: Bool
    /// To what requests of judges are booked, but for their item.
    public var judging = Accounting(purpose: .benchmark)

    /// Trials that are scored at the same time.
    private static let width = 8
    /// Records that are read, and kept, at once.
    private static let window = 100

    /// The trials of a run's plan, as `suite` scores them. `asksJudges`: whether models may be asked as judges, which costs money.
    public init(_ original: SuitePlan, as suite: Suite, asksJudges: Bool) {
        self.original = original
        self.asksJudges = asksJudges
        (plan, missing) = SuitePlan.rereading(original.keys, as: suite)
    }

    /// Scores all. The store has to be claimed. Where a scorer fails, the trial keeps what it has. A judge that is not to be had ends
    /// it early; so does cancelling the task. Throws as the store; what was scored by then is kept.
    public func run(_ store: any RunStore, by source: SuiteSource) async throws(RunStoreError) -> Outcome {
        var outcome = Outcome()
        var cells: [ReportBuilder.CellKey: Cell] = [:]
        var next = 0
        var failures = Failures()
        while !outcome.isCut {
            let records = try await store.trials(from: next, limit: Self.window, withTexts: true)
            guard let last = records.last else { break }
            next = last.key.index + 1
            let results = await scores(records, source, &outcome, &failures)
            outcome.isCut = Task.isCancelled
            if !results.isEmpty {
                try await store.rescore(
                    results.map { ($0.record.key.index, $0.result.outcome, $0.score) }, alone: true)
            }
            for result in results {
                let key = ReportBuilder.CellKey(result.record.key)
                Self.note(result, &outcome, &cells[key, default: Cell(task: key.task, subject: key.subject)])
            }
        }
        outcome.cells = plan.suite.tasks.flatMap { task in
            plan.suite.subjects.compactMap { cells[ReportBuilder.CellKey(task: task.id, subject: $0.label)] }
        }
        return outcome
    }

    private struct Rescored: Sendable {
        var record: TrialRecord
        var result: ScoreResult
        var score: NamedScore
    }

    /// What scorers failed at so far.
    private struct Failures {
        /// Trials whose judge failed since one that did not.
        private var inARow = 0
        /// Why no judge is asked any more; nil = it is.
        private(set) var end: String?
        private var told: Set<String> = []

        /// Takes a result; why its trial has no new score; nil = it has one.
        mutating func take(_ result: ScoreResult) -> String? {
            guard result.outcome == .scorerError else {
                inARow = 0
                return nil
            }
            if let cause = result.cause {
                inARow += 1
                if cause.endsARun || inARow >= RunSchedule.mostFailures {
                    end = "no judge is asked after such failures"
                }
            }
            let why = result.failure ?? "the scorer failed"
            // Each may have words of its own.
            guard told.contains(why) || told.count < 8 else { return "the scorer failed in other ways" }
            told.insert(why)
            return why
        }
    }

    private static func note(_ result: Rescored, _ outcome: inout Outcome, _ cell: inout Cell) {
        outcome.scored += 1
        cell.scored += 1
        if result.record.outcome == .right { cell.rightBefore += 1 }
        if result.result.outcome == .right { cell.rightAfter += 1 }
        let change = Change(
            key: result.record.key, before: result.record.outcome, after: result.result.outcome,
            valueBefore: result.record.scores.first?.score?.value, valueAfter: result.score.score?.value)
        if change.before != change.after || change.valueBefore != change.valueAfter { outcome.changes.append(change) }
    }

    private func scores(
        _ records: [TrialRecord], _ source: SuiteSource, _ outcome: inout Outcome, _ failures: inout Failures
    ) async -> [Rescored] {
        var wanted: [TrialRecord] = []
        for record in records {
            if let why = obstacle(record) { outcome.left[why, default: 0] += 1 } else { wanted.append(record) }
        }
        var results: [Rescored] = []
        await withTaskGroup(of: Rescored?.self) { group in
            for (number, record) in wanted.enumerated() {
                if number >= Self.width, let result = await group.next() {
                    take(result, &results, &outcome, &failures)
                }
                if let why = failures.end, asksJudge(record.key.index) {
                    outcome.left[why, default: 0] += 1
                    outcome.failed += 1
                    continue
                }
                let other = otherSample(record.key.index)
                group.addTask { [judging] in await Self.score(record, source, judging, other) }
            }
            for await result in group { take(result, &results, &outcome, &failures) }
        }
        return results.sorted { $0.record.key.index < $1.record.key.index }
    }

    /// A failed scorer takes nothing away from what is there.
    private func take(
        _ result: Rescored?, _ results: inout [Rescored], _ outcome: inout Outcome, _ failures: inout Failures
    ) {
        guard let result else { return }
        if Task.isCancelled, result.result.outcome == .scorerError {
            outcome.left["it was stopped", default: 0] += 1
        } else if let why = failures.take(result.result) {
            outcome.left[why, default: 0] += 1
            outcome.failed += 1
            outcome.error = outcome.error ?? result.result.cause
        } else {
            results.append(result)
        }
    }

    private func asksJudge(_ index: Int) -> Bool { plan.task(plan.trials[index]).scorer?.judges.isEmpty == false }

    private static func score(
        _ record: TrialRecord, _ source: SuiteSource, _ judging: Accounting, _ other: String?
    ) async -> Rescored? {
        let answer = AnswerToScore(
            text: record.answer.text, refusal: record.answer.refusal, finishReason: record.finish,
            calls: record.answer.calls, toolFault: record.toolFault)
        guard let (result, named) = await source.score(answer, of: record.key.index, booked: judging) else {
            return nil
        }
        var score = named
        if let other { score.digest += "/" + other }
        return Rescored(record: record, result: result, score: score)
    }

    /// The digest of the sample that scores, where it is not what the run has: another answer may be expected now.
    private func otherSample(_ index: Int) -> String? {
        guard plan.trials.indices.contains(index), original.trials.indices.contains(index) else { return nil }
        let digest = plan.sample(plan.trials[index]).digest
        return digest == original.sample(original.trials[index]).digest ? nil : digest
    }

    /// Why a trial stays as it is; nil = it is scored.
    private func obstacle(_ record: TrialRecord) -> String? {
        let index = record.key.index
        guard !record.awaitsScore else { return "its judge could not be asked: bench resume scores it" }
        guard record.outcome.isSettled else { return "there is no answer yet" }
        guard record.hasAnswer else { return "the endpoint gave no answer" }
        if let why = missing[index] { return why }
        guard plan.trials.indices.contains(index), original.trials.indices.contains(index) else {
            return "it is not of the plan"
        }
        let trial = plan.trials[index]
        guard let spec = plan.task(trial).scorer else { return "task \(record.key.task) is not scored" }
        if !asksJudges, !spec.judges.isEmpty { return "its judge is asked with --judges only" }
        let (now, before) = (
            try? plan.request(for: trial, defaultModel: ""),
            try? original.request(for: original.trials[index], defaultModel: "")
        )
        guard let now, let before, now.messages == before.messages, now.tools == before.tools else {
            return "the suite asks something else now"
        }
        return nil
    }
}

extension ProviderError {
    /// Whether it is the same for whatever is asked next.
    fileprivate var endsARun: Bool {
        switch kind {
        case .authentication, .permission, .notFound, .quotaExceeded: true
        case .budgetExceeded: code != BudgetScope.request.rawValue
        case .cancelled: isStorageFailure
        default: false
        }
    }
}

extension TrialRecord {
    /// Whether the model's answer is what was, or was to be, scored.
    fileprivate var hasAnswer: Bool {
        switch error?.kind {
        case .contentFiltered?, .contextTooLong?, .budgetExceeded?: false
        default: true
        }
    }

    /// Why calls ended it, as it was told then; nil = they did not.
    fileprivate var toolFault: String? {
        guard outcome != .scorerError, let error, error.kind == .invalidResponse, error.fate == .interrupted else {
            return nil
        }
        return error.message
    }
}
