/// Why a JSON value is no schema that can be used.
public struct SchemaProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the schema.
    public var path: JSONPointer
    /// What is wrong, in plain words that follow the place: `must be one of …`.
    public var message: String

    /// A problem at a place.
    public init(path: JSONPointer, message: String) {
        self.path = path
        self.message = message
    }

    /// `/properties/unit/type: must be …`; the root is `schema`.
    public var description: String { "\(path.tokens.isEmpty ? "schema" : path.description): \(message)" }
}
