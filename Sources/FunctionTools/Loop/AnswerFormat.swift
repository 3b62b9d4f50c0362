public import ProviderCore

/// Whether an answer has the form that was asked for.
public enum AnswerFormat {
    /// How a text breaks a schema, in sentences; empty = it does not.
    public static func violations(of text: String, _ schema: JSONSchema) -> [String] {
        do {
            let value = try JSONParser.parse(text)
            return schema.violations(of: value).map(\.description)
        } catch {
            return ["the answer is not JSON: \(error)"]
        }
    }
}

extension ResponseFormat {
    /// A format from JSON: a bare schema, which gets the name `answer`, or the wrapped `{"name", "schema", "strict"}`, also as
    /// `json_schema` within `{"type": "json_schema", …}`.
    public init(schema value: JSONValue) {
        let wrapped = value["json_schema"] ?? value
        if let schema = wrapped["schema"], schema.objectValue != nil, let name = wrapped["name"]?.stringValue {
            self = .jsonSchema(name: name, schema: schema, strict: wrapped["strict"]?.boolValue)
        } else {
            self = .jsonSchema(name: "answer", schema: value, strict: nil)
        }
    }
}
