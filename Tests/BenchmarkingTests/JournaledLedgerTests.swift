import Benchmarking
import ProviderCore
import Testing

/// Attempts that are booked in the ledger and in the run's database.
@Suite struct JournaledLedgerTests {
    private let base = MemoryLedger()

    private func store() async throws -> any RunStore {
        let header = RunHeader(
            id: "run1", name: "n", suitePath: "s.yaml", suiteDigest: "", planDigest: "", seed: 1, created: 1,
            version: "1",
            subjects: ["a"], tasks: ["t"], planned: 1)
        let key = TrialKey(index: 0, task: "t", sample: "s", subject: "a", repetition: 1)
        return try await MemoryRunLibrary().create(header, files: [], trials: [key])
    }

    private func intent(_ item: String?, call: String = "c1", cap: Money? = nil, resumes: String? = nil) -> LedgerIntent
    {
        var prices: PriceSet?
        if let one = Price(perMillion: "1"), let two = Price(perMillion: "2") {
            prices = PriceSet(input: one, output: two)
        }
        let caps: [BudgetScope: SpendingCap] = cap.map { [.run: SpendingCap(hard: $0)] } ?? [:]
        return LedgerIntent(
            call: call, accounting: Accounting(purpose: .benchmark, run: "run1", item: item, caps: caps),
            provider: "p", endpoint: "e", model: "m", inputTokens: 100, wantedOutput: 100, prices: prices,
            resumes: resumes)
    }

    private let closing = LedgerClosing(
        state: .settled, usage: TokenUsage(inputTokens: 90, outputTokens: 5),
        cost: .exact(Money(picodollars: 100_000_000)), metadata: ResponseMetadata(id: "r1"), duration: .milliseconds(7))

    @Test func anAttemptIsInBoth() async throws {
        let store = try await store()
        _ = try await store.claim()
        let ledger = JournaledLedger(base, store: store, clock: WallClock { 77 })
        let first = try await ledger.begin(intent("0/1"))
        let judge = try await ledger.begin(intent("0/judge2"))
        var expected = RequestStart(
            purpose: RequestPurpose(trial: 0, turn: 1), attempt: 1, model: "m", endpoint: "e", inputTokens: 100,
            worst: Money(picodollars: 300_000_000), sent: 77)
        #expect(try await store.requests(of: 0).first == RequestRecord(start: expected, state: .intent))
        ledger.close(judge, LedgerClosing(state: .unknown))
        ledger.close(first, closing)
        // A second end is no end of the next attempt.
        ledger.close(first, LedgerClosing(state: .refused))
        let second = try await ledger.begin(intent("0/1"))
        #expect(second.attempt == 2)
        let requests = try await store.requests(of: 0)
        #expect(requests.map(\.state) == [.settled, .unknown, .intent])
        #expect(requests.map(\.start.purpose.role) == [.subject, .judge, .subject])
        #expect(requests[0].cost == Money(picodollars: 100_000_000))
        expected.attempt = 2
        #expect(requests[2].start == expected)
        #expect(base.entries.map(\.state) == [.settled, .unknown, .intent])
    }

    @Test func whatIsNoTrialIsInTheLedgerOnly() async throws {
        let store = try await store()
        let ledger = JournaledLedger(base, store: store)
        for item in [nil, "pilot", "0", "0/x", "-1/1", "0/0", "/1"] {
            let booking = try await ledger.begin(intent(item))
            ledger.close(booking, closing)
        }
        #expect(base.entries.map(\.state) == Array(repeating: .settled, count: 7))
        #expect(try await store.money() == RunMoney())
    }

    /// No intent row, no spend: what the run's database does not take is not sent, and costs nothing in the ledger.
    @Test func nothingIsSentThatTheRunDoesNotHave() async throws {
        let store = try await store()
        let ledger = JournaledLedger(base, store: store)
        do throws(LedgerError) {
            _ = try await ledger.begin(intent("0/1"))
            Issue.record("it was booked without the run")
        } catch {
            #expect(error == .storage("run run1 was not taken by this process: nothing can be changed"))
        }
        #expect(base.entries.map(\.state) == [.refused])
    }

    @Test func aCapIsCheckedFirst() async throws {
        let store = try await store()
        _ = try await store.claim()
        let ledger = JournaledLedger(base, store: store)
        await #expect(throws: LedgerError.self) { _ = try await ledger.begin(intent("0/1", cap: Money("0.0000001"))) }
        #expect(base.entries.isEmpty)
        #expect(try await store.money() == RunMoney())
    }

    @Test func anAnswerThatIsReadOnStaysOneRequest() async throws {
        let store = try await store()
        _ = try await store.claim()
        let ledger = JournaledLedger(base, store: store)
        var cut = closing
        cut.state = .estimated
        ledger.close(try await ledger.begin(intent("0/1")), cut)
        let resumed = try await ledger.begin(intent("0/1", call: "c1", resumes: "r1"))
        #expect(try await store.requests(of: 0).map(\.state) == [.intent])
        ledger.close(resumed, closing)
        #expect(try await store.requests(of: 0).map(\.state) == [.settled])
        #expect(try await store.money().requests == 1)
        #expect(try await ledger.usage(UsageQuery(by: .total)).first?.spent == Money(picodollars: 100_000_000))
    }
}
