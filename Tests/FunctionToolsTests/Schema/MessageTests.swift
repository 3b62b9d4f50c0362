import ProviderCore
import Testing

@testable import FunctionTools

/// What people read.
@Suite struct MessageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var schema: String
        var value: String
        /// Each violation as `RULE: SENTENCE`.
        var expected: [String]
        var testDescription: String { "\(schema) \(value)" }

        init(_ schema: String, _ value: String, _ expected: String...) {
            self.schema = schema
            self.value = value
            self.expected = expected
        }
    }

    static let cases = [
        Case(#"{"type": "integer"}"#, #""a""#, "/type: the value must be an integer, and is a string"),
        Case(#"{"type": "integer"}"#, "1.5", "/type: the value must be an integer, and is a number"),
        Case(
            #"{"type": ["string", "null", "number"]}"#, "[]",
            "/type: the value must be null, a number or a string, and is an array"),
        Case(
            #"{"properties": {"unit": {"enum": ["celsius", "fahrenheit"]}}}"#, #"{"unit": "celsus"}"#,
            #"/properties/unit/enum: unit must be one of "celsius", "fahrenheit", and is "celsus"; did you mean "celsius"?"#
        ),
        Case(#"{"const": 1}"#, "2", "/const: the value must be 1, and is 2"),
        Case(
            #"{"required": ["city", "unit"]}"#, #"{"unit": 1}"#, #"/required: the value must have the property "city""#),
        Case(
            #"{"properties": {"unit": true, "city": true}, "additionalProperties": false}"#, #"{"unitt": 1, "zzz": 2}"#,
            #"/additionalProperties: the value has no property "unitt"; did you mean "unit"?"#,
            #"/additionalProperties: the value has no property "zzz"; known are "unit", "city""#),
        Case(
            ##"{"properties": {"days": {"items": {"$ref": "#/$defs/day"}}}, "$defs": {"day": {"type": "integer"}}}"##,
            #"{"days": [1, "2", null]}"#, "/$defs/day/type: days[1] must be an integer, and is a string",
            "/$defs/day/type: days[2] must be an integer, and is null"),
        Case(#"{"minimum": 1}"#, "0.5", "/minimum: the value must be at least 1, and is 0.5"),
        Case(#"{"maximum": 1e2}"#, "101", "/maximum: the value must be at most 100, and is 101"),
        Case(#"{"exclusiveMinimum": 0}"#, "0", "/exclusiveMinimum: the value must be greater than 0, and is 0"),
        Case(#"{"exclusiveMaximum": 1}"#, "1", "/exclusiveMaximum: the value must be less than 1, and is 1"),
        Case(#"{"multipleOf": 0.01}"#, "0.125", "/multipleOf: the value must be a multiple of 0.01, and is 0.125"),
        Case(#"{"minLength": 2}"#, #""é""#, "/minLength: the value must have at least 2 characters, and has 1"),
        Case(#"{"maxLength": 1}"#, #""ab""#, "/maxLength: the value must have at most 1 character, and has 2"),
        Case(#"{"pattern": "^a"}"#, #""b""#, #"/pattern: the value must match the pattern ^a, and is "b""#),
        Case(#"{"minItems": 1}"#, "[]", "/minItems: the value must have at least 1 item, and has 0"),
        Case(#"{"maxItems": 1}"#, "[1, 2]", "/maxItems: the value must have at most 1 item, and has 2"),
        Case(
            #"{"uniqueItems": true}"#, "[1, 2, 1.0]",
            "/uniqueItems: the value must have no two equal items, and [0] and [2] are equal"),
        Case(
            #"{"prefixItems": [true], "items": false}"#, "[1, 2]",
            "/items: the value must have at most 1 item, and has 2"),
        Case(
            #"{"contains": {"type": "string"}}"#, "[1]",
            "/contains: the value must have at least 1 item that fits the rule contains, and has 0"),
        Case(
            #"{"maxProperties": 0}"#, #"{"a": 1}"#,
            "/maxProperties: the value must have at most 0 properties, and has 1"),
        Case(
            #"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#,
            #"/propertyNames: the value must not have a property named "ab": a name must have at most 1 character, and has 2"#
        ),
        Case(
            #"{"dependentRequired": {"a": ["b"]}}"#, #"{"a": 1}"#,
            #"/dependentRequired: the value must have the property "b", because it has "a""#),
        Case(#"{"properties": {"a": false}}"#, #"{"a": 1}"#, "/properties/a: a is not allowed here"),
        Case(#"{"not": {"type": "null"}}"#, "null", "/not: the value must not fit the rule not, and is null"),
        Case(
            #"{"anyOf": [{"type": "string"}, {"required": ["a"]}]}"#, "{}",
            "/anyOf: the value must fit at least one of 2 alternatives; of the closest, number 2, it must have the property "
                + #""a""#),
        Case(
            #"{"oneOf": [{"type": "integer"}, {"minimum": 1}]}"#, "2",
            "/oneOf: the value must fit only one of 2 alternatives, and fits those at /oneOf/0 and /oneOf/1"),
        Case(
            #"{"properties": {"a": true}, "unevaluatedProperties": false}"#, #"{"a": 1, "b": 2}"#,
            #"/unevaluatedProperties: the value has no property "b"; known are "a""#),
        Case(
            #"{"prefixItems": [true], "unevaluatedItems": false}"#, "[1, 2]",
            "/unevaluatedItems: the value must not have the item [1], which no rule allows"),
        Case(
            #"{"if": {"required": ["a"]}, "then": {"required": ["b"]}}"#, #"{"a": 1}"#,
            #"/then/required: the value must have the property "b""#),
        Case(
            #"{"$ref": "https://json-schema.org/draft/2020-12/schema"}"#, #"{"type": "strin"}"#,
            #"/$ref/$ref: the value must be a JSON Schema: /type: must be one of null, boolean, integer, number, string, "#
                + #"array, object, and is "strin"; did you mean "string"?"#),
    ]

    @Test(arguments: cases) func saysWhatIsWrong(_ test: Case) throws {
        let schema = try JSONSchema(JSONParser.parse(test.schema))
        let violations = try schema.violations(of: JSONParser.parse(test.value))
        #expect(violations.map { "\($0.rule): \($0)" } == test.expected)
    }

    @Test(arguments: [
        (
            #"{"type": "int"}"#,
            "/type: must be one of null, boolean, integer, number, string, array, object, and is \"int\"; "
                + "did you mean \"integer\"?"
        ),
        (#"{"type": []}"#, "/type: must name at least one type"),
        ("[]", "schema: must be an object or a boolean, and is an array"),
        (#"{"properties": {"a": 1}}"#, "/properties/a: must be an object or a boolean, and is an integer"),
        (#"{"properties": []}"#, "/properties: must be an object of schemas, and is an array"),
        (#"{"required": "a"}"#, "/required: must be an array of strings, and is a string"),
        (#"{"required": ["a", 1]}"#, "/required/1: must be a string, and is an integer"),
        (#"{"minLength": -1}"#, "/minLength: must be a whole number, 0 or greater, and is -1"),
        (#"{"minLength": 1.5}"#, "/minLength: must be a whole number, 0 or greater, and is 1.5"),
        (#"{"minimum": "1"}"#, "/minimum: must be a number, and is a string"),
        (#"{"exclusiveMinimum": true}"#, "/exclusiveMinimum: must be a number, and is a boolean"),
        (#"{"multipleOf": 0}"#, "/multipleOf: must be greater than 0"),
        (#"{"pattern": "("}"#, "/pattern: is no pattern that can be used: character 1: a group is not closed"),
        (
            #"{"patternProperties": {"[": true}}"#,
            "/patternProperties/[: is no pattern that can be used: character 1: a class is not closed"
        ),
        (#"{"items": [true]}"#, "/items: must be one schema; a list of them is `prefixItems` in draft 2020-12"),
        (#"{"allOf": []}"#, "/allOf: must be an array of schemas, and is empty"),
        (#"{"enum": 1}"#, "/enum: must be an array, and is an integer"),
        (
            ##"{"$ref": "#/$defs/dya", "$defs": {"day": true}}"##,
            "/$ref: refers to \"#/$defs/dya\", and nothing is there; did you mean \"#/$defs/day\"?"
        ),
        (
            #"{"$ref": "https://example.org/day.json#/x"}"#,
            "/$ref: refers to \"https://example.org/day.json\", which is not in this schema; nothing is loaded from elsewhere"
        ),
        (
            ##"{"$ref": "#"}"##,
            "schema: applies itself to the same value again without end: the whole schema → the whole schema"
        ),
        (#"{"$defs": {"a": {"$id": "x"}, "b": {"$id": "x"}}}"#, "/$defs/b/$id: is already the identifier of /$defs/a"),
        (
            #"{"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}"#,
            "/$defs/b/$anchor: is already the anchor of /$defs/a"
        ),
        (#"{"$anchor": "1x"}"#, "/$anchor: must be a name: a letter or _, then letters, digits, -, _ and dots"),
    ])
    func saysWhatIsWrongWithASchema(_ source: String, _ expected: String) throws {
        let value = try JSONParser.parse(source)
        #expect(JSONSchema.problems(in: value).map(\.description) == [expected])
        #expect(throws: SchemaProblem.self) { try JSONSchema(value) }
    }

    @Test func allProblemsAreTold() throws {
        let value = try JSONParser.parse(
            ##"{"type": "x", "properties": {"a": {"minimum": ""}, "b": {"$ref": "#/no"}}}"##)
        #expect(
            JSONSchema.problems(in: value).map(\.path.description) == [
                "/type", "/properties/a/minimum", "/properties/b/$ref",
            ])
    }

    @Test func noMoreThanTheLimit() throws {
        let schema = try JSONSchema(JSONParser.parse(#"{"items": {"type": "string"}}"#))
        let value = JSONValue.array(Array(repeating: .null, count: 50))
        #expect(schema.violations(of: value).count == 20)
        #expect(schema.violations(of: value, limit: 3).count == 3)
        #expect(schema.violations(of: value, limit: 0).count == 1)
    }

    @Test(arguments: [
        ("", "the value"), ("/days/0/city", "days[0].city"), ("/0", "[0]"), ("/a b/x~1y/~0", #"["a b"]["x/y"]["~"]"#),
        ("/größe", "größe"), ("/a-b/$c", "a-b.$c"), ("/", #"[""]"#),
    ])
    func placesInWords(_ text: String, _ words: String) throws {
        let pointer = try #require(JSONPointer(text: text))
        #expect(pointer.words == words)
        #expect(pointer.description == text)
    }

    @Test func malformedPointers() {
        #expect(JSONPointer(text: "a") == nil)
        #expect(JSONPointer(text: "/~2") == nil)
        #expect(JSONPointer(text: "/~") == nil)
    }

    @Test(arguments: [
        ("unitt", "unit"), ("Unit", "unit"), ("uint", "unit"), ("cty", "city"), ("locaton", "location"), ("x", nil),
        ("", nil), ("zzzzzz", nil), ("un", nil),
    ])
    func nearestWords(_ word: String, _ nearest: String?) {
        #expect(Spelling.nearest(to: word, among: ["unit", "city", "location"]) == nearest)
    }
}
