import Foundation
import FunctionTools
import ProviderCore
import Sandbox
import Testing

@testable import Benchmarking

/// Programs in the real sandbox. Where there is none, or no interpreter, the tests are skipped.
@Suite struct SandboxScoringTests {
    private static let folder = FileManager.default.temporaryDirectory.path
    private static let paths = ["/usr/bin", "/bin", "/usr/local/bin"]
    private static let sandbox = Sandbox(environment: ["PATH": paths.joined(separator: ":")], workingFolder: folder)

    static func has(_ program: String) -> Bool {
        sandbox.isolation.isSandboxed && paths.contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var answer: String
        var outcome: TrialOutcome
        var says = ""
        var seconds = 10
        var testDescription: String { name }
    }

    static func score(_ test: Case, _ language: String, _ fields: [String: String], _ program: String) async
        -> ScoreResult
    {
        let sample = Sample(id: "s", fields: .object(fields.map { JSONMember($0.key, .string($0.value)) }))
        return await ScoringRig.scorer(runner: sandbox).score(
            AnswerToScore(text: test.answer), of: sample,
            by: .unitTests(
                UnitTestSpec(
                    language: language, program: FieldTemplate(program), timeout: .seconds(test.seconds))),
            extraction: [.codeBlock(language: language, isLast: true)])
    }

    static let python = [
        Case(
            name: "whole function in a fence", answer: "So:\n```python\ndef add(a, b):\n    return a + b\n```\n",
            outcome: .right),
        Case(name: "rest of the function", answer: "    return a + b", outcome: .right),
        Case(name: "rest without its blanks", answer: "c = a\nreturn c + b", outcome: .right),
        Case(
            name: "uses what the prompt imports", answer: "def add(a, b):\n    return int(math.fsum([a, b]))",
            outcome: .right),
        Case(name: "fails a test", answer: "    return a - b", outcome: .wrong, says: "AssertionError"),
        Case(name: "is no Python", answer: "    return a +", outcome: .wrong, says: "SyntaxError"),
        Case(
            name: "leaves before the tests", answer: "    pass\nimport sys\nsys.exit(0)", outcome: .wrong,
            says: "before its tests"),
        Case(
            name: "leaves hard", answer: "    pass\nimport os\nos._exit(0)", outcome: .wrong, says: "before its tests"),
        Case(
            name: "writes what it finds in the running module",
            answer: "    pass\nimport sys\n"
                + "print(*[c for c in sys._getframe().f_code.co_consts if 'tests-e' in str(c)])\nexit()",
            outcome: .wrong, says: "before its tests"),
        Case(
            name: "writes what its parent was started with",
            answer: "    pass\nimport os\n"
                + "try: print(open(f'/proc/{os.getppid()}/cmdline').read())\nfinally: os._exit(0)",
            outcome: .wrong, says: "before its tests"),
        Case(
            name: "asks, and does not answer", answer: "    pass\nimport os\nos.write(9, b'?')\nos._exit(0)",
            outcome: .wrong, says: "before its tests"),
        Case(
            name: "leaves with a status", answer: "    pass\nimport os\nos._exit(7)", outcome: .wrong, says: "status 7"),
        Case(
            name: "writes other letters", answer: "    print('é🎉 NUMBER MARK PROGRAM')\n    return a + b",
            outcome: .right),
        Case(name: "crashes", answer: "    import os\n    os.abort()", outcome: .wrong, says: "signal 6"),
        Case(name: "computes for ever", answer: "    while True: pass", outcome: .wrong, seconds: 1),
        Case(
            name: "waits for ever", answer: "    import time\n    time.sleep(1000)", outcome: .wrong,
            says: "time of 3 s was up", seconds: 1),
        Case(name: "writes without end", answer: "    while True: print('x' * 1000)", outcome: .wrong, seconds: 1),
        Case(name: "writes a file elsewhere", answer: "    open('/usr/left', 'w')", outcome: .wrong, says: "Error"),
        Case(
            name: "uses the network",
            answer: "    import socket\n    socket.create_connection(('192.0.2.1', 80), 2)\n    return a + b",
            outcome: .wrong),
        Case(
            name: "reads its input", answer: "    import sys\n    sys.stdin.read()\n    return a + b", outcome: .right),
    ]

