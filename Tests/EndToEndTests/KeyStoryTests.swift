import Foundation
import TestSupport
import Testing

/// Keys and what tells of them, by the built program in a pseudo-terminal.
@Suite(.serialized) struct KeyStoryTests {
    @Test func theKeyCheckShowsWhatTheTerminalSends() async throws {
        let terminal = try #require(Program.workspace(width: 80, height: 24))
        _ = await terminal.screen("type here")
        terminal.type("/key\t\r")
        #expect(await terminal.screen("key check", "TERM ", "UTF-8") != nil)
        terminal.type("\u{1B}[5~")
        #expect(await terminal.screen("PgUp", "ESC [ 5 ~", "prompt: page-up") != nil)
        terminal.type("\u{1A}")
        #expect(await terminal.screen("Ctrl-Z", "anywhere: suspend") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("anywhere: cancel") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("type here", "Enter sends") != nil)
        terminal.type("\u{4}")
        #expect(await terminal.exit() == 0)
    }

    @Test func theMouseChoosesOnceItIsSwitchedOn() async throws {
        let terminal = try #require(Program.workspace(width: 120, height: 40))
        let start = try #require(await terminal.screen("type here"))
        #expect(!start.modes.contains(1006))
        terminal.type("/mouse\r")
        let on = try #require(await terminal.screen("Hold Shift to select"))
        #expect(on.modes.contains(1006))
        terminal.type("\u{1B}[<0;95;4M\u{1B}[<0;95;4m")
        #expect(await terminal.screen("▸ parameters", "▸top_p") != nil)
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored)
    }

    @Test func filesAreCompletedBehindTheirMark() async throws {
        let terminal = try #require(Program.workspace())
        _ = await terminal.screen("type here")
        terminal.type("see @/us")
        #expect(await terminal.screen("files", "/usr/") != nil)
        terminal.type("\t")
        #expect(await terminal.screen("see @/usr/", "/usr/bin/") != nil)
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }

    @Test func ownKeysHoldAndWhatIsWrongWithThemIsTold() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let config = folder.appendingPathComponent("config.toml").path
        try """
        [keys.global]
        palette = "f6"
        help = "f6"

        [keys.prompt]
        pallete = "ctrl-k"
        """.write(toFile: config, atomically: true, encoding: .utf8)
        let check = try await Program.run(["config", "check", "--config", config])
        #expect(check.errors.contains("config.toml:2:1: F6 is help already, by "))
        #expect(check.errors.contains("config.toml:3:1; it is left out of palette"))
        #expect(check.errors.contains("config.toml:6:1: there is no command \"pallete\"; do you mean palette?"))
        let lines = try await Program.run(["keys", "--config", config]).output
        #expect(lines.contains("F6"))
        try "\n[keys.leader]\nusage = \"h\"\n".data(using: .utf8).map { data in
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: config))
            try handle.seekToEnd()
            try handle.write(contentsOf: data)
            try handle.close()
        }
        // Which keys of ours went over is told by every command that looks at keys, and at the start.
        let loss = "config.toml:8:1: ^X h is usage now, no more help, which has F6"
        #expect(try await Program.run(["keys", "--config", config]).errors.contains(loss))
        #expect(try await Program.run(["config", "check", "--config", config]).errors.contains(loss))
        #expect(
            try await Program.run(["doctor", "--demo", "--offline", "--config", config]).output.contains(
                "^X h is usage now"))
        let terminal = try #require(Program.workspace(["--demo", "--config", config], width: 120, height: 40))
        #expect(await terminal.screen("type here", "do you mean palette?", "which has F6") != nil)
        terminal.type("\u{1B}[17~")
        #expect(await terminal.screen("looks for a text") != nil)
        terminal.type("q\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }

    @Test func everyFormatOfTheTableIsPrinted() async throws {
        let page = try await Program.run(["keys", "--format", "markdown"])
        #expect(page.code == 0)
        #expect(page.output.hasPrefix("# Keys\n"))
        #expect(try await Program.run(["keys", "--format", "man"]).output.hasPrefix(".Sh KEYS\n"))
        #expect(try await Program.run(["keys"]).output.contains("[keys.prompt]"))
        #expect(try await Program.run(["--help"]).output.contains("Ctrl-P finds commands"))
    }
}
