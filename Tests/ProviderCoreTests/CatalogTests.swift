import Testing

@testable import ProviderCore

@Suite struct CatalogTests {
    private let catalog: ModelCatalog

    init() throws { catalog = try ModelCatalog.builtIn() }

    @Test func everyLineReads() {
        let models = catalog.models
        #expect(models.count == 143)
        #expect(Set(models.map(\.id)).count == models.count)
        #expect(catalog.asOf == "2026-11-22")
        for model in models {
            #expect(catalog.model(model.id) == model)
            #expect(model.status != .unknown || model.prices == nil || model.family != nil, "\(model.id)")
            for alias in model.aliases { #expect(catalog.model(alias) != nil, "\(alias)") }
        }
        #expect(models.filter { $0.price(tier: nil) != nil }.count == 140)
    }

    @Test func theDefaultIsOffered() throws {
        let model = try #require(catalog.model(ModelCatalog.defaultModelID))
        #expect(model.status == .active)
        #expect(model.contextWindow == 400_000)
        #expect(model.maxInputTokens == 272_000)
        #expect(model.maxOutputTokens == 128_000)
        #expect(model.encoding == "o200k_base")
        #expect(!model.encodingIsAssumed)
        #expect(model.snapshot == "gpt-5.4-mini-2026-03-17")
        #expect(model.price(tier: nil)?.input.perMillion == "0.75")
        #expect(model.price(tier: nil)?.cachedInput?.perMillion == "0.075")
        #expect(model.price(tier: "flex")?.cachedInput?.perMillion == "0.0375")
        #expect(model.price(tier: "ultrafast") == nil)
        #expect(model.supports.temperature == .onlyWithoutReasoning)
        #expect(model.supports(.toolsInChatCompletions) == .onlyWithoutReasoning)
        #expect(model.supports(.vision) == .yes)
        #expect(model.supports(.legacyCompletions) == .no)
        #expect(model.supports.reasoningEffort?.defaultEffort == "none")
        #expect(model.supports.reasoningEffort?.chatCompletions == ["none", "low", "medium", "high", "xhigh"])
    }

    @Test func longContextAndCacheWrites() throws {
        let prices = try #require(catalog.model("gpt-6.2-sol")?.prices)
        #expect(prices.longContextThreshold == 272_000)
        #expect(prices.prices(serviceTier: nil, inputTokens: 272_000)?.input.perMillion == "2")
        #expect(prices.prices(serviceTier: nil, inputTokens: 272_001)?.input.perMillion == "4")
        #expect(prices.prices(serviceTier: "priority", inputTokens: 272_001) == nil)
        #expect(prices.tiers[.standard]?.cacheWrite?.perMillion == "2.5")
        #expect(prices.tiers[.standard]?.cacheWrite12h?.perMillion == "5")
        #expect(catalog.model("gpt-audio")?.prices?.audioOutput?.perMillion == "64")
    }

    @Test(arguments: [
        ("gpt-4o", "gpt-4o"), ("gpt-4o-2024-08-06", "gpt-4o-2024-08-06"), ("gpt-4o-2031-12-31", "gpt-4o"),
        ("ft:gpt-4o:acme::abc123", "gpt-4o"), ("ft:gpt-4.1-2025-04-14:acme", "gpt-4.1-2025-04-14"),
        ("o3-mini-2029-01-01", "o3-mini"),
    ])
    func found(name: String, id: String) {
        #expect(catalog.model(name)?.id == id)
    }

    @Test(arguments: [
        "", "gpt", "GPT-4o", "gpt-4o-2024-8-06", "gpt-4o-20240806", "gpt-4o-2024-08-061", "-2024-08-06", "ft:",
        "ft:nothing",
        "llama-3.3-70b", "gpt-4o\u{0}", "2024-08-06", "gpt-4o-٢٠٢٤-08-06",
    ])
    func notFound(name: String) {
        #expect(catalog.model(name) == nil)
    }

    @Test func fineTunedModelsHaveNoPrice() {
        #expect(catalog.model("ft:gpt-4o:acme::x")?.contextWindow == 128_000)
        #expect(catalog.model("ft:gpt-4o:acme::x")?.prices == nil)
    }

    @Test func json() throws {
        let json = try #require(catalog.model("gpt-4o")?.json)
        #expect(
            json.objectValue?.map(\.key) == [
                "id", "family", "context_window", "max_output_tokens", "encoding", "prices", "supports",
                "shutdown_date",
            ])
        #expect(json["prices"]?["standard"]?["cached_input"] == .number("1.25"))
        #expect(json["prices"]?["flex"] == nil)
        #expect(json["supports"]?["temperature"] == .bool(true))
        #expect(json["shutdown_date"] == .string("2027-01-14"))
        let mini = try #require(catalog.model("gpt-5.4-mini")?.json)
        #expect(mini["supports"]?["temperature"] == .string("only_when_reasoning_effort_none"))
        #expect(mini["shutdown_date"] == .null)
        #expect(catalog.model("gpt-6-cyber")?.json["prices"] == .null)
        let long = try #require(catalog.model("gpt-6.2-sol")?.json["prices"]?["long_context"])
        #expect(long["threshold_input_tokens"] == .int(272_000))
    }

