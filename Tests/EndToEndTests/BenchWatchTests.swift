import Foundation
import TestSupport
import Testing

/// Watching a run where there is no terminal.
@Suite struct BenchWatchTests {
    private static let slow = """
        scenario slow
          when user says "What is"
          wait 300ms
          reply "2 + 3 = 5"

        """

    @Test func linesUntilTheRunEnds() async throws {
        let place = try BenchPlace(BenchPlace.sums(10, more: "run: {concurrency: 1}"))
        try place.write("slow.scenario", Self.slow)
        let (simulator, url) = try await Program.simulator(["--scenario", place.folder + "/slow.scenario"])
        defer { simulator.terminate() }
        async let running = place.bench(["run", "suite.yaml", "--base-url", url, "-o", "json"])
        var watched = try await place.bench(["watch"])
        // Until the run is there.
        while watched.code == 64 { watched = try await place.bench(["watch"]) }
        #expect(watched.code == 0, "\(watched.errors)")
        let id = try #require(try BenchPlace.last(try await running)["run"] as? String)
        #expect(watched.errors.contains("run \(id): "), "\(watched.errors)")
        #expect(watched.errors.contains(" of 10 trials done, watched"))
        let line = try #require(watched.errors.firstMatch(of: /(\d+)\/10 trials  right (\d+)\/(\d+)  running/))
        #expect(line.1 == line.2 && line.2 == line.3)
        #expect(watched.errors.contains("10/10 trials  right 10/10"))
        #expect(watched.output.contains("right 10"))
    }

    /// One that is over is told at once, with the exit code of the run.
    @Test(arguments: [
        ("", "", Int32(0)), ("gates: [{metric: accuracy, at_least: 0.9}]", "", 2), ("", "0.001", 3),
    ])
    func aRunThatIsOver(gates: String, cap: String, code: Int32) async throws {
        let score = gates.isEmpty ? "{number: 5}" : "{number: 6}"
        let place = try BenchPlace(BenchPlace.sums(cap.isEmpty ? 2 : 60, score: score, more: gates))
        let run = try await place.bench(["run", "suite.yaml", "--demo"] + (cap.isEmpty ? [] : ["--max-cost", cap]))
        #expect(run.code == code, "\(run.errors)")
        let watched = try await place.bench(["watch"])
        #expect(watched.code == code, "\(watched.errors)")
        #expect(watched.output == run.output)
        #expect(watched.errors.contains("tickertape bench resume") == (code == 3))
    }
}
