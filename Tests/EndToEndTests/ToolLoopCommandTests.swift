import Foundation
import TestSupport
import Testing

/// How `ask --run-tools` ends, and what it tells of it.
@Suite struct ToolLoopCommandTests {
    private let files: ToolCommandTests.Files
    init() throws { files = try ToolCommandTests.Files() }

    private func object(_ text: some StringProtocol) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    private func calls(_ answer: [String: Any]) throws -> [[String: Any]] {
        try #require(answer["tool_calls"] as? [[String: Any]])
    }

    /// Asks a simulator that plays this, with these functions.
    private func ask(_ scenario: String, _ tools: String, _ options: [String]) async throws -> Program.Result {
        let (process, url) = try await Program.simulator(["--scenario", try files.put("s.scenario", scenario)])
        defer { process.terminate() }
        return try await Program.run(
            ["ask", "--base-url", url, "-m", "gpt-5.4-mini", "--tools", try files.put("t.json", tools), "--run-tools"]
                + options + ["go"])
    }

    private static let reply = #"[{"name": "f", "run": {"reply": "done"}}]"#

    // MARK: What a call is worth

    @Test func withoutADefinitionACallIsValidWhenItIsJSON() async throws {
        let result = try await Program.run(["ask", "--demo", "-o", "json", "weather"])
        let calls = try calls(object(result.output))
        #expect(!calls.isEmpty)
        #expect(calls.allSatisfy { $0["valid"] as? Bool == true && $0["error"] == nil })
        let text = try await Program.run(["ask", "--demo", "weather"])
        #expect(text.errors.contains("the model calls get_weather("))
        #expect(!text.errors.contains("there is no function"))
    }

    @Test func whatIsWrongWithACallIsTold() async throws {
        let file = try files.put(
            "t.json",
            """
            {"name": "get_weather", "parameters": {"type": "object", "required": ["city"],
              "properties": {"city": {"type": "string"}}}}
            """)
        let result = try await Program.run(["ask", "--demo", "--tools", file, "-o", "json", "wrong arguments"])
        let call = try #require(try calls(object(result.output)).first)
        #expect(call["valid"] as? Bool == false)
        #expect((call["error"] as? String)?.hasPrefix("the arguments do not match the schema: ") == true)
        let text = try await Program.run(["ask", "--demo", "--tools", file, "wrong arguments"])
        #expect(text.errors.contains("): the arguments do not match the schema: "))
        let unknown = try await Program.run(["ask", "--demo", "--tools", file, "add"])
        #expect(unknown.errors.contains("): there is no function \"add\""))
    }

    // MARK: How it ends

    private static func cut(_ reason: String) -> String {
        "scenario s\n  reply \"I look.\"\n  call f id c1 with '{}'\n  finish \(reason)\n"
    }

    @Test(arguments: [("content_filter", 1), ("length", 0)])
    func callsOfAnAnswerThatWasCutAreLeftOpen(reason: String, code: Int32) async throws {
        let result = try await ask(Self.cut(reason), Self.reply, ["-o", "json"])
        #expect(result.code == code, "\(result.errors)")
        let answer = try object(result.output)
        #expect(answer["finish_reason"] as? String == reason)
        #expect(answer["complete"] as? Bool == true)
        #expect(try calls(answer).map { $0["result"] == nil } == [true])
        #expect(result.errors.contains("its calls may be incomplete") == (reason == "length"))
    }

    @Test func theAnswerBeforeTheLastTurnIsStillAGoodOne() async throws {
        let scenario = Self.cut("tool_calls")
        let result = try await ask(scenario, Self.reply, ["--max-turns", "2", "-o", "json"])
        #expect(result.code == 75)
        let answer = try object(result.output)
        #expect(answer["complete"] as? Bool == true)
        #expect((answer["error"] as? [String: Any])?["kind"] as? String == "budget_exceeded")
        let attempts = try #require(answer["attempts"] as? [[String: Any]])
        #expect(attempts.count == 3)
        #expect(attempts.allSatisfy { $0["error"] is NSNull && $0["status"] as? Int == 200 })
        #expect((answer["cost"] as? [String: Any])?["state"] as? String == "exact")
    }

    @Test func whatWasSaidBeforeTheCallsIsKept() async throws {
        let scenario = """
            scenario last
              when step is 2
              reply "All done."
            scenario first
              reasoning "Hm."
              reply "I look."
              call f id c1 with '{}'
              finish tool_calls
            """
        let answer = try object(try await ask(scenario, Self.reply, ["-o", "json"]).output)
        #expect(answer["text"] as? String == "All done.")
        let turns = try #require(answer["turns"] as? [[String: Any]])
        #expect(turns.map { $0["text"] as? String } == ["I look."])
        #expect(turns.map { $0["reasoning"] as? String } == ["Hm."])
        #expect(turns.map { $0["finish_reason"] as? String } == ["tool_calls"])
        let plain = try await Program.run(["ask", "--demo", "-o", "json", "hello"])
        #expect(try object(plain.output)["turns"] == nil)
    }

    private static let asking = """
        [{"name": "f", "run": {"command": ["true"]}}, {"name": "g"}, {"name": "h", "run": {"reply": "x"}}]
        """

