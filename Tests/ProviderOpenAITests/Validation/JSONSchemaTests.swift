import ProviderCore
import Testing

/// A schema, values that it accepts, and values that it refuses with the place and the rule it must name.
struct KeywordCase: Sendable, CustomTestStringConvertible {
    let schema: String
    let accepted: [String]
    let refused: [(String, String)]

    var testDescription: String { schema }
}

private let keywords = [
    KeywordCase(schema: #"{"type":"null"}"#, accepted: ["null"], refused: [("0", "$: type")]),
    KeywordCase(schema: #"{"type":"boolean"}"#, accepted: ["false"], refused: [("\"x\"", "$: type")]),
    KeywordCase(
        schema: #"{"type":"integer"}"#, accepted: ["1", "-2", "1.0", "1e3"],
        refused: [("1.5", "$: type"), ("\"1\"", "$: type"), ("null", "$: type")]),
    KeywordCase(schema: #"{"type":"number"}"#, accepted: ["1", "1.5"], refused: [("true", "$: type")]),
    KeywordCase(schema: #"{"type":"string"}"#, accepted: ["\"\""], refused: [("[]", "$: type")]),
    KeywordCase(schema: #"{"type":"array"}"#, accepted: ["[1]"], refused: [("{}", "$: type")]),
    KeywordCase(schema: #"{"type":"object"}"#, accepted: ["{\"a\":1}"], refused: [("[]", "$: type")]),
    KeywordCase(
        schema: #"{"enum":["a",1,{"x":[2],"y":3}]}"#, accepted: ["\"a\"", "1.0", #"{"y":3,"x":[2.0]}"#],
        refused: [("\"b\"", "$: enum"), ("2", "$: enum"), (#"{"x":[2]}"#, "$: enum")]),
    KeywordCase(
        schema: #"{"const":true}"#, accepted: ["true"], refused: [("false", "$: const"), ("1", "$: const")]),
    KeywordCase(
        schema: #"{"required":["a","b"]}"#, accepted: [#"{"a":1,"b":null}"#, "7"],
        refused: [(#"{"a":1}"#, "$: required")]),
    KeywordCase(
        schema: #"{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}"#,
        accepted: ["{}", #"{"a":{"b":"x"},"c":1}"#], refused: [(#"{"a":{"b":1}}"#, "$.a.b: type")]),
    KeywordCase(
        schema: #"{"properties":{"a":{}},"additionalProperties":false}"#, accepted: [#"{"a":1}"#, "{}", "3"],
        refused: [(#"{"a":1,"b":2}"#, "$: additionalProperties")]),
    KeywordCase(
        schema: #"{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}"#,
        accepted: [#"{"a":"x","b":2}"#], refused: [(#"{"b":"x"}"#, "$.b: type")]),
    KeywordCase(
        schema: #"{"maxProperties":1}"#, accepted: [#"{"a":1}"#], refused: [(#"{"a":1,"b":2}"#, "$: maxProperties")]),
    KeywordCase(
        schema: #"{"items":{"items":{"type":"string"}}}"#, accepted: ["[]", #"[["a"],[]]"#, "{}"],
        refused: [(#"[[],["a",1]]"#, "$[1][1]: type")]),
    KeywordCase(
        schema: #"{"contains":{"const":2}}"#, accepted: ["[1,2]", "5"],
        refused: [("[1]", "$: contains"), ("[]", "$: contains")]),
    KeywordCase(
        schema: #"{"minItems":1,"maxItems":2}"#, accepted: ["[1]", "[1,2]", "{}"],
        refused: [("[]", "$: minItems"), ("[1,2,3]", "$: maxItems")]),
    KeywordCase(
        schema: #"{"minimum":0,"maximum":2}"#, accepted: ["0", "2", "1.5", "\"9\""],
        refused: [("-0.1", "$: minimum"), ("2.1", "$: maximum")]),
    KeywordCase(
        schema: #"{"minLength":1,"maxLength":2}"#, accepted: ["\"a\"", "\"éß\"", "[]"],
        refused: [("\"\"", "$: minLength"), ("\"abc\"", "$: maxLength")]),
    KeywordCase(
        schema: #"{"pattern":"^[a-z_-]{1,3}$"}"#, accepted: ["\"a-b\"", "4"],
        refused: [("\"\"", "$: pattern"), ("\"abcd\"", "$: pattern"), ("\"A\"", "$: pattern")]),
    KeywordCase(schema: #"{"pattern":"b"}"#, accepted: ["\"abc\""], refused: [("\"ac\"", "$: pattern")]),
    KeywordCase(
        schema: #"{"oneOf":[{"type":"integer"},{"minimum":10}]}"#, accepted: ["5", "10.5", "\"x\""],
        refused: [("12", "$: oneOf"), ("1.5", "$: oneOf"), ("1.5", "$: minimum")]),
    KeywordCase(
        schema: #"{"oneOf":[{"properties":{"t":{"const":1}}},{"properties":{"t":{"const":2},"u":{"minimum":3}}}]}"#,
        accepted: [#"{"t":1}"#, #"{"t":2}"#], refused: [(#"{"t":2,"u":1}"#, "$.u: minimum")]),
    KeywordCase(
        schema: #"{"anyOf":[{"type":"integer"},{"minimum":10}]}"#, accepted: ["5", "12", "10.5"],
        refused: [("1.5", "$: anyOf")]),
    KeywordCase(
        schema: #"{"allOf":[{"type":"integer"},{"minimum":10}]}"#, accepted: ["12"],
        refused: [("5", "$: minimum"), ("10.5", "$: type")]),
    KeywordCase(
        schema: #"{"dependentSchemas":{"a":{"required":["b"]}}}"#, accepted: ["{}", #"{"a":1,"b":1}"#, #"{"b":1}"#],
        refused: [(#"{"a":1}"#, "$: required")]),
    KeywordCase(
        schema: ##"{"$ref":"#/$defs/list","$defs":{"list":{"properties":{"next":{"$ref":"#/$defs/list"},"##
            + ##""n":{"type":"integer"}}}}}"##,
        accepted: [#"{"next":{"next":{"n":1}}}"#], refused: [(#"{"next":{"next":{"n":"x"}}}"#, "$.next.next.n: type")]),
    KeywordCase(schema: "true", accepted: ["1", "null"], refused: []),
    KeywordCase(schema: #"{"properties":{"a":false}}"#, accepted: ["{}"], refused: [(#"{"a":1}"#, "$.a: false")]),
]

@Suite struct JSONSchemaTests {
    @Test(arguments: keywords) func keyword(_ item: KeywordCase) throws {
        let schema = try JSONSchema(JSONParser.parse(item.schema))
        for text in item.accepted {
            let failures = try schema.failures(JSONParser.parse(text))
            #expect(failures.isEmpty, "\(text): \(failures)")
        }
        for (text, named) in item.refused {
            let failures = try schema.failures(JSONParser.parse(text)).map { "\($0.path): \($0.rule)" }
            #expect(failures.contains(named), "\(text): \(failures)")
        }
    }

    @Test(arguments: [
        #"{"require":["a"]}"#, #"{"properties":{"a":{"minimun":1}}}"#, #"{"type":"int"}"#, #"{"enum":[]}"#,
        ##"{"$ref":"#/$defs/none"}"##, #"{"items":[{}]}"#, #"{"oneOf":{}}"#, #"{"pattern":"("}"#, "3",
        #"{"minItems":"1"}"#, #"{"required":[1]}"#, #"{"dependentSchemas":{"a":["b"]}}"#,
    ]) func aSchemaThatIsWrongIsRefused(_ text: String) throws {
        let schema = try JSONParser.parse(text)
        #expect(throws: (any Error).self) { try JSONSchema(schema) }
    }
}
