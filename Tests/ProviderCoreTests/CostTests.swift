import Foundation
import ProviderCore
import Testing

@Suite struct CostTests {
    private static func prices(
        _ input: String, _ output: String, cached: String? = nil, write: String? = nil
    ) throws -> PriceSet {
        PriceSet(
            input: try #require(Price(perMillion: input)), output: try #require(Price(perMillion: output)),
            cachedInput: cached.flatMap { Price(perMillion: $0) }, cacheWrite: write.flatMap { Price(perMillion: $0) })
    }

    private static func example() throws -> ModelPrices {
        ModelPrices(
            tiers: [
                .standard: try prices("2.5", "10", cached: "1.25"), .priority: try prices("5", "20"),
                .batch: try prices("1.25", "5"),
            ],
            longContextThreshold: 272_000, longContextTiers: [.standard: try prices("5", "15", cached: "2.5")])
    }

    @Test func knownAnswers() throws {
        let prices = try Self.example()
        func cost(_ usage: TokenUsage, _ tier: String? = nil, estimate: Bool = false) -> Cost {
            CostCalculator.cost(of: usage, prices: prices, tier: tier, isEstimate: estimate)
        }
        func usd(_ text: String) throws -> Money { try #require(Money(text)) }
        let short = TokenUsage(inputTokens: 12, outputTokens: 5, cachedInputTokens: 0, reasoningTokens: 0)
        #expect(cost(short) == .exact(try usd("0.00008")))
        #expect(cost(short).amount?.exact == "0.000080")
        #expect(cost(short, "default") == .exact(try usd("0.00008")))
        #expect(cost(short, "priority") == .exact(try usd("0.00016")))
        #expect(cost(short, "batch") == .exact(try usd("0.00004")))
        #expect(cost(short, estimate: true) == .estimate(try usd("0.00008")))
        let cached = TokenUsage(inputTokens: 2000, outputTokens: 100, cachedInputTokens: 1024)
        #expect(cost(cached) == .exact(try usd("0.00472")))
        // The priority tier lists no cached price: cached tokens cost the full price.
        #expect(cost(cached, "priority") == .exact(try usd("0.012")))
        let atThreshold = TokenUsage(inputTokens: 272_000, outputTokens: 1, cachedInputTokens: 0)
        #expect(cost(atThreshold) == .exact(try usd("0.68001")))
        let above = TokenUsage(inputTokens: 272_001, outputTokens: 1, cachedInputTokens: 0)
        #expect(cost(above) == .exact(try usd("1.36002")))
        #expect(cost(above, "priority") == .unknown)
        #expect(cost(TokenUsage(inputTokens: 0, outputTokens: 0)) == .exact(.zero))
    }

    @Test(arguments: [
        TokenUsage(), TokenUsage(inputTokens: 1), TokenUsage(outputTokens: 1),
        TokenUsage(inputTokens: -1, outputTokens: 1), TokenUsage(inputTokens: 5, outputTokens: 1, cachedInputTokens: 6),
        TokenUsage(inputTokens: 5, outputTokens: 1, cachedInputTokens: 3, cacheWriteTokens: 3),
        TokenUsage(inputTokens: 5, outputTokens: 1, cacheWriteTokens: .max),
        TokenUsage(inputTokens: 5, outputTokens: 1, cachedInputTokens: .max, cacheWriteTokens: .max),
        TokenUsage(inputTokens: 5, outputTokens: 1, reasoningTokens: 2),
    ])
    func unknownCounts(usage: TokenUsage) throws {
        let cost = CostCalculator.cost(of: usage, prices: try Self.example(), tier: nil)
        #expect(cost == .unknown)
        #expect(cost.amount == nil)
    }

    @Test func negativeCountsSetLaterAreUnknown() throws {
        var usage = TokenUsage(inputTokens: 5, outputTokens: 5)
        usage.cachedInputTokens = -1
        #expect(CostCalculator.cost(of: usage, prices: try Self.example(), tier: nil) == .unknown)
        usage.cachedInputTokens = 0
        usage.outputTokens = -5
        #expect(CostCalculator.cost(of: usage, prices: try Self.example(), tier: nil) == .unknown)
    }

    @Test(arguments: ["flex", "ultrafast", "scale", "auto", "", "DEFAULT"])
    func unknownTiers(tier: String) throws {
        let usage = TokenUsage(inputTokens: 1, outputTokens: 1)
        #expect(CostCalculator.cost(of: usage, prices: try Self.example(), tier: tier) == .unknown)
        #expect(CostCalculator.cost(of: usage, prices: nil, tier: nil) == .unknown)
        #expect(CostCalculator.cost(of: usage, model: nil, tier: nil) == .unknown)
    }

    @Test func cachedCountLeftOutMatters() throws {
        let prices = try Self.example()
        func state(_ usage: TokenUsage, _ tier: String? = nil) -> Cost.State {
            CostCalculator.cost(of: usage, prices: prices, tier: tier).state
        }
        // Nothing below 1,024 tokens is cached, so nothing was left out.
        #expect(state(TokenUsage(inputTokens: 1023, outputTokens: 1)) == .exact)
        #expect(state(TokenUsage(inputTokens: 1024, outputTokens: 1)) == .estimate)
        #expect(state(TokenUsage(inputTokens: 1024, outputTokens: 1, cachedInputTokens: 0)) == .exact)
        #expect(state(TokenUsage(inputTokens: 1024, outputTokens: 1), "priority") == .exact)
    }

    /// The formula again, by other means: decimal fractions of dollars instead of whole pico-dollars.
    @Test func agreesWithDecimalArithmetic() throws {
        var random = SplitMix(state: 0xC057)
        for _ in 0..<20_000 {
            let texts = (0..<4).map { _ in Self.randomPrice(&random) }
            let hasCached = random.next() % 3 > 0
            let hasWrite = random.next() % 3 > 0
            let set = try Self.prices(
                texts[0], texts[1], cached: hasCached ? texts[2] : nil, write: hasWrite ? texts[3] : nil)
            let input = Int(random.next() % (1 << (random.next() % 40 + 1)))
            let cached = Int(random.next() % UInt64(input + 1))
            let written = Int(random.next() % UInt64(input - cached + 1))
            let output = Int(random.next() % 1_000_000)
            let usage = TokenUsage(
                inputTokens: input, outputTokens: output, cachedInputTokens: cached, cacheWriteTokens: written)
            let cost = CostCalculator.cost(of: usage, prices: ModelPrices(tiers: [.standard: set]), tier: nil)
            let price = texts.map { Decimal(string: $0) ?? -1 }
            let expected =
                (Decimal(input - cached - written) * price[0] + Decimal(cached) * (hasCached ? price[2] : price[0])
                    + Decimal(written) * (hasWrite ? price[3] : price[0]) + Decimal(output) * price[1]) / 1_000_000
            #expect(cost.state == .exact)
            let amount = try #require(cost.amount)
            #expect(Decimal(string: amount.exact) == expected, "\(texts) \(usage)")
        }
    }

    private static func randomPrice(_ random: inout SplitMix) -> String {
        let decimals = Int(random.next() % 7)
        let whole = random.next() % (random.next() % 2 == 0 ? 10 : 9999)
        guard decimals > 0 else { return "\(whole)" }
        let digits = (0..<decimals).map { _ in String(random.next() % 10) }.joined()
        return "\(whole).\(digits)"
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}

@Suite struct TokenEstimateTests {
    @Test(arguments: [
        ("", 0), ("a", 1), ("Hello, world!", 4), ("你好世界", 3), ("한국어", 3), ("Привет", 3), ("👍", 2), ("é", 1),
        ("ありがとう", 4),
    ])
    func samples(text: String, tokens: Int) {
        #expect(TokenEstimate(text).tokens == tokens)
    }

    @Test func piecesCountAsTheWhole() {
        let text = "Grüße, 世界! 👩‍👩‍👧 the quick brown fox — Ελλάδα"
        let whole = TokenEstimate(text)
        for cut in text.unicodeScalars.indices {
            var pieces = TokenEstimate()
            pieces.append(String(text.unicodeScalars[..<cut]))
            pieces.append(String(text.unicodeScalars[cut...]))
            #expect(pieces == whole)
        }
    }

    @Test func requests() {
        let plain = ChatRequest(
            model: "m", messages: [ChatMessage(.user, String(repeating: "word ", count: 80))])
        let tokens = RequestTokens(estimating: plain).tokens
        #expect((100...110).contains(tokens))
        var withTool = plain
        withTool.tools = [
            ToolDefinition(name: "get_weather", parameters: .object([JSONMember("type", .string("object"))]))
        ]
        #expect(RequestTokens(estimating: withTool).tokens > tokens)
    }
}
