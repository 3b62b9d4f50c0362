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
        #expect(await terminal.screen("PgUp", "prompt: page-up") != nil)
        terminal.type("\u{1A}")
        #expect(await terminal.screen("Ctrl-Z", "anywhere: suspend") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("anywhere: cancel") != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.screen("type here", "Enter sends") != nil)
        terminal.type("\u{4}")
        #expect(await terminal.exit() == 0)
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

    @Test func everyFormatOfTheTableIsPrinted() async throws {
        let page = try await Program.run(["keys", "--format", "markdown"])
        #expect(page.code == 0)
        #expect(page.output.hasPrefix("# Keys\n"))
        #expect(try await Program.run(["keys", "--format", "man"]).output.hasPrefix(".Sh KEYS\n"))
        #expect(try await Program.run(["keys"]).output.contains("[keys.prompt]"))
        #expect(try await Program.run(["--help"]).output.contains("Ctrl-P finds commands"))
    }
}
