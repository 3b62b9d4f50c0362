internal import ProviderCore

extension ToolFileReader {
    /// Keywords that say who answers; exactly one must be there.
    private static let ways = ["command", "shell", "url", "reply"]
    /// What a program may use.
    private static let limits = ["cpu_seconds", "memory_mb", "processes", "file_mb", "output_kb", "network"]
    /// All keywords of `run`.
    static let runKeys = ways + ["timeout_seconds"] + limits + ["approval"]

    /// Reads what stands at `run`.
    mutating func read(run: JSONValue, _ path: JSONPointer, into tool: inout Tool) {
        guard let members = run.objectValue else {
            return error(
                path,
                "\"run\" is an object with one of \(Words.list(Self.ways) { $0 }), and this is \(JSONType(of: run).words)"
            )
        }
        // A limit that is misspelt would be a limit that is not there.
        for member in members where !Self.runKeys.contains(member.key) {
            let nearest = Spelling.nearest(to: member.key, among: Self.runKeys)
            error(
                named: path.appending(member.key),
                "\(Words.quoted(member.key)) is not known in \"run\""
                    + (nearest.map { "; did you mean \(Words.quoted($0))?" }
                        ?? "; known are \(Words.list(Self.runKeys) { $0 })"))
        }
        checkNames(.object(members.filter { Self.runKeys.contains($0.key) }), path, known: Self.runKeys)
        let given = Self.ways.filter { run[$0] != nil }
        guard let way = given.first else {
            return error(path, "\"run\" needs one of \(Words.list(Self.ways) { $0 }); without \"run\" a person answers")
        }
        for other in given.dropFirst() {
            error(named: path.appending(other), "\"run\" has \(Words.quoted(way)) already, and can have one only")
        }
        let limits = limits(run, path)
        warnOfIdle(run, path, way: way)
        let place = path.appending(way)
        let value = run[way] ?? .null
        switch way {
        case "command": readCommand(value, place, limits, into: &tool)
        case "shell": readShell(value, place, limits, into: &tool)
        case "url": readURL(value, place, limits.time, into: &tool)
        default: tool.run = .reply(value.stringValue ?? JSONWriter.string(value))
        }
        readApproval(run["approval"], path.appending("approval"), into: &tool)
    }

    /// Warns of limits that limit nothing.
    private mutating func warnOfIdle(_ run: JSONValue, _ path: JSONPointer, way: String) {
        guard way == "url" || way == "reply" else { return }
        let idle = way == "url" ? Self.limits : Self.limits + ["timeout_seconds"]
        for key in idle where run[key] != nil {
            warning(
                named: path.appending(key),
                "\(Words.quoted(key)) limits nothing here: \(Words.quoted(way)) starts no program")
        }
    }

    // MARK: Who answers

    private mutating func readCommand(
        _ value: JSONValue, _ path: JSONPointer, _ limits: CommandLimits, into tool: inout Tool
    ) {
        guard let elements = value.arrayValue, !elements.isEmpty else {
            return error(path, "\"command\" is a list of a program and its arguments: [\"program\", \"argument\"]")
        }
        var arguments: [String] = []
        for (index, element) in elements.enumerated() {
            let place = path.appending(String(index))
            guard case .string(let text) = element else {
                error(place, "an argument is a string, and this is \(JSONType(of: element).words)")
                continue
            }
            arguments.append(text)
            checkArgument(text, place, isProgram: index == 0, tool.definition)
        }
        tool.run = .command(CommandTemplate(arguments, limits: limits))
    }

    private mutating func checkArgument(
        _ text: String, _ path: JSONPointer, isProgram: Bool, _ definition: ToolDefinition
    ) {
        if text.utf8.contains(0) { return error(path, "has a NUL character, which no program can be given") }
        if isProgram, text.isEmpty { return error(path, "the program has no name") }
        do {
            let parts = try TemplateParts(text)
            if isProgram, !parts.names.isEmpty {
                return error(
                    path, "the program cannot be chosen by the model: placeholders may stand in its arguments only")
            }
            for name in parts.names { checkPlaceholder(name, path, definition) }
            if parts.onlyName == nil { warnOfMissing(parts.names, path, definition) }
        } catch { self.error(path, "\(Words.quoted(text)) \(error)") }
    }

    private mutating func checkPlaceholder(_ name: String, _ path: JSONPointer, _ definition: ToolDefinition) {
        let names = (definition.parameters?["properties"]?.objectValue ?? []).map(\.key)
        guard !names.contains(where: { ExactText.equal($0, name) }) else { return }
        let nearest = Spelling.nearest(to: name, among: names).map { "; did you mean {\($0)}?" }
        let known = names.isEmpty ? ": there are no properties" : "; known are \(Words.list(names, Words.quoted))"
        error(path, "{\(Words.cut(name))} names no property of \"parameters\"" + (nearest ?? known))
    }

