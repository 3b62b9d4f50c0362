import Statistics
import Testing

@Suite struct VerdictTests {
    /// Pairs of right and wrong: so many won, lost and tied.
    private func pairs(_ wins: Int, _ losses: Int, _ ties: Int) throws -> PairedComparison {
        try PairedComparison(
            differences: Array(repeating: 1, count: wins) + Array(repeating: -1, count: losses)
                + Array(repeating: 0, count: ties))
    }

    @Test(arguments: [
        ("far above", 0.04, 0.10, 0.02, Verdict.better),
        ("above, partly inside", 0.001, 0.05, 0.02, .better),
        ("above but inside", 0.001, 0.015, 0.02, .equal),
        ("around 0 inside", -0.015, 0.02, 0.02, .equal),
        ("around 0 outside", -0.015, 0.021, 0.02, .undecided(morePairs: nil)),
        ("below", -0.05, -0.001, 0.02, .worse),
        ("touching 0", 0, 0.05, 0.02, .undecided(morePairs: nil)),
        ("no margin", 0.0001, 0.05, 0, .better),
        ("nothing moves, no margin", 0, 0, 0, .equal),
    ])
    func anIntervalHasAVerdict(name: String, lower: Double, upper: Double, margin: Double, verdict: Verdict) throws {
        let rule = try #require(VerdictRule(margin: margin))
        #expect(rule.verdict(Interval(lower, upper)) == verdict, "\(name)")
    }

    @Test func pairsDecide() throws {
        let rule = try #require(VerdictRule(margin: 0.02, largestDifference: 1))
        #expect(rule.verdict(try pairs(40, 5, 155)) == .better)
        #expect(rule.verdict(try pairs(5, 40, 155)) == .worse)
        #expect(rule.verdict(try pairs(10, 10, 9980)) == .equal)
        guard case .undecided(let more?) = rule.verdict(try pairs(12, 8, 180)) else {
            Issue.record("decided")
            return
        }
        #expect(more > 0)
    }

    /// The promise of "about N more": pairs like the ones so far decide with so many more, and not with a tenth fewer.
    @Test(arguments: [(12, 8, 180, 0.0), (12, 8, 180, 0.02), (3, 1, 20, 0.0), (30, 29, 341, 0.02), (20, 22, 300, 0.03)])
    func soManyMorePairsDecide(wins: Int, losses: Int, ties: Int, margin: Double) throws {
        let rule = try #require(VerdictRule(margin: margin, largestDifference: 1))
        let before = try pairs(wins, losses, ties)
        guard case .undecided(let more?) = rule.verdict(before) else {
            Issue.record("decided, or without a number")
            return
        }
        let times = Double(before.pairs + more) / Double(before.pairs)
        func grown(_ factor: Double) throws -> PairedComparison {
            func many(_ count: Int) -> Int { Int((Double(count) * times * factor).rounded()) }
            return try pairs(many(wins), many(losses), many(ties))
        }
        if case .undecided = rule.verdict(try grown(1.1)) { Issue.record("still undecided with \(more) more") }
        guard case .undecided = rule.verdict(try grown(0.9)) else {
            Issue.record("decided with less than \(more) more")
            return
        }
    }

