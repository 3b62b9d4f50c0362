import Benchmarking
import ProviderCore
import Synchronization
import TestSupport
import Testing

/// Judges that cannot be asked: nothing is settled by that, and no answer is paid for twice.
@Suite struct JudgeFailureTests {
    /// Six trials of a suite that a judge scores, and who answers: `1` as the subject, and as the judge what `fail` says, else that all
    /// is right.
    private struct Rig {
        let provider: ClosureProvider
        let plan: SuitePlan
        let source: SuiteSource
        let store: any RunStore
        let clock: any MonotonicClock

        init(
            _ spec: String = "{judge: {model: small, rubric: \"Is it {{answer}}?\"}}",
            clock: any MonotonicClock = TestClock(),
            chain: (ClosureProvider) -> any AIProvider = { $0 },
            fail: @escaping @Sendable (Int) -> ProviderError?
        ) async throws {
            let suite = try ReportRig.suite(samples: 3, change: ["{exact: \"{{answer}}\"}": spec])
            let judged = Mutex(0)
            provider = ClosureProvider { request, _ in
                guard request.isOfJudge else { return .text("1") }
                let number = judged.withLock { judged in
                    judged += 1
                    return judged
                }
                if let error = fail(number) { return .refusing(error) }
                return .text(#"{"score": 1, "reason": "so it is"}"#)
            }
            plan = SuitePlan(suite)
            let asked = chain(provider)
            source = SuiteSource(
                plan,
                SuiteSource.Surroundings(defaultModel: "", provider: { _ in asked }, info: { _ in nil }))
            store = try await MemoryRunLibrary().create(
                ReportRig.header(suite, "aaaa2222"), files: [], trials: plan.keys)
            _ = try await store.claim()
            self.clock = clock
        }

        /// Runs what is left.
        func run(concurrency: Int = 1, time: Duration? = nil) async throws -> RunResult {
            let settled = try await store.settledTrials()
            var limits = RunSettings.Concurrency()
            (limits.start, limits.most, limits.adapts) = (concurrency, concurrency, false)
            var budget = RunSettings.Budget()
            budget.time = time
            let left = plan.trials.map(\.index).filter { !settled.contains($0) }
            let made = BenchmarkRunner.Plan(
                runID: "aaaa2222", trials: left, concurrency: limits, budget: budget)
            return await BenchmarkRunner(made, source: source, store: store, clock: clock).run()
        }

        func records() async throws -> [TrialRecord] {
            try await store.trials(from: 0, limit: 100, withTexts: true)
        }

        var subjectRequests: Int { provider.asked.count { !$0.isOfJudge } }
    }

    private static func error(_ kind: ProviderError.Kind, code: String? = nil) -> ProviderError {
        ProviderError(
            kind: kind, code: code, message: "no judge", fate: kind == .budgetExceeded ? .notSent : .refused)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var kind: ProviderError.Kind
        var code: String?
        var stop: RunStop
        /// Whether the error itself is what stopped it.
        var hasError = true
        /// Trials with a record of their own after the first run.
        var answered: Int
        var outcome = TrialOutcome.infraError
        var testDescription: String { "\(kind) \(code ?? "")" }
    }

