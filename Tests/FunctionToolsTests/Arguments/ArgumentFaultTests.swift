import ProviderCore
import Testing

@testable import FunctionTools

/// What a stream says against the schema, and when.
@Suite struct ArgumentFaultTests {
    static let weather = """
        {"type": "object", "additionalProperties": false, "required": ["city", "days"], "properties": {
        "city": {"type": "string", "maxLength": 12}, "days": {"type": "integer", "minimum": 1, "maximum": 14},
        "unit": {"enum": ["celsius", "fahrenheit", "kelvin\\n"]}, "mode": {"const": "fast"}, "deep": {"$ref": "#"},
        "hours": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3},
        "place": {"anyOf": [{"type": "object", "required": ["lat"]}, {"type": "null"}]},
        "tags": {"type": "object", "propertyNames": {"maxLength": 3}, "patternProperties": {"^x": {"type": "null"}}}}}
        """

    static func stream(_ text: String, schema: String = weather) throws -> ArgumentStream {
        var stream = ArgumentStream(schema: try JSONSchema(JSONParser.parse(schema)))
        for scalar in text.unicodeScalars { stream.append(String(scalar)) }
        return stream
    }

    /// Text so far, and all faults as `LINE PLACE MESSAGE`, `*` before those that are not final.
    static let table: [(text: String, faults: [String])] = [
        ("", []), ("{", []), ("[", ["0 the value must be an object, and is an array"]),
        ("\"", ["0* the value must be an object, and is a string"]), ("{\"city\": ", []),
        ("{\"city\": -", ["1* city must be a string, and is a number"]),
        ("{\"city\": 1,", ["1 city must be a string, and is an integer"]),
        ("{\"city\": {\"a\": 1", ["1 city must be a string, and is an object"]),
        ("{\"days\": \"", ["1* days must be an integer, and is a string"]), ("{\"days\": 1.5", []),
        ("{\"days\": 1.5 ", ["1 days must be an integer, and is a number"]), ("{\"days\": 1.0 ", []),
        ("{\"days\": 20", []), ("{\"days\": 20,", ["1 days must be at most 14, and is 20"]),
        (
            "{\"days\": -0}",
            [
                "0 the value must have the property \"city\"", "1 days must be at least 1, and is -0",
            ]
        ),
        ("{\"citty", []),
        ("{\"citty\"", ["1 the value has no property \"citty\"; did you mean \"city\"?"]),
        ("{\"c\\u0069ty\": 1,", ["1 city must be a string, and is an integer"]),
        (
            "{\"days\": 1,\"zzz\": [",
            [
                "2 the value has no property \"zzz\"; known are \"city\", \"days\", \"unit\", \"mode\", \"deep\", \"hours\", "
                    + "\"place\", \"tags\""
            ]
        ),
        ("{\"unit\": \"fahr", []),
        (
            "{\"unit\": \"fahrx",
            [
                "1* unit must be one of \"celsius\", \"fahrenheit\", \"kelvin\\n\", and begins otherwise"
            ]
        ),
        (
            "{\"unit\": \"fahr\"",
            [
                "1 unit must be one of \"celsius\", \"fahrenheit\", \"kelvin\\n\", and is \"fahr\""
            ]
        ),
        ("{\"unit\": \"kelvin\\u000", []), ("{\"unit\": \"kelvin\\u000A", []), ("{\"unit\": \"kelvin\\u000a\"", []),
        (
            "{\"unit\": \"kelvin\\u000b",
            [
                "1* unit must be one of \"celsius\", \"fahrenheit\", \"kelvin\\n\", and begins otherwise"
            ]
        ),
        ("{\"mode\": \"f\\", []), ("{\"mode\": \"s", ["1* mode must be \"fast\", and begins otherwise"]),
        ("{\"mode\": \"slow\"", ["1 mode must be \"fast\", and is \"slow\""]),
        ("{\"city\": \"123456789012", []), ("{\"city\": \"12345678901\\ud83d\\ude00\"", []),
        ("{\"city\": \"1234567890123", ["1* city must have at most 12 characters, and has more"]),
        ("{\"city\": \"12345678901234\"", ["1 city must have at most 12 characters, and has 14"]),
        ("{\"hours\": [1, 2, 3", []),
        ("{\"hours\": [1, 2, 3, 4", ["5* hours must have at most 3 items, and has more"]),
        ("{\"hours\": [1, \"", ["3* hours[1] must be an integer, and is a string"]),
        ("{\"tags\": {\"y\": 1, \"x\": 1,", ["3 tags.x must be null, and is an integer"]),
        ("{\"city\": \"1234567890123\"", ["1 city must have at most 12 characters, and has 13"]),
        ("{\"unit\": 1", ["1* unit must be one of \"celsius\", \"fahrenheit\", \"kelvin\\n\", and is a number"]),
        ("{\"unit\": [", ["1 unit must be one of \"celsius\", \"fahrenheit\", \"kelvin\\n\", and is an array"]),
        ("{\"hours\": [1, 2]", []),
        ("{\"hours\": [1]", ["1 hours must have at least 2 items, and has 1"]),
        ("{\"deep\": {\"deep\": {\"city\": null", ["3* deep.deep.city must be a string, and is null"]),
        ("{\"deep\": {\"city\": \"a\"}", ["1 deep must have the property \"days\""]),
        ("{\"place\": {\"lat\": 1}", []), ("{\"place\": null,", []),
        (
            "{\"place\": {}",
            [
                "1 place must fit at least one of 2 alternatives; of the closest, number 1, it must have the property "
                    + "\"lat\""
            ]
        ),
        ("{\"tags\": {\"x\": 1,", ["2 tags.x must be null, and is an integer"]), ("{\"tags\": {\"y\": 1,", []),
        ("{\"tags\": {\"long\"", ["2* tags must not have a property named \"long\""]),
        ("{\"city\": \"Bern\", \"days\": 3}", []),
        ("{\"city\": \"Bern\", \"days\": 3, \"days\": 99}", ["3 days must be at most 14, and is 99"]),
    ]

