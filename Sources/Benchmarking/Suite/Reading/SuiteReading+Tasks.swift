internal import FunctionTools
internal import ProviderCore

extension SuiteReading {
    mutating func readTasks(_ node: SuiteNode) {
        var seen: [String: Int] = [:]
        for element in list(node, example: "- {id: arith, data: {jsonl: data.jsonl}, score: {exact: \"{{answer}}\"}}")
            ?? []
        {
            guard let task = task(element) else { continue }
            if let line = seen[task.id] {
                problem(element, "the task \"\(task.id)\" is here twice; first on line \(line)")
            }
            seen[task.id] = element.mark.line
            suite.tasks.append(task)
        }
    }

    private mutating func task(_ node: SuiteNode) -> SuiteTask? {
        let example = "{id: arith, data: {jsonl: data.jsonl}, score: {exact: \"{{answer}}\"}}"
        guard let fields = fields(node, .task, example: example) else { return nil }
        let idNode = required(fields, "id", example: "id: arith")
        let dataNode = required(fields, "data", example: "data: {jsonl: data.jsonl}")
        let id = idNode.flatMap { text($0, example: "arith") } ?? "?"
        if let idNode,
            id.isEmpty
                || id.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 || $0 == "*" })
        {
            problem(idNode, "a task's \"id\" is a word without blanks and *")
        }
        var task = SuiteTask(id: id, samples: [])
        var use = TemplateUse()
        if let node = fields["prompt"] {
            let start = templates.count
            task.prompt = prompt(node)
            use.prompt = Array(templates[start...])
        }
        let cluster = fields["cluster"].flatMap { template($0, example: "\"{{source}}\"") }
        if let cluster, let node = fields["cluster"] {
            use.plain.append(TemplatePlace(template: cluster, mark: node.mark))
        }
        readShape(fields, into: &task)
        use.scoring = readScoring(fields, into: &task)
        let count = problems.count
        let data = dataNode.flatMap { self.data($0) }
        task.samples = data?.samples ?? []
        readTaskTools(fields, data, into: &task)
        if let node = fields["report"] { task.figures = figures(node, task) }
        guard problems.count == count, data != nil else { return task }
        checkScoring(task, fields)
        checkTemplates(&task, cluster, use, fields)
        return task
    }

    /// Extraction and scorer; the templates in them.
    private mutating func readScoring(_ fields: SuiteFields, into task: inout SuiteTask) -> [TemplatePlace] {
        let start = templates.count
        let earlier = digests
        digests = [:]
        if let node = fields["score"], !Self.isNone(node) { task.scorer = scorer(node) }
        if let node = fields["extract"] { task.extraction = extraction(node) }
        var digest = SHA256()
        for key in ["extract", "score"] { digest.update(JSONWriter.bytes(fields[key]?.json ?? .null)) }
        for (name, value) in digests.sorted(by: { $0.key < $1.key }) { digest.update("\n\(name) \(value)".utf8) }
        task.scoringDigest = digest.finish()
        digests.merge(earlier) { $1 }
        return Array(templates[start...])
    }

    /// `score: none` says that nothing is scored.
    private static func isNone(_ node: SuiteNode) -> Bool {
        if case .scalar("none", _) = node.content { true } else { false }
    }

    /// Turns, repeats and the form of the answer.
    private mutating func readShape(_ fields: SuiteFields, into task: inout SuiteTask) {
        if let node = fields["turns"] { task.turns = int(node, 1...100, example: "6") ?? 1 }
        if let node = fields["repeats"] { task.repeats = int(node, 1...1_000, example: "5") ?? 1 }
        guard let node = fields["output"] else { return }
        let example = "{json_schema: schemas/invoice.json, strict: true}"
        guard let output = self.fields(node, .output, example: example) else { return }
        let isStrict = output["strict"].flatMap { bool($0) }
        switch (output["json_schema"], output["json_object"]) {
        case (let node?, nil):
            if case .jsonSchema(let name, let schema, let strict)? = schemaValue(node, isStrict: isStrict == true) {
                task.responseFormat = .jsonSchema(name: name, schema: schema, strict: isStrict ?? strict)
            }
        case (nil, let node?):
            if bool(node) == true { task.responseFormat = .jsonObject }
            if isStrict != nil { problem(output.mark("strict"), "\"strict\" needs \"json_schema\"") }
        default: problem(node, "\"output\" has one of json_schema and json_object: \(example)")
        }
    }

    private mutating func readTaskTools(_ fields: SuiteFields, _ data: SuiteData?, into task: inout SuiteTask) {
        guard let node = fields["tools"] else {
            if data?.hasTools == true { problem(fields.node, "the data bring functions; write tools: from_data") }
            return
        }
        if node.scalar == "from_data" {
            if data?.hasTools == false {
                problem(node, "only bfcl data bring functions; name tools of the suite: [run_python]")
            }
            if task.turns > 1 {
                problem(fields.mark("turns"), "functions of the data have no program behind them: turns: 1")
            }
            return
        }
        for element in list(node, example: "[run_python]") ?? [] {
            guard let name = name(element, "tool", among: tools.map(\.name)),
                let tool = tools.first(where: { $0.name == name })
            else { continue }
            if task.tools.contains(tool) { problem(element, "\"\(name)\" is here twice") }
            if task.turns > 1, tool.run == .person {
                problem(
                    element,
                    "the tool \"\(name)\" is answered by a person, and a run has none; its definition needs \"run\"")
            }
            task.tools.append(tool)
        }
    }

    // MARK: Report

    /// Figures of `report`.
    static let figures = ["accuracy", "mean", "agreement", "pass@N", "pass^N"]

    private mutating func figures(_ node: SuiteNode, _ task: SuiteTask) -> [String] {
        return (list(node, example: "[pass@1]") ?? []).compactMap { element in
            guard let figure = text(element, example: "pass@1") else { return nil }
            if let count = Self.attempts(of: figure) {
                guard count <= task.repeats else {
                    problem(element, "\(figure) needs at least \(count) repeats, and the task has \(task.repeats)")
                    return nil
                }
                return figure
            }
            guard Self.figures.dropLast(2).contains(figure) else {
                problem(
                    element,
                    "there is no figure \"\(NameWords.cut(figure))\""
                        + NameWords.suggestion(figure, among: Self.figures))
                return nil
            }
            if figure == "agreement", task.scorer?.isCalibrated != true {
                problem(element, "\"agreement\" needs a judge with \"calibrate\", people's judgements to compare with")
            }
            return figure
        }
    }

    /// The N of `pass@N` and `pass^N`.
    static func attempts(of figure: String) -> Int? {
        guard figure.hasPrefix("pass@") || figure.hasPrefix("pass^"), let count = Int(figure.dropFirst(5)), count > 0,
            figure.utf8.dropFirst(5).allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        return count
    }

    private mutating func checkScoring(_ task: SuiteTask, _ fields: SuiteFields) {
        guard let node = fields["score"], let scorer = task.scorer, scorer.takesCallsOfData else { return }
        guard let sample = task.samples.first(where: { $0.expectedCalls.isEmpty }) else { return }
        problem(
            node,
            "the sample \"\(NameWords.cut(sample.id))\" has no expected calls; bfcl data have them with \"answers\", "
                + "and calls: [] expects none")
    }
}

extension ScorerSpec {
    /// The scorer and all in it.
    var parts: [ScorerSpec] {
        switch self {
        case .all(let parts), .any(let parts): [self] + parts.flatMap(\.scorer.parts)
        case .not(let inner), .jsonPath(_, let inner): [self] + inner.parts
        default: [self]
        }
    }

    var takesCallsOfData: Bool {
        parts.contains { if case .calls(let spec) = $0 { spec.expected == nil } else { false } }
    }

    var isCalibrated: Bool {
        parts.contains { if case .judge(let spec) = $0 { spec.calibration != nil } else { false } }
    }
}
