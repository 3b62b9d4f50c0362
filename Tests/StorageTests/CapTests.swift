import ProviderCore
import TestSupport
import Testing

@testable import Storage

/// Caps of the ledger on disk, and that it sums as the ledger in memory does.
@Suite struct CapTests {
    private let place = LedgerFolder()

    private func capped(_ scope: BudgetScope, _ millionths: Int128, conversation: String? = nil, run: String? = nil)
        -> Accounting
    {
        Accounting(
            conversation: conversation, run: run, item: run.map { _ in PolicyCall.newID() },
            caps: [scope: SpendingCap(hard: .millionths(millionths))])
    }

    private func refusal(_ ledger: SQLiteLedger, _ accounting: Accounting, isDemo: Bool = false) async -> String? {
        do throws(LedgerError) {
            _ = try await ledger.begin(.sample(accounting: accounting, isDemo: isDemo))
            return nil
        } catch { return "\(error)" }
    }

    /// Each request may cost 300; the third gets what is left, and nothing is left for a fourth.
    @Test(arguments: BudgetScope.allCases) func twoProcessesCannotBothHaveTheLastDollar(scope: BudgetScope) async throws
    {
        var accounting = capped(scope, 800, conversation: "c", run: "r")
        accounting.item = scope == .request ? "the item" : nil
        let ledgers = [place.ledger(), place.ledger()]
        var limits: [Int?] = []
        for number in 0..<3 {
            let booking = try await ledgers[number % 2].begin(.sample(accounting: accounting))
            limits.append(booking.grant.maxOutputTokens)
        }
        #expect(limits == [nil, nil, 50])
        let text = await refusal(ledgers[1], accounting)
        #expect(text?.contains("is reached: $0.00 spent and $0.0008 held") == true, "\(text ?? "it goes")")
    }

