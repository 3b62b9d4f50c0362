import ProviderCore
import Testing

@testable import FunctionTools

/// Schemas and values that want to take stack, time or memory.
@Suite struct HostileTests {
    private static func nested(_ levels: Int, _ wrap: (JSONValue) -> JSONValue) -> JSONValue {
        (0..<levels).reduce(JSONValue.bool(true)) { value, _ in wrap(value) }
    }

    private static func member(_ name: String) -> @Sendable (JSONValue) -> JSONValue {
        { .object([JSONMember(name, $0)]) }
    }

    @Test(arguments: ["not", "items", "allOf", "properties", "const", "x-unknown"])
    func tenThousandLevelsOfSchema(_ keyword: String) {
        let source = Self.nested(10_000) { inner in
            switch keyword {
            case "allOf": .object([JSONMember("allOf", .array([inner]))])
            case "properties": .object([JSONMember("properties", .object([JSONMember("a", inner)]))])
            default: .object([JSONMember(keyword, inner)])
            }
        }
        #expect(JSONSchema.problems(in: source).map(\.message) == ["nests deeper than 513 levels"])
        #expect(throws: SchemaProblem.self) { try JSONSchema(source) }
    }

    @Test func tenThousandLevelsOfValue() throws {
        let schema = try JSONSchema(
            JSONParser.parse(##"{"items": {"$ref": "#"}, "properties": {"a": {"$ref": "#"}}}"##))
        for wrap in [{ .array([$0]) }, Self.member("a")] as [@Sendable (JSONValue) -> JSONValue] {
            let value = Self.nested(10_000, wrap)
            #expect(!schema.isValid(value))
            #expect(schema.violations(of: value).map(\.message) == ["nests deeper than 513 levels"])
            #expect(schema.root.violations(of: value, at: JSONPointer(["x"])).map(\.path.words) == ["x"])
            #expect(schema.isValid(Self.nested(512, wrap)))
        }
    }

    @Test func deepValuesAgainstAlternatives() throws {
        let schema = try JSONSchema(
            JSONParser.parse(
                ##"{"anyOf": [{"type": "boolean"}, {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}]}"##
            ))
        #expect(schema.isValid(Self.nested(512, Self.member("a"))))
        let wrong = schema.violations(of: Self.nested(511, Self.member("a")).replacingInnermost(with: .null))
        #expect(wrong.count == 1)
        #expect((wrong.first?.message.utf8.count ?? 0) < 1_000)
    }

    @Test func schemasThatApplyTooDeep() throws {
        let source = ##"{"allOf": [{"allOf": [{"allOf": [{"properties": {"a": {"$ref": "#"}}}]}]}]}"##
        let schema = try JSONSchema(JSONParser.parse(source))
        #expect(schema.isValid(Self.nested(200, Self.member("a"))))
        let violations = schema.violations(of: Self.nested(512, Self.member("a")))
        #expect(violations.map(\.message) == ["could not be checked: more than 1100 rules apply inside one another"])
        #expect(violations.map(\.keyword) == [""])
    }

    @Test(arguments: [
        ##"{"$ref": "#"}"##, ##"{"allOf": [{"$ref": "#"}]}"##, ##"{"anyOf": [true, {"$ref": "#"}]}"##,
        ##"{"oneOf": [{"$ref": "#"}]}"##, ##"{"not": {"$ref": "#"}}"##, ##"{"if": {"$ref": "#"}}"##,
        ##"{"if": true, "else": {"$ref": "#"}}"##, ##"{"dependentSchemas": {"a": {"$ref": "#"}}}"##,
        ##"{"$dynamicRef": "#x", "$dynamicAnchor": "x"}"##,
        ##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}}"##,
        ##"{"$ref": "#/x/y", "x": {"y": {"$ref": "#/x/y"}}}"##,
    ])
    func loopsAreProblems(_ source: String) throws {
        let problems = try JSONSchema.problems(in: JSONParser.parse(source))
        #expect(problems.count == 1)
        #expect(problems.first?.message.hasPrefix("applies itself to the same value again without end") == true)
    }

    /// A loop that only exists on one way through the schema, so that compiling cannot find it.
    @Test func dynamicLoopsEnd() throws {
        let schema = try JSONSchema(
            JSONParser.parse(
                ##"""
                {"$id": "https://example.org/outer", "$dynamicAnchor": "x", "$ref": "inner",
                 "$defs": {"inner": {"$id": "inner", "allOf": [{"$dynamicRef": "#x"}],
                                     "$defs": {"base": {"$dynamicAnchor": "x"}}}}}
                """##))
        #expect(schema.violations(of: .null).map(\.keyword) == [""])
        #expect(!schema.isValid(.null))
    }

    @Test func schemasThatMultiplyEnd() throws {
        let definitions = (0..<60).map { level -> JSONMember in
            let next = JSONValue.object([JSONMember("$ref", .string("#/$defs/d\(level + 1)"))])
            return JSONMember("d\(level)", .object([JSONMember("allOf", .array([next, next]))]))
        }
        let last = JSONMember("d60", .object([JSONMember("type", .string("null"))]))
        let schema = try JSONSchema(
            .object([
                JSONMember("$ref", .string("#/$defs/d0")), JSONMember("$defs", .object(definitions + [last])),
            ]))
        #expect(
            schema.violations(of: .null).map(\.message) == [
                "could not be checked: it would take more than 2000000 steps"
            ])
        // And where it would be turned into its opposite.
        let negated = try JSONSchema(
            .object([
                JSONMember("not", .object([JSONMember("$ref", .string("#/$defs/d0"))])),
                JSONMember("$defs", .object(definitions + [last])),
            ]))
        #expect(!negated.isValid(.null))
    }

    @Test func longChainsOfReferences() throws {
        let count = 20_000
        let definitions = (0..<count).map { level in
            JSONMember("d\(level)", .object([JSONMember("$ref", .string("#/$defs/d\(level + 1)"))]))
        }
        let last = JSONMember("d\(count)", .object([JSONMember("type", .string("null"))]))
        let schema = try JSONSchema(
            .object([
                JSONMember("$ref", .string("#/$defs/d0")), JSONMember("$defs", .object(definitions + [last])),
            ]))
        #expect(schema.isValid(.null))
        #expect(!schema.isValid(.int(1)))
        #expect(schema.root.allowedTypes == [.null])
    }

    @Test func aMegabyteOfEnum() throws {
        let values = (0..<100_000).map { JSONValue.string("value \($0)") }
        let schema = try JSONSchema(.object([JSONMember("enum", .array(values))]))
        #expect(schema.isValid(.string("value 99999")))
        #expect(schema.violations(of: .string("valu 99999")).first?.message.utf8.count ?? 0 < 400)
    }

    @Test func tooManySchemas() {
        let source = JSONValue.object([JSONMember("allOf", .array(Array(repeating: .bool(true), count: 50_000)))])
        #expect(JSONSchema.problems(in: source).map(\.message) == ["has more than 50000 schemas"])
    }

    @Test func manyWrongReferences() {
        let definitions = (0..<5_000).map { number in
            JSONMember("name \(number)", .object([JSONMember("$ref", .string("#/$defs/nam \(number)"))]))
        }
        let source = JSONValue.object([JSONMember("$defs", .object(definitions))])
        #expect(JSONSchema.problems(in: source).count == 100)
    }

    @Test func manyItems() throws {
        let schema = try JSONSchema(JSONParser.parse(#"{"uniqueItems": true}"#))
        let values = (0..<50_000).map { JSONValue.int($0) }
        #expect(schema.isValid(.array(values)))
        #expect(!schema.isValid(.array(values + [.number("49999.0")])))
        let members = (0..<50_000).map { JSONMember("k\($0)", .int($0)) }
        #expect(schema.isValid(.array([.object(members), .object(members.dropLast())])))
        #expect(!schema.isValid(.array([.object(members), .object(members.reversed())])))
    }

    @Test func hugeNumbersCostNothing() throws {
        let schema = try JSONSchema(
            JSONParser.parse(
                #"{"type": "integer", "multipleOf": 7, "minimum": -1e1000000000, "maxLength": 1e1000000000}"#))
        #expect(schema.isValid(.number("7e1000000000")))
        #expect(!schema.isValid(.number("1e1000000000")))
        #expect(schema.isValid(.number("7" + String(repeating: "0", count: 100_000))))
        #expect(
            schema.violations(of: .number("1e1000000000")).map(\.message) == [
                "must be a multiple of 7, and is 1e1000000000"
            ])
    }

    @Test func largePatternsOnLongTexts() throws {
        let schema = try JSONSchema(JSONParser.parse(#"{"pattern": "a.{9000}b"}"#))
        let text = String(repeating: "a", count: 1_000_000)
        #expect(schema.violations(of: .string(text)).map(\.keyword) == [""])
    }

    @Test func theLastOfRepeatedNamesCounts() throws {
        let schema = try JSONSchema(
            JSONParser.parse(
                #"{"properties": {"a": {"type": "integer"}}, "maxProperties": 1, "type": "string", "type": "object"}"#))
        #expect(try schema.isValid(JSONParser.parse(#"{"a": "x", "a": 1}"#)))
        #expect(try !schema.isValid(JSONParser.parse(#"{"a": 1, "a": "x"}"#)))
        let many = (0..<20).map { JSONMember("a", $0 == 19 ? .int(1) : .null) }
        #expect(schema.isValid(.object(many)))
    }

    @Test func referencesIntoWhatIsNoSchema() throws {
        // Each reference makes a schema of a part of what others have made schemas of.
        let depth = 100
        let deep = Self.nested(depth, Self.member("not"))
        let references = (0..<depth).map { level in
            JSONValue.object([JSONMember("$ref", .string("#/x" + String(repeating: "/not", count: level)))])
        }
        let schema = try JSONSchema(
            .object([JSONMember("items", .object([JSONMember("anyOf", .array(references))])), JSONMember("x", deep)]))
        #expect(schema.isValid(.array([.null])))
    }
}

extension JSONValue {
    /// A chain of single members with another value at its end.
    func replacingInnermost(with value: JSONValue) -> JSONValue {
        guard case .object(let members) = self, let member = members.first else { return value }
        return .object([JSONMember(member.key, member.value.replacingInnermost(with: value))])
    }
}
