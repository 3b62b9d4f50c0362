import ProviderCore
import Testing

@testable import FunctionTools

@Suite struct CursorTests {
    static let schema = ##"""
        {"type": "object", "required": ["city"], "additionalProperties": false,
         "properties": {
          "city": {"type": "string", "maxLength": 80},
          "unit": {"enum": ["celsius", "fahrenheit"]},
          "days": {"type": "array", "maxItems": 7, "prefixItems": [{"const": 0}], "items": {"$ref": "#/$defs/day"}},
          "when": {"allOf": [{"type": ["string", "number"]}, {"type": ["integer", "null"]}, {"maxLength": 5}]},
          "none": false,
          "free": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
         "patternProperties": {"^x-": {"type": "integer"}},
         "$defs": {"day": {"type": "object", "properties": {"next": {"$ref": "#/$defs/day"}}, "required": ["t"],
                           "propertyNames": {"maxLength": 4}, "additionalProperties": {"type": "number"}}}}
        """##

    private func root() throws -> SchemaCursor { try JSONSchema(JSONParser.parse(Self.schema)).root }

    @Test func namesOfAnObject() throws {
        let root = try root()
        #expect(root.allowedTypes == [.object])
        #expect(root.knownNames == ["city", "unit", "days", "when", "none", "free"])
        #expect(root.requiredNames == ["city"])
        #expect(root.refusesUnknownNames)
        #expect(root.refuses(name: "citty"))
        #expect(root.refuses(name: "none"))
        #expect(!root.refuses(name: "city"))
        #expect(!root.refuses(name: "x-any"))
        #expect(root.property("citty")?.isRefused == true)
        #expect(root.property("x-any")?.allowedTypes == [.integer])
    }

    @Test func valuesOfMembers() throws {
        let root = try root()
        #expect(root.property("city")?.maxLength == 80)
        #expect(root.property("unit")?.allowedValues == [.string("celsius"), .string("fahrenheit")])
        #expect(root.property("unit")?.allowedTypes == nil)
        #expect(root.property("when")?.allowedTypes == [.integer])
        #expect(root.property("when")?.maxLength == 5)
        #expect(root.property("free")?.allowedTypes == nil)
        #expect(root.property("days")?.maxItems == 7)
    }

    @Test func elementsAndReferences() throws {
        let days = try #require(try root().property("days"))
        #expect(days.item(0)?.allowedValues == [.int(0)])
        let day = try #require(days.item(1))
        #expect(day.requiredNames == ["t"])
        #expect(!day.refusesUnknownNames)
        #expect(day.refuses(name: "longer"))
        #expect(day.property("t")?.allowedTypes == [.integer, .number])
        #expect(day.property("next")?.property("next")?.requiredNames == ["t"])
        #expect(try root().property("city")?.item(0) == nil)
        #expect(try root().item(0) == nil)
    }

    @Test func finishedValues() throws {
        let free = try #require(try root().property("free"))
        #expect(free.violations(of: .null, at: JSONPointer(["free"])) == [])
        let violations = free.violations(of: .int(1), at: JSONPointer(["free"]))
        #expect(violations.map(\.path.description) == ["/free"])
        #expect(violations.map(\.rule.description) == ["/properties/free/anyOf"])
        let day = try #require(try root().property("days")?.item(1))
        let inner = day.violations(of: .object([JSONMember("t", .null)]), at: JSONPointer(["days", "1"]))
        #expect(inner.map(\.description) == ["days[1].t must be a number, and is null"])
    }

    @Test func schemasAreComparedBySource() throws {
        let source = try JSONParser.parse(Self.schema)
        #expect(try JSONSchema(source) == JSONSchema(source))
        #expect(try JSONSchema(source).hashValue == JSONSchema(source).hashValue)
        #expect(try JSONSchema(source) != JSONSchema(.bool(true)))
        #expect(try JSONSchema(source).root.knownNames.count == 6)
    }
}
