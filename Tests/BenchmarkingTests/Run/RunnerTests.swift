import Benchmarking
import FunctionTools
import ProviderCore
import Synchronization
import TestSupport
import Testing

/// Runs from their beginning to their end, as their store knows them afterwards.
@Suite struct RunnerTests {
    @Test func everyTrialRunsOnce() async throws {
        let rig = try await RunnerRig(12, provider: ClosureProvider { _, _ in .text("ok") })
        let result = await rig.runner(concurrency: 3).run()
        #expect(result == RunResult(state: .complete, worked: .zero))
        #expect(rig.begun.sorted() == Array(0..<12))
        #expect(try await rig.outcomes() == Array(repeating: .right, count: 12))
        #expect(try await rig.store.settledTrials() == Set(0..<12))
    }

    @Test func oneAtATimeTheyRunInTheOrderOfThePlan() async throws {
        let rig = try await RunnerRig(12, provider: ClosureProvider { _, _ in .text("ok") })
        #expect(await rig.runner(concurrency: 1).run().state == .complete)
        #expect(rig.begun == Array(0..<12))
    }

    @Test func onlyWhatIsLeftRuns() async throws {
        let rig = try await RunnerRig(4, provider: ClosureProvider { _, _ in .text("ok") })
        #expect(await rig.runner(trials: [1, 3]).run().state == .complete)
        #expect(await rig.runner(trials: []).run().state == .complete)
        #expect(rig.begun == [1, 3])
    }

