public import ProviderCore

/// The schemas that apply to one place of a value, as far as they can be told before the value is known: those of
/// references and `allOf` are followed, alternatives and conditions wait for `violations(of:at:limit:)` on the finished
/// value.
public struct SchemaCursor: Sendable {
    private let schema: JSONSchema
    /// The schemas that were asked for.
    let nodes: [Int]
    /// With those that they refer to.
    private let applied: [Int]

    /// The place of the whole value.
    public init(_ schema: JSONSchema) { self.init(schema, [0]) }

    private init(_ schema: JSONSchema, _ nodes: [Int]) {
        self.schema = schema
        self.nodes = nodes
        var applied = nodes
        var known = Set(nodes)
        var next = 0
        while next < applied.count {
            let rules = schema.program.nodes[applied[next]].rules
            for node in rules.allOf + [rules.reference].compactMap({ $0 }) where known.insert(node).inserted {
                applied.append(node)
            }
            next += 1
        }
        self.applied = applied
    }

    /// The place of the member of this name; nil when no schema says anything of it. A member that must not be there
    /// has a cursor with `isRefused`.
    public func property(_ name: String) -> SchemaCursor? {
        let key = ExactName(name)
        return cursor(objects.flatMap { Self.nodes(for: key, in: $0) })
    }

    /// The place of the element of this index, from 0; nil when no schema says anything of it.
    public func item(_ index: Int) -> SchemaCursor? {
        cursor(
            arrays.compactMap { $0.prefix.indices.contains(index) ? $0.prefix[index] : $0.items })
    }

    /// Whether no value is allowed here.
    public var isRefused: Bool { rules.contains { $0.verdict == false } }

    /// The types a value may have; nil = any. `number` comes with `integer`.
    public var allowedTypes: Set<JSONType>? {
        let set = rules.reduce(TypeSet.all) { $0.intersection($1.types) }
        return set == .all ? nil : Set(JSONType.allCases.filter { set.contains(TypeSet($0)) })
    }

    /// The names of `properties`, in order, each once.
    public var knownNames: [String] { Self.once(objects.flatMap(\.names)) }

    /// The names of `required`, in order, each once.
    public var requiredNames: [String] { Self.once(objects.flatMap(\.required)) }

    /// Whether all names that are neither known nor match a pattern are refused.
    public var refusesUnknownNames: Bool {
        objects.contains { $0.additional.map(isFalse) ?? false }
    }

    /// Whether a member of this name is refused, whatever its value.
    public func refuses(name: String) -> Bool {
        if property(name)?.isRefused ?? false { return true }
        let value = JSONValue.string(name)
        return objects.contains { object in
            guard let node = object.propertyNames else { return false }
            var checker = SchemaChecker(schema.program)
            return !checker.isValid(value, against: [node])
        }
    }

    /// The values of `enum` and `const`; nil when any value may be.
    public var allowedValues: [JSONValue]? {
        let lists = rules.flatMap { rules in
            [rules.constant.map { ValueList([$0]) }, rules.enumeration?.value].compactMap { $0 }
        }
        guard let first = lists.first else { return nil }
        return first.values.filter { value in lists.dropFirst().allSatisfy { $0.contains(value) } }
    }

    /// How many code points a string may have; nil = any number.
    public var maxLength: Int? { rules.compactMap { $0.string?.value.maximum }.min() }

    /// How many elements an array may have; nil = any number.
    public var maxItems: Int? { arrays.compactMap(\.maximum).min() }

    /// What a finished value at this place does against all schemas of the place, alternatives and conditions included.
    /// Paths begin with `origin`.
    public func violations(of value: JSONValue, at origin: JSONPointer, limit: Int = 20) -> [SchemaViolation] {
        schema.violations(of: value, against: nodes, at: origin, limit: limit)
    }

    var rules: [NodeRules] { applied.map { schema.program.nodes[$0].rules } }
    private var objects: [ObjectRules] { rules.compactMap { $0.object?.value } }
    private var arrays: [ArrayRules] { rules.compactMap { $0.array?.value } }

    private func cursor(_ nodes: [Int]) -> SchemaCursor? {
        nodes.isEmpty ? nil : SchemaCursor(schema, nodes)
    }

    private func isFalse(_ node: Int) -> Bool { SchemaCursor(schema, [node]).isRefused }

    /// The schemas that one object schema has for a name.
    private static func nodes(for name: ExactName, in object: ObjectRules) -> [Int] {
        let patterns = object.patterns.filter { $0.pattern.matches(name.text) }.map(\.node)
        let known = [object.slots[name]?.node].compactMap { $0 } + patterns
        return known.isEmpty ? [object.additional].compactMap { $0 } : known
    }

    private static func once(_ names: [String]) -> [String] {
        var known: Set<ExactName> = []
        return names.filter { known.insert(ExactName($0)).inserted }
    }
}