    @Test(arguments: table.indices) func toldAsSoonAsKnown(_ row: Int) throws {
        let stream = try Self.stream(Self.table[row].text)
        #expect(stream.faults.map { "\($0.line)\($0.isFinal ? "" : "*") \($0)" } == Self.table[row].faults)
        for (index, fault) in stream.faults.enumerated() where stream.lines[fault.line].firstFault == index {
            #expect(stream.faults[..<index].allSatisfy { $0.line < fault.line })
        }
    }

    /// What was told of the first of two equal names is gone when the second one is right.
    @Test func lastOfEqualNamesCounts() throws {
        let text = "{\"city\": \"Bern\", \"days\": \"x\", \"days\": 2}"
        let growing = try Self.stream(String(text.dropLast()))
        #expect(growing.faults.map(\.path) == [JSONPointer(["days"])])
        #expect(try Self.stream(text).faults.isEmpty)
    }

    @Test func linesKnowTheirFirstFault() throws {
        let stream = try Self.stream("{\"days\": 1, \"citty\": 2, \"hours\": [\"a\", 1, null]}")
        #expect(stream.faults.map(\.line) == [0, 2, 4, 6])
        #expect(stream.lines.map(\.firstFault) == [0, nil, 1, nil, 2, nil, 3, nil, nil])
    }

    /// Of long allowed values every piece is compared once.
    @Test func longAllowedStringsAreFollowed() throws {
        let long = String(repeating: "aé\\u00e9🎈\\ud83c\\udf88", count: 2_000)
        var stream = ArgumentStream(
            schema: try JSONSchema(JSONParser.parse("{\"enum\": [\"b\", \"\(long)c\", \"\(long)d\"]}")))
        for scalar in "\"\(long)".unicodeScalars { stream.append(String(scalar)) }
        #expect(stream.faults.isEmpty)
        var good = stream
        good.append("d\"")
        #expect(good.faults.isEmpty && good.state == .whole)
        stream.append("e")
        #expect(stream.faults.map(\.keyword) == ["enum"])
    }

    @Test func countOfFaultsIsBounded() throws {
        let schema = "{\"type\": \"array\", \"items\": {\"type\": \"null\"}}"
        let text = "[" + Array(repeating: "1", count: 5_000).joined(separator: ",")
        #expect(try Self.stream(text, schema: schema).faults.count == ArgumentChecker.mostFaults)
        #expect(try Self.stream(text + "]", schema: schema).faults.count == ArgumentChecker.mostFaults)
    }

    @Test func booleanSchemasAreObeyed() throws {
        #expect(try Self.stream("{\"a\": 1}", schema: "true").faults.isEmpty)
        #expect(try Self.stream("[", schema: "false").faults.map(\.description) == ["the value is not allowed here"])
        #expect(try Self.stream("[1]", schema: "false").faults.map(\.keyword) == ["false"])
        let two = "{\"prefixItems\": [{}, {}], \"items\": false}"
        #expect(try Self.stream("[1, 2, ", schema: two).faults.isEmpty)
        let told = try Self.stream("[1, 2, 3, 4", schema: two).faults
        #expect(told.map(\.description) == ["the value must have at most 2 items, and has more"] && told[0].line == 3)
        let none = "{\"properties\": {\"a\": false}}"
        #expect(try Self.stream("{\"a\"", schema: none).faults.map(\.description) == ["a is not allowed here"])
    }
}
