internal import ProviderCore

extension ToolFileReader {
    private static let functionKeys = ["name", "description", "parameters", "strict"]

    /// One definition; nil when not even its name can be told.
    mutating func tool(_ entry: JSONValue, _ path: JSONPointer) -> Tool? {
        guard entry.objectValue != nil else {
            error(path, "a tool is an object, and this is \(JSONType(of: entry).words)")
            return nil
        }
        if let type = entry["type"], type != .string("function") {
            error(path.appending("type"), "must be \"function\": other kinds of tools cannot be defined here")
        }
        let isWrapped = entry["function"] != nil
        let function = entry["function"] ?? entry
        let place = isWrapped ? path.appending("function") : path
        guard function.objectValue != nil else {
            error(place, "\"function\" must be an object with a name, and is \(JSONType(of: function).words)")
            return nil
        }
        checkPlacesOfNames(entry, path, isWrapped: isWrapped)
        if isWrapped { checkPlacesOfNames(function, place, isWrapped: false) }
        guard let definition = definition(function, place) else { return nil }
        var runs = [(entry["run"], path.appending("run"))]
        if isWrapped { runs.append((function["run"], place.appending("run"))) }
        let given = runs.compactMap { value, path in value.map { ($0, path) } }.filter { !$0.0.isNull }
        if given.count > 1 { error(named: given[1].1, "\"run\" is here twice: beside the function and in it") }
        var tool = Tool(definition, origin: origin)
        if let (run, path) = given.first { read(run: run, path, into: &tool) }
        return tool
    }

    private mutating func checkPlacesOfNames(_ object: JSONValue, _ path: JSONPointer, isWrapped: Bool) {
        let known = isWrapped ? ["type", "function", "run"] : ["type"] + Self.functionKeys + ["run"]
        var rest = object.objectValue ?? []
        for member in rest where Self.runKeys.contains(member.key) && member.key != "run" {
            error(
                named: path.appending(member.key),
                "\(Words.quoted(member.key)) belongs into \"run\" and means nothing here")
        }
        rest.removeAll { Self.runKeys.contains($0.key) }
        checkNames(.object(rest), path, known: known, vital: ["run", "strict"])
    }

    private mutating func definition(_ function: JSONValue, _ path: JSONPointer) -> ToolDefinition? {
        guard let name = function["name"] else {
            error(path, "a tool needs a \"name\"")
            return nil
        }
        let place = path.appending("name")
        guard case .string(let name) = name else {
            error(place, "a name is a string, and this is \(JSONType(of: name).words)")
            return nil
        }
        if ToolName.isValid(name) {
            claim(name, place)
        } else {
            error(place, "\(Words.quoted(name)) is no name for a function: 1 to 64 of a-z A-Z 0-9 _ -")
        }
        var definition = ToolDefinition(name: name)
        definition.description = description(function["description"], path.appending("description"))
        definition.strict = flag(function["strict"], path.appending("strict"), "strict")
        if let parameters = function["parameters"], !parameters.isNull {
            definition.parameters = parameters
            checkParameters(parameters, path.appending("parameters"), isStrict: definition.strict == true)
        }
        return definition
    }

    private mutating func description(_ value: JSONValue?, _ path: JSONPointer) -> String? {
        guard let value, !value.isNull else { return nil }
        guard case .string(let text) = value else {
            error(path, "a description is a string, and this is \(JSONType(of: value).words)")
            return nil
        }
        let count = text.unicodeScalars.count
        if count > ToolFile.longestDescription {
            warning(
                path, "a description has at most \(ToolFile.longestDescription) characters at OpenAI, and this \(count)"
            )
        }
        return text
    }

    /// A member that is true or false; nil when it is not there.
    mutating func flag(_ value: JSONValue?, _ path: JSONPointer, _ name: String) -> Bool? {
        guard let value, !value.isNull else { return nil }
        if value.boolValue == nil {
            error(path, "\(Words.quoted(name)) is true or false, and this is \(JSONType(of: value).words)")
        }
        return value.boolValue
    }

    // MARK: Parameters

    private mutating func checkParameters(_ schema: JSONValue, _ path: JSONPointer, isStrict: Bool) {
        guard schema.objectValue != nil else {
            return error(
                path, "\"parameters\" is a JSON Schema for an object, and this is \(JSONType(of: schema).words)")
        }
        if let type = schema["type"] {
            if type != .string("object"), type.stringValue.map({ JSONType(rawValue: $0) != nil }) ?? true {
                error(path.appending("type"), "the arguments of a function are an object: this must be \"object\"")
            }
        } else if !isStrict {
            warning(path, "\"type\": \"object\" is missing, which OpenAI demands of parameters")
        }
        checkSchema(schema, path, isStrict: isStrict)
    }

    /// Notes what is wrong with a schema, and words in it that are perhaps misspelt.
    mutating func checkSchema(_ schema: JSONValue, _ path: JSONPointer, isStrict: Bool) {
        let problems = JSONSchema.problems(in: schema)
        for problem in problems {
            let subject = problem.path.tokens.isEmpty ? "the schema" : problem.path.words
            error(JSONPointer(path.tokens + problem.path.tokens), "\(subject) \(problem.message)")
        }
        for item in SchemaWalk.items(of: schema) { checkWords(item, JSONPointer(path.tokens + item.path.tokens)) }
        guard isStrict, problems.isEmpty else { return }
        for problem in StrictSubset.problems(in: schema) {
            let place = JSONPointer(path.tokens + problem.path.tokens)
            if problem.path.tokens.isEmpty {
                error(place, problem.message)
            } else {
                error(named: place, problem.message)
            }
        }
    }

    /// Keywords that are perhaps misspelt, and required names that are not defined.
    private mutating func checkWords(_ item: SchemaWalk.Item, _ path: JSONPointer) {
        for member in item.schema.objectValue ?? [] where !SchemaWalk.keywords.contains(member.key) {
            guard let nearest = Spelling.nearest(to: member.key, among: SchemaWalk.keywords.sorted()) else { continue }
            warning(
                named: path.appending(member.key),
                "\(Words.quoted(member.key)) is no keyword of JSON Schema; did you mean \(Words.quoted(nearest))?")
        }
        guard let required = item.schema["required"]?.arrayValue, item.schema["$ref"] == nil else { return }
        let names = (item.schema["properties"]?.objectValue ?? []).map(\.key)
        // What other schemas define for the same value is not looked for, nor names that patterns allow.
        let isElsewhere = ["allOf", "anyOf", "oneOf", "patternProperties", "if"].contains { item.schema[$0] != nil }
        guard item.schema["properties"] != nil || item.path.tokens.isEmpty, !isElsewhere else { return }
        for (index, element) in required.enumerated() {
            guard let name = element.stringValue, !names.contains(where: { ExactText.equal($0, name) }) else {
                continue
            }
            let nearest = Spelling.nearest(to: name, among: names)
            warning(
                path.appending("required").appending(String(index)),
                "\(Words.quoted(name)) is required, but not in \"properties\""
                    + (nearest.map { "; did you mean \(Words.quoted($0))?" } ?? ""))
        }
    }
}

/// Names of functions and of response formats.
public enum ToolName {
    /// Whether a name is one that OpenAI's APIs take: `^[a-zA-Z0-9_-]{1,64}$`.
    public static func isValid(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
    }
}
