import Foundation
import TerminalKit
import TestSupport
import Testing

/// The built program with --plain, in a pipe and in a pseudo-terminal.
@Suite(.serialized) struct LinearModeTests {
    private let data = Program.dataFolder()

    private func removeData() { try? FileManager.default.removeItem(atPath: data) }

    /// Control characters, but for line ends.
    private func controls(_ text: String) -> [UInt8] {
        text.utf8.filter { ($0 < 0x20 && $0 != 0x0A) || $0 == 0x7F }
    }

    @Test func aPipeIsReadLineByLineToItsEnd() async throws {
        defer { removeData() }
        let lines = [
            "hello", "/set temperature 0.5", "markdown", "/meter", "weather", "1", "7", "refuse", "//x", "last",
        ]
        let result = try await Program.run(
            ["--plain", "--demo"], input: lines.joined(separator: "\n"), ["XDG_DATA_HOME": data, "TERM": "dumb"])
        #expect(result.code == 0)
        #expect(result.errors.isEmpty)
        #expect(controls(result.output).isEmpty)
        var rest = Substring(result.output)
        for part in [
            "Linear mode", "\nYou: hello\n", "\nAssistant (gpt-5.4-mini, defaults):\n  This is a recorded answer",
            "\nEnd of answer.\nYou: /set temperature 0.5\ntemperature 0.50.\nYou: markdown\n",
            "(gpt-5.4-mini, temperature 0.5):\n",
            "\n  Heading 2: ", "\n  Table with columns event, carries, shown as:\n  event: delta; carries: text",
            "\n  End of table.\n",
            "\n  Code, swift:\n    var answer", "\n  End of code.\n", "\nTokens of the last answer: ", "\nTool call ",
            "\n  $ printf",
            "\nDecision: 1\nNothing is run from a pipe", "\nDecision: 7\nTool result ", "\nDecision: refuse\n",
            "\nYou: //x\n", "\nYou: last\n", "\nEnd of answer.\n", "answers, ",
        ] {
            let found = try #require(rest.firstRange(of: part), "\(part) after \(rest.prefix(200))")
            // Neighbours share their line end.
            rest = rest[rest.index(before: found.upperBound)...]
        }
    }

