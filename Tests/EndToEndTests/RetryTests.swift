import Foundation
import TestSupport
import Testing

/// Retries of the built program, in a terminal.
@Suite(.serialized) struct RetryTests {
    @Test func askCountsDownWhereSomebodyWatches() async throws {
        let terminal = try #require(Program.workspace(["ask", "--demo", "busy"], width: 100, height: 20))
        #expect(
            await terminal.screen("attempt 1 of 3 failed: rate_limited (429)", "next attempt in", "s (Ctrl-C ends)")
                != nil)
        #expect(await terminal.exit() == 0)
        let end = terminal.screen
        #expect(end.text.contains("The first try met a 429"))
        #expect(!end.text.contains("next attempt in"), "the countdown is gone")
        #expect(end.unknown.isEmpty)
    }

    @Test func controlCEndsAWait() async throws {
        let tape = try await Tape()
        let ask = ["ask", "--base-url", tape.url, "-m", "gpt-5.4-mini", "busy"]
        let terminal = try #require(Program.workspace(ask, width: 100, height: 20))
        #expect(await terminal.screen("next attempt in") != nil)
        terminal.type("\u{3}")
        #expect(await terminal.exit() == -SIGINT)
    }

    @Test func theWorkspaceTriesNowOrGivesUp() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open()
        terminal.type("flaky\r")
        #expect(await terminal.screen("perhaps billed") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("failed:", "Alt-r again") != nil)
        // The last, for the server asked that nothing be sent for a while.
        terminal.type("busy\r")
        #expect(await terminal.screen("retry 2 of 3 in", "Alt-r now", "Esc gives up") != nil)
        terminal.type("\u{1B}r")
        #expect(await terminal.screen("This is the next try", "2 attempts", "ready", "type here") != nil)
        terminal.type("\u{4}")
        #expect(await terminal.exit() == 0)
    }

    /// A background answer whose connection is lost is read on, not asked for anew.
    @Test func aLostBackgroundAnswerIsReadOn() async throws {
        let (process, url) = try await Program.simulator([])
        defer { process.terminate() }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("back-\(UUID().uuidString).toml").path
        try "[profiles.p]\nbase_url = \"\(url)\"\napi = \"responses\"\nbackground = true\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = try await Program.run(
            ["ask", "--config", file, "--profile", "p", "-m", "gpt-5.4-mini", "-o", "json", "cut"])
        #expect(result.code == 0, "\(result.errors)")
        let answer = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect((answer["text"] as? String)?.hasSuffix("never pretends that the sentence was finished.") == true)
        #expect(answer["complete"] as? Bool == true)
        #expect((answer["attempts"] as? [[String: Any]])?.map { $0["status"] as? Int } == [200, 200])
    }

    /// A profile may say how often to try; an argument beats it.
    @Test(arguments: [("max_attempts = 2", [], 2), ("max_attempts = 2", ["--max-attempts", "4"], 4), ("", [], 3)])
    func attemptsAreCounted(profile: String, arguments: [String], count: Int) async throws {
        let server = try #require(
            LoopbackServer { _, _ in
                [.text("HTTP/1.1 503 No\r\nretry-after-ms: 1\r\ncontent-length: 0\r\n\r\n")]
            })
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("retry-\(UUID().uuidString).toml").path
        try "[profiles.p]\nbase_url = \"\(server.url)/v1\"\n\(profile)\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let result = try await Program.run(
            ["ask", "--config", file, "--profile", "p", "-m", "m", "-o", "json", "hi"] + arguments)
        #expect(result.code == 69)
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let attempts = try #require(answer["attempts"] as? [[String: Any]])
        #expect(attempts.map { $0["number"] as? Int } == Array(1...count))
        #expect(attempts.allSatisfy { $0["error"] as? String == "overloaded" })
        #expect(attempts.last?["waited_ms"] as? Int == 0)
    }

    /// A filtered prompt is a refusal like any other; a key that the server echoes as its own word is shown by nobody.
    @Test(arguments: [
        (
            "400 No", "application/json", #"{"error":{"code":"content_filter","message":"filtered"}}"#, 1,
            #"{"number":1,"status":400,"error":"content_filtered","waited_ms":0}"#
        ),
        (
            "200 OK", "text/event-stream",
            "data: {\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"sk-canary-0123456789\"}]}\n\n",
            0,
            #""finish_reason":"••••6789""#
        ),
    ])
    func reportSays(status: String, type: String, body: String, code: Int32, part: String) async throws {
        let head = "HTTP/1.1 \(status)\r\ncontent-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
        let server = try #require(LoopbackServer { _, _ in [.text(head + body)] })
        let result = try await Program.run(
            ["ask", "-m", "m", "-o", "json", "hi"],
            ["OPENAI_API_KEY": "sk-canary-0123456789", "OPENAI_BASE_URL": server.url + "/v1"])
        #expect(result.code == code)
        #expect(result.output.contains(part), "\(result.output)")
        #expect(!result.output.contains("canary"))
    }

    /// The demo's long answer and a cap of a cent: text comes, then the cap, exit 75.
    @Test(arguments: ["0.01", "0.0001"]) func aCapEndsALongAnswer(cap: String) async throws {
        let result = try await Program.run(["ask", "--demo", "--max-cost", cap, "-o", "json", "long"])
        #expect(result.code == 75, "\(result.errors)")
        let answer = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(((answer["error"] as? [String: Any])?["kind"] as? String) == "budget_exceeded")
        #expect(answer["complete"] as? Bool == false)
        let cost = try #require((answer["cost"] as? [String: Any])?["usd"] as? String)
        #expect((Double(cost) ?? 1) <= (Double(cap) ?? 0) * 1.02)
        if cap == "0.01" { #expect((answer["text"] as? String)?.isEmpty == false) }
    }

    @Test(arguments: ["0", "-1", "nan", "a lot", ""]) func noCap(cap: String) async throws {
        let result = try await Program.run(["ask", "--demo", "--max-cost", cap, "hi"])
        #expect(result.code == 64)
        #expect(result.errors.contains("--max-cost takes US dollars above 0"))
    }

    /// What a failed attempt told of itself is not the next one's, and what nobody counted we count, exactly.
    @Test func aRetryBeginsAnew() async throws {
        let failing =
            #"data: {"id":"x","choices":[],"usage":{"prompt_tokens":777,"completion_tokens":5}}"# + "\n\n"
            + #"data: {"error":{"message":"oops","type":"server_error"}}"# + "\n\n"
        let good =
            #"data: {"id":"y","choices":[{"delta":{"content":"hello world"},"finish_reason":"stop"}]}"# + "\n\n"
        let server = try #require(
            LoopbackServer { number, _ in
                let body = number == 0 ? failing : good
                let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                return [.text(head + "content-length: \(body.utf8.count)\r\n\r\n" + body)]
            })
        let result = try await Program.run(
            ["ask", "--base-url", server.url + "/v1", "-m", "gpt-4o", "-o", "json", "hello world"])
        #expect(result.code == 0, "\(result.errors)")
        // 3 for the answer's beginning, 3 for the message, 1 for its role, 2 for its text.
        let counts =
            #""usage":{"input_tokens":9,"cached_input_tokens":null,"output_tokens":2,"reasoning_tokens":null,"source":"estimate"}"#
        #expect(result.output.contains(counts), "\(result.output)")
        #expect(result.output.contains(#""status":200,"error":"server""#), "\(result.output)")
    }
}
