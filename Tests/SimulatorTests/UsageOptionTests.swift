import ProviderCore
import ProviderHTTP
import ProviderOpenAI
import TestSupport
import Testing

/// Usage is asked for, and done without on servers that refuse to be asked: over a real socket.
@Suite struct UsageOptionTests {
    private static let stream =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n"
        + "data: [DONE]\n\n"

    private static func answer(_ status: String, _ type: String, _ body: String) -> [LoopbackStep] {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        return [.text(head + body), .close]
    }

    private static func asksForUsage(_ request: LoopbackRequest) -> Bool {
        let body = try? JSONParser.parse(request.body)
        return body?["stream_options"] != nil
    }

    /// Refusals as they were seen, or are described, of many servers.
    @Test(arguments: [
        (
            "400 Bad Request",
            #"{"error":{"message":"Unrecognized request argument supplied: stream_options","type":"invalid_request_error"}}"#
        ),
        (
            "400 Bad Request",
            #"{"error":{"message":"Unknown parameter.","param":"stream_options","code":"unknown_parameter"}}"#
        ),
        ("400 Bad Request", #"{"error":{"message":"Unknown parameter.","param":"stream_options.include_usage"}}"#),
        ("400 Bad Request", #"{"error":"json: unknown field \"include_usage\""}"#),
        (
            "422 Unprocessable Entity",
            #"{"detail":[{"loc":["body","stream_options"],"msg":"extra fields not permitted","type":"value_error.extra"}]}"#
        ),
        ("400 Bad Request", "stream_options is not supported"),
    ])
    func isDoneWithout(status: String, body: String) async throws {
        let server = try #require(
            LoopbackServer { _, request in
                Self.asksForUsage(request)
                    ? Self.answer(status, body.hasPrefix("{") ? "application/json" : "text/plain", body)
                    : Self.answer("200 OK", "text/event-stream", Self.stream)
            })
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: server.url + "/v1"), transport: CurlTransport())
        let request = ChatRequest(model: "m", messages: [ChatMessage(.user, "hello")])
        for _ in 0..<2 {
            var answer = ChatResponse()
            for try await event in try await provider.stream(request) { answer.apply(event) }
            #expect(answer.text == "hi")
            #expect(answer.usage.isUnknown)
        }
        let asked = server.journal.log.requests.map(Self.asksForUsage)
        #expect(asked == [true, false, false], "once more without it, and remembered")
    }

    /// Other refusals are the request's own, and what an answer would cost twice is not asked again.
    @Test(arguments: [
        ("400 Bad Request", #"{"error":{"message":"temperature is out of range","param":"temperature"}}"#),
        ("401 Unauthorized", #"{"error":{"message":"no key for stream_options"}}"#),
        ("500 Internal Server Error", #"{"error":{"message":"stream_options broke it"}}"#),
    ])
    func otherErrorsStand(status: String, body: String) async throws {
        let server = try #require(LoopbackServer { _, _ in Self.answer(status, "application/json", body) })
        let provider = try OpenAIProvider(
            endpoint: ProviderEndpoint(baseURL: server.url + "/v1"), transport: CurlTransport())
        await #expect(throws: ProviderError.self) {
            try await provider.stream(ChatRequest(model: "m", messages: [ChatMessage(.user, "hello")]))
        }
        #expect(server.journal.log.requests.count == 1)
    }
}
