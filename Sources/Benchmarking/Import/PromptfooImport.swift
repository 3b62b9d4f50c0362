import ProviderCore

/// promptfoo's YAML: providers of OpenAI's kind, prompts, tests with variables, and assertions that are no programs. What cannot be
/// taken over is told, line by line.
struct PromptfooImport {
    let source: SuiteImport.Source
    var skipped: [ImportSkip] = []
    var files: [String: [UInt8]] = [:]
    var models: [PromptfooModel] = []
    var prompts: [PromptfooPrompt] = []
    var tests: [PromptfooTest] = []
    /// What the assertions of all tests begin with, and variables that tests may have over.
    var common = PromptfooTest()

    private static let known = [
        "description", "providers", "targets", "prompts", "tests", "defaultTest", "evaluateOptions",
    ]

    init(_ source: SuiteImport.Source) { self.source = source }

    mutating func skip(_ node: SuiteNode, _ reason: String) { skip(node.mark, reason) }

    mutating func skip(_ mark: SuiteMark, _ reason: String) {
        skipped.append(ImportSkip(source.file, mark.line, reason))
    }

    mutating func suite() throws(ImportError) -> ImportedSuite {
        let (root, problems) = SuiteYAML.read(source.bytes, file: source.file)
        guard problems.isEmpty, let root, let entries = root.entries else {
            let lines = problems.map(\.description).joined(separator: "\n")
            throw ImportError(lines.isEmpty ? "\(source.file): is no mapping" : lines)
        }
        func value(_ key: String) -> SuiteNode? { entries.first { $0.key == key }?.value }
        for entry in entries where !Self.known.contains(entry.key) {
            skip(entry.mark, "\"\(NameWords.cut(entry.key))\" is not taken over")
        }
        if let node = value("providers") ?? value("targets") { readProviders(node) }
        if let node = value("prompts") { readPrompts(node) }
        if let node = value("defaultTest"), let test = readTest(node, id: "") { common = test }
        if let node = value("tests") { readTests(node) }
        try checkParts()
        let groups = grouped()
        var writer = SuiteWriter(name: source.name, about: value("description")?.scalar ?? "")
        write(&writer, groups, options: value("evaluateOptions"))
        return ImportedSuite(
            yaml: writer.text, files: files, samples: groups.reduce(0) { $0 + $1.tests.count }, skipped: skipped)
    }

    private func checkParts() throws(ImportError) {
        let told = skipped.prefix(10).map(\.description).joined(separator: "\n")
        let rest = told.isEmpty ? "" : ":\n\(told)"
        if prompts.isEmpty { throw ImportError("\(source.file): no prompt can be taken over\(rest)") }
        if tests.isEmpty { throw ImportError("\(source.file): no test can be taken over\(rest)") }
    }

    // MARK: Tasks

    struct Group {
        var shape: [PromptfooAssertion.Shape]
        var tests: [PromptfooTest]
    }

    /// Tests that are scored alike are one task.
    private func grouped() -> [Group] {
        var groups: [Group] = []
        for test in tests {
            let shape = test.assertions.map(\.shape)
            if let index = groups.firstIndex(where: { $0.shape == shape }) {
                groups[index].tests.append(test)
            } else {
                groups.append(Group(shape: shape, tests: [test]))
            }
        }
        return groups
    }

    private mutating func write(_ writer: inout SuiteWriter, _ groups: [Group], options: SuiteNode?) {
        let judges = groups.contains { $0.shape.contains { $0.isJudged } }
        let models = self.models.isEmpty ? [PromptfooModel(name: "model", id: source.model)] : self.models
        let hosts = models.filter { $0.baseURL != nil }
        if !hosts.isEmpty { writer.add("endpoints:") }
        for model in hosts {
            writer.add(
                "  \(model.name): {base_url: \(SuiteWriter.quoted(model.baseURL ?? "")), key: \"env:OPENAI_API_KEY\"}")
        }
        writer.add("models:")
        for model in models { writer.add("  \(model.name): \(model.yaml)") }
        writer.add("prompts:")
        for prompt in prompts {
            writer.add("  \(prompt.name):")
            for message in prompt.messages {
                writer.add("    - {role: \(message.role.rawValue), text: \(SuiteWriter.quoted(message.text))}")
            }
        }
        writer.add("matrix:")
        writer.add("  model: [\(models.map(\.name).joined(separator: ", "))]")
        writer.add("  prompt: [\(prompts.map(\.name).joined(separator: ", "))]")
        let repeats = options.flatMap { readOptions($0, &writer) } ?? 1
        writer.add("tasks:")
        for (number, group) in groups.enumerated() {
            let id = groups.count == 1 ? "tests" : "tests-\(number + 1)"
            write(group, id, repeats, judge: judges ? models[0].name : "", &writer)
        }
    }

    private mutating func write(
        _ group: Group, _ id: String, _ repeats: Int, judge: String, _ writer: inout SuiteWriter
    ) {
        let path = "data/\(source.name)-\(id).jsonl"
        let names = Set(prompts.flatMap { $0.names })
        var lines: [UInt8] = []
        for test in group.tests { lines += JSONWriter.bytes(test.row(names)) + [0x0A] }
        files[path] = lines
        writer.add("  - id: \(id)")
        writer.add("    data: {jsonl: \(SuiteWriter.quoted(path))}")
        if repeats > 1 { writer.add("    repeats: \(repeats)") }
        var scores: [String] = []
        for (number, shape) in group.shape.enumerated() {
            scores.append(shape.yaml(field: "assert_\(number + 1)", judge: judge, files: &files, name: source.name))
        }
        if scores.count == 1 {
            writer.add("    score: \(scores[0])")
        } else if !scores.isEmpty {
            writer.add("    score:\n      all:")
            for score in scores { writer.add("        - \(score)") }
            writer.add(
                "      weights: [\(group.shape.map { JSONWriter.string(.double($0.weight)) }.joined(separator: ", "))]")
        }
    }

    /// Writes what is taken over of `evaluateOptions`; how often each test is asked.
    private mutating func readOptions(_ node: SuiteNode, _ writer: inout SuiteWriter) -> Int? {
        var repeats: Int?
        for entry in node.entries ?? [] {
            let number = entry.value.scalar.flatMap { Int($0) } ?? 0
            switch entry.key {
            case "repeat" where (1...1000).contains(number): repeats = number
            case "maxConcurrency" where (1...1000).contains(number):
                writer.add("run: {concurrency: {start: \(number), max: \(number), adapt: false}}")
            default: skip(entry.mark, "evaluateOptions.\(NameWords.cut(entry.key)) is not taken over")
            }
        }
        return repeats
    }
}
