import Foundation
import FunctionTools
import ProviderCore
import Testing

@testable import Benchmarking

/// Unit tests and commands with a runner that starts nothing.
@Suite struct ProgramScoringTests {
    static let prompt = "from typing import List\n\ndef add(a, b):\n    \"\"\"Adds.\"\"\"\n"
    static let tests = UnitTestSpec(
        language: "python", program: FieldTemplate("{{prompt}}{{output}}\n{{test}}\ncheck({{entry_point}})"))

    static func sample(_ prompt: String = prompt) -> Sample {
        Sample(
            id: "h",
            fields: .object([
                JSONMember("prompt", .string(prompt)), JSONMember("entry_point", .string("add")),
                JSONMember("test", .string("def check(f):\n    assert f(1, 2) == 3")),
            ]))
    }

    static func program(_ answer: String, _ prompt: String = prompt) throws -> String {
        try UnitTestProgram(tests, answer: answer, fields: sample(prompt).fields).text
    }

    @Test(arguments: [
        ("a rest", "    return a + b", "    \"\"\"Adds.\"\"\"\n    return a + b\n"),
        ("a rest without its blanks", "return a + b", "    \"\"\"Adds.\"\"\"\n    return a + b\n"),
        ("a rest whose first line was trimmed", "c = a\n    return c + b", "    c = a\n    return c + b\n"),
        ("a rest all at the left", "c = a\nreturn c + b", "    c = a\n    return c + b\n"),
        ("a block at the left", "for x in a:\n    y()", "    for x in a:\n        y()\n"),
        ("blank lines stay", "c = a\n\nreturn c", "    c = a\n\n    return c\n"),
        (
            "a whole function", "def add(a, b):\n    return a + b",
            "from typing import List\n\ndef add(a, b):\n    return"
        ),
        ("another function is none", "def plus(a, b):\n    return 1", "Adds.\"\"\"\n    def plus"),
        ("with its own import", "import math\n\ndef add (a, b):\n    return a", "List\n\nimport math"),
        ("asynchronous", "async def add(a, b):\n    return a", "List\n\nasync def add"),
        ("one named alike is none", "def adder(a):\n    return a", "Adds.\"\"\"\n    def adder"),
    ]) func makesTheProgram(_ name: String, _ answer: String, _ part: String) throws {
        let program = try Self.program(answer)
        #expect(program.contains(part), "\(program)")
        #expect(program.contains("\ncheck(add)\n"))
    }

    @Test func aFutureImportStaysFirst() throws {
        let program = try Self.program("from __future__ import annotations\ndef add(a, b):\n    return a")
        #expect(program.hasPrefix("from __future__"))
    }

    @Test func otherLanguages() throws {
        func program(_ language: String, _ prompt: String, _ answer: String) throws -> String {
            var spec = Self.tests
            spec.language = language
            return try UnitTestProgram(
                spec, answer: answer, fields: Self.sample(prompt).fields
            ).text
        }
        let head = "// x\nfunction add(a, b) {\n"
        #expect(try program("javascript", head, "const add = (a, b) => a + b").hasPrefix("// x\nconst add"))
        #expect(try program("javascript", head, "  return a + b }").hasPrefix(head + "  return"))
        #expect(try program("sh", "add() {\n", "add() { echo; }").hasPrefix("add() { echo; }"))
        #expect(throws: ScorerFailure.self) { try program("cobol", "", "x") }
    }

    /// What the program's own process has in it tells nothing of the mark, and no two marks are alike.
    @Test(arguments: ["python", "javascript", "sh"]) func theProgramDoesNotHaveItsMark(_ language: String) throws {
        var spec = Self.tests
        spec.language = language
        let (one, other) = (
            try UnitTestProgram(spec, answer: "x PROGRAM MARK NUMBER", fields: Self.sample().fields),
            try UnitTestProgram(spec, answer: "x PROGRAM MARK NUMBER", fields: Self.sample().fields)
        )
        #expect(one.text == other.text && one.mark != other.mark && one.guarded != other.guarded)
        #expect(!one.text.contains(one.mark) && one.guarded.contains(one.mark))
        #expect(one.text.contains("x PROGRAM MARK NUMBER") && one.guarded.contains("x PROGRAM MARK NUMBER"))
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        var name: String
        var end: CommandOutcome.End
        var output = ""
        var limit: String?
        var writesMark = false
        var outcome: TrialOutcome
        var says = ""
        var testDescription: String { name }
    }

    static let endings = [
        Ending(name: "through", end: .exited(0), writesMark: true, outcome: .right),
        Ending(name: "left before its tests", end: .exited(0), outcome: .wrong, says: "ended before its tests"),
        Ending(
            name: "a failed test", end: .exited(1), output: "AssertionError", outcome: .wrong,
            says: "exit status 1: AssertionError"),
        Ending(name: "through, then a failure", end: .exited(1), writesMark: true, outcome: .wrong),
        Ending(name: "too slow", end: .timedOut, limit: "3 s", outcome: .wrong, says: "its time of 3 s was up"),
        Ending(name: "a crash", end: .signalled(11), outcome: .wrong, says: "ended by signal 11"),
        Ending(
            name: "too much memory", end: .signalled(9), limit: "more than 4 GiB", outcome: .wrong,
            says: "more than 4 GiB"),
        Ending(name: "no sandbox", end: .notStarted("there is no sandbox"), outcome: .scorerError, says: "no sandbox"),
        Ending(
            name: "no interpreter behind its wrapper", end: .exited(127), output: "python3: command not found",
            outcome: .scorerError, says: "python3 could not be run: exit status 127: python3: command not found"),
        Ending(name: "cancelled", end: .cancelled, outcome: .scorerError),
        Ending(
            name: "much output", end: .exited(1), output: String(repeating: "x", count: 50_000) + " the end",
            outcome: .wrong, says: "x the end"),
    ]