    @Test(arguments: [
        Case(kind: .authentication, stop: .endpoint, answered: 1),
        Case(kind: .permission, stop: .endpoint, answered: 1),
        Case(kind: .quotaExceeded, stop: .endpoint, answered: 1),
        Case(kind: .notFound, stop: .endpoint, answered: 1),
        Case(kind: .rateLimited, stop: .endpoint, hasError: false, answered: 6),
        Case(kind: .timeout, stop: .endpoint, hasError: false, answered: 6),
        Case(kind: .circuitOpen, stop: .endpoint, hasError: false, answered: 6),
        Case(kind: .budgetExceeded, code: "run", stop: .budget, answered: 1, outcome: .budget),
        Case(kind: .budgetExceeded, code: "request", stop: .endpoint, hasError: false, answered: 6, outcome: .budget),
    ])
    func aJudgeThatIsNotToBeHadSettlesNothing(_ test: Case) async throws {
        let isDown = Mutex(true)
        let down = Self.error(test.kind, code: test.code)
        let rig = try await Rig { _ in isDown.withLock(\.self) ? down : nil }
        let first = try await rig.run()
        #expect(first.state == .incomplete && first.stop == test.stop, "\(first)")
        #expect((first.error?.kind == test.kind) == test.hasError)
        #expect(first.reason.contains("no judge"))
        #expect(try await rig.store.settledTrials().isEmpty)
        let records = try await rig.records()
        #expect(records.map(\.outcome) == Array(repeating: test.outcome, count: test.answered))
        #expect(records.allSatisfy { $0.awaitsScore && $0.answer.text == "1" && $0.error?.kind == test.kind })
        #expect(try await UnscoredTask.all(in: rig.store).isEmpty)
        // Resumed, each subject's answer is scored as it is: six answers are paid for in all.
        isDown.withLock { $0 = false }
        let second = try await rig.run()
        #expect(second.state == .complete, "\(second)")
        #expect(rig.subjectRequests == 6)
        let settled = try await rig.records()
        #expect(settled.map(\.outcome) == Array(repeating: .right, count: 6))
        #expect(settled.allSatisfy { $0.transcript.map(\.role) == [.user, .assistant] && $0.turns == 1 })
        #expect(settled.allSatisfy { $0.timings.count == 1 && $0.error == nil })
    }

    /// What is short for a judge while others run is there when they are over: nothing is lost, and nobody asked twice.
    @Test func moneyThatComesFreeGoesToTheJudge() async throws {
        let rig = try await Rig { $0 <= 2 ? Self.error(.budgetExceeded, code: "run") : nil }
        let result = try await rig.run(concurrency: 3)
        #expect(result.state == .complete, "\(result)")
        #expect(rig.subjectRequests == 6)
        #expect(try await rig.records().map(\.outcome) == Array(repeating: .right, count: 6))
    }

    /// The faults of scorers stay what they are, and are told.
    @Test func faultsOfScorersAreSettledAndTold() async throws {
        let rig = try await Rig("{command: [no-such-program]}") { _ in nil }
        let result = try await rig.run()
        #expect(result.state == .complete)
        let tasks = try await UnscoredTask.all(in: rig.store)
        #expect(tasks.map(\.task) == ["sums"] && tasks.first?.count == 6 && tasks.first?.isWhole == true)
        #expect(tasks.first?.reason.isEmpty == false)
        // The judge's own refusal of what it is shown would be the same for ever.
        let refused = try await Rig { $0 == 1 ? Self.error(.contentFiltered) : nil }
        #expect(try await refused.run().state == .complete)
        #expect(try await refused.records().first?.outcome == .scorerError)
        let told = try await UnscoredTask.all(in: refused.store)
        #expect(
            told == [UnscoredTask(task: "sums", count: 1, reason: "the judge gave no answer: no judge", isWhole: false)]
        )
    }

    /// When its time is over a run waits for no judge that asked for minutes; the answer is kept.
    @Test(.timeLimit(.minutes(1))) func theTimeOfARunEndsTheWaitsOfJudges() async throws {
        let clock = TestClock()
        let rig = try await Rig(
            clock: clock,
            chain: { provider in
                PolicyProvider(
                    provider,
                    policies: [RetryPolicy(.batch, budget: RetryBudget(isLimited: false), clock: clock)], clock: clock)
            },
            fail: { _ in
                ProviderError(
                    kind: .rateLimited, message: "slow down", retryAfter: .seconds(600), fate: .refused)
            })
        async let running = rig.run(time: .seconds(60))
        await clock.sleepers(2)
        clock.advance(by: .seconds(61))
        let result = try await running
        #expect(result.stop == .time && result.worked == .seconds(61))
        let records = try await rig.records()
        #expect(records.map(\.outcome) == [.infraError] && records.allSatisfy(\.awaitsScore))
    }
}

extension ChatRequest {
    /// Whether a judge is asked.
    fileprivate var isOfJudge: Bool { accounting.item?.contains("judge") == true }
}
