import Testing

@testable import ProviderCore

/// What pictures cost by their sizes.
@Suite struct ImageTokensTests {
    private func count(_ width: Int, _ height: Int, _ detail: String?, _ model: String) -> ImageTokens? {
        ImageSize(width: width, height: height).flatMap { ImageTokens(size: $0, detail: detail, model: model) }
    }

    /// Width, height, detail, model, tokens. The first six are OpenAI's own examples.
    @Test(arguments: [
        (1024, 1024, "high", "gpt-4o", 765), (2048, 4096, "high", "gpt-4o", 1105), (4096, 8192, "low", "gpt-4o", 85),
        (1024, 1024, "high", "gpt-4.1-mini", 1659), (1800, 2400, "high", "gpt-4.1-mini", 2353),
        (1800, 2400, "high", "o4-mini", 2498),
        // One tile, also for what is smaller; never enlarged; a pixel more is a tile more.
        (1, 1, "high", "gpt-4o", 255), (512, 512, "high", "gpt-4o", 255), (513, 512, "high", "gpt-4o", 425),
        (128, 64, "high", "gpt-4o", 255), (128, 64, "high", "gpt-4o-mini", 8500), (128, 64, "low", "gpt-4o-mini", 2833),
        (768, 2048, "high", "gpt-4o", 1445), (768, 2049, "high", "gpt-4o", 1445), (769, 769, "high", "gpt-4o", 765),
        (2048, 2048, "high", "gpt-4o", 765), (2048, 768, "high", "gpt-4.1", 1445), (4096, 100, "high", "gpt-4.1", 765),
        (1024, 1024, "high", "gpt-5", 630), (1024, 1024, "low", "gpt-5.1", 70), (1024, 1024, "high", "o1", 675),
        (1024, 1024, "low", "o3", 75), (1024, 1024, "high", "gpt-4o-2024-08-06", 765),
        (1024, 1024, "high", "gpt-4.1-mini-2025-04-14", 1659), (1024, 1024, "high", "gpt-5-2025-08-07", 630),
        // Patches: 8 of them, as users were billed.
        (128, 64, "high", "gpt-4.1-mini", 13), (128, 64, "high", "gpt-4.1-nano", 20), (128, 64, "high", "o4-mini", 14),
        (128, 64, "low", "o4-mini", 14), (33, 32, "high", "gpt-5.2", 3),
        // 1,536 patches are the budget; one row more, and it is shrunk to 32 x 47. 2,500 are, and then 50 x 49.
        (1024, 1536, "high", "gpt-4.1-nano", 3779), (1025, 1536, "high", "gpt-4.1-nano", 3700),
        (1600, 1600, "high", "gpt-5.4", 3000), (1601, 1600, "high", "gpt-5.4", 2940),
        (1600, 1600, "high", "gpt-5.2", 1826), (3200, 3200, "original", "gpt-5.4", 12_000),
        (9999, 9999, "original", "gpt-6.2-sol", 12_000), (64, 64, "original", "gpt-6-luna", 5),
    ])
    func sizes(width: Int, height: Int, detail: String, model: String, tokens: Int) {
        #expect(count(width, height, detail, model)?.tokens == tokens)
        #expect(count(height, width, detail, model)?.tokens == tokens, "lying down as standing")
        #expect(count(width, height, "high", model)?.tokens == count(width, height, nil, model)?.tokens)
        #expect(count(width, height, "high", model)?.tokens == count(width, height, "auto", model)?.tokens)
    }

    @Test(arguments: [
        ("gpt-4o", "original"), ("gpt-4.1-mini", "original"), ("gpt-4o", "medium"), ("gpt-4o", ""), ("gpt-4o", "HIGH"),
        ("gpt-3.5-turbo", "high"), ("gpt-5.1-mini", "high"), ("o1-mini", "low"), ("o3-mini", "high"),
        ("gpt-4ox", "high"),
        ("gpt-5.7", "high"), ("llama-3.2-vision", "high"), ("", "low"),
    ])
    func unknown(model: String, detail: String) {
        #expect(count(64, 64, detail, model) == nil)
        #expect(ImageTokens(size: nil, detail: detail, model: model) == nil)
    }

    /// Without a size, the most there can be.
    @Test(arguments: [
        ("gpt-4o", "high", 1445, false), ("gpt-4o", nil, 1445, false), ("gpt-4o", "low", 85, true),
        ("gpt-4o-mini", "high", 48_169, false), ("gpt-4.1-mini", "high", 2489, false), ("o4-mini", "low", 2642, false),
        ("gpt-5.4-mini", "high", 3000, false), ("gpt-5.4-mini", "original", 12_000, false),
    ])
    func withoutSize(model: String, detail: String?, tokens: Int, isExact: Bool) {
        let count = ImageTokens(url: "https://example.test/a.png", detail: detail, model: model)
        #expect(count?.tokens == tokens)
        #expect(count?.isExact == isExact)
        for size in [1, 100, 1000, 3000, 70_000, Int(UInt32.max)] {
            for other in [1, 700, 2048, 5000, Int(UInt32.max)] {
                let known = ImageSize(width: size, height: other).flatMap {
                    ImageTokens(size: $0, detail: detail, model: model)
                }
                #expect((1...tokens).contains(known?.tokens ?? 0), "\(size) x \(other)")
            }
        }
    }

    @Test func whatIsMeasuredOrLeftToTheModelIsAnEstimate() {
        #expect(count(64, 64, "high", "gpt-4o")?.isExact == true)
        #expect(count(64, 64, "auto", "gpt-4o")?.isExact == false)
        #expect(count(64, 64, nil, "gpt-4o")?.isExact == false)
        #expect(count(64, 64, "high", "gpt-4.1-mini")?.isExact == false)
    }

    @Test func noSize() {
        for (width, height) in [(0, 1), (1, 0), (-1, 1), (1, .min), (1 << 32, 1), (1, .max)] {
            #expect(ImageSize(width: width, height: height) == nil)
        }
    }

    @Test func requestsCountThem() throws {
        let model = try #require(ModelCatalog.builtIn().model("gpt-4o"))
        let png = Pictures.url(Pictures.png(1024, 1024))
        func count(_ url: String, _ detail: String?, _ model: ModelInfo?) -> RequestTokens {
            let message = ChatMessage(role: .user, content: [.text("x"), .image(url: url, detail: detail)])
            return RequestTokens(
                ChatRequest(model: model?.id ?? "m", messages: [message]), model: model, EstimatesOnly())
        }
        let plain = RequestTokens(
            ChatRequest(model: "m", messages: [ChatMessage(.user, "x")]), model: model, EstimatesOnly())
        #expect(count(png, "high", model).tokens == plain.tokens + 765)
        #expect(count(png, "low", model).tokens == plain.tokens + 85)
        #expect(count("https://example.test/a.png", nil, model).tokens == plain.tokens + 1445)
        #expect(count(png, "high", nil).tokens == plain.tokens)
        let blind = try #require(ModelCatalog.builtIn().model("gpt-4o-audio-preview"))
        #expect(blind.supports(.vision) == .no)
        #expect(count(png, "high", blind).tokens == plain.tokens)
    }
}
