internal import FunctionTools
internal import ProviderCore

/// Reading `score`.
extension SuiteReading {
    mutating func scorer(_ node: SuiteNode, depth: Int = 0) -> ScorerSpec? {
        let example = "{exact: \"{{answer}}\"}"
        guard depth <= 16 else {
            problem(node, "scorers nest deeper than 16")
            return nil
        }
        guard let entries = node.entries, !node.isUnquotedTemplate else {
            if !node.isUnquotedTemplate { problem(node, "a score is a mapping, and this is \(node.words): \(example)") }
            return nil
        }
        let names = SuiteKeys.scorers.map(\.name)
        let given = entries.map(\.key).filter { names.contains($0) && $0 != "json_path" }
        let path = entries.first { $0.key == "json_path" }
        guard given.count == 1 else {
            if given.count > 1 {
                problem(
                    node,
                    "a score has one kind, and this has \(given.joined(separator: " and ")): "
                        + "all: [{…}, {…}] has several"
                )
            } else if path != nil {
                problem(node, "\"json_path\" needs how the part is scored: {json_path: \"$.total\", number: 12}")
            } else {
                let all = names + SuiteKeys.scorers.flatMap(\.options)
                let wrong = entries.first { !all.contains($0.key) }
                let hint = wrong.map { entry in
                    "\"\(NameWords.cut(entry.key))\" is none"
                        + (SuiteKeys.otherScorers[entry.key].map { "; did you mean \"\($0)\"?" }
                            ?? NameWords.suggestion(entry.key, among: names))
                }
                problem(wrong?.mark ?? node.mark, "a score has one kind: " + (hint ?? example))
            }
            return nil
        }
        guard let fields = fields(node, .score(given[0]), example: example),
            let value = fields.entries.first(where: { $0.key == given[0] })?.value
        else { return nil }
        guard let spec = spec(given[0], value, fields, depth) else { return nil }
        guard let path else { return spec }
        return text(path.value, example: "\"$.total\"").flatMap { self.path($0, path.value) }.map {
            .jsonPath($0, spec)
        }
    }

    private mutating func spec(_ kind: String, _ node: SuiteNode, _ fields: SuiteFields, _ depth: Int) -> ScorerSpec? {
        switch kind {
        case "exact", "equals":
            let match = match(fields)
            return template(node, example: "\"{{answer}}\"").map { .exact($0, match) }
        case "contains", "contains_any":
            let match = match(fields)
            return templateList(node).map { .contains($0, all: kind == "contains", match) }
        case "one_of":
            let match = match(fields)
            return templateList(node).map { .oneOf($0, match) }
        case "regex":
            guard let template = template(node, example: "\"^[0-9]+$\"") else { return nil }
            if template.names.isEmpty, pattern(template.source, node) == nil { return nil }
            return .regex(template)
        case "number": return number(node, fields)
        case "json_valid": return jsonValid(node)
        case "calls": return calls(node, fields)
        case "unit_tests": return unitTests(node)
        case "judge": return judge(node)
        case "command": return command(node, fields)
        case "not": return scorer(node, depth: depth + 1).map { .not($0) }
        default: return several(kind, node, fields, depth)
        }
    }

    private mutating func match(_ fields: SuiteFields) -> TextMatch {
        var match = TextMatch()
        if let node = fields["fold_case"] { match.foldsCase = bool(node) ?? false }
        if let node = fields["fold_space"] { match.foldsSpace = bool(node) ?? true }
        return match
    }

    /// A list of templates, or one, which may name a list of the sample.
    private mutating func templateList(_ node: SuiteNode) -> [FieldTemplate]? {
        if node.elements == nil { return template(node, example: "[EUR, \"€\"]").map { [$0] } }
        let elements = list(node, example: "[EUR, \"€\"]") ?? []
        let templates = elements.compactMap { template($0, example: "\"{{answer}}\"") }
        return templates.count == elements.count && !elements.isEmpty ? templates : nil
    }

    private mutating func number(_ node: SuiteNode, _ fields: SuiteFields) -> ScorerSpec? {
        guard let template = template(node, example: "\"{{answer}}\"") else { return nil }
        if template.names.isEmpty, Double(template.source) == nil {
            problem(node, "\"number\" is a number or a field of the sample, and this is \(node.words): \"{{answer}}\"")
        } else if !templates.isEmpty {
            templates[templates.count - 1].isNumber = true
        }
        let most = Double.greatestFiniteMagnitude
        return .number(
            template, tolerance: fields["tolerance"].flatMap { double($0, 0...most, example: "1e-6") } ?? 0,
            relative: fields["relative"].flatMap { double($0, 0...1, example: "0.01") } ?? 0)
    }

    private mutating func jsonValid(_ node: SuiteNode) -> ScorerSpec? {
        if node.scalar == "true" { return .jsonValid(nil) }
        if node.scalar == "false" {
            problem(node, "\"json_valid\" is true, or a schema; {not: {json_valid: true}} turns it round")
            return nil
        }
        guard node.entries != nil || node.isNull || node.textValue != nil else {
            problem(
                node,
                "\"json_valid\" is true, a file or a schema, and this is \(node.words): {type: object, properties: {…}}"
            )
            return nil
        }
        guard case .jsonSchema(_, let schema, _)? = schemaValue(node, isStrict: false) else { return nil }
        let count = problems.count
        // With a name it may be the form that requests have, which has its schema inside.
        checkKeywords(
            of: schema, at: schema == node.json ? node : node.entries == nil ? node : node.node(at: ["schema"]))
        return problems.count == count ? .jsonValid(schema) : nil
    }

    private mutating func several(_ kind: String, _ node: SuiteNode, _ fields: SuiteFields, _ depth: Int) -> ScorerSpec?
    {
        guard let elements = list(node, example: "[{json_valid: true}, {contains: yes}]") else { return nil }
        let parts = elements.compactMap { scorer($0, depth: depth + 1) }
        var weights = [Double](repeating: 1, count: elements.count)
        if let node = fields["weights"], let given = list(node, example: "[1, 2]") {
            if given.count != elements.count {
                problem(node, "\"weights\" has \(given.count) numbers for \(elements.count) scorers")
                return nil
            }
            for (index, element) in given.enumerated() {
                weights[index] = double(element, 0...1e9, example: "1") ?? 1
                if weights[index] == 0 { problem(element, "a weight is more than 0") }
            }
        }
        guard parts.count == elements.count, !parts.isEmpty else { return nil }
        let weighted = zip(parts, weights).map { ScorerSpec.Weighted($0, weight: $1) }
        return kind == "all" ? .all(weighted) : .any(weighted)
    }

    private mutating func command(_ node: SuiteNode, _ fields: SuiteFields) -> ScorerSpec? {
        guard var words = texts(node, example: "[\"./score.py\"]"), let program = words.first else { return nil }
        if program.isEmpty || words.contains(where: { $0.utf8.contains(0) }) {
            problem(node, "\"command\" is a program and its arguments: [\"./score.py\"]")
            return nil
        }
        guard let place = self.program(program, node.elements?.first ?? node) else { return nil }
        words[0] = place
        return .command(
            words, timeout: fields["timeout"].flatMap { duration($0, 0.1...86_400, example: "10s") } ?? .seconds(10))
    }
}