    @Test func withoutSpreadTwoPairsDecideNothing() throws {
        let rule = try #require(VerdictRule(margin: 0.02, largestDifference: 1))
        #expect(rule.verdict(try PairedComparison([], [])) == .undecided(morePairs: nil))
        #expect(rule.verdict(try pairs(1, 0, 0)) == .undecided(morePairs: nil))
        // No flip in n pairs: with 0.975 fewer than 0.02 flip from 183 on.
        #expect(rule.verdict(try pairs(0, 0, 2)) == .undecided(morePairs: 181))
        #expect(rule.verdict(try pairs(0, 0, 182)) == .undecided(morePairs: 1))
        #expect(rule.verdict(try pairs(0, 0, 183)) == .equal)
        // As in McNemar's test, six wins of six are enough and five are not.
        #expect(rule.verdict(try pairs(5, 0, 0)) == .undecided(morePairs: 1))
        #expect(rule.verdict(try pairs(6, 0, 0)) == .better)
        #expect(rule.verdict(try pairs(0, 6, 0)) == .worse)
        #expect((McNemar.pValue(5, 0) ?? 0) > 0.05 && (McNemar.pValue(6, 0) ?? 1) < 0.05)
        // Where a pair may show any difference, nothing can be said.
        let open = try #require(VerdictRule(margin: 0.02))
        #expect(open.verdict(try pairs(0, 0, 500)) == .undecided(morePairs: nil))
        // A mean of exactly 0 is never told from 0.
        let strict = try #require(VerdictRule(largestDifference: 1))
        #expect(strict.verdict(try pairs(7, 7, 7)) == .undecided(morePairs: nil))
        for bad in [-1, .nan, .infinity] { #expect(VerdictRule(margin: bad) == nil) }
        #expect(VerdictRule(confidence: 1) == nil)
        #expect(VerdictRule(largestDifference: 0) == nil)
    }

    @Test func repeatsOfASampleAreNoPairs() throws {
        let comparison = try PairedComparison(repeats: [[0, 1], [1, 1, 1, 1], []], [[1, 1], [0, 1], [1]])
        #expect(comparison.pairs == 2)
        #expect(comparison.wins == 1)
        #expect(comparison.losses == 1)
        #expect(comparison.difference == 0)
        #expect(throws: StatisticsError.unequalCounts(1, 0)) { try PairedComparison(repeats: [[1]], []) }
        #expect(throws: StatisticsError.unequalCounts(1, 2)) { try PairedComparison([1], [1, 2]) }
    }

    /// At 400 samples of equal hardness for both the paired difference needs half the samples: 0.024 beside 0.034.
    @Test func pairingSavesHalfOfTheSamples() throws {
        var chance = SeededGenerator(seed: 21)
        var first: [Double] = []
        var second: [Double] = []
        for _ in 0..<400 {
            let hardness = chance.unit()
            first.append(chance.unit() * 0.5 + 0.25 < hardness ? 0 : 1)
            second.append(chance.unit() * 0.5 + 0.25 < hardness ? 0 : 1)
        }
        let paired = try #require(try PairedComparison(first, second).summary.standardError)
        let a = try #require(try RunningSummary(first).standardError)
        let b = try #require(try RunningSummary(second).standardError)
        #expect(paired < 0.8 * (a * a + b * b).squareRoot())
    }

    @Test func equalDifferencesHaveADefinedTest() throws {
        #expect(try PairedComparison([1, 2, 3], [1, 2, 3]).tTest?.pValue == 1)
        let shifted = try #require(try PairedComparison([1, 2, 3], [2, 3, 4]).tTest)
        #expect(shifted.statistic == .infinity)
        #expect(shifted.pValue == 0)
        #expect(try PairedComparison([1], [2]).tTest == nil)
        #expect(try PairedComparison([], []).mcNemar == 1)
    }

    @Test func mcNemarIsExactAndSymmetric() {
        #expect(McNemar.pValue(0, 0) == 1)
        #expect(McNemar.pValue(4, 4) == 1)
        #expect(abs((McNemar.pValue(1, 8) ?? 0) - 0.0390625) < 1e-15)
        #expect(McNemar.pValue(8, 1) == McNemar.pValue(1, 8))
        #expect(McNemar.pValue(-1, 2) == nil)
        #expect(McNemar.pValue(.max, .max) == nil)
    }

    @Test func holmKeepsOrderAndNeverLowers() throws {
        #expect(try Holm.adjusted([]) == [])
        #expect(try Holm.adjusted([0.3]) == [0.3])
        let adjusted = try Holm.adjusted([0.01, 0.04, 0.03, 0.005])
        for (ours, exact) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { #expect(abs(ours - exact) < 1e-15) }
        #expect(try Holm.adjusted([0.9, 0.9]) == [1, 1])
        #expect(throws: StatisticsError.outOfRange("pValues")) { try Holm.adjusted([1.5]) }
    }

    @Test func kappaIsAgreementBeyondChance() throws {
        // Cohen's kappa of 20, 5, 10, 15 is 0.4, a standard example.
        let first = Array(repeating: "yes", count: 25) + Array(repeating: "no", count: 25)
        let second =
            Array(repeating: "yes", count: 20) + Array(repeating: "no", count: 5) + Array(repeating: "yes", count: 10)
            + Array(repeating: "no", count: 15)
        let agreement = try CohenKappa(first, second)
        #expect(agreement.observed == 0.7)
        #expect(agreement.expected == 0.5)
        #expect(abs((agreement.kappa ?? 0) - 0.4) < 1e-15)
        #expect(try CohenKappa(first, first).kappa == 1)
        #expect(try CohenKappa(["a", "b"], ["b", "a"]).kappa == -1)
        #expect(try CohenKappa(["a", "a"], ["a", "a"]).kappa == nil)
        #expect(try CohenKappa([Int](), []).kappa == nil)
        #expect(throws: StatisticsError.unequalCounts(1, 0)) { try CohenKappa([1], []) }
    }
}
