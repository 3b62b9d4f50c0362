import ProviderCore
import Testing

/// A body that the service refuses: what is replaced in a good one, and the place and rule that must be named.
struct BadBody: Sendable, CustomTestStringConvertible {
    let good: String
    let replacement: String
    let failure: String

    init(_ good: String, _ replacement: String, _ failure: String) {
        self.good = good
        self.replacement = replacement
        self.failure = failure
    }

    var testDescription: String { "\(good) -> \(replacement)" }

    func body(in text: String) throws -> JSONValue {
        let pieces = text.split(separator: good, omittingEmptySubsequences: false)
        try #require(pieces.count == 2, "\(good) is there \(pieces.count - 1) times")
        return try JSONParser.parse(pieces.joined(separator: replacement))
    }
}

private let chat = #"""
    {"model":"m","messages":[{"role":"system","content":"S"},
    {"role":"user","content":[{"type":"text","text":"T"},{"type":"image_url","image_url":{"url":"https://h/a"}}]},
    {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
    {"role":"tool","tool_call_id":"c1","content":"R"}],"stream":true,"stream_options":{"include_usage":true},
    "temperature":0.5,"stop":["a"],"logprobs":true,"top_logprobs":3,"reasoning_effort":"low","service_tier":"flex",
    "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{},"required":[],
    "additionalProperties":false},"strict":true}}],"tool_choice":"auto",
    "response_format":{"type":"json_schema","json_schema":{"name":"o","schema":{}}}}
    """#

private let badChats = [
    BadBody(#""model":"m","#, "", "$: required"),
    BadBody(#""temperature":0.5"#, #""temperature":2.5"#, "$.temperature: maximum"),
    BadBody(#""temperature":0.5"#, #""temperature":null"#, "$.temperature: type"),
    BadBody(#""temperature":0.5"#, #""temprature":0.5"#, "$: additionalProperties"),
    BadBody(#""temperature":0.5"#, #""max_tokens":5,"max_completion_tokens":5"#, "$.max_completion_tokens: false"),
    BadBody(#""temperature":0.5"#, #""input":"x""#, "$: additionalProperties"),
    BadBody(#""stream":true,"#, "", "$: required"),
    BadBody(#""stream":true,"#, #""stream":false,"#, "$.stream: const"),
    BadBody(#"["a"]"#, "[]", "$.stop: minItems"),
    BadBody(#"["a"]"#, #"["a","b","c","d","e"]"#, "$.stop: maxItems"),
    BadBody(#""logprobs":true,"#, "", "$: required"),
    BadBody(#""top_logprobs":3"#, #""top_logprobs":21"#, "$.top_logprobs: maximum"),
    BadBody(#""low""#, #""ultra""#, "$.reasoning_effort: enum"),
    BadBody(#""flex""#, #""ultrafast""#, "$.service_tier: enum"),
    BadBody(#""system","content":"S""#, #""system","content":null"#, "$.messages[0]: oneOf"),
    BadBody(#""text":"T""#, #""input_text":"T""#, "$.messages[1].content[0]: required"),
    BadBody("https://h/a", "file:///a", "$.messages[1].content[1].image_url.url: pattern"),
    BadBody(#"{"url":"https://h/a"}"#, #""https://h/a""#, "$.messages[1].content[1].image_url: type"),
    BadBody(#""id":"c1","#, "", "$.messages[2].tool_calls[0]: required"),
    BadBody(#""id":"c1","#, #""id":"c1","index":0,"#, "$.messages[2].tool_calls[0]: additionalProperties"),
    BadBody(#""arguments":"{}""#, #""arguments":{}"#, "$.messages[2].tool_calls[0].function.arguments: type"),
    BadBody(#""tool_call_id":"c1","#, "", "$.messages[3]: required"),
    BadBody(#""tool_call_id":"c1","#, #""tool_call_id":"","#, "$.messages[3].tool_call_id: minLength"),
    BadBody(
        #""type":"function","function":{"name":"f","p"#, #""type":"function","name":"f","x":{"p"#,
        "$.tools[0]: required"),
    BadBody(#""name":"f","parameters""#, #""name":"f 1","parameters""#, "$.tools[0].function.name: pattern"),
    BadBody(#""additionalProperties":false"#, #""additionalProperties":true"#, "$.tools[0].function: anyOf"),
    BadBody(#""required":[],"#, "", "$.tools[0].function: anyOf"),
    BadBody(#""auto""#, #"{"type":"function","name":"f"}"#, "$.tool_choice: oneOf"),
    BadBody(#""name":"o","schema":{}"#, #""schema":{}"#, "$.response_format.json_schema: required"),
    BadBody(#""json_schema":{"name""#, #""format":{"name""#, "$.response_format: required"),
]

private let responses = #"""
    {"model":"m","instructions":"I","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"T"},
    {"type":"input_image","image_url":"https://h/a","detail":"auto"}]},
    {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},
    {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
    {"type":"function_call_output","call_id":"c1","output":"R"}],"stream":true,"store":false,"max_output_tokens":16,
    "top_logprobs":0,"include":["message.output_text.logprobs"],"reasoning":{"effort":"low","summary":"auto"},
    "tools":[{"type":"function","name":"f","parameters":{},"strict":false}],
    "tool_choice":{"type":"function","name":"f"},"text":{"verbosity":"low","format":{"type":"json_object"}}}
    """#

private let badResponses = [
    BadBody(#""model":"m","#, "", "$: required"),
    BadBody(#""instructions":"I""#, #""instructions":null"#, "$.instructions: type"),
    BadBody(#""instructions":"I""#, #""messages":[]"#, "$: additionalProperties"),
    BadBody(#""instructions":"I""#, #""seed":1"#, "$: additionalProperties"),
    BadBody(
        #""instructions":"I""#, #""stream_options":{"include_usage":true}"#, "$.stream_options: additionalProperties"),
    BadBody(#""input_text","text":"T""#, #""text","text":"T""#, "$.input[0].content: oneOf"),
    BadBody(#","detail":"auto""#, "", "$.input[0].content[1]: required"),
    BadBody(#""https://h/a""#, #"{"url":"https://h/a"}"#, "$.input[0].content[1].image_url: type"),
    BadBody(#""role":"user","#, #""role":"user","name":"ann","#, "$.input[0]: additionalProperties"),
    BadBody(#""id":"rs_1","#, "", "$.input[1]: required"),
    BadBody(#""function_call","call_id":"c1""#, #""function_call","id":"c1""#, "$.input[2]: required"),
    BadBody(#""call_id":"c1","output""#, #""call_id":"","output""#, "$.input[3].call_id: minLength"),
    BadBody(#""max_output_tokens":16"#, #""max_output_tokens":15"#, "$.max_output_tokens: minimum"),
    BadBody(#""message.output_text.logprobs""#, #""reasoning.encrypted_content""#, "$.include: contains"),
    BadBody(#""store":false"#, #""store":false,"background":true"#, "$: anyOf"),
    BadBody(#""summary":"auto""#, #""summary":"brief""#, "$.reasoning.summary: enum"),
    BadBody(#","strict":false"#, "", "$.tools[0]: required"),
    BadBody(#""strict":false"#, #""strict":true"#, "$.tools[0]: anyOf"),
    BadBody(
        #"{"type":"function","name":"f","parameters":{},"strict":false}"#,
        #"{"type":"function","function":{"name":"f","parameters":{},"strict":false}}"#, "$.tools[0]: required"),
    BadBody(
        #""tool_choice":{"type":"function","name":"f"}"#, #""tool_choice":{"type":"function","function":{"name":"f"}}"#,
        "$.tool_choice: oneOf"),
    BadBody(#"{"type":"json_object"}"#, #"{"type":"json_schema","json_schema":{"name":"n"}}"#, "$.text.format: oneOf"),
]

@Suite struct RequestSchemaTests {
    @Test(arguments: [("chat-request", chat), ("responses-request", responses)])
    func aGoodBodyIsTaken(_ name: String, _ text: String) throws {
        let failures = try JSONSchema(named: name).failures(JSONParser.parse(text))
        #expect(failures.isEmpty, "\(failures)")
    }

    @Test(arguments: badChats) func aBadChatBodyIsRefused(_ item: BadBody) throws {
        let failures = try JSONSchema(named: "chat-request").failures(item.body(in: chat))
        #expect(failures.contains { "\($0.path): \($0.rule)" == item.failure }, "\(failures)")
    }

    @Test(arguments: badResponses) func aBadResponsesBodyIsRefused(_ item: BadBody) throws {
        let failures = try JSONSchema(named: "responses-request").failures(item.body(in: responses))
        #expect(failures.contains { "\($0.path): \($0.rule)" == item.failure }, "\(failures)")
    }
}
