import ProviderCore
import Testing

@Suite struct MoneyTests {
    @Test(
        arguments: [
            (0, "0.000000", "$0.00"),
            (80_000_000, "0.000080", "$0.0001"),
            (37_500, "0.0000000375", "<$0.0001"),
            (1, "0.000000000001", "<$0.0001"),
            (49_999_999, "0.000049999999", "<$0.0001"),
            (50_000_000, "0.000050", "$0.0001"),
            (3_400_000_000, "0.003400", "$0.0034"),
            (9_949_999_999, "0.009949999999", "$0.0099"),
            (9_999_999_999, "0.009999999999", "$0.0100"),
            (10_000_000_000, "0.010000", "$0.01"),
            (1_234_567_000_000, "1.234567", "$1.23"),
            (1_235_000_000_000, "1.235000", "$1.24"),
            (12_000_000_000_000, "12.000000", "$12.00"),
            (-3_400_000_000, "-0.003400", "-$0.0034"),
            (-1, "-0.000000000001", "$0.00"),
        ] as [(Int128, String, String)])
    func spelling(picodollars: Int128, exact: String, display: String) {
        let money = Money(picodollars: picodollars)
        #expect(money.exact == exact)
        #expect(money.display == display)
        #expect(Money(exact) == money)
    }

    @Test func sumsStopAtTheLargestAmount() {
        #expect(Money(picodollars: .max) + Money(picodollars: 1) == Money(picodollars: .max))
        #expect(Money(picodollars: .min) + Money(picodollars: -1) == Money(picodollars: .min))
        #expect(Money(picodollars: .min).exact.hasPrefix("-170141183460469231731687303"))
        #expect(Money.zero < Money(picodollars: 1))
    }

    @Test(arguments: [
        ("2.5", 2_500_000, "2.5"), ("0.0025", 2500, "0.0025"), ("10", 10_000_000, "10"), ("0", 0, "0"),
        ("7.5e-2", 75_000, "0.075"), ("1E1", 10_000_000, "10"), ("0.50", 500_000, "0.5"), ("-0", 0, "0"),
        ("10000", 10_000_000_000, "10000"), ("0.000001", 1, "0.000001"), ("1.0000000000", 1_000_000, "1"),
    ])
    func prices(text: String, picodollars: Int, perMillion: String) {
        let price = Price(perMillion: text)
        #expect(price?.picodollarsPerToken == picodollars)
        #expect(price?.perMillion == perMillion)
    }

    @Test(arguments: [
        "", " 1", "1 ", "-1", "NaN", "nan", "inf", "Infinity", "1e400", "1e30", "10000.01", "010", "1_000", "0x10",
        "+1",
        ".5", "5.", "1e", "1e+", "--1", "1,5", "0.0000001", "no", "12:30", "١", "1e99999",
    ])
    func noPrices(text: String) {
        #expect(Price(perMillion: text) == nil)
    }

    @Test func dearestPriceTimesMostTokensIsExact() throws {
        let price = try #require(Price(perMillion: "10000"))
        #expect(price(.max).exact == "92233720368547758.070000")
        #expect(price(0) == .zero)
    }
}
