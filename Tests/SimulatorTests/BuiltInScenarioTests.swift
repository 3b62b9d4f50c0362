import Foundation
import Simulator
import Testing

@Suite struct BuiltInScenarioTests {
    private static let toolTurn = """
        {"model":"gpt-5.4","stream":STREAM,"messages":[{"role":"user","content":"weather please"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"w","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"a","content":"sunny"}]}
        """

    /// The prompt, what must be in the answer, and the finish reason.
    static let prompts: [(String, String, String)] = [
        ("markdown", "```swift", "stop"),
        ("Show me REASONING!", "7.9 seconds", "stop"),
        ("logprobs", "The tape ran all night, and nobody read it.", "stop"),
        ("filter", "content filter steps in", "content_filter"),
        ("a long one", "## Reel 8", "stop"),
        ("What is 17 + 25?", "That is 42.", "stop"),
        ("what is this?", "recorded answer of the built-in simulator", "stop"),
    ]

    @Test(arguments: prompts)
    func playsTextStreamedAndWhole(_ prompt: String, _ expected: String, _ finish: String) async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let stream = try ask(server, chat(prompt, #","stream_options":{"include_usage":true}"#))
            #expect(stream.header("Content-Type") == "text/event-stream; charset=utf-8")
            let streamed = try Assembled(stream)
            #expect(streamed.texts["content"]?.contains(expected) == true)
            #expect(streamed.finish == finish && streamed.isDone && stream.ending == .complete)
            #expect(streamed.models == ["gpt-5.4-mini"])

            let answer = try json(ask(server, chat(prompt, stream: false)).body)
            let choice = try #require((answer["choices"] as? [[String: Any]])?.first)
            let message = try #require(choice["message"] as? [String: Any])
            #expect(message["content"] as? String == streamed.texts["content"])
            #expect(message["reasoning_content"] as? String == streamed.texts["reasoning_content"])
            #expect(choice["finish_reason"] as? String == finish)
            #expect(answer["usage"] as? NSDictionary == streamed.usage as NSDictionary?)
        }
    }

    @Test func reasonsBeforeItAnswers() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let body = try ask(server, chat("reasoning", #","stream_options":{"include_usage":true}"#))
            let answer = try Assembled(body)
            #expect(answer.texts["reasoning_content"]?.contains("7.4875") == true)
            let details = answer.usage?["completion_tokens_details"] as? [String: Int]
            #expect((details?["reasoning_tokens"] ?? 0) > 50)
            let lastReasoning = try #require(body.events.lastIndex { $0.contains("reasoning_content") })
            let firstContent = try #require(body.events.firstIndex { $0.contains(#""content":"About"#) })
            #expect(lastReasoning < firstContent)
        }
    }

    @Test func callsTwoToolsAndThenAnswers() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let first = try Assembled(ask(server, chat("weather")))
            #expect(first.finish == "tool_calls" && first.calls.count == 2)
            #expect(first.argumentPieces > 6)
            for (index, city) in ["Lisbon", "Reykjavík"].enumerated() {
                let call = try #require(first.calls[index])
                #expect(call.name == "get_weather")
                #expect(try json(call.arguments)["city"] as? String == city)
            }
            let whole = try json(ask(server, chat("weather", stream: false)).body)
            let message = ((whole["choices"] as? [[String: Any]])?.first?["message"]) as? [String: Any]
            #expect((message?["tool_calls"] as? [[String: Any]])?.count == 2)

