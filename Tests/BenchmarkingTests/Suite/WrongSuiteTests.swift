import Benchmarking
import Foundation
import Testing

/// Wrong suites and what is said of them. The table is `Fixtures/wrong-suites.txt`: blocks of `=== NAME`, the text,
/// `>>>` and the problems as LINE:COLUMN: MESSAGE. A block without `@whole` gets two lines before it and, without
/// `tasks`, a good task behind it. UPDATE_GOLDEN=1 writes the problems anew; read the difference.
@Suite struct WrongSuiteTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        var expected: [String]
        var testDescription: String { name }

        var whole: String {
            if text.hasPrefix("@whole\n") { return String(text.dropFirst(7)) }
            let task = """
                tasks: [{id: t, data: {inline: [{id: a, question: q}]}, prompt: [{role: user, text: "{{question}}"}]}]

                """
            return "suite: 1\nname: n\n" + text + (text.contains("tasks:") ? "" : task)
        }

        var problems: [SuiteProblem] {
            SuiteReader.read(Array(whole.utf8), file: "s.yaml", files: WrongSuiteTests.files).problems
        }

        var found: [String] {
            problems.map { problem in
                let place = "\(problem.line):\(problem.column): \(problem.message)"
                return problem.file == "s.yaml" ? place : "\(problem.file):\(place)"
            }
        }
    }

    static let files = MemoryFiles([
        "good.jsonl": "{\"id\": \"first\", \"question\": \"q\"}\n{\"id\": \"second\", \"question\": \"r\"}\n",
        "broken.jsonl": "{\"question\": \"q\"}\n{\"question\": }\n[1]\n",
        "wrong.csv": "a,b\n1,2\n1,2,3\n\"x\ny\",2\n4\n",
        "bad-schema.json": "{\"type\": \"object\",\n \"properties\": {\"a\": {\"type\": \"strng\"}}}\n",
    ])

    static func cases() throws -> [Case] {
        try Fixture.text("wrong-suites.txt").components(separatedBy: "=== ").dropFirst().map { block in
            let parts = block.components(separatedBy: "\n>>>\n")
            var lines = parts[0].components(separatedBy: "\n")
            let name = lines.removeFirst()
            if lines.last == "" { lines.removeLast() }
            let expected = parts.count > 1 ? parts[1].split(separator: "\n").map(String.init) : []
            return Case(name: name, text: lines.joined(separator: "\n") + "\n", expected: expected)
        }
    }

    @Test func update() throws {
        guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" else { return }
        let text = try Self.cases().map { "=== \($0.name)\n\($0.text)>>>\n\($0.found.joined(separator: "\n"))\n" }
        try text.joined().write(
            to: Fixture.folder.appending(path: "wrong-suites.txt"), atomically: true, encoding: .utf8)
    }

    @Test(arguments: try cases()) func isTold(wrong: Case) {
        #expect(wrong.found == wrong.expected)
        #expect(!wrong.expected.isEmpty)
    }

    @Test func thereAreManyAndEachHasAName() throws {
        let cases = try Self.cases()
        #expect(cases.count >= 60)
        #expect(Set(cases.map(\.name)).count == cases.count)
    }

    /// The table would not notice a reader that refuses everything.
    @Test func theGoodTaskBehindThemIsGood() {
        #expect(Case(name: "", text: "", expected: []).problems == [])
    }
}
