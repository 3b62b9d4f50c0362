import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

private let weather = ToolDefinition(
    name: "get_weather", description: "Weather now.",
    parameters: .object([JSONMember("type", .string("object"))]))

/// Conversations and how they go out over Responses: name, request, whether encrypted reasoning is asked for.
private let bodies: [(String, ChatRequest, Bool)] = [
    (
        "responses-minimal",
        ChatRequest(model: "gpt-5.4", messages: [ChatMessage(.user, "hi")]), false
    ),
    (
        "responses-every-parameter",
        ChatRequest(
            model: "gpt-6.1-terra", messages: [ChatMessage(.system, "Be brief."), ChatMessage(.user, "hi")],
            parameters: ModelParameters(
                temperature: 0.5, topP: 0.9, maxOutputTokens: 64, reasoningEffort: "low", reasoningSummary: "auto",
                verbosity: "low", serviceTier: "flex", topLogprobs: 3),
            tools: [weather, ToolDefinition(name: "now", strict: true)], toolChoice: .function("now"),
            parallelToolCalls: false,
            responseFormat: .jsonSchema(
                name: "out", schema: .object([JSONMember("type", .string("object"))]), strict: true)),
        true
    ),
    (
        "responses-conversation",
        ChatRequest(
            model: "gpt-5.4",
            messages: [
                ChatMessage(.user, "Weather in Lisbon?"),
                ChatMessage(
                    role: .assistant, content: [.text("I look.")],
                    toolCalls: [
                        ToolCall(id: "call_1", name: "get_weather", arguments: "{\"city\":\"Lisbon\"}"),
                        ToolCall(
                            id: "call_2", name: "shell", arguments: "date",
                            extraFields: [JSONMember("type", .string("custom"))]),
                    ]),
                .toolResult(callID: "call_1", "24 °C"), .toolResult(callID: "call_2", "Monday"),
                ChatMessage(.developer, "Answer in French."),
                ChatMessage(
                    role: .user,
                    content: [.text("And here?"), .image(url: "data:image/png;base64,AA==", detail: nil)]),
                ChatMessage(role: .assistant, content: [], refusal: "I cannot see it."),
                ChatMessage(
                    role: .assistant, content: [.text("not sent")],
                    opaqueItems: [
                        .object([
                            JSONMember("type", .string("reasoning")), JSONMember("id", .string("rs_1")),
                            JSONMember("summary", .array([])), JSONMember("encrypted_content", .string("gAAA")),
                        ])
                    ]),
            ], delivery: .whole), false
    ),
    (
        "responses-background",
        ChatRequest(
            model: "gpt-5.4", messages: [ChatMessage(.user, "hi")],
            extraFields: [JSONMember("truncation", .string("auto"))], isBackground: true), true
    ),
]

@Suite struct ResponsesBodyTests {
    @Test(arguments: bodies.indices) func body(_ index: Int) throws {
        let (name, request, encrypted) = bodies[index]
        let body = ResponsesBody(request: request, wantsEncryptedReasoning: encrypted)
        try expectGolden(JSONWriter.pretty(body.value), "requests/\(name).json")
    }
}

@Suite struct ResponsesProviderTests {
    private func events(_ objects: [String]) -> [String] {
        objects.map { "event: x\ndata: \($0)\n\n" }
    }

    private func provider(_ answers: [ScriptedTransport.Answer]) throws -> (OpenAIProvider, ScriptedTransport) {
        let transport = ScriptedTransport(answers)
        let endpoint = ProviderEndpoint(baseURL: "https://api.openai.com/v1", key: Secret("sk-0123456789abcdef"))
        return (try OpenAIProvider(endpoint: endpoint, transport: transport, catalog: .builtIn()), transport)
    }

    private let created = #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"m"}}"#

    private func delta(_ text: String, _ number: Int) -> String {
        #"{"type":"response.output_text.delta","sequence_number":\#(number),"output_index":0,"content_index":0,"#
            + #""delta":"\#(text)"}"#
    }

    private let completed =
        #"{"type":"response.completed","sequence_number":9,"response":{"id":"resp_1","status":"completed","#
        + #""output":[{"type":"message","content":[{"type":"output_text","text":"one two"}]}]}}"#

    @Test func goesToTheResponsesEndpoint() async throws {
        let (provider, transport) = try provider([.events(events([created, delta("one two", 1), completed]))])
        let request = ChatRequest(model: "gpt-5.4-pro", messages: [ChatMessage(.user, "hi")])
        var answer = ChatResponse()
        for try await event in try await provider.stream(request) { answer.apply(event) }
        #expect(answer.text == "one two")
        #expect(answer.metadata.api == .responses)
        #expect(transport.requests.first?.url == "https://api.openai.com/v1/responses")
        let body = try #require(transport.requests.first?.body.flatMap { try? JSONParser.parse($0) })
        #expect(body["include"] == .array([.string("reasoning.encrypted_content")]))
        #expect(body["store"] == .bool(false))
    }