    @Test func callsForAPersonSaySo() async throws {
        let scenario = """
            scenario s
              call f id c1 with '{}'
              call g id c2 with '{}'
              call h id c3 with '{}'
              finish tool_calls
            """
        let result = try await ask(scenario, Self.asking, ["-o", "json"])
        #expect(result.code == 0)
        let outcomes = try calls(object(result.output)).map { $0["outcome"] as? String }
        #expect(outcomes == ["needs_person", "needs_person", nil])
        #expect(result.errors.contains("f: not run: its definition does not allow it without a person"))
        #expect(result.errors.contains("g: not run: its definition has no \"run\": a person answers it"))
        let events = try await ask(scenario, Self.asking, ["-o", "events"])
        let last = try object(try #require(events.output.split(separator: "\n").last))
        #expect(last["needs_person"] as? [String] == ["c1", "c2"])
    }

    // MARK: What it cost

    @Test(arguments: [
        ("status 500\n  error \"no\"", "exact"), ("cut", "unknown"),
        ("reply \"Half of it\"\n  after 1 pieces cut", "estimate"),
    ]) func theLastRequestCountsUnlessItWasRefused(end: String, state: String) async throws {
        let scenario = """
            scenario last
              when step is 2
              \(end)
            scenario first
              call f id c1 with '{}'
              finish tool_calls
            """
        let result = try await ask(scenario, Self.reply, ["--max-attempts", "1", "-o", "json"])
        #expect(result.code == 69, "\(result.errors)")
        let cost = try #require(try object(result.output)["cost"] as? [String: Any])
        #expect(cost["state"] as? String == state)
        #expect((cost["usd"] as? String != nil) == (state != "unknown"))
    }

    @Test func theCapOfAllRequestsIsCalledByItsOption() async throws {
        let file = try files.put("t.json", #"{"name": "get_weather", "run": {"reply": "rain"}}"#)
        let result = try await Program.run(
            ["ask", "--demo", "--tools", file, "--run-tools", "--max-cost", "0.001", "-o", "json", "forever"])
        #expect(result.code == 75)
        let answer = try object(result.output)
        let message = (answer["error"] as? [String: Any])?["message"] as? String
        #expect(message?.contains("--max-cost of $0.001000 for all requests together") == true, "\(message ?? "")")
        #expect((answer["cost"] as? [String: Any])?["state"] as? String == "exact")
    }

    // MARK: Signals

    @Test(arguments: ["json", "events"]) func whatHadEndedIsToldAfterASignal(form: String) async throws {
        let server = try #require(LoopbackServer { _, _ in [.awaitClose] })
        let tools = """
            [{"name": "f", "run": {"reply": "done"}},
             {"name": "slow", "run": {"url": "\(server.url)/", "approval": "automatic"}}]
            """
        let scenario = """
            scenario s
              reply "I look."
              call f id c1 with '{}'
              call slow id c2 with '{}'
              finish tool_calls
            """
        let (simulator, url) = try await Program.simulator(["--scenario", try files.put("s.scenario", scenario)])
        defer { simulator.terminate() }
        let process = ChildProcess()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments =
            ["ask", "--base-url", url, "-m", "gpt-5.4-mini", "--tools", try files.put("t.json", tools)]
            + ["--run-tools", "-o", form, "go"]
        process.environment = Program.environment()
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        await server.journal.wait { !$0.requests.isEmpty }
        kill(process.processIdentifier, SIGINT)
        let text = await withCheckedContinuation { continuation in
            Thread {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }.start()
        }
        #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGINT)
        let lines = try text.split(separator: "\n").map(object)
        let results: [[String: Any]]
        if form == "json" {
            let answer = try #require(lines.last)
            results = try calls(answer)
            #expect(answer["complete"] as? Bool == true)
            #expect((answer["attempts"] as? [[String: Any]])?.first?["error"] is NSNull)
            #expect((answer["error"] as? [String: Any])?["kind"] as? String == "cancelled")
        } else {
            results = lines.filter { $0["event"] as? String == "tool_result" }
            #expect(lines.last?["event"] as? String == "error")
        }
        #expect(results.map { $0["result"] as? String } == ["done", "stopped by the user"])
        #expect(results.map { $0["outcome"] as? String } == ["reply", "error"])
    }

    // MARK: Programs beside their definitions

    @Test func aScriptOfTheOwnToolsFolderRunsAndSeesNoKey() async throws {
        let settings = files.folder.path + "/config"
        let folder = settings + "/tickertape/tools"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let canary = "canary-" + UUID().uuidString
        for name in ["config.toml", "keys.toml"] {
            try "# \(canary)\n".write(toFile: settings + "/tickertape/" + name, atomically: true, encoding: .utf8)
        }
        let script = "#!/bin/sh\necho counted\ncat \"${0%/*}\"/../*.toml \"${0%/*}/tools.json\"\n"
        try script.write(toFile: folder + "/count.sh", atomically: true, encoding: .utf8)
        chmod(folder + "/count.sh", 0o755)
        chmod(settings + "/tickertape/keys.toml", 0o600)
        let definition = #"{"name": "add", "run": {"command": ["./count.sh"], "approval": "automatic"}}"#
        try definition.write(toFile: folder + "/tools.json", atomically: true, encoding: .utf8)
        let result = try await Program.run(
            ["ask", "--demo", "--tools", folder + "/tools.json", "--run-tools", "-o", "json", "add"],
            ["XDG_CONFIG_HOME": settings])
        #expect(result.output.contains("counted"), "\(result.output)\(result.errors)")
        #expect(result.output.contains("./count.sh"), "the definition lies there, too")
        #expect(!result.output.contains(canary))
    }
}
