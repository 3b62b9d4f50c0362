internal import FunctionTools

extension SuiteReading {
    /// Steps that are a word.
    static let stepWords: [(String, ExtractionStep)] = [
        ("first_number", .number(isLast: false)), ("last_number", .number(isLast: true)),
        ("first_line", .line(isLast: false)), ("last_line", .line(isLast: true)), ("json", .json), ("trim", .trim),
        ("lower", .lower), ("code_block", .codeBlock(language: nil, isLast: true)),
    ]

    /// Steps of `extract`.
    mutating func extraction(_ node: SuiteNode) -> [ExtractionStep] {
        (list(node, example: "[{after: \"####\"}, last_number]") ?? []).compactMap { step($0) }
    }

    private mutating func step(_ node: SuiteNode) -> ExtractionStep? {
        if let word = node.scalar {
            if let step = Self.stepWords.first(where: { $0.0 == word }) { return step.1 }
            let known = Self.stepWords.map(\.0) + SuiteKeys.steps
            let hint =
                SuiteKeys.steps.contains(word)
                ? ": {\(word): \"…\"}" : NameWords.suggestion(word, among: known)
            problem(
                node,
                "there is no step \"\(NameWords.cut(word))\"\(SuiteKeys.steps.contains(word) ? " without a value" : "")"
                    + hint)
            return nil
        }
        guard let fields = fields(node, .step, example: "{after: \"####\"}") else { return nil }
        let given = SuiteKeys.steps.filter { fields[$0] != nil }
        guard given.count == 1, let value = fields[given[0]] else {
            problem(node, "a step has one of \(NameWords.list(SuiteKeys.steps)): {after: \"####\"}")
            return nil
        }
        let isLast = fields["which"].flatMap { word($0, ["first", "last"]) } != "first"
        if fields["which"] != nil, given[0] != "regex", given[0] != "code_block" {
            problem(fields.mark("which"), "\"which\" has no use beside \"\(given[0])\"")
        }
        guard let text = text(value, example: "\"####\""), checkNotEmpty(text, value) else { return nil }
        switch given[0] {
        case "after": return .after(text)
        case "before": return .before(text)
        case "code_block": return .codeBlock(language: text, isLast: isLast)
        case "json_path": return path(text, value).map(ExtractionStep.jsonPath)
        default: return pattern(text, value).map { .regex($0, isLast: isLast) }
        }
    }

    private mutating func checkNotEmpty(_ text: String, _ node: SuiteNode) -> Bool {
        if text.isEmpty { problem(node, "\(Self.name(node)) is empty") }
        return !text.isEmpty
    }

    /// A path such as `$.items[0].name`.
    mutating func path(_ text: String, _ node: SuiteNode) -> String? {
        let rest = text.dropFirst()
        guard text.hasPrefix("$"), rest.isEmpty || rest.hasPrefix(".") || rest.hasPrefix("[") else {
            problem(node, "a path begins with $: \"$.items[0].name\"")
            return nil
        }
        return text
    }

    /// A pattern that can be matched in bounded time.
    mutating func pattern(_ text: String, _ node: SuiteNode) -> String? {
        do {
            _ = try BoundedPattern(text)
            return text
        } catch {
            problem(node, "the pattern cannot be used: \(error)")
            return nil
        }
    }
}
