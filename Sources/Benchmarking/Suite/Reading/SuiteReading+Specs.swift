internal import FunctionTools
internal import ProviderCore

/// Scorers that are mappings of their own.
extension SuiteReading {
    // MARK: Calls

    mutating func calls(_ node: SuiteNode, _ fields: SuiteFields) -> ScorerSpec? {
        var spec = CallsSpec()
        if let node = fields["order"] { spec.isOrdered = word(node, ["any", "given"]) == "given" }
        if let node = fields["match"] {
            spec.match = word(node, CallsSpec.Match.allCases.map(\.rawValue)).flatMap(CallsSpec.Match.init) ?? .strict
        }
        if node.scalar == "from_data" { return .calls(spec) }
        guard let elements = node.elements else {
            problem(
                node,
                "\"calls\" is from_data, or a list of calls, and this is \(node.words): "
                    + "[{name: get_weather, arguments: {city: Paris}}]")
            return nil
        }
        spec.expected = elements.compactMap { expectedCall($0) }
        return .calls(spec)
    }

    private mutating func expectedCall(_ node: SuiteNode) -> ExpectedCall? {
        let example = "{name: get_weather, arguments: {city: Paris}}"
        guard let fields = fields(node, .call, example: example),
            let nameNode = required(fields, "name", example: "name: get_weather"),
            let name = text(nameNode, example: "get_weather")
        else { return nil }
        if !tools.isEmpty, !tools.contains(where: { $0.name == name }), !spoiled.contains("tool \(name)") {
            problem(
                nameNode,
                "there is no tool \"\(NameWords.cut(name))\"" + NameWords.suggestion(name, among: tools.map(\.name)))
        }
        var call = ExpectedCall(name, [])
        guard let arguments = fields["arguments"] else { return call }
        guard let entries = arguments.entries, !arguments.isUnquotedTemplate else {
            problem(arguments, "\"arguments\" is a mapping, and this is \(arguments.words): \(example)")
            return nil
        }
        for entry in entries { call.arguments.append(argument(entry)) }
        return call
    }

    /// A value; or `{any_of: […], optional: true}`.
    private mutating func argument(_ entry: SuiteNode.Entry) -> ExpectedCall.Argument {
        templates(in: entry.value)
        let names = (entry.value.entries ?? []).map(\.key)
        guard !names.isEmpty, names.allSatisfy(SuiteKeys.argument.known.contains) else {
            return ExpectedCall.Argument(entry.key, allowed: [entry.value.json])
        }
        let fields = SuiteFields(node: entry.value, what: SuiteKeys.argument.what, entries: entry.value.entries ?? [])
        let allowed = fields["any_of"].flatMap { list($0, example: "[Paris, \"Paris, France\"]") } ?? []
        return ExpectedCall.Argument(
            entry.key, allowed: allowed.map(\.json), mayBeAbsent: fields["optional"].flatMap { bool($0) } ?? false)
    }

    /// Notes the templates in a value, at any depth.
    private mutating func templates(in node: SuiteNode) {
        switch node.content {
        case .scalar(let text, _): if text.contains("{{") { _ = template(node, example: "\"{{city}}\"") }
        case .list(let elements): for element in elements { templates(in: element) }
        case .map(let entries): for entry in entries where !node.isUnquotedTemplate { templates(in: entry.value) }
        }
    }

    // MARK: Programs

    mutating func unitTests(_ node: SuiteNode) -> ScorerSpec? {
        let example = "{language: python, program: \"{{output}}\\n{{test}}\"}"
        guard let fields = fields(node, .unitTests, example: example),
            let languageNode = required(fields, "language", example: "language: python"),
            let programNode = required(fields, "program", example: "program: \"{{output}}\\n{{test}}\""),
            let language = word(languageNode, ["python", "javascript", "sh"]),
            let program = template(programNode, example: "\"{{output}}\\n{{test}}\"", withOutput: true)
        else { return nil }
        if !program.names.contains("output") {
            problem(programNode, "the program has no {{output}} in it, so no answer would be tested")
        }
        var spec = UnitTestSpec(language: language, program: program)
        if let node = fields["timeout"], let time = duration(node, 0.1...3_600, example: "10s") { spec.timeout = time }
        return .unitTests(spec)
    }

