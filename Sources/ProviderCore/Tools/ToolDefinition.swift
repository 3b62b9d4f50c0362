/// A function the model may call.
public struct ToolDefinition: Sendable, Hashable {
    /// The name; matches `^[a-zA-Z0-9_-]{1,64}$`.
    public var name: String
    /// What it does, for the model.
    public var description: String?
    /// JSON Schema of the arguments; nil = no parameters.
    public var parameters: JSONValue?
    /// Whether the arguments must match the schema exactly; nil = not sent.
    public var strict: Bool?

    /// A definition.
    public init(name: String, description: String? = nil, parameters: JSONValue? = nil, strict: Bool? = nil) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.strict = strict
    }
}

/// Which tools the model may or must call.
public enum ToolChoice: Sendable, Hashable {
    /// None.
    case none
    /// The model decides.
    case auto
    /// At least one.
    case required
    /// This one.
    case function(String)
}

extension ToolChoice {
    /// The name of the one function that must be called; nil in the other cases.
    public var functionName: String? { if case .function(let name) = self { name } else { nil } }

    /// Whether it makes the model call something. Sent again with the results of a call it would do so for ever.
    public var forcesCall: Bool { self == .required || functionName != nil }
}
