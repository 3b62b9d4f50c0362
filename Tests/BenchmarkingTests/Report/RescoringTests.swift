import Benchmarking
import ProviderCore
import TestSupport
import Testing

@Suite struct RescoringTests {
    /// A run in memory whose answers are the given texts by sample, all of them scored as wrong.
    private func run(_ suite: Suite, _ answer: (TrialKey) -> TrialRecord) async throws -> any RunStore {
        let plan = SuitePlan(suite)
        let store = try await MemoryRunLibrary().create(
            ReportRig.header(suite, "aaaa2222"), files: [], trials: plan.keys)
        _ = try await store.claim()
        try await store.settle(plan.keys.map(answer))
        return store
    }

    private func answered(_ key: TrialKey, _ suite: Suite, _ text: String, _ outcome: TrialOutcome = .wrong)
        -> TrialRecord
    {
        var record = ReportRig.record(key, suite, outcome)
        record.answer = TrialAnswer(text: text)
        record.finish = .stop
        return record
    }

    private func rescore(
        _ store: any RunStore, _ kept: Suite, as suite: Suite, asksJudges: Bool = false,
        provider: any AIProvider = UnaskedProvider()
    ) async throws -> Rescoring.Outcome {
        let rescoring = Rescoring(SuitePlan(kept), as: suite, asksJudges: asksJudges)
        let surroundings = SuiteSource.Surroundings(
            defaultModel: "", provider: { _ in provider }, info: { _ in nil })
        return try await rescoring.run(
            store, by: SuiteSource(rescoring.plan, surroundings))
    }

    @Test func scoresKeptAnswers() async throws {
        let suite = try ReportRig.suite(samples: 4)
        let store = try await run(suite) { answered($0, suite, "\(ReportRig.number($0) + ReportRig.number($0) % 2)") }
        let outcome = try await rescore(store, suite, as: suite)
        // 1 is right for s0? No: 0 is said. s1 says 2, s2 says 2, s3 says 4.
        #expect(outcome.scored == 8)
        #expect(Set(outcome.changes.map(\.key.sample)) == ["s1", "s3"])
        #expect(outcome.changes.allSatisfy { $0.before == .wrong && $0.after == .right && $0.valueAfter == 1 })
        #expect(outcome.cells.map(\.rightBefore) == [0, 0] && outcome.cells.map(\.rightAfter) == [2, 2])
        let records = try await store.trials(from: 0, limit: 10, withTexts: true)
        #expect(records.count { $0.outcome == .right } == 4)
        #expect(records.allSatisfy { $0.scores.count == 1 })
        // Nothing changes the second time.
        #expect(try await rescore(store, suite, as: suite).changes.isEmpty)
    }

    /// A mistake in the expected answers and another scorer: what was asked is the same.
    @Test func scoresAsTheSuiteSaysNow() async throws {
        let suite = try ReportRig.suite(samples: 3)
        let now = try ReportRig.suite(
            samples: 3, change: ["answer: 1}": "answer: \"one\"}", "exact: \"{{answer}}\"": "contains: \"{{answer}}\""])
        let store = try await run(suite) { answered($0, suite, "it is one") }
        let outcome = try await rescore(store, suite, as: now)
        #expect(outcome.scored == 6 && outcome.left.isEmpty)
        #expect(outcome.changes.map(\.key.sample) == ["s0", "s0"])
        // The new score stands alone, and tells what made it: of the sample only where that is another one.
        for record in try await store.trials(from: 0, limit: 100, withTexts: true) {
            #expect(record.scores.map(\.scorer) == ["contains"])
            let scorer = try #require(now.tasks[0].scorer?.digest())
            let other = record.key.sample == "s0" ? "/" + now.tasks[0].samples[0].digest : ""
            #expect(record.scores.first?.digest == scorer + other)
        }
    }

    @Test func leavesOtherQuestions() async throws {
        let suite = try ReportRig.suite(samples: 3)
        let now = try ReportRig.suite(samples: 2, change: ["\"0 + 1\"": "\"0 plus 1\""])
        let store = try await run(suite) { answered($0, suite, "2") }
        let outcome = try await rescore(store, suite, as: now)
        #expect(outcome.scored == 2)
        #expect(outcome.left.values.reduce(0, +) == 4)
        #expect(outcome.left["the suite asks something else now"] == 2)
    }

