import Foundation
import Testing

@testable import Benchmarking

/// The page of the suite format, `Examples/SUITES.md`, as far as tests hold it against the reader.
struct SuitePage {
    /// A table: its first heading, and the words in backquotes of each row's first cell.
    struct Table {
        var heading: String
        var words: [String]
    }

    private(set) var tables: [Table] = []
    /// The blocks of YAML.
    private(set) var examples: [String] = []

    static func text() throws -> String {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Examples/SUITES.md")
        return try String(contentsOf: path.standardizedFileURL, encoding: .utf8)
    }

    init(_ text: String) {
        var example: [Substring]?
        var isTable = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = example {
                example = line == "```" ? nil : lines + [line]
                if example == nil { examples.append(lines.joined(separator: "\n") + "\n") }
            } else if line == "```yaml" {
                example = []
            } else if line.hasPrefix("| ") {
                let cell = line.dropFirst(2).prefix { $0 != "|" }.trimmingBlanks()
                if isTable {
                    let parts = cell.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
                    let words = parts.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
                    tables[tables.count - 1].words += words
                } else {
                    tables.append(Table(heading: cell, words: []))
                }
                isTable = true
            } else {
                isTable = false
            }
        }
    }

    /// The first words of the table with a heading; empty = there is none.
    func words(_ heading: String) -> [String] { tables.first { $0.heading == heading }?.words ?? [] }

    /// What its tables of keys have too much and too little, in sentences.
    func differences(from tables: [SuiteKeys]) -> [String] {
        let pairs = tables.map { ("key of " + $0.what.replacing("\"", with: ""), $0.known) }
        let strange = self.tables.map(\.heading).filter { heading in
            heading.hasPrefix("key of ") && !pairs.contains { $0.0 == heading }
        }
        return strange.map { "the reader knows no \($0)" }
            + pairs.flatMap { heading, known in
                let told = words(heading)
                return Set(known).subtracting(told).sorted().map { "\(heading): \($0) is not on the page" }
                    + Set(told).subtracting(known).sorted().map { "\(heading): the reader does not know \($0)" }
                    + (Set(told).count < told.count ? ["\(heading): a key is there twice"] : [])
            }
    }
}

extension SuitePage {
    /// An example as a suite: as it is when it is a whole one, else with what it needs around it.
    static func whole(_ example: String) -> String {
        guard !example.hasPrefix("suite: 1\n") else { return example }
        let key = String(example.prefix { $0 != ":" })
        let isOfTask = SuiteKeys.task.known.contains(key) && !example.hasPrefix("tools:\n")
        var lines = ["suite: 1", "name: page"]
        func add(_ key: String, _ value: String) {
            if isOfTask || !example.hasLine("\(key):") { lines.append("\(key): \(value)") }
        }
        add("models", "{mini: {model: gpt-5.4-mini}}")
        add("prompts", "{plain: [{role: user, text: \"{{question}}\"}]}")
        let schema = "{type: object, properties: {city: {type: string}}}"
        add("tools", "{get_weather: {schema: \(schema), does: {reply: sunny}}}")
        if !isOfTask { lines.append(example) }
        lines.append("tasks:\n  -")
        if !isOfTask || !example.hasLine("id:") { lines.append("    id: page") }
        if isOfTask { lines += example.split(separator: "\n").map { "    \($0)" } }
        let sample =
            "{question: q, answer: 42, choices: [red, green], letter: A, test: \"assert f()\", ref: r, country: Peru}"
        if !isOfTask || !example.hasLine("data:") { lines.append("    data: {inline: [\(sample)]}") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The files that examples name.
    static func files() throws -> MemoryFiles {
        func bytes(_ path: String) throws -> [UInt8] {
            try Array(Data(contentsOf: Fixture.folder.appending(path: "worked/\(path)")))
        }
        var files = MemoryFiles([
            "data/questions.jsonl": "{\"question\": \"1 + 1\", \"target\": 2}\n",
            "data/questions.csv": "id,question,page\na,1 + 1,1\nb,2 + 2,1\nc,3 + 3,2\n",
            "data/evals.jsonl": "{\"input\": \"1 + 1\", \"ideal\": [\"2\", \"two\"]}\n",
        ])
        files.files["data/HumanEval.jsonl.gz"] = try bytes("data/HumanEval.jsonl.gz")
        files.files["data/calls.jsonl"] = try bytes("data/BFCL_v4_parallel.json")
        files.files["data/right-calls.jsonl"] = try bytes("data/possible_answer/BFCL_v4_parallel.json")
        files.files["schemas/invoice.json"] = try bytes("schemas/invoice.json")
        files.files["rubrics/faithful.md"] = try bytes("rubrics/faithful.md")
        return files
    }
}

extension String {
    /// Whether a line begins so.
    fileprivate func hasLine(_ head: String) -> Bool { split(separator: "\n").contains { $0.hasPrefix(head) } }
}
