import Statistics
import Testing

@Suite struct SummaryTests {
    @Test func nothingAndOneValueHaveNoSpread() throws {
        let nothing = RunningSummary()
        #expect(nothing.mean == nil)
        #expect(nothing.variance == nil)
        #expect(nothing.standardError == nil)
        #expect(nothing.interval() == nil)
        #expect(nothing.minimum == nil)
        let one = try RunningSummary([4])
        #expect(one.mean == 4)
        #expect(one.variance == nil)
        #expect(one.interval() == nil)
        let equal = try RunningSummary([0.1, 0.1, 0.1, 0.1])
        #expect(equal.variance == 0)
        #expect(equal.interval() == Interval(0.1, 0.1))
        #expect(try RunningSummary([1, 2]).interval(confidence: 1) == nil)
        #expect(try RunningSummary([1, 2]).interval(confidence: .nan) == nil)
    }

    @Test func whatIsNoNumberIsRefusedAndChangesNothing() throws {
        var summary = try RunningSummary([1, 2, 3])
        let before = summary
        for bad in [Double.nan, .infinity, -.infinity] {
            #expect(throws: StatisticsError.notFinite(at: 3)) { try summary.add(bad) }
            #expect(summary == before)
        }
        #expect(throws: StatisticsError.notFinite(at: 1)) { try RunningSummary([1, .nan]) }
        #expect(throws: StatisticsError.notFinite(at: 0)) { try ClusteredSample([.infinity], clusters: [1]) }
        #expect(throws: StatisticsError.notFinite(at: 2)) { try SortedSample([1, 2, .nan]) }
        #expect(throws: StatisticsError.notFinite(at: 0)) { try PairedComparison([.nan], [1]) }
        #expect(throws: StatisticsError.notFinite(at: 1)) { try Holm.adjusted([0.1, .nan]) }
    }

    /// The textbook formula loses all digits here: a spread of 30 around a billion.
    @Test func aSmallSpreadAroundALargeMeanKeepsItsDigits() throws {
        let values = [4.0, 7, 13, 16].map { $0 + 1e9 }
        #expect(try RunningSummary(values).variance == 30)
        let squares = values.reduce(0) { $0 + $1 * $1 }
        let sum = values.reduce(0, +)
        #expect((squares - sum * sum / 4) / 3 != 30)
    }

    @Test func mergedSummariesAreThoseOfAllValues() throws {
        var chance = SeededGenerator(seed: 3)
        let values = (0..<200).map { _ in chance.unit() * 100 - 20 }
        let whole = try RunningSummary(values)
        for cut in [0, 1, 57, 199, 200] {
            var left = try RunningSummary(values[..<cut])
            left.merge(try RunningSummary(values[cut...]))
            #expect(left.count == 200)
            #expect(left.minimum == whole.minimum)
            #expect(left.maximum == whole.maximum)
            #expect(abs((left.mean ?? 0) - (whole.mean ?? 1)) < 1e-12)
            #expect(abs((left.variance ?? 0) - (whole.variance ?? 1)) < 1e-9)
        }
    }

    @Test func wilsonIsSymmetricAndStaysInRange() throws {
        #expect(Proportion(successes: 0, of: 0)?.wilson() == Interval(0, 1))
        #expect(Proportion(successes: 0, of: 0)?.value == nil)
        #expect(Proportion(successes: 3, of: 2) == nil)
        #expect(Proportion(successes: -1, of: 2) == nil)
        #expect(Proportion(successes: 1, of: 2)?.wilson(confidence: 0) == nil)
        for trials in [1, 2, 10, 999] {
            for successes in [0, 1, trials / 3, trials] {
                let ours = try #require(Proportion(successes: successes, of: trials)?.wilson())
                let other = try #require(Proportion(successes: trials - successes, of: trials)?.wilson())
                #expect(abs(ours.lower - (1 - other.upper)) < 1e-15)
                #expect(ours.lower >= 0 && ours.upper <= 1 && ours.lower < ours.upper)
                #expect(ours.contains(Double(successes) / Double(trials)))
                let wider = try #require(Proportion(successes: successes, of: trials)?.wilson(confidence: 0.99))
                #expect(wider.width > ours.width)
            }
        }
        let nine = try #require(Proportion(successes: 9, of: 10)?.wilson())
        #expect(abs(nine.lower - 0.5958) < 5e-5)
        #expect(abs(nine.upper - 0.9821) < 5e-5)
    }

    /// How often an interval of 95% holds the share it was drawn from, over 4,000 samples of a fixed seed.
    private func coverage(share: Double, trials: Int, _ interval: (Int) -> Interval?) -> Double {
        var chance = SeededGenerator(seed: 42)
        var held = 0
        for _ in 0..<4000 {
            let successes = (0..<trials).count { _ in chance.unit() < share }
            if interval(successes)?.contains(share) == true { held += 1 }
        }
        return Double(held) / 4000
    }

    @Test func wilsonCoversAsPromisedWhereWaldDoesNot() {
        for (share, trials) in [(0.5, 30), (0.9, 40), (0.97, 60), (0.2, 15)] {
            let wilson = coverage(share: share, trials: trials) {
                Proportion(successes: $0, of: trials)?.wilson()
            }
            #expect((0.93...0.99).contains(wilson), "\(share) of \(trials): \(wilson)")
        }
        // The control: Wald's interval fails the same test.
        let wald = coverage(share: 0.97, trials: 60) { successes in
            let value = Double(successes) / 60
            let half = 1.96 * (value * (1 - value) / 60).squareRoot()
            return Interval(value - half, value + half)
        }
        #expect(wald < 0.93)
    }