    /// Turns and votes of one trial share its cap; other trials have their own, and so has another process that begins it anew.
    @Test(arguments: [true, false]) func aTrialIsOneScope(isOnDisk: Bool) async throws {
        let ledger: any UsageLedger = isOnDisk ? place.ledger() : MemoryLedger()
        func begin(_ item: String, by other: (any UsageLedger)? = nil) async throws -> Booking {
            let accounting = Accounting(run: "r", item: item, caps: [.trial: SpendingCap(hard: .millionths(800))])
            return try await (other ?? ledger).begin(.sample(accounting: accounting))
        }
        let bookings = [try await begin("1/1"), try await begin("1/judge1"), try await begin("1/judge2")]
        #expect(bookings.map(\.grant.maxOutputTokens) == [nil, nil, 50])
        await #expect(throws: LedgerError.self) { _ = try await begin("1/2") }
        #expect(try await begin("10/1").grant.maxOutputTokens == nil)
        #expect(try await begin("11/1").grant.maxOutputTokens == nil)
        if isOnDisk { #expect(try await begin("1/1", by: place.ledger()).grant.maxOutputTokens == nil) }
        // What is known to be paid counts; what nobody knows does not.
        ledger.close(bookings[0], .settled(200))
        ledger.close(bookings[1], LedgerClosing(state: .unknown))
        ledger.close(bookings[2], LedgerClosing(state: .refused))
        let next = try await begin("1/2")
        #expect(next.grant.limit?.left == .millionths(600) && next.grant.limit?.scope == .trial)
    }

    /// What the ledger does not know of a run counts to its cap, and to no other.
    @Test(arguments: [true, false]) func whatWasPaidElsewhereCounts(isOnDisk: Bool) async throws {
        let ledger: any UsageLedger = isOnDisk ? place.ledger() : MemoryLedger()
        var accounting = capped(.run, 800, run: "r")
        accounting.caps[.day] = SpendingCap(hard: .millionths(2000))
        accounting.runBefore = .millionths(450)
        let booking = try await ledger.begin(.sample(accounting: accounting))
        #expect(booking.grant.limit?.left == .millionths(350))
        await #expect(throws: LedgerError.self) { _ = try await ledger.begin(.sample(accounting: accounting)) }
    }

    @Test func whatIsOverFreesWhatItHeld() async throws {
        let ledger = place.ledger()
        let accounting = capped(.day, 400)
        let booking = try await ledger.begin(.sample(accounting: accounting))
        #expect(await refusal(ledger, accounting) != nil)
        ledger.close(booking, .settled(10))
        #expect(await refusal(ledger, accounting) == nil)
    }

    @Test func scopesAreApart() async throws {
        let ledger = place.ledger()
        let first = capped(.conversation, 320, conversation: "one")
        _ = try await ledger.begin(.sample(accounting: first))
        #expect(await refusal(ledger, first) != nil)
        #expect(await refusal(ledger, capped(.conversation, 320, conversation: "two")) == nil)
        #expect(await refusal(ledger, capped(.day, 320)) != nil)
        // The demo's money is none.
        #expect(await refusal(ledger, capped(.day, 320), isDemo: true) == nil)
    }

    /// What it was cut with counts no longer, and the cap still ends it.
    @Test func aResumedAnswerStaysUnderItsCap() async throws {
        let ledger = place.ledger()
        var intent = LedgerIntent.sample("the call", accounting: capped(.day, 700))
        var cut = LedgerClosing.settled(100, output: 20)
        cut.state = .estimated
        ledger.close(try await ledger.begin(intent), cut)
        intent.resumes = "r1"
        let resumed = try await ledger.begin(intent)
        #expect(resumed.grant.limit?.left == .millionths(700))
        #expect(resumed.grant.ceiling == .millionths(300))
        // 300 are held: 400 are left, for one more request and no third.
        #expect(await refusal(ledger, capped(.day, 700)) == nil)
        #expect(await refusal(ledger, capped(.day, 700)) != nil)
        ledger.close(resumed, .settled(190))
        let total = try #require(try await ledger.usage(UsageQuery(by: .total)).first)
        #expect(total.spent == .millionths(190))
    }

    @Test func yesterdayIsOver() async throws {
        let accounting = capped(.day, 320)
        _ = try await place.ledger(WallClock { 1_700_000_000_000 }).begin(.sample(accounting: accounting))
        #expect(await refusal(place.ledger(WallClock { 1_700_090_000_000 }), accounting) == nil)
    }

    @Test func manyInOneTransactionShareOneCap() async throws {
        let ledger = place.ledger()
        let accounting = capped(.day, 3000)
        let granted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask { (try? await ledger.begin(.sample(accounting: accounting))) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(granted == 10)
    }

    @Test(arguments: 0..<8) func sumsAreThoseOfMemory(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        let clock = WallClock { 1_700_000_000_000 }
        let ledgers: [any UsageLedger] = [place.ledger(clock), MemoryLedger(clock: clock)]
        for _ in 0..<60 {
            let run = ["a", "b", nil].randomElement(using: &random) ?? nil
            let conversation = ["x", "y", nil].randomElement(using: &random) ?? nil
            let intent = LedgerIntent.sample(
                accounting: Accounting(conversation: conversation, run: run),
                model: ["m", "n"].randomElement(using: &random) ?? "m", isDemo: Bool.random(using: &random),
                isPriced: Int.random(in: 0..<4, using: &random) > 0)
            let closing = LedgerClosing.random(using: &random)
            for ledger in ledgers {
                let booking = try await ledger.begin(intent)
                if let closing { ledger.close(booking, closing) }
            }
        }
        for grouping in UsageQuery.Grouping.allCases {
            for isDemo in [nil, false] {
                let query = UsageQuery(by: grouping, isDemo: isDemo)
                #expect(try await ledgers[0].usage(query) == ledgers[1].usage(query), "\(grouping)")
            }
        }
    }
}

extension LedgerClosing {
    /// Some end, or none.
    fileprivate static func random(using random: inout some RandomNumberGenerator) -> LedgerClosing? {
        let states: [LedgerState?] = [.settled, .settled, .estimated, .refused, .unknown, nil]
        guard let state = states.randomElement(using: &random) ?? nil else { return nil }
        var closing = LedgerClosing(state: state, error: state == .settled ? nil : .connection)
        guard state == .settled || state == .estimated else { return closing }
        func count() -> Int? { Bool.random(using: &random) ? Int.random(in: 0...1_000_000, using: &random) : nil }
        closing.usage = TokenUsage(
            inputTokens: count(), outputTokens: count(), cachedInputTokens: count(), cacheWriteTokens: count(),
            reasoningTokens: count())
        let amount = Money(picodollars: Int128(UInt64.random(in: 0..<9_000_000_000_000_000_000, using: &random)))
        closing.cost = state == .estimated ? .estimate(amount) : Bool.random(using: &random) ? .exact(amount) : .unknown
        return closing
    }
}
