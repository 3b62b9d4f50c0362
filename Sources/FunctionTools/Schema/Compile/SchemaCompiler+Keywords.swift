internal import ProviderCore

extension SchemaCompiler {
    /// Reads one keyword; unknown ones say nothing.
    mutating func readKeyword(_ keyword: String, _ value: JSONValue, _ node: Int) {
        switch keyword {
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
            readNumberRule(keyword, value, node)
        case "minLength", "maxLength", "pattern": readStringRule(keyword, value, node)
        case "minItems", "maxItems", "uniqueItems", "prefixItems", "items", "contains", "minContains", "maxContains",
            "unevaluatedItems":
            readArrayRule(keyword, value, node)
        case "minProperties", "maxProperties", "properties", "required", "additionalProperties", "patternProperties",
            "propertyNames", "unevaluatedProperties", "dependentRequired", "dependentSchemas":
            readObjectRule(keyword, value, node)
        case "type": drafts[node].rules.types = types(value, node)
        case "const": drafts[node].rules.constant = value
        case "enum":
            guard case .array(let values) = value else { return demand("an array", keyword, value, node) }
            drafts[node].rules.enumeration = Shared(ValueList(values))
        case "$defs", "definitions": _ = named(keyword, value, node)
        case "$ref", "$dynamicRef":
            guard case .string(let text) = value else { return demand("a string", keyword, value, node) }
            references.append(PendingReference(node: node, keyword: keyword, text: text))
        default: readApplicator(keyword, value, node)
        }
    }

    private mutating func readApplicator(_ keyword: String, _ value: JSONValue, _ node: Int) {
        switch keyword {
        case "allOf": drafts[node].rules.allOf = listed(keyword, value, node)
        case "anyOf": drafts[node].rules.anyOf = listed(keyword, value, node)
        case "oneOf": drafts[node].rules.oneOf = listed(keyword, value, node)
        case "not": drafts[node].rules.not = add(value, of: node, keyword: keyword)
        case "if": drafts[node].parts.test = add(value, of: node, keyword: keyword)
        case "then": drafts[node].parts.then = add(value, of: node, keyword: keyword)
        case "else": drafts[node].parts.otherwise = add(value, of: node, keyword: keyword)
        default: break
        }
    }

    private mutating func readNumberRule(_ keyword: String, _ value: JSONValue, _ node: Int) {
        guard case .number(let text) = value else { return demand("a number", keyword, value, node) }
        let limit = ExactNumber(text)
        var rules = drafts[node].number ?? NumberRules()
        switch keyword {
        case "minimum": rules.minimum = limit
        case "maximum": rules.maximum = limit
        case "exclusiveMinimum": rules.exclusiveMinimum = limit
        case "exclusiveMaximum": rules.exclusiveMaximum = limit
        default:
            guard limit.isPositive else { return report(node, [keyword], "must be greater than 0") }
            guard limit.decimal.digits.count <= DecimalNumber.greatestDivisor else {
                return report(node, [keyword], "must have at most \(DecimalNumber.greatestDivisor) significant digits")
            }
            rules.multipleOf = limit
        }
        drafts[node].number = rules
    }

    private mutating func readStringRule(_ keyword: String, _ value: JSONValue, _ node: Int) {
        var rules = drafts[node].string ?? StringRules()
        switch keyword {
        case "minLength": rules.minimum = count(keyword, value, node)
        case "maxLength": rules.maximum = count(keyword, value, node)
        default:
            guard case .string(let text) = value else { return demand("a string", keyword, value, node) }
            rules.pattern = pattern(text, [keyword], node)
        }
        drafts[node].string = rules
    }

    private mutating func readArrayRule(_ keyword: String, _ value: JSONValue, _ node: Int) {
        var rules = drafts[node].array ?? ArrayRules()
        switch keyword {
        case "minItems": rules.minimum = count(keyword, value, node)
        case "maxItems": rules.maximum = count(keyword, value, node)
        case "minContains": rules.minimumContained = count(keyword, value, node) ?? 1
        case "maxContains": rules.maximumContained = count(keyword, value, node)
        case "uniqueItems":
            guard case .bool(let flag) = value else { return demand("a boolean", keyword, value, node) }
            rules.isUnique = flag
        case "prefixItems": rules.prefix = listed(keyword, value, node)
        case "contains": rules.contains = add(value, of: node, keyword: keyword)
        case "unevaluatedItems": rules.unevaluated = add(value, of: node, keyword: keyword)
        default:
            if case .array = value {
                return report(node, [keyword], "must be one schema; a list of them is `prefixItems` in draft 2020-12")
            }
            rules.items = add(value, of: node, keyword: keyword)
        }
        drafts[node].array = rules
    }

