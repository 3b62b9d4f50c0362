import Benchmarking
import ProviderCore
import Synchronization
import TestSupport
import Testing

/// What a person asks of a run, what fails around it, and how it ends then.
@Suite struct RunnerCommandTests {
    @Test func pausedNothingBeginsUntilItIsResumed() async throws {
        let stage = Stage()
        let rig = try await RunnerRig(4, provider: stage.provider)
        let runner = rig.runner(concurrency: 2)
        async let result = runner.run()
        await stage.wait(for: 2)
        runner.send(.pause)
        runner.send(.pause)
        stage.release(0)
        stage.release(1)
        await rig.settled(2)
        #expect(stage.waiting.isEmpty)
        runner.send(.resume)
        await stage.wait(for: 2)
        #expect(stage.waiting == [2, 3])
        stage.release(2)
        stage.release(3)
        #expect(await result.state == .complete)
        #expect(try await rig.store.notes().map(\.kind) == ["paused", "resumed"])
    }

    @Test func moreAtOnceBeginAtOnce() async throws {
        let stage = Stage()
        let rig = try await RunnerRig(6, provider: stage.provider)
        let runner = rig.runner(concurrency: 1)
        async let result = runner.run()
        await stage.wait(for: 1)
        runner.send(.concurrency(5))
        await stage.wait(for: 5)
        runner.send(.concurrency(1))
        for trial in 0..<5 { stage.release(trial) }
        await stage.wait(for: 1)
        #expect(stage.waiting == [5])
        stage.release(5)
        #expect(await result.state == .complete)
        #expect(rig.changes == ["5 set by hand", "1 set by hand"])
    }

    @Test func limitsAreChangedWhileItRuns() async throws {
        let stage = Stage()
        let limiter = RateLimiter(caps: RateCaps(requestsPerMinute: 1), clock: TestClock())
        let chain = PolicyProvider(stage.provider, policies: [limiter])
        var rig = try await RunnerRig(3, provider: chain)
        rig.source.limiter = limiter
        let runner = rig.runner(concurrency: 3)
        async let result = runner.run()
        await stage.wait(for: 1)
        runner.send(.limits(RateCaps(requestsPerMinute: 3, tokensPerMinute: 50_000)))
        await stage.wait(for: 3)
        for trial in 0..<3 { stage.release(trial) }
        #expect(await result.state == .complete)
        let notes = try await rig.store.notes().map(\.text)
        #expect(notes == ["at most 3 requests a minute and 50000 tokens a minute now"])
    }

    @Test func stoppedWhatRunsComesToItsEnd() async throws {
        let stage = Stage()
        let rig = try await RunnerRig(6, provider: stage.provider)
        let runner = rig.runner(concurrency: 2)
        async let running = runner.run()
        await stage.wait(for: 2)
        runner.send(.stop)
        runner.send(.stop)
        stage.release(0)
        stage.release(1)
        let result = await running
        #expect(result.state == .incomplete && result.stop == .interrupted)
        #expect(try await rig.store.settledTrials() == [0, 1])
        // Resumed, the others run, and only they.
        stage.open()
        #expect(await rig.runner(concurrency: 4, trials: [2, 3, 4, 5]).run().state == .complete)
        #expect(rig.begun.sorted() == Array(0..<6))
    }

    @Test func cutWhatRunsIsLeftToBeRunAgain() async throws {
        for isCommand in [true, false] {
            let stage = Stage()
            let rig = try await RunnerRig(3, provider: stage.provider)
            let runner = rig.runner(concurrency: 3)
            let running = Task { await runner.run() }
            await stage.wait(for: 3)
            stage.release(1)
            await rig.settled(1)
            if isCommand { runner.send(.cut) } else { running.cancel() }
            let result = await running.value
            #expect(result.state == .incomplete && result.stop == .interrupted)
            #expect(try await rig.store.settledTrials() == [1])
            #expect(try await rig.outcomes() == [.right])
        }
    }

    @Test func theTimeThatItMayTake() async throws {
        let (stage, clock) = (Stage(), TestClock())
        let rig = try await RunnerRig(3, clock: clock, provider: stage.provider)
        let runner = rig.runner(concurrency: 1) { $0.time = .seconds(60) }
        async let running = runner.run()
        await stage.wait(for: 1)
        await clock.sleepers(1)
        clock.advance(by: .seconds(61))
        while !rig.seen.all.contains(where: { if case .stopping = $0 { true } else { false } }) { await Task.yield() }
        stage.release(0)
        let result = await running
        #expect(result.stop == .time && result.reason == "the time that the run may take is over")
        #expect(try await rig.store.settledTrials() == [0])
        #expect(result.worked == .seconds(61))
    }