    /// A word of its own is left out when its argument is missing; of a longer one nothing can be made then.
    private mutating func warnOfMissing(_ names: [String], _ path: JSONPointer, _ definition: ToolDefinition) {
        let properties = (definition.parameters?["properties"]?.objectValue ?? []).map(\.key)
        let required = (definition.parameters?["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        var told: [String] = []
        for name in names where !(required + told).contains(where: { ExactText.equal($0, name) }) {
            guard properties.contains(where: { ExactText.equal($0, name) }) else { continue }
            told.append(name)
            warning(
                path,
                "\(Words.quoted(name)) may be missing, and then this word cannot be made: put it in \"required\", "
                    + "or let {\(Words.cut(name))} be a word of its own")
        }
    }

    private mutating func readShell(
        _ value: JSONValue, _ path: JSONPointer, _ limits: CommandLimits, into tool: inout Tool
    ) {
        guard case .string(let name) = value else {
            return error(path, "\"shell\" names the argument that is run, and this is \(JSONType(of: value).words)")
        }
        tool.run = .shell(argument: name, limits)
        let properties = tool.definition.parameters?["properties"]
        guard let schema = properties?[name] else {
            let names = (properties?.objectValue ?? []).map(\.key)
            let nearest = Spelling.nearest(to: name, among: names).map { "; did you mean \(Words.quoted($0))?" }
            return error(path, "\(Words.quoted(name)) is no property of \"parameters\"" + (nearest ?? ""))
        }
        if let type = schema["type"], type != .string("string") {
            error(path, "the shell runs a string, and the type of \(Words.quoted(name)) is another")
        }
    }

    private mutating func readURL(
        _ value: JSONValue, _ path: JSONPointer, _ timeout: Duration, into tool: inout Tool
    ) {
        guard case .string(let text) = value else {
            return error(path, "\"url\" is a string, and this is \(JSONType(of: value).words)")
        }
        do {
            let url = try BaseURL(text)
            guard url.isLoopback else {
                return error(
                    path, "\(url.displayName) is not this machine: only 127.0.0.0/8, [::1] and localhost are called")
            }
            // A base loses the slash at its end, which a server may want.
            let slash = text.prefix { $0 != "?" }.hasSuffix("/") ? "/" : ""
            let query = url.query.isEmpty ? "" : "?" + url.query
            tool.run = .http(url: "\(url.scheme)://\(url.displayName)\(url.path)\(slash)\(query)", timeout: timeout)
        } catch { self.error(path, "\(Words.quoted(error.given)) is no URL that can be called: \(error)") }
    }

    // MARK: Limits and permissions

    private mutating func limits(_ run: JSONValue, _ path: JSONPointer) -> CommandLimits {
        var limits = CommandLimits()
        if let seconds = number(run, path, "timeout_seconds", 0.1...86_400) {
            limits.time = .milliseconds(Int((seconds * 1_000).rounded()))
        }
        if let count = count(run, path, "cpu_seconds", 1...86_400) { limits.cpuSeconds = count }
        if let count = count(run, path, "memory_mb", 1...1_048_576) { limits.memory = count << 20 }
        if let count = count(run, path, "processes", 1...32_768) { limits.processes = count }
        if let count = count(run, path, "file_mb", 0...1_048_576) { limits.fileSize = count << 20 }
        if let count = count(run, path, "output_kb", 1...65_536) { limits.output = count << 10 }
        if flag(run["network"], path.appending("network"), "network") == true {
            if origin == .project {
                warning(
                    path.appending("network"),
                    "\"network\" is ignored: a file of the working folder cannot open the network; "
                        + "your own tools folder can")
            } else {
                limits.allowsNetwork = true
            }
        }
        return limits
    }

    private mutating func count(
        _ run: JSONValue, _ path: JSONPointer, _ key: String, _ range: ClosedRange<Int>
    ) -> Int? {
        guard let value = run[key] else { return nil }
        if let count = value.intValue, range.contains(count) { return count }
        error(
            path.appending(key),
            "\(Words.quoted(key)) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    private mutating func number(
        _ run: JSONValue, _ path: JSONPointer, _ key: String, _ range: ClosedRange<Double>
    ) -> Double? {
        guard let value = run[key] else { return nil }
        if let number = value.doubleValue, range.contains(number) { return number }
        error(
            path.appending(key), "\(Words.quoted(key)) is a number from \(range.lowerBound) to \(Int(range.upperBound))"
        )
        return nil
    }

    private mutating func readApproval(_ value: JSONValue?, _ path: JSONPointer, into tool: inout Tool) {
        guard let value else { return }
        switch value {
        case .string("ask"): tool.runsUnattended = false
        case .string("automatic") where origin == .project:
            warning(
                path,
                "\"approval\" is ignored: a file of the working folder cannot allow its tools to run; "
                    + "your own tools folder can")
        case .string("automatic"): tool.runsUnattended = true
        default:
            let nearest = value.stringValue.flatMap { Spelling.nearest(to: $0, among: ["ask", "automatic"]) }
            error(
                path,
                "\"approval\" is \"ask\" or \"automatic\""
                    + (nearest.map { "; did you mean \(Words.quoted($0))?" } ?? ""))
        }
    }
}
