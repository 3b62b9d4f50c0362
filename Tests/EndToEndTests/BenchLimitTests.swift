import Foundation
import TestSupport
import Testing

/// What a suite says about how fast and for how much it may be run.
@Suite struct BenchLimitTests {
    /// With two requests a minute, the third waits, and the run's time is over before it may go. Without that limit all go.
    @Test(arguments: [("limits: {rpm: 2}, ", 2), ("", 6)])
    func requestsAMinute(limits: String, sent: Int) async throws {
        let place = try BenchPlace(
            BenchPlace.sums(6, more: "run: {\(limits)concurrency: 6, budget: {hours: 0.001}}"))
        let (simulator, url) = try await Program.simulator(["--request-log", place.folder + "/log.jsonl"])
        defer { simulator.terminate() }
        let result = try await place.bench(["run", "suite.yaml", "--base-url", url, "-o", "json"])
        #expect(result.code == (sent == 6 ? 0 : 3), "\(result.errors)")
        #expect(try BenchPlace.count("right", result) == sent)
        #expect(place.requests("log.jsonl") == sent)
        #expect(try BenchPlace.last(result)["stop"] as? String == (sent == 6 ? nil : "time"))
    }

    /// A model without a price is told with its place, before anything is sent.
    @Test func aModelWithoutAPrice() async throws {
        let place = try BenchPlace(BenchPlace.sums(model: "no-such-model"))
        let (simulator, url) = try await Program.simulator(["--request-log", place.folder + "/log.jsonl"])
        defer { simulator.terminate() }
        for command in ["plan", "run"] {
            let result = try await place.bench([command, "suite.yaml", "--base-url", url])
            #expect(result.code == 65, "\(result.errors)")
            #expect(
                result.errors.contains("suite.yaml:3:21: the price of no-such-model is not known"), "\(result.errors)")
            #expect(result.errors.contains("allow_unpriced: true"))
        }
        #expect(place.requests("log.jsonl") == 0)
        // A price of its own, or the suite's word, and it goes.
        let price = "prices: [{model: \"no-such-*\", input: 1, output: 2}]"
        for (before, more) in [(price, ""), ("", "run: {allow_unpriced: true}")] {
            try place.write("suite.yaml", BenchPlace.sums(model: "no-such-model", before: before, more: more))
            #expect(try await place.bench(["plan", "suite.yaml", "--base-url", url]).code == 0)
            let result = try await place.bench(["run", "suite.yaml", "--base-url", url])
            #expect(result.code == 0, "\(result.errors)")
        }
        // No cap can be kept with it, whatever is allowed.
        for cap in ["usd: 5", "per_trial_usd: 1"] {
            let run = "run: {allow_unpriced: true, budget: {\(cap)}}"
            try place.write("suite.yaml", BenchPlace.sums(model: "no-such-model", more: run))
            let result = try await place.bench(["run", "suite.yaml", "--base-url", url])
            #expect(result.code == 65 && result.errors.contains("so the cap cannot be kept"), "\(result.errors)")
        }
    }

    /// The simulator costs nothing.
    @Test func theDemoNeedsNoPrice() async throws {
        let place = try BenchPlace(BenchPlace.sums(model: "no-such-model"))
        let result = try await place.bench(["run", "suite.yaml", "--demo"])
        #expect(result.code == 0, "\(result.errors)")
    }
}
