import ProviderCore
import Synchronization
import TestSupport
import Testing

/// Input $1 and output $2 per million tokens: 1,000,000 and 2,000,000 pico-dollars a token.
private let prices: ModelPrices? = {
    guard let one = Price(perMillion: "1"), let two = Price(perMillion: "2") else { return nil }
    return ModelPrices(tiers: [.standard: PriceSet(input: one, output: two)])
}()

/// A chain over a ledger, and what it booked. "hello there" from the user is 3 + 3 + 4 + 11 = 21 tokens.
private struct Booked {
    let ledger = MemoryLedger()
    let provider: ClosureProvider
    let chain: PolicyProvider

    init(
        cap: Int128? = nil, soft: Int128? = nil, isPriced: Bool = true, _ outer: [any Policy] = [],
        ledger failing: (any UsageLedger)? = nil,
        _ answer: @escaping @Sendable (ChatRequest, Int) async throws -> ClosureProvider.Answer
    ) {
        provider = ClosureProvider(answer)
        let policy = LedgerPolicy(
            failing ?? ledger, place: LedgerPolicy.Place(provider: "closure", endpoint: "here"),
            counting: LetterCounting()
        ) { name in
            var model = ModelInfo(id: name)
            model.encodingIsAssumed = false
            model.prices = isPriced ? prices : nil
            return model
        }
        let caps = SpendingCap(
            soft: soft.map { Money(picodollars: $0 * 1_000_000) }, hard: cap.map { Money(picodollars: $0 * 1_000_000) })
        let marked = MarkingPolicy(caps: caps == SpendingCap() ? [:] : [.request: caps])
        chain = PolicyProvider(provider, policies: [marked] + outer + [policy], clock: JumpingClock())
    }

    var states: [LedgerState] { ledger.entries.map(\.state) }
    var spent: Int128? { ledger.entries.last?.closing?.cost.amount.map { $0.picodollars / 1_000_000 } }
}

/// Sets the caps, as a command does.
private struct MarkingPolicy: Policy {
    let caps: [BudgetScope: SpendingCap]

    func stream(_ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext) async throws -> ChatStream {
        var request = request
        request.accounting.caps = caps
        return try await next(request, call)
    }
}

private let word = [StreamEvent.textDelta("ten letter", choice: 0)]
private let accepted = [StreamEvent.responseStarted(ResponseMetadata(id: "r", model: "m"))]

@Suite struct LedgerPolicyTests {
    @Test func theServersCountsSettle() async throws {
        let booked = Booked { _, _ in .good }
        _ = await Listener(booked.chain).outcome
        #expect(booked.states == [.settled])
        #expect(booked.ledger.entries.first?.closing?.usage == TokenUsage(inputTokens: 10, outputTokens: 2))
        #expect(booked.spent == 14)
    }

    @Test func withoutCountsOursAreMarked() async throws {
        let booked = Booked { _, _ in .init([accepted, word, [.finished(.stop, choice: 0)]]) }
        _ = await Listener(booked.chain).outcome
        #expect(booked.states == [.estimated])
        #expect(booked.ledger.entries.first?.closing?.usage == TokenUsage(inputTokens: 21, outputTokens: 10))
        #expect(booked.ledger.entries.first?.closing?.cost == .estimate(Money(picodollars: 41_000_000)))
    }

    @Test(arguments: [
        (RequestFate.notSent, LedgerState.refused), (.refused, .refused), (.unknown, .unknown),
        (.interrupted, .estimated),
    ]) func howItFailedIsHowItIsBooked(fate: RequestFate, state: LedgerState) async throws {
        let error = ProviderError(kind: .connection, message: "lost", fate: fate)
        let booked = Booked { _, _ in
            fate == .interrupted ? .init([accepted, word], error: error) : .refusing(error)
        }
        let (_, thrown) = await Listener(booked.chain).outcome
        #expect(thrown?.fate == fate)
        #expect(booked.states == [state])
        #expect(booked.ledger.entries.first?.closing?.error == .connection)
    }

    @Test func aDroppedStreamIsBooked() async throws {
        let booked = Booked { _, _ in .init([accepted, word, word]) }
        for batches in 0..<4 {
            var stream = try await booked.chain.stream(
                ChatRequest(model: "m", messages: [ChatMessage(.user, "hello there")])
            )
            .batches()
            for _ in 0..<batches { _ = try await stream.nextBatch() }
        }
        // Never pulled, never sent.
        #expect(booked.states == [.estimated, .estimated, .estimated])
        #expect(booked.ledger.entries.map { $0.closing?.usage.outputTokens } == [0, 10, 20])
    }

    @Test func everyAttemptIsAnEntry() async throws {
        let lost = ProviderError(kind: .connection, message: "lost", fate: .unknown)
        let retry = RetryPolicy(clock: JumpingClock(), random: { 0 })
        let booked = Booked([retry]) { _, number in number == 1 ? .refusing(lost) : .good }
        _ = await Listener(booked.chain).outcome
        #expect(booked.states == [.unknown, .settled])
        #expect(booked.ledger.entries.map(\.booking.attempt) == [1, 2])
        #expect(Set(booked.ledger.entries.map(\.booking.intent.call)).count == 1)
    }

    @Test func aResumedAnswerGoesOnInItsEntry() async throws {
        let cut = ProviderError(
            kind: .connection, message: "cut", fate: .interrupted,
            resumption: Resumption(responseID: "r", sequenceNumber: 1))
        let retry = RetryPolicy(clock: JumpingClock(), random: { 0 })
        let booked = Booked([retry]) { _, number in
            number == 1 ? .init([accepted, word], error: cut) : .init([accepted, word, [.finished(.stop, choice: 0)]])
        }
        _ = await Listener(booked.chain).outcome
        #expect(booked.states == [.estimated])
        #expect(booked.ledger.entries.first?.closing?.usage.outputTokens == 20)
    }

