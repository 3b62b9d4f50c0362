import Statistics
import Testing

@Suite struct ChanceTests {
    @Test func generatorsTellThePublishedNumbers() {
        var split = SplitMix64(seed: 1_234_567)
        let first = (0..<5).map { _ in split.next() }
        #expect(
            first == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
        var generator = SeededGenerator(seed: 0)
        let words = (0..<3).map { _ in generator.next() }
        #expect(words == [0x99EC_5F36_CB75_F2B4, 0xBF6E_1F78_4956_452A, 0x1A5F_849D_4933_E6E0])
    }

    @Test func numbersBelowABoundAreEquallyLikely() {
        var generator = SeededGenerator(seed: 7)
        var counts = Array(repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.index(below: 6)] += 1 }
        // Chi-square with 5 degrees of freedom passes 20.5 once in a thousand seeds; this seed's is fixed.
        let statistic = counts.reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(statistic < 20.5)
        #expect(generator.index(below: 1) == 0)
        #expect(generator.index(below: 0) == 0)
        #expect(generator.index(below: -5) == 0)
    }

    @Test func unitsFillTheRange() {
        var generator = SeededGenerator(seed: 8)
        var summary = RunningSummary()
        for _ in 0..<10_000 { try? summary.add(generator.unit()) }
        #expect((summary.minimum ?? -1) >= 0)
        #expect((summary.maximum ?? 1) < 1)
        #expect(summary.interval(confidence: 0.999)?.contains(0.5) == true)
    }

    @Test func aSeedAlwaysGivesTheSameInterval() throws {
        let values = (1...30).map(Double.init)
        let once = try #require(try Bootstrap(seed: 5, resamples: 500)?.meanInterval(of: values))
        #expect(try Bootstrap(seed: 5, resamples: 500)?.meanInterval(of: values) == once)
        #expect(try Bootstrap(seed: 6, resamples: 500)?.meanInterval(of: values) != once)
        let general = try Bootstrap(seed: 5, resamples: 500)?.interval(of: values) {
            $0.reduce(0, +) / Double($0.count)
        }
        #expect(general == once)
    }

    @Test func theBootstrapRefusesWhatHasNoAnswer() throws {
        #expect(Bootstrap(seed: 1, resamples: 0) == nil)
        #expect(Bootstrap(seed: 1, resamples: 2_000_000) == nil)
        let bootstrap = try #require(Bootstrap(seed: 1, resamples: 100))
        #expect(try bootstrap.meanInterval(of: []) == nil)
        #expect(try bootstrap.meanInterval(of: [1, 2], confidence: 1) == nil)
        #expect(try bootstrap.meanInterval(of: [3]) == Interval(3, 3))
        #expect(try bootstrap.meanInterval(of: [2, 2, 2]) == Interval(2, 2))
        #expect(throws: StatisticsError.notFinite(at: 1)) { try bootstrap.meanInterval(of: [1, .nan]) }
        #expect(throws: StatisticsError.outOfRange("statistic")) {
            try bootstrap.interval(of: [1, 2]) { _ in .nan }
        }
    }
}
