public import ProviderCore

extension Settings {
    /// A JSON Schema (draft 2020-12) of the settings file, for editors: what each setting takes, its default and what it is
    /// for. Names that no setting has are refused by it; the program only warns of them.
    public static func schema() -> JSONValue {
        var root = SchemaTree(SettingField.all).object(title: "Settings of tickertape")
        var members = root.objectValue ?? []
        members.insert(JSONMember("$schema", .string("https://json-schema.org/draft/2020-12/schema")), at: 0)
        root = .object(
            members.map { member in
                guard member.key == "properties", let properties = member.value.objectValue else { return member }
                return JSONMember("properties", .object(properties + [profiles(), prices(), keys()]))
            })
        return root
    }

    /// What a settings file says, as JSON, for checking it against the schema. Dates, which no setting takes, become null.
    /// Throws `FileProblem` when it is no TOML.
    public static func json(of text: String) throws(FileProblem) -> JSONValue {
        json(.table(try TOMLDocument(text, file: nil).root))
    }

    private static func json(_ node: TOMLNode) -> JSONValue {
        switch node {
        case .string(let text): .string(text)
        case .integer(let number): .int(number)
        case .number(let number): .double(number)
        case .boolean(let isTrue): .bool(isTrue)
        case .array(let nodes): .array(nodes.map(json))
        case .table(let members):
            .object(members.sorted { $0.key < $1.key }.map { JSONMember($0.key, json($0.value)) })
        case .date: .null
        }
    }

    private static func profiles() -> JSONMember {
        let profile = SchemaTree(SettingField.profile).object(title: "An endpoint and what belongs to it")
        return JSONMember(
            "profiles",
            .object([
                JSONMember("description", .string("Endpoints by name: tickertape --profile NAME.")),
                JSONMember("type", .string("object")),
                JSONMember("patternProperties", .object([JSONMember("^[A-Za-z0-9_-]{1,64}$", profile)])),
                JSONMember("additionalProperties", .bool(false)),
            ]))
    }

    private static func prices() -> JSONMember {
        JSONMember(
            "prices",
            .object([
                JSONMember(
                    "description",
                    .string("Prices by model id, instead of the catalog's, in US dollars per million tokens.")),
                JSONMember("type", .string("object")),
                JSONMember("additionalProperties", SettingType.prices.schema),
            ]))
    }

    private static func keys() -> JSONMember {
        let key: JSONValue = .object([JSONMember("type", .string("string")), JSONMember("minLength", .int(1))])
        let list: JSONValue = .object([JSONMember("type", .string("array")), JSONMember("items", key)])
        let scope: JSONValue = .object([
            JSONMember("type", .string("object")),
            JSONMember("additionalProperties", .object([JSONMember("anyOf", .array([key, list]))])),
        ])
        let scopes = KeyBindingSetting.Scope.allCases.map { JSONMember($0.rawValue, scope) }
        return JSONMember(
            "keys",
            .object([
                JSONMember(
                    "description",
                    .string(
                        "Keys of commands, such as \"ctrl-p\" or [\"f1\", \"ctrl-x m\"]; [] takes a command its keys.")),
                JSONMember("type", .string("object")), JSONMember("properties", .object(scopes)),
                JSONMember("additionalProperties", .bool(false)),
            ]))
    }
}

/// Fields as nested objects, by the dots of their paths, in their order.
private struct SchemaTree {
    private let fields: [(path: [String], field: SettingField)]

    init(_ fields: [SettingField]) {
        self.fields = fields.map { ($0.path.split(separator: ".").map(String.init), $0) }
    }

    private init(parts: [(path: [String], field: SettingField)]) { fields = parts }

    func object(title: String? = nil) -> JSONValue {
        var properties: [JSONMember] = []
        for (path, _) in fields {
            guard let name = path.first, !properties.contains(where: { $0.key == name }) else { continue }
            let inner = fields.filter { $0.path.first == name && $0.path.count > 1 }
            let members = SchemaTree(parts: inner.map { (Array($0.path.dropFirst()), $0.field) })
            let own = fields.first { $0.path == [name] }?.field
            properties.append(JSONMember(name, own?.schema ?? members.object()))
        }
        return .object(
            [title.map { JSONMember("title", .string($0)) }].compactMap(\.self) + [
                JSONMember("type", .string("object")), JSONMember("properties", .object(properties)),
                JSONMember("additionalProperties", .bool(false)),
            ])
    }
}