    private mutating func readObjectRule(_ keyword: String, _ value: JSONValue, _ node: Int) {
        var rules = drafts[node].object ?? ObjectRules()
        switch keyword {
        case "minProperties": rules.minimum = count(keyword, value, node)
        case "maxProperties": rules.maximum = count(keyword, value, node)
        case "properties":
            for (name, child) in named(keyword, value, node) {
                rules.names.append(name.text)
                rules.slots[name, default: .init()].node = child
            }
        case "required":
            for name in strings(value, [keyword], node) where rules.slots[ExactName(name)]?.isRequired != true {
                rules.required.append(name)
                rules.slots[ExactName(name), default: .init()].isRequired = true
            }
        case "patternProperties":
            for (text, child) in named(keyword, value, node) {
                guard let pattern = pattern(text.text, [keyword, text.text], node) else { continue }
                rules.patterns.append(.init(pattern: pattern, node: child))
            }
        case "additionalProperties": rules.additional = add(value, of: node, keyword: keyword)
        case "propertyNames": rules.propertyNames = add(value, of: node, keyword: keyword)
        case "unevaluatedProperties": rules.unevaluated = add(value, of: node, keyword: keyword)
        case "dependentSchemas":
            rules.dependentSchemas = named(keyword, value, node).map { (name: $0.name, node: $0.node) }
        default:
            guard case .object(let members) = value else { return demand("an object", keyword, value, node) }
            rules.dependentRequired = members.map {
                (name: ExactName($0.key), needed: strings($0.value, [keyword, $0.key], node))
            }
        }
        drafts[node].object = rules
    }
}

// The forms that values of keywords have.
extension SchemaCompiler {
    private mutating func demand(_ form: String, _ keyword: String, _ value: JSONValue, _ node: Int) {
        report(node, [keyword], "must be \(form), and is \(JSONType(of: value).words)")
    }

    private mutating func types(_ value: JSONValue, _ node: Int) -> TypeSet {
        switch value {
        case .string: return type(value, ["type"], node)
        case .array(let names) where !names.isEmpty:
            var set: TypeSet = []
            for (index, name) in names.enumerated() { set.formUnion(type(name, ["type", String(index)], node)) }
            return set
        case .array: report(node, ["type"], "must name at least one type")
        default: demand("a type's name or an array of them", "type", value, node)
        }
        return .all
    }

    private mutating func type(_ value: JSONValue, _ tokens: [String], _ node: Int) -> TypeSet {
        if case .string(let name) = value, let type = JSONType(rawValue: name) { return TypeSet(type) }
        let names = JSONType.allCases.map(\.rawValue)
        let found = value.stringValue.map { "\(Words.quoted($0))" } ?? JSONType(of: value).words
        let hint = value.stringValue.flatMap { Self.commonMistakes[$0] ?? Spelling.nearest(to: $0, among: names) }
        report(
            node, tokens,
            "must be one of \(names.joined(separator: ", ")), and is \(found)"
                + (hint.map { "; did you mean \(Words.quoted($0))?" } ?? ""))
        return .all
    }

    /// What other languages call the types.
    private static let commonMistakes = [
        "int": "integer", "long": "integer", "float": "number", "double": "number", "decimal": "number",
        "str": "string",
        "text": "string", "bool": "boolean", "list": "array", "tuple": "array", "dict": "object", "map": "object",
        "none": "null", "None": "null", "nil": "null",
    ]

    private mutating func count(_ keyword: String, _ value: JSONValue, _ node: Int) -> Int? {
        if case .number(let text) = value, let count = ExactNumber(text).count { return count }
        let found = value.isNumber ? JSONWriter.string(value) : JSONType(of: value).words
        report(node, [keyword], "must be a whole number, 0 or greater, and is \(Words.cut(found))")
        return nil
    }

    private mutating func strings(_ value: JSONValue, _ tokens: [String], _ node: Int) -> [String] {
        guard case .array(let elements) = value else {
            report(node, tokens, "must be an array of strings, and is \(JSONType(of: value).words)")
            return []
        }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            if case .string(let text) = element {
                strings.append(text)
            } else {
                report(node, tokens + [String(index)], "must be a string, and is \(JSONType(of: element).words)")
            }
        }
        return strings
    }

    /// The schemas of a list.
    private mutating func listed(_ keyword: String, _ value: JSONValue, _ node: Int) -> [Int] {
        guard case .array(let elements) = value, !elements.isEmpty else {
            report(
                node, [keyword],
                "must be an array of schemas, and is "
                    + (value.arrayValue == nil ? JSONType(of: value).words : "empty"))
            return []
        }
        return elements.enumerated().map { add($0.element, of: node, keyword: keyword, name: String($0.offset)) }
    }

    /// The schemas of a table.
    private mutating func named(
        _ keyword: String, _ value: JSONValue, _ node: Int
    ) -> [(name: ExactName, node: Int)] {
        guard case .object(let members) = value else {
            report(node, [keyword], "must be an object of schemas, and is \(JSONType(of: value).words)")
            return []
        }
        return members.map { (ExactName($0.key), add($0.value, of: node, keyword: keyword, name: $0.key)) }
    }

    private mutating func pattern(_ text: String, _ tokens: [String], _ node: Int) -> BoundedPattern? {
        guard !checksFormOnly else { return nil }
        do {
            return try BoundedPattern(text)
        } catch {
            report(node, tokens, "is no pattern that can be used: \(error)")
            return nil
        }
    }
}

extension JSONValue {
    var isNumber: Bool { if case .number = self { true } else { false } }
}
