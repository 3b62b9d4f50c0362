import ProviderCore
import Testing

@testable import Benchmarking

/// How many trials run at once, step by step.
@Suite struct ConcurrencyRulesTests {
    /// More at once would only wait longer.
    @Test func whatTheLimiterHoldsBackEndsGrowth() {
        let now = ContinuousClock.now
        for isHeld in [true, false] {
            var rules = ConcurrencyRules(start: 2, most: 8)
            var changes: [Int] = []
            for _ in 0..<2 {
                let ended = ConcurrencyRules.Ended(wasHeld: isHeld)
                if let change = rules.note(ended, running: 2, at: now) { changes.append(change.to) }
            }
            #expect(changes == (isHeld ? [] : [4]))
        }
    }

    /// A run that goes through the rules: each line is `so many ends, how, at which second`.
    private struct Walk {
        var rules: ConcurrencyRules
        let start = ContinuousClock.now
        var seconds = 0.0

        init(_ start: Int, most: Int = 64, adapts: Bool = true) {
            rules = ConcurrencyRules(start: start, most: most, adapts: adapts)
        }

        /// Ends as many trials as run at once, one after the other within `time` seconds; what changed.
        mutating func round(
            _ ended: ConcurrencyRules.Ended = .init(outputTokens: 100, timeToFirstToken: 0.1), in time: Double = 1,
            running: Int? = nil
        ) -> [String] {
            let count = rules.limit
            var changes: [String] = []
            for _ in 0..<count {
                seconds += time / Double(count)
                let now = start.advanced(by: .seconds(seconds))
                if let change = rules.note(ended, running: running ?? count, at: now) {
                    changes.append("\(change.from)-\(change.to) \(change.reason)")
                }
            }
            return changes
        }

        mutating func limited(after wait: Double) -> Int {
            seconds += wait
            _ = rules.note(.init(wasLimited: true), running: rules.limit, at: start.advanced(by: .seconds(seconds)))
            return rules.limit
        }
    }

    @Test func itDoublesWhileRoundsAreClean() {
        var walk = Walk(2, most: 20)
        var limits: [Int] = []
        for _ in 0..<6 {
            _ = walk.round()
            limits.append(walk.rules.limit)
        }
        #expect(limits == [4, 8, 16, 20, 20, 20])
        #expect(walk.round().isEmpty)
    }

    @Test func aRateLimitTakesAFifthOnceInFifteenSeconds() {
        var walk = Walk(40)
        #expect(walk.limited(after: 1) == 32)
        #expect(walk.limited(after: 0.1) == 32)
        #expect(walk.limited(after: 14.8) == 32)
        #expect(walk.limited(after: 0.1) == 25)
        // From then on it grows slowly, at least by one.
        #expect(walk.round() == ["25-26 a round without trouble"])
        walk = Walk(1)
        #expect(walk.limited(after: 1) == 1)
        #expect(walk.round() == ["1-2 a round without trouble"])
        #expect(walk.round() == ["2-3 a round without trouble"])
    }

    /// A limit in the middle of a round spoils it, also where it comes too soon to cut.
    @Test func aRoundWithALimitIsNotClean() {
        var walk = Walk(4)
        #expect(walk.limited(after: 1) == 3)
        #expect(walk.limited(after: 1) == 3)
        #expect(walk.round().isEmpty)
        #expect(walk.round() == ["3-4 a round without trouble"])
    }

    @Test func failuresFreezeItForARound() {
        var walk = Walk(4)
        #expect(walk.round(.init(hasFailed: true)).isEmpty)
        #expect(walk.rules.limit == 4)
        #expect(walk.round() == ["4-8 a round without trouble"])
    }

    @Test(arguments: [(7, false), (8, true), (10, true)])
    func onlyRoundsThatUsedItCount(running: Int, grows: Bool) {
        var walk = Walk(10)
        _ = walk.round(running: running)
        #expect(walk.rules.limit == (grows ? 20 : 10))
    }

    /// The second row of each: time of the round and delay to the first token at twice the limit. Nothing is known of the first round.
    @Test(arguments: [
        ("as fast for each", 1.0, 0.1, [8, 16, 32], false), ("no more, but no later", 2.0, 0.1, [8, 16, 32], false),
        ("a little more", 1.9, 0.2, [8, 16, 32], false), ("no more, and later", 2.0, 0.16, [8, 16, 8], true),
    ])
    func moreThatBringsNoMoreIsGivenBack(
        name: String, time: Double, delay: Double, limits: [Int], isAtKnee: Bool
    ) {
        var walk = Walk(4)
        var seen: [Int] = []
        for (index, (time, delay)) in [(1, 0.1), (1, 0.1), (time, delay)].enumerated() {
            _ = walk.round(.init(outputTokens: 100, timeToFirstToken: delay), in: index == 2 ? time : time)
            seen.append(walk.rules.limit)
        }
        #expect(seen == limits, "\(name)")
        #expect(walk.rules.isAtKnee == isAtKnee)
        guard isAtKnee else { return }
        // It stays there, and a rate limit still cuts it.
        #expect(walk.round().isEmpty)
        #expect(walk.limited(after: 20) == 6)
        #expect(walk.round().isEmpty)
    }

    @Test func whatAPersonSetsStays() {
        var walk = Walk(4)
        let change = walk.rules.set(100)
        #expect(change == .init(from: 4, to: 100, reason: "set by hand"))
        #expect(walk.rules.most == 100)
        #expect(walk.limited(after: 1) == 100)
        #expect(walk.round().isEmpty)
        #expect(walk.rules.set(100) == nil)
        #expect(walk.rules.set(0)?.to == 1)
        #expect(walk.rules.set(-5) == nil)
    }

    @Test(arguments: [(0, 0, 1), (9, 4, 4), (3, 64, 3)])
    func itBeginsWithinItsBounds(start: Int, most: Int, limit: Int) {
        #expect(ConcurrencyRules(start: start, most: most).limit == limit)
        var walk = Walk(start, most: most, adapts: false)
        #expect(walk.round().isEmpty)
        #expect(walk.limited(after: 1) == limit)
    }
}
