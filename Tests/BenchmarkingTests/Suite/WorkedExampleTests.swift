import Benchmarking
import Foundation
import FunctionTools
import ProviderCore
import Testing

/// The worked example of the design, as a suite in a folder of its own.
@Suite struct WorkedExampleTests {
    static func suite() throws -> Suite {
        let result = SuiteReader.read(path: Fixture.folder.appending(path: "worked/suite.yaml").path)
        #expect(result.problems.prefix(5) == [])
        return try #require(result.suite)
    }

    @Test func head() throws {
        let suite = try Self.suite()
        #expect(suite.name == "nightly-code-and-tools")
        #expect(suite.seed == 20_261_122)
        #expect(suite.endpoints.map(\.name) == ["openai", "local"])
        #expect(suite.endpoints[0].keyVariable == "OPENAI_API_KEY" && suite.endpoints[0].api == .responses)
        #expect(suite.endpoints[1].keyVariable == nil && suite.endpoints[1].baseURL == "http://127.0.0.1:8000/v1")
        #expect(suite.onInconclusive == .fail && suite.baseline == "latest")
        #expect(suite.outputs.map(\.form) == [.inspect, .junit, .jsonl, .markdown])
        #expect(suite.outputs[0].path == "out/{{run_id}}.json")
        #expect(suite.digest.count == 64)
    }

    @Test func prices() throws {
        let suite = try Self.suite()
        let mini = try #require(suite.prices(of: "gpt-5-mini-2025-08-07"))
        #expect(mini.tiers[.standard]?.input.perMillion == "0.25")
        #expect(mini.tiers[.standard]?.cachedInput?.perMillion == "0.025")
        #expect(mini.tiers[.batch]?.output.perMillion == "1")
        #expect(mini.tiers[.priority]?.cachedInput?.perMillion == "0.05")
        #expect(mini.tiers[.ultrafast] == nil)
        #expect(mini.source?.description.hasSuffix("suite.yaml:11 as of 2026-11-01") == true)
        #expect(suite.prices(of: "qwen-local")?.tiers[.standard]?.output.perMillion == "0")
        #expect(suite.prices(of: "qwen-local-2") == nil)
    }

