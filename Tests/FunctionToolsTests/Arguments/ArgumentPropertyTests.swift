import ProviderCore
import TestSupport
import Testing

@testable import FunctionTools

/// Schemas, values and cuts by chance: the stream against the validator of whole values.
@Suite struct ArgumentPropertyTests {
    struct Rule: Hashable {
        var path: JSONPointer
        var keyword: String
    }

    /// A schema over the names and values that `RandomJSON` makes.
    static func schema(_ chance: SeededRandom, depth: Int = 0) -> String {
        let simple = [
            "{}", "true", "{\"type\": \"string\"}", "{\"type\": \"integer\"}", "{\"type\": [\"number\", \"null\"]}",
            "{\"type\": \"number\", \"minimum\": -0.5, \"exclusiveMaximum\": 12}",
            "{\"minLength\": 2, \"maxLength\": 7}",
            "{\"maxLength\": 3}", "{\"enum\": [\"a\", \"Zürich 🎈\", 12, null, \"\\\"\\\\/\\n\\u0001\\u007F\"]}",
            "{\"const\": \"Zürich\"}", "{\"pattern\": \"^[a-z ]*$\"}", "{\"type\": \"boolean\"}", "{\"$ref\": \"#\"}",
            "false",
            "{\"not\": {\"type\": \"string\"}}", "{\"type\": \"integer\", \"multipleOf\": 4}", "{\"const\": 0}",
        ]
        func inner() -> String { schema(chance, depth: depth + 1) }
        switch depth > 3 ? 0 : chance.next(below: 8) {
        case 0..<3: return simple[chance.next(below: simple.count)]
        case 3:
            return "{\"type\": \"array\", \"items\": \(inner()), \"minItems\": 1, \"maxItems\": 2}"
        case 4: return "{\"prefixItems\": [\(inner()), \(inner())], \"items\": \(inner()), \"uniqueItems\": true}"
        case 5: return "{\"anyOf\": [\(inner()), \(inner())]}"
        case 6: return "{\"allOf\": [\(inner()), \(inner())], \"type\": [\"object\", \"array\", \"string\"]}"
        default:
            let additional = ["", ", \"additionalProperties\": false", ", \"additionalProperties\": \(inner())"]
            let others = [
                "", ", \"required\": [\"city\"]", ", \"propertyNames\": {\"maxLength\": 4}",
                ", \"patternProperties\": {\"^.a\": \(inner())}",
                ", \"required\": [\"größe\", \"\"], \"maxProperties\": 2",
            ]
            return
                "{\"type\": \"object\", \"properties\": {\"city\": \(inner()), \"größe\": \(inner()), \"\": \(inner()), "
                + "\"~/\": \(inner())}" + additional[chance.next(below: 3)] + others[chance.next(below: 5)] + "}"
        }
    }

    /// Schemas with a loop of references, which cannot be used, are left out.
    static func usable(_ chance: SeededRandom) throws -> JSONSchema {
        while true {
            let source = try JSONParser.parse(schema(chance))
            if let schema = try? JSONSchema(source) { return schema }
        }
    }

