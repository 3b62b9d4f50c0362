internal import ProviderCore

/// One schema of a document, compiled: what its keywords demand, with other schemas as numbers of nodes.
final class SchemaNode: Sendable {
    /// The node it stands in; nil for the root.
    let parent: Int?
    /// The way from the parent's place to its own.
    let tokens: [String]
    /// The number of the schema resource it belongs to.
    let resource: Int
    let rules: NodeRules

    init(parent: Int?, tokens: [String], resource: Int, rules: NodeRules) {
        self.parent = parent
        self.tokens = tokens
        self.resource = resource
        self.rules = rules
    }
}

/// The keywords of one schema. Absent ones cost nothing when a value is checked.
struct NodeRules: Sendable {
    /// The answer of a boolean schema, and of an object without a keyword that asserts anything.
    var verdict: Bool?
    /// Whether it is the draft's own schema: valid is what `JSONSchema` can read.
    var isMetaschema = false
    var types = TypeSet.all
    var constant: JSONValue?
    var enumeration: Shared<ValueList>?
    var number: Shared<NumberRules>?
    var string: Shared<StringRules>?
    var array: Shared<ArrayRules>?
    var object: Shared<ObjectRules>?
    var reference: Int?
    /// Its reference, when it has nothing but that.
    var alias: Int?
    var dynamicReference: DynamicReference?
    var allOf: [Int] = []
    var anyOf: [Int] = []
    var oneOf: [Int] = []
    var not: Int?
    var condition: Condition?
    /// Whether any schema applies to the same value.
    var hasApplicators = false
}

/// Puts a large value behind one reference, so that looking at it copies nothing.
final class Shared<Value: Sendable>: Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// A `$dynamicRef`: where it leads, and by which name an outer resource may lead it elsewhere.
struct DynamicReference: Sendable {
    var target: Int
    var anchor: String?
}

/// `if`, `then` and `else`.
struct Condition: Sendable {
    var test: Int
    var then: Int?
    var otherwise: Int?
}

/// The values of an `enum`.
struct ValueList: Sendable {
    /// Up to this many values are compared one after the other.
    private static let shortList = 8

    let values: [JSONValue]
    private let set: Set<ExactValue>?

    init(_ values: [JSONValue]) {
        self.values = values
        set = values.count > Self.shortList ? Set(values.map { ExactValue($0) }) : nil
    }

    func contains(_ value: JSONValue) -> Bool {
        set?.contains(ExactValue(value)) ?? values.contains { ExactValue.equal($0, value) }
    }
}

struct NumberRules: Sendable {
    var minimum: ExactNumber?
    var maximum: ExactNumber?
    var exclusiveMinimum: ExactNumber?
    var exclusiveMaximum: ExactNumber?
    var multipleOf: ExactNumber?
}

struct StringRules: Sendable {
    var minimum: Int?
    var maximum: Int?
    var pattern: BoundedPattern?
}

struct ArrayRules: Sendable {
    var minimum: Int?
    var maximum: Int?
    var isUnique = false
    var prefix: [Int] = []
    var items: Int?
    var contains: Int?
    var minimumContained = 1
    var maximumContained: Int?
    var unevaluated: Int?
}

struct ObjectRules: Sendable {
    /// What is known of one name.
    struct Slot: Sendable {
        /// Its schema in `properties`.
        var node: Int?
        var isRequired = false
    }

    struct PatternSlot: Sendable {
        var pattern: BoundedPattern
        var node: Int
    }

    var minimum: Int?
    var maximum: Int?
    var slots: [ExactName: Slot] = [:]
    /// The names of `properties`, in order.
    var names: [String] = []
    /// The names of `required`, each once.
    var required: [String] = []
    var patterns: [PatternSlot] = []
    var additional: Int?
    var propertyNames: Int?
    var dependentRequired: [(name: ExactName, needed: [String])] = []
    var dependentSchemas: [(name: ExactName, node: Int)] = []
    var unevaluated: Int?
}
