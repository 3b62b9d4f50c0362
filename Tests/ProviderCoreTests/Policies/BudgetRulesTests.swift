import ProviderCore
import Testing

/// Input $1 and output $2 per million tokens: 1 and 2 millionths of a dollar a token.
private let prices: PriceSet? = {
    guard let one = Price(perMillion: "1"), let two = Price(perMillion: "2") else { return nil }
    return PriceSet(input: one, output: two)
}()

extension Money {
    fileprivate static func millionths(_ number: Int128) -> Money { Money(picodollars: number * 1_000_000) }
}

@Suite struct BudgetRulesTests {
    /// What caps on a request allow: the cap, what is spent and what is held, in millionths of a dollar.
    private func admission(
        _ caps: [(BudgetScope, Int128, Int128, Int128)], input: Int, wanted: Int? = nil, choices: Int = 1,
        takesLess: Bool = true, prices: PriceSet? = prices
    ) -> BudgetRules.Admission {
        BudgetRules(
            prices: prices, inputTokens: input, wantedOutput: wanted, choices: choices, takesLess: takesLess
        ).admission(
            caps.map { scope, cap, spent, held in
                (
                    scope, SpendingCap(hard: .millionths(cap)),
                    SpentSum(spent: .millionths(spent), held: .millionths(held))
                )
            })
    }

    /// The output it is limited to, or the reason why it does not go.
    private func outcome(_ admission: BudgetRules.Admission) -> String {
        switch admission {
        case .go(let grant):
            (grant.maxOutputTokens.map(String.init) ?? "as it says") + ", at most "
                + (grant.ceiling.map { String($0.picodollars / 1_000_000) } ?? "unknown")
        case .refused(let reason): reason
        }
    }

    @Test func whatIsLeftBecomesTokens() {
        #expect(outcome(admission([(.request, 1000, 0, 0)], input: 100)) == "450, at most 1000")
        #expect(outcome(admission([(.request, 1000, 0, 0)], input: 100, wanted: 450)) == "as it says, at most 1000")
        #expect(outcome(admission([(.request, 1000, 0, 0)], input: 100, wanted: 451)) == "450, at most 1000")
        #expect(outcome(admission([(.request, 1000, 0, 0)], input: 100, wanted: 9)) == "as it says, at most 118")
        #expect(
            outcome(admission([(.request, 1000, 0, 0)], input: 100, wanted: 400, choices: 3)) == "150, at most 1000")
        #expect(outcome(admission([], input: 100, wanted: 400)) == "as it says, at most 900")
        #expect(outcome(admission([], input: 100)) == "as it says, at most unknown")
    }

    /// Who does not want less is not sent with less where money that others share is short; its own cap may still shorten it.
    @Test func whoTakesNoLessWaits() {
        func admitted(_ caps: [(BudgetScope, Int128, Int128, Int128)], wanted: Int?) -> String {
            outcome(admission(caps, input: 100, wanted: wanted, takesLess: false))
        }
        #expect(admitted([(.run, 1000, 0, 0)], wanted: 450) == "as it says, at most 1000")
        #expect(
            admitted([(.run, 1000, 0, 0)], wanted: 451)
                == "what is left of the run's cap of $0.001000 buys 450 tokens of the 451 tokens that it may have")
        #expect(
            admitted([(.day, 1000, 0, 0)], wanted: nil)
                == "what is left of the day's cap of $0.001000 buys 450 tokens of the answer, whose length has no limit"
        )
        #expect(admitted([(.request, 1000, 0, 0), (.run, 1001, 0, 0)], wanted: 451) == "450, at most 1000")
    }

    @Test func theTightestCapCounts() {
        let caps: [(BudgetScope, Int128, Int128, Int128)] = [
            (.request, 1000, 0, 0), (.day, 9000, 8000, 300), (.conversation, 5000, 1000, 1000),
        ]
        #expect(outcome(admission(caps, input: 100)) == "300, at most 700")
        guard case .go(let grant) = admission(caps, input: 100) else {
            Issue.record("it does not go")
            return
        }
        #expect(grant.limit?.scope == .day)
        #expect(grant.limit?.words == "the day's cap of $0.009000")
    }

    @Test(arguments: [
        (
            [(BudgetScope.request, Int128(100), Int128(0), Int128(0))], 100,
            "the input alone costs $0.000100, and the cap is $0.000100"
        ),
        ([(.request, 1, 0, 0)], 0, "after the input $0.000001 buys 0 tokens of an answer, too few for one"),
        ([(.request, 131, 0, 0)], 100, "after the input $0.000131 buys 15 tokens of an answer, too few for one"),
        (
            [(.day, 900, 800, 0)], 100,
            "the input alone costs $0.000100, and $0.000100 is left of the day's cap of $0.000900"
        ),
        (
            [(.day, 900, 800, 60)], 10,
            "after the input what is left of the day's cap of $0.000900 buys 15 tokens of an answer, too few for one"
        ),
        ([(.run, 900, 900, 0)], 1, "the run's cap of $0.000900 is reached: $0.0009 spent"),
        (
            [(.conversation, 900, 400, 700)], 1,
            "the conversation's cap of $0.000900 is reached: $0.0004 spent and $0.0007 held for requests that run or were lost"
        ),
    ]) func whatIsTooDear(caps: [(BudgetScope, Int128, Int128, Int128)], input: Int, reason: String) {
        #expect(outcome(admission(caps, input: input)) == reason)
    }

    @Test func anUnknownPriceIsNoPermission() {
        let text = outcome(admission([(.day, 1_000_000, 0, 0)], input: 1, prices: nil))
        #expect(text.hasPrefix("the price is not known, so the day's cap of $1.000000 cannot be kept"))
        #expect(outcome(admission([], input: 1, prices: nil)) == "as it says, at most unknown")
    }

    @Test func softCapsAreTold() {
        let rules = BudgetRules(prices: nil, inputTokens: 1, wantedOutput: nil)
        let cap = SpendingCap(soft: .millionths(500))
        for (spent, isTold) in [(Int128(499), false), (500, true), (501, true)] {
            let admission = rules.admission([(.day, cap, SpentSum(spent: .millionths(spent)))])
            guard case .go(let grant) = admission else {
                Issue.record("a soft cap stops nothing")
                return
            }
            #expect(!grant.notices.isEmpty == isTold)
        }
    }
}
