import Foundation
import TestSupport
import Testing

/// The suites of the folder Examples, run by the built program on the simulator. Their reports are golden files, with times and ids
/// masked.
@Suite struct BenchExampleTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Examples").path

    /// The report of a run in which only the simulator's answers are left: the run's id, times and speeds are not.
    static func masked(_ report: String) -> String {
        let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            var parts = line.replacing(#/ {2,}/#, with: "\t").split(separator: "\t", omittingEmptySubsequences: false)
                .map(String.init)
            if parts.count > 1, parts[1].hasPrefix("run ") { parts[1] = "run ID" }
            // A row of the table: task, subject, done, accuracy, interval, coverage, TTFT p50, p95, tok/s, $/100, right/$.
            if parts.count == 11, parts[0] != "task" { (parts[6], parts[8]) = ("TIME", "SPEED") }
            return parts.joined(separator: "  ")
        }
        return lines.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func run(_ suite: String, _ more: [String]) async throws -> Program.Result {
        let data = Program.dataFolder()
        defer { try? FileManager.default.removeItem(atPath: data) }
        return try await Program.run(
            ["bench", "run", "\(folder)/\(suite).yaml", "--runs-dir", data + "/runs"] + more, ["XDG_DATA_HOME": data])
    }

    @Test(arguments: ["arithmetic", "code"]) func onTheDemo(suite: String) async throws {
        guard suite != "code" || BenchPrograms.canRunPython else { return }
        let result = try await Self.run(suite, ["--demo"])
        #expect(result.code == 0, "\(result.errors)")
        #expect(Golden.difference(Self.masked(result.output), "bench-\(suite)-demo") == nil)
    }

    /// With a scenario of its own: some answers are wrong, one is refused, one cut off, one fails first.
    @Test(arguments: ["arithmetic", "code"]) func onItsScenario(suite: String) async throws {
        guard suite != "code" || BenchPrograms.canRunPython else { return }
        let (simulator, url) = try await Program.simulator(["--scenario", "\(Self.folder)/\(suite).scenario"])
        defer { simulator.terminate() }
        let result = try await Self.run(suite, ["--base-url", url])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.errors.contains("attempt 1 of 6 failed"))
        #expect(Golden.difference(Self.masked(result.output), "bench-\(suite)") == nil)
    }

    /// The same reports come out of a terminal: after lines, and after the live screen has closed itself.
    @Test(arguments: [
        ("arithmetic", 48, ["--no-watch"]), ("arithmetic", 48, []), ("code", 24, ["--no-watch"]), ("code", 24, []),
    ])
    func inATerminal(suite: String, requests: Int, more: [String]) async throws {
        guard suite != "code" || BenchPrograms.canRunPython else { return }
        let data = Program.dataFolder()
        defer { try? FileManager.default.removeItem(atPath: data) }
        let arguments = ["bench", "run", "\(Self.folder)/\(suite).yaml", "--demo", "--runs-dir", data + "/runs"]
        let terminal = try #require(
            Program.workspace(arguments + more, width: 120, height: 40, ["XDG_DATA_HOME": data]))
        if more.isEmpty { #expect(await terminal.screen("RUNNING", "money") != nil) }
        let screen = try #require(await terminal.screen("requests \(requests)"))
        if more == ["--no-watch"], suite == "arithmetic" { #expect(screen.text.contains("48/48 trials  right 32/48")) }
        #expect(await terminal.exit() == 0)
        let shown = screen.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let report = shown.drop { !$0.hasPrefix("\(suite)  run") }.joined(separator: "\n")
        #expect(Golden.difference(Self.masked(report), "bench-\(suite)-demo") == nil)
    }

    @Test func allAreFine() async throws {
        for suite in ["arithmetic", "code", "openai"] {
            let result = try await Program.run(["bench", "check", "\(Self.folder)/\(suite).yaml"])
            #expect(result.code == 0 && result.output.contains("fine"), "\(result.output)\(result.errors)")
        }
        let plan = try await Program.run(["bench", "plan", "\(Self.folder)/arithmetic.yaml", "--demo"])
        #expect(plan.code == 0, "\(plan.errors)")
    }
}

/// Which programs benchmarks can run here.
enum BenchPrograms {
    /// Whether Python can run alone in a sandbox.
    static let canRunPython: Bool = {
        let places = ["/usr/bin", "/bin"]
        func has(_ name: String) -> Bool {
            places.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
        }
        return has("bwrap") && has("python3")
    }()
}
