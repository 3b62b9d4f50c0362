import ProviderCore
import TestSupport
import Testing

/// Input $1 and output $2 per million tokens: 1,000,000 and 2,000,000 pico-dollars a token.
private let prices: ModelPrices? = {
    guard let one = Price(perMillion: "1"), let two = Price(perMillion: "2") else { return nil }
    return ModelPrices(tiers: [.standard: PriceSet(input: one, output: two)])
}()

@Suite struct CostCapRulesTests {
    /// The cap in millionths of a dollar.
    private func admission(_ cap: Int128, input: Int, wanted: Int? = nil, most: Int? = nil) -> CostCapRules.Admission {
        CostCapRules(limit: Money(picodollars: cap * 1_000_000), prices: prices, inputTokens: input)
            .admission(wanted: wanted, most: most)
    }

    @Test func whatIsLeftBecomesTokens() {
        #expect(admission(1000, input: 100) == .go(maxOutputTokens: 450))
        #expect(admission(1000, input: 100, wanted: 450) == .go(maxOutputTokens: nil))
        #expect(admission(1000, input: 100, wanted: 451) == .go(maxOutputTokens: 450))
        #expect(admission(1000, input: 100, most: 450) == .go(maxOutputTokens: nil))
        #expect(admission(1000, input: 100, most: 451) == .go(maxOutputTokens: 450))
    }

    @Test(arguments: [(100, 100), (100, 101), (131, 100), (1, 0)]) func tooLittle(cap: Int128, input: Int) {
        guard case .refused = admission(cap, input: input) else {
            Issue.record("\(cap) is enough for \(input)")
            return
        }
    }

    @Test func anUnknownPriceIsNoPermission() {
        let rules = CostCapRules(limit: Money(picodollars: .max), prices: nil, inputTokens: 1)
        guard case .refused(let reason) = rules.admission(wanted: nil, most: nil) else {
            Issue.record("it goes")
            return
        }
        #expect(reason.contains("price is not known"))
    }

    @Test func lostAttemptsArePaid() {
        var rules = CostCapRules(limit: Money(picodollars: 300_000_000), prices: prices, inputTokens: 100)
        rules.note(outputTokens: 20)
        #expect(rules.cost == Money(picodollars: 140_000_000))
        rules.noteLostAttempt()
        #expect(rules.cost == Money(picodollars: 240_000_000))
        #expect(!rules.isReached)
        rules.note(outputTokens: 30)
        #expect(rules.isReached)
    }
}

@Suite struct CostCapTests {
    private func chain(_ provider: some AIProvider, cap: Int128, known: Bool = true, _ more: [any Policy] = [])
        -> PolicyProvider
    {
        let cap = CostCap(Money(picodollars: cap * 1_000_000), counting: LetterCounting()) { name in
            var model = ModelInfo(id: name)
            model.prices = known ? prices : nil
            return model
        }
        return PolicyProvider(provider, policies: [cap] + more, clock: JumpingClock())
    }

    /// "hello there" from the user is 3 + 3 + 4 + 11 = 21 tokens.
    @Test func theServerIsToldWhereTheMoneyEnds() async throws {
        let provider = ClosureProvider { _, _ in .good }
        let (_, error) = await Listener(chain(provider, cap: 121)).outcome
        #expect(error == nil)
        #expect(provider.asked.first?.parameters.maxOutputTokens == 50)
    }

    @Test func whatIsTooDearIsNotSent() async throws {
        for (cap, known, words) in [(Int128(20), true, "input alone"), (1000, false, "price is not known")] {
            let provider = ClosureProvider { _, _ in .good }
            let (_, error) = await Listener(chain(provider, cap: cap, known: known)).outcome
            #expect(error?.kind == .budgetExceeded)
            #expect(error?.fate == .notSent)
            #expect(error?.message.contains(words) == true)
            #expect(provider.count == 0)
        }
    }

    /// A server that does not heed the limit: 121 buys 50 letters.
    @Test func anAnswerEndsAtTheCap() async throws {
        let word = [StreamEvent.textDelta("ten letter", choice: 0)]
        let provider = ClosureProvider { _, _ in .init(Array(repeating: word, count: 100)) }
        let (words, error) = await Listener(chain(provider, cap: 121)).outcome
        #expect(words.count == 5)
        #expect(error?.kind == .budgetExceeded)
        #expect(error?.fate == .interrupted)
        #expect(error?.isRetryable == false)
    }

    /// A server that heeds it ends by itself; that is our cap and not the model's end.
    @Test func theServersEndAtOurLimitIsOurs() async throws {
        let provider = ClosureProvider { _, _ in
            .init([
                [.textDelta("cut", choice: 0), .finished(.length, choice: 0)], [.usage(TokenUsage(outputTokens: 50))],
            ])
        }
        let (words, error) = await Listener(chain(provider, cap: 121)).outcome
        #expect(words == ["text cut", "finished length", "usage"])
        #expect(error?.kind == .budgetExceeded)
    }

    @Test func aWholeAnswerThatTookAllIsWhole() async throws {
        let provider = ClosureProvider { _, _ in
            .init([[.textDelta("ok", choice: 0), .finished(.stop, choice: 0)], [.usage(TokenUsage(outputTokens: 90))]])
        }
        let (_, error) = await Listener(chain(provider, cap: 121)).outcome
        #expect(error == nil)
    }

    /// The first attempt may have been billed, so only half is left: 200 - 2 x 21 buys 79 letters, not 89.
    @Test func attemptsThatMayHaveBeenBilledCount() async throws {
        let lost = ProviderError(kind: .connection, message: "lost", fate: .unknown)
        let word = [StreamEvent.textDelta("ten letter", choice: 0)]
        let provider = ClosureProvider { _, number in
            number == 1 ? .refusing(lost) : .init(Array(repeating: word, count: 100))
        }
        let retry = RetryPolicy(clock: JumpingClock(), random: { 0 })
        let (words, error) = await Listener(chain(provider, cap: 200, [retry])).outcome
        #expect(words.filter { $0.hasPrefix("text") }.count == 8)
        #expect(error?.kind == .budgetExceeded)
    }
}
