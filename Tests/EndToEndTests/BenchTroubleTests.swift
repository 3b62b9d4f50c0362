import Foundation
import TestSupport
import Testing

/// What goes wrong around a benchmark: endpoints that are down, folders that cannot be written, two who run one run, full disks.
@Suite struct BenchTroubleTests {
    /// A folder with a suite of so many samples, and what the program is started with.
    private struct Place {
        let folder = Program.dataFolder()
        var suite: String { folder + "/suite.yaml" }
        var runs: String { folder + "/runs" }
        var environment: [String: String] { ["XDG_DATA_HOME": folder + "/data"] }

        init(_ samples: Int, question: String = "What is 2 + 3?", run: String = "concurrency: {start: 4, max: 4}")
            throws
        {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let rows = (0..<samples).map { #"      - {id: s\#($0), question: "\#(question)"}"# }.joined(separator: "\n")
            let text = """
                suite: 1
                name: trouble
                models: {m: {model: gpt-5.4-mini, params: {max_output_tokens: 200}}}
                prompts: {plain: [{role: user, text: "{{question}}"}]}
                matrix: {model: [m], prompt: [plain]}
                tasks:
                - id: sums
                  data:
                    inline:
                \(rows)
                  extract: [last_number]
                  score: {number: 5}
                run:
                  \(run)

                """
            try text.write(toFile: suite, atomically: true, encoding: .utf8)
        }

        func bench(_ arguments: String..., program: String = Program.path) async throws -> Program.Result {
            try await Program.run(["bench"] + arguments + ["--runs-dir", runs], environment, program: program)
        }

        func remove() {
            _ = chmod(runs, 0o700)
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static func object(_ line: Substring?) throws -> [String: Any] {
        let data = Data((line.map(String.init) ?? "").utf8)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test func twoRecordsAndNothingElse() async throws {
        let place = try Place(3)
        defer { place.remove() }
        let result = try await place.bench("run", place.suite, "--demo", "-o", "json")
        #expect(result.code == 0, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        let (launch, final) = (try Self.object(lines.first), try Self.object(lines.last))
        #expect(launch["planned"] as? Int == 3 && launch["run"] as? String == final["run"] as? String)
        #expect((final["trials"] as? [String: Any])?["right"] as? Int == 3)
        #expect(final["state"] as? String == "complete" && final["requests"] as? Int == 3)
        // A finished run is not run again.
        let again = try await place.bench("resume", "--demo", "-o", "json")
        #expect(again.code == 64 && again.output.isEmpty)
    }

    /// An endpoint that is not there is told within seconds, and the run waits to be resumed.
    @Test func anEndpointThatIsDown() async throws {
        let place = try Place(40)
        defer { place.remove() }
        let began = ContinuousClock.now
        let result = try await place.bench("run", place.suite, "--base-url", "http://127.0.0.1:9/v1")
        #expect(result.code == 69, "\(result.errors)")
        #expect(ContinuousClock.now - began < .seconds(60))
        #expect(result.errors.contains("the endpoint does not answer"))
        #expect(result.errors.contains("tickertape bench resume"))
        let (simulator, url) = try await Program.simulator([])
        defer { simulator.terminate() }
        let resumed = try await place.bench("resume", "--base-url", url)
        #expect(resumed.code == 0, "\(resumed.errors)")
        #expect(resumed.output.contains("right 40"))
    }

    @Test(arguments: [
        ("status 401", "invalid_api_key", 77), ("status 429", "insufficient_quota", 75),
        ("status 404", "model_not_found", 1),
    ])
    func whatEndsARunAtOnce(status: String, code: String, exit: Int32) async throws {
        let place = try Place(20)
        defer { place.remove() }
        let scenario = place.folder + "/no.scenario"
        let text = "scenario no\n  \(status)\n  error \"No.\" code \(code) type \(code)\n"
        try text.write(toFile: scenario, atomically: true, encoding: .utf8)
        let log = place.folder + "/log.jsonl"
        let (simulator, url) = try await Program.simulator(["--scenario", scenario, "--request-log", log])
        defer { simulator.terminate() }
        let result = try await place.bench("run", place.suite, "--base-url", url, "-o", "json")
        #expect(result.code == exit, "\(result.errors)")
        let final = try Self.object(result.output.split(separator: "\n").last)
        #expect(final["state"] as? String == "incomplete" && final["stop"] as? String == "endpoint")
        let requests = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        #expect((1...8).contains(requests.count))
    }

    @Test func whoHasTheRunIsTold() async throws {
        let place = try Place(6, question: "weather", run: "concurrency: {start: 1, max: 1}")
        defer { place.remove() }
        let first = ChildProcess()
        first.executableURL = URL(fileURLWithPath: Program.path)
        first.arguments = ["bench", "run", place.suite, "--demo", "-o", "json", "--runs-dir", place.runs]
        first.environment = Program.environment(place.environment)
        let output = Pipe()
        first.standardOutput = output
        first.standardError = FileHandle.nullDevice
        try first.run()
        let launch = try Self.object(
            String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).split(separator: "\n").first)
        let id = try #require(launch["run"] as? String)
        let second = try await place.bench("resume", id, "--demo")
        #expect(second.code == 74)
        #expect(second.errors.contains("run \(id) is being run by process \(first.processIdentifier) since"))
        // Who only reads is not kept out.
        #expect(try await place.bench("report", id).output.contains(id))
        first.interrupt()
        _ = output.fileHandleForReading.readDataToEndOfFile()
        first.waitUntilExit()
        #expect(first.terminationStatus == 3)
    }

    @Test func aFolderThatCannotBeWritten() async throws {
        let place = try Place(2)
        defer { place.remove() }
        let result = try await Program.run(
            ["bench", "run", place.suite, "--demo", "--runs-dir", "/proc/none/runs"], place.environment)
        #expect(result.code == 74)
        #expect(result.errors.contains("/proc/none"))
    }

    /// The disk is full in the middle: nothing is sent that cannot be kept, and with room again the run goes on.
    @Test func aDiskThatIsFull() async throws {
        let place = try Place(60)
        defer { place.remove() }
        // The usage ledger is there already. A shell limits the size of files: blocks of 1,024 bytes.
        #expect(try await place.bench("run", place.suite, "--demo", "--limit", "1").code == 0)
        let script = place.folder + "/small.sh"
        let text = "#!/bin/bash\nulimit -f 110\ntrap '' XFSZ\nexec '\(Program.path)' \"$@\"\n"
        try text.write(toFile: script, atomically: true, encoding: .utf8)
        chmod(script, 0o755)
        let log = place.folder + "/log.jsonl"
        let (simulator, url) = try await Program.simulator(["--request-log", log])
        defer { simulator.terminate() }
        let result = try await place.bench("run", place.suite, "--base-url", url, program: script)
        #expect(result.code == 74, "\(result.code) \(result.errors)")
        let resumed = try await place.bench("resume", "--base-url", url, "-o", "json")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let final = try Self.object(resumed.output.split(separator: "\n").last)
        #expect((final["trials"] as? [String: Any])?["right"] as? Int == 60)
        let requests = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        #expect(requests.count <= final["requests"] as? Int ?? 0)
    }

    @Test func aBudgetThatEnds() async throws {
        let place = try Place(60)
        defer { place.remove() }
        let result = try await place.bench("run", place.suite, "--demo", "--max-cost", "0.001", "-o", "json")
        #expect(result.code == 3, "\(result.errors)")
        let final = try Self.object(result.output.split(separator: "\n").last)
        #expect(final["stop"] as? String == "budget")
        let cost = try #require((final["cost"] as? [String: Any])?["usd"] as? String)
        #expect(try #require(Double(cost)) <= 0.001 && Double(cost) != 0)
        let right = try #require((final["trials"] as? [String: Any])?["right"] as? Int)
        #expect(right > 0 && right < 60)
        let resumed = try await place.bench("resume", "--max-cost", "5", "-o", "json")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let whole = try Self.object(resumed.output.split(separator: "\n").last)
        #expect((whole["trials"] as? [String: Any])?["right"] as? Int == 60)
    }
}
