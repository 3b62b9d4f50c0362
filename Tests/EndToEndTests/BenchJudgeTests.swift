import Foundation
import TestSupport
import Testing

/// Judges that fail, as a person meets them: the exit code says it, nothing that was there is lost, and no answer is paid for twice.
@Suite struct BenchJudgeTests {
    private static let score = "{judge: {model: m, rubric: \"Is it five, says the tape?\"}}"

    /// A simulator whose judge does as told; the name of its log of requests.
    private static func simulator(
        _ place: BenchPlace, _ name: String, _ does: String
    ) async throws -> (ChildProcess, String) {
        try place.write("\(name).scenario", "scenario \(name)\n  when user says \"says the tape\"\n\(does)\n")
        return try await Program.simulator([
            "--scenario", place.folder + "/\(name).scenario", "--request-log", place.folder + "/\(name).jsonl",
        ])
    }

    private static let refused = "  status 401\n  error \"No.\" code invalid_api_key type invalid_api_key"
    private static let fair = "  reply \"{\\\"score\\\": 1, \\\"reason\\\": \\\"so it is\\\"}\"\n  finish stop"

    @Test func aJudgeWhoseKeyIsRefused() async throws {
        let place = try BenchPlace(
            BenchPlace.sums(3, score: Self.score, extract: "[trim]", more: "run: {concurrency: 1}"))
        let (down, badURL) = try await Self.simulator(place, "down", Self.refused)
        defer { down.terminate() }
        let (up, goodURL) = try await Self.simulator(place, "up", Self.fair)
        defer { up.terminate() }
        let first = try await place.bench(["run", "suite.yaml", "--base-url", badURL, "-o", "json"])
        #expect(first.code == 77, "\(first.code) \(first.errors)")
        #expect(first.errors.contains("the judge gave no answer"))
        #expect(try BenchPlace.count("scorer_error", first) == 0 && BenchPlace.count("infra_error", first) == 1)
        // One answer is here already: two are asked for, and three are judged.
        let second = try await place.bench(["resume", "--base-url", goodURL, "-o", "json"])
        #expect(second.code == 0, "\(second.errors)")
        #expect(try BenchPlace.count("right", second) == 3)
        #expect(place.requests("up.jsonl") == 5)
        // Scored again by a judge that is not to be had, all stays as it is.
        let again = try await place.bench(["score", "--judges", "--base-url", badURL])
        #expect(again.code == 77, "\(again.code) \(again.errors)")
        #expect(again.output.contains("0 scored again") && again.output.contains("left as they were"))
        let report = try await place.bench(["report", "-o", "json"])
        #expect(try BenchPlace.last(report)["state"] as? String == "complete")
        #expect(try BenchPlace.count("right", report) == 3)
        // An endpoint that is not there, and one that is.
        #expect(try await place.bench(["score", "--judges", "--base-url", "http://127.0.0.1:9/v1"]).code == 69)
        let scored = try await place.bench(["score", "--judges", "--base-url", goodURL])
        #expect(scored.code == 0 && scored.output.contains("3 scored again"), "\(scored.errors)")
        #expect(try await place.bench(["score", "--base-url", goodURL]).code == 64)
    }

    @Test func aScorerThatIsNotThere() async throws {
        let place = try BenchPlace(BenchPlace.sums(3, score: "{command: [no-such-program]}", extract: "[trim]"))
        let result = try await place.bench(["run", "suite.yaml", "--demo"])
        #expect(result.code == 65, "\(result.code) \(result.errors)")
        #expect(result.errors.contains("task sums: 3 trials could not be scored: "), "\(result.errors)")
        #expect(result.errors.contains("tickertape bench score "))
        // A suite that failed to score takes nothing away, and a mended one gives the scores.
        try place.write("mended.yaml", BenchPlace.sums(3))
        #expect(try await place.bench(["score", "--suite", "mended.yaml"]).code == 0)
        #expect(try await place.bench(["score"]).code == 65)
        let report = try await place.bench(["report", "-o", "json"])
        #expect(try BenchPlace.last(report)["state"] as? String == "complete")
        #expect(try BenchPlace.count("right", report) == 3)
    }
}
