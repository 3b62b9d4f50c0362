import Foundation
import TestSupport
import Testing

/// Settings and themes that change while the built program runs.
@Suite struct LiveSettingsTests {
    private func write(_ text: String, to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    @Test func whatIsSavedHoldsAtOnceAndNonsenseChangesNothing() async throws {
        let folder = Program.dataFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/tickertape/config.toml"
        try write("# mine\nenter_sends = true\n", to: file)
        let terminal = try #require(Program.workspace(width: 120, height: 40, ["XDG_CONFIG_HOME": folder]))
        #expect(await terminal.screen("Enter sends") != nil)
        try write("# mine\nenter_sends = false\ntheme = \"dark\"\n", to: file)
        #expect(await terminal.screen("Settings read again", "Enter newline", "theme dark") != nil)
        try write("enter_sends = maybe\n", to: file)
        #expect(await terminal.screen("config.toml:1", "What held before holds on") != nil)
        #expect(terminal.screen.text.contains("Enter newline"))
        try write("theme = \"light\"\n", to: file)
        #expect(await terminal.screen("Enter sends", "theme light") != nil)
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
    }
}

/// Conversations that outlive the program.
@Suite struct KeptConversationTests {
    @Test(.disabled("did not end within 75 s on a machine under load; to be looked at"))
    func anAnswerIsFoundAgainInAnotherProcess() async throws {
        let folder = Program.dataFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try #require(Program.workspace(width: 120, height: 40, ["XDG_DATA_HOME": folder]))
        _ = await first.screen("type here")
        first.type("hello there\r")
        #expect(await first.screen("To talk to a real model", "ready") != nil)
        first.type("half a thought")
        #expect(await first.screen("half a thought") != nil)
        first.type("\u{18}l")
        #expect(await first.screen("hello there", "Enter opens") != nil)
        // Another process may look while this one runs, and gets a copy.
        let second = try #require(Program.workspace(width: 120, height: 40, ["XDG_DATA_HOME": folder]))
        _ = await second.screen("type here")
        second.type("\u{18}l")
        #expect(await second.screen("hello there", "Enter opens") != nil)
        second.type("\r")
        #expect(await second.screen("To talk to a real model", "> half a thought", "this is a copy") != nil)
        // The draft came along: the first Ctrl-C clears it.
        second.type("\u{3}\u{3}\u{3}")
        #expect(await second.exit() == 0)
        first.signal(SIGKILL)
        _ = await first.exit()
        let third = try #require(Program.workspace(width: 120, height: 40, ["XDG_DATA_HOME": folder]))
        _ = await third.screen("type here")
        third.type("\u{18}/real model")
        #expect(await third.screen("> real model", "▸ …", "no model was asked") != nil)
        third.type("\r")
        #expect(await third.screen("hello there", "To talk to a real model") != nil)
        third.type("\u{3}\u{3}\u{3}")
        #expect(await third.exit() == 0)
    }
}
