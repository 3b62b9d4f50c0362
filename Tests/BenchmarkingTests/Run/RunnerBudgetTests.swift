import ProviderCore
import Synchronization
import TestSupport
import Testing

@testable import Benchmarking

/// What a run may spend is never passed, and what it may is spent.
@Suite struct RunnerBudgetTests {
    /// Input and output $1 per million tokens: a millionth of a dollar a token.
    private static let prices: ModelPrices? = Price(perMillion: "1").map {
        ModelPrices(tiers: [.standard: PriceSet(input: $0, output: $0)])
    }

    private static func money(_ millionths: Int) -> Money { Money(picodollars: Int128(millionths) * 1_000_000) }

    /// A rig whose requests are booked in a ledger in memory; `answer` gives the tokens of each answer.
    private static func rig(
        _ count: Int, ledger: MemoryLedger, most: Int? = 100, tools: Bool = false,
        _ answer: @escaping @Sendable (ChatRequest, Int) async throws -> Int
    ) async throws -> RunnerRig {
        let provider = ClosureProvider { request, number in
            let wanted = try await answer(request, number)
            let limit = request.parameters.maxOutputTokens ?? Int.max
            return wanted > limit ? .text("cut", finish: .length, output: limit) : .text("ok", output: wanted)
        }
        let booked = LedgerPolicy(
            ledger, place: LedgerPolicy.Place(provider: "closure", endpoint: "here"), counting: LetterCounting()
        ) { name in
            var model = ModelInfo(id: name)
            model.encodingIsAssumed = false
            model.prices = prices
            return model
        }
        return try await RunnerRig(
            count,
            request: { trial in
                var request = try RunnerRig.ask(trial)
                request.parameters.maxOutputTokens = most
                return request
            }, provider: PolicyProvider(provider, policies: [booked], clock: JumpingClock()))
    }

    private static func spent(_ ledger: MemoryLedger) -> Int {
        Int(ledger.entries.reduce(Int128(0)) { $0 + ($1.closing?.cost.amount?.picodollars ?? 0) } / 1_000_000)
    }

    /// Random answers, caps and numbers at once: the ledger is never above the cap, not even for a moment, and a run that stops for want
    /// of money has too little left for one more answer.
    @Test(arguments: 0..<40) func noCapIsEverPassed(seed: Int) async throws {
        let random = SeededRandom(UInt64(seed))
        let (ledger, cap) = (MemoryLedger(), 150 + random.next(below: 3_000))
        let limit = [1, 3, 8, 30][random.next(below: 4)]
        let highest = Mutex(0)
        let rig = try await Self.rig(40, ledger: ledger) { _, number in
            for _ in 0..<random.next(below: 5) { await Task.yield() }
            let held = ledger.entries.reduce(Int128(0)) { sum, entry in
                sum + (entry.closing?.cost.amount ?? entry.booking.grant.ceiling ?? .zero).picodollars
            }
            highest.withLock { $0 = max($0, Int(held / 1_000_000)) }
            return 1 + random.next(below: 99)
        }
        let result = await rig.runner(concurrency: limit) { $0.run = Self.money(cap) }.run()
        #expect(Self.spent(ledger) <= cap)
        #expect(highest.withLock(\.self) <= cap)
        let settled = try await rig.store.settledTrials()
        if result.state == .complete {
            #expect(settled.count == 40)
        } else {
            #expect(result.stop == .budget, "\(result.reason)")
            // An input is 14 tokens at most by our count with its margin, and no answer has more than 100.
            #expect(cap - Self.spent(ledger) < 160)
        }
    }

    @Test func withMoneyForOneAfterTheOtherTheyGoOneAfterTheOther() async throws {
        let (ledger, stage) = (MemoryLedger(), Stage())
        // Each may cost some 120 and costs some 15: all at once would not fit, all in turn do.
        let rig = try await Self.rig(10, ledger: ledger) { request, _ in
            try await stage.enter(request.trialNumber)
            return 5
        }
        let runner = rig.runner(concurrency: 10) { $0.run = Self.money(500) }
        async let running = runner.run()
        while rig.postponed.count + stage.waiting.count < 10 { await Task.yield() }
        #expect((1..<10).contains(rig.postponed.count))
        stage.open()
        for trial in 0..<10 { stage.release(trial) }
        #expect(await running.state == .complete)
        #expect(try await rig.outcomes() == Array(repeating: .right, count: 10))
        // Nobody's answer was shortened for the sake of the others.
        #expect(ledger.entries.allSatisfy { $0.booking.grant.maxOutputTokens == nil })
    }

    /// A model whose answers have no known limit holds all that is left: then one runs at a time.
    @Test func answersWithoutALimitRunAlone() async throws {
        let ledger = MemoryLedger()
        let rig = try await Self.rig(6, ledger: ledger, most: nil) { _, _ in 5 }
        let result = await rig.runner(concurrency: 4) { $0.run = Self.money(2_000) }.run()
        #expect(result.state == .complete)
        #expect(rig.seen.all.count { if case .ended = $0 { true } else { false } } == 6)
    }

    @Test func aCapThatIsTooSmallForOneEndsItBeforeAnythingIsSent() async throws {
        let ledger = MemoryLedger()
        let rig = try await Self.rig(5, ledger: ledger) { _, _ in 5 }
        let result = await rig.runner(concurrency: 4) { $0.run = Self.money(12) }.run()
        #expect(result.state == .incomplete && result.stop == .budget && !result.reason.isEmpty)
        #expect(ledger.entries.isEmpty)
        #expect(try await rig.outcomes().isEmpty)
    }

    @Test func aHigherCapGoesOn() async throws {
        let (ledger, stage) = (MemoryLedger(), Stage())
        let rig = try await Self.rig(3, ledger: ledger) { request, _ in
            try await stage.enter(request.trialNumber)
            return 5
        }
        let runner = rig.runner(concurrency: 3) { $0.run = Self.money(250) }
        async let running = runner.run()
        while rig.postponed.count + stage.waiting.count < 3 { await Task.yield() }
        #expect(!rig.postponed.isEmpty)
        runner.send(.budget(Self.money(5_000)))
        await stage.wait(for: 3)
        for trial in 0..<3 { stage.release(trial) }
        #expect(await running.state == .complete)
        #expect(try await rig.store.notes().map(\.text).contains { $0.hasPrefix("the cap is $0.005") })
    }

    /// A trial's own cap shortens its answers; where it pays for none, the trial fails alone and nothing is sent.
    @Test(arguments: [(60, TrialOutcome.truncated, true), (10, .budget, false)])
    func aTrialHasACapOfItsOwn(cap: Int, outcome: TrialOutcome, isSent: Bool) async throws {
        let ledger = MemoryLedger()
        let rig = try await Self.rig(4, ledger: ledger) { _, _ in 90 }
        let result = await rig.runner(concurrency: 2) {
            $0.trial = Self.money(cap)
            $0.run = Self.money(10_000)
        }.run()
        #expect(try await rig.outcomes() == Array(repeating: outcome, count: 4))
        #expect(ledger.entries.isEmpty == !isSent)
        #expect(result.stop == (isSent ? nil : .endpoint), "\(result.reason)")
        #expect(Self.spent(ledger) <= 4 * cap)
    }
}
