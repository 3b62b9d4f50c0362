import Benchmarking
import Foundation
import ProviderCore
import TestSupport
import Testing

/// Suites of somebody who means harm, or of a broken disk.
@Suite struct HostileSuiteTests {
    static func problems(_ text: String) -> [SuiteProblem] {
        SuiteReader.read(Array(text.utf8), file: "s.yaml", files: MemoryFiles()).problems
    }

    static func first(_ text: String) -> String {
        problems(text).first.map { "\($0.line):\($0.column): \($0.message)" } ?? "nothing"
    }

    static func all(_ text: String) -> [String] {
        problems(text).map { "\($0.line):\($0.column): \($0.message)" }
    }

    static var laughs: String {
        let levels = (1..<40).map {
            "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]\n"
        }
        return "a0: &a0 [lol]\n" + levels.joined()
    }

    @Test(arguments: [
        (
            "billion laughs", laughs,
            "1:5: looks like anchors and aliases (&name, *name) that multiply, which are not taken; a text goes into a file"
        ),
        (
            "billion laughs as a key", laughs + "? *a39\n: 1\n",
            "1:5: looks like anchors and aliases (&name, *name) that multiply, which are not taken; a text goes into a file"
        ),
        (
            "lists in lists, deeper than the bound",
            "about: " + String(repeating: "[", count: 70) + String(repeating: "]", count: 70),
            "1:72: nests deeper than 64 levels"
        ),
        (
            "lists in lists, a hundred thousand", String(repeating: "[", count: 100_000),
            "1:1: nests deeper than 64 levels"
        ),
        ("a NUL", "name: a\0b\n", "1:8: control characters are not allowed in a suite"),
        ("a key of many lines", "? [a, b]\n: 1\n", "1:3: a key is a word, not a list or an alias"),
    ]) func areRefused(name: String, text: String, expected: String) {
        let clock = ContinuousClock()
        let time = clock.measure { #expect(Self.all(text).contains(expected)) }
        #expect(time < .seconds(10))
    }

    @Test func sizesAreBounded() {
        #expect(
            Self.first("about: " + String(repeating: "x", count: 4_000_000)).hasPrefix("1:1: a suite has at most 4 MB"))
        let large = "suite: 1\nname: n\nabout: " + String(repeating: "x", count: 3_900_000) + "\n"
        #expect(
            Self.problems(large).map(\.message) == [
                "a suite needs \"tasks\": tasks: [{id: arith, data: {jsonl: data.jsonl}}]"
            ])
    }

    @Test func bytesThatAreNotUTF8() {
        let bytes = Array("suite: 1\nname: é".utf8) + [0xFF, 0x0A]
        let problems = SuiteReader.read(bytes, file: "s.yaml", files: MemoryFiles()).problems
        #expect(
            problems == [SuiteProblem(file: "s.yaml", line: 2, column: 8, "is not UTF-8 here; save the file as UTF-8")])
    }

    @Test func signsOfAliasesInTextsAreTexts() {
        let code = (0..<30).map { "        swap(&v\($0), &v\($0)); *v\($0) = *v\($0);" }.joined(separator: "\n")
        let text = "suite: 1\nname: n\nabout: |\n\(code)\n"
        #expect(Self.first(text).hasPrefix("4:"))
        let few = "suite: 1\nname: n\nabout: |\n        swap(&a, &b); *a = *b;\n"
        #expect(Self.problems(few).map(\.message).allSatisfy { $0.contains("needs \"tasks\"") })
    }

    @Test func manyProblemsAreCut() {
        let keys = (0..<500).map { "zebra\($0): 1\n" }.joined()
        let problems = Self.problems("suite: 1\nname: n\n" + keys)
        #expect(problems.count == 201)
        #expect(problems.last?.message == "more problems are not shown")
    }

    /// No text ends the program, and whatever is wrong has a place.
    @Test(arguments: 0..<8) func damagedExamplesAreToldOrRead(part: Int) throws {
        let text = Array(try Fixture.text("worked/suite.yaml").utf8)
        let files = FolderFiles(Fixture.folder.appending(path: "worked").path)
        let random = SeededRandom(UInt64(part) + 41)
        var wrong = 0
        for _ in 0..<60 {
            let result = SuiteReader.read(ByteDamage.damaged(text, random), file: "s.yaml", files: files)
            #expect(result.suite == nil || result.problems.isEmpty)
            for problem in result.problems {
                #expect(problem.line >= 1 && problem.column >= 1 && !problem.message.isEmpty)
            }
            wrong += result.suite == nil ? 1 : 0
        }
        #expect(wrong > 20)
    }

    /// Whole values exchanged, so that the reader meets what it does not expect where YAML is right.
    @Test(arguments: 0..<4) func exchangedLinesAreToldOrRead(part: Int) throws {
        let lines = try Fixture.text("worked/suite.yaml").components(separatedBy: "\n")
        let files = FolderFiles(Fixture.folder.appending(path: "worked").path)
        let values = [
            "1", "-1", "1e999", "~", "[]", "{}", "\"\"", "[[[]]]", "{a: {b: []}}", "99999999999999999999", "true",
            "\"{{output}}\"",
            "\"{{#each x}}{{/each}}\"", "0x7fffffffffffffff", "..", "[1, {a: b}]",
        ]
        let random = SeededRandom(UInt64(part) + 7)
        for _ in 0..<60 {
            var changed = lines
            let row = random.next(below: changed.count)
            let pieces = changed[row].split(separator: ":", maxSplits: 8, omittingEmptySubsequences: false)
            guard pieces.count > 1 else { continue }
            let place = 1 + random.next(below: pieces.count - 1)
            let value = values[random.next(below: values.count)]
            let tail = pieces[place].drop { $0 != "," && $0 != "}" }
            var parts = pieces.map(String.init)
            parts[place] = " \(value)\(tail)"
            changed[row] = parts.joined(separator: ":")
            let text = changed.joined(separator: "\n")
            let result = SuiteReader.read(Array(text.utf8), file: "s.yaml", files: files)
            #expect(result.suite == nil || result.problems.isEmpty)
        }
    }
}
