/// What a value does against its schema.
public struct SchemaViolation: Sendable, Hashable, CustomStringConvertible {
    /// Where in the instance.
    public var path: JSONPointer
    /// The rule's place in the schema. Behind a reference it is where the rule really stands.
    public var rule: JSONPointer
    /// The rule's keyword, for example `type`; `false` for a schema that allows nothing; empty for a limit of the
    /// check.
    public var keyword: String
    /// The rule in words that follow the place: `must be an integer, and is a string`.
    public var message: String

    /// A violation.
    public init(path: JSONPointer, rule: JSONPointer, keyword: String, message: String) {
        self.path = path
        self.rule = rule
        self.keyword = keyword
        self.message = message
    }

    /// One sentence: `days[0].city must be a string, and is null`.
    public var description: String { "\(path.words) \(message)" }
}