    /// The file again, member by member, without the types in between.
    @Test func pricesAreThoseOfTheFileToTheLastDigit() throws {
        let text = "\(try #require(embeddedFiles["models.jsonl"]))"
        var compared = 0
        for line in text.split(separator: "\n").dropFirst() {
            let file = try JSONParser.parse(String(line))
            let id = try #require(file["id"]?.stringValue)
            let prices = try #require(file["price_per_1m_usd"])
            #expect(catalog.model(id)?.json["prices"] == prices, "\(id)")
            #expect(catalog.model(id)?.json["supports"] == file["supports"].map(Self.inOrder), "\(id)")
            compared += 1
        }
        #expect(compared == 143)
    }

    /// Members of `supports` as `json` orders them.
    private static func inOrder(_ supports: JSONValue) -> JSONValue {
        let names = ModelCapability.allCases.map(\.rawValue)
        var members = names.map { JSONMember($0, supports[$0] ?? .null) }
        let efforts = supports["reasoning_effort"] ?? .null
        let ordered = ["chat_completions", "responses", "default"].map { JSONMember($0, efforts[$0] ?? .null) }
        members.append(JSONMember("reasoning_effort", efforts.isNull ? .null : .object(ordered)))
        return .object(members)
    }

    @Test func aliasesOfACatalogOfOnesOwn() throws {
        let text = """
            {"as_of":"2026-01-01","source":"here"}
            {"id":"a","aliases":["b","c"],"status":"active","price_per_1m_usd":{"standard":{"input":0.1,"output":1e1}}}
            """
        let catalog = try ModelCatalog(jsonLines: Array(text.utf8))
        #expect(catalog.model("c")?.id == "a")
        #expect(catalog.model("b")?.price(tier: nil)?.output.perMillion == "10")
        #expect(catalog.model("a")?.supports(.tools) == .unknown)
    }

    @Test(arguments: [
        ("", 1), ("{}", 1), ("{\"id\":\"a\",\"aliases\":[]}", 1),
        ("{\"as_of\":\"x\"}\n{\"aliases\":[],\"id\":\"a\"}", 2),
        ("{\"as_of\":\"x\"}\n{\"id\":\"a\",\"aliases\":[]}\n{\"id\":\"a\",\"aliases\":[]}", 3),
        ("{\"as_of\":\"x\"}\n{\"id\":\"a\",\"aliases\":[\"b", 2), ("{\"as_of\":\"x\"}\n\u{0}", 2),
    ])
    func refused(text: String, line: Int) {
        let error = #expect(throws: ModelCatalogError.self) { try ModelCatalog(jsonLines: Array(text.utf8)) }
        #expect(error?.line == line)
    }

    @Test(arguments: ["-1", "NaN", "1e400", "10001", "\"1\"", "0.12345678901"])
    func aModelWithAnImpossiblePriceIsNotThere(price: String) throws {
        let text = """
            {"as_of":"2026-01-01"}
            {"id":"a","aliases":[],"status":"active","price_per_1m_usd":{"standard":{"input":\(price),"output":1}}}
            """
        #expect(try ModelCatalog(jsonLines: Array(text.utf8)).model("a") == nil)
    }
}
