import Foundation
import Testing

@testable import Simulator

@Suite struct ResponsesRequestTests {
    static let simple = "scenario s\nreply 'x'"

    private static func input(_ items: String...) -> String {
        #"{"model":"m","input":[\#(items.joined(separator: ","))]}"#
    }

    private static let call = #"{"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}"}"#
    private static let thought = #"{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t"}]}"#
    private static let asked = #"{"role":"user","content":"x"}"#
    private static func output(_ id: String) -> String {
        #"{"type":"function_call_output","call_id":"\#(id)","output":"y"}"#
    }

    /// A body, and the `param` and `code` of the error it gets.
    static let refused: [(String, String?, String?)] = [
        ("", nil, "invalid_json"), ("[]", nil, "invalid_json"), ("{", nil, "invalid_json"),
        (#"{"input":"x"}"#, "model", "missing_required_parameter"),
        (#"{"model":"m"}"#, "input", "missing_required_parameter"),
        (#"{"model":7,"input":"x"}"#, "model", "invalid_type"),
        (#"{"model":"m","input":7}"#, "input", "invalid_type"), (input(), "input", "invalid_value"),
        (input("7"), "input[0]", "invalid_type"),
        (input(#"{"type":"message"}"#), "input[0].role", "missing_required_parameter"),
        (input(#"{"role":"user"}"#), "input[0].content", "missing_required_parameter"),
        (input(#"{"role":"tool","content":"x"}"#), "input[0].role", "invalid_value"),
        (input(#"{"type":"video"}"#), "input[0].type", "invalid_value"),
        (
            input(#"{"role":"user","content":[{"type":"text","text":"x"}]}"#), "input[0].content[0].type",
            "invalid_value"
        ),
        (
            input(#"{"role":"assistant","content":[{"type":"input_text","text":"x"}]}"#), "input[0].content[0].type",
            "invalid_value"
        ),
        (
            input(#"{"role":"user","content":[{"type":"input_text"}]}"#), "input[0].content[0].text",
            "missing_required_parameter"
        ),
        (
            input(#"{"role":"user","content":[{"type":"input_image","image_url":{"url":"x"}}]}"#),
            "input[0].content[0].image_url", "invalid_type"
        ),
        (
            input(#"{"role":"user","content":[{"type":"input_image"}]}"#), "input[0].content[0].image_url",
            "missing_required_parameter"
        ),
        (input(asked, output("c")), "input[1].call_id", "invalid_value"),
        (input(asked, call, output("fc_1")), "input[2].call_id", "invalid_value"),
        (input(asked, output("c"), call), "input[1].call_id", "invalid_value"),
        (input(asked, call, output("c"), output("c")), "input[3].call_id", "invalid_value"),
        (input(asked, call, call), "input[2].call_id", "invalid_value"),
        (input(asked, call), "input", "invalid_value"),
        (
            input(asked, #"{"type":"function_call","id":"a","name":"f","arguments":"{}"}"#), "input[1].call_id",
            "missing_required_parameter"
        ),
        (
            input(asked, #"{"type":"function_call","call_id":"a","name":"f","arguments":{}}"#), "input[1].arguments",
            "invalid_type"
        ),
        (
            input(asked, call, #"{"type":"function_call_output","call_id":"c"}"#), "input[2].output",
            "missing_required_parameter"
        ),
        (input(asked, thought), "input[1]", "invalid_value"), (input(thought, asked), "input[0]", "invalid_value"),
        (input(#"{"type":"reasoning","id":"r"}"#), "input[0].summary", "missing_required_parameter"),
        (respond("x", #","previous_response_id":"resp_no""#), "previous_response_id", "previous_response_not_found"),
        (
            respond("x", #","previous_response_id":"resp_no","conversation":"c""#), "previous_response_id",
            "invalid_value"
        ),
        (respond("x", #","max_output_tokens":15"#), "max_output_tokens", "invalid_value"),
        (respond("x", #","temperature":2.1"#), "temperature", "invalid_value"),
        (respond("x", #","top_p":1.1"#), "top_p", "invalid_value"),
        (respond("x", #","top_logprobs":21"#), "top_logprobs", "invalid_value"),
        (respond("x", #","truncation":"some""#), "truncation", "invalid_value"),
        (respond("x", #","include":["everything"]"#), "include[0]", "invalid_value"),
        (respond("x", #","background":true,"store":false"#), "background", "invalid_value"),
        (respond("x", stream: false, #","stream_options":{}"#), "stream_options", "invalid_value"),
        (
            respond("x", #","stream_options":{"include_usage":true}"#), "stream_options.include_usage",
            "unknown_parameter"
        ),
        (respond("x", #","tools":[{"type":"function"}]"#), "tools[0].name", "missing_required_parameter"),
        (
            respond("x", #","tools":[{"type":"function","function":{"name":"f"}}]"#), "tools[0].name",
            "missing_required_parameter"
        ),
        (respond("x", #","tools":[{"type":"function","name":"a b"}]"#), "tools[0].name", "invalid_value"),
        (
            respond("x", #","tools":[{"type":"function","name":"f","parameters":"x"}]"#), "tools[0].parameters",
            "invalid_type"
        ),
        (respond("x", #","tools":[{}]"#), "tools[0].type", "missing_required_parameter"),
        (respond("x", #","tool_choice":"required""#), "tool_choice", "invalid_value"),
        (respond("x", #","tool_choice":"any""#), "tool_choice", "invalid_value"),
        (
            respond(
                "x",
                #","tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"function","function":{"name":"f"}}"#),
            "tool_choice.name", "missing_required_parameter"
        ),
        (respond("x", #","text":{"format":{"type":"yaml"}}"#), "text.format.type", "invalid_value"),
        (
            respond("x", #","text":{"format":{"type":"json_schema","json_schema":{}}}"#), "text.format.json_schema",
            "unknown_parameter"
        ),
        (
            respond("x", #","text":{"format":{"type":"json_schema","name":"n"}}"#), "text.format.schema",
            "missing_required_parameter"
        ),
        (respond("x", #","text":{"verbosity":"loud"}"#), "text.verbosity", "invalid_value"),
        (chat("x"), "messages", "unknown_parameter"),
    ]

    @Test(arguments: refused) func refusesBadBodies(_ body: String, _ param: String?, _ code: String?) async throws {
        try await withServer(Self.simple) { server in
            let response = try ask(responses: server, body)
            #expect(response.status == 400 && response.header("Content-Type") == "application/json")
            let error = try #require(json(response.body)["error"] as? [String: Any])
            #expect(error["type"] as? String == "invalid_request_error")
            #expect(error["param"] as? String == param, "\(error)")
            #expect(error["code"] as? String == code, "\(error)")
            #expect(try ask(responses: server).status == 200)
        }
    }

    @Test(arguments: [
        "messages", "stop", "seed", "n", "frequency_penalty", "presence_penalty", "logit_bias", "max_tokens",
        "max_completion_tokens", "response_format", "reasoning_effort",
    ])
    func refusesMembersOfChat(_ name: String) async throws {
        try await withServer(Self.simple) { server in
            let response = try ask(responses: server, respond("x", ",\"\(name)\":null"))
            #expect(response.status == 400)
            let error = try #require(json(response.body)["error"] as? [String: Any])
            #expect(error["param"] as? String == name && error["code"] as? String == "unknown_parameter")
        }
    }

    @Test func takesWhatTheAPITakes() async throws {
        let body = """
            {"model":"any/model","stream":null,"stream_options":null,"temperature":2,"top_p":0,"user":"u",
            "tools":[{"type":"function","name":"f","parameters":{},"strict":true},{"type":"web_search"}],
            "tool_choice":{"type":"function","name":"f"},"unknown":{"a":[1]},"max_output_tokens":null,
            "text":{"format":{"type":"json_schema","name":"n","schema":{}},"verbosity":"low"},
            "reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"],"store":false,
            "input":[{"role":"developer","content":"a"},
            {"type":"message","role":"user","content":[{"type":"input_text","text":"hi"},
            {"type":"input_image","image_url":"data:image/png;base64,AA","detail":"low"},{"type":"input_file","file_id":"f"}]},
            {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},
            {"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"refusal","refusal":"no"}]},
            {"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":""},
            {"type":"custom_tool_call","call_id":"b","name":"g","input":"x"},
            {"type":"custom_tool_call_output","call_id":"b","output":"z"},
            {"type":"function_call_output","call_id":"a","output":[{"type":"input_text","text":"y"}]},
            {"type":"item_reference","id":"msg_2"}]}
            """
        try await withServer(Self.simple) { server in
            let response = try ask(responses: server, body)
            #expect(response.status == 200, "\(response.body)")
            let answer = try json(response.body)
            #expect(answer["model"] as? String == "any/model" && answer["object"] as? String == "response")
            #expect((answer["tools"] as? [Any])?.count == 2)
        }
    }

    @Test func goesOnFromAStoredResponse() async throws {
        let script = """
            scenario second
              when last message is tool
              when user says "weather"
              reply "sunny"
            scenario first
              call f id call_1 with '{}'
            """
        let output = #"[{"type":"function_call_output","call_id":"call_1","output":"y"}]"#
        try await withServer(script) { server in
            let first = try json(ask(responses: server, respond("weather", stream: false)).body)
            let id = try #require(first["id"] as? String)
            let body = #"{"model":"m","previous_response_id":"\#(id)","input":"#
            let second = try ask(responses: server, body + output + "}")
            #expect(second.body.contains("sunny"), "\(second.body)")
            // A call that is left open, and a third request that goes on from the second.
            #expect(try ask(responses: server, body + #""x"}"#).status == 400)
            let next = try #require(json(second.body)["id"] as? String)
            let third = try ask(responses: server, #"{"model":"m","previous_response_id":"\#(next)","input":"x"}"#)
            #expect(third.status == 200)
            #expect(server.requests.last?.scenario == "first")
        }
    }

    @Test func survivesDeepNesting() async throws {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        try await withServer(Self.simple) { server in
            let response = try ask(responses: server, respond("x", ",\"metadata\":\(deep)"))
            #expect(response.status == 400)
            #expect(try ask(responses: server).status == 200)
        }
    }
}
