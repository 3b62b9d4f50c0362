public import ProviderCore

/// Reads files with the form of an answer: a bare JSON Schema, the wrapped `{"name", "schema", "strict"}`, or that as
/// `json_schema` in what OpenAI's Chat Completions take.
public enum FormatFile {
    /// Reads a file. `name` is how messages name it. The format is nil when there are errors.
    public static func read(_ bytes: [UInt8], name: String) -> (format: ResponseFormat?, diagnostics: [ToolDiagnostic])
    {
        do {
            let root = try JSONParser.parse(bytes)
            var reader = ToolFileReader(origin: .user)
            reader.readFormat(root)
            let reading = reader.reading(of: bytes, name: name)
            return (reading.hasErrors ? nil : ResponseFormat(schema: root), reading.diagnostics)
        } catch {
            let place = (error as? JSONSyntaxError).map { ($0.line, $0.column, $0.message) } ?? (1, 1, "\(error)")
            return (
                nil,
                [ToolDiagnostic(.error, file: name, line: place.0, column: place.1, message: place.2)]
            )
        }
    }
}

extension ToolFileReader {
    /// Checks a document that has the form of an answer.
    mutating func readFormat(_ root: JSONValue) {
        guard root.objectValue != nil else { return error(JSONPointer(), "a JSON Schema is an object") }
        var (value, path) = (root, JSONPointer())
        if let inner = root["json_schema"] { (value, path) = (inner, path.appending("json_schema")) }
        guard let schema = value["schema"], schema.objectValue != nil, let name = value["name"] else {
            return checkSchema(value, path, isStrict: false)
        }
        checkNames(value, path, known: ["name", "schema", "strict", "description"])
        if !(name.stringValue.map(ToolName.isValid) ?? false) {
            error(path.appending("name"), "a name is 1 to 64 of a-z A-Z 0-9 _ -")
        }
        let strict = value["strict"]
        if let strict, strict.boolValue == nil, !strict.isNull {
            error(path.appending("strict"), "\"strict\" is true or false, and this is \(JSONType(of: strict).words)")
        }
        checkSchema(schema, path.appending("schema"), isStrict: strict?.boolValue == true)
    }
}
