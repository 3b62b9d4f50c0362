import Foundation
import TestSupport
import Testing

/// Settings, presets, variables and themes, changed in the built program.
@Suite(.serialized) struct SettingsStoryTests {
    private let folder = Program.dataFolder()
    private var file: String { folder + "/tickertape/config.toml" }

    private func open(_ settings: String, _ width: Int = 120, _ height: Int = 40) async throws -> PseudoTerminal {
        try FileManager.default.createDirectory(atPath: folder + "/tickertape", withIntermediateDirectories: true)
        try settings.write(toFile: file, atomically: true, encoding: .utf8)
        let terminal = try #require(
            Program.workspace(
                width: width, height: height,
                ["XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder]))
        #expect(await terminal.screen("DEMO", "type here") != nil)
        return terminal
    }

    private func quit(_ terminal: PseudoTerminal) async {
        terminal.type("\u{3}\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored && terminal.screen.unknown.isEmpty)
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test(arguments: [(120, 40), (80, 24)])
    func aSettingIsSavedAndTheFileKeepsItsComments(width: Int, height: Int) async throws {
        let settings = "# mine, do not lose\nenter_sends = true # like chat\n\n# the end\n"
        let terminal = try await open(settings, width, height)
        terminal.type("\u{18},")
        #expect(await terminal.screen("configuration of gpt-5.4-mini", "▸default_model") != nil)
        terminal.type("/enter_s\r")
        #expect(await terminal.screen("▸enter_sends") != nil)
        terminal.type("\u{1B}[C")
        #expect(await terminal.screen("*false", "1 not saved") != nil)
        terminal.type("s")
        #expect(await terminal.wait { !$0.screen.text.contains("not saved") } != nil)
        let kept = try String(contentsOfFile: file, encoding: .utf8)
        #expect(kept == settings.replacing("true", with: "false"))
        terminal.type("qq")
        #expect(await terminal.screen("Enter newline") != nil)
        await quit(terminal)
    }

    @Test func aPresetIsKeptAppliedAndNamesItself() async throws {
        let terminal = try await open("")
        terminal.type("/set temperature 0.4\r")
        #expect(await terminal.screen("T=0.4") != nil)
        terminal.type("/save-preset calm\r")
        #expect(await terminal.screen("calm · T=0.4") != nil)
        let preset = try String(contentsOfFile: folder + "/tickertape/presets/calm.toml", encoding: .utf8)
        #expect(preset.contains("temperature = 0.4"))
        terminal.type("/set temperature 1.9\r")
        #expect(await terminal.screen("calm* · T=1.9") != nil)
        terminal.type("\u{18}o")
        #expect(await terminal.screen("presets", "✓ calm") != nil)
        terminal.type("\r")
        #expect(await terminal.screen("calm · T=0.4", "takes it back") != nil)
        await quit(terminal)
    }

    @Test func variablesAreAskedForBeforeAPromptIsSent() async throws {
        let terminal = try await open("")
        terminal.type("refuse {{who}} the {{what}}\r")
        #expect(await terminal.screen("variables of the prompt", "▸who") != nil)
        terminal.type("Ada\r")
        #expect(await terminal.screen("refuse Ada the {{what}}") != nil)
        terminal.type("songs\r")
        #expect(await terminal.screen("refuse Ada the songs", "type here", "ready") != nil)
        await quit(terminal)
    }

    @Test func themesAreTriedLiveAndTakenBack() async throws {
        let terminal = try await open("")
        let before = terminal.screen.cells[0][0].colors
        terminal.type("\u{18}t")
        #expect(await terminal.screen("themes", "catppuccin-mocha") != nil)
        terminal.type("\u{1B}[A\u{1B}[A")
        #expect(await terminal.wait(for: "other colours") { $0.screen.cells[0][0].colors != before } != nil)
        terminal.type("\u{1B}")
        #expect(await terminal.wait(for: "other colours") { $0.screen.cells[0][0].colors == before } != nil)
        terminal.type("/theme catppuccin-mocha\r")
        #expect(await terminal.screen("theme catppuccin-mocha") != nil)
        await quit(terminal)
    }

    @Test(arguments: ["enter_sends = maybe\n", "enter_sends = [", "\u{0}\u{1}", "enter_sends = \"maybe\"\n"])
    func nonsenseInTheFileChangesNothing(nonsense: String) async throws {
        let terminal = try await open("enter_sends = false\n")
        #expect(await terminal.screen("Enter newline") != nil)
        try nonsense.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(await terminal.screen("config.toml", "holds on") != nil)
        #expect(terminal.screen.text.contains("Enter newline"))
        try "enter_sends = true\n".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(await terminal.screen("Enter sends") != nil)
        await quit(terminal)
    }
}
