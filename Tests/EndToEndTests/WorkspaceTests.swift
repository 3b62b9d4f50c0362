import Foundation
import TestSupport
import Testing

/// The built program in a pseudo-terminal.
@Suite(.serialized) struct WorkspaceTests {
    @Test(arguments: [(120, 40), (80, 24)]) func startsStreamsAndQuits(width: Int, height: Int) async throws {
        let terminal = try #require(Program.workspace(width: width, height: height))
        let start = try #require(await terminal.screen("DEMO", "output", "prompt", "type here"))
        #expect(start.modes.contains(1049))
        #expect(start.hadSequence)
        #expect(start.modes.contains(2004))
        terminal.type("hello\r")
        #expect(await terminal.screen("To talk to a real model", "ready") != nil)
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        let end = terminal.screen
        #expect(end.isRestored)
        #expect(end.unknown.isEmpty)
        #expect(end.text.contains("1 answer"))
        #expect(terminal.isSane)
    }

    @Test func cancelsAndKeepsTheText() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open()
        terminal.type("endless\r")
        #expect(await terminal.screen("streaming", "Line 1 of") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("cancelled", "kept") != nil)
        terminal.type("\u{4}")
        #expect(await terminal.exit() == 0)
    }

    @Test func followsResizesWhileStreaming() async throws {
        let tape = try await Tape()
        let terminal = try await tape.open()
        terminal.type("endless\r")
        #expect(await terminal.screen("streaming", "Line 1 of") != nil)
        for (width, height) in [(60, 20), (1, 1), (19, 5), (200, 60), (33, 9)] {
            terminal.resize(width: width, height: height)
        }
        terminal.resize(width: 80, height: 24)
        #expect(await terminal.screen("meter", "output", "prompt", "streaming", "of the endless tape.") != nil)
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored)
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGILL])
    func aSignalGivesTheTerminalBackAndEndsByIt(number: Int32) async throws {
        let terminal = try #require(Program.workspace())
        _ = await terminal.screen("type here")
        terminal.signal(number)
        #expect(await terminal.exit() == -number)
        #expect(terminal.screen.isRestored)
        #expect(terminal.isSane)
        #expect(!terminal.screen.text.contains("backtrace"))
    }

    @Test func aSignalEndsItAlsoWhenTheTerminalTakesNothing() async throws {
        let terminal = try #require(Program.workspace(width: 200, height: 60))
        _ = await terminal.screen("type here")
        terminal.stall()
        for turn in 0..<80 {
            terminal.resize(width: 200 - turn % 2, height: 60)
            terminal.type("\u{C}")
        }
        terminal.signal(SIGTERM)
        #expect(await terminal.exit() == -SIGTERM)
    }

    @Test(arguments: [
        ["TERM": "vt100"], ["NO_COLOR": "1"], ["LC_ALL": "C"], ["TERM": "linux"], ["TERM": "screen-256color"],
        ["LC_ALL": "xx_YY.UTF-8"], ["LINES": "5", "COLUMNS": "5"],
    ])
    func opensOnOddTerminals(extra: [String: String]) async throws {
        let terminal = try #require(Program.workspace(extra))
        #expect(await terminal.screen("DEMO", "prompt", "parameters", "meter", "tools") != nil)
        if extra["LC_ALL"] == "C" {
            let isASCII = terminal.screen.text.utf8.allSatisfy { $0 < 0x80 }
            #expect(isASCII)
        }
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }

    @Test(arguments: [["TERM": "dumb"], ["TERM": "no-such-terminal"], ["TERM": ""]])
    func refusesWhatCannotBeDrawnOn(extra: [String: String]) async throws {
        let terminal = try #require(Program.workspace(extra))
        #expect(await terminal.exit() == 64)
        #expect(terminal.screen.text.contains("TERM"))
        #expect(terminal.screen.text.contains("ask"))
    }

    @Test func worksWithoutAHome() async throws {
        let terminal = try #require(Program.workspace(["HOME": "/nonexistent"]))
        #expect(await terminal.screen("DEMO", "type here") != nil)
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }
}

extension Program {
    fileprivate static func workspace(_ extra: [String: String]) -> PseudoTerminal? {
        workspace(["--demo"], width: 120, height: 40, extra)
    }
}
