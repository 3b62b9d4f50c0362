import ProviderCore

/// Reads the files of `--tools` and `--json-schema`. Every mistake is told with file, line and column.
enum ToolFile {
    /// An array of definitions, or one alone; each wrapped (`{"type": "function", "function": {…}}`) or bare.
    static func read(_ path: String) throws -> [ToolDefinition] {
        let value = try parse(path)
        let entries = value.arrayValue ?? [value]
        guard !entries.isEmpty else { throw wrong(path, "the list of tools is empty") }
        return try entries.enumerated().map { try definition($1, number: $0 + 1, path: path) }
    }

    /// A bare schema, or the wrapped `{"name", "schema", "strict"}`.
    static func readSchema(_ path: String) throws -> ResponseFormat {
        let value = try parse(path)
        guard value.objectValue != nil else { throw wrong(path, "a JSON Schema is an object") }
        guard let schema = value["schema"], schema.objectValue != nil, let name = value["name"]?.stringValue else {
            return .jsonSchema(name: "answer", schema: value, strict: nil)
        }
        try checkName(name, path: path)
        return .jsonSchema(name: name, schema: schema, strict: value["strict"]?.boolValue)
    }

    private static func parse(_ path: String) throws -> JSONValue {
        let bytes = try InputFile.read(path, limit: 16 << 20)
        do {
            return try JSONParser.parse(bytes)
        } catch let error as JSONSyntaxError {
            throw Failure("\(path):\(error.line):\(error.column): \(error.message)", code: Exit.inputFile)
        }
    }

    private static func definition(_ entry: JSONValue, number: Int, path: String) throws -> ToolDefinition {
        let function = entry["function"] ?? entry
        guard function.objectValue != nil else { throw wrong(path, "tool \(number) is not an object") }
        guard let name = function["name"]?.stringValue else {
            throw wrong(path, "tool \(number) has no \"name\"")
        }
        try checkName(name, path: path)
        if let parameters = function["parameters"], !parameters.isNull, parameters.objectValue == nil {
            throw wrong(path, "tool \(name): \"parameters\" is not a JSON Schema object")
        }
        let parameters = function["parameters"].flatMap { $0.isNull ? nil : $0 }
        return ToolDefinition(
            name: name, description: function["description"]?.stringValue, parameters: parameters,
            strict: function["strict"]?.boolValue)
    }

    private static func checkName(_ name: String, path: String) throws {
        let isValid =
            (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
        guard isValid else {
            throw wrong(path, "\"\(name)\" is no name for a function: 1 to 64 of a-z A-Z 0-9 _ -")
        }
    }

    private static func wrong(_ path: String, _ message: String) -> Failure {
        Failure("\(path):1:1: \(message)", code: Exit.inputFile)
    }
}
