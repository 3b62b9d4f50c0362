import Foundation
import Testing

@testable import Simulator

@Suite struct ProtocolTests {
    static let simple = "scenario s\nreply 'Hello, world'"

    @Test func listsModels() async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            client.get("/v1/models?limit=1")
            let list = try json(client.response().body)
            let models = try #require(list["data"] as? [[String: Any]])
            #expect(list["object"] as? String == "list")
            #expect(
                models.compactMap { $0["id"] as? String } == ["gpt-5.4-mini", "gpt-5.4", "gpt-5.2", "gpt-6.1-terra"])
            client.get("/v1/models/gpt-5.2")
            #expect(try json(client.response().body)["id"] as? String == "gpt-5.2")
            client.get("/v1/models/none")
            let missing = client.response()
            #expect(missing.status == 404 && missing.body.contains(#""code":"model_not_found""#))
        }
    }

    @Test(arguments: [
        ("GET", "/", 404), ("GET", "/v1", 404), ("GET", "/models", 404), ("POST", "/v1/responses", 400),
        ("GET", "/v1/responses", 405), ("GET", "/v1/responses/", 404), ("PUT", "/v1/responses/x", 405),
        ("GET", "/v1/responses/x/cancel", 405), ("GET", "/v1/responses/x/y", 404), ("GET", "/v1/chat", 404),
        ("DELETE", "/v1/models", 405), ("POST", "/v1/models/gpt-5.4", 405), ("GET", "/v1/chat/completions", 405),
        ("OPTIONS", "/v1/chat/completions", 405), ("BREW", "/v1/models", 400),
    ])
    func refusesOtherPathsAndMethods(_ method: String, _ path: String, _ status: Int) async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            client.get(path, method: method)
            let response = client.response()
            #expect(response.status == status)
            #expect(try json(response.body)["error"] is [String: Any])
            #expect((response.header("Allow") != nil) == (status == 405))
        }
    }

    @Test func answersHEADWithoutABody() async throws {
        try await withServer(Self.simple) { server in
            let client = try RawClient(port: server.port)
            client.get("/v1/models", method: "HEAD")
            #expect(client.response(withoutBody: true).status == 405)
            client.get("/v1/models")
            #expect(client.response().status == 200)
        }
    }

    /// A body, and the `param` and `code` of the error it gets.
    static let refused: [(String, String?, String?)] = [
        ("", nil, "invalid_json"), ("{", nil, "invalid_json"), ("[]", nil, "invalid_json"),
        ("\u{0}", nil, "invalid_json"),
        (#"{"messages":[]}"#, "model", "missing_required_parameter"),
        (#"{"model":""}"#, "model", "missing_required_parameter"),
        (#"{"model":7}"#, "model", "invalid_type"),
        (#"{"model":"m"}"#, "messages", "missing_required_parameter"),
        (#"{"model":"m","messages":[]}"#, "messages", "invalid_value"),
        (#"{"model":"m","messages":"x"}"#, "messages", "invalid_type"),
        (#"{"model":"m","messages":[{"content":"x"}]}"#, "messages[0].role", "missing_required_parameter"),
        (#"{"model":"m","messages":[{"role":"user"}]}"#, "messages.content", "missing_required_parameter"),
        (#"{"model":"m","messages":[{"role":"user","content":5}]}"#, "messages[0].content", "invalid_type"),
        (#"{"model":"m","messages":[{"role":"boss","content":"x"}]}"#, "messages", "invalid_value"),
        (
            #"{"model":"m","messages":[{"role":"tool","content":"x"}]}"#, "messages[0].tool_call_id",
            "missing_required_parameter"
        ),
        (
            #"{"model":"m","messages":[{"role":"tool","content":"x","tool_call_id":"a"}]}"#, "messages[0]",
            "invalid_value"
        ),
        (#"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]}"#, "messages", "invalid_value"),
        (
            #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a"}]},{"role":"user","content":"x"}]}"#,
            "messages[1]", "invalid_value"
        ),
        (chat("x", #","temperature":2.1"#), "temperature", "invalid_value"),
        (chat("x", #","temperature":"hot""#), "temperature", "invalid_type"),
        (chat("x", #","top_p":-0.1"#), "top_p", "invalid_value"),
        (chat("x", #","frequency_penalty":3"#), "frequency_penalty", "invalid_value"),
        (chat("x", #","presence_penalty":-3"#), "presence_penalty", "invalid_value"),
        (chat("x", #","n":2"#), "n", "invalid_value"),
        (chat("x", #","stop":["1","2","3","4","5"]"#), "stop", "invalid_value"),
        (chat("x", #","max_tokens":0"#), "max_completion_tokens", "invalid_value"),
        (chat("x", #","top_logprobs":3"#), "top_logprobs", "invalid_value"),
        (chat("x", #","logprobs":true,"top_logprobs":21"#), "top_logprobs", "invalid_value"),
        (chat("x", stream: false, #","stream_options":{}"#), "stream_options", "invalid_value"),
        (chat("x", #","tool_choice":"auto""#), "tool_choice", "invalid_value"),
        (chat("x", #","parallel_tool_calls":true"#), "parallel_tool_calls", "invalid_value"),
        (chat("x", #","tools":[7]"#), "tools[0]", "invalid_type"),
        (chat("x", #","stop":["1",2]"#), "stop", "invalid_type"),
        (chat("x", #","response_format":7"#), "response_format", "invalid_type"),
        (chat("x", #","response_format":{}"#), "response_format.type", "missing_required_parameter"),
        (chat("x", #","response_format":{"type":"yaml"}"#), "response_format.type", "invalid_value"),
        (
            chat("x", #","response_format":{"type":"json_schema","name":"n"}"#), "response_format.json_schema",
            "missing_required_parameter"
        ),
        (
            chat("x", #","response_format":{"type":"json_schema","json_schema":{}}"#),
            "response_format.json_schema.name", "missing_required_parameter"
        ),
        (chat("x", #","input":"x""#), "input", "unknown_parameter"),
        (chat("x", #","instructions":"x""#), "instructions", "unknown_parameter"),
        (chat("x", #","max_output_tokens":20"#), "max_output_tokens", "unknown_parameter"),
        (chat("x", #","text":null"#), "text", "unknown_parameter"),
        (chat("x", #","reasoning":{}"#), "reasoning", "unknown_parameter"),
        (#"{"model":"m","input":"x"}"#, "input", "unknown_parameter"),
    ]

    @Test(arguments: refused) func refusesBadBodies(_ body: String, _ param: String?, _ code: String?) async throws {
        try await withServer(Self.simple) { server in
            let response = try ask(server, body)
            #expect(response.status == 400 && response.header("Content-Type") == "application/json")
            let error = try #require(json(response.body)["error"] as? [String: Any])
            #expect(error["type"] as? String == "invalid_request_error")
            #expect(error["param"] as? String == param, "\(error)")
            #expect(error["code"] as? String == code)
            #expect(try ask(server).status == 200)
        }
    }

    @Test func takesWhatProvidersTake() async throws {
        let body = """
            {"model":"any/model","stream":null,"stream_options":null,"temperature":2,"top_p":0,"seed":-3,"stop":"x",
            "tools":[{"type":"function"}],"tool_choice":"auto","unknown":{"a":[1]},"max_completion_tokens":null,
            "messages":[{"role":"developer","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}}]},
            {"role":"user","content":"hi","name":"n"}]}
            """
        try await withServer(Self.simple) { server in
            let answer = try json(ask(server, body).body)
            #expect(answer["model"] as? String == "any/model")
            #expect(answer["object"] as? String == "chat.completion")
            #expect((answer["id"] as? String)?.hasPrefix("chatcmpl-demo-") == true)
            #expect(
                answer["system_fingerprint"] as? String == "fp_demo" && answer["service_tier"] as? String == "default")
        }
    }

    @Test func reportsUsageOnlyWhenAsked() async throws {
        try await withServer(Self.simple) { server in
            let plain = try ask(server)
            #expect(!plain.body.contains("usage"))
            let asked = try ask(server, chat("hello", #","stream_options":{"include_usage":true}"#))
            let chunks = try asked.events.dropLast().map(json)
            #expect(chunks.dropLast().allSatisfy { $0["usage"] is NSNull })
            let last = try #require(chunks.last)
            #expect((last["choices"] as? [Any])?.isEmpty == true)
            let usage = try #require(last["usage"] as? [String: Any])
            #expect(usage["prompt_tokens"] as? Int == 5)
            #expect(usage["completion_tokens"] as? Int == 3 && usage["total_tokens"] as? Int == 8)
            #expect(asked.events.last == "[DONE]")
            let whole = try json(ask(server, chat(stream: false)).body)
            #expect(whole["usage"] as? NSDictionary == usage as NSDictionary)
        }
    }

    @Test(arguments: [
        ("usage prompt 7 completion 9 cached 2 reasoning 4", 7, 9), ("usage completion 9", 5, 9),
        ("usage '{\"prompt_tokens\":-1,\"completion_tokens\":0.5}'", -1, nil),
    ])
    func reportsTheUsageOfTheScenario(_ line: String, _ prompt: Int, _ completion: Int?) async throws {
        try await withServer(Self.simple + "\n" + line) { server in
            let answer = try Assembled(ask(server, chat("hello", #","stream_options":{"include_usage":true}"#)))
            #expect(answer.usage?["prompt_tokens"] as? Int == prompt)
            if let completion { #expect(answer.usage?["completion_tokens"] as? Int == completion) }
        }
    }

    @Test func stopsAtMaxTokens() async throws {
        try await withServer(Self.simple) { server in
            for field in ["max_tokens", "max_completion_tokens"] {
                let answer = try Assembled(ask(server, chat("x", ",\"\(field)\":2")))
                #expect(answer.texts["content"] == "Hello," && answer.finish == "length")
            }
        }
    }

    @Test func sendsTheChunksOfTheProtocolInOrder() async throws {
        try await withServer("scenario s\nid i\nmodel m\nfingerprint none\ntier none\nreply 'a \"q\"\\n'") { server in
            let response = try ask(server)
            let chunks = response.chunks.map {
                String(decoding: $0, as: UTF8.self).replacing(#/"created":\d+/#, with: "\"created\":1")
            }
            func chunk(_ delta: String, _ finish: String) -> String {
                #"data: {"id":"i","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"#
                    + #""delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]}"# + "\n\n"
            }
            let texts = ["a", #" \""#, "q", #"\""#, #"\\"#, "n"].map { chunk(#"{"content":"\#($0)"}"#, "null") }
            #expect(
                chunks == [chunk(#"{"role":"assistant","content":"","refusal":null}"#, "null")] + texts
                    + [chunk("{}", #""stop""#), "data: [DONE]\n\n"])
            #expect(response.header("x-request-id") == "req_demo_000001")
            #expect(Int(response.header("openai-processing-ms") ?? "") != nil)
        }
    }

    @Test(arguments: [
        (chat("One TWO, three"), "words"), (chat("two one"), "none"),
        (#"{"model":"gpt-5.2","messages":[{"role":"user","content":"x"}]}"#, "model"),
        (#"{"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}"#, "step"),
        (
            #"{"model":"m","messages":[{"role":"user","content":"one two"},{"role":"assistant","content":"y"},"#
                + #"{"role":"user","content":"z"}]}"#, "turn"
        ),
    ])
    func picksTheFirstScenarioThatMatches(_ body: String, _ name: String) async throws {
        let script = """
            scenario words
              when user says "one two"
              reply "words"
            scenario model
              when model is "gpt-5.2*"
              reply "x"
            scenario step
              when step is 2
              reply "x"
            scenario turn
              when turn is 2
              reply "x"
            scenario none
              reply "x"
            """
        try await withServer(script) { server in
            _ = try ask(server, body)
            #expect(await server.request(number: 1)?.scenario == name)
        }
    }

    @Test func saysSoWhenNoScenarioMatches() async throws {
        try await withServer("scenario s\nwhen user says \"x\"\nreply 'y'") { server in
            let response = try ask(server)
            #expect(response.status == 404 && response.body.contains("no_scenario"))
        }
    }
}
