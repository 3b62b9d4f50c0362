import Foundation
import TestSupport
import Testing

/// The usage ledger of the built program: what `ask` books, what `usage` says, and that nothing leaves unbooked.
@Suite struct UsageCommandTests {
    private static let body =
        #"{"model":"gpt-4o","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":12,"completion_tokens":5}}"#

    private static func server() throws -> LoopbackServer {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return try #require(LoopbackServer { _, _ in [.text(head + body)] })
    }

    private static func rows(_ arguments: [String], _ environment: [String: String]) async throws -> [[String: Any]] {
        let result = try await Program.run(["usage", "-o", "json"] + arguments, environment)
        #expect(result.code == 0, "\(result.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
    }

    @Test func whatIsAskedIsBooked() async throws {
        let server = try Self.server()
        let data = ["XDG_DATA_HOME": Program.dataFolder()]
        let ask = ["ask", "--no-stream", "-m", "gpt-4o", "--base-url", server.url + "/v1", "hello"]
        for _ in 0..<2 { #expect(try await Program.run(ask, data).code == 0) }
        let days = try await Self.rows([], data)
        #expect(days.count == 1)
        #expect((days.first?["cost"] as? [String: Any])?["usd"] as? String == "0.000160")
        #expect((days.first?["cost"] as? [String: Any])?["state"] as? String == "exact")
        #expect(days.first?["settled"] as? Int == 2)
        let entries = try await Self.rows(["--by", "request"], data)
        #expect(entries.map { $0["state"] as? String } == ["settled", "settled"])
        #expect(entries.allSatisfy { ($0["price_source"] as? String)?.hasPrefix("catalog ") == true })
        let csv = try await Program.run(["usage", "-o", "csv", "--by", "model"], data)
        #expect(
            csv.output.split(separator: "\n").dropFirst().first?.hasPrefix("gpt-4o,false,2,2,0,0,0,0,0,24,") == true)
    }

    @Test func aCapOfTheDayHoldsOverProcesses() async throws {
        let server = try Self.server()
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = folder + "/config.toml"
        try "budget.day = 0.0009".write(toFile: settings, atomically: true, encoding: .utf8)
        let ask = [
            "ask", "--no-stream", "--config", settings, "-m", "gpt-4o", "--base-url", server.url + "/v1", "hello",
        ]
        var codes: [Int32] = []
        for _ in 0..<20 where codes.last != 75 {
            codes.append(try await Program.run(ask, ["XDG_DATA_HOME": folder]).code)
        }
        #expect(codes.count > 2)
        #expect(codes.last == 75)
        #expect(server.journal.log.requests.count == codes.count - 1)
    }

    @Test func whatCannotBeBookedIsNotSent() async throws {
        let server = try Self.server()
        let ask = ["ask", "--no-stream", "-o", "json", "-m", "gpt-4o", "--base-url", server.url + "/v1", "hello"]
        let result = try await Program.run(ask, ["XDG_DATA_HOME": "/proc"])
        #expect(result.code == 74)
        #expect(result.output.contains(#""code":"storage""#))
        #expect(server.journal.log.requests.isEmpty)
        // The demo costs nothing.
        let demo = try await Program.run(["ask", "--demo", "weather"], ["XDG_DATA_HOME": "/proc"])
        #expect(demo.code == 0)
        #expect(demo.errors.contains("the demo's requests are not recorded"))
    }

    /// A cent does not pay the demo's long answer, and the server heeds no limit of ours.
    @Test func anAnswerThatWeStopIsAnEstimate() async throws {
        let data = ["XDG_DATA_HOME": Program.dataFolder()]
        let terminal = try #require(Program.workspace(["--demo", "--max-cost", "0.01"], data))
        _ = await terminal.screen("type here")
        terminal.type("long\r")
        #expect(await terminal.screen("stopped at the cap of $0.010000") != nil)
        terminal.type("\u{18}c")
        #expect(await terminal.screen("per day", "per model") != nil)
        terminal.type("\t")
        #expect(await terminal.screen("estimated", "Tab sums") != nil)
        terminal.type("q\u{4}")
        #expect(await terminal.exit() == 0)
        let entry = try #require(try await Self.rows(["--by", "request"], data).first)
        #expect(entry["state"] as? String == "estimated")
        #expect(entry["error"] as? String == "budget_exceeded")
        #expect(entry["demo"] as? Bool == true)
    }

    /// A terminal that goes away in the middle of an answer: what came is booked all the same.
    @Test(arguments: [SIGTERM, SIGHUP]) func aSignalLeavesNothingUnknown(signal: Int32) async throws {
        let tape = try await Tape()
        for _ in 0..<3 {
            let terminal = try await tape.open()
            terminal.type("endless\r")
            #expect(await terminal.screen("streaming", "Line 1 of") != nil)
            terminal.signal(signal)
            #expect(await terminal.exit() == -signal)
        }
        let rows = try await Self.rows(["--by", "request"], ["XDG_DATA_HOME": tape.folder])
        let states = rows.map { $0["state"] as? String }
        #expect(states == ["estimated", "estimated", "estimated"])
    }

    @Test(arguments: [["--by", "moon"], ["--since", "yesterday"], ["--until", "2026-13-01"], ["--limit", "0"]])
    func wrongArguments(arguments: [String]) async throws {
        #expect(try await Program.run(["usage"] + arguments).code == 64)
    }

    @Test func nothingBookedYet() async throws {
        let result = try await Program.run(["usage"], ["XDG_DATA_HOME": Program.dataFolder()])
        #expect(result.code == 0)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("nothing is booked yet"))
    }
}
