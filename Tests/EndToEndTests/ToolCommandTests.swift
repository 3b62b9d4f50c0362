import Foundation
import TestSupport
import Testing

/// Function calling by the built program: definitions, the loop of `ask --run-tools`, answers by a schema.
@Suite struct ToolCommandTests {
    /// A folder of files, gone with the test.
    final class Files {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tickertape-tools-" + UUID().uuidString)

        init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: folder) }

        func put(_ name: String, _ text: String) throws -> String {
            let file = folder.appendingPathComponent(name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            return file.path
        }
    }

    private let files: Files
    init() throws { files = try Files() }

    private static let numbers = """
        "parameters": {"type": "object", "required": ["a", "b"], "additionalProperties": false,
          "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}
        """

    /// `add` and `multiply`, run by `expr`.
    static let arithmetic = """
        [{"type": "function", "function": {"name": "add", \(numbers)},
          "run": {"command": ["expr", "{a}", "+", "{b}"], "approval": "automatic"}},
         {"name": "multiply", \(numbers), "run": {"command": ["expr", "{a}", "*", "{b}"], "approval": "automatic"}}]
        """

    private func object(_ text: some StringProtocol) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
        return try #require(value as? [String: Any])
    }

    private func calls(_ answer: [String: Any]) throws -> [[String: Any]] {
        try #require(answer["tool_calls"] as? [[String: Any]])
    }

    @Test(arguments: ["chat", "responses"]) func aLoopOfTwoStepsEndsInAnAnswer(api: String) async throws {
        let file = try files.put("tools.json", Self.arithmetic)
        let result = try await Program.run(
            ["ask", "--demo", "--api", api, "--tools", file, "--run-tools", "-o", "json", "add"])
        #expect(result.code == 0, "\(result.errors)")
        let answer = try object(result.output)
        #expect((answer["text"] as? String)?.contains("50") == true)
        let calls = try calls(answer)
        #expect(calls.map { $0["name"] as? String } == ["add", "multiply"])
        #expect(calls.map { $0["result"] as? String } == ["5\n", "50\n"])
        #expect(calls.map { $0["turn"] as? Int } == [1, 2])
        #expect(calls.allSatisfy { $0["valid"] as? Bool == true && $0["outcome"] as? String == "ran" })
        #expect(calls.allSatisfy { $0["exit_status"] as? Int == 0 })
        #expect((answer["attempts"] as? [Any])?.count == 3)
        #expect(answer["finish_reason"] as? String == "stop")
    }

    @Test func aPythonOneLinerRunsInTheSandbox() async throws {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
        let line = "import json, sys; v = json.load(sys.stdin); print(v['a'] + v['b'])"
        let file = try files.put(
            "python.json",
            """
            {"name": "add", \(Self.numbers), "run": {"command": ["python3", "-c", "\(line)"], "approval": "automatic"}}
            """)
        let result = try await Program.run(
            ["ask", "--demo", "--tools", file, "--run-tools", "--max-turns", "1", "-o", "json", "add"],
            ["PATH": path, "HOME": home, "XDG_DATA_HOME": Program.dataFolder()])
        let calls = try calls(object(result.output))
        #expect(calls.first?["result"] as? String == "5\n", "\(result.output)")
    }

    @Test func withoutRunToolsTheCallsAreReported() async throws {
        let file = try files.put("tools.json", Self.arithmetic)
        let result = try await Program.run(["ask", "--demo", "--tools", file, "-o", "json", "add"])
        #expect(result.code == 0)
        let answer = try object(result.output)
        let calls = try calls(answer)
        #expect(calls.count == 1)
        #expect(calls.first?["valid"] as? Bool == true)
        #expect(calls.first?["result"] == nil)
        #expect(answer["finish_reason"] as? String == "tool_calls")
    }

    @Test func aCallThatBreaksItsSchemaIsToldToTheModelAndNeverRun() async throws {
        let file = try files.put(
            "tools.json",
            """
            {"name": "get_weather", "run": {"command": ["touch", "ran"], "approval": "automatic"},
             "parameters": {"type": "object", "required": ["city"], "additionalProperties": false,
               "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]},
                 "days": {"type": "integer"}}}}
            """)
        let result = try await Program.run(
            ["ask", "--demo", "--tools", file, "--run-tools", "-o", "json", "wrong arguments"])
        let calls = try calls(object(result.output))
        #expect(calls.first?["valid"] as? Bool == false)
        #expect(calls.first?["outcome"] as? String == "error")
        #expect((calls.first?["result"] as? String)?.contains("do not match the schema") == true)
        #expect(calls.last?["valid"] as? Bool == true)
    }

    @Test func whatNeedsAPersonIsNotRun() async throws {
        let file = try files.put("tools.json", #"{"name": "add", "run": {"command": ["expr", "1"]}}"#)
        let result = try await Program.run(["ask", "--demo", "--tools", file, "--run-tools", "-o", "json", "add"])
        #expect(result.code == 0)
        #expect(result.errors.contains("without a person"))
        let answer = try object(result.output)
        #expect(try calls(answer).first?["result"] == nil)
        #expect(answer["finish_reason"] as? String == "tool_calls")
    }

    @Test func aModelThatCallsForEverIsStopped() async throws {
        let file = try files.put(
            "tools.json", #"{"name": "get_weather", "run": {"reply": "rain"}}"#)
        let result = try await Program.run(
            ["ask", "--demo", "--tools", file, "--run-tools", "--max-turns", "3", "-o", "json", "forever"])
        #expect(result.code == 75)
        let answer = try object(result.output)
        #expect((answer["error"] as? [String: Any])?["kind"] as? String == "budget_exceeded")
        #expect(try calls(answer).count { $0["result"] != nil } == 3)
    }

    @Test func aToolSeesNoKeyAndNoSettings() async throws {
        let key = "sk-canary-" + UUID().uuidString
        let file = try files.put(
            "tools.json",
            """
            {"name": "add", "run": {"command": ["sh", "-c", "env; cat /proc/*/environ; cat $HOME/.config/tickertape/*"],
              "approval": "automatic"}}
            """)
        let result = try await Program.run(
            ["ask", "--demo", "--tools", file, "--run-tools", "-o", "json", "add"], ["OPENAI_API_KEY": key])
        #expect(!result.output.contains(key))
        #expect(result.output.contains("PATH="))
    }

    @Test func eventsTellResults() async throws {
        let file = try files.put("tools.json", Self.arithmetic)
        let result = try await Program.run(["ask", "--demo", "--tools", file, "--run-tools", "-o", "events", "add"])
        let events = try result.output.split(separator: "\n").map(object)
        let results = events.filter { $0["event"] as? String == "tool_result" }
        #expect(results.map { $0["result"] as? String } == ["5\n", "50\n"])
        #expect(events.last?["event"] as? String == "finished")
        #expect(events.count { $0["event"] as? String == "finished" } == 1)
    }

    @Test(arguments: [
        ("{", ":1:2:"), (#"[{"name": "a b"}]"#, ":1:11:"), ("[]", "empty"),
        (#"{"name": "a", "run": {"comand": ["x"]}}"#, "did you mean"),
        (#"{"name": "a", "parameters": {"type": "objct"}}"#, "did you mean"),
        (#"{"name": "a", "run": {"url": "http://example.com/"}}"#, "not this machine"),
        (#"{"name": "a", "strict": true, "parameters": {"type": "object", "properties": {"b": {}}}}"#, "strict"),
    ]) func aWrongDefinitionIsToldWithItsPlace(text: String, word: String) async throws {
        let file = try files.put("tools.json", text)
        let result = try await Program.run(["ask", "--demo", "--tools", file, "x"])
        #expect(result.code == 65)
        #expect(result.errors.contains("tools.json"))
        #expect(result.errors.contains(word), "\(result.errors)")
    }

    @Test(arguments: [
        (["--run-tools"], "needs --tools"), (["--max-turns", "3"], "need --run-tools"),
        (["--allow-unsandboxed"], "need --run-tools"),
    ]) func optionsThatNeedOthersSaySo(options: [String], words: String) async throws {
        let result = try await Program.run(["ask", "--demo"] + options + ["x"])
        #expect(result.code == 64)
        #expect(result.errors.contains(words))
    }

    @Test(arguments: [("json", true), ("wrong json", false)])
    func anAnswerIsHeldAgainstItsSchema(prompt: String, isGood: Bool) async throws {
        let file = try files.put(
            "city.json",
            """
            {"name": "city", "strict": true, "schema": {"type": "object", "required": ["city", "celsius"],
              "additionalProperties": false,
              "properties": {"city": {"type": "string"}, "celsius": {"type": "number"}}}}
            """)
        let result = try await Program.run(["ask", "--demo", "--json-schema", file, "-o", "json", prompt])
        #expect(result.code == 0)
        let violations = try object(result.output)["schema_violations"] as? [String]
        #expect(violations?.isEmpty == isGood, "\(result.output)")
        let text = try await Program.run(["ask", "--demo", "--json-schema", file, prompt])
        #expect(text.errors.contains("breaks the schema") != isGood)
    }

    @Test(arguments: [("{", ":1:2:"), (#"{"type": "strng"}"#, "did you mean"), ("[]", "object")])
    func aWrongSchemaIsToldWithItsPlace(text: String, word: String) async throws {
        let file = try files.put("schema.json", text)
        let result = try await Program.run(["ask", "--demo", "--json-schema", file, "x"])
        #expect(result.code == 65)
        #expect(result.errors.contains("schema.json") && result.errors.contains(word), "\(result.errors)")
    }
}
