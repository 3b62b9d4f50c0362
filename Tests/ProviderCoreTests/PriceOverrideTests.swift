import ProviderCore
import Testing

/// Prices of one's own in place of the catalog's.
@Suite struct PriceOverrideTests {
    private static func prices(_ input: String, _ place: String = "c:1") throws -> ModelPrices {
        let price = try #require(Price(perMillion: input))
        return ModelPrices(
            tiers: [.standard: PriceSet(input: price, output: price)], source: .settings(place: place))
    }

    private static func catalog(_ inputs: [String: String]) throws -> ModelCatalog {
        try ModelCatalog.builtIn().overriding(inputs.mapValues { try prices($0) })
    }

    /// What is overridden, the name asked for, the id that is found, and its price of input: 77 where the override holds.
    @Test(arguments: [
        ("gpt-4o", "gpt-4o", "gpt-4o", "77"), ("gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06", "77"),
        ("gpt-4o-2024-08-06", "gpt-4o", "gpt-4o", "77"), ("gpt-4o", "gpt-4o-2031-12-31", "gpt-4o", "77"),
        ("gpt-4o-2031-12-31", "gpt-4o-2031-12-31", "gpt-4o", "77"), ("gpt-4o-2031-12-31", "gpt-4o", "gpt-4o", "2.5"),
        ("gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13", "5"), ("gpt-4o", "gpt-4o-mini", "gpt-4o-mini", "0.15"),
        ("gpt-5.6", "gpt-5.6-sol", "gpt-5.6-sol", "77"), ("GPT-4o", "gpt-4o", "gpt-4o", "2.5"),
        ("llama-3.3-70b", "llama-3.3-70b", "llama-3.3-70b", "77"), ("llama", "llama-3.3-70b", nil, nil),
        ("gpt-4o", "ft:gpt-4o:acme::x", "gpt-4o", nil), ("ft:gpt-4o:acme::x", "ft:gpt-4o:acme::x", "gpt-4o", "77"),
        ("ft:gpt-4o:acme::x", "gpt-4o", "gpt-4o", "2.5"), ("ft:llama:me", "ft:llama:me", "ft:llama:me", "77"),
        ("", "", "", "77"),
    ])
    func holds(overridden: String, name: String, id: String?, input: String?) throws {
        let model = try Self.catalog([overridden: "77"]).model(name)
        #expect(model?.id == id)
        #expect(model?.price(tier: nil)?.input.perMillion == input)
        #expect(model?.hasOverriddenPrices == (model == nil ? nil : input == "77"))
        #expect(model?.isListed == (id.map { !["llama-3.3-70b", "ft:llama:me", ""].contains($0) }))
    }

    @Test func theNearestNameWins() throws {
        let catalog = try Self.catalog(["gpt-4o": "1", "gpt-4o-2024-08-06": "2", "gpt-4o-2031-12-31": "3"])
        let names = ["gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2031-12-31", "gpt-4o-2031-01-01"]
        #expect(names.map { catalog.model($0)?.price(tier: nil)?.input.perMillion } == ["1", "2", "3", "1"])
        let again = catalog.overriding(["gpt-4o": try Self.prices("9")])
        #expect(names.map { again.model($0)?.price(tier: nil)?.input.perMillion } == ["9", "2", "3", "9"])
        let plain = try ModelCatalog.builtIn()
        #expect(plain.model("gpt-4o")?.price(tier: nil)?.input.perMillion == "2.5")
    }

    @Test func allThatIsListedIsReplaced() throws {
        let plain = try #require(ModelCatalog.builtIn().model("gpt-6.2-sol"))
        var model = try #require(Self.catalog(["gpt-6.2-sol": "77"]).model("gpt-6.2-sol"))
        let expected = try Self.prices("77")
        #expect(model.prices == expected)
        #expect(model.price(tier: "flex") == nil)
        model.prices = plain.prices
        #expect(model == plain)
    }

    @Test func sources() throws {
        let catalog = try Self.catalog(["gpt-4o": "1"])
        #expect(catalog.model("gpt-4o")?.prices?.source == .settings(place: "c:1"))
        #expect(catalog.model("o3")?.prices?.source == .catalog(asOf: catalog.asOf))
        #expect(catalog.models.allSatisfy { $0.prices == nil || $0.prices?.source != nil })
        #expect("\(PriceSource.catalog(asOf: "2026-11-22"))" == "catalog 2026-11-22")
        #expect("\(PriceSource.settings(place: "c:1"))" == "settings c:1")
        #expect("\(PriceSource.settings(place: ""))" == "settings")
    }

    @Test func theListHasThemToo() throws {
        let catalog = try Self.catalog(["zeta": "1", "alpha": "2", "gpt-4o": "3", "ft:gpt-4o:me": "4"])
        let plain = try ModelCatalog.builtIn().models
        let models = catalog.models
        #expect(models.map(\.id) == plain.map(\.id) + ["alpha", "ft:gpt-4o:me", "zeta"])
        let marked = models.filter(\.hasOverriddenPrices).map(\.id)
        #expect(marked == ["gpt-4o", "gpt-4o-2024-08-06", "alpha", "ft:gpt-4o:me", "zeta"])
    }

    @Test func pricesOfTheEndpointBeatThem() throws {
        let catalog = try Self.catalog(["gpt-4o": "1"])
        let own = try Self.prices("5", "c:9")
        #expect(catalog.model("gpt-4o", prices: own)?.prices == own)
        #expect(catalog.model("gpt-4o", prices: own)?.contextWindow == 128_000)
        #expect(catalog.model("nobody", prices: own)?.prices == own)
        #expect(catalog.model("gpt-4o", prices: nil) == catalog.model("gpt-4o"))
        #expect(catalog.model("nobody", prices: nil) == nil)
    }
}
