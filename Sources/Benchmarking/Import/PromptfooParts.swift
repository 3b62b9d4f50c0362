import ProviderCore

/// A provider of promptfoo as a model of a suite.
struct PromptfooModel: Hashable {
    var name: String
    var id: String?
    var baseURL: String?
    var parameters: [JSONMember] = []

    var yaml: String {
        var parts: [String] = []
        if baseURL != nil { parts.append("endpoint: \(name)") }
        if let id { parts.append("model: \(SuiteWriter.quoted(id))") }
        if !parameters.isEmpty { parts.append("params: \(JSONWriter.string(.object(parameters)))") }
        return "{" + parts.joined(separator: ", ") + "}"
    }
}

/// A prompt of promptfoo.
struct PromptfooPrompt: Hashable {
    var name: String
    var messages: [(role: ChatRole, text: String)]

    var names: [String] { messages.flatMap { FieldTemplate($0.text).names } }

    static func == (left: PromptfooPrompt, right: PromptfooPrompt) -> Bool {
        left.name == right.name && left.messages.map(\.text) == right.messages.map(\.text)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A test of promptfoo, its variables chosen.
struct PromptfooTest: Hashable {
    var id = ""
    var about = ""
    var variables: [JSONMember] = []
    var assertions: [PromptfooAssertion] = []

    /// The sample. Names that a prompt uses and the test has not are empty, as promptfoo has it.
    func row(_ names: Set<String>) -> JSONValue {
        var members = [JSONMember("id", .string(id))]
        if !about.isEmpty { members.append(JSONMember("description", .string(about))) }
        members += variables.filter { $0.key != "id" && $0.key != "description" }
        let given = Set(members.map(\.key))
        for name in names.sorted() where !given.contains(name) { members.append(JSONMember(name, .string(""))) }
        for (number, assertion) in assertions.enumerated() {
            if let value = assertion.value { members.append(JSONMember("assert_\(number + 1)", value)) }
        }
        return .object(members)
    }
}

/// An assertion of promptfoo.
struct PromptfooAssertion: Hashable {
    /// All of it but its value, which is a field of the sample.
    struct Shape: Hashable {
        var kind: String
        var isNegated = false
        var weight = 1.0
        /// A schema or a rubric, which is a file of the suite; nil = none.
        var document: String?

        var isJudged: Bool { kind == "llm-rubric" }
    }

    var shape: Shape
    var value: JSONValue?
}

extension PromptfooAssertion.Shape {
    /// Kinds whose value is one text.
    static let texts = ["equals", "contains", "icontains", "starts-with", "regex"]
    /// Kinds whose value is a list of texts.
    static let lists = ["contains-any", "contains-all", "icontains-any", "icontains-all"]

    /// The scorer, with the value in a field of the sample.
    func yaml(field: String, judge: String, files: inout [String: [UInt8]], name: String) -> String {
        let value = "\"{{\(field)}}\""
        let scorer: String
        switch kind {
        case "equals": scorer = "{exact: \(value), fold_space: false}"
        case "contains", "contains-all": scorer = "{contains: \(value), fold_space: false}"
        case "icontains", "icontains-all": scorer = "{contains: \(value), fold_case: true, fold_space: false}"
        case "contains-any": scorer = "{contains_any: \(value), fold_space: false}"
        case "icontains-any": scorer = "{contains_any: \(value), fold_case: true, fold_space: false}"
        case "llm-rubric":
            let path = Self.file("rubric", "md", document ?? "", &files, name)
            scorer = "{judge: {model: \(judge), rubric: \(SuiteWriter.quoted(path)), scale: [0, 1]}}"
        case "is-json":
            let path = document.map { Self.file("schema", "json", $0, &files, name) }
            scorer = "{json_valid: \(path.map(SuiteWriter.quoted) ?? "true")}"
        default: scorer = "{regex: \(value)}"
        }
        return isNegated ? "{not: \(scorer)}" : scorer
    }

    /// The path of a document; equal ones are one file.
    private static func file(
        _ what: String, _ ending: String, _ text: String, _ files: inout [String: [UInt8]], _ name: String
    ) -> String {
        let bytes = Array(text.utf8)
        let prefix = "data/\(name)-\(what)-"
        let same = files.first { $0.key.hasPrefix(prefix) && $0.value == bytes }
        if let same { return same.key }
        let path = "\(prefix)\(files.keys.count { $0.hasPrefix(prefix) } + 1).\(ending)"
        files[path] = bytes
        return path
    }
}
