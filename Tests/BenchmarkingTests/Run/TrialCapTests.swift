import FunctionTools
import ProviderCore
import TestSupport
import Testing

@testable import Benchmarking

/// Caps of trials with several requests, and caps that change while trials run.
@Suite struct TrialCapTests {
    /// A millionth of a dollar a token.
    private static let price = Price(perMillion: "1").map { PriceSet(input: $0, output: $0) }

    private static func money(_ millionths: Int) -> Money { Money(picodollars: Int128(millionths) * 1_000_000) }

    private static func rig(
        _ count: Int, ledger: MemoryLedger, turns: Int = 8,
        _ answer: @escaping @Sendable (ChatRequest, Int) async throws -> ClosureProvider.Answer
    ) async throws -> RunnerRig {
        let booked = LedgerPolicy(
            ledger, place: LedgerPolicy.Place(provider: "closure", endpoint: "here"), counting: LetterCounting()
        ) { name in
            var model = ModelInfo(id: name)
            model.encodingIsAssumed = false
            model.prices = price.map { ModelPrices(tiers: [.standard: $0]) }
            return model
        }
        return try await RunnerRig(
            count, tools: RunnerTests.loop(turns: turns),
            request: { trial in
                var request = try RunnerRig.ask(trial)
                request.parameters.maxOutputTokens = 100
                return request
            }, provider: PolicyProvider(ClosureProvider(answer), policies: [booked], clock: JumpingClock()))
    }

    /// A call; the server tells no counts.
    private static let uncountedCall = ClosureProvider.Answer([
        [
            .toolCallDelta(ToolCallDelta(index: 0, id: "c", name: "five", argumentsDelta: "{}")),
            .finished(.toolCalls, choice: 0),
        ]
    ])

    private static func spent(_ ledger: MemoryLedger) -> Int {
        Int(ledger.entries.reduce(Int128(0)) { $0 + ($1.closing?.cost.amount?.picodollars ?? 0) } / 1_000_000)
    }

    /// Also where the server counts nothing: what was booked counts.
    @Test func allTurnsShareTheTrialsCap() async throws {
        let free = MemoryLedger()
        _ = try await Self.rig(1, ledger: free) { _, _ in Self.uncountedCall }.runner().run()
        let cap = Self.spent(free) / 2
        #expect(cap > 30 && free.entries.count > 4)
        let ledger = MemoryLedger()
        let rig = try await Self.rig(1, ledger: ledger) { _, _ in Self.uncountedCall }
        _ = await rig.runner { $0.trial = Self.money(cap) }.run()
        #expect(Self.spent(ledger) <= cap && Self.spent(ledger) > 0)
        #expect(try await rig.outcomes() == [.truncated])
    }

    /// A request that was lost is held by the run's cap; no answer is shortened for it by the trial's, and counted as wrong.
    @Test(arguments: [(true, [TrialOutcome.right]), (false, [])])
    func whatWasLostShortensNoAnswer(isTrials: Bool, outcomes: [TrialOutcome]) async throws {
        let ledger = MemoryLedger()
        let lost = try await ledger.begin(
            LedgerIntent(
                call: "lost", accounting: Accounting(purpose: .benchmark, run: "run1", item: "0/1"),
                provider: "closure", endpoint: "here", model: "m", inputTokens: 14, wantedOutput: 100,
                prices: Self.price))
        ledger.close(lost, LedgerClosing(state: .unknown))
        let rig = try await Self.rig(1, ledger: ledger) { _, _ in .text("ok", output: 90) }
        let result = await rig.runner {
            if isTrials { $0.trial = Self.money(130) } else { $0.run = Self.money(130) }
        }.run()
        #expect(try await rig.outcomes() == outcomes)
        #expect(result.stop == (isTrials ? nil : .budget), "\(result.reason)")
    }

    /// A cap that is lowered counts for the next request of a trial that runs, and is kept.
    @Test func aLowerCapReachesTrialsThatRun() async throws {
        let (ledger, stage) = (MemoryLedger(), Stage())
        let rig = try await Self.rig(1, ledger: ledger) { request, _ in
            try await stage.enter(request.trialNumber)
            return Self.uncountedCall
        }
        let runner = rig.runner { $0.run = Self.money(50_000) }
        async let running = runner.run()
        await stage.wait(for: 1)
        runner.send(.budget(Self.money(40)))
        while try await rig.store.notes().isEmpty { await Task.yield() }
        stage.open()
        stage.release(0)
        let result = await running
        #expect(result.stop == .budget && result.error?.code == "run", "\(result.reason)")
        #expect(ledger.entries.count == 1)
        #expect(try await rig.store.run().header.budget == Self.money(40))
    }

    /// What the run's database knows and the ledger does not.
    @Test(arguments: [(0, 150), (100, 50), (150, 0), (900, 0)])
    func unbooked(known: Int, missing: Int) async throws {
        let ledger = MemoryLedger()
        if known > 0 {
            for (run, isDemo) in [("run1", false), ("run1", true), ("run2", false)] {
                let booking = try await ledger.begin(
                    LedgerIntent(
                        call: "\(run) \(isDemo)", accounting: Accounting(run: run), provider: "p", endpoint: "e",
                        isDemo: isDemo, model: "m", inputTokens: 1))
                ledger.close(booking, LedgerClosing(state: .settled, cost: .exact(Self.money(known))))
            }
        }
        let money = RunMoney(requests: 3, spent: Self.money(100), maybe: Self.money(50))
        #expect(await money.unbooked(in: ledger, run: "run1", isDemo: false) == Self.money(missing))
    }

    @Test(arguments: [(0, RunState.complete), (450, .incomplete)])
    func whatIsNotBookedCountsToTheCap(unbooked: Int, state: RunState) async throws {
        let ledger = MemoryLedger()
        let rig = try await Self.rig(1, ledger: ledger) { _, _ in .text("ok", output: 90) }
        let result = await rig.runner(unbooked: Self.money(unbooked)) { $0.run = Self.money(460) }.run()
        #expect(result.state == state, "\(result.reason)")
        #expect(ledger.entries.isEmpty == (state == .incomplete))
    }
}
