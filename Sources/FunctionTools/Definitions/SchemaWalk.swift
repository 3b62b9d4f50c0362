internal import ProviderCore

/// All schemas of a schema document: those that keywords of draft 2020-12 hold, without following references.
struct SchemaWalk {
    /// One schema.
    struct Item {
        var path: JSONPointer
        var schema: JSONValue
        /// Objects around the values that it describes, itself included when it describes objects.
        var level: Int
    }

    /// Keywords of which the value is a schema.
    private static let single: Set<String> = [
        "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems",
        "unevaluatedProperties", "contentSchema",
    ]
    /// Keywords of which the value is an array of schemas.
    private static let lists: Set<String> = ["allOf", "anyOf", "oneOf", "prefixItems"]
    /// Keywords of which the value is an object whose members are schemas.
    private static let maps: Set<String> = [
        "properties", "patternProperties", "$defs", "definitions", "dependentSchemas",
    ]
    /// Keywords of draft 2020-12 that hold no schemas, and `dependencies` of earlier drafts.
    private static let plain: Set<String> = [
        "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary", "const",
        "contentEncoding", "contentMediaType", "default", "dependencies", "dependentRequired", "deprecated",
        "description",
        "enum", "examples", "exclusiveMaximum", "exclusiveMinimum", "format", "maxContains", "maxItems", "maxLength",
        "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf",
        "pattern", "readOnly", "required", "title", "type", "uniqueItems", "writeOnly",
    ]
    /// All keywords.
    static let keywords = single.union(lists).union(maps).union(plain)

    /// The schemas, each before those in it. An iterative walk: the depth is the parser's.
    static func items(of root: JSONValue) -> [Item] {
        var items: [Item] = []
        var waiting = [Item(path: JSONPointer(), schema: root, level: level(of: root, in: 0))]
        while let item = waiting.popLast() {
            items.append(item)
            waiting.append(contentsOf: parts(of: item).reversed())
        }
        return items
    }

    /// The schemas that stand directly in one.
    private static func parts(of item: Item) -> [Item] {
        (item.schema.objectValue ?? []).flatMap { member -> [Item] in
            let path = item.path.appending(member.key)
            // What a name of `$defs` describes is not inside the value that the schema around it describes.
            let around = member.key == "$defs" || member.key == "definitions" ? 0 : item.level
            let isSameValue = ["allOf", "anyOf", "oneOf", "not", "if", "then", "else"].contains(member.key)
            func part(_ schema: JSONValue, _ path: JSONPointer) -> Item {
                let own = isSameValue && describesObject(item.schema) ? item.level - 1 : around
                return Item(path: path, schema: schema, level: level(of: schema, in: own))
            }
            if single.contains(member.key) { return [part(member.value, path)] }
            if lists.contains(member.key) {
                return (member.value.arrayValue ?? []).enumerated().map { part($1, path.appending(String($0))) }
            }
            if maps.contains(member.key) {
                return (member.value.objectValue ?? []).map { part($0.value, path.appending($0.key)) }
            }
            return []
        }
    }

    private static func level(of schema: JSONValue, in around: Int) -> Int {
        around + (describesObject(schema) ? 1 : 0)
    }

    /// Whether a schema says that a value is, or may be, an object.
    static func describesObject(_ schema: JSONValue) -> Bool {
        switch schema["type"] {
        case .string(let word): word == "object"
        case .array(let words): words.contains(.string("object"))
        default: schema["properties"]?.objectValue != nil
        }
    }
}
