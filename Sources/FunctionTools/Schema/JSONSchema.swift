public import ProviderCore

/// A JSON Schema of draft 2020-12, compiled once and cheap to copy.
///
/// Checked are all assertions of the draft; `format` and `content…` are annotations, and unknown keywords say nothing.
/// Numbers compare by value and exactly, lengths count code points, patterns are `BoundedPattern`s. References lead to
/// places of the document itself, and to the draft's own schema; anything else is a problem of the schema. Two schemas
/// are equal when their sources are.
public struct JSONSchema: Sendable, Hashable {
    /// The schema as it was given.
    public let source: JSONValue
    let program: SchemaProgram

    /// Compiles a schema. Throws the first problem.
    public init(_ source: JSONValue) throws(SchemaProblem) {
        let compiler = SchemaCompiler(source)
        guard let program = compiler.program else {
            throw compiler.problems.first ?? SchemaProblem(path: JSONPointer(), message: "cannot be read")
        }
        self.source = source
        self.program = program
    }

    /// What is wrong with a schema; empty when `init` takes it. At most a hundred.
    public static func problems(in source: JSONValue) -> [SchemaProblem] { SchemaCompiler(source).problems }

    /// What a value does against the schema, in the order of the value; empty when it is valid. At most `limit`, which
    /// is 1 or more. A check that would take too long, or a value that nests too deep, is a violation with an empty
    /// keyword.
    public func violations(of instance: JSONValue, limit: Int = 20) -> [SchemaViolation] {
        violations(of: instance, against: [0], at: JSONPointer(), limit: limit)
    }

    /// Whether a value has no violations.
    public func isValid(_ instance: JSONValue) -> Bool {
        guard let value = DocumentShape.normalized(instance) else { return false }
        var checker = SchemaChecker(program)
        return checker.isValid(value, against: [0])
    }

    /// A cursor for walking the schema along a value.
    public var root: SchemaCursor { SchemaCursor(self) }

    func violations(
        of instance: JSONValue, against nodes: [Int], at origin: JSONPointer, limit: Int
    ) -> [SchemaViolation] {
        guard let value = DocumentShape.normalized(instance) else {
            let message = "nests deeper than \(DocumentShape.greatestDepth) levels"
            return [SchemaViolation(path: origin, rule: JSONPointer(), keyword: "", message: message)]
        }
        var quick = SchemaChecker(program)
        if quick.isValid(value, against: nodes) { return [] }
        if let surrender = quick.surrender {
            return [SchemaViolation(path: origin, rule: JSONPointer(), keyword: "", message: surrender)]
        }
        var thorough = SchemaChecker(program, limit: max(1, limit), origin: origin)
        _ = thorough.isValid(value, against: nodes)
        return thorough.violations
    }

    /// Compares the sources.
    public static func == (left: JSONSchema, right: JSONSchema) -> Bool {
        left.program === right.program || left.source == right.source
    }

    /// Hashes the source.
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