    static func repeatsNames(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.contains(where: repeatsNames)
        case .object(let members):
            Set(members.map(\.key)).count < members.count || members.contains { repeatsNames($0.value) }
        default: false
        }
    }

    @Test(arguments: 0..<60) func agreesWithTheCheckOfTheWhole(_ seed: Int) throws {
        let random = RandomJSON(UInt64(5_000 + seed))
        for _ in 0..<60 {
            let schema = try Self.usable(random.chance)
            let value = random.value()
            let text = random.text(value)
            let violations = schema.violations(of: value, limit: 1_000)
            try #require(violations.count < ArgumentChecker.mostFaults)
            let expected = Set(violations.map { Rule(path: $0.path, keyword: $0.keyword) })
            var stream = ArgumentStream(schema: schema)
            var early: [ArgumentFault] = []
            for piece in random.pieces(text) {
                stream.append(piece)
                if stream.state == .growing { early += stream.faults }
                let count = stream.lines.count
                #expect(stream.faults.allSatisfy { $0.line < count })
                #expect(zip(stream.faults, stream.faults.dropFirst()).allSatisfy { $0.line <= $1.line })
            }
            stream.finish()
            let found = Set(stream.faults.map { Rule(path: $0.path, keyword: $0.keyword) })
            #expect(found == expected, "\(JSONWriter.string(schema.source)) \(text)")
            #expect(stream.faults.allSatisfy { $0.isFinal })
            guard !Self.repeatsNames(value) else { continue }
            for fault in early where !expected.contains(Rule(path: fault.path, keyword: fault.keyword)) {
                // What is inside a value that is wrong as a whole may be left out of the last word.
                let isInside = expected.contains { fault.path.tokens.starts(with: $0.path.tokens) }
                #expect(isInside, "\(fault) told of \(text) against \(JSONWriter.string(schema.source))")
            }
        }
    }

    /// A schema of rules that can all be told before the whole value closes.
    static func plainSchema(_ chance: SeededRandom, depth: Int = 0) -> String {
        let scalars = [
            "{}", "{\"type\": \"string\"}", "{\"type\": \"integer\"}", "{\"minLength\": 2, \"maxLength\": 7}",
            "{\"maxLength\": 0}",
            "{\"enum\": [\"a\", \"Zürich 🎈\", 12, null]}", "{\"const\": \"Zürich\"}",
            "{\"maximum\": 0, \"minimum\": 0}", "false",
            "{\"exclusiveMinimum\": 0, \"exclusiveMaximum\": 12}", "{\"exclusiveMinimum\": -1.5}", "{\"minimum\": 12}",
            "{\"$ref\": \"#\"}",
            "{\"maximum\": 11}", "{\"exclusiveMinimum\": 12}", "{\"exclusiveMaximum\": 0}",
            "{\"pattern\": \"^[a-z ]*$\"}",
        ]
        func inner() -> String { plainSchema(chance, depth: depth + 1) }
        switch depth > 3 ? 0 : chance.next(below: 5) {
        case 0, 1: return scalars[chance.next(below: scalars.count)]
        case 2: return "{\"items\": \(inner()), \"minItems\": 2, \"maxItems\": 2}"
        case 3: return "{\"prefixItems\": [\(inner()), \(inner())], \"items\": \(inner())}"
        default:
            let others = [
                "\"additionalProperties\": false", "\"additionalProperties\": \(inner())",
                "\"required\": [\"city\", \"x\"]",
                "\"propertyNames\": {\"maxLength\": 3}", "\"patternProperties\": {\"^.a\": \(inner())}",
            ]
            return "{\"properties\": {\"größe\": \(inner()), \"city\": \(inner()), \"~/\": \(inner())}, "
                + others[chance.next(below: 5)] + "}"
        }
    }

    /// What can be known is known before the last bracket closes.
    @Test(arguments: 0..<40) func everythingIsToldInTime(_ seed: Int) throws {
        let random = RandomJSON(UInt64(8_000 + seed))
        var told = 0
        for _ in 0..<200 {
            guard let schema = try? JSONSchema(JSONParser.parse(Self.plainSchema(random.chance))) else { continue }
            let value = JSONValue.array([random.value(depth: 1)])
            guard !Self.repeatsNames(value) else { continue }
            let text = random.text(value)
            var stream = ArgumentStream(schema: schema)
            let end = text.lastIndex(of: "]") ?? text.startIndex
            for piece in random.pieces(text[..<end] + " ") { stream.append(piece) }
            #expect(stream.state == .growing)
            let early = Set(stream.faults.map { Rule(path: $0.path, keyword: $0.keyword) })
            // An array's or object's own rules are told when it closes, and this one does not.
            let violations = schema.violations(of: value, limit: 90).filter {
                $0.keyword != "minItems" || !$0.path.tokens.isEmpty
            }
            let expected = Set(violations.map { Rule(path: $0.path, keyword: $0.keyword) })
            #expect(early.isSuperset(of: expected), "\(text) against \(JSONWriter.string(schema.source))")
            told += expected.count
        }
        #expect(told > 20)
    }

    /// Of a value that is valid, nothing is ever told, cut after every character.
    @Test(arguments: 0..<20) func nothingIsToldOfWhatIsValid(_ seed: Int) throws {
        let random = RandomJSON(UInt64(7_000 + seed))
        var seen = 0
        for _ in 0..<4_000 where seen < 40 {
            let schema = try Self.usable(random.chance)
            let value = random.value()
            guard schema.isValid(value), !Self.repeatsNames(value), value.doubleValue == nil else { continue }
            seen += 1
            let text = random.text(value)
            var stream = ArgumentStream(schema: schema)
            for scalar in text.unicodeScalars {
                stream.append(String(scalar))
                if !stream.faults.isEmpty { break }
            }
            #expect(stream.faults.isEmpty, "\(text) against \(JSONWriter.string(schema.source))")
        }
        #expect(seen > 20)
    }

    /// The harness must be able to fail: a checker of another schema is found out.
    @Test func otherSchemaIsFoundOut() throws {
        let chance = SeededRandom(1)
        var differences = 0
        for _ in 0..<200 {
            let value = RandomJSON(chance.bits()).value()
            let one = try Self.usable(chance)
            let other = try Self.usable(chance)
            var stream = ArgumentStream(schema: one)
            stream.append(JSONWriter.string(value))
            stream.finish()
            let found = Set(stream.faults.map { Rule(path: $0.path, keyword: $0.keyword) })
            if found != Set(other.violations(of: value).map { Rule(path: $0.path, keyword: $0.keyword) }) {
                differences += 1
            }
        }
        #expect(differences > 50)
    }

    /// Containers are checked when they close only as long as that is no more work than reading: of arrays in arrays, each
    /// with an alternative that it misses, the innermost are told while they arrive, and the others when all is there.
    @Test func checksOfContainersStayLinear() throws {
        let schema = try JSONSchema(
            JSONParser.parse("{\"items\": {\"$ref\": \"#\"}, \"anyOf\": [{\"maxItems\": 0}, {\"type\": \"null\"}]}"))
        var stream = ArgumentStream(schema: schema)
        let depth = 90
        stream.append(String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth - 1))
        #expect(stream.state == .growing)
        #expect((5..<20).contains(stream.faults.count), "3 + 5 + 7 … bytes, as far as they are fewer than 180")
        stream.append("]")
        #expect(stream.faults.count == depth)
    }
}