    @Test(arguments: endings) func judgesTheEnd(_ test: Ending) async throws {
        let runner = TableRunner { command in
            #expect(command.arguments == ["python3", "-I", "-"])
            #expect(command.limits.cpuSeconds == 10)
            #expect(!command.limits.allowsNetwork)
            var output = test.output
            let text = String(decoding: command.input ?? [], as: UTF8.self)
            if test.writesMark, let line = text.split(separator: "\n").last {
                output += String(line.dropFirst(9).dropLast(2))
            }
            return CommandOutcome(end: test.end, output: KeptOutput(head: Array(output.utf8)), limit: test.limit)
        }
        let result = await ScoringRig.scorer(runner: runner).score(
            AnswerToScore(text: "return a + b"), of: Self.sample(), by: .unitTests(Self.tests))
        #expect(result.outcome == test.outcome, "\(result)")
        let said = result.said
        #expect(result.says(test.says), "\(said)")
        #expect(said.utf8.count < 1_000)
    }

    @Test func aBrokenExtractionIsNoAnswersFault() async throws {
        let runner = TableRunner { _ in CommandOutcome(end: .exited(0), output: KeptOutput(head: Array("{}".utf8))) }
        let result = await ScoringRig.scorer(runner: runner).score(
            AnswerToScore(text: "x"), of: Self.sample(), by: .command(["x"], timeout: .seconds(1)),
            extraction: [.regex("(", isLast: false)])
        #expect(result.outcome == .scorerError)
        #expect(result.says("is no pattern"))
    }

    @Test func withoutARunnerNothingIsWrong() async throws {
        for spec in [ScorerSpec.unitTests(Self.tests), .command(["x"], timeout: .seconds(1))] {
            let result = await ScoringRig.scorer().score(AnswerToScore(text: "x"), of: Self.sample(), by: spec)
            #expect(result.outcome == .scorerError)
        }
    }

    struct Reply: Sendable, CustomTestStringConvertible {
        var output: String
        var outcome: TrialOutcome
        var says = ""
        var end = CommandOutcome.End.exited(0)
        var testDescription: String { output }
    }

    static let replies = [
        Reply(output: #"{"value": 1, "pass": true}"#, outcome: .right),
        Reply(output: #"{"value": 0.5, "pass": true}"#, outcome: .right),
        Reply(output: #"{"value": 0.5, "pass": false, "explanation": "half"}"#, outcome: .partial, says: "half"),
        Reply(output: #"{"value": 0.5}"#, outcome: .partial),
        Reply(output: #"{"value": 1}"#, outcome: .right),
        Reply(output: #"{"value": 0, "pass": null}"#, outcome: .wrong),
        Reply(output: "loading…\n{\"value\": 1}\n", outcome: .right),
        Reply(output: "", outcome: .scorerError, says: "no JSON object"),
        Reply(output: "1", outcome: .scorerError, says: "no JSON object"),
        Reply(output: "{}", outcome: .scorerError, says: "\"value\" is missing"),
        Reply(output: #"{"value": "1"}"#, outcome: .scorerError, says: "\"value\" is a string, not a number"),
        Reply(output: #"{"value": 2}"#, outcome: .scorerError, says: "not between 0 and 1"),
        Reply(output: #"{"value": 1e999}"#, outcome: .scorerError),
        Reply(output: #"{"value": 1, "pass": "yes"}"#, outcome: .scorerError, says: "\"pass\" is a string"),
        Reply(output: #"{"value": 1, "explanation": 5}"#, outcome: .scorerError, says: "\"explanation\" is a number"),
        Reply(output: #"{"value": 1, "passes": true}"#, outcome: .scorerError, says: "\"passes\" is none of"),
        Reply(output: "Traceback", outcome: .scorerError, says: "exit status 1: Traceback", end: .exited(1)),
        Reply(output: "", outcome: .scorerError, says: "its time was up", end: .timedOut),
    ]

    @Test(arguments: replies) func readsAScorersReply(_ test: Reply) async throws {
        let runner = TableRunner { command in
            let input = (try? JSONParser.parse(command.input ?? [])) ?? .null
            #expect(command.arguments == ["./score", "-x"])
            #expect(input["sample"]?["fields"]?["entry_point"] == .string("add"))
            #expect(input["answer"] == .string("42"))
            #expect(input["text"] == .string("is 42"))
            #expect(input["calls"]?.arrayValue?.map { $0["arguments"] } == [.object([]), .string("{")])
            return CommandOutcome(end: test.end, output: KeptOutput(head: Array(test.output.utf8)))
        }
        let calls = [ToolCall(id: "", name: "a", arguments: "{}"), ToolCall(id: "", name: "b", arguments: "{")]
        let result = await ScoringRig.scorer(runner: runner).score(
            AnswerToScore(text: "is 42", calls: calls), of: Self.sample(),
            by: .command(["./score", "-x"], timeout: .seconds(5)), extraction: [.number(isLast: true)])
        #expect(result.outcome == test.outcome, "\(result)")
        #expect(result.says(test.says), "\(result)")
    }
}