    @Test func leavesWhatHasNoAnswer() async throws {
        let suite = try ReportRig.suite(samples: 4)
        let store = try await run(suite) { (key: TrialKey) -> TrialRecord in
            var record = answered(
                key, suite, "", key.sample == "s1" ? .refused : key.sample == "s2" ? .infraError : .wrong)
            if key.sample == "s1" { record.error = ProviderError(kind: .contentFiltered, message: "no") }
            return record
        }
        let outcome = try await rescore(store, suite, as: suite)
        #expect(outcome.scored == 4)
        #expect(outcome.left == ["the endpoint gave no answer": 2, "there is no answer yet": 2])
        let records = try await store.trials(from: 0, limit: 10, withTexts: false)
        #expect(records.count { $0.outcome == .refused } == 2 && records.count { $0.outcome == .infraError } == 2)
    }

    @Test func asksNoJudgeUnasked() async throws {
        let suite = try ReportRig.suite(samples: 2)
        let judged = try ReportRig.suite(
            samples: 2, change: ["{exact: \"{{answer}}\"}": "{judge: {model: small, rubric: \"Is it {{answer}}?\"}}"])
        let store = try await run(suite) { answered($0, suite, "1") }
        let outcome = try await rescore(store, suite, as: judged)
        #expect(outcome.scored == 0 && outcome.left == ["its judge is asked with --judges only": 4])
        // With judges the provider is asked, which this one takes amiss: never a wrong answer, and never less than there was.
        let before = try await store.trials(from: 0, limit: 10, withTexts: true)
        let asked = try await rescore(store, suite, as: judged, asksJudges: true)
        #expect(asked.scored == 0 && asked.changes.isEmpty && asked.failed == 4 && asked.error?.kind == .server)
        #expect(asked.left == ["the judge gave no answer: asked": 4])
        #expect(try await store.trials(from: 0, limit: 10, withTexts: true) == before)
    }

    /// A judge whose key is refused is not asked for each of a thousand answers.
    @Test func aJudgeThatIsNotToBeHadEndsIt() async throws {
        let suite = try ReportRig.suite(samples: 150)
        let judged = try ReportRig.suite(
            samples: 150, change: ["{exact: \"{{answer}}\"}": "{judge: {model: small, rubric: \"Is it {{answer}}?\"}}"])
        let store = try await run(suite) { answered($0, suite, "1", .right) }
        for (kind, most) in [(ProviderError.Kind.authentication, 9), (.connection, 16)] {
            let provider = ClosureProvider { _, _ in .refusing(ProviderError(kind: kind, message: "no", fate: .refused))
            }
            let outcome = try await rescore(store, suite, as: judged, asksJudges: true, provider: provider)
            #expect(outcome.failed == 300 && outcome.left.values.reduce(0, +) == 300 && outcome.scored == 0)
            #expect((1...most).contains(provider.count), "\(kind): \(provider.count)")
            #expect(outcome.error?.kind == kind)
        }
        let records = try await store.trials(from: 0, limit: 1_000, withTexts: false)
        #expect(records.count { $0.outcome == .right } == 300)
    }

    /// A fault of the scorer takes nothing away either, and is none of an endpoint.
    @Test func aScorerThatFailsLeavesWhatIsThere() async throws {
        let suite = try ReportRig.suite(samples: 2)
        let broken = try ReportRig.suite(
            samples: 2, change: ["{exact: \"{{answer}}\"}": "{command: [no-such-program]}"])
        let store = try await run(suite) { answered($0, suite, "1", .right) }
        let outcome = try await rescore(store, suite, as: broken)
        #expect(outcome.failed == 4 && outcome.error == nil && outcome.scored == 0)
        let records = try await store.trials(from: 0, limit: 10, withTexts: false)
        #expect(records.allSatisfy { $0.outcome == .right && $0.scores.first?.score?.value == 1 })
    }
}

private struct UnaskedProvider: AIProvider {
    let id: ProviderID = "unasked"

    func stream(_ request: ChatRequest) async throws -> ChatStream {
        throw ProviderError(kind: .server, message: "asked")
    }

    func models() async throws -> [ModelListing] { [] }
}
