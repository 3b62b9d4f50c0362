import Benchmarking
import ProviderCore
import Testing

@Suite struct ImportTests {
    private func imported(
        _ form: ImportForm, _ text: String, answers: String? = nil, files: [String: String] = [:],
        match: SuiteImport.EvalsMatch = .match, file: String = "in.jsonl"
    ) throws -> (suite: Suite, imported: ImportedSuite) {
        let source = SuiteImport.Source(
            file: file, bytes: Array(text.utf8), answers: answers.map { ("a.jsonl", Array($0.utf8)) },
            files: MemoryFiles(files), name: "x", evalsMatch: match)
        let imported = try SuiteImport.suite(form, source)
        let result = SuiteReader.read(
            Array(imported.yaml.utf8), file: "x.yaml",
            files: MemoryFiles(imported.files.mapValues { String(decoding: $0, as: UTF8.self) }))
        return (try #require(result.suite, "\(result.problems)"), imported)
    }

    private func outcome(_ suite: Suite, task: Int = 0, sample: Int = 0, _ text: String) async throws -> TrialOutcome {
        let task = suite.tasks[task]
        let scorer = Scorer(ScorerTools())
        let spec = try #require(task.scorer)
        return await scorer.score(
            AnswerToScore(text: text), of: task.samples[sample], by: spec, extraction: task.extraction
        ).outcome
    }

    @Test func evals() async throws {
        let text = """
            {"input": [{"role": "user", "content": "2+2?"}], "ideal": "4"}

            {"input": "In Paris? (say so)", "ideal": ["yes.", "Oui (a+b)"]}
            {"input": 7, "ideal": "x"}
            {"input": "nothing to compare with"}
            no JSON
            """
        let (suite, imported) = try imported(.openaiEvals, text)
        #expect(imported.samples == 2)
        #expect(imported.skipped.map(\.place) == ["in.jsonl:4", "in.jsonl:5", "in.jsonl:6"])
        #expect(suite.tasks[0].samples[0].messages == [ChatMessage(.user, "2+2?")])
        #expect(try await outcome(suite, "4, of course") == .right)
        #expect(try await outcome(suite, "It is 4") == .wrong)
        // What is special in a pattern is a letter here.
        #expect(try await outcome(suite, sample: 1, " Oui (a+b) indeed") == .right)
        #expect(try await outcome(suite, sample: 1, "yes, I do") == .wrong)
        let including = try self.imported(.openaiEvals, text, match: .includes).suite
        #expect(try await outcome(including, "It is 4") == .right)
    }

    @Test func humanEval() throws {
        let good = #"{"task_id":"HumanEval/0","prompt":"def f(x):\n","entry_point":"f","test":"def check(c): pass"}"#
        let (suite, imported) = try imported(
            .humaneval, good + "\n" + #"{"task_id":"HumanEval/1","prompt":"def g(x):"}"# + "\n" + good)
        #expect(suite.tasks[0].samples.map(\.id) == ["HumanEval/0"])
        #expect(imported.skipped.map(\.place) == ["in.jsonl:2", "in.jsonl:3"])
        guard case .unitTests(let tests)? = suite.tasks[0].scorer else {
            Issue.record("no unit tests")
            return
        }
        let program = try tests.program.rendered(with: suite.tasks[0].samples[0].fields, output: "def f(x): return 1")
        #expect(program == "def f(x):\ndef f(x): return 1\ndef check(c): pass\ncheck(f)\n")
    }

    @Test func functionCalls() throws {
        func question(_ id: String, turns: Int = 1) -> String {
            let turn = #"[{"role":"user","content":"area?"}]"#
            let all = [String](repeating: turn, count: turns).joined(separator: ",")
            return #"{"id":"\#(id)","question":[\#(all)],"function":[{"name":"geo.area","parameters":{"type":"dict","#
                + #""properties":{"b":{"type":"integer"}}}}]}"#
        }
        let text = [question("a"), question("b", turns: 2), question("c")].joined(separator: "\n")
        let answers = #"{"id":"a","ground_truth":[{"geo.area":{"b":[10]}}]}"#
        let (suite, imported) = try imported(.bfcl, text, answers: answers)
        #expect(suite.tasks[0].samples.map(\.id) == ["a"])
        #expect(suite.tasks[0].samples[0].expectedCalls.map(\.name) == ["geo_area"])
        #expect(imported.skipped.map(\.place) == ["in.jsonl:2", "in.jsonl:3"])
        #expect(throws: ImportError.self) { try self.imported(.bfcl, text) }
        // Where no call is right, there is no file of answers.
        let none = try self.imported(.bfcl, question("a"), file: "BFCL_v4_irrelevance.json").suite
        #expect(none.tasks[0].scorer == .calls(CallsSpec(expected: [])))
    }

    static let promptfoo = """
        description: Translations
        providers:
          - openai:gpt-5.4-mini
          - {id: "openai:chat:gpt-5.4", label: big one, config: {temperature: 0.2, max_tokens: 100}}
        prompts:
          - "Say {{text}} in {{lang}}"
          - file://p.txt
        tests:
          - vars: {text: hello, lang: [French, German]}
            assert:
              - {type: icontains, value: "{{lang}}!", weight: 3}
              - {type: not-contains-any, value: [sorry, cannot]}
          - {vars: {text: bye}, assert: [{type: starts-with, value: "{{text}} (in"}]}
          - {vars: {text: z}, assert: [{type: equals, value: "a  b"}]}
        """

    @Test func promptfooSuites() async throws {
        let (suite, imported) = try imported(
            .promptfoo, Self.promptfoo, files: ["p.txt": "One {{text}}\n---\nTwo {{lang}}"], file: "pf.yaml")
        #expect(imported.skipped.isEmpty, "\(imported.skipped)")
        #expect(imported.samples == 4)
        #expect(suite.subjects.map(\.label).count == 6)
        #expect(suite.subjects.contains { $0.model.model == "gpt-5.4" && $0.parameters.maxOutputTokens == 100 })
        #expect(suite.tasks.map { $0.samples.map(\.id) } == [["1.1", "1.2"], ["2"], ["3"]])
        #expect(try await outcome(suite, "in FRENCH!") == .right)
        // Three of four parts of the weight.
        #expect(try await outcome(suite, "in french! sorry") == .partial)
        #expect(try await outcome(suite, sample: 1, "in French! sorry") == .wrong)
        #expect(try await outcome(suite, task: 1, "bye (in Italian)") == .right)
        #expect(try await outcome(suite, task: 1, "bye in") == .wrong)
        #expect(try await outcome(suite, task: 2, "a  b") == .right)
        #expect(try await outcome(suite, task: 2, "a b") == .wrong)
    }

    /// What each kind of assertion makes of answers.
    @Test(arguments: [
        ("{type: equals, value: a}", "a", "A"), ("{type: icontains, value: PARIS}", "in Paris", "in Rome"),
        ("{type: contains-all, value: [a, b]}", "b a", "c"), ("{type: contains-any, value: \"x, b\"}", "b", "a"),
        ("{type: icontains-any, value: [X, b]}", "x", "a"), ("{type: icontains-all, value: [A, B]}", "ab", "c"),
        ("{type: starts-with, value: \"a.\"}", "a.b", "ab"), ("{type: regex, value: \"^[0-9]+$\"}", "42", "4x"),
        ("{type: not-regex, value: \"[0-9]\"}", "none", "4"), ("{type: not-equals, value: a}", "b", "a"),
        ("{type: not-starts-with, value: a}", "b", "ab"), ("{type: is-json}", "[1]", "[1"),
        ("{type: not-is-json}", "no", "{}"),
        ("{type: is-json, value: {type: object, required: [a]}}", "{\"a\": 1}", "{\"b\": 1}"),
        ("{type: is-json, value: '{\"type\": \"array\"}'}", "[]", "{}"),
        ("{type: equals, value: {a: [1, x]}}", "{ \"a\": [1.0, \"x\"] }", "{\"a\": [1]}"),
        ("{type: not-equals, value: [1, 2]}", "[2, 1]", "[1, 2]"),
        ("{type: assert-set, assert: [{type: contains, value: a}, {type: contains, value: b}]}", "ab", "c"),
    ])
    func assertions(yaml: String, good: String, bad: String) async throws {
        let text = "prompts: [\"{{q}}\"]\nproviders: [openai:gpt-5.4-mini]\ntests: [{vars: {q: x}, assert: [\(yaml)]}]"
        let (suite, imported) = try imported(.promptfoo, text, file: "pf.yaml")
        #expect(imported.skipped.isEmpty, "\(imported.skipped)")
        #expect(try await outcome(suite, good) == .right)
        #expect(try await outcome(suite, bad) == .wrong)
    }

    /// A set counts for its own weight, however many parts it has.
    @Test func setsOfAssertions() async throws {
        let text = """
            prompts: ["{{q}}"]
            providers: [openai:gpt-5.4-mini]
            tests:
              - vars: {q: x}
                assert:
                  - {type: contains, value: a}
                  - {type: assert-set, weight: 3, assert: [{type: contains, value: b}, {type: contains, value: c, weight: 2}]}
              - vars: {q: y}
                assert:
                  - {type: contains, value: a}
                  - {type: assert-set, threshold: 0.5, assert: [{type: contains, value: b}]}
              - vars: {q: z}
                assert:
                  - {type: assert-set, assert: [{type: contains, value: b}, {type: javascript, value: "1"}]}
            """
        let (suite, imported) = try imported(.promptfoo, text, file: "pf.yaml")
        guard case .all(let parts)? = suite.tasks[0].scorer else {
            Issue.record("no parts")
            return
        }
        #expect(parts.map(\.weight) == [1, 1, 2])
        #expect(suite.tasks.flatMap(\.samples).count == 2)
        #expect(
            imported.skipped.map(\.description) == [
                "pf.yaml:11: skipped: an assert-set with a \"threshold\": a part of ours has none",
                "pf.yaml:12: skipped: test 3 has no assertion that is taken over",
                "pf.yaml:14: skipped: the assertion \"javascript\" is not taken over",
                "pf.yaml:14: skipped: an assert-set with a part that is not taken over",
            ])
    }

    @Test(arguments: ["llm-rubric", "model-graded-closedqa"]) func judged(kind: String) throws {
        let text =
            "prompts: [\"{{q}}\"]\nproviders: [openai:gpt-5.4-mini]\n"
            + "tests: [{vars: {q: rain}, assert: [{type: not-\(kind), value: \"speaks of {{q}}\"}]}]"
        let (suite, imported) = try imported(.promptfoo, text, file: "pf.yaml")
        #expect(imported.skipped.isEmpty, "\(imported.skipped)")
        guard case .not(.judge(let judge))? = suite.tasks[0].scorer else {
            Issue.record("no judge")
            return
        }
        #expect(judge.rubric.source.contains("speaks of rain") && judge.scale == [0, 1])
    }

    /// Cells of a table: a kind and its value, or the text itself; what is no kind of ours is told.
    @Test func cellsOfATable() async throws {
        let table = """
            q,__expected1
            a,Answer: 42
            b,icontains: HI
            c,"contains-any: x, y"
            d,is-json
            e,grade: is polite
            f,not-equals: no
            g,similar(0.8): hello
            h,javascript: output == 1
            i,not-levenshtein: x

            """
        let text = "prompts: [\"{{q}}\"]\nproviders: [openai:gpt-5.4-mini]\ntests: file://t.csv"
        let (suite, imported) = try imported(.promptfoo, text, files: ["t.csv": table], file: "pf.yaml")
        let samples = suite.tasks.flatMap { task in task.samples.map(\.id) }
        #expect(samples.sorted() == ["1", "2", "3", "4", "5", "6"])
        let reasons = imported.skipped.map(\.reason)
        for word in ["similar", "javascript", "not-levenshtein"] {
            #expect(reasons.contains { $0.contains("the assertion \"\(word)") }, "\(word) \(reasons)")
        }
        let exact = try #require(suite.tasks.firstIndex { $0.samples[0].id == "1" })
        #expect(try await outcome(suite, task: exact, "Answer: 42") == .right)
        let json = try #require(suite.tasks.firstIndex { $0.samples[0].id == "4" })
        #expect(try await outcome(suite, task: json, "{}") == .right)
    }

    /// Each of these lines is told, and none of them is in the suite.
    @Test(arguments: [
        ("tags: [a]", "tags"), ("sharing: true", "sharing"),
        ("defaultTest: {assert: [{type: javascript, value: \"1\"}]}", "javascript"),
        ("defaultTest: {assert: [{type: cost, threshold: 1}]}", "cost"),
        ("defaultTest: {options: {transform: x}}", "options"), ("defaultTest: {threshold: 0.5}", "threshold"),
        ("defaultTest: {assert: [{type: equals, value: \"file://check.py\"}]}", "program"),
        ("evaluateOptions: {cache: false}", "cache"), ("scenarios: [{a: b}]", "scenarios"),
    ])
    func tellsWhatIsSkipped(line: String, word: String) throws {
        let text = Self.promptfoo.replacing("file://p.txt", with: "\"Again {{text}}\"") + "\n" + line
        let (_, imported) = try imported(.promptfoo, text, file: "pf.yaml")
        let number = text.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(
            imported.skipped.contains { $0.reason.contains(word) && $0.place == "pf.yaml:\(number)" },
            "\(imported.skipped)")
    }

    @Test(arguments: [
        ("providers: [\"anthropic:x\"]\nprompts: [a]\ntests: [{vars: {a: b}}]", "no test"),
        ("prompts: [\"{% if a %}\"]\ntests: [{assert: [{type: equals, value: a}]}]", "no prompt"),
        ("a: [", "line"), ("- a", "no mapping"),
    ])
    func refusesWhatHasNothing(text: String, word: String) {
        #expect(throws: ImportError.self) {
            do { _ = try imported(.promptfoo, text, file: "pf.yaml") } catch let error as ImportError {
                #expect(error.description.contains(word) || error.description.contains("pf.yaml"), "\(error)")
                throw error
            }
        }
    }
}
