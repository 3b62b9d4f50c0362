import ProviderCore
import TestSupport
import Testing

@testable import ProviderOpenAI

private let opening =
    "data: {\"id\":\"1\",\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n"
private let closing =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"

private func provider(_ transport: ScriptedTransport, _ base: String = "https://host/v1") throws -> OpenAIProvider {
    try OpenAIProvider(endpoint: ProviderEndpoint(baseURL: base), transport: transport)
}

@Suite struct ProviderTests {
    @Test func registersLikeAnyProvider() throws {
        var registry = ProviderRegistry()
        OpenAIProvider.register(in: &registry)
        let made = try registry.make(
            "openai", endpoint: ProviderEndpoint(baseURL: "https://host"), transport: ScriptedTransport([]))
        #expect(made.id == "openai")
        #expect(throws: ProviderError.self) {
            try registry.make("openai", endpoint: ProviderEndpoint(baseURL: ""), transport: ScriptedTransport([]))
        }
    }

    @Test func oneReadIsOneBatchAndNoneIsEmpty() async throws {
        let transport = ScriptedTransport([.events([opening + opening, ": wait\n\n", "data: {", "}\n\n" + closing])])
        var batches = try await provider(transport).stream(hello).batches()
        var sizes: [Int] = []
        while let batch = try await batches.nextBatch() { sizes.append(batch.count) }
        #expect(sizes == [3, 1])
    }

    @Test func errorComesAfterTheEventsOfItsRead() async throws {
        let transport = ScriptedTransport([.events([opening + "data: {\"error\":{\"message\":\"x\"}}\n\n"])])
        var batches = try await provider(transport).stream(hello).batches()
        let first = try await batches.nextBatch()
        #expect(first?.count == 2)
        await #expect(throws: ProviderError.self) { try await batches.nextBatch() }
        let last = try await batches.nextBatch()
        #expect(last == nil)
    }

    @Test func doneClosesTheConnectionAtOnce() async throws {
        let transport = ScriptedTransport([.events([opening + closing, "data: more"], then: .pause(.seconds(9)))])
        let stream = try await provider(transport).stream(hello)
        #expect(transport.openBodies == 1)
        var batches = stream.batches()
        _ = try await batches.nextBatch()
        #expect(transport.openBodies == 0)
        let last = try await batches.nextBatch()
        #expect(last == nil)
    }

    @Test func droppingTheIteratorClosesTheConnection() async throws {
        let transport = ScriptedTransport([.events([opening], then: .pause(.seconds(9)))])
        let stream = try await provider(transport).stream(hello)
        for try await _ in stream { break }
        #expect(transport.openBodies == 0)
        await #expect(throws: ProviderError.self) { for try await _ in stream {} }
    }

    @Test func cancellingEndsTheStream() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([.events([opening], then: .pause(.seconds(9)))], clock: clock)
        let stream = try await provider(transport).stream(hello)
        let task = Task { for try await _ in stream {} }
        await clock.sleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(transport.openBodies == 0)
    }

    @Test func lostConnectionKeepsWhatCame() async throws {
        let lost = TransportError(.lost, "reset by peer", requestMayHaveBeenSent: true)
        let transport = ScriptedTransport([.events([opening], then: .fail(lost))])
        var answer = ChatResponse()
        let stream = try await provider(transport).stream(hello)
        let error = await #expect(throws: ProviderError.self) {
            for try await event in stream { answer.apply(event) }
        }
        #expect(error?.kind == .connection)
        #expect(answer.text == "a")
    }

    @Test func lossAfterTheFinishReasonIsNoLoss() async throws {
        let finish = String(closing.prefix { $0 != "\n" }) + "\n\n"
        let transport = ScriptedTransport([.events([opening + finish], then: .fail(TransportError(.lost, "reset")))])
        var answer = ChatResponse()
        for try await event in try await provider(transport).stream(hello) { answer.apply(event) }
        #expect(answer.finishReason == .stop)
    }

    @Test func streamOptionsAreDroppedOnceForServersThatRefuseThem() async throws {
        let refusal = ScriptedTransport.Answer.text(
            #"{"detail":"extra field: stream_options"}"#, status: 422, type: "application/json")
        let transport = ScriptedTransport([refusal, .events([opening + closing])])
        for try await _ in try await provider(transport).stream(hello) {}
        let sent = transport.requests.map { String(decoding: $0.body ?? [], as: UTF8.self).contains("stream_options") }
        #expect(sent == [true, false])

        let stubborn = ScriptedTransport([refusal, refusal, refusal])
        await #expect(throws: ProviderError.self) { try await provider(stubborn).stream(hello) }
        #expect(stubborn.requests.count == 2)
    }

    @Test func wholeAnswer() async throws {
        let body = """
            {"id":"1","model":"m-2","choices":[{"index":0,"message":{"content":"hi","tool_calls":[{"id":"c","function":\
            {"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3}}
            """
        let headers = [HTTPHeader("x-request-id", "req_9")]
        let transport = ScriptedTransport([.text(body, type: "application/json", headers)])
        let answer = try await provider(transport).complete(hello)
        #expect(answer.text == "hi")
        #expect(answer.metadata == ResponseMetadata(id: "1", model: "m-2", requestID: "req_9", api: .chat))
        #expect(answer.toolCalls == [ToolCall(id: "c", name: "f", arguments: "{}", rank: 0)])
        #expect(answer.finishReason == .toolCalls)
        #expect(answer.usage == TokenUsage(inputTokens: 3))
        #expect(transport.requests.first?.headers.contains(HTTPHeader("Accept", "application/json")) == true)
    }

    @Test func wholeAnswerFromAServerThatStreamsAnyway() async throws {
        let answer = try await provider(ScriptedTransport([.events([opening, closing])])).complete(hello)
        #expect(answer.text == "a")
        let cut = try provider(ScriptedTransport([.events([opening])]))
        await #expect(throws: ProviderError.self) { try await cut.complete(hello) }
    }

    @Test func contentTypeIsNotNeeded() async throws {
        for (body, text) in [
            (opening + closing, "a"), (#"{"choices":[{"message":{"content":"b"},"finish_reason":"stop"}]}"#, "b"),
        ] {
            let stream = try await provider(ScriptedTransport([.text(body, type: nil)])).stream(hello)
            var answer = ChatResponse()
            for try await event in stream { answer.apply(event) }
            #expect(answer.text == text)
        }
    }

    @Test(arguments: [#"{"error":"no"}"#, "<html>x</html>", "", "42"]) func noModelList(_ body: String) async throws {
        let provider = try provider(ScriptedTransport([.text(body, type: nil)]))
        await #expect(throws: ProviderError.self) { try await provider.models() }
    }
}

/// Limits are small here, so that they can be reached.
@Suite struct LimitTests {
    private func error(_ chunks: [String], asksSeveral: Bool = true) throws -> ProviderError? {
        let response = HTTPResponse(status: 200, headers: [], body: NoBody())
        let errors = AnswerErrors(response, server: "host", sentKey: false, secrets: Redactor([]), unixTime: { 0 })
        let limits = AnswerLimits(characters: 10, argumentBytes: 8, toolCalls: 3, unknownMembers: 2, choices: 2)
        var decoder = ChatChunkDecoder(errors: errors, asksSeveral: asksSeveral, limits: limits)
        var splitter = SSEDecoder()
        var events: [StreamEvent] = []
        do {
            for chunk in chunks {
                _ = try Array("data: {\"choices\":[\(chunk)]}\n\n".utf8).withUnsafeBytes {
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

    @Test(arguments: [
        ([#"{"delta":{"content":"12345"}}"#, #"{"delta":{"content":"12345"}}"#], nil),
        ([#"{"delta":{"content":"12345"}}"#, #"{"delta":{"content":"123456"}}"#], "more than 10 characters"),
        ([#"{"delta":{"reasoning":"12345"}}"#, #"{"delta":{"refusal":"123456"}}"#], "more than 10 characters"),
        ([#"{"index":0,"delta":{}},{"index":1,"delta":{}}"#], nil),
        ([#"{"index":2,"delta":{}}"#], "more than 2 choices"),
        ([#"{"index":9223372036854775807,"delta":{}}"#], "more than 2 choices"),
        ([#"{"delta":{"tool_calls":[{"id":"1"},{"id":"2"},{"id":"3"}]}}"#], nil),
        ([#"{"delta":{"tool_calls":[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"}]}}"#], "more than 3 tool calls"),
        ([#"{"delta":{"tool_calls":[{"index":3}]}}"#], "tool call index 3"),
        ([#"{"delta":{"tool_calls":[{"index":0,"a":1,"b":2}]}}"#], nil),
        ([#"{"delta":{"tool_calls":[{"index":0,"a":1,"b":2,"c":3}]}}"#], "more than 2 unknown members"),
        ([#"{"delta":{"tool_calls":[{"index":1e300},{"index":-5},{"index":1.5}]}}"#], nil),
        ([#"{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"123456789"}}]}}"#], "more than 8 bytes"),
    ]) func cap(_ chunks: [String], _ message: String?) throws {
        let error = try error(chunks)
        #expect(error?.kind == (message == nil ? nil : .invalidResponse))
        if let message { #expect(error?.message.contains(message) == true, "\(error?.message ?? "")") }
    }
}