    @Test(.enabled(if: has("python3")), arguments: python) func humanEval(_ test: Case) async {
        let fields = [
            "prompt": "import math\n\ndef add(a, b):\n    \"\"\"Adds.\"\"\"\n", "entry_point": "add",
            "test": "def check(f):\n    assert f(1, 2) == 3\n",
        ]
        let result = await Self.score(test, "python", fields, "{{prompt}}{{output}}\n{{test}}\ncheck({{entry_point}})")
        #expect(result.outcome == test.outcome, "\(result)")
        #expect(result.says(test.says), "\(result)")
    }

    @Test(
        .enabled(if: has("node")),
        arguments: [
            Case(name: "right", answer: "```js\nfunction add(a, b) { return a + b }\n```", outcome: .right),
            Case(name: "wrong", answer: "function add(a, b) { return a - b }", outcome: .wrong, says: "-1"),
            Case(name: "leaves", answer: "process.exit(0)", outcome: .wrong, says: "before its tests"),
            Case(name: "fails late", answer: "const add = () => 3; Promise.reject(new Error('late'))", outcome: .wrong),
            Case(
                name: "writes how it was started",
                answer: "console.log(require('fs').readFileSync(`/proc/${process.ppid}/cmdline`) + ''); process.exit()",
                outcome: .wrong, says: "before its tests"),
            Case(name: "a comment at the end", answer: "const add = (a, b) => a + b // so", outcome: .right),
        ]) func javascript(_ test: Case) async
    {
        let result = await Self.score(
            test, "javascript", [:], "{{output}}\nif (add(1, 2) !== 3) throw new Error('add: ' + add(1, 2))")
        #expect(result.outcome == test.outcome, "\(result)")
        #expect(result.says(test.says), "\(result)")
    }

    @Test(
        .enabled(if: has("sh")),
        arguments: [
            Case(name: "right", answer: "add() { echo $(($1 + $2)); }", outcome: .right),
            Case(name: "wrong", answer: "add() { echo no; }", outcome: .wrong),
            Case(name: "leaves", answer: "exit 0", outcome: .wrong, says: "before its tests"),
            Case(name: "writes its variables", answer: "set; exit 0", outcome: .wrong, says: "before its tests"),
            Case(name: "quotes", answer: "x=\"it's\"; add() { [ $x = \"it's\" ] && echo 3; }", outcome: .right),
            Case(name: "would read the tests", answer: "cat >/dev/null; add() { echo 3; }", outcome: .right),
            Case(name: "would read the tests, and is wrong", answer: "cat; add() { echo 4; }", outcome: .wrong),
        ]) func shell(_ test: Case) async
    {
        let result = await Self.score(test, "sh", [:], "{{output}}\n[ \"$(add 1 2)\" = 3 ]")
        #expect(result.outcome == test.outcome, "\(result)")
        #expect(result.says(test.says), "\(result)")
    }

    @Test(.enabled(if: has("python3"))) func aScorerOfTheSuite() async throws {
        let script = """
            import json, sys
            trial = json.load(sys.stdin)
            right = trial["answer"] == trial["sample"]["fields"]["want"]
            print(json.dumps({"value": 1.0 if right else 0.25, "pass": right, "explanation": "looked at"}))
            """
        for (answer, outcome) in [("x", TrialOutcome.right), ("y", .partial)] {
            let result = await ScoringRig.scorer(runner: Self.sandbox).score(
                AnswerToScore(text: answer), of: try ScoringRig.sample(#"{"want":"x"}"#),
                by: .command(["python3", "-I", "-c", script], timeout: .seconds(20)))
            #expect(result.outcome == outcome, "\(result)")
            #expect(result.score?.explanation == "looked at")
        }
    }

    @Test func noInterpreterIsNobodysFault() async throws {
        var tools = ScorerTools(runner: Self.sandbox)
        tools.interpreters["python"] = ["no-such-interpreter"]
        let result = await Scorer(tools).score(
            AnswerToScore(text: "x"), of: try ScoringRig.sample(),
            by: .unitTests(UnitTestSpec(language: "python", program: FieldTemplate("{{output}}"))))
        #expect(result.outcome == .scorerError)
        #expect(result.failure?.hasPrefix("not run: ") == true)
    }
}