    @Test func subjects() throws {
        let subjects = try Self.suite().subjects
        #expect(
            subjects.map(\.label) == [
                "mini/plain/cold", "mini/reason/cold", "qwen/plain/cold", "qwen/plain/warm", "qwen/reason/cold",
                "qwen/reason/warm",
            ])
        #expect(subjects[3].parameters == ModelParameters(temperature: 0.7, maxOutputTokens: 1024))
        #expect(subjects[1].prompt.map(\.role) == [.system, .user])
    }

    @Test func tools() throws {
        let fix = try Self.suite().tasks[3]
        var limits = CommandLimits(
            time: .seconds(10), cpuSeconds: 20, memory: 1 << 30, processes: 32, fileSize: 16 << 20)
        limits.allowsNetwork = false
        let template = CommandTemplate(["python3", "-I", "-"], input: "{code}", limits: limits)
        #expect(fix.tools.map(\.run) == [.command(template)])
        #expect(fix.tools[0].runsUnattended)
        let call = JSONValue.object([JSONMember("code", .string("-print({1})"))])
        #expect(
            try template.expanded(with: call)
                == Command(["python3", "-I", "-"], input: Array("-print({1})".utf8), limits: limits))
        #expect(try Self.suite().sandbox.memory == 1 << 30)
    }

    @Test func arith() throws {
        let task = try Self.suite().tasks[0]
        #expect(task.samples.map(\.id) == ["1", "2", "third"])
        #expect(task.samples.map(\.cluster) == ["p1", "p1", "p2"])
        #expect(task.extraction == [.after("####"), .number(isLast: true)])
        #expect(task.scorer == .number(FieldTemplate("{{answer}}"), tolerance: 1e-6, relative: 0))
    }

    @Test func invoice() throws {
        let task = try Self.suite().tasks[1]
        guard case .jsonSchema("answer", let schema, strict: true)? = task.responseFormat else {
            Issue.record("no schema")
            return
        }
        #expect(task.samples[0].fields["want"]?["total"] == .number("12.5"))
        let folded = TextMatch(foldsCase: true)
        #expect(
            task.scorer
                == .all([
                    .init(.jsonValid(schema)),
                    .init(.jsonPath("$.vendor", .exact(FieldTemplate("{{want.vendor}}"), folded))),
                    .init(
                        .jsonPath("$.total", .number(FieldTemplate("{{want.total}}"), tolerance: 0, relative: 0)),
                        weight: 2),
                    .init(.jsonPath("$.currency", .oneOf([FieldTemplate("EUR"), FieldTemplate("€")], TextMatch()))),
                ]))
    }

    @Test func calls() throws {
        let task = try Self.suite().tasks[2]
        let sample = try #require(task.samples.first)
        #expect(sample.tools.map(\.name) == ["spotify_play"])
        let properties = sample.tools[0].definition.parameters?["properties"]
        #expect(sample.tools[0].definition.parameters?["type"] == .string("object"))
        #expect(properties?["duration"]?["type"] == .string("number"))
        #expect(properties?["tags"]?["type"] == .string("array"))
        #expect(properties?["tags"]?["items"]?["type"] == .string("string"))
        #expect(
            sample.expectedCalls == [
                ExpectedCall(
                    "spotify_play",
                    [
                        .init("artist", allowed: [.string("Taylor Swift")]), .init("duration", allowed: [.int(20)]),
                        .init("tags", allowed: [.array([.string("pop")])], mayBeAbsent: true),
                    ]),
                ExpectedCall(
                    "spotify_play",
                    [.init("artist", allowed: [.string("Maroon 5")]), .init("duration", allowed: [.int(15)])]),
            ])
        #expect(task.scorer == .calls(CallsSpec(match: .bfcl)))
    }

    @Test func fixAndSummary() throws {
        let suite = try Self.suite()
        let (fix, summary) = (suite.tasks[3], suite.tasks[4])
        #expect(fix.samples.map(\.id) == ["HumanEval/0", "HumanEval/1"])
        #expect(fix.repeats == 5 && fix.turns == 6 && fix.figures == ["pass@1", "pass@5", "pass^3"])
        #expect(fix.extraction == [.codeBlock(language: "python", isLast: true)])
        guard case .unitTests(let spec)? = fix.scorer else {
            Issue.record("no unit tests")
            return
        }
        #expect(spec.program.source.contains("\n{{test}}\ncheck("))
        #expect(
            summary.samples.map { $0.fields["question"] } == [
                .string("It rained, then\r\nit \"poured\"."), .string("Sun all day."),
            ])
        let judge = try #require(summary.scorer?.judgeSpecs.first)
        #expect(judge.scale == [0, 1, 2, 3] && judge.votes == 3 && judge.swapsPositions && judge.passAt == 3)
        #expect(judge.calibration == "labels/summary-human.csv" && judge.rubric.names == ["ref", "output"])
        #expect(suite.judges["mini"]?.model == "gpt-5-mini")
    }

    @Test func runAndGates() throws {
        let suite = try Self.suite()
        #expect(suite.run.concurrency.start == 8 && suite.run.concurrency.most == 64 && suite.run.concurrency.adapts)
        #expect(suite.run.attempts == 6 && suite.run.limits == RateCaps())
        #expect(suite.run.timeouts.firstToken == .seconds(90) && suite.run.timeouts.total == .seconds(600))
        #expect(suite.run.budget.run == Money("5") && suite.run.budget.trial == Money("0.1"))
        #expect(suite.run.budget.time == .seconds(7_200))
        #expect(
            suite.gates.map(\.demand) == [
                .atLeast(0.9), .noWorseThanBaseline(by: 0.02), .atLeast(0.8), .atMost(2.5), .atMost(0.01),
                .atLeast(0.99), .atMost(5),
            ])
        #expect(suite.gates[0].judged == .lowerBound && suite.gates[3].metric == "ttft.p95")
        #expect(suite.gates[0].place.hasSuffix("suite.yaml:116"))
    }
}
