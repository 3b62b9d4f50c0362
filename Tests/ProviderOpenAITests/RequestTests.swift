import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

/// Requests and the file that shows their body.
private let bodies: [(String, ChatRequest, isStreamed: Bool)] = [
    ("minimal", hello, true),
    ("whole-answer", hello, false),
    (
        "every-parameter",
        ChatRequest(
            model: "m-1",
            messages: [
                ChatMessage(.system, "Be brief."), ChatMessage(.developer, "Dev."), ChatMessage(.user, "Hi \"you\"\n"),
            ],
            parameters: ModelParameters(
                temperature: 0.7, topP: 1, maxOutputTokens: 100, seed: -42, stop: ["END", "\u{1}"],
                frequencyPenalty: -0.5, presencePenalty: 2, reasoningEffort: "low", topLogprobs: 3),
            responseFormat: .jsonSchema(
                name: "s", schema: .object([JSONMember("type", .string("object"))]), strict: true),
            includeUsage: false),
        true
    ),
    (
        "numbers-that-are-none",
        ChatRequest(
            model: "m-1", messages: [],
            parameters: ModelParameters(temperature: .nan, topP: .infinity, stop: [], topLogprobs: 0),
            toolChoice: .required, parallelToolCalls: true, responseFormat: .jsonObject),
        false
    ),
    (
        "tools",
        ChatRequest(
            model: "m-1",
            messages: [
                ChatMessage(.user, "Weather?"),
                ChatMessage(
                    role: .assistant, content: [],
                    toolCalls: [
                        ToolCall(
                            id: "call_1", name: "weather", arguments: "{\"city\":\"Paris\"}",
                            extraFields: [
                                JSONMember(
                                    "extra_content",
                                    .object([JSONMember("google", .object([JSONMember("s", .string("x"))]))]))
                            ]),
                        ToolCall(id: "call_2", name: "now", arguments: " "),
                        ToolCall(
                            id: "call_3", name: "sql", arguments: "select 1",
                            extraFields: [JSONMember("type", .string("custom"))]),
                    ]),
                .toolResult(callID: "call_1", "sunny"),
                ChatMessage(role: .assistant, content: [], refusal: "no"),
            ],
            tools: [
                ToolDefinition(
                    name: "weather", description: "Tells it",
                    parameters: .object([JSONMember("type", .string("object"))]),
                    strict: false),
                ToolDefinition(name: "now"), ToolDefinition(name: "exact", strict: true),
            ],
            toolChoice: .function("weather"), parallelToolCalls: false),
        true
    ),
    (
        "parts",
        ChatRequest(
            model: "m-1",
            messages: [
                ChatMessage(
                    role: .user,
                    content: [
                        .text("Look: "), .image(url: "https://x/y.png", detail: "low"),
                        .image(url: "data:,", detail: nil),
                    ],
                    name: "ann"),
                ChatMessage(role: .user, content: [.text("two "), .text("texts")]), ChatMessage(.user, ""),
            ]),
        false
    ),
    (
        "extra-fields",
        ChatRequest(
            model: "m-1", messages: [], parameters: ModelParameters(temperature: 1),
            extraFields: [
                JSONMember("temperature", .number("0.25")), JSONMember("top_k", .int(40)), JSONMember("user", .null),
            ]),
        true
    ),
]

@Suite struct RequestTests {
    @Test(arguments: bodies.indices) func body(_ index: Int) throws {
        let (name, given, isStreamed) = bodies[index]
        var request = given
        request.delivery = isStreamed ? .streamed : .whole
        let body = ChatCompletionBody(
            request: request, outputLimitField: "max_tokens", asksForUsage: isStreamed && request.includeUsage)
        try expectGolden(JSONWriter.pretty(body.value), "requests/\(name).json")
    }

    @Test(arguments: [
        "", "api.openai.com/v1", "localhost:11434/v1", "ftp://host/v1", "file:///etc/passwd", "http://", "http:///v1",
        "https://user:pw@host/v1", "http://127.0.0.1\\@evil.example/", "http://host:99999/v1", "http://host:0/",
        "http://host:/v1",
        "http://ho st/v1", "http://host/v1#top", "http://host/v1\r\nX: y", "http://höst/", "http://[::1/v1",
        "http://[]/", "http://[::1]x/",
    ]) func unusableURLIsRefused(_ base: String) {
        let error = #expect(throws: ProviderError.self) {
            try OpenAIProvider(endpoint: ProviderEndpoint(baseURL: base), transport: ScriptedTransport([]))
        }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message.hasPrefix("the base URL \"") == true)
        #expect(error?.message.contains(" cannot be used: ") == true)
        #expect(error?.message.contains("pw") == false)
    }

    @Test func headersOfAStream() async throws {
        let transport = ScriptedTransport([.events(["data: [DONE]\n\n"])])
        let endpoint = ProviderEndpoint(
            baseURL: "https://host/v1", key: Secret(" sk-0123456789\n"), organization: "org", project: "proj",
            extraHeaders: [
                HTTPHeader("x-title", "t"), HTTPHeader("user-agent", "mine"), HTTPHeader("OPENAI-PROJECT", ""),
            ])
        _ = try await OpenAIProvider(endpoint: endpoint, transport: transport).stream(hello)
        let request = try #require(transport.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://host/v1/chat/completions")
        #expect(
            request.headers == [
                HTTPHeader("Accept", "text/event-stream"), HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Authorization", "Bearer sk-0123456789"), HTTPHeader("OpenAI-Organization", "org"),
                HTTPHeader("x-title", "t"), HTTPHeader("user-agent", "mine"),
            ])
    }

    @Test func headersWithoutKeyAndBody() async throws {
        let transport = ScriptedTransport([.text("[]", type: nil)])
        let provider = try OpenAIProvider(endpoint: ProviderEndpoint(baseURL: "http://host"), transport: transport)
        _ = try await provider.models()
        let request = try #require(transport.requests.first)
        #expect(request.method == "GET")
        #expect(request.body == nil)
        #expect(
            request.headers == [
                HTTPHeader("User-Agent", Product.userAgent), HTTPHeader("Accept", "application/json"),
            ])
    }
}