    @Test func aLostBackgroundStreamIsResumed() async throws {
        let lost = TransportError(.lost, "gone", requestMayHaveBeenSent: true)
        let (provider, transport) = try provider([
            .events(events([created, delta("one ", 1)]), then: .fail(lost)),
            .events(events([delta("two", 2), completed])),
        ])
        let clock = JumpingClock()
        let chain = PolicyProvider(provider, policies: [RetryPolicy(clock: clock, random: { 0.5 })], clock: clock)
        let request = ChatRequest(
            model: "gpt-5.4", messages: [ChatMessage(.user, "hi")], isBackground: true)
        var answer = ChatResponse()
        for try await event in try await chain.stream(request) { answer.apply(event) }
        #expect(answer.text == "one two")
        #expect(answer.finishReason == .stop)
        #expect(
            transport.requests.map(\.url) == [
                "https://api.openai.com/v1/responses",
                "https://api.openai.com/v1/responses/resp_1?stream=true&starting_after=1",
            ])
        #expect(transport.requests.map(\.method) == ["POST", "GET"])
        #expect(transport.requests.last?.body == nil)
    }

    @Test func aLostForegroundStreamIsNot() async throws {
        let lost = TransportError(.lost, "gone", requestMayHaveBeenSent: true)
        let (provider, transport) = try provider([.events(events([created, delta("one ", 1)]), then: .fail(lost))])
        let clock = JumpingClock()
        let chain = PolicyProvider(provider, policies: [RetryPolicy(clock: clock)], clock: clock)
        var answer = ChatResponse()
        let error = await #expect(throws: ProviderError.self) {
            for try await event in try await chain.stream(
                ChatRequest(model: "gpt-5.4", messages: [ChatMessage(.user, "hi")], api: .responses))
            {
                answer.apply(event)
            }
        }
        #expect(answer.text == "one ")
        #expect(error?.fate == .interrupted)
        #expect(transport.requests.count == 1)
    }

    /// Calls keep their slots over an interruption.
    @Test func callsGoOnInTheirSlots() async throws {
        let added = { (position: Int, name: String) in
            #"{"type":"response.output_item.added","sequence_number":\#(position),"output_index":\#(position),"item":"#
                + #"{"type":"function_call","id":"fc_\#(position)","call_id":"c\#(position)","name":"\#(name)","arguments":""}}"#
        }
        let arguments = { (position: Int, number: Int, text: String) in
            #"{"type":"response.function_call_arguments.delta","sequence_number":\#(number),"item_id":"fc_\#(position)","#
                + #""output_index":\#(position),"delta":"\#(text)"}"#
        }
        let lost = TransportError(.lost, "gone", requestMayHaveBeenSent: true)
        let (provider, _) = try provider([
            .events(events([created, added(1, "a"), added(3, "b"), arguments(3, 4, "[1,")]), then: .fail(lost)),
            .events(
                events([
                    arguments(3, 5, "2]"), arguments(1, 6, "[]"),
                    #"{"type":"response.completed","sequence_number":7,"response":{"id":"resp_1","status":"completed"}}"#,
                ])),
        ])
        let clock = JumpingClock()
        let chain = PolicyProvider(provider, policies: [RetryPolicy(clock: clock, random: { 0 })], clock: clock)
        let request = ChatRequest(model: "gpt-5.4", messages: [ChatMessage(.user, "hi")], isBackground: true)
        var answer = ChatResponse()
        for try await event in try await chain.stream(request) { answer.apply(event) }
        #expect(answer.toolCalls.map(\.arguments) == ["[]", "[1,2]"])
        #expect(answer.toolCalls.map(\.name) == ["a", "b"])
        #expect(answer.finishReason == .toolCalls)
    }

    @Test func reasoningComesBackAsItCame() async throws {
        let item = #"{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"}"#
        let done =
            #"{"type":"response.completed","sequence_number":3,"response":{"id":"resp_1","status":"completed","output":["#
            + item
            + #",{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"x"}]}]}}"#
        let (provider, transport) = try provider([
            .events(events([created, delta("x", 1), done])), .events(events([created, delta("y", 1), completed])),
        ])
        let ask = { (messages: [ChatMessage]) in
            try await provider.stream(ChatRequest(model: "gpt-5.4", messages: messages, api: .responses))
        }
        var answer = ChatResponse()
        for try await event in try await ask([ChatMessage(.user, "hi")]) { answer.apply(event) }
        #expect(answer.opaqueItems.count == 2)
        let reply = ChatMessage(
            role: .assistant, content: [.text(answer.text)], opaqueItems: answer.opaqueItems)
        _ = try await ask([ChatMessage(.user, "hi"), reply, ChatMessage(.user, "go on")])
        let body = try #require(transport.requests.last?.body.flatMap { try? JSONParser.parse($0) })
        let input = try #require(body["input"]?.arrayValue)
        #expect(input.count == 4)
        #expect(input[1] == (try JSONParser.parse(item)))
    }
}

