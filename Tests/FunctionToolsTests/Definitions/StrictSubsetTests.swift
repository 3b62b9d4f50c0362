import ProviderCore
import Testing

@testable import FunctionTools

/// What strict mode takes.
@Suite struct StrictSubsetTests {
    static func problems(_ text: String) throws -> [String] {
        StrictSubset.problems(in: try JSONParser.parse(text)).map(\.description)
    }

    /// An object of strict mode with these properties.
    static func object(_ properties: [(String, String)], _ more: String = "") -> String {
        let members = properties.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
        let names = properties.map { "\"\($0.0)\"" }.joined(separator: ", ")
        return
            "{\"type\": \"object\", \"properties\": {\(members)}, \"required\": [\(names)], \"additionalProperties\": false\(more)}"
    }

    static let good: [String] = [
        object([]), object([("a", "{\"type\": [\"string\", \"null\"], \"pattern\": \"x\", \"format\": \"uuid\"}")]),
        object([("a", "{\"anyOf\": [\(object([])), {\"type\": \"null\"}]}"), ("b", "{\"const\": 1}")]),
        object(
            [("a", "{\"$ref\": \"#\"}"), ("b", "{\"$ref\": \"#/$defs/c\"}")], ", \"$defs\": {\"c\": \(object([]))}"),
        object([("a", "{\"type\": \"array\", \"items\": {\"enum\": [1, \"x\"]}, \"minItems\": 1, \"maxItems\": 2}")]),
        object([("a", "{\"type\": \"number\", \"multipleOf\": 2, \"minimum\": 1, \"exclusiveMaximum\": 3}")]),
        // Names that are keywords elsewhere.
        object([
            ("not", "{\"type\": \"string\"}"), ("default", "{\"type\": \"string\"}"),
            ("enum", "{\"type\": \"string\"}"),
        ]),
    ]

    @Test(arguments: good) func goodSchemasAreTaken(_ text: String) throws {
        #expect(try Self.problems(text) == [])
        _ = try JSONSchema(JSONParser.parse(text))
    }

    static let bad: [(text: String, problems: [String])] = [
        ("{\"anyOf\": [\(object([]))]}", ["/anyOf: strict mode wants an object at the root, not \"anyOf\""]),
        ("{\"type\": \"array\", \"items\": {}}", ["/type: strict mode wants \"type\": \"object\" at the root"]),
        ("true", ["schema: strict mode wants \"type\": \"object\" at the root"]),
        (
            object([("a", "{\"type\": \"object\"}")]),
            [
                "/properties/a: strict mode wants \"additionalProperties\": false in every object"
            ]
        ),
        (
            object([("a", "{\"type\": [\"object\", \"null\"], \"additionalProperties\": {}}")]),
            [
                "/properties/a/additionalProperties: strict mode wants \"additionalProperties\": false"
            ]
        ),
        (
            "{\"type\": \"object\", \"properties\": {\"a\": {}}, \"additionalProperties\": false}",
            [
                "/properties/a: strict mode wants all properties in \"required\", and \"a\" is not; what may be missing is of type "
                    + "null, too"
            ]
        ),
        (
            object([("a", "{\"type\": \"string\", \"format\": \"uri\"}")]),
            [
                "/properties/a/format: strict mode knows the formats date-time, time, date, duration, email, hostname, ipv4, "
                    + "ipv6, uuid, not \"uri\""
            ]
        ),
        (
            object([("a", "{}")], ", \"$defs\": {\"b\": {\"type\": \"string\", \"minLength\": 1}}"),
            [
                "/$defs/b/minLength: \"minLength\" is not allowed in strict mode"
            ]
        ),
    ]

    @Test(arguments: bad.indices) func badSchemasAreTold(_ row: Int) throws {
        #expect(try Self.problems(Self.bad[row].text) == Self.bad[row].problems)
    }

    @Test(arguments: [
        ("allOf", "[{}]"), ("oneOf", "[{}]"), ("not", "{\"type\": \"null\"}"), ("if", "{}"), ("then", "{}"),
        ("else", "{}"),
        ("dependentRequired", "{}"), ("dependentSchemas", "{}"), ("patternProperties", "{}"), ("minLength", "1"),
        ("maxLength", "1"), ("uniqueItems", "true"), ("default", "1"), ("contains", "{}"), ("propertyNames", "{}"),
    ])
    func refusedKeywordsAreTold(_ keyword: String, _ value: String) throws {
        let text = Self.object([("a", "{\"\(keyword)\": \(value)}")])
        #expect(try Self.problems(text) == ["/properties/a/\(keyword): \"\(keyword)\" is not allowed in strict mode"])
    }

    static func nested(_ levels: Int) -> String {
        (1..<levels).reduce(object([])) { inner, _ in object([("a", "{\"type\": \"array\", \"items\": \(inner)}")]) }
    }

    static func properties(_ count: Int, name: String = "p") -> String {
        object((0..<count).map { ("\(name)\($0)", "{}") })
    }

    static func values(_ count: Int, length: Int) -> String {
        let values = (0..<count).map { number in
            "\"" + String(repeating: "x", count: length - 5) + "\(10_000 + number)\""
        }
        return object([("a", "{\"enum\": [\(values.joined(separator: ","))]}")])
    }

    /// Each limit is kept at itself and told one beyond.
    @Test func limitsAreKept() throws {
        #expect(try Self.problems(Self.nested(10)) == [])
        #expect(
            try Self.problems(Self.nested(11)) == ["schema: the schema has 11 levels of nesting; strict mode takes 10"])
        #expect(try Self.problems(Self.properties(5_000)) == [])
        #expect(
            try Self.problems(Self.properties(5_001)) == [
                "schema: the schema has 5001 properties; strict mode takes 5000"
            ])
        #expect(try Self.problems(Self.values(1_000, length: 15)) == [])
        #expect(
            try Self.problems(Self.values(1_001, length: 14)) == [
                "schema: the schema has 1001 values of enums; strict mode takes 1000"
            ])
        #expect(try Self.problems(Self.values(250, length: 61)) == [])
        #expect(
            try Self.problems(Self.values(251, length: 60)) == [
                "/properties/a/enum: the enum has more than 250 values with 15060 characters; strict mode takes 15000"
            ])
        let long = String(repeating: "ü", count: 20_000)
        #expect(try Self.problems(Self.properties(6, name: String(long.dropLast()))) == [])
        #expect(
            try Self.problems(Self.properties(6, name: long)) == [
                "schema: the schema has 120006 characters in names and values; strict mode takes 120000"
            ])
    }

    /// A schema as deep as the parser reads is walked without recursion.
    @Test func deepSchemaIsWalked() throws {
        let text = String(repeating: "{\"not\":", count: 500) + "{}" + String(repeating: "}", count: 500)
        #expect(try Self.problems(text).count == 501)
    }
}
