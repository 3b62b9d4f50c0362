import Foundation
import ProviderCore

/// A schema that cannot be used: what is wrong and where.
struct JSONSchemaError: Error, CustomStringConvertible {
    let place: String
    let message: String

    var description: String { "\(place): \(message)" }
}

/// One rule that a value breaks.
struct SchemaFailure: Hashable, CustomStringConvertible {
    /// The value's place: `$.messages[0].content`.
    let path: String
    /// The keyword.
    let rule: String
    /// What was found.
    let detail: String

    var description: String { "\(path): \(rule): \(detail)" }
}

/// A JSON Schema of the 2020-12 draft, as much of it as the schemas beside this file use. A keyword that is not known is
/// refused when the schema is read, so that a rule spelt wrong cannot pass for one that holds.
struct JSONSchema {
    let root: JSONValue
    private(set) var patterns: [String: Regex<AnyRegexOutput>] = [:]

    /// Reads a schema. Throws `JSONSchemaError`.
    init(_ root: JSONValue) throws {
        self.root = root
        try check(root, "#")
    }

    /// The schema of this name in the folder of schemas.
    init(named name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Schemas/\(name).schema.json")
        try self.init(JSONParser.parse([UInt8](Data(contentsOf: file))))
    }

    /// What of a value breaks the schema, in the schema's order; empty when it is valid.
    func failures(_ value: JSONValue) -> [SchemaFailure] { failures(value, root, "$") }

    /// The schema that a reference into this document means.
    func resolved(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return reference == "#" ? root : nil }
        return reference.dropFirst(2).split(separator: "/").reduce(Optional(root)) { $0?[String($1)] }
    }
}

// MARK: Reading

extension JSONSchema {
    private static let notes: Set<String> = ["$schema", "$comment", "title", "description"]
    private static let oneSchema: Set<String> = ["additionalProperties", "items", "contains"]
    private static let schemasByName: Set<String> = ["$defs", "properties", "dependentSchemas"]
    private static let schemaLists: Set<String> = ["oneOf", "anyOf", "allOf"]
    private static let limits: Set<String> = [
        "minItems", "maxItems", "minLength", "maxLength", "maxProperties", "minimum", "maximum",
    ]
    private static let types: Set<String> = ["null", "boolean", "integer", "number", "string", "array", "object"]

    private mutating func check(_ schema: JSONValue, _ place: String) throws {
        if schema.boolValue != nil { return }
        guard let members = schema.objectValue else { throw JSONSchemaError(place: place, message: "is no schema") }
        for member in members { try check(member, "\(place)/\(member.key)") }
    }

    private mutating func check(_ member: JSONMember, _ place: String) throws {
        let (key, value) = (member.key, member.value)
        if Self.notes.contains(key) || key == "const" { return }
        if Self.oneSchema.contains(key) { return try check(value, place) }
        if Self.schemasByName.contains(key), let members = value.objectValue {
            return try members.forEach { try check($0.value, "\(place)/\($0.key)") }
        }
        if Self.schemaLists.contains(key), let list = value.arrayValue, !list.isEmpty {
            return try list.enumerated().forEach { try check($1, "\(place)/\($0)") }
        }
        if Self.limits.contains(key), value.doubleValue != nil { return }
        switch (key, value) {
        case ("type", .string(let name)) where Self.types.contains(name): return
        case ("enum", .array(let values)) where !values.isEmpty: return
        case ("required", .array(let names)) where names.allSatisfy({ $0.stringValue != nil }): return
        case ("$ref", .string(let reference)) where resolved(reference) != nil: return
        case ("pattern", .string(let pattern)): patterns[pattern] = try Regex(pattern)
        default: throw JSONSchemaError(place: place, message: "is not known, or not of this form")
        }
    }
}