@Suite struct RequestPlanTests {
    private let catalog = try? ModelCatalog.builtIn()

    private func plan(
        _ model: String, _ base: String = "https://api.openai.com/v1", effort: String? = nil, tools: Bool = false,
        api: ModelAPI? = nil, preferred: ModelAPI? = nil
    ) throws -> RequestPlan {
        let request = ChatRequest(
            model: model, messages: [ChatMessage(.user, "hi")],
            parameters: ModelParameters(reasoningEffort: effort), tools: tools ? [weather] : [], api: api)
        return try RequestPlan(
            request, model: catalog?.model(model), address: EndpointAddress(ProviderEndpoint(baseURL: base)),
            preferred: preferred)
    }

    @Test func choosesTheAPI() throws {
        let rows: [(ModelAPI, RequestPlan)] = [
            (.chat, try plan("gpt-4")), (.chat, try plan("gpt-4-turbo")), (.chat, try plan("gpt-3.5-turbo")),
            (.chat, try plan("gpt-4o", tools: true)), (.chat, try plan("nobody-knows-it", tools: true)),
            (.responses, try plan("gpt-5.4-pro")), (.responses, try plan("o3-pro")),
            (.responses, try plan("gpt-5.2-pro-2025-12-11")),
            (.chat, try plan("gpt-5.4", tools: true)), (.responses, try plan("gpt-5.4", effort: "low", tools: true)),
            (.chat, try plan("gpt-5.4", effort: "low")), (.responses, try plan("gpt-6.1-terra", tools: true)),
            (.chat, try plan("gpt-6.1-terra", effort: "none", tools: true)),
            (.responses, try plan("gpt-6.1-terra", effort: "max")),
            (.chat, try plan("gpt-5.4-pro", "https://gateway.example/v1")),
            (.responses, try plan("gpt-4o", api: .responses)), (.responses, try plan("gpt-4o", preferred: .responses)),
            (.chat, try plan("gpt-4o", api: .chat, preferred: .responses)),
            (.responses, try plan("x", "http://127.0.0.1:1/v1", api: .responses)),
        ]
        for (number, row) in rows.enumerated() { #expect(row.1.api == row.0, "row \(number)") }
    }

    @Test func namesTheLimitAsTheModelWantsIt() throws {
        let rows: [(String, RequestPlan)] = [
            ("max_completion_tokens", try plan("gpt-4")), ("max_tokens", try plan("gpt-4", "http://localhost:1/v1")),
            ("max_completion_tokens", try plan("o3", "http://localhost:1/v1")),
            ("max_tokens", try plan("llama3", "http://localhost:1/v1")),
        ]
        for row in rows { #expect(row.1.outputLimitField == row.0) }
    }

    @Test(arguments: ["gpt-4o", "nobody-knows-it"]) func saysThatToolsAreTooMany(_ model: String) throws {
        var request = ChatRequest(
            model: model, messages: [ChatMessage(.user, "hi")], tools: (1...128).map { ToolDefinition(name: "f\($0)") })
        func plan(_ base: String) throws -> RequestPlan {
            let address = try EndpointAddress(ProviderEndpoint(baseURL: base))
            return try RequestPlan(request, model: catalog?.model(model), address: address, preferred: nil)
        }
        _ = try plan(OpenAIProvider.defaultBaseURL)
        request.tools.append(ToolDefinition(name: "last"))
        _ = try plan("http://localhost:1/v1")
        let error = #expect(throws: ProviderError.self) { try plan(OpenAIProvider.defaultBaseURL) }
        #expect(
            error?.message == "\(model) does not take tools: 129 functions are offered, and OpenAI takes at most 128")
        #expect(error?.fate == .notSent)
    }

    @Test func saysWhatAModelDoesNotTake() {
        let error = #expect(throws: ProviderError.self) { try plan("gpt-4o", effort: "low") }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.param == "reasoning_effort low")
        #expect(error?.message == "gpt-4o does not take reasoning_effort low: it has no reasoning effort")
        #expect(error?.fate == .notSent)
    }
}

@Suite struct ConcessionTests {
    private func refusal(_ param: String, _ message: String, code: String? = nil) -> String {
        JSONWriter.string(
            .object([
                JSONMember(
                    "error",
                    .object([
                        JSONMember("message", .string(message)), JSONMember("param", .string(param)),
                        JSONMember("code", code.map(JSONValue.string) ?? .null),
                    ]))
            ]))
    }

