import Benchmarking
import Foundation
import ProviderCore
import TestSupport
import Testing

@Suite struct SuitePlanTests {
    private static func suite(_ tasks: String, _ head: String = "") throws -> Suite {
        let text = "suite: 1\nname: n\n" + head + tasks
        let result = SuiteReader.read(Array(text.utf8), file: "s.yaml", files: MemoryFiles())
        #expect(result.problems == [])
        return try #require(result.suite)
    }

    private static let two = """
        models: {a: {model: gpt-4o-mini, params: {max_output_tokens: 100}}, b: {model: own, params: {max_output_tokens: 50}}}
        prompts: {plain: [{role: user, text: "{{q}}"}]}
        prices: [{model: gpt-4o-mini, input: 1, output: 10}]

        """
    private static let task = """
        tasks:
          - {id: t, repeats: 2, data: {inline: [{id: x, q: "Hi"}, {id: y, q: "Hello you"}]}}

        """

    private static func words(_ plan: SuitePlan) -> [String] {
        plan.trials.map { "\(plan.task($0).id) \(plan.sample($0).id)\($0.repeat) \(plan.subject($0).label)" }
    }

    @Test func everySubjectIsAskedBeforeTheNextSample() throws {
        let plan = SuitePlan(try Self.suite(Self.task, Self.two))
        #expect(
            Self.words(plan) == [
                "t x1 a", "t x1 b", "t x2 a", "t x2 b", "t y1 a", "t y1 b", "t y2 a", "t y2 b",
            ])
        #expect(plan.trials.map(\.index) == Array(0..<8))
    }

    /// In whatever part of the plan, each subject has as many trials as another, but for one.
    @Test func everyPrefixIsFair() throws {
        let plan = SuitePlan(try WorkedExampleTests.suite())
        #expect(plan.trials.count == 6 * (3 + 2 + 1 + 2 * 5 + 2))
        var counts = [Int](repeating: 0, count: 6)
        var tasks: [Int: Int] = [:]
        for trial in plan.trials {
            counts[trial.subject] += 1
            tasks[trial.task, default: 0] += 1
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        }
        #expect(tasks == [0: 18, 1: 12, 2: 6, 3: 60, 4: 12])
        let part = Set(plan.trials.prefix(plan.trials.count * 3 / 4).map(\.task))
        #expect(part.count == 5)
    }

    @Test func partsOfASuite() throws {
        let suite = try WorkedExampleTests.suite()
        let plan = SuitePlan(suite, only: ["arith"], limit: 2)
        #expect(plan.trials.count == 12)
        #expect(Set(plan.trials.map(\.task)) == [0])
        #expect(plan.digest != SuitePlan(suite).digest)
        #expect(SuitePlan(suite).digest == SuitePlan(suite).digest)
        #expect(SuitePlan(suite, limit: 0).trials.isEmpty)
    }

    @Test func whatIsAsked() throws {
        let plan = SuitePlan(try WorkedExampleTests.suite())
        func request(_ task: Int, _ subject: Int) throws -> ChatRequest {
            let trial = try #require(plan.trials.first { $0.task == task && $0.subject == subject })
            return try plan.request(for: trial, defaultModel: "d")
        }
        let arith = try request(0, 1)
        #expect(arith.model == "gpt-5-mini" && arith.api == .responses)
        #expect(arith.messages.map(\.text).last == "What is 17 + 25?")
        #expect(arith.parameters.temperature == 0)
        let calls = try request(2, 0)
        #expect(calls.messages.map(\.role) == [.user] && calls.tools.map(\.name) == ["spotify_play"])
        let fix = try request(3, 3)
        #expect(fix.tools.map(\.name) == ["run_python"] && fix.messages[1].text.hasPrefix("def add"))
        #expect(fix.api == .chat)
        if case .jsonSchema? = try request(1, 0).responseFormat {} else { Issue.record("no form") }
    }

    @Test func subjectsThatAreAskedTheSameAreTold() throws {
        let notices = SuitePlan(try WorkedExampleTests.suite()).notices
        #expect(notices.count == 2)
        #expect(
            notices.last
                == "task \"fix\" has messages of its own, so mini/plain/cold, mini/reason/cold are asked the same and each is paid for"
        )
        #expect(SuitePlan(try Self.suite(Self.task, Self.two)).notices == [])
    }

    /// Braces that other programs take for a field are told, where there is such a field.
    @Test(arguments: [
        ("What of {country}?", ["task \"t\": {country} is put in as it is; the sample's field is {{country}}"]),
        ("What of {{country}}?", []), ("What of {town}?", []), ("{{{{country}}}}", []), ("{\\\"country\\\": 1}", []),
    ]) func singleBracesAreTold(text: String, notices: [String]) throws {
        let whole = """
            suite: 1
            name: n
            tasks: [{id: t, data: {inline: [{country: Peru}]}, prompt: [{role: user, text: "\(text)"}]}]
            """
        let result = SuiteReader.read(Array(whole.utf8), file: "s.yaml", files: MemoryFiles())
        #expect(SuitePlan(try #require(result.suite, "\(result.problems)")).notices == notices)
    }

    @Test func withoutModelsTheProgramsOwnIsAsked() throws {
        let suite = try Self.suite(
            "tasks: [{id: t, data: {inline: [{id: x, q: Hi}]}, prompt: [{role: user, text: \"{{q}}\"}]}]\n")
        #expect(suite.subjects.map(\.label) == ["default"])
        let plan = SuitePlan(suite)
        let request = try plan.request(for: plan.trials[0], defaultModel: "mine")
        #expect(request.model == "mine" && request.api == nil)
    }

    @Test func estimates() throws {
        let plan = SuitePlan(try Self.suite(Self.task, Self.two))
        let catalog = try ModelCatalog.builtIn()
        let estimate = try plan.estimate(defaultModel: "d", counting: LetterCounting()) {
            plan.info(of: $0, catalog: catalog, defaultModel: "d")
        }
        let first = estimate.parts[0]
        // 3 for the answer's beginning, 3 and the role for the message, its letters; each sample twice.
        let tokens = 2 * (3 + 3 + 4 + 2) + 2 * (3 + 3 + 4 + 9)
        #expect(first.label == "a" && first.trials == 4 && first.requests == 4)
        #expect(first.inputTokens == tokens && first.outputTokens == 400)
        #expect(first.worst == Money(picodollars: Int128(tokens * 1_000_000 + 400 * 10_000_000)))
        #expect(first.isPriced)
        #expect(estimate.parts[1].worst == nil && !estimate.parts[1].isPriced && estimate.parts[1].outputTokens == 200)
        #expect(estimate.total.trials == 8 && estimate.total.worst == nil)
    }

    @Test func loopsAndJudgesAreCountedAtTheirWorst() throws {
        let tasks = """
            tools: {f: {does: {reply: x}}}
            tasks:
              - id: t
                data: {inline: [{id: x, q: "Hi"}]}
                tools: [f]
                turns: 3
                score: {judge: {model: a, rubric: "{{output}}?", votes: 3}}

            """
        let plan = SuitePlan(try Self.suite(tasks, Self.two))
        let catalog = try ModelCatalog.builtIn()
        let estimate = try plan.estimate(defaultModel: "d") { plan.info(of: $0, catalog: catalog, defaultModel: "d") }
        let first = estimate.parts[0]
        #expect(first.requests == 3 && first.outputTokens == 300)
        let input = 3 * first.inputTokens + 100 + 200
        #expect(first.worst == Money(picodollars: Int128(input * 1_000_000 + 300 * 10_000_000)))
        let judge = try #require(estimate.parts.last)
        #expect(judge.label == "judge a" && judge.requests == 6 && judge.trials == 0)
        #expect(judge.outputTokens == 600 && judge.worst != nil)
    }

    @Test func digestsFollowWhatTheyName() throws {
        let suite = try Self.suite(Self.task, Self.two)
        var sample = suite.tasks[0].samples[0]
        let before = sample.digest
        sample.fields = .object([])
        #expect(sample.digest != before)
        var subject = suite.subjects[0]
        let digest = subject.digest
        subject.label = "other"
        #expect(subject.digest == digest)
        subject.parameters.temperature = 1
        #expect(subject.digest != digest && subject.promptDigest == suite.subjects[0].promptDigest)
        var task = suite.tasks[0]
        task.samples.reverse()
        #expect(task.dataDigest != suite.tasks[0].dataDigest && task.toolsDigest == suite.tasks[0].toolsDigest)
        let other = try Self.suite(Self.task.replacing("repeats: 2", with: "score: {exact: x}"), Self.two)
        #expect(other.tasks[0].scoringDigest != suite.tasks[0].scoringDigest)
    }
}
