import Statistics
import Testing

@Suite struct QuantileTests {
    /// Mistake 10 of the field: percentiles the sample cannot support.
    @Test func aQuantileNeedsSoManyValues() {
        for (p, needed) in [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368), (0.1, 36), (0.01, 368)] {
            #expect(Quantile.needed(p) == needed, "p\(p)")
            #expect(Quantile.ranks(count: needed, p) != nil, "p\(p)")
            #expect(Quantile.ranks(count: needed - 1, p) == nil, "p\(p)")
        }
        #expect(Quantile.needed(0.5, confidence: 0.5) == 2)
        // 1/2 to the second is exactly what each side has.
        #expect(Quantile.ranks(count: 2, 0.5, confidence: 0.5) == 1...2)
        for bad in [0, 1, -1, 2, .nan] {
            #expect(Quantile.needed(bad) == nil)
            #expect(Quantile.needed(0.5, confidence: bad) == nil)
        }
        #expect(Quantile.needed(1e-18) == nil)
    }

    @Test func whatCannotBeSupportedIsNotSaid() throws {
        let values = (1...100).map(Double.init)
        let sample = try SortedSample(values)
        #expect(sample.estimate(0.99) == .unsupported(count: 100, needed: 368))
        #expect(sample.estimate(0.99)?.value == nil)
        #expect(sample.estimate(0.5)?.value == 50.5)
        #expect(sample.estimate(1.5) == nil)
        #expect(try SortedSample([]).estimate(0.5) == .unsupported(count: 0, needed: 6))
        // Known ranks of the median of 100 at 95%: the 40th and the 61st.
        #expect(sample.bounds(0.5) == Interval(40, 61))
    }

    @Test func boundsHoldTheQuantileAsOftenAsPromised() throws {
        var chance = SeededGenerator(seed: 11)
        for (p, count) in [(0.5, 25), (0.9, 60), (0.95, 100)] {
            var held = 0
            for _ in 0..<2000 {
                let sample = try SortedSample((0..<count).map { _ in chance.unit() })
                if sample.bounds(p)?.contains(p) == true { held += 1 }
            }
            #expect(held >= 1880, "p\(p) of \(count): \(held)")
        }
    }

    @Test func interpolationIsThatOfNumpy() throws {
        let sample = try SortedSample([15, 20, 35, 40, 50])
        #expect(sample.quantile(0.4) == 29)
        #expect(sample.quantile(0) == 15)
        #expect(sample.quantile(1) == 50)
        #expect(try SortedSample([7]).quantile(0.99) == 7)
        #expect(try SortedSample([]).quantile(0.5) == nil)
        #expect(sample.quantile(.nan) == nil)
        #expect(sample.quantile(-0.1) == nil)
        #expect(try SortedSample([0.1, 0.1, 0.1]).quantile(0.7) == 0.1)
        var before = -Double.infinity
        for step in 0...1000 {
            let value = try #require(sample.quantile(Double(step) / 1000))
            #expect(value >= before)
            before = value
        }
    }

    @Test func infiniteValuesCountButGiveNoNonsense() throws {
        let sample = try SortedSample([1, 2, 3, 4], infinite: 1)
        #expect(sample.values.count == 5)
        #expect(sample.quantile(0.5) == 3)
        #expect(sample.quantile(0.75) == 4)
        #expect(sample.quantile(0.76) == .infinity)
        #expect(sample.quantile(1) == .infinity)
        #expect(try SortedSample([.infinity, .infinity]).quantile(0.5) == .infinity)
        #expect(try SortedSample([-.infinity, 1]).quantile(0.5) == -.infinity)
        #expect(throws: StatisticsError.outOfRange("infinite")) { try SortedSample([1], infinite: -1) }
    }
}
