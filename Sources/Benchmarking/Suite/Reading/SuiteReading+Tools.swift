internal import FunctionTools
internal import ProviderCore

extension SuiteReading {
    // MARK: Sandbox

    mutating func readSandbox(_ node: SuiteNode?) {
        guard let node else { return }
        guard let fields = fields(node, .sandbox, example: "{network: off, memory: 1GiB}") else { return }
        if let node = fields["kind"] {
            let reason = "cannot be chosen: the program takes the sandbox that this machine has, kind: auto"
            _ = word(node, ["auto"], notYet: ["bwrap": reason, "podman": reason, "plain": reason])
        }
        if let node = fields["network"] { suite.sandbox.allowsNetwork = word(node, ["off", "on"]) == "on" }
        if let node = fields["memory"], let size = size(node, 16 << 20...1 << 40, example: "1GiB") {
            suite.sandbox.memory = size
        }
        if let node = fields["cpu_time"], let time = duration(node, 1...86_400, example: "20s") {
            suite.sandbox.cpuSeconds = max(1, Int(time.components.seconds))
        }
        if let node = fields["files"], let size = size(node, 0...1 << 40, example: "16MiB") {
            suite.sandbox.fileSize = size
        }
        if let node = fields["processes"], let count = int(node, 1...32_768, example: "32") {
            suite.sandbox.processes = count
        }
        if let node = fields["output"], let size = size(node, 1_024...64 << 20, example: "256KiB") {
            suite.sandbox.output = size
        }
    }

    // MARK: Tools

    mutating func readTools(_ node: SuiteNode?) {
        guard let node else { return }
        if node.scalar != nil, !node.isNull { return readToolFile(node) }
        let example = "get_weather: {about: \"Current weather\", schema: {type: object}, does: {reply: sunny}}"
        for entry in named(node, "\"tools\"", example: example) {
            let count = problems.count
            if let tool = tool(entry), problems.count == count {
                tools.append(tool)
            } else {
                spoiled.insert("tool \(entry.key)")
            }
        }
    }

    /// A file of definitions, as `--tools` takes it.
    private mutating func readToolFile(_ node: SuiteNode) {
        guard let path = text(node, example: "tools.json"), let bytes = read(path, node, limit: ToolFile.greatestSize)
        else {
            return
        }
        let reading = ToolFile.read(bytes, name: path, origin: .user)
        add(
            reading.diagnostics.filter { $0.severity == .error }
                .map { SuiteProblem(file: $0.file, line: $0.line, column: $0.column, $0.message) })
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        tools = reading.tools.compactMap { tool in
            var tool = tool
            tool.runsUnattended = true
            guard case .command(var template) = tool.run, let name = template.arguments.first, name.contains("/") else {
                return tool
            }
            // What lies beside the definition is named from there.
            let isBeside = name.hasPrefix("./") || name.hasPrefix("../")
            guard let program = program(isBeside ? folder + name : name, node) else { return nil }
            template.arguments[0] = program
            tool.run = .command(template)
            return tool
        }
    }

    private mutating func tool(_ entry: SuiteNode.Entry) -> Tool? {
        let example = "{about: \"Current weather\", schema: {type: object}, does: {reply: sunny}}"
        guard let fields = fields(entry.value, .tool, example: example) else { return nil }
        if !ToolName.isValid(entry.key) {
            problem(entry.mark, "\"\(NameWords.cut(entry.key))\" is no name for a function: 1 to 64 of a-z A-Z 0-9 _ -")
        }
        var definition = ToolDefinition(name: entry.key)
        definition.description = fields["about"].flatMap { text($0, example: "\"Current weather\"") }
        definition.strict = fields["strict"].flatMap { bool($0) }
        if let node = fields["schema"] {
            definition.parameters = schema(node, "\"schema\"", isStrict: definition.strict == true)
            if let type = definition.parameters?["type"], type != .string("object") {
                problem(node, "the arguments of a function are an object: schema: {type: object, properties: …}")
            }
        }
        guard let does = required(fields, "does", example: "does: {reply: sunny}") else { return nil }
        let properties = (definition.parameters?["properties"]?.objectValue ?? []).map(\.key)
        guard let run = run(does, properties) else { return nil }
        return Tool(
            definition, run: run, runsUnattended: true,
            place: "\(file):\(entry.mark.line):\(entry.mark.column)")
    }

    /// A JSON Schema that is written in the suite; nil with problems at the places that are wrong.
    mutating func schema(_ node: SuiteNode, _ what: String, isStrict: Bool) -> JSONValue? {
        guard node.entries != nil, !node.isUnquotedTemplate else {
            problem(node, "\(what) is a JSON Schema, and this is \(node.words): {type: object, properties: {…}}")
            return nil
        }
        let schema = node.json
        var found = JSONSchema.problems(in: schema)
        if found.isEmpty, isStrict { found = StrictSubset.problems(in: schema) }
        for problem in found {
            let subject = problem.path.tokens.isEmpty ? "the schema" : problem.path.words
            self.problem(node.node(at: problem.path.tokens), "\(subject): \(problem.message)")
        }
        return found.isEmpty ? schema : nil
    }

    // MARK: What a tool does