extension SettingField {
    fileprivate var schema: JSONValue {
        var members = [JSONMember("description", .string(summary))]
        members += type.schema.objectValue ?? []
        if let standard { members.append(JSONMember("default", standard.json)) }
        return .object(members)
    }
}

extension SettingValue {
    /// The value as JSON.
    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .texts(let texts): .array(texts.map(JSONValue.string))
        case .integer(let number): .int(number)
        case .number(let number): .double(number)
        case .flag(let isTrue): .bool(isTrue)
        case .pairs(let pairs):
            .object(pairs.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })
        }
    }
}

extension SettingType {
    /// What it takes, as a JSON Schema.
    var schema: JSONValue {
        switch self {
        case .text: return Self.type("string")
        case .line: return Self.lineSchema
        case .choice(let words): return .object([JSONMember("enum", .array(words.map(JSONValue.string)))])
        case .integer(let range):
            var members: [(String, JSONValue)] = []
            if range.lowerBound > Int.min { members.append(("minimum", .int(range.lowerBound))) }
            if range.upperBound < Int.max { members.append(("maximum", .int(range.upperBound))) }
            return Self.type("integer", members)
        case .number(let range):
            return Self.type(
                "number", [("minimum", .double(range.lowerBound)), ("maximum", .double(range.upperBound))])
        case .seconds: return Self.type("number", [("exclusiveMinimum", .int(0)), ("maximum", .int(86_400))])
        case .flag: return Self.type("boolean")
        case .texts(let maximum):
            let text = Self.type("string", [("minLength", .int(1))])
            return Self.any([text, Self.type("array", [("items", text), ("maxItems", .int(maximum))])])
        case .url: return Self.type("string", [("pattern", .string(#"^\s*[Hh][Tt][Tt][Pp][Ss]?://"#))])
        case .command:
            let word = Self.type("string")
            return Self.any([
                Self.type("string", [("pattern", .string(#"\S"#))]),
                Self.type("array", [("items", word), ("minItems", .int(1))]),
            ])
        case .headers: return Self.type("object", [("additionalProperties", Self.type("string"))])
        case .money:
            let number = Self.type("number", [("exclusiveMinimum", .int(0)), ("maximum", .int(1_000_000))])
            return Self.any([number, Self.type("string", [("pattern", .string(#"^[0-9]+(\.[0-9]{1,12})?$"#))])])
        case .prices: return Self.table(["input", "output"], ["cached_input", "cache_write"], Self.priceSchema)
        case .theme: return Self.any([Self.lineSchema, Self.table(["dark", "light"], ["fallback"], Self.lineSchema)])
        }
    }

    private static let lineSchema = type("string", [("pattern", .string(#"\S"#)), ("maxLength", .int(512))])

    private static let priceSchema = any([
        type("number", [("minimum", .int(0)), ("maximum", .int(Price.maximumPerMillion))]),
        type("string", [("pattern", .string(#"^[0-9]+(\.[0-9]{1,6})?$"#))]),
    ])

    private static func type(_ name: String, _ members: [(String, JSONValue)] = []) -> JSONValue {
        .object([JSONMember("type", .string(name))] + members.map { JSONMember($0.0, $0.1) })
    }

    private static func any(_ schemas: [JSONValue]) -> JSONValue { .object([JSONMember("anyOf", .array(schemas))]) }

    private static func table(_ needed: [String], _ others: [String], _ member: JSONValue) -> JSONValue {
        type(
            "object",
            [
                ("properties", .object((needed + others).map { JSONMember($0, member) })),
                ("required", .array(needed.map(JSONValue.string))), ("additionalProperties", .bool(false)),
            ])
    }
}
