public import ProviderCore

/// Tools with their schemas made ready: what the calls of an answer are checked against.
public struct ToolSet: Sendable, Hashable {
    /// The tools, in the order in which they are sent.
    public let tools: [Tool]
    private let schemas: [String: JSONSchema]

    /// Tools; of two with one name the first holds. A schema that does not compile checks nothing: `ToolFile` tells of it
    /// before.
    public init(_ tools: [Tool] = []) {
        var seen: Set<String> = []
        self.tools = tools.filter { seen.insert($0.name).inserted }
        var schemas: [String: JSONSchema] = [:]
        for tool in self.tools {
            if let parameters = tool.definition.parameters, let schema = try? JSONSchema(parameters) {
                schemas[tool.name] = schema
            }
        }
        self.schemas = schemas
    }

    private init(_ tools: [Tool], schemas: [String: JSONSchema]) {
        self.tools = tools
        self.schemas = schemas
    }

    /// Those that do not have one of these names. Compiles no schema anew.
    public func without(_ names: Set<String>) -> ToolSet {
        ToolSet(tools.filter { !names.contains($0.name) }, schemas: schemas.filter { !names.contains($0.key) })
    }

    /// What is sent to the model.
    public var definitions: [ToolDefinition] { tools.map(\.definition) }

    /// Whether there is none.
    public var isEmpty: Bool { tools.isEmpty }

    /// The tool of this name.
    public subscript(_ name: String) -> Tool? { tools.first { $0.name == name } }

    /// The schema of a tool's arguments; nil = anything goes, or no such tool.
    public func schema(of name: String) -> JSONSchema? { schemas[name] }

    /// What a call is worth, before anybody decides on it. Never runs anything.
    public func check(_ call: ToolCall) -> CallCheck {
        let arguments: JSONValue
        do { arguments = try CallCheck.parse(call.arguments) } catch {
            let tool = self[call.name]
            return CallCheck(tool: tool, fault: tool == nil ? unknown(call) : .malformed("\(error)"))
        }
        guard let tool = self[call.name] else { return CallCheck(arguments: arguments, fault: unknown(call)) }
        guard arguments.objectValue != nil else {
            return CallCheck(tool: tool, arguments: arguments, fault: .notAnObject)
        }
        let violations = schemas[call.name]?.violations(of: arguments) ?? []
        return CallCheck(tool: tool, arguments: arguments, fault: violations.isEmpty ? nil : .invalid(violations))
    }

    private func unknown(_ call: ToolCall) -> CallCheck.Fault {
        .unknown(name: call.name, known: tools.map(\.name))
    }
}

/// A call looked at: the tool it means, its arguments, and what is wrong with it.
public struct CallCheck: Sendable, Hashable {
    /// Why a call must not be run.
    public enum Fault: Sendable, Hashable {
        /// No tool has this name.
        case unknown(name: String, known: [String])
        /// The arguments are not JSON; where and why.
        case malformed(String)
        /// The arguments are JSON, but no object.
        case notAnObject
        /// The arguments break the schema.
        case invalid([SchemaViolation])
    }

    /// The tool it means; nil = there is none.
    public var tool: Tool?
    /// The arguments; nil when they are not JSON.
    public var arguments: JSONValue?
    /// Why it must not be run; nil = it may.
    public var fault: Fault?

    /// A call looked at.
    public init(tool: Tool? = nil, arguments: JSONValue? = nil, fault: Fault? = nil) {
        self.tool = tool
        self.arguments = arguments
        self.fault = fault
    }

    /// Whether the arguments are JSON and, where the tool is known, match its schema. A function that nobody knows is not run,
    /// but nothing is known against its arguments.
    public var isValid: Bool {
        if case .unknown = fault { return arguments != nil }
        return fault == nil
    }

    /// Arguments as JSON. Models write nothing at all for a function without parameters: that is an empty object. Throws
    /// `JSONSyntaxError`.
    public static func parse(_ arguments: String) throws -> JSONValue {
        let isBlank = arguments.utf8.allSatisfy { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        return isBlank ? .object([]) : try JSONParser.parse(arguments)
    }
}

extension CallCheck.Fault {
    /// It in a sentence without a full stop, for a person and for the model, which can then call anew.
    public var sentence: String {
        switch self {
        case .unknown(let name, let known):
            let near = Spelling.nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            let list = known.isEmpty ? "none is defined" : "defined: \(known.joined(separator: ", "))"
            return "there is no function \"\(name)\" (\(list))\(near)"
        case .malformed(let error): return "the arguments are not JSON: \(error)"
        case .notAnObject: return "the arguments must be a JSON object"
        case .invalid(let violations):
            return "the arguments do not match the schema: "
                + violations.prefix(5).reduce("") { text, violation in
                    // After a question no other mark.
                    text + (text.isEmpty ? "" : text.hasSuffix("?") ? " " : "; ") + violation.description
                }
        }
    }
}