    @Test(arguments: ["--plain", "--screen-reader", "--no-alt-screen", "ACCESSIBLE"])
    func aTerminalGetsNoSequenceAtAll(way: String) async throws {
        defer { removeData() }
        let isVariable = way == "ACCESSIBLE"
        let terminal = try #require(
            Program.workspace(
                (isVariable ? [] : [way]) + ["--demo"],
                ["XDG_DATA_HOME": data, "TERM": "dumb"].merging(isVariable ? [way: "1"] : [:]) { $1 }))
        #expect(await terminal.screen("Linear mode", "You:") != nil)
        terminal.type("hello\n")
        #expect(await terminal.screen("You: hello", "To talk to a real model", "End of answer.") != nil)
        terminal.type("/quit\n")
        #expect(await terminal.exit() == 0)
        #expect(!terminal.screen.hadSequence)
        #expect(terminal.isSane)
        #expect(terminal.screen.text.contains("1 answer"))
    }

    /// Three answers at three temperatures, one changed while an answer streams, and compared.
    @Test func theParameterStoryIsTold() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open(["--plain"], width: 160, height: 400, showing: "You:", ["TERM": "dumb"])
        /// Whether these texts are told so often by now: what was told before stays on the screen.
        func tells(_ count: Int, _ texts: String...) async -> Bool {
            await terminal.wait(for: "\(count) times \(texts)") { state in
                let text = state.screen.text
                return texts.allSatisfy { text.components(separatedBy: $0).count > count }
            } != nil
        }
        terminal.type("/set temperature 0.2\nendless\n")
        #expect(await terminal.screen("temperature 0.20.", "(gpt-5.4-mini, temperature 0.2):", "Line 1 of") != nil)
        terminal.type("/set temperature 0.7\n")
        #expect(await terminal.screen("temperature 0.70, from the next request on.") != nil)
        terminal.type("\u{3}")
        #expect(await terminal.screen("End of answer: stopped.") != nil)
        terminal.type("/again\n")
        #expect(await terminal.screen("temperature 0.7), version 2 of 2:") != nil)
        #expect(await tells(2, "Line 1 of"))
        terminal.type("\u{3}")
        #expect(await tells(2, "End of answer: stopped."))
        terminal.type("/set temperature 1.1\n/again\n")
        #expect(await terminal.screen("temperature 1.1), version 3 of 3:") != nil)
        #expect(await tells(3, "Line 1 of"))
        terminal.type("/stop\n/compare\n")
        #expect(await terminal.screen("Comparing 3 versions.", "Type version 1, version 2, version 3") != nil)
        terminal.type("\n")
        #expect(await terminal.screen("Left as it is.") != nil)
        terminal.type("/quit\n")
        #expect(await terminal.exit() == 0)
        #expect(!terminal.screen.hadSequence)
    }

    @Test func aToolRunsWhenItsCallWasHeard() async throws {
        defer { removeData() }
        let terminal = try #require(
            Program.workspace(["--plain", "--demo"], width: 160, height: 200, ["XDG_DATA_HOME": data, "TERM": "dumb"]))
        #expect(await terminal.screen("You:") != nil)
        terminal.type("add\n")
        #expect(await terminal.screen("Tool call 1.1 add", "$ expr 2 + 3", "Decision:") != nil)
        terminal.type("result\n")
        #expect(await terminal.screen("Type it; nothing leaves") != nil)
        terminal.type("5\n")
        #expect(
            await terminal.screen("Tool result 1.1, answered by hand:", "Tool call 2.1 multiply", "$ expr 5") != nil)
        // What is typed before the second question is asked would be a prompt.
        let isAsked: @Sendable (PseudoTerminal.State) -> Bool = { state in
            state.screen.text.components(separatedBy: "Tool call 2.1 multiply").last?.contains("Decision:") == true
        }
        #expect(await terminal.wait(for: "the second question", until: isAsked) != nil)
        terminal.type("refuse\n")
        #expect(await terminal.screen("Tool result 2.1, refused:") != nil)
        terminal.type("\u{4}")
        #expect(await terminal.exit() == 0)
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func aSignalEndsItByItself(number: Int32) async throws {
        let tape = try await Tape()
        let terminal = try await tape.open(["--plain"], showing: "You:", ["TERM": "dumb"])
        terminal.type("endless\n")
        #expect(await terminal.screen("Line 1 of") != nil)
        terminal.signal(number)
        #expect(await terminal.exit() == -number)
        #expect(terminal.isSane)
    }

    @Test func aSignalEndsItAlsoWhenNobodyReads() async throws {
        defer { removeData() }
        let terminal = try #require(
            Program.workspace(["--plain", "--demo"], ["XDG_DATA_HOME": data, "TERM": "dumb"]))
        #expect(await terminal.screen("You:") != nil)
        terminal.stall()
        terminal.type("long\n")
        for _ in 0..<200 { terminal.type("/help\n") }
        terminal.signal(SIGTERM)
        #expect(await terminal.exit() == -SIGTERM)
    }

    @Test func theSettingsFileCanAskForIt() async throws {
        defer { removeData() }
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let file = data + "/config.toml"
        try "plain = true\n".write(toFile: file, atomically: true, encoding: .utf8)
        let result = try await Program.run(["--demo", "--config", file], input: "hello\n", ["XDG_DATA_HOME": data])
        #expect(result.code == 0)
        #expect(result.output.contains("Assistant (gpt-5.4-mini, defaults):\n"))
        let refused = try await Program.run(["--demo"], input: "hello\n", ["XDG_DATA_HOME": data])
        #expect(refused.code == 64)
        #expect(refused.errors.contains("tickertape --plain"))
        let dumb = try await Program.run(["--demo"], input: "hello\n", ["XDG_DATA_HOME": data, "ACCESSIBLE": "0"])
        #expect(dumb.code == 64, "0 means no")
    }
}

extension Program {
    fileprivate static func workspace(_ arguments: [String], _ extra: [String: String]) -> PseudoTerminal? {
        workspace(arguments, width: 120, height: 80, extra)
    }
}