    /// What came of each trial is kept apart: only failures that are not the model's leave a trial to be tried again.
    @Test func answersAreKeptApart() async throws {
        let answers: [ClosureProvider.Answer] = [
            .text("ok"), .text("no"), .text("cut", finish: .length),
            ClosureProvider.Answer([[.refusalDelta("never", choice: 0), .finished(.stop, choice: 0)]]),
            .refusing(ProviderError(kind: .contentFiltered, message: "filtered", fate: .refused)),
            .refusing(ProviderError(kind: .contextTooLong, message: "too long", fate: .refused)),
            .refusing(ProviderError(kind: .invalidRequest, message: "bad", fate: .refused)),
            ClosureProvider.Answer(
                [[.textDelta("o", choice: 0)]],
                error: ProviderError(kind: .connection, message: "lost", fate: .interrupted)),
        ]
        let rig = try await RunnerRig(
            answers.count, provider: ClosureProvider { request, _ in answers[request.trialNumber] })
        let result = await rig.runner(concurrency: 4).run()
        #expect(
            try await rig.outcomes() == [
                .right, .wrong, .truncated, .refused, .refused, .truncated, .infraError, .infraError,
            ])
        #expect(result.state == .incomplete && result.stop == .endpoint && result.error == nil)
        #expect(result.reason.hasPrefix("2 trials failed and can be tried again; the first: "))
        let records = try await rig.store.trials(from: 0, limit: 9, withTexts: true)
        #expect(records.map(\.answer.text) == ["ok", "no", "cut", "", "", "", "", "o"])
        #expect(records[3].answer.refusal == "never")
        #expect(records[7].timings.map(\.timing.isSuccess) == [false])
        #expect(records.prefix(3).allSatisfy { $0.timings.count == 1 && $0.transcript.count == 2 })
    }

    /// A stream that is cut in the middle is one more attempt of the run, and nothing of it is in the answer.
    @Test func tornAnswersAreAskedForAgain() async throws {
        let torn = ProviderError(kind: .connection, message: "lost", fate: .interrupted)
        let provider = ClosureProvider { _, number in
            number == 1 ? ClosureProvider.Answer([[.textDelta("o", choice: 0)]], error: torn) : .text("ok")
        }
        let clock = JumpingClock()
        var rules = RetryRules.batch
        rules.repeatsTorn = true
        let chain = PolicyProvider(provider, policies: [RetryPolicy(rules, clock: clock)], clock: clock)
        let rig = try await RunnerRig(2, clock: clock, provider: chain)
        #expect(await rig.runner().run().state == .complete)
        let records = try await rig.store.trials(from: 0, limit: 2, withTexts: true)
        #expect(records.map(\.outcome) == [.right, .right] && records.map(\.answer.text) == ["ok", "ok"])
        #expect(records[0].timings.map(\.timing.isSuccess) == [true])
        #expect(provider.asked.map(\.accounting.item) == ["0/1", "0/1", "1/1"])
    }

    @Test func aRequestThatCannotBeMadeIsNotSent() async throws {
        struct Missing: Error, CustomStringConvertible { var description = "there is no field \"q\"" }
        let provider = ClosureProvider { _, _ in .text("ok") }
        let rig = try await RunnerRig(
            20, request: { if $0 != 3 { throw Missing() } else { return try RunnerRig.ask($0) } }, provider: provider)
        let result = await rig.runner(concurrency: 2).run()
        #expect(provider.count == 1)
        #expect(result.reason == "19 trials failed and can be tried again; the first: there is no field \"q\"")
        #expect(try await rig.outcomes().count { $0 == .right } == 1)
    }

    @Test func withoutAScorerAnAnswerIsNeitherRightNorWrong() async throws {
        let rig = try await RunnerRig(
            2, scorer: nil,
            provider: ClosureProvider { request, _ in
                request.trialNumber == 0 ? .text("x") : .text("x", finish: .length)
            })
        _ = await rig.runner().run()
        #expect(try await rig.outcomes() == [.answered, .answered])
    }

    @Test func aScorerThatFailsEndsARunThatNobodyCouldUse() async throws {
        let provider = ClosureProvider { _, _ in .text("ok") }
        let rig = try await RunnerRig(
            50, scorer: { _, _ in ScoreResult(outcome: .scorerError, score: nil, failure: "the judge said 7 of 3") },
            provider: provider)
        let result = await rig.runner().run()
        #expect(provider.count == 8)
        #expect(result.stop == .endpoint)
        #expect(result.reason == "8 trials in a row could not be scored: the judge said 7 of 3")
        #expect(try await rig.store.settledTrials().count == 8)
    }

    // MARK: Tools

    static func loop(turns: Int) -> ToolLoop {
        let tool = Tool(ToolDefinition(name: "five"), run: .reply("5"), runsUnattended: true)
        let runner = TableRunner { _ in
            CommandOutcome(end: .exited(0), output: KeptOutput(head: []), duration: .zero)
        }
        return ToolLoop(
            tools: ToolSet([tool]), executor: ToolExecutor(commands: runner, transport: ScriptedTransport([])),
            limits: ToolLoop.Limits(turns: turns))
    }

    private static let call = ClosureProvider.Answer([
        [
            .toolCallDelta(ToolCallDelta(index: 0, id: "c", name: "five", argumentsDelta: "{}")),
            .finished(.toolCalls, choice: 0), .usage(TokenUsage(inputTokens: 10, outputTokens: 2)),
        ]
    ])

    @Test func callsAreAnsweredUntilThereAreNone() async throws {
        let provider = ClosureProvider { request, _ in
            request.messages.last?.role == .tool ? .text("ok") : Self.call
        }
        let rig = try await RunnerRig(3, tools: Self.loop(turns: 5), provider: provider)
        #expect(await rig.runner(concurrency: 3).run().state == .complete)
        let records = try await rig.store.trials(from: 0, limit: 9, withTexts: true)
        #expect(records.map(\.outcome) == [.right, .right, .right])
        #expect(records.map(\.turns) == [2, 2, 2] && records.map(\.toolCalls) == [1, 1, 1])
        for record in records { #expect(record.timings.map(\.turn) == [1, 2]) }
        #expect(records[0].transcript.map(\.role) == [.user, .assistant, .tool, .assistant])
        let items = provider.asked.filter { $0.trialNumber == 1 }.map(\.accounting.item)
        #expect(items == ["1/1", "1/2"])
    }

    @Test func whoNeverStopsCallingIsAToolError() async throws {
        let provider = ClosureProvider { _, _ in Self.call }
        let rig = try await RunnerRig(1, tools: Self.loop(turns: 2), provider: provider)
        #expect(await rig.runner().run().state == .complete)
        #expect(provider.count == 3)
        let records = try await rig.store.trials(from: 0, limit: 1, withTexts: true)
        #expect(records[0].outcome == .toolError)
        #expect(records[0].error?.message == "still calling after 2 turns")
    }
}
