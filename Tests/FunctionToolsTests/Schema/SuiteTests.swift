import Foundation
import ProviderCore
import Testing

@testable import FunctionTools

/// The required tests of draft 2020-12 from the official JSON-Schema-Test-Suite.
@Suite struct SuiteTests {
    /// A group of cases: one schema and values that are valid or not.
    struct Group: Sendable, CustomTestStringConvertible {
        var file: String
        var name: String
        var schema: JSONValue
        var cases: [(name: String, value: JSONValue, isValid: Bool)]

        var key: String { "\(file): \(name)" }
        var testDescription: String { key }
    }

    /// Groups that need a schema from elsewhere. What is written about each is why.
    static let excluded: [String: String] = [
        "dynamicRef: strict-tree schema, guards against misspelled properties": "extends tree.json, a remote schema",
        "dynamicRef: tests for implementation dynamic anchor and reference link":
            "extends extendible-dynamic-ref.json, a remote schema",
        "dynamicRef: $ref and $dynamicAnchor are independent of order - $defs first":
            "extends extendible-dynamic-ref.json, a remote schema",
        "dynamicRef: $ref and $dynamicAnchor are independent of order - $ref first":
            "extends extendible-dynamic-ref.json, a remote schema",
        "dynamicRef: $ref to $dynamicRef finds detached $dynamicAnchor":
            "refers to detached-dynamicref.json, a remote schema",
        "vocabulary: schema that uses custom metaschema with with no validation vocabulary":
            "its $schema is a remote schema, whose vocabularies would have to be read",
    ]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/JSONSchemaTestSuite/draft2020-12")

    static let all = groups(in: folder)
    static let optional = groups(in: folder.appending(path: "optional"))

    private static func groups(in folder: URL) -> [Group] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name -> [Group] in
            guard let data = try? Data(contentsOf: folder.appending(path: name)),
                let document = try? JSONParser.parse(Array(data))
            else { return [] }
            return (document.arrayValue ?? []).map { group(String(name.dropLast(5)), $0) }
        }
    }

    /// What is run: all groups but those that need something from elsewhere.
    static let run = all.filter { $0.file != "refRemote" && excluded[$0.key] == nil }

    private static func group(_ file: String, _ value: JSONValue) -> Group {
        Group(
            file: file, name: value["description"]?.stringValue ?? "", schema: value["schema"] ?? .null,
            cases: (value["tests"]?.arrayValue ?? []).map { test in
                (test["description"]?.stringValue ?? "", test["data"] ?? .null, test["valid"]?.boolValue ?? false)
            })
    }

    /// The cases whose answer is wrong.
    static func failures(_ group: Group, _ schema: JSONSchema) -> [String] {
        group.cases.filter { test in
            let violations = schema.violations(of: test.value)
            return violations.isEmpty != test.isValid || schema.isValid(test.value) != test.isValid
        }.map(\.name)
    }

    @Test(arguments: run) func answersAsTheSuite(_ group: Group) throws {
        let schema = try JSONSchema(group.schema)
        #expect(Self.failures(group, schema) == [], "\(group.key)")
    }

    @Test(arguments: optional) func answersAsTheOptionalTests(_ group: Group) throws {
        let schema = try JSONSchema(group.schema)
        #expect(Self.failures(group, schema) == [], "\(group.key)")
    }

    @Test func allCasesAreRun() {
        let count = Self.all.reduce(0) { $0 + $1.cases.count }
        let run = Self.run.reduce(0) { $0 + $1.cases.count }
        print("JSON-Schema-Test-Suite: \(run) of \(count) required cases run, the others need remote schemas")
        #expect(count == 1299)
        #expect(Self.optional.reduce(0) { $0 + $1.cases.count } == 121)
        #expect(run == 1252)
        #expect(Set(Self.excluded.keys).isSubset(of: Self.all.map(\.key)))
    }

    @Test func whatIsExcludedIsRefusedInWords() {
        for group in Self.all
        where group.file == "refRemote" || group.file == "dynamicRef" && Self.excluded[group.key] != nil {
            let problems = JSONSchema.problems(in: group.schema)
            #expect(problems.contains { $0.message.contains("nothing is loaded from elsewhere") }, "\(group.key)")
        }
    }

    /// Negative control: without a keyword some answers have to be wrong.
    @Test(arguments: [
        "required", "type", "unevaluatedProperties", "multipleOf", "pattern", "$dynamicRef", "uniqueItems",
    ])
    func findsAMissingKeyword(_ keyword: String) {
        let failures = Self.run.flatMap { group -> [String] in
            guard let schema = try? JSONSchema(group.schema.without(keyword)) else { return [] }
            return Self.failures(group, schema)
        }
        #expect(!failures.isEmpty)
    }
}

extension JSONValue {
    /// The value without all members of a name.
    func without(_ name: String) -> JSONValue {
        switch self {
        case .array(let elements): .array(elements.map { $0.without(name) })
        case .object(let members):
            .object(members.filter { $0.key != name }.map { JSONMember($0.key, $0.value.without(name)) })
        default: self
        }
    }
}
