import AppSettings
import ProviderCore
import Testing

/// `[prices."MODEL"]` and the prices of profiles.
@Suite struct PriceSettingsTests {
    private static let example = """
        theme = "dark"
        [prices."gpt-4.1"]
        input = 2
        output = "8.000000"
        cached_input = 0.5
        cache_write = 2.5

        [prices]
        my-model = { input = 0, output = 10000 }
        [profiles.lab]
        prices = { input = 1, output = 2, cache_write = 1.25 }
        """

    private func texts(_ prices: ModelPrices?) -> [String?] {
        let set = prices?.tiers[.standard]
        return [set?.input, set?.output, set?.cachedInput, set?.cacheWrite].map { $0?.perMillion }
    }

    @Test func valuesAndPlaces() throws {
        let (settings, warnings) = try Settings.parse(Self.example, file: "config.toml")
        #expect(warnings.isEmpty)
        #expect(settings.prices.keys.sorted() == ["gpt-4.1", "my-model"])
        #expect(texts(settings.prices["gpt-4.1"]) == ["2", "8", "0.5", "2.5"])
        #expect(texts(settings.prices["my-model"]) == ["0", "10000", nil, nil])
        #expect(settings.prices["gpt-4.1"]?.source == .settings(place: "config.toml:2"))
        #expect(settings.prices["my-model"]?.source == .settings(place: "config.toml:9"))
        #expect(settings.prices["gpt-4.1"]?.tiers.count == 1)
        let lab = settings.profiles["lab"]?.prices
        #expect(texts(lab) == ["1", "2", nil, "1.25"])
        #expect(lab?.source == .settings(place: "config.toml:11"))
        #expect(try Settings.parse(Self.example).settings.prices["gpt-4.1"]?.source == .settings(place: ""))
        #expect(Settings().prices.isEmpty)
    }

    @Test func configShowPrintsThemAsTOML() throws {
        let settings = try Settings.parse(Self.example, file: "/x/config.toml").settings
        let lines = settings.described()
        let start = try #require(lines.firstIndex(of: "[prices]"))
        #expect(
            lines[start + 1].hasPrefix(#""gpt-4.1" = { "cache_write" = "2.5", "cached_input" = "0.5", "input" = "2""#))
        #expect(lines[start + 1].hasSuffix("  # /x/config.toml:2"))
        #expect(lines[start + 2].hasSuffix("  # /x/config.toml:9"))
        #expect(lines[start + 4] == "[profiles.lab]")
        let again = try Settings.parse(lines.joined(separator: "\n")).settings.prices
        #expect(again.mapValues(texts) == settings.prices.mapValues(texts))
        #expect(!Settings().described().contains("[prices]"))
    }

    private static let limits = "takes US dollars per million tokens from 0 to 10000, with at most six decimals, not "

    /// The members of a table, and what is said of it; the table stands on line 2 and its members from line 3 on.
    @Test(arguments: [
        ("input = -1\noutput = 1", "3:1: ", "input \(limits)-1"),
        ("output = 1\n  input = -0.5", "4:3: ", "input \(limits)-0.5"),
        ("input = nan\noutput = 1", "3:1: ", "input \(limits)nan"),
        ("input = 1\noutput = inf", "4:1: ", "output \(limits)inf"),
        ("input = 1\noutput = -inf", "4:1: ", "not -inf"),
        ("input = 1\noutput = 10000.000001", "4:1: ", "not 10000.000001"),
        ("input = 1\noutput = 10001", "4:1: ", "not 10001"), ("input = 1\noutput = 1e300", "4:1: ", "not 1e+300"),
        ("input = 0.1234567\noutput = 1", "3:1: ", "not 0.1234567"), ("input = 1\noutput = 1e-7", "4:1: ", "not 1e-07"),
        ("input = \"0.1234567\"\noutput = 1", "3:1: ", "not 0.1234567"),
        ("input = \"cheap\"\noutput = 1", "3:1: ", "not cheap"),
        ("input = \"$1\"\noutput = 1", "3:1: ", "not $1"), ("input = \"1,5\"\noutput = 1", "3:1: ", "not 1,5"),
        ("input = \"\"\noutput = 1", "3:1: ", "six decimals"), ("input = \" 1\"\noutput = 1", "3:1: ", "six decimals"),
        ("input = \"NaN\"\noutput = 1", "3:1: ", "not NaN"), ("input = \"-1\"\noutput = 1", "3:1: ", "not -1"),
        ("input = \"99999999999999999999999999999999999999999\"\noutput = 1", "3:1: ", "six decimals"),
        ("input = true\noutput = 1", "3:1: ", "input takes a number, not true or false"),
        ("input = [1]\noutput = 1", "3:1: ", "input takes a number, not a list"),
        ("input = 1\noutput = 1\ncached_input = -1", "5:1: ", "cached_input \(limits)-1"),
        ("input = 1\noutput = 1\ncache_write = 20000", "5:1: ", "cache_write \(limits)20000"),
        ("input = 1", "2:", "needs both input and output"), ("output = 1", "2:", "needs both input and output"),
        ("", "2:", "needs both input and output"),
        ("inputs = 1\noutput = 1", "3:1: ", "has no \"inputs\", did you mean input?"),
        ("input = 1\noutput = 1\ncached-input = 1", "5:1: ", "has no \"cached-input\", did you mean cached_input?"),
        ("input = 1\noutput = 1\ncache_writes = 1", "5:1: ", "did you mean cache_write?"),
        ("input = 1\noutput = 1\nreasoning = 1", "5:1: ", "has no \"reasoning\""),
    ])
    func mistakesHaveTheirPlace(members: String, place: String, words: String) {
        for (table, name) in [("[prices.\"m-1.5\"]", "prices.\"m-1.5\" "), ("[profiles.x.prices]", "prices ")] {
            let error = #expect(throws: SettingsError.self) {
                try Settings.parse("\n\(table)\n\(members)\n", file: "config.toml")
            }
            let description = error?.description ?? ""
            #expect(description.hasPrefix("config.toml:" + place), "\(description)")
            #expect(description.contains(name), "\(description)")
            #expect(description.contains(words), "\(description)")
        }
    }

    @Test(arguments: [
        ("prices = 1", "c:1:1: prices is a table of tables, [prices.\"MODEL\"]"),
        ("[[prices]]\ninput = 1", "c:1:3: prices is a table of tables"),
        ("[prices]\ninput = 1\noutput = 2", "c:2:1: prices.\"input\" takes a table of input, output and optionally"),
        ("[prices]\nm = []", "c:2:1: prices.\"m\" takes a table of input"),
        (
            "[prices.gpt-4.1]\ninput = 1",
            "c:1:15: prices.\"gpt-4\" holds the table \"1\"; a model id with a dot stands in quotes: [prices.\"gpt-4.1\"]"
        ),
        ("[prices.\"\"]\ninput = 1\noutput = 1", "prices.\"\" is no model id: it is empty"),
        ("[prices.\"a\\nb\"]\ninput = 1\noutput = 1", "is no model id: it holds a control character"),
        ("[prices.\"\\u001b[31m\"]\ninput = 1", "prices.\"␛[31m\" is no model id"),
    ])
    func mistakesOfTheTable(text: String, expected: String) {
        let error = #expect(throws: SettingsError.self) { try Settings.parse(text, file: "c") }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func everyMistakeIsToldAtOnce() {
        let error = #expect(throws: SettingsError.self) {
            try Settings.parse("theme = 1\n[prices.a]\ninput = -1\n[prices.b]\noutput = 1\n", file: "c")
        }
        #expect(error?.problems.map(\.line) == [1, 3, 4])
    }
}
