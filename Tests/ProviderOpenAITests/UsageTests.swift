import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// What is believed of the counts that servers tell, through both APIs, streamed and whole.
@Suite struct UsageTests {
    /// One usage object in the words of Chat Completions, and what is taken from it.
    struct Told: Sendable, CustomTestStringConvertible {
        let json: String
        let usage: TokenUsage
        var testDescription: String { json }

        init(
            _ json: String, _ input: Int? = nil, _ output: Int? = nil, cached: Int? = nil, written: Int? = nil,
            reasoning: Int? = nil
        ) {
            self.json = json
            usage = TokenUsage(
                inputTokens: input, outputTokens: output, cachedInputTokens: cached, cacheWriteTokens: written,
                reasoningTokens: reasoning)
        }
    }

    private static func details(_ input: String, _ output: String = "{}") -> String {
        #"{"prompt_tokens":100,"completion_tokens":10,"prompt_tokens_details":\#(input),"completion_tokens_details":\#(output)}"#
    }

    static let objects = [
        Told(#"{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}"#, 7, 3),
        // Negative.
        Told(#"{"prompt_tokens":-7,"completion_tokens":3}"#, nil, 3),
        Told(#"{"prompt_tokens":7,"completion_tokens":-3}"#, 7),
        Told(#"{"prompt_tokens":-0,"completion_tokens":0}"#, 0, 0),
        Told(#"{"prompt_tokens":-7,"completion_tokens":-3}"#),
        Told(details(#"{"cached_tokens":-1,"cache_write_tokens":-5}"#, #"{"reasoning_tokens":-2}"#), 100, 10),
        // Missing.
        Told("{}"), Told(#"{"total_tokens":10}"#), Told(#"{"completion_tokens":3}"#, nil, 3),
        Told(#"{"prompt_tokens":null,"completion_tokens":null}"#),
        Told(#"{"prompt_tokens_details":{"cached_tokens":4}}"#, cached: 4),
        Told(#"{"completion_tokens_details":{"reasoning_tokens":4}}"#, reasoning: 4),
        Told(details("[]", "7"), 100, 10), Told(details("null", "null"), 100, 10),
        // A billion is the most that is believed.
        Told(#"{"prompt_tokens":1000000000,"completion_tokens":1000000000}"#, 1_000_000_000, 1_000_000_000),
        Told(#"{"prompt_tokens":1000000001,"completion_tokens":3}"#, nil, 3),
        Told(#"{"prompt_tokens":7,"completion_tokens":1000000001}"#, 7),
        Told(#"{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775808}"#),
        Told(#"{"prompt_tokens":1e9,"completion_tokens":1e10}"#, 1_000_000_000),
        Told(#"{"prompt_tokens":1e400,"completion_tokens":-1e400}"#),
        Told(details(#"{"cached_tokens":1000000001}"#, #"{"reasoning_tokens":1000000001}"#), 100, 10),
        // Each believable, their sum is not: reasoning told apart.
        Told(
            #"{"prompt_tokens":1,"completion_tokens":600000000,"completion_tokens_details":{"reasoning_tokens":700000000}}"#,
            1, nil, reasoning: 700_000_000),
        // Floats.
        Told(#"{"prompt_tokens":7.0,"completion_tokens":30e-1}"#, 7, 3),
        Told(#"{"prompt_tokens":7.5,"completion_tokens":0.1}"#),
        Told(details(#"{"cached_tokens":64.0,"cache_write_tokens":0.5}"#), 100, 10, cached: 64),
        // Text and other types.
        Told(#"{"prompt_tokens":"7","completion_tokens":"3"}"#, 7, 3),
        Told(#"{"prompt_tokens":"seven","completion_tokens":""}"#),
        Told(#"{"prompt_tokens":" 7","completion_tokens":"3.0"}"#),
        Told(#"{"prompt_tokens":"-7","completion_tokens":"1000000001"}"#),
        Told(#"{"prompt_tokens":"NaN","completion_tokens":"1e3"}"#),
        Told(#"{"prompt_tokens":true,"completion_tokens":[3]}"#),
        Told(#"{"prompt_tokens":{"n":7},"completion_tokens":3}"#, nil, 3),
        Told(details(#"{"cached_tokens":"64"}"#, #"{"reasoning_tokens":"5"}"#), 100, 10, cached: 64, reasoning: 5),
        // Parts larger than their whole.
        Told(details(#"{"cached_tokens":100,"cache_write_tokens":0}"#), 100, 10, cached: 100, written: 0),
        Told(details(#"{"cached_tokens":101,"cache_write_tokens":101}"#), 100, 10),
        Told(details(#"{"cached_tokens":60,"cache_write_tokens":60}"#), 100, 10, cached: 60, written: 60),
        Told(details("{}", #"{"reasoning_tokens":11}"#), 100, 21, reasoning: 11),
        // Told twice in one object: the last holds.
        Told(#"{"prompt_tokens":1,"prompt_tokens":7,"completion_tokens":3}"#, 7, 3),
    ]

    /// The same object in the words of Responses.
    private static func responses(_ chat: String) -> String {
        chat.replacing("prompt_tokens", with: "input_tokens").replacing("completion_tokens", with: "output_tokens")
    }

    private func answer(_ body: ScriptedTransport.Answer, _ api: ModelAPI, _ delivery: AnswerDelivery) async throws
        -> ChatResponse
    {
        var request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hi")])
        request.api = api
        request.delivery = delivery
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "https://host/v1"), transport: ScriptedTransport([body]))
        var answer = ChatResponse()
        for try await event in try await provider.stream(request) { answer.apply(event) }
        return answer
    }

    private func chat(_ objects: [String]) -> ScriptedTransport.Answer {
        let told = objects.map { #"data: {"id":"1","choices":[],"usage":\#($0)}"# + "\n\n" }
        let text = #"data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"# + "\n\n"
        return .events([text + told.joined() + "data: [DONE]\n\n"])
    }

    private func response(_ usage: String, _ status: String = "completed") -> String {
        #"{"id":"r","status":"\#(status)","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}],"usage":\#(usage)}"#
    }

    private func events(_ objects: [String]) -> ScriptedTransport.Answer {
        let events = objects.enumerated().map { index, usage in
            let isLast = index == objects.count - 1
            return #"data: {"type":"response.\#(isLast ? "completed" : "in_progress")","response":"#
                + response(Self.responses(usage), isLast ? "completed" : "in_progress") + "}\n\n"
        }
        return .events(events)
    }

    @Test(arguments: objects) func believed(told: Told) async throws {
        let whole = #"{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],"usage":\#(told.json)}"#
        let answers = [
            try await answer(chat([told.json]), .chat, .streamed),
            try await answer(.text(whole, type: "application/json"), .chat, .whole),
            try await answer(events([told.json]), .responses, .streamed),
            try await answer(
                .text(response(Self.responses(told.json)), type: "application/json"), .responses, .whole),
        ]
        for answer in answers {
            #expect(answer.usage == told.usage)
            #expect(answer.text == "a")
            #expect(answer.finishReason == .stop)
        }
    }

    /// What is told in one answer, one after the other; the last that tells anything holds, and nothing is added or merged.
    @Test(arguments: [
        ([objects[0].json, objects[0].json], TokenUsage(inputTokens: 7, outputTokens: 3)),
        (
            [objects[0].json, #"{"prompt_tokens":8,"completion_tokens":9}"#],
            TokenUsage(inputTokens: 8, outputTokens: 9)
        ),
        (
            [#"{"prompt_tokens":8,"completion_tokens":9}"#, objects[0].json],
            TokenUsage(inputTokens: 7, outputTokens: 3)
        ),
        ([objects[0].json, "{}", "null", "[]", "\"x\""], TokenUsage(inputTokens: 7, outputTokens: 3)),
        (
            [objects[0].json, #"{"prompt_tokens":-1,"completion_tokens":1e30}"#],
            TokenUsage(inputTokens: 7, outputTokens: 3)
        ),
        ([objects[0].json, #"{"completion_tokens":12}"#], TokenUsage(outputTokens: 12)),
    ])
    func toldTwice(objects: [String], usage: TokenUsage) async throws {
        #expect(try await answer(chat(objects), .chat, .streamed).usage == usage)
        #expect(try await answer(events(objects), .responses, .streamed).usage == usage)
    }

    /// Counts that contradict each other have no cost, rather than a wrong one.
    @Test(arguments: [
        #"{"cached_tokens":60,"cache_write_tokens":60}"#, #"{"cached_tokens":1,"cache_write_tokens":100}"#,
    ])
    func contradictionsCostNothingKnown(details: String) throws {
        let usage = try #require(TokenUsage(wire: try JSONParser.parse(Self.details(details))))
        let one = try #require(Price(perMillion: "1"))
        let prices = ModelPrices(tiers: [.standard: PriceSet(input: one, output: one)])
        #expect(CostCalculator.cost(of: usage, prices: prices, tier: nil) == .unknown)
    }
}