    private mutating func run(_ node: SuiteNode, _ properties: [String]) -> ToolRun? {
        let example = "does: {reply: sunny}"
        guard let fields = fields(node, .does, example: example) else { return nil }
        let given = SuiteKeys.ways.filter { fields[$0] != nil }
        guard given.count == 1, let value = fields[given[0]] else {
            problem(node, "\"does\" has one of reply, exec and http: \(example)")
            return nil
        }
        for key in ["stdin", "timeout"] where fields[key] != nil {
            let hasUse = given[0] == "exec" || (given[0] == "http" && key == "timeout")
            if !hasUse { problem(fields.mark(key), "\"\(key)\" has no use beside \"\(given[0])\"") }
        }
        let timeout = fields["timeout"].flatMap { duration($0, 0.1...86_400, example: "10s") }
        switch given[0] {
        case "reply": return .reply(value.textValue ?? JSONWriter.string(value.json))
        case "http": return url(value, timeout ?? .seconds(30))
        default: return command(value, fields["stdin"], timeout, properties)
        }
    }

    private mutating func url(_ node: SuiteNode, _ timeout: Duration) -> ToolRun? {
        guard let text = text(node, example: "\"http://127.0.0.1:9000/weather\"") else { return nil }
        do {
            let url = try BaseURL(text)
            guard url.isLoopback else {
                problem(
                    node, "\(url.displayName) is not this machine: only 127.0.0.0/8, [::1] and localhost are called")
                return nil
            }
            return .http(url: text, timeout: timeout)
        } catch {
            problem(node, "\"\(NameWords.cut(text))\" is no URL that can be called: \(error)")
            return nil
        }
    }

    private mutating func command(
        _ node: SuiteNode, _ stdin: SuiteNode?, _ timeout: Duration?, _ properties: [String]
    ) -> ToolRun? {
        guard let elements = list(node, example: "[\"python3\", \"-I\", \"-\"]") else { return nil }
        var arguments: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = placeholders(element, properties, isProgram: index == 0) else { return nil }
            arguments.append(text)
        }
        guard let first = arguments.first, let program = program(first, elements[0]) else { return nil }
        arguments[0] = program
        var limits = suite.sandbox
        if let timeout { limits.time = timeout }
        var template = CommandTemplate(arguments, limits: limits)
        if let stdin { template.input = placeholders(stdin, properties, isProgram: false) }
        return .command(template)
    }

    /// A text with `{{name}}` for arguments of the call, in the spelling of `CommandTemplate`.
    private mutating func placeholders(_ node: SuiteNode, _ properties: [String], isProgram: Bool) -> String? {
        guard let template = template(node, example: "\"{{code}}\"") else { return nil }
        // What is filled in here comes from the call, not from a sample.
        templates.removeLast()
        if isProgram, template.source.isEmpty || !template.names.isEmpty {
            problem(
                node, "the program cannot be empty or chosen by the model: placeholders may stand in its arguments only"
            )
            return nil
        }
        if template.source.utf8.contains(0) {
            problem(node, "has a NUL character, which no program can be given")
            return nil
        }
        var text = ""
        for piece in template.pieces {
            switch piece {
            case .text(let plain):
                text += plain.replacing("{", with: "{{").replacing("}", with: "}}")
            case .value(let lookup):
                guard lookup.path.count == 1, lookup.filters.isEmpty else {
                    problem(node, "an argument is put in whole: {{name}}, without a path and filters")
                    return nil
                }
                guard properties.contains(lookup.path[0]) else {
                    problem(
                        node,
                        "{{\(lookup.path[0])}} names no property of the schema"
                            + NameWords.suggestion(lookup.path[0], among: properties))
                    return nil
                }
                text += "{\(lookup.path[0])}"
            case .each: break
            }
        }
        return text
    }

    // MARK: Files

    /// The program of a command: a name that is looked up in `PATH`, or a file of the suite's folder, which is named from there and
    /// begins with `./` then. Nil, and a problem, for any other, and for a file that is not there.
    mutating func program(_ name: String, _ node: SuiteNode) -> String? {
        guard name.contains("/") else { return name }
        guard !name.hasPrefix("/") else {
            problem(
                node,
                "\(NameWords.cut(name)) lies outside the suite's folder: a program of the system is named without its "
                    + "path, and found in PATH")
            return nil
        }
        let parts = name.split(separator: "/").filter { $0 != "." }
        let path = parts.joined(separator: "/")
        return read(path, node, limit: SuiteReader.greatestProgram).map { _ in "./" + path }
    }

    /// Reads a file that the suite names; nil, and a problem at the name, when it cannot be read.
    mutating func read(_ path: String, _ node: SuiteNode, limit: Int) -> [UInt8]? {
        do {
            let bytes = try files.read(path, limit: limit)
            digests[path] = SHA256.hex(bytes)
            return bytes
        } catch {
            problem(node, "\(NameWords.cut(path)) \(error.message)")
            return nil
        }
    }

    /// A JSON Schema: a file of one, or one that is written out.
    mutating func schemaValue(_ node: SuiteNode, isStrict: Bool) -> ResponseFormat? {
        if node.entries != nil {
            return schema(node, Self.name(node), isStrict: isStrict).map(ResponseFormat.init(schema:))
        }
        guard let path = text(node, example: "schemas/invoice.json"), let bytes = read(path, node, limit: 16_000_000)
        else {
            return nil
        }
        let (format, diagnostics) = FormatFile.read(bytes, name: path)
        add(
            diagnostics.filter { $0.severity == .error }
                .map { SuiteProblem(file: $0.file, line: $0.line, column: $0.column, $0.message) })
        return format
    }
}

extension SuiteNode {
    /// The text when it is one: quoted, or a plain word that means no number, boolean or nothing.
    var textValue: String? { json.stringValue }
}