            for stream in ["true", "false"] {
                let second = try ask(server, Self.toolTurn.replacingOccurrences(of: "STREAM", with: stream))
                #expect(second.body.contains("Lisbon") && second.body.contains(#""finish_reason":"stop""#))
            }
            let other = Self.toolTurn.replacingOccurrences(of: "weather please", with: "x")
            let answer = try ask(server, other.replacingOccurrences(of: "STREAM", with: "false"))
            #expect(answer.body.contains("round trip was real"))
        }
    }

    @Test func isBusyFirstAndThenAnswers() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            for stream in [true, false] {
                let first = try ask(server, chat("busy", stream: stream))
                #expect(first.status == 429)
                #expect(first.header("Retry-After") == "2")
                #expect(first.header("x-ratelimit-remaining-requests") == "0")
                let error = try #require(json(first.body)["error"] as? [String: Any])
                #expect(error["code"] as? String == "rate_limit_exceeded")
                #expect((error["message"] as? String)?.contains("gpt-5.4-mini") == true)
                #expect(try ask(server, chat("busy", stream: stream)).status == 200)
            }
        }
    }

    @Test func isOverloadedFirstAndThenAnswers() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            for responses in [true, false] {
                func send() throws -> RawClient.Response {
                    try responses ? ask(responses: server, respond("overloaded")) : ask(server, chat("overloaded"))
                }
                let first = try send()
                #expect(first.status == 503 && first.header("retry-after-ms") == "300")
                let error = try #require(json(first.body)["error"] as? [String: Any])
                #expect(error["code"] as? String == "server_is_overloaded")
                let second = try send()
                #expect(second.status == 200 && second.body.contains(" patience"))
            }
        }
    }

    @Test func isFlakyFirstAndThenAnswers() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            for stream in [true, false] {
                let first = try ask(server, chat("flaky", stream: stream))
                #expect(first.status == 0 && first.ending == .closed && first.bytes.isEmpty)
                #expect(try ask(server, chat("flaky", stream: stream)).status == 200)
                #expect(try ask(responses: server, respond("flaky", stream: stream)).ending == .closed)
                #expect(try ask(responses: server, respond("flaky", stream: stream)).status == 200)
            }
        }
    }

    @Test(arguments: prompts)
    func playsTheSameOverResponses(_ prompt: String, _ expected: String, _ finish: String) async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let chatted = try Assembled(ask(server, chat(prompt)))
            let streamed = try AssembledResponse(ask(responses: server, respond(prompt)))
            #expect(streamed.text == chatted.texts["content"] && streamed.text.contains(expected))
            #expect(streamed.reasoning == chatted.texts["reasoning_content"] ?? "")
            #expect(streamed.status == (finish == "stop" ? "completed" : "incomplete"))
            let whole = try json(ask(responses: server, respond(prompt, stream: false)).body)
            #expect(outputText(of: whole) == streamed.text)
            #expect(whole["usage"] as? NSDictionary == streamed.usage as NSDictionary?)
        }
    }

    @Test func refusesAndCallsOverResponses() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let refusal = try AssembledResponse(ask(responses: server, respond("refuse")))
            #expect(refusal.refusal.hasPrefix("I am not going to") && refusal.text.isEmpty)
            let first = try AssembledResponse(ask(responses: server, respond("weather")))
            #expect(
                first.calls.map(\.name) == ["get_weather", "get_weather"] && first.text.hasPrefix("I will look up"))
            let output = try #require(first.final?["output"] as? [Any])
            var input = output
            input.insert(["role": "user", "content": "weather"], at: 0)
            for call in first.calls {
                input.append(["type": "function_call_output", "call_id": call.callID, "output": "sunny"])
            }
            let body: [String: Any] = ["model": "m", "stream": true, "input": input, "store": false]
            let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
            let second = try AssembledResponse(ask(responses: server, text))
            #expect(second.text.hasPrefix("Both results are in") && second.status == "completed")
        }
    }

    @Test func resumesTheStreamThatIsCut() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let first = try ask(responses: server, respond("cut", #","background":true"#))
            #expect(first.ending == .closed)
            let start = try AssembledResponse(first)
            let last = try #require(start.numbers?.last)
            let rest = try get(server, "/v1/responses/resp_demo_000001?stream=true&starting_after=\(last)")
            let end = try AssembledResponse(rest, isWhole: false)
            #expect((start.text + end.text).hasSuffix("that the sentence was finished.") && end.status == "completed")
        }
    }

    @Test func cutsTheStreamInTheMiddle() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let stream = try ask(server, chat("cut"))
            let answer = try Assembled(stream)
            #expect(stream.ending == .closed && answer.finish == nil && !answer.isDone)
            #expect(answer.texts["content"]?.hasPrefix("This answer will not reach its end.") == true)
            #expect(stream.events.count == 33)
            let whole = try ask(server, chat("cut", stream: false))
            #expect(whole.status == 200 && whole.ending == .closed && !whole.bytes.isEmpty)
        }
    }

    @Test func refuses() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let streamed = try Assembled(ask(server, chat("refuse")))
            #expect(streamed.texts["refusal"]?.hasPrefix("I am not going to") == true)
            #expect(streamed.texts["content"] == "")
            let whole = try ask(server, chat("refuse", stream: false)).body
            #expect(whole.contains(#""content":null,"refusal":"I am not"#))
        }
    }

    @Test(arguments: [nil, 0, 2, 20]) func sendsLogprobs(_ top: Int?) async throws {
        let asked = top.map { #","logprobs":true,"top_logprobs":\#($0)"# } ?? ""
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let tokens = try Assembled(ask(server, chat("logprobs", asked))).logprobs
            #expect(tokens.count == 11)
            #expect(tokens.first?["token"] as? String == "The")
            #expect(tokens.first?["bytes"] as? [Int] == [84, 104, 101])
            let alternatives = tokens.first?["top_logprobs"] as? [[String: Any]]
            #expect(alternatives?.count == min(top ?? 3, 3))
        }
    }

    @Test func hasAFewThousandTokensForALongAnswer() async throws {
        try await withServer(ScenarioSet.builtIn().withoutPauses()) { server in
            let stream = try ask(server, chat("long"))
            #expect((2_500...6_000).contains(stream.events.count))
        }
    }
}