    // MARK: Judges

    mutating func judge(_ node: SuiteNode) -> ScorerSpec? {
        let example = "{model: mini, rubric: rubrics/faithful.md, scale: [0, 1, 2, 3]}"
        guard let fields = fields(node, .judge, example: example),
            let modelNode = required(fields, "model", example: "model: mini"),
            let rubricNode = required(fields, "rubric", example: "rubric: rubrics/faithful.md"),
            let model = name(modelNode, "model", among: models.map(\.name)), let rubric = rubric(rubricNode)
        else { return nil }
        var scale: [Double] = [0, 1]
        if let node = fields["scale"], let elements = list(node, example: "[0, 1, 2, 3]") {
            scale = elements.compactMap { double($0, -1_000...1_000, example: "1") }
            if scale.count < 2 || zip(scale, scale.dropFirst()).contains(where: { $0 >= $1 }) {
                problem(node, "\"scale\" is two or more numbers that rise: [0, 1, 2, 3]")
                scale = [0, 1]
            }
        }
        let (least, most) = (scale.first ?? 0, scale.last ?? 1)
        var spec = JudgeSpec(model: model, rubric: rubric, scale: scale, passAt: most)
        if let node = fields["pass_at"] { spec.passAt = double(node, least...most, example: "2") ?? most }
        if let node = fields["votes"], let votes = int(node, 1...25, example: "3") {
            if votes.isMultiple(of: 2) {
                problem(node, "\"votes\" is odd, so that there is a median, and this is \(votes): 3")
            }
            spec.votes = votes
        }
        if let node = fields["swap_positions"] { spec.swapsPositions = bool(node) ?? false }
        if let node = fields["calibrate"], let path = text(node, example: "labels/people.csv") {
            spec.calibration = path
            _ = read(path, node, limit: SuiteReader.greatestData)
        }
        suite.judges[model] = models.first { $0.name == model }
        return .judge(spec)
    }

    private mutating func rubricFile(_ name: String, _ node: SuiteNode) -> [UInt8]? {
        do {
            _ = try files.read(name, limit: 1_000_000)
        } catch {
            guard name.contains(where: \.isWhitespace) else { return read(name, node, limit: 1_000_000) }
            problem(
                node,
                "\"rubric\" is a file, or a text with {{output}} or another field in it, and \"\(NameWords.cut(name))\" is "
                    + "neither: \"\(NameWords.cut(name))\\n\\n{{output}}\"")
            return nil
        }
        return read(name, node, limit: 1_000_000)
    }

    /// A file with the rubric, or the rubric itself when it has several lines or fields.
    private mutating func rubric(_ node: SuiteNode) -> FieldTemplate? {
        guard let text = text(node, example: "rubrics/faithful.md") else { return nil }
        var source = text
        if !text.contains("\n"), !text.contains("{{") {
            guard let bytes = rubricFile(text, node) else { return nil }
            guard let file = String(validating: bytes, as: UTF8.self) else {
                problem(node, "\(NameWords.cut(text)) is not UTF-8")
                return nil
            }
            source = file
        }
        let rubric = FieldTemplate(source)
        if let problem = rubric.problem {
            self.problem(node, "the rubric: \(problem)")
            return nil
        }
        if rubric.repeatsParts {
            problem(node, "the rubric: {{#each}} is for prompts only; {{name|lines}} writes a list")
            return nil
        }
        if rubric.source.allSatisfy(\.isWhitespace) {
            problem(node, "the rubric is empty")
            return nil
        }
        templates.append(TemplatePlace(template: rubric, mark: node.mark, hasOutput: true))
        return rubric
    }
}