    @Test(
        arguments: [
            (.authentication, .endpoint, 1), (.quotaExceeded, .endpoint, 1), (.notFound, .endpoint, 1),
            (.server, .endpoint, 8),
        ] as [(ProviderError.Kind, RunStop, Int)])
    func aKeyThatIsRefusedEndsItAtOnce(kind: ProviderError.Kind, stop: RunStop, asked: Int) async throws {
        let provider = ClosureProvider { _, _ in
            .refusing(ProviderError(kind: kind, message: "no", fate: .refused))
        }
        let rig = try await RunnerRig(40, provider: provider)
        let result = await rig.runner().run()
        #expect(provider.count == asked)
        #expect(result.state == .incomplete && result.stop == stop && result.error?.kind == kind)
    }

    @Test func quotaThatIsUsedUpAtItem50() async throws {
        let provider = ClosureProvider { _, number in
            number < 50
                ? .text("ok") : .refusing(ProviderError(kind: .quotaExceeded, message: "no quota", fate: .refused))
        }
        let rig = try await RunnerRig(80, provider: provider)
        let result = await rig.runner().run()
        #expect(result.stop == .endpoint && result.error?.kind == .quotaExceeded)
        #expect(provider.count == 50)
        #expect(try await rig.store.settledTrials() == Set(0..<49))
        let left = Set(0..<80).subtracting(try await rig.store.settledTrials()).sorted()
        #expect(left.count == 31)
    }

    @Test func aDiskThatIsFullCutsTheRun() async throws {
        let stage = Stage()
        let rig = try await RunnerRig(8, provider: stage.provider)
        let full = FullStore(rig.store, after: 2)
        let runner = rig.runner(concurrency: 3, store: full)
        async let running = runner.run()
        await stage.wait(for: 3)
        for trial in 0..<2 { stage.release(trial) }
        await stage.wait(for: 3)
        stage.release(2)
        let result = await running
        #expect(result.state == .incomplete && result.stop == .storage && result.reason == "the disk is full")
        #expect(try await rig.store.settledTrials() == [0, 1])
    }

    /// Also where the trial that could not be kept was the last one.
    @Test func aRunWhoseLastResultIsNotKeptIsNotComplete() async throws {
        let rig = try await RunnerRig(3, provider: ClosureProvider { _, _ in .text("ok") })
        let result = await rig.runner(store: FullStore(rig.store, after: 2)).run()
        #expect(result.state == .incomplete && result.stop == .storage)
    }

    @Test func aRateLimitThatPassesSlowsItDown() async throws {
        let provider = ClosureProvider { request, number in
            if number <= 12 {
                return .refusing(ProviderError(kind: .rateLimited, message: "slow down", fate: .refused))
            }
            return .text("ok")
        }
        let clock = JumpingClock()
        let chain = PolicyProvider(
            provider,
            policies: [
                RetryPolicy(.batch, budget: RetryBudget(isLimited: false), clock: clock), CircuitBreaker(clock: clock),
            ], clock: clock)
        let rig = try await RunnerRig(60, clock: clock, provider: chain)
        let result = await rig.runner(concurrency: 10, adapts: true, most: 10).run()
        #expect(result.state == .complete)
        #expect(rig.changes.first == "8 rate limit")
    }

    @Test func anEndpointThatIsDownFromTheStartEndsSoon() async throws {
        let clock = JumpingClock()
        let provider = ClosureProvider { _, _ in
            .refusing(ProviderError(kind: .connection, message: "refused", fate: .notSent))
        }
        let rig = try await RunnerRig(100, clock: clock, provider: Self.chain(provider, clock))
        let result = await rig.runner(concurrency: 8).run()
        #expect(result.state == .incomplete && result.stop == .endpoint && result.error?.kind == .connection)
        #expect(rig.begun.sorted() == Array(0..<8))
        #expect(provider.count <= 48)
        #expect(try await rig.store.settledTrials().isEmpty)
    }

    @Test func anEndpointThatComesBackIsWaitedFor() async throws {
        let clock = JumpingClock()
        let began = clock.now
        let provider = ClosureProvider { _, _ in
            let time = clock.now - began
            clock.advance(by: .milliseconds(100))
            if time > .seconds(1), time < .seconds(40) {
                return .refusing(ProviderError(kind: .overloaded, message: "busy", fate: .refused))
            }
            return .text("ok")
        }
        let rig = try await RunnerRig(40, clock: clock, provider: Self.chain(provider, clock))
        let result = await rig.runner(concurrency: 4).run()
        #expect(result.state == .complete)
        #expect(clock.now - began > .seconds(30))
    }

    private static func chain(_ provider: any AIProvider, _ clock: JumpingClock) -> PolicyProvider {
        PolicyProvider(
            provider,
            policies: [
                RetryPolicy(.batch, budget: RetryBudget(isLimited: false), clock: clock), CircuitBreaker(clock: clock),
            ], clock: clock)
    }
}

extension RunnerRig {
    /// Returns when so many trials were told as ended.
    func settled(_ count: Int) async {
        while seen.all.count(where: { if case .ended = $0 { true } else { false } }) < count { await Task.yield() }
    }
}