    private let good = #"{"choices":[{"message":{"content":"b"},"finish_reason":"stop"}]}"#
    private let request = ChatRequest(
        model: "m", messages: [ChatMessage(.user, "hi")], parameters: ModelParameters(maxOutputTokens: 9))

    private func sent(_ answers: [ScriptedTransport.Answer], times: Int = 1) async throws -> [JSONValue] {
        let transport = ScriptedTransport(answers)
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: "http://localhost:1/v1"), transport: transport)
        for _ in 0..<times { _ = try? await provider.stream(request) }
        return transport.requests.compactMap { $0.body.flatMap { try? JSONParser.parse($0) } }
    }

    @Test func theOtherNameOfTheLimit() async throws {
        let no = refusal(
            "max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            code: "unsupported_parameter")
        let bodies = try await sent(
            [
                .text(no, status: 400, type: "application/json"), .text(good, type: "application/json"),
                .text(good, type: "application/json"),
            ], times: 2)
        #expect(bodies.map { $0["max_tokens"] != nil } == [true, false, false])
        #expect(bodies.map { $0["max_completion_tokens"]?.intValue } == [nil, 9, 9], "and it is remembered")
    }

    @Test func aValueThatIsTooLargeIsNoName() async throws {
        let no = refusal("max_tokens", "max_tokens is too large: 9. This model takes at most 4.", code: "invalid_value")
        let bodies = try await sent([.text(no, status: 400, type: "application/json")])
        #expect(bodies.count == 1)
    }

    @Test func bothConcessionsAtOnce() async throws {
        let bodies = try await sent([
            .text(refusal("stream_options", "unknown"), status: 422, type: "application/json"),
            .text(refusal("max_tokens", "unrecognized argument: max_tokens"), status: 400, type: "application/json"),
            .text(good, type: "application/json"),
        ])
        #expect(bodies.count == 3)
        #expect(bodies.last?["stream_options"] == nil)
        #expect(bodies.last?["max_completion_tokens"]?.intValue == 9)
    }

    @Test func neverInACircle() async throws {
        let no = refusal("max_tokens", "unknown parameter max_tokens and max_completion_tokens")
        let bodies = try await sent(Array(repeating: .text(no, status: 400, type: "application/json"), count: 9))
        #expect(bodies.count == 2)
    }
}

/// Limits are small here, so that they can be reached.
@Suite struct ResponsesLimitTests {
    private func error(_ objects: [String]) throws -> ProviderError? {
        let response = HTTPResponse(status: 200, headers: [], body: NoBody())
        let errors = AnswerErrors(response, server: "host", sentKey: false, secrets: Redactor([]), unixTime: { 0 })
        let limits = AnswerLimits(characters: 10, argumentBytes: 8, toolCalls: 3, choices: 2)
        var decoder = ResponsesDecoder(errors: errors, limits: limits)
        var splitter = SSEDecoder()
        var events: [StreamEvent] = []
        do {
            for object in objects {
                _ = try Array("data: \(object)\n\n".utf8).withUnsafeBytes {
                    try splitter.feed($0) { try decoder.decode($0, into: &events) }
                }
            }
        } catch let error as ProviderError {
            return error
        }
        return nil
    }

    private final class NoBody: HTTPBody {
        func read() async throws -> [UInt8]? { nil }
    }

    private static func text(_ text: String) -> String {
        #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"\#(text)"}"#
    }

    private static func call(_ position: Int) -> String {
        #"{"type":"response.output_item.added","output_index":\#(position),"item":{"type":"function_call","name":"f"}}"#
    }

    private static func arguments(_ position: Int, _ text: String) -> String {
        #"{"type":"response.function_call_arguments.delta","output_index":\#(position),"delta":"\#(text)"}"#
    }

    @Test(arguments: [
        ([text("12345"), text("12345")], nil), ([text("12345"), text("123456")], "more than 10 characters"),
        ([call(0), call(70), call(99_999)], nil), ([call(0), call(1), call(2), call(3)], "more than 3 tool calls"),
        ([arguments(0, "1"), arguments(5, "1"), arguments(6, "1"), arguments(7, "1")], "more than 3 tool calls"),
        ([call(0), arguments(0, "12345678")], nil), ([call(0), arguments(0, "123456789")], "more than 8 bytes"),
        // An index that is none counts as not told.
        ([#"{"type":"response.output_text.delta","output_index":-1,"content_index":1e300,"delta":"a"}"#], nil),
    ]) func cap(_ objects: [String], _ message: String?) throws {
        let error = try error(objects)
        #expect(error?.kind == (message == nil ? nil : .invalidResponse))
        if let message { #expect(error?.message.contains(message) == true, "\(error?.message ?? "")") }
    }
}
