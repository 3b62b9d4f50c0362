internal import FunctionTools
internal import ProviderCore

/// HumanEval's JSON Lines: `task_id`, `prompt`, `entry_point`, `test`.
enum HumanEvalData {
    static func read(_ bytes: [UInt8], file: String) -> DataRows {
        var data = JSONLinesData.read(bytes, file: file)
        for index in data.rows.indices {
            let row = data.rows[index]
            data.rows[index].id = data.text(row, "task_id")
            for key in ["prompt", "entry_point", "test"] { _ = data.text(row, key) }
        }
        return data
    }
}

/// Samples of OpenAI's evals: `input`, a text or chat messages, and `ideal`, a text or a list of them.
enum EvalsData {
    static func read(_ bytes: [UInt8], file: String) -> DataRows {
        var data = JSONLinesData.read(bytes, file: file)
        for index in data.rows.indices {
            let row = data.rows[index]
            func wrong(_ message: String) { data.problem(file, row.mark.line, row.mark.column, message) }
            switch row.fields["input"] {
            case .string(let text)?: data.rows[index].messages = [ChatMessage(.user, text)]
            case .array(let turns)?:
                guard let messages = ChatData.messages(turns) else {
                    wrong("\"input\" is a list of messages with \"role\" and a text as \"content\"")
                    continue
                }
                data.rows[index].messages = messages
            case nil: wrong("has no \"input\"")
            default: wrong("\"input\" is a text or a list of messages")
            }
            switch row.fields["ideal"] {
            case nil, .string?: break
            case .array(let values)? where values.allSatisfy({ $0.stringValue != nil }): break
            default: wrong("\"ideal\" is a text or a list of texts")
            }
        }
        return data
    }
}

/// Messages as chat data have them.
enum ChatData {
    /// Nil when one has no known role or no text, and when there are none.
    static func messages(_ values: [JSONValue]) -> [ChatMessage]? {
        let messages = values.compactMap { value -> ChatMessage? in
            guard let role = value["role"]?.stringValue.flatMap(ChatRole.init), role != .tool,
                let text = value["content"]?.stringValue
            else { return nil }
            var message = ChatMessage(role, text)
            message.name = value["name"]?.stringValue
            return message
        }
        return messages.count == values.count && !messages.isEmpty ? messages : nil
    }
}

/// The Berkeley Function Calling Leaderboard, single-turn categories: a file of questions and one of answers.
enum BFCLData {
    /// What its types are called in JSON Schema.
    private static let types = [
        "dict": "object", "HashMap": "object", "Hashtable": "object", "float": "number", "double": "number",
        "tuple": "array", "list": "array", "ArrayList": "array", "Array": "array", "Queue": "array", "Stack": "array",
        "any": "string", "Any": "string", "char": "string", "String": "string", "bool": "boolean", "Boolean": "boolean",
        "byte": "integer", "short": "integer", "long": "integer", "Bigint": "integer",
    ]

    static func read(_ bytes: [UInt8], file: String, answers: (bytes: [UInt8], file: String)?) -> DataRows {
        var data = JSONLinesData.read(bytes, file: file)
        for index in data.rows.indices { readQuestion(index, &data) }
        guard let answers else { return data }
        var expected = JSONLinesData.read(answers.bytes, file: answers.file)
        var byID: [String: [ExpectedCall]] = [:]
        for row in expected.rows {
            guard let id = expected.text(row, "id") else { continue }
            guard let calls = calls(row.fields["ground_truth"]) else {
                expected.problem(
                    answers.file, row.mark.line, 1,
                    "\"ground_truth\" is a list of {\"function\": {\"argument\": [values]}}")
                continue
            }
            byID[id] = calls
        }
        for problem in expected.problems { data.problem(problem.file, problem.line, problem.column, problem.message) }
        for index in data.rows.indices {
            guard let id = data.rows[index].id else { continue }
            guard let calls = byID[id] else {
                data.problem(
                    file, data.rows[index].mark.line, 1, "\"\(NameWords.cut(id))\" has no answer in \(answers.file)")
                continue
            }
            data.rows[index].expectedCalls = calls
        }
        return data
    }

    private static func readQuestion(_ index: Int, _ data: inout DataRows) {
        let row = data.rows[index]
        data.rows[index].id = data.text(row, "id")
        func wrong(_ message: String) { data.problem(row.file, row.mark.line, row.mark.column, message) }
        guard let turns = row.fields["question"]?.arrayValue, let first = turns.first?.arrayValue,
            let messages = ChatData.messages(first)
        else { return wrong("\"question\" is a list of turns, each a list of messages") }
        guard turns.count == 1, row.fields["involved_classes"] == nil else {
            return wrong("multi-turn samples are not there yet: they need programs of the benchmark's own")
        }
        data.rows[index].messages = messages
        let functions = row.fields["function"]?.arrayValue ?? row.fields["function"].map { [$0] } ?? []
        if functions.isEmpty { return wrong("has no \"function\"") }
        for function in functions {
            guard let tool = tool(function, "\(row.file):\(row.mark.line)") else {
                return wrong("a function has no \"name\" that can be used")
            }
            if data.rows[index].tools.contains(where: { $0.name == tool.name }) {
                return wrong("two functions are named \"\(NameWords.cut(tool.name))\"")
            }
            let problems = JSONSchema.problems(in: tool.definition.parameters ?? .object([]))
            if let problem = problems.first { return wrong("the function \"\(tool.name)\": \(problem)") }
            data.rows[index].tools.append(tool)
        }
    }

    private static func tool(_ function: JSONValue, _ place: String) -> Tool? {
        guard let name = function["name"]?.stringValue.map(Self.name), ToolName.isValid(name) else { return nil }
        let parameters = function["parameters"].map { schema($0, depth: 0) }
        let definition = ToolDefinition(
            name: name, description: function["description"]?.stringValue, parameters: parameters)
        return Tool(definition, place: place)
    }

    /// The APIs take no dots in names.
    private static func name(_ name: String) -> String { name.replacing(".", with: "_") }

    /// A schema with the types that JSON Schema has.
    private static func schema(_ value: JSONValue, depth: Int) -> JSONValue {
        guard depth < 64, let members = value.objectValue else { return value }
        return .object(
            members.map { member in
                switch member.key {
                case "type":
                    return JSONMember("type", member.value.stringValue.map { .string(types[$0] ?? $0) } ?? member.value)
                case "properties":
                    let properties = (member.value.objectValue ?? []).map {
                        JSONMember($0.key, schema($0.value, depth: depth + 1))
                    }
                    return JSONMember("properties", .object(properties))
                case "items", "additionalProperties":
                    return JSONMember(member.key, schema(member.value, depth: depth + 1))
                default: return member
                }
            })
    }

    /// `[{"function": {"argument": [values]}}]`; an empty text among the values says that the argument may be left out.
    private static func calls(_ value: JSONValue?) -> [ExpectedCall]? {
        guard let elements = value?.arrayValue else { return nil }
        var calls: [ExpectedCall] = []
        for element in elements {
            guard let member = element.objectValue?.first, element.objectValue?.count == 1,
                let arguments = member.value.objectValue
            else { return nil }
            var call = ExpectedCall(name(member.key), [])
            for argument in arguments {
                guard let values = argument.value.arrayValue else { return nil }
                let allowed = values.filter { $0 != .string("") }
                call.arguments.append(
                    ExpectedCall.Argument(
                        argument.key, allowed: allowed.isEmpty ? values : allowed,
                        mayBeAbsent: allowed.count < values.count))
            }
            calls.append(call)
        }
        return calls
    }
}
