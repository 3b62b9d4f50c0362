import FunctionTools
import ProviderCore

/// The form of an answer as it is typed: `text`, `json`, or a JSON Schema, bare or wrapped.
enum FormatText {
    /// The form; nil = text. Throws a line that says what is wrong.
    static func parse(_ typed: String) throws(ParameterInputError) -> ResponseFormat? {
        switch typed.trimmed {
        case "", "text": return nil
        case "json": return .jsonObject
        default: break
        }
        let value: JSONValue
        do { value = try JSONParser.parse(typed) } catch {
            throw ParameterInputError("format: text, json, or a JSON Schema; \(error)")
        }
        guard value.objectValue != nil else { throw ParameterInputError("format: a JSON Schema is an object") }
        let format = ResponseFormat(schema: value)
        guard case .jsonSchema(_, let schema, let strict) = format else { return format }
        if let problem = JSONSchema.problems(in: schema).first {
            throw ParameterInputError("format: \(problem.description)")
        }
        if strict == true, let problem = StrictSubset.problems(in: schema).first {
            throw ParameterInputError("format: strict: \(problem.description)")
        }
        return format
    }

    /// The form in a word or two.
    static func summary(_ typed: String) -> String {
        guard case .jsonSchema(let name, let schema, _)? = (try? parse(typed)) ?? nil else { return typed.trimmed }
        let count = schema["properties"]?.objectValue?.count ?? 0
        return "\(name) (\(count) propert\(count == 1 ? "y" : "ies"))"
    }
}
