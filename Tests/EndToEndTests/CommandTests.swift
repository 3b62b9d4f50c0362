import Foundation
import TestSupport
import Testing

/// The command line's contract, by the built program.
@Suite(.serialized) struct CommandTests {
    private func object(_ text: some StringProtocol) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    @Test func askPrintsTheContractsObject() async throws {
        let result = try await Program.run(["ask", "--demo", "-o", "json"], input: "hi\n")
        #expect(result.code == 0)
        let answer = try object(result.output)
        #expect(
            Set(answer.keys) == [
                "provider", "endpoint", "api", "model", "text", "reasoning", "refusal", "tool_calls", "finish_reason",
                "complete", "usage", "cost", "timing", "attempts", "request_id", "error",
            ])
        #expect(answer["complete"] as? Bool == true)
        #expect(answer["finish_reason"] as? String == "stop")
        #expect((answer["usage"] as? [String: Any])?["source"] as? String == "server")
        #expect((answer["cost"] as? [String: Any])?["state"] as? String == "exact")
        #expect(answer["error"] is NSNull)
    }

    @Test func askPrintsEventsAndEndsWithFinished() async throws {
        let result = try await Program.run(["ask", "--demo", "-o", "events", "reasoning"])
        #expect(result.code == 0)
        let lines = try result.output.split(separator: "\n").map(object)
        #expect(lines.first?["event"] as? String == "started")
        #expect(lines.last?["event"] as? String == "finished")
        #expect(lines.allSatisfy { $0["at_ms"] is NSNumber })
        let names = Set(lines.compactMap { $0["event"] as? String })
        #expect(names.isSuperset(of: ["started", "reasoning", "text", "usage", "finished"]))
    }

    @Test func textOutputIsTheAnswerAndNothingElse() async throws {
        let text = try await Program.run(["ask", "--demo", "hello"])
        let json = try await object(Program.run(["ask", "--demo", "-o", "json", "hello"]).output)
        #expect(text.code == 0)
        #expect(text.output == json["text"] as? String)
        #expect(text.errors.isEmpty)
    }

    @Test(arguments: [
        (["ask", "--demo", "--max-attempts", "1", "busy"], 75, "rate_limited"),
        (["ask", "--demo", "cut"], 69, "connection"),
        (["ask", "--demo", "-t", "3", "x"], 64, "temperature"), (["ask", "--demo", "-t", "-1", "x"], 64, "0 to 2"),
        (["ask", "--demo", "--api", "completions", "x"], 64, "api"),
        (["ask", "--demo", "--api", "responses", "--seed", "1", "x"], 64, "seed"),
        (["ask", "--demo", "-m", "o3", "-t", "0.2", "x"], 64, "temperature"),
        (["ask", "--demo", "--max-attempts", "0", "x"], 64, "max-attempts"),
        (["ask", "--demo", "--max-attempts", "1", "--api", "chat", "busy"], 75, "rate_limited"),
        (["ask", "--demo", "--timeout", "inf", "x"], 64, "timeout"), (["ask", "--demo", "-m", "", "x"], 64, "model"),
        (["ask", "--demo", "--base-url", "http://127.0.0.1:9/v1", "x"], 64, "exclude"),
        (["ask", "--demo", " "], 64, "prompt"), (["ask", "--demo", "--nonsense"], 64, "nonsense"),
        (["ask", "--base-url", "http://127.0.0.1:9/v1", "-m", "m", "x"], 69, "127.0.0.1:9"),
        (["ask", "--demo", "--tools", "/nonexistent.json", "x"], 65, "/nonexistent.json"),
        (["ask", "hi"], 78, "OPENAI_API_KEY"),
        (["ask", "--profile", "none", "x"], 78, "none"), (["simulate", "--port", "99999"], 64, "65535"),
        (["themes", "check", "no-such"], 65, "no-such"), ([], 64, "ask"),
    ])
    func failuresHaveTheContractsExitCode(arguments: [String], code: Int32, words: String) async throws {
        let result = try await Program.run(arguments)
        #expect(result.code == code, "\(result.errors)")
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!result.errors.contains("Fatal"))
    }

    @Test func globalOptionsMayStandBeforeTheCommand() async throws {
        #expect(try await Program.run(["--demo", "ask", "hello"]).code == 0)
        #expect(try await Program.run(["--config=/nonexistent", "config", "path"]).output == "/nonexistent\n")
    }

    @Test func aFailureIsAlsoAnObject() async throws {
        let result = try await Program.run(["ask", "--demo", "--max-attempts", "1", "-o", "json", "busy"])
        let answer = try object(result.output)
        let error = try #require(answer["error"] as? [String: Any])
        #expect(error["kind"] as? String == "rate_limited")
        #expect(error["status"] as? Int == 429)
        #expect(error["retry_after_ms"] is NSNumber)
        #expect(answer["complete"] as? Bool == false)
        #expect(result.code == 75)
    }

    /// The first try is refused, the second goes through: seen on stderr, in the events and in the object.
    @Test func retriesAreShown() async throws {
        let text = try await Program.run(["ask", "--demo", "busy"])
        #expect(text.code == 0)
        #expect(text.errors.hasPrefix("tickertape: attempt 1 of 3 failed: rate_limited (429): "))
        #expect(text.errors.hasSuffix("; trying again in 2 s as the server asks\n"))
        let events = try await Program.run(["ask", "--demo", "-o", "events", "busy"])
        let lines = try events.output.split(separator: "\n").map(object)
        let retry = try #require(lines.first { $0["event"] as? String == "retry" })
        #expect(retry["attempt"] as? Int == 1)
        #expect(retry["wait_ms"] as? Int == 2000)
        #expect(retry["reason"] as? String == "rate_limited")
        #expect(lines.last?["event"] as? String == "finished")
        let json = try await object(Program.run(["ask", "--demo", "-o", "json", "busy"]).output)
        let attempts = try #require(json["attempts"] as? [[String: Any]])
        #expect(attempts.map { $0["number"] as? Int } == [1, 2])
        #expect(attempts.map { $0["status"] as? Int } == [429, 200])
        #expect(attempts.map { $0["error"] as? String } == ["rate_limited", nil])
        #expect(attempts.first?["waited_ms"] as? Int ?? 0 >= 2000)
        #expect(json["complete"] as? Bool == true)
    }

    @Test(arguments: ["text", "json", "events"])
    func outputThatCannotBeStoredIsAFailure(form: String) async throws {
        let command = "exec \(Program.path) ask --demo -o \(form) hello > /dev/full"
        let result = try await Program.run(["-c", command], program: "/bin/sh")
        #expect(result.code == 74)
        #expect(result.errors.contains("standard output"))
    }

    @Test func outputThatNobodyReadsIsAQuietEnd() async throws {
        let result = try await Program.run(["-c", "\(Program.path) ask --demo hello | true"], program: "/bin/sh")
        #expect(result.errors.isEmpty)
    }

    @Test func aFailedModelListIsAlsoAnObject() async throws {
        let result = try await Program.run(["ask", "--base-url", "http://127.0.0.1:9/v1", "-o", "json", "x"])
        let error = try #require(try object(result.output)["error"] as? [String: Any])
        #expect(error["kind"] as? String == "connection")
        #expect((error["message"] as? String)?.contains("--model") == true)
        #expect(result.code == 69)
    }

    @Test func aSignalEndsItWhileStandardInputGivesNothing() async throws {
        #expect(try await Program.run(["ask", "--demo", "x"], signal: SIGTERM, whenItWrites: false) == -SIGTERM)
    }

    @Test func aSignalInMidAnswerEndsItByTheSignal() async throws {
        let arguments = ["ask", "--demo", "-o", "events", "long"]
        #expect(try await Program.run(arguments, signal: SIGINT, whenItWrites: true) == -SIGINT)
    }

    @Test func aScenarioFileIsPlayedBeforeTheBuiltInOnes() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).scenario")
        try "scenario mine\n  when any\n  reply \"MINE\"\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let simulator = try await Program.simulator(["--scenario", file.path])
        let result = try await Program.run(["ask", "--base-url", simulator.baseURL, "hello"])
        simulator.process.terminate()
        #expect(result.output == "MINE")
    }

    @Test func aWithheldAnswerIsToldInTheObject() async throws {
        let result = try await Program.run(["ask", "--demo", "-o", "json", "filter"])
        let error = try #require(try object(result.output)["error"] as? [String: Any])
        #expect(error["kind"] as? String == "content_filtered")
        #expect(result.code == 1)
    }

    @Test func nohupHolds() async throws {
        let command = "trap '' HUP; exec \(Program.path) ask --demo reasoning"
        let code = try await Program.run(["-c", command], program: "/bin/sh", signal: SIGHUP, whenItWrites: true)
        #expect(code == 0)
    }

    @Test func aCutAnswerKeepsItsTextAndIsNotComplete() async throws {
        let answer = try await object(Program.run(["ask", "--demo", "-o", "json", "cut"]).output)
        #expect((answer["text"] as? String)?.isEmpty == false)
        #expect(answer["complete"] as? Bool == false)
        #expect((answer["usage"] as? [String: Any])?["source"] as? String == "estimate")
        #expect((answer["cost"] as? [String: Any])?["state"] as? String == "estimate")
    }

    @Test func versionAndHelpWorkWithoutATerminal() async throws {
        let version = try await Program.run(["--version"], ["TERM": ""])
        #expect(version.code == 0)
        #expect(version.output.hasPrefix("tickertape "))
        #expect(version.output.split(separator: "\n").count == 1)
        #expect(try await Program.run(["--help"]).output.contains("ask"))
        #expect(try await Program.run(["ask", "--help"]).output.contains("--temperature"))
    }

    @Test func catalogThemesAndSettingsAreListed() async throws {
        let models = try await Program.run(["models", "-o", "json"])
        let list = try #require(JSONSerialization.jsonObject(with: Data(models.output.utf8)) as? [[String: Any]])
        #expect(list.count > 100)
        #expect(
            Set(list[0].keys) == [
                "id", "family", "context_window", "max_output_tokens", "encoding", "prices", "supports",
                "shutdown_date",
            ])
        for name in ["terminal", "dark", "light", "high-contrast", "colour-blind-safe", "mono"] {
            #expect(try await Program.run(["themes", "list"]).output.contains(name))
        }
        #expect(try await Program.run(["themes", "check"]).code == 0)
        #expect(try await Program.run(["config", "path"]).output.hasSuffix("tickertape/config.toml\n"))
        #expect(try await Program.run(["config", "show"]).code == 0)
    }
}
