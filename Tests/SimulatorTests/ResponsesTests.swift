import Foundation
import Testing

@testable import Simulator

@Suite struct ResponsesTests {
    private static let everything = """
        scenario s
          pieces whole
          reasoning "Hm, so."
          reply "One "
          token "two" -0.1 or "too" -2.5
          refuse "no"
          call f id call_f with '{"a": "é"}'
          call g
          reply "end"
        """

    @Test func sendsTheEventsOfTheProtocolInOrder() async throws {
        try await withServer(Self.everything) { server in
            let response = try ask(responses: server)
            #expect(response.header("Content-Type") == "text/event-stream; charset=utf-8")
            #expect(response.ending == .complete && !response.body.contains("[DONE]"))
            let answer = try AssembledResponse(response)
            #expect(
                answer.types.map { $0.replacing("response.", with: "") } == [
                    "created", "in_progress",
                    "output_item.added", "reasoning_summary_part.added",
                    "reasoning_summary_text.delta",
                    "reasoning_summary_text.done", "reasoning_summary_part.done", "output_item.done",
                    "output_item.added", "content_part.added", "output_text.delta", "output_text.delta",
                    "output_text.done", "content_part.done",
                    "content_part.added", "refusal.delta", "refusal.done", "content_part.done", "output_item.done",
                    "output_item.added", "function_call_arguments.delta",
                    "function_call_arguments.done", "output_item.done",
                    "output_item.added", "function_call_arguments.done", "output_item.done",
                    "output_item.added", "content_part.added", "output_text.delta", "output_text.done",
                    "content_part.done", "output_item.done", "completed",
                ])
            #expect(answer.reasoning == "Hm, so." && answer.text == "One twoend" && answer.refusal == "no")
            #expect(answer.calls.map(\.callID) == ["call_f", "call_demo_000001_3"])
            #expect(answer.calls.map(\.arguments) == [#"{"a": "é"}"#, ""] && answer.calls.map(\.name) == ["f", "g"])
            #expect(answer.calls.allSatisfy { $0.id.hasPrefix("fc_") })
        }
    }

    @Test func saysTheSameWhole() async throws {
        try await withServer(Self.everything) { server in
            let streamed = try #require(AssembledResponse(ask(responses: server)).final)
            var whole = try json(ask(responses: server, respond(stream: false)).body)
            #expect(whole["id"] as? String == "resp_demo_000002" && streamed["id"] as? String == "resp_demo_000001")
            let text = String(decoding: try JSONSerialization.data(withJSONObject: whole), as: UTF8.self)
            whole = try json(text.replacingOccurrences(of: "_000002", with: "_000001"))
            for key in ["created_at", "completed_at"] { whole[key] = streamed[key] }
            #expect(whole as NSDictionary == streamed as NSDictionary)
        }
    }

    @Test func repeatsTheRequestInTheResponse() async throws {
        let extra =
            #","instructions":"Be brief.","max_output_tokens":99,"metadata":{"a":"b"},"temperature":0.5,"store":false"#
        try await withServer("scenario s\ntier none\nreply 'x'") { server in
            let response = try json(ask(responses: server, respond(stream: false, extra)).body)
            #expect(response["object"] as? String == "response" && response["status"] as? String == "completed")
            #expect(response["instructions"] as? String == "Be brief." && response["max_output_tokens"] as? Int == 99)
            #expect(response["metadata"] as? [String: String] == ["a": "b"])
            #expect(response["temperature"] as? Double == 0.5 && response["top_p"] as? Double == 1)
            #expect(response["store"] as? Bool == false && response["service_tier"] == nil)
            #expect(response["error"] is NSNull && response["incomplete_details"] is NSNull)
            #expect((response["completed_at"] as? Int ?? 0) >= (response["created_at"] as? Int ?? .max))
        }
    }

    /// A line of the script, the last event, and the reason for being incomplete.
    static let finishes: [(String, String?, String?)] = [
        ("", "completed", nil), ("finish stop", "completed", nil), ("finish odd", "completed", nil),
        ("finish length", "incomplete", "max_output_tokens"), ("finish content_filter", "incomplete", "content_filter"),
        ("finish max_output_tokens", "incomplete", "max_output_tokens"), ("finish none", nil, nil),
    ]

    @Test(arguments: finishes) func endsAsTheScenarioSays(_ line: String, _ ending: String?, _ reason: String?)
        async throws
    {
        try await withServer("scenario s\nreply 'a b'\n\(line)") { server in
            let response = try ask(responses: server)
            let answer = try AssembledResponse(response)
            #expect(answer.status == ending && response.ending == .complete)
            let whole = try json(ask(responses: server, respond(stream: false)).body)
            #expect(whole["status"] as? String == ending ?? "in_progress")
            for object in [answer.final, whole].compactMap({ $0 }) {
                let details = object["incomplete_details"] as? [String: String]
                #expect(details?["reason"] == reason)
                let items = object["output"] as? [[String: Any]]
                if ending != nil { #expect(items?.first?["status"] as? String == ending) }
                #expect((object["usage"] is NSNull) == (ending == nil))
            }
        }
    }

    @Test func stopsAtMaxOutputTokens() async throws {
        try await withServer("scenario s\nrepeat forever\nreply 'a '\nend") { server in
            for stream in [true, false] {
                let response = try ask(responses: server, respond(stream: stream, #","max_output_tokens":16"#))
                let object = try stream ? #require(AssembledResponse(response).final) : json(response.body)
                #expect(object["status"] as? String == (stream ? "incomplete" : "completed"))
                #expect(outputText(of: object) == String(repeating: "a ", count: stream ? 8 : 1))
            }
        }
    }

    @Test func endsAnEndlessAnswer() async throws {
        var limits = ServerLimits()
        limits.responseBytes = 10_000
        try await withServer("scenario s\npieces whole\nrepeat forever\nreply 'on and on '\nend", limits: limits) {
            let answer = try AssembledResponse(ask(responses: $0))
            #expect(answer.text.utf8.count == 10_000 && answer.status == "incomplete")
        }
    }

    @Test func failsInBothWays() async throws {
        let script = """
            scenario fails
              when user says "fails"
              reply "a b"
              fail "It broke: {{model}}." type server_error code oops
            scenario breaks
              reply "a b"
              error "It broke: {{model}}." type server_error param input
            """
        try await withServer(script) { server in
            let failed = try AssembledResponse(ask(responses: server, respond("fails")))
            #expect(failed.status == "failed" && failed.usage == nil)
            let error = failed.final?["error"] as? [String: String]
            #expect(error == ["code": "oops", "message": "It broke: gpt-5.4-mini."])
            let whole = try ask(responses: server, respond("fails", stream: false))
            #expect(whole.status == 200)
            let object = try json(whole.body)
            #expect(object["status"] as? String == "failed" && outputText(of: object) == "a b")

            let broken = try ask(responses: server)
            let last = try #require(broken.namedEvents.last)
            #expect(last.name == "error" && broken.ending == .complete)
            #expect(
                last.data == #"{"type":"error","sequence_number":6,"code":"server_error","#
                    + #""message":"It broke: gpt-5.4-mini.","param":"input"}"#)
            #expect(try AssembledResponse(broken).final == nil)
            let body = try ask(responses: server, respond(stream: false)).body
            #expect(body.hasPrefix(#"{"error":{"message":"It broke"#))
            // Chat Completions has one way to say it.
            for stream in [true, false] {
                let chat = try ask(server, chat("fails", stream: stream)).body
                #expect(chat.contains(#"{"error":{"message":"It broke: gpt-5.4-mini.","type":"server_error""#))
            }
        }
    }

    @Test func namesUsageAsResponsesDoes() async throws {
        let scripts: [(String, [String: Int]?, [Int])] = [
            ("", ["input_tokens": 5, "output_tokens": 4, "total_tokens": 9], [0, 2]),
            (
                "usage prompt 7 completion 9 cached 2 reasoning 4",
                ["input_tokens": 7, "output_tokens": 9, "total_tokens": 16], [2, 4]
            ), ("usage none", nil, []), ("usage '{\"input_tokens\":-1}'", ["input_tokens": -1], []),
        ]
        for (line, counts, details) in scripts {
            try await withServer("scenario s\nreasoning 'a b'\nreply 'c d'\n\(line)") { server in
                let streamed = try #require(AssembledResponse(ask(responses: server)).final)
                let whole = try json(ask(responses: server, respond(stream: false)).body)
                for object in [streamed, whole] {
                    let usage = object["usage"] as? [String: Any]
                    #expect(usage?.compactMapValues { $0 as? Int } == counts, "\(line)")
                    guard !details.isEmpty else { continue }
                    let input = usage?["input_tokens_details"] as? [String: Int]
                    let output = usage?["output_tokens_details"] as? [String: Int]
                    #expect([input?["cached_tokens"], output?["reasoning_tokens"]] == details)
                }
            }
        }
    }

    @Test(arguments: [nil, 0, 1, 20]) func sendsLogprobsWhenAsked(_ top: Int?) async throws {
        let asked = top.map { #","include":["message.output_text.logprobs"],"top_logprobs":\#($0)"# } ?? ""
        try await withServer("scenario s\nreply 'a'\ntoken 'b' -0.1 or 'c' -2\ntoken 'd' -1") { server in
            let answer = try AssembledResponse(ask(responses: server, respond("x", asked)))
            #expect(answer.logprobs.compactMap { $0["token"] as? String } == (top == nil ? [] : ["b", "d"]))
            if let top {
                let counts = answer.logprobs.map { ($0["top_logprobs"] as? [Any])?.count }
                #expect(counts == [min(top, 2), min(top, 1)])
            }
            let done = try #require(answer.final?["output"] as? [[String: Any]])
            let part = (done.first?["content"] as? [[String: Any]])?.first
            #expect((part?["logprobs"] as? [Any])?.count == answer.logprobs.count)
        }
    }

    @Test func encryptsReasoningWhenAsked() async throws {
        try await withServer("scenario s\nreasoning 'a'\nreply 'b'") { server in
            let asked = #","include":["reasoning.encrypted_content"]"#
            for (extra, isThere) in [(asked, true), ("", false)] {
                let response = try ask(responses: server, respond("x", extra))
                let items = try AssembledResponse(response).final?["output"] as? [[String: Any]]
                #expect((items?.first?["encrypted_content"] is String) == isThere)
                #expect(response.body.contains("encrypted_content") == isThere)
            }
        }
    }

    @Test func sendsWhatIsNoEventVerbatim() async throws {
        let script = """
            scenario s
              comment "keep-alive"
              data '{"type":"keepalive"}'
              reply "a"
              raw "event: odd\\n\\n"
              delta '{"x":1}'
              finish stop
              done
            """
        try await withServer(script) { server in
            let response = try ask(responses: server)
            #expect(
                response.body.hasPrefix(": keep-alive\n\ndata: {\"type\":\"keepalive\"}\n\nevent: response.created\n"))
            #expect(response.body.contains("\n\nevent: odd\n\nevent: response.output_text.done\n"))
            #expect(response.body.hasSuffix("\n\ndata: [DONE]\n\n") && !response.body.contains(#""x":1"#))
            #expect(try AssembledResponse(response).status == "completed")
        }
    }

    @Test(arguments: ["cut", "reset", "after 2 pieces cut", "after 900 bytes cut", "after 2 pieces reset"])
    func isCutLikeAChatStream(_ fault: String) async throws {
        try await withServer("scenario s\n\(fault)\nreply 'one two three four'") { server in
            let response = try ask(responses: server)
            #expect(response.ending == (fault.contains("reset") ? .reset : .closed))
            #expect(try AssembledResponse(response).final == nil)
            if fault.hasSuffix("bytes cut") { #expect(response.bytes.count == 900) }
            if fault.hasPrefix("after 2 pieces c") {
                #expect(try AssembledResponse(response).text == "one two")
            }
        }
    }

    @Test(arguments: [1, 7, 100]) func isSplitLikeAChatStream(_ size: Int) async throws {
        try await withServer("scenario s\nsplit every \(size) bytes\nreply 'né 📈'") { server in
            let response = try ask(responses: server)
            #expect(response.chunks.allSatisfy { $0.count <= size })
            #expect(try AssembledResponse(response).text == "né 📈")
        }
    }

    @Test func looksAtConditionsInItems() async throws {
        let script = """
            scenario chat
              when api is chat
              reply "x"
            scenario tool
              when last message is tool
              when step is 2
              reply "x"
            scenario turn
              when turn is 2
              when user says "three"
              reply "x"
            scenario model
              when model is "o9*"
              reply "x"
            scenario step
              when step is 3
              reply "x"
            scenario none
              when api is responses
              reply "x"
            """
        let call = #"{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}"}"#
        let thought = #"{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"e"}"#
        let output = #"{"type":"function_call_output","call_id":"c","output":"y"}"#
        let said = #"{"role":"assistant","content":[{"type":"output_text","text":"y"}]}"#
        let asked = #"{"role":"user","content":[{"type":"input_text","text":"one two"}]}"#
        let bodies = [
            (chat("one"), "chat"), (respond("one"), "none"),
            (#"{"model":"o9-mini","input":"one"}"#, "model"),
            (items(asked, thought, said, call, output), "tool"),
            (items(asked, said, asked.replacing("two", with: "three")), "turn"),
            (items(asked, call, output, said), "step"), (items(asked, said), "none"),
        ]
        try await withServer(script) { server in
            for (body, _) in bodies {
                let client = try RawClient(port: server.port)
                client.post(body, path: body.contains("messages") ? "/v1/chat/completions" : "/v1/responses")
                #expect(client.response().status == 200)
            }
            #expect(server.requests.map(\.scenario) == bodies.map(\.1))
        }
    }

    private func items(_ items: String...) -> String {
        #"{"model":"m","input":[\#(items.joined(separator: ","))]}"#
    }
}
