import Foundation
import TestSupport
import Testing

/// What is done with runs once they are there, as a person does it.
@Suite(.serialized) struct BenchResultsTests {
    private static func suite(gates: String, extra: String = "") -> String {
        """
        suite: 1
        name: sums
        models: {small: {model: gpt-5.4-mini}}
        prompts: {plain: [{role: user, text: "{{question}}"}]}
        matrix:
          model: [small]
          prompt: [plain]
          params: {cold: {temperature: 0}, warm: {temperature: 0.9}}
        tasks:
          - id: sums
            data:
              inline:
                - {id: a, question: "json 1", answer: simulator}
                - {id: b, question: "What is 2?", answer: nothing of this kind}
            score: {contains: "{{answer}}"}
        gates:
          - \(gates)
        \(extra)
        """
    }

    /// A folder with a suite, gone afterwards.
    private final class Place {
        let folder = Program.dataFolder()

        init(_ suite: String) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try write("suite.yaml", suite)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func write(_ name: String, _ text: String) throws {
            try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }

        func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }

        func bench(_ arguments: [String]) async throws -> Program.Result {
            let known = ["run", "plan", "resume", "report", "compare", "score", "export", "list"]
            let runs = known.contains(arguments[0]) ? ["--runs-dir", "\(folder)/runs"] : []
            return try await Program.run(["bench"] + arguments + runs, ["XDG_DATA_HOME": "\(folder)/data"])
        }

