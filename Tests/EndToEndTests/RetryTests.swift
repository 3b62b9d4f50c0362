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
        let terminal = try #require(Program.workspace(["ask", "--demo", "busy"], width: 100, height: 20))
        #expect(await terminal.screen("next attempt in") != nil)
        terminal.type("\u{3}")
        #expect(await terminal.exit() == -SIGINT)
    }

    @Test func theWorkspaceTriesNowOrGivesUp() async throws {
        let terminal = try #require(Program.workspace())
        _ = await terminal.screen("type here")
        terminal.type("busy\r")
        #expect(await terminal.screen("retry 2 of 3 in", "Alt-r now", "Esc gives up") != nil)
        terminal.type("\u{1B}r")
        #expect(await terminal.screen("This is the next try", "2 attempts") != nil)
        terminal.type("flaky\r")
        #expect(await terminal.screen("it may have been billed") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("failed:", "Alt-r again") != nil)
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
}