    @Test func clustersWidenAnIntervalThatIgnoresThem() throws {
        var chance = SeededGenerator(seed: 9)
        var held = (clustered: 0, plain: 0)
        for _ in 0..<1000 {
            // 20 clusters of 10: a cluster is all right or all wrong, with probability 0.6.
            let outcomes = (0..<20).map { _ in chance.unit() < 0.6 ? 1.0 : 0.0 }
            let values = outcomes.flatMap { Array(repeating: $0, count: 10) }
            let sample = try ClusteredSample(values, clusters: (0..<200).map { $0 / 10 })
            if sample.wilson()?.contains(0.6) == true { held.clustered += 1 }
            let right = Int(outcomes.reduce(0, +)) * 10
            if Proportion(successes: right, of: 200)?.wilson()?.contains(0.6) == true { held.plain += 1 }
        }
        #expect(held.clustered > 920)
        #expect(held.plain < 600)
    }

    @Test func clustersOfOneAreNoClusters() throws {
        let values = [0.0, 1, 1, 0, 1, 1, 1, 0]
        let alone = try ClusteredSample(values, clusters: Array(0..<8))
        let plain = try RunningSummary(values)
        #expect(abs((alone.standardError ?? 0) - (plain.standardError ?? 1)) < 1e-15)
        #expect(alone.interval() != nil)
        #expect(try ClusteredSample(values, clusters: Array(repeating: "a", count: 8)).interval() == nil)
        #expect(try ClusteredSample([Double](), clusters: [Int]()).mean == nil)
        #expect(try ClusteredSample([Double](), clusters: [Int]()).wilson() == nil)
        // All right: nothing tells how alike they are, so three clusters count as three.
        let right = try ClusteredSample([1, 1, 1, 1, 1, 1], clusters: [1, 1, 2, 2, 3, 3])
        #expect(right.effectiveCount == 3)
        #expect(right.wilson()?.upper == 1)
        #expect((right.wilson()?.lower ?? 1) < 0.3)
        // Scores outside of 0...1 are no shares.
        let scores = try ClusteredSample([3, 1, 2, 2], clusters: [1, 1, 2, 2])
        #expect(scores.wilson() == nil)
        #expect(scores.interval() != nil)
        #expect(throws: StatisticsError.unequalCounts(2, 1)) { try ClusteredSample([1, 2], clusters: [1]) }
    }

    @Test func theBandSpansWorstToBest() throws {
        let band = try #require(AccuracyBand(credit: 45, scored: 50, planned: 60))
        #expect(band.accuracy == 0.9)
        #expect(band.coverage == 50.0 / 60)
        #expect(band.band == Interval(45.0 / 60, 55.0 / 60))
        #expect(AccuracyBand(credit: 0, scored: 0, planned: 4)?.band == Interval(0, 1))
        #expect(AccuracyBand(credit: 0, scored: 0, planned: 4)?.accuracy == nil)
        #expect(AccuracyBand(credit: 0, scored: 0, planned: 0)?.band == nil)
        #expect(AccuracyBand(credit: 5, scored: 4, planned: 4) == nil)
        #expect(AccuracyBand(credit: .nan, scored: 4, planned: 4) == nil)
        #expect(AccuracyBand(credit: 1, scored: 4, planned: 3) == nil)
    }

    @Test func passRatesAreExactAndDoNotOverflow() {
        #expect(abs((PassRate.any(of: 3, correct: 2, samples: 5) ?? 0) - 0.9) < 1e-15)
        #expect(abs((PassRate.all(of: 2, correct: 4, samples: 5) ?? 0) - 0.6) < 1e-15)
        #expect(PassRate.any(of: 5, correct: 0, samples: 5) == 0)
        #expect(PassRate.any(of: 5, correct: 1, samples: 5) == 1)
        #expect(PassRate.all(of: 5, correct: 5, samples: 5) == 1)
        #expect(PassRate.all(of: 5, correct: 4, samples: 5) == 0)
        #expect(PassRate.any(of: 6, correct: 1, samples: 5) == nil)
        #expect(PassRate.any(of: 0, correct: 1, samples: 5) == nil)
        #expect(PassRate.any(of: 1, correct: 6, samples: 5) == nil)
        #expect(PassRate.all(of: 1, correct: -1, samples: 5) == nil)
        // C(100000, 50000) has 30,000 digits.
        #expect(abs((PassRate.any(of: 50_000, correct: 1, samples: 100_000) ?? 0) - 0.5) < 1e-12)
        #expect(abs((PassRate.all(of: 1, correct: 250, samples: 1000) ?? 0) - 0.25) < 1e-15)
        for k in 1..<10 {
            #expect(
                (PassRate.any(of: k, correct: 3, samples: 10) ?? 1)
                    <= (PassRate.any(of: k + 1, correct: 3, samples: 10) ?? 0))
            #expect(
                (PassRate.all(of: k, correct: 9, samples: 10) ?? 0)
                    > (PassRate.all(of: k + 1, correct: 9, samples: 10) ?? 1))
        }
    }
}