        func run(_ more: [String] = []) async throws -> Program.Result {
            try await bench(["run", "\(folder)/suite.yaml", "--demo", "-o", "json"] + more)
        }
    }

    private static func last(_ text: String) throws -> [String: Any] {
        let line = try #require(text.split(separator: "\n").last)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test(arguments: [
        ("{metric: coverage, at_least: 1}", "", Int32(0), "pass"),
        ("{metric: accuracy, at_least: 0.9}", "", 2, "fail"),
        ("{metric: ttft.p95, at_most: 10s}", "", 2, "inconclusive"),
        ("{metric: ttft.p95, at_most: 10s}", "on_inconclusive: report", 5, "inconclusive"),
        ("{metric: ttft.p95, at_most: 10s}", "on_inconclusive: pass", 0, "inconclusive"),
    ])
    func gatesDecideTheExitCode(gate: String, extra: String, code: Int32, verdict: String) async throws {
        let place = try Place(Self.suite(gates: gate, extra: extra))
        let result = try await place.run()
        #expect(result.code == code, "\(result.errors)")
        let gates = try #require(try Self.last(result.output)["gates"] as? [[String: Any]])
        #expect(gates.count == 2 && gates.allSatisfy { $0["verdict"] as? String == verdict })
    }

    /// What is incomplete goes before its gates.
    @Test func incompleteGoesFirst() async throws {
        let place = try Place(
            Self.suite(gates: "{metric: accuracy, at_least: 0.9}", extra: "run: {budget: {usd: 0.000001}}"))
        #expect(try await place.run().code == 3)
    }

    @Test func aDayWithResults() async throws {
        let place = try Place(Self.suite(gates: "{metric: coverage, at_least: 1}", extra: ""))
        let first = try await place.run()
        let second = try await place.run()
        let ids = try [first, second].map { try #require(try Self.last($0.output)["run"] as? String) }
        let compared = try await place.bench(["compare", ids[0], ids[1], "-o", "json"])
        #expect(compared.code == 0, "\(compared.errors)")
        let rows = try #require(try Self.last(compared.output)["comparisons"] as? [[String: Any]])
        #expect(rows.count == 2 && rows.allSatisfy { $0["pairs"] as? Int == 2 && $0["ties"] as? Int == 2 })
        let text = try await place.bench(["compare", "\(ids[0])#small/plain/cold", "\(ids[1]):small/plain/warm"])
        #expect(text.output.contains("they differ in the parameters"))
        #expect(try await place.bench(["compare", "\(ids[0])#small/plain/cold", ids[1]]).code == 64)

        let speed = try await place.bench(["report", ids[0], "--definitions", "llmperf"])
        #expect(speed.output.contains("speed, as llmperf defines it"), "\(speed.output)")
        let told = try Self.last(
            try await place.bench(["report", ids[0], "--definitions", "vllm", "-o", "json"]).output)
        let cell = try #require((told["tasks"] as? [[String: Any]])?.first?["speed"] as? [String: Any])
        #expect(cell["definitions"] as? String == "vllm" && cell["requests"] as? Int == 2)
        #expect((cell["ttft_ms"] as? [String: Any])?["p50"] is NSNull)

        let failed = try await place.bench(["report", ids[0], "--failures"])
        #expect(failed.output.contains("sums/b small/plain/cold r1  wrong"), "\(failed.output)")
        #expect(failed.output.contains("    asked  What is 2?\n") && failed.output.contains("    said   "))

        // The expected answer was wrong: score again, and nobody is asked.
        try place.write(
            "fixed.yaml",
            Self.suite(gates: "{metric: coverage, at_least: 1}").replacing("nothing of this kind", with: "the"))
        let scored = try await place.bench(["score", ids[1], "--suite", "\(place.folder)/fixed.yaml", "-o", "json"])
        #expect(scored.code == 0, "\(scored.errors)")
        #expect(try Self.last(scored.output)["scored"] as? Int == 4)
        // What is scored by another expected answer is not compared.
        let partly = try await place.bench(["compare", ids[0], ids[1]])
        #expect(partly.code == 0, "\(partly.errors)")
        #expect(partly.output.contains("1 sample with other content left out"), "\(partly.output)")

        for form in ["jsonl", "csv", "junit", "markdown", "inspect_json", "html"] {
            let file = "\(place.folder)/deep/er/x.\(form)"
            let written = try await place.bench(["export", ids[0], "--format", form, "-f", file])
            #expect(written.code == 0, "\(form): \(written.errors)")
            let piped = try await place.bench(["export", ids[0], "--format", form])
            #expect(piped.output == (try place.text("deep/er/x.\(form)")), "\(form)")
        }
        #expect(try await place.bench(["export", "--format", "pdf"]).code == 64)
        let blocked = try await place.bench(["export", "--format", "csv", "-f", "\(place.folder)/suite.yaml/x"])
        #expect(blocked.code == 74 && blocked.errors.contains("cannot be written"))
    }

    /// What a pilot asked is not asked again by the run that it begins.
    @Test func aPilotIsTheBeginningOfTheRun() async throws {
        let place = try Place(Self.suite(gates: "{metric: coverage, at_least: 1}"))
        let told = try await place.bench([
            "plan", "\(place.folder)/suite.yaml", "--demo", "--pilot", "1", "--max-cost", "0.5", "-o", "json",
        ])
        #expect(told.code == 0, "\(told.errors)")
        let pilot = try #require(try Self.last(told.output)["pilot"] as? [String: Any])
        #expect((pilot["expected_seconds"] as? Double ?? 0) > 0 && pilot["expected_usd"] is String)
        let resumed = try await place.bench(["resume", try #require(pilot["run"] as? String), "-o", "json"])
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains("2 of 4 trials to do"))
        #expect(try Self.last(resumed.output)["requests"] as? Int == 4)
        #expect(try await place.bench(["plan", "\(place.folder)/suite.yaml", "--max-cost", "1"]).code == 64)
    }

    @Test func importsAndTellsWhatIsMissing() async throws {
        let place = try Place("")
        try place.write("in.jsonl", "{\"input\": \"2+2?\", \"ideal\": \"4\"}\n{\"input\": 5}\n")
        let arguments = [
            "import", "\(place.folder)/in.jsonl", "--from", "openai_evals", "-o", "\(place.folder)/new/evals.yaml",
        ]
        let result = try await place.bench(arguments)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("1 sample, 1 skipped") && result.errors.contains("in.jsonl:2: skipped:"))
        #expect(try await place.bench(["check", "\(place.folder)/new/evals.yaml"]).code == 0)
        let again = try await place.bench(arguments)
        #expect(again.code == 64 && again.errors.contains("--force"))
        #expect(try await place.bench(arguments + ["--force"]).code == 0)
        try place.write("in.jsonl", "nothing\n")
        #expect(try await place.bench(arguments + ["--force"]).code == 65)
    }
}
