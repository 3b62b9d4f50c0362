import Foundation
import TestSupport
import Testing

/// Runs that are gone on with, and answers that are asked for again.
@Suite struct BenchAgainTests {
    /// The suite's own endpoint is dead: only who asks the same server as before gets on.
    @Test func resumeAsksTheSameServer() async throws {
        let dead = "endpoints: {dead: {base_url: \"http://127.0.0.1:9/v1\", key: none}}"
        let place = try BenchPlace(BenchPlace.sums(60, before: dead))
        let (simulator, url) = try await Program.simulator(["--request-log", place.folder + "/log.jsonl"])
        defer { simulator.terminate() }
        let first = try await place.bench(["run", "suite.yaml", "--base-url", url, "--max-cost", "0.001"])
        #expect(first.code == 3, "\(first.errors)")
        let before = place.requests("log.jsonl")
        #expect((1..<60).contains(before))
        let resumed = try await place.bench(["resume", "--max-cost", "5", "-o", "json"])
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try BenchPlace.count("right", resumed) == 60)
        #expect(place.requests("log.jsonl") == 60)
    }

    /// The cap holds over all of a run, whatever became of the ledger; and the way on is told so that it leads on.
    @Test func aLostLedgerIsNoNewMoney() async throws {
        let place = try BenchPlace(BenchPlace.sums(60))
        let (simulator, url) = try await Program.simulator(["--request-log", place.folder + "/log.jsonl"])
        defer { simulator.terminate() }
        let first = try await place.bench(["run", "suite.yaml", "--base-url", url, "--max-cost", "0.001"])
        #expect(first.code == 3, "\(first.errors)")
        #expect(first.errors.contains(" --max-cost USD, with more than the 0.001 that it had"), "\(first.errors)")
        let before = place.requests("log.jsonl")
        #expect((1..<60).contains(before))
        try FileManager.default.removeItem(atPath: place.folder + "/data")
        let second = try await place.bench(["resume"])
        #expect(second.code == 3 && second.errors.contains("--max-cost USD"), "\(second.errors)")
        #expect(place.requests("log.jsonl") == before)
        // What is named now is kept: later nobody has to name it again.
        #expect(try await place.bench(["resume", "--max-cost", "0.0012"]).code == 3)
        let more = place.requests("log.jsonl")
        #expect(more > before && more < 60)
        let last = try await place.bench(["resume"])
        #expect(last.code == 3 && last.errors.contains("the 0.0012 that it had"), "\(last.errors)")
        #expect(place.requests("log.jsonl") == more)
    }

    /// Who names another server asks that.
    @Test func resumeAsksAnotherServerWhenTold() async throws {
        let place = try BenchPlace(BenchPlace.sums(20))
        let down = try await place.bench(["run", "suite.yaml", "--base-url", "http://127.0.0.1:9/v1"])
        #expect(down.code == 69, "\(down.errors)")
        #expect(try await place.bench(["resume"]).code == 69)
        let resumed = try await place.bench(["resume", "--demo", "-o", "json"])
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(try BenchPlace.count("right", resumed) == 20)
    }

    /// A key in a base URL is written nowhere, so it has to be named again.
    @Test func aKeyIsNotKept() async throws {
        let place = try BenchPlace(BenchPlace.sums(60))
        let (simulator, url) = try await Program.simulator([])
        defer { simulator.terminate() }
        let secret = "hush-4711-hush"
        let keyed = url + "?api_key=" + secret
        let first = try await place.bench(["run", "suite.yaml", "--base-url", keyed, "--max-cost", "0.001"])
        #expect(first.code == 3, "\(first.errors)")
        #expect(!first.errors.contains(secret) && !first.output.contains(secret))
        let names = try FileManager.default.subpathsOfDirectory(atPath: place.folder)
        #expect(names.contains { $0.hasPrefix("runs/") && $0.hasSuffix(".db") })
        for name in names {
            let bytes = FileManager.default.contents(atPath: "\(place.folder)/\(name)") ?? Data()
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
        let without = try await place.bench(["resume", "--max-cost", "5"])
        #expect(without.code == 78 && without.errors.contains("--base-url"), "\(without.errors)")
        let resumed = try await place.bench(["resume", "--max-cost", "5", "--base-url", keyed])
        #expect(resumed.code == 0, "\(resumed.errors)")
    }

    /// A stream that is cut in the middle is one more attempt, which is counted; nothing is left to resume.
    @Test func tornAnswersAreAskedForAgain() async throws {
        let place = try BenchPlace(BenchPlace.sums(3, more: "run: {concurrency: 1}"))
        let scenario = """
            scenario torn
              when user says "What is"
              times 1 of 2
              after 3 pieces cut
              reply "2 and 3 are 4, which is what"
              finish stop

            """
        try place.write("torn.scenario", scenario)
        let (simulator, url) = try await Program.simulator(
            ["--scenario", place.folder + "/torn.scenario", "--request-log", place.folder + "/log.jsonl"])
        defer { simulator.terminate() }
        let result = try await place.bench(["run", "suite.yaml", "--base-url", url, "-o", "json"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(try BenchPlace.count("right", result) == 3 && BenchPlace.count("infra_error", result) == 0)
        #expect(try BenchPlace.last(result)["requests"] as? Int == 6)
        #expect(place.requests("log.jsonl") == 6)
        #expect(result.errors.contains("attempt 1 of 6 failed"))
        // Each attempt is a row of its own.
        let lines = try await place.bench(["export", "--format", "jsonl"]).output.split(separator: "\n")
        let counts = try lines.map {
            (try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["requests"] as? Int
        }
        #expect(counts == [2, 2, 2])
        // Where one attempt is all there is, it stays a failure of the endpoint.
        try place.write("suite.yaml", BenchPlace.sums(1, more: "run: {concurrency: 1, retry: {attempts: 1}}"))
        let once = try await place.bench(["run", "suite.yaml", "--base-url", url, "-o", "json"])
        #expect(try BenchPlace.count("infra_error", once) == 1, "\(once.errors)")
    }
}