    @Test func whatCannotBeBookedIsNotSent() async throws {
        let booked = Booked(ledger: BrokenLedger()) { _, _ in .good }
        let (_, error) = await Listener(booked.chain).outcome
        #expect(error?.isStorageFailure == true)
        #expect(error?.fate == .notSent)
        #expect(error?.message == "nothing was sent: the disk is gone")
        #expect(booked.provider.count == 0)
    }

    @Test func theModelThatAnswersIsPaid() async throws {
        let other = ResponseMetadata(id: "r", model: "another", serviceTier: "priority")
        let booked = Booked { _, _ in
            .init([[.responseStarted(other)], word, [.usage(TokenUsage(inputTokens: 1, outputTokens: 1))]])
        }
        _ = await Listener(booked.chain).outcome
        // No price of that tier is known.
        #expect(booked.states == [.settled])
        #expect(booked.ledger.entries.first?.closing?.cost == .unknown)
    }
}

/// Caps on the cost of one request.
@Suite struct CostCapTests {
    @Test func theServerIsToldWhereTheMoneyEnds() async throws {
        let booked = Booked(cap: 121) { _, _ in .good }
        let (_, error) = await Listener(booked.chain).outcome
        #expect(error == nil)
        #expect(booked.provider.asked.first?.parameters.maxOutputTokens == 50)
    }

    @Test func whatIsTooDearIsNotSent() async throws {
        for (cap, known, words) in [(Int128(20), true, "input alone"), (1000, false, "price is not known")] {
            let booked = Booked(cap: cap, isPriced: known) { _, _ in .good }
            let (_, error) = await Listener(booked.chain).outcome
            #expect(error?.kind == .budgetExceeded)
            #expect(error?.fate == .notSent)
            #expect(error?.message.contains(words) == true)
            #expect(booked.provider.count == 0)
            #expect(booked.states.isEmpty)
        }
    }

    /// A server that does not heed the limit: 121 buys 50 letters.
    @Test func anAnswerEndsAtTheCap() async throws {
        let booked = Booked(cap: 121) { _, _ in .init(Array(repeating: word, count: 100)) }
        let (words, error) = await Listener(booked.chain).outcome
        #expect(words.count == 5)
        #expect(error?.kind == .budgetExceeded)
        #expect(error?.fate == .interrupted)
        #expect(error?.isRetryable == false)
        #expect(booked.states == [.estimated])
        #expect(booked.spent == 121)
        #expect(booked.ledger.entries.first?.closing?.error == .budgetExceeded)
    }

    /// A server that heeds it ends by itself; that is our cap and not the model's end.
    @Test func theServersEndAtOurLimitIsOurs() async throws {
        let booked = Booked(cap: 121) { _, _ in
            .init([
                [.textDelta("cut", choice: 0), .finished(.length, choice: 0)],
                [.usage(TokenUsage(inputTokens: 21, outputTokens: 50))],
            ])
        }
        let (words, error) = await Listener(booked.chain).outcome
        #expect(words == ["text cut", "finished length", "usage"])
        #expect(error?.kind == .budgetExceeded)
        #expect(booked.states == [.settled])
    }

    @Test func aWholeAnswerThatTookAllIsWhole() async throws {
        let booked = Booked(cap: 121) { _, _ in
            .init([[.textDelta("ok", choice: 0), .finished(.stop, choice: 0)], [.usage(TokenUsage(outputTokens: 90))]])
        }
        let (_, error) = await Listener(booked.chain).outcome
        #expect(error == nil)
    }

    /// The first attempt may have been billed as far as it was allowed to go: 21 + 100 of 420, or all of it.
    @Test func attemptsThatMayHaveBeenBilledCount() async throws {
        let lost = ProviderError(kind: .connection, message: "lost", fate: .unknown)
        let retry = RetryPolicy(clock: JumpingClock(), random: { 0 })
        for (wanted, isSentAgain) in [(50, true), (1000, false)] {
            let booked = Booked(cap: 420, [Limiting(tokens: wanted), retry]) { _, number in
                number == 1 ? .refusing(lost) : .good
            }
            let (_, error) = await Listener(booked.chain).outcome
            #expect(booked.provider.count == (isSentAgain ? 2 : 1))
            #expect(error?.kind == (isSentAgain ? nil : .budgetExceeded))
        }
    }

    @Test func aSoftCapIsToldOnce() async throws {
        let booked = Booked(soft: 61) { _, _ in .init(Array(repeating: word, count: 6)) }
        let (words, error) = await Listener(booked.chain).outcome
        #expect(error == nil)
        #expect(words.count { $0.hasPrefix("budget") } == 1)
        #expect(words.firstIndex { $0.hasPrefix("budget") } == 2)
    }
}

/// Limits the output that is asked for.
private struct Limiting: Policy {
    let tokens: Int

    func stream(_ request: ChatRequest, _ call: PolicyCall, next: @escaping PolicyNext) async throws -> ChatStream {
        var request = request
        request.parameters.maxOutputTokens = tokens
        return try await next(request, call)
    }
}

/// Cannot be written.
private struct BrokenLedger: UsageLedger {
    func begin(_ intent: LedgerIntent) async throws(LedgerError) -> Booking { throw .storage("the disk is gone") }
    func note(_ progress: LedgerProgress, of booking: Booking) {}
    func close(_ booking: Booking, _ closing: LedgerClosing) {}
    func flush() async throws(LedgerError) {}
    func usage(_ query: UsageQuery) async throws(LedgerError) -> [UsageRow] { [] }
}
