import ProviderCore

/// Rows of a JSON Lines file that can be used, and those that cannot.
struct ImportedRows {
    /// The rows.
    var rows: [DataRow] = []
    /// The lines as they were, or as they are to be written.
    var lines: [UInt8] = []
    var skipped: [ImportSkip] = []
    private var ids: Set<String> = []

    /// Reads each line by itself, so that one that is wrong takes no other along.
    init(_ source: SuiteImport.Source, read: (_ line: [UInt8]) -> DataRows) {
        for line in ImportLines.of(source.bytes) {
            let data = read(line.bytes)
            guard let row = data.rows.first, data.problems.isEmpty else {
                skipped.append(ImportSkip(source.file, line.number, data.problems.first?.message ?? "is no sample"))
                continue
            }
            if let id = row.id, !ids.insert(id).inserted {
                skipped.append(ImportSkip(source.file, line.number, "\"\(NameWords.cut(id))\" is here twice"))
                continue
            }
            rows.append(row)
            rows[rows.count - 1].mark = SuiteMark(line: line.number, column: 1)
            lines += line.bytes + [0x0A]
        }
    }

    func check(_ file: String) throws(ImportError) {
        guard rows.isEmpty else { return }
        let reasons = skipped.prefix(5).map(\.description).joined(separator: "\n")
        throw ImportError("\(file) has no sample that can be used" + (reasons.isEmpty ? "" : ":\n\(reasons)"))
    }
}

/// Samples of OpenAI's evals.
struct EvalsImport {
    private let source: SuiteImport.Source

    init(_ source: SuiteImport.Source) { self.source = source }

    func suite() throws(ImportError) -> ImportedSuite {
        var data = ImportedRows(source) { EvalsData.read($0, file: source.file) }
        var lines: [UInt8] = []
        var samples = 0
        for row in data.rows {
            guard let ideal = Self.ideal(row.fields["ideal"]) else {
                data.skipped.append(ImportSkip(source.file, row.mark.line, "has no \"ideal\" to compare with"))
                continue
            }
            samples += 1
            var members = (row.fields.objectValue ?? []).filter { $0.key != "ideal" && $0.key != "begins" }
            members.append(JSONMember("ideal", .array(ideal.map(JSONValue.string))))
            let choices = ideal.map(PatternText.escaped).joined(separator: "|")
            members.append(JSONMember("begins", .string("^\\s*(?:\(choices))")))
            lines += JSONWriter.bytes(.object(members)) + [0x0A]
        }
        if samples == 0 { data.rows = [] }
        try data.check(source.file)
        let path = "data/\(source.name).jsonl"
        var writer = SuiteWriter(name: source.name, about: "Imported from samples of OpenAI's evals.")
        writer.add("models:\n  model: \(SuiteWriter.model(source.model))")
        writer.add("tasks:\n  - id: \(SuiteWriter.quoted(source.name))")
        writer.add("    data: {openai_evals: \(SuiteWriter.quoted(path))}")
        switch source.evalsMatch {
        case .match: writer.add("    score: {regex: \"{{begins}}\"}")
        case .includes: writer.add("    score: {contains_any: \"{{ideal}}\", fold_space: false}")
        }
        return ImportedSuite(
            yaml: writer.text, files: [path: lines], samples: samples,
            skipped: data.skipped)
    }

    private static func ideal(_ value: JSONValue?) -> [String]? {
        let texts = value?.arrayValue?.compactMap(\.stringValue) ?? value?.stringValue.map { [$0] } ?? []
        return texts.isEmpty ? nil : texts
    }
}

/// Texts inside of patterns.
enum PatternText {
    /// A text that matches itself.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if "\\^$.|?*+()[]{}/".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}

/// HumanEval.
struct HumanEvalImport {
    private let source: SuiteImport.Source

    init(_ source: SuiteImport.Source) { self.source = source }

    func suite() throws(ImportError) -> ImportedSuite {
        let data = ImportedRows(source) { HumanEvalData.read($0, file: source.file) }
        try data.check(source.file)
        let path = "data/\(source.name).jsonl"
        var writer = SuiteWriter(
            name: source.name, about: "Imported from HumanEval: functions to write, judged by their tests.")
        writer.add("models:\n  model: \(SuiteWriter.model(source.model))")
        writer.add("tasks:\n  - id: \(SuiteWriter.quoted(source.name))")
        writer.add("    data: {humaneval: \(SuiteWriter.quoted(path))}")
        let system = "Complete the function. Answer with one block of Python that has the whole function in it."
        writer.add("    prompt:\n      - {role: system, text: \(SuiteWriter.quoted(system))}")
        writer.add("      - {role: user, text: \"{{prompt}}\"}")
        writer.add("    extract: [{code_block: python}]")
        // A whole function takes the place of the one that the prompt begins; a bare body goes on with it.
        let program = "{{prompt}}{{output}}\n{{test}}\ncheck({{entry_point}})\n"
        writer.add("    score:\n      unit_tests:\n        language: python\n        timeout: 10s")
        writer.add("        program: \(SuiteWriter.quoted(program))")
        return ImportedSuite(
            yaml: writer.text, files: [path: data.lines], samples: data.rows.count, skipped: data.skipped)
    }
}

/// The Berkeley Function Calling Leaderboard.
struct BFCLImport {
    private let source: SuiteImport.Source

    init(_ source: SuiteImport.Source) { self.source = source }

    func suite() throws(ImportError) -> ImportedSuite {
        let expectsNone = source.answers == nil
        if expectsNone, !source.file.contains("irrelevance") {
            throw ImportError("\(source.file): name the file of right answers with --answers")
        }
        var answers: [String: [UInt8]] = [:]
        var right: [UInt8] = []
        for line in ImportLines.of(source.answers?.bytes ?? []) {
            if let id = (try? JSONParser.parse(line.bytes))?["id"]?.stringValue { answers[id] = line.bytes }
        }
        let data = ImportedRows(source) { line in
            let id = (try? JSONParser.parse(line))?["id"]?.stringValue ?? ""
            guard let file = source.answers?.file else { return BFCLData.read(line, file: source.file, answers: nil) }
            return BFCLData.read(line, file: source.file, answers: (answers[id] ?? [], file))
        }
        try data.check(source.file)
        for row in data.rows { right += (row.id.flatMap { answers[$0] } ?? []) + [0x0A] }
        let path = "data/\(source.name).jsonl"
        let answerPath = "data/\(source.name)-answers.jsonl"
        var writer = SuiteWriter(name: source.name, about: "Imported from the Berkeley Function Calling Leaderboard.")
        writer.add("models:\n  model: \(SuiteWriter.model(source.model))")
        writer.add("tasks:\n  - id: \(SuiteWriter.quoted(source.name))")
        let second = expectsNone ? "" : ", answers: \(SuiteWriter.quoted(answerPath))"
        writer.add("    data: {bfcl: \(SuiteWriter.quoted(path))\(second)}")
        writer.add("    tools: from_data\n    turns: 1")
        writer.add(
            expectsNone ? "    score: {calls: []}" : "    score: {calls: from_data, order: any, match: bfcl}")
        var files = [path: data.lines]
        if !expectsNone { files[answerPath] = right }
        return ImportedSuite(yaml: writer.text, files: files, samples: data.rows.count, skipped: data.skipped)
    }
}
