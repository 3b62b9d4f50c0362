internal import FunctionTools
internal import ProviderCore

/// The keywords of a JSON Schema, to find those that are misspelt: a schema with a keyword that means nothing passes what it should
/// not.
///
/// Source: JSON Schema 2020-12, Core and Validation, and the vocabularies of its meta-schema.
enum SchemaKeywords {
    private static let core = [
        "$schema", "$id", "$ref", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$comment", "$defs",
    ]
    /// Members whose values are schemas under names.
    private static let named = ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]
    /// Members whose values are lists of schemas.
    private static let listed = ["prefixItems", "allOf", "anyOf", "oneOf"]
    /// Members whose values are schemas.
    private static let single = [
        "items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties",
        "not",
        "if", "then", "else", "contentSchema",
    ]
    private static let others = [
        "type", "enum", "const", "required", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
        "maxProperties", "minProperties", "dependentRequired", "dependencies", "format", "contentEncoding",
        "contentMediaType", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples",
        "$recursiveAnchor", "$recursiveRef",
    ]

    /// All keywords, the frequent ones first.
    static let all = others + named + single + listed + core

    /// The places of members that are no keywords, and begin with no `x-`, in the order of the schema.
    static func unknown(in schema: JSONValue) -> [JSONPointer] {
        var found: [JSONPointer] = []
        collect(schema, JSONPointer(), into: &found)
        return found
    }

    private static func collect(_ schema: JSONValue, _ path: JSONPointer, into found: inout [JSONPointer]) {
        for member in schema.objectValue ?? [] {
            let place = path.appending(member.key)
            if named.contains(member.key) {
                for part in member.value.objectValue ?? [] {
                    collect(part.value, place.appending(part.key), into: &found)
                }
            } else if listed.contains(member.key) {
                for (index, part) in (member.value.arrayValue ?? []).enumerated() {
                    collect(part, place.appending(String(index)), into: &found)
                }
            } else if single.contains(member.key) {
                collect(member.value, place, into: &found)
            } else if !all.contains(member.key), !member.key.hasPrefix("x-") {
                found.append(place)
            }
        }
    }
}

extension SuiteReading {
    /// Tells members of a schema that are no keywords. `node` has the schema, or names the file with it.
    mutating func checkKeywords(of schema: JSONValue, at node: SuiteNode) {
        for place in SchemaKeywords.unknown(in: schema) {
            guard let key = place.tokens.last else { continue }
            let owner = node.node(at: place.tokens.dropLast())
            let mark = owner.entries?.first { $0.key == key }?.mark ?? node.mark
            let isWrapped = place.tokens.count == 1 && ["schema", "json_schema"].contains(key)
            let hint =
                isWrapped
                ? "; the schema stands here itself: {type: object, properties: {…}}"
                : Spelling.nearest(to: key, among: SchemaKeywords.all).map { "; did you mean \"\($0)\"?" }
                    ?? "; names of one's own begin with x-"
            let file = node.entries == nil ? "\(NameWords.cut(node.scalar ?? "")): " : ""
            problem(mark, "\(file)\"\(NameWords.cut(key))\" is no keyword of JSON Schema" + hint)
        }
    }
}
