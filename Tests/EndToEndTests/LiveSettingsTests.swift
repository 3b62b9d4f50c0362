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
