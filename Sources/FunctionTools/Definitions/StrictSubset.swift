public import ProviderCore

/// The part of JSON Schema that OpenAI's strict mode takes, for functions and for response formats alike.
///
/// Source: OpenAI's guide to structured outputs, and the refusals of its API; see `Limits`. Levels of nesting are counted in
/// objects, since the guide does not say whether arrays count.
public enum StrictSubset {
    /// The most that a schema may have, all its parts together.
    public enum Limits {
        /// Properties.
        public static let properties = 5_000
        /// Objects in objects.
        public static let levels = 10
        /// Values of all `enum` together.
        public static let enumValues = 1_000
        /// Unicode scalars in the names of properties and definitions and in the values of `enum` and `const`.
        public static let characters = 120_000
        /// An `enum` of strings with more values than this …
        public static let longEnum = 250
        /// … may have this many Unicode scalars in them.
        public static let longEnumCharacters = 15_000
    }

    /// Keywords that strict mode refuses: those of the guide's list, and those that its list of what is taken lacks.
    static let refused: Set<String> = [
        "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties", "minLength",
        "maxLength", "uniqueItems", "default", "oneOf", "prefixItems", "contains", "minContains", "maxContains",
        "propertyNames", "minProperties", "maxProperties", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef",
    ]
    static let formats = [
        "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
    ]

    /// What strict mode would refuse, in the order of the schema; empty when it takes it.
    public static func problems(in schema: JSONValue) -> [SchemaProblem] {
        var check = Check()
        check.root(schema)
        let items = SchemaWalk.items(of: schema)
        for item in items { check.schema(item) }
        check.totals(items)
        return check.problems
    }
}

private struct Check {
    var problems: [SchemaProblem] = []

    mutating func report(_ path: JSONPointer, _ message: String) {
        problems.append(SchemaProblem(path: path, message: message))
    }

    mutating func root(_ schema: JSONValue) {
        if schema["anyOf"] != nil {
            report(JSONPointer(["anyOf"]), "strict mode wants an object at the root, not \"anyOf\"")
        } else if schema["type"] != .string("object") {
            let place = schema["type"] == nil ? JSONPointer() : JSONPointer(["type"])
            report(place, "strict mode wants \"type\": \"object\" at the root")
        }
    }

    mutating func schema(_ item: SchemaWalk.Item) {
        for member in item.schema.objectValue ?? [] where StrictSubset.refused.contains(member.key) {
            report(item.path.appending(member.key), "\(Words.quoted(member.key)) is not allowed in strict mode")
        }
        if let format = item.schema["format"]?.stringValue, !StrictSubset.formats.contains(format) {
            report(
                item.path.appending("format"),
                "strict mode knows the formats \(StrictSubset.formats.joined(separator: ", ")), not \(Words.quoted(format))"
            )
        }
        if SchemaWalk.describesObject(item.schema) { object(item) }
        longEnum(item)
    }

    private mutating func object(_ item: SchemaWalk.Item) {
        if let additional = item.schema["additionalProperties"] {
            if additional != .bool(false) {
                report(
                    item.path.appending("additionalProperties"), "strict mode wants \"additionalProperties\": false")
            }
        } else {
            report(item.path, "strict mode wants \"additionalProperties\": false in every object")
        }
        let required = Set((item.schema["required"]?.arrayValue ?? []).compactMap(\.stringValue).map { ExactName($0) })
        for member in item.schema["properties"]?.objectValue ?? [] where !required.contains(ExactName(member.key)) {
            report(
                item.path.appending("properties").appending(member.key),
                "strict mode wants all properties in \"required\", and \(Words.quoted(member.key)) is not; "
                    + "what may be missing is of type null, too")
        }
    }

    private mutating func longEnum(_ item: SchemaWalk.Item) {
        guard let values = item.schema["enum"]?.arrayValue, values.count > StrictSubset.Limits.longEnum else { return }
        let characters = values.reduce(0) { $0 + ($1.stringValue?.unicodeScalars.count ?? 0) }
        guard characters > StrictSubset.Limits.longEnumCharacters else { return }
        report(
            item.path.appending("enum"),
            "the enum has more than \(StrictSubset.Limits.longEnum) values with \(characters) characters; strict mode takes "
                + "\(StrictSubset.Limits.longEnumCharacters)")
    }

    mutating func totals(_ items: [SchemaWalk.Item]) {
        var properties = 0
        var values = 0
        var characters = 0
        for item in items {
            let names = item.schema["properties"]?.objectValue ?? []
            let definitions = ["$defs", "definitions"].flatMap { item.schema[$0]?.objectValue ?? [] }
            let constants = (item.schema["enum"]?.arrayValue ?? [])
            properties += names.count
            values += constants.count
            characters += (names + definitions).reduce(0) { $0 + $1.key.unicodeScalars.count }
            characters += (constants + [item.schema["const"] ?? .null]).reduce(0) { $0 + Self.length($1) }
        }
        limit(properties, StrictSubset.Limits.properties, "properties")
        limit(items.map(\.level).max() ?? 0, StrictSubset.Limits.levels, "levels of nesting")
        limit(values, StrictSubset.Limits.enumValues, "values of enums")
        limit(characters, StrictSubset.Limits.characters, "characters in names and values")
    }

    private mutating func limit(_ count: Int, _ most: Int, _ things: String) {
        guard count > most else { return }
        report(JSONPointer(), "the schema has \(count) \(things); strict mode takes \(most)")
    }

    private static func length(_ value: JSONValue) -> Int {
        switch value {
        case .null: 0
        case .string(let text): text.unicodeScalars.count
        default: JSONWriter.bytes(value).count
        }
    }
}
