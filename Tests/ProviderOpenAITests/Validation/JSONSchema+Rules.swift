import ProviderCore

extension JSONSchema {
    func failures(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [SchemaFailure] {
        if let isOpen = schema.boolValue {
            return isOpen ? [] : [SchemaFailure(path: path, rule: "false", detail: "must not be there")]
        }
        let asked = Instance(value: value, schema: schema, path: path)
        return (schema.objectValue ?? []).flatMap { failures(asked, $0.key, $0.value) }
    }

    /// One keyword. Those that are about another kind of value hold.
    private func failures(_ asked: Instance, _ rule: String, _ wanted: JSONValue) -> [SchemaFailure] {
        switch rule {
        case "type": asked.unless(asked.isOf(wanted.stringValue ?? ""), rule, "\(asked.kind), not \(text(wanted))")
        case "enum": asked.unless(wanted.arrayValue?.contains { $0.means(asked.value) } == true, rule, asked.quote)
        case "const": asked.unless(wanted.means(asked.value), rule, "\(asked.quote), not \(text(wanted))")
        case "$ref": failures(asked.value, resolved(wanted.stringValue ?? "") ?? .bool(false), asked.path)
        case "required", "properties", "additionalProperties", "dependentSchemas", "maxProperties":
            objectFailures(asked, rule, wanted)
        case "items", "contains", "minItems", "maxItems": arrayFailures(asked, rule, wanted)
        case "minLength", "maxLength", "pattern": stringFailures(asked, rule, wanted)
        case "minimum", "maximum": numberFailures(asked, rule, wanted)
        case "allOf": (wanted.arrayValue ?? []).flatMap { failures(asked.value, $0, asked.path) }
        case "anyOf", "oneOf": choiceFailures(asked, rule, wanted.arrayValue ?? [])
        default: []
        }
    }

    private func objectFailures(_ asked: Instance, _ rule: String, _ wanted: JSONValue) -> [SchemaFailure] {
        guard let members = asked.value.objectValue else { return [] }
        switch rule {
        case "required":
            return (wanted.arrayValue ?? []).compactMap(\.stringValue).filter { asked.value[$0] == nil }
                .flatMap { asked.unless(false, rule, "\($0) is missing") }
        case "properties":
            return members.flatMap { member in
                wanted[member.key].map { failures(member.value, $0, "\(asked.path).\(member.key)") } ?? []
            }
        case "additionalProperties":
            let others = members.filter { asked.schema["properties"]?[$0.key] == nil }
            if wanted == .bool(false) { return others.flatMap { asked.unless(false, rule, "\($0.key) is not known") } }
            return others.flatMap { failures($0.value, wanted, "\(asked.path).\($0.key)") }
        case "dependentSchemas":
            return (wanted.objectValue ?? []).filter { asked.value[$0.key] != nil }
                .flatMap { failures(asked.value, $0.value, asked.path) }
        default:
            return asked.unless(members.count <= wanted.intValue ?? .max, rule, "\(members.count) members")
        }
    }

    private func arrayFailures(_ asked: Instance, _ rule: String, _ wanted: JSONValue) -> [SchemaFailure] {
        guard let elements = asked.value.arrayValue else { return [] }
        switch rule {
        case "items":
            return elements.enumerated().flatMap { failures($1, wanted, "\(asked.path)[\($0)]") }
        case "contains":
            let isThere = elements.contains { failures($0, wanted, asked.path).isEmpty }
            return asked.unless(isThere, rule, "no element is \(text(wanted))")
        case "minItems": return asked.unless(elements.count >= wanted.intValue ?? 0, rule, "\(elements.count) elements")
        default: return asked.unless(elements.count <= wanted.intValue ?? .max, rule, "\(elements.count) elements")
        }
    }

    private func stringFailures(_ asked: Instance, _ rule: String, _ wanted: JSONValue) -> [SchemaFailure] {
        guard let string = asked.value.stringValue else { return [] }
        let length = string.unicodeScalars.count
        switch rule {
        case "minLength": return asked.unless(length >= wanted.intValue ?? 0, rule, "\(length) characters")
        case "maxLength": return asked.unless(length <= wanted.intValue ?? .max, rule, "\(length) characters")
        default:
            let isMatch = patterns[wanted.stringValue ?? ""].map { string.firstMatch(of: $0) != nil } ?? false
            return asked.unless(isMatch, rule, "\(asked.quote) does not match \(text(wanted))")
        }
    }

    private func numberFailures(_ asked: Instance, _ rule: String, _ wanted: JSONValue) -> [SchemaFailure] {
        guard let number = asked.value.doubleValue, let limit = wanted.doubleValue else { return [] }
        return asked.unless(rule == "minimum" ? number >= limit : number <= limit, rule, asked.quote)
    }

    /// Of several schemas that none holds, the failures of the one that was most likely meant are told.
    private func choiceFailures(_ asked: Instance, _ rule: String, _ choices: [JSONValue]) -> [SchemaFailure] {
        let found = choices.map { failures(asked.value, $0, asked.path) }
        let matches = found.count { $0.isEmpty }
        if matches == 1 || (matches > 1 && rule == "anyOf") { return [] }
        if matches > 1 { return asked.unless(false, rule, "\(matches) of \(choices.count) hold") }
        let meant = found.filter { !$0.contains(where: asked.isNotMeant) }
        let nearest = (meant.isEmpty ? found : meant).min { $0.count < $1.count } ?? []
        return asked.unless(false, rule, "none of \(choices.count) holds") + nearest
    }

    private func text(_ value: JSONValue) -> String { JSONWriter.string(value) }
}

/// A value with its place and the schema that is held against it.
private struct Instance {
    let value: JSONValue
    let schema: JSONValue
    let path: String

    var quote: String { String(JSONWriter.string(value).prefix(60)) }

    var kind: String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .number: value.isWhole ? "integer" : "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Whether a failure of a choice tells that another one was meant: the value is of another kind, or calls itself
    /// something else.
    func isNotMeant(_ failure: SchemaFailure) -> Bool {
        if failure.rule == "type" { return failure.path == path }
        let place = failure.path.dropFirst(path.count + 1)
        return ["const", "enum"].contains(failure.rule) && !place.contains(".") && !place.contains("[")
    }

    func isOf(_ type: String) -> Bool { kind == type || (type == "number" && kind == "integer") }

    func unless(_ holds: Bool, _ rule: String, _ detail: @autoclosure () -> String) -> [SchemaFailure] {
        holds ? [] : [SchemaFailure(path: path, rule: rule, detail: detail())]
    }
}

extension JSONValue {
    fileprivate var isWhole: Bool { doubleValue.map { $0 == $0.rounded() } ?? false }

    /// Whether two values are the same to JSON: numbers by value, objects whatever the order of their members.
    fileprivate func means(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number, .number): doubleValue == other.doubleValue
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { member in other[member.key].map { member.value.means($0) } ?? false }
        default: self == other
        }
    }
}
