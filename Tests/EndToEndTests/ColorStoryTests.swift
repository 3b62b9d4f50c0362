import Foundation
import TestSupport
import Testing

/// Colours as they reach a terminal.
@Suite(.timeLimit(.minutes(3))) struct ColorStoryTests {
    /// The workspace with a theme of 24-bit colours, or of the terminal's own.
    private func open(
        _ theme: String, _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> (PseudoTerminal, folder: String) {
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = folder + "/config.toml"
        try "theme = \"\(theme)\"\n".write(toFile: file, atomically: true, encoding: .utf8)
        let terminal = try #require(
            Program.workspace(["--demo", "--config", file] + arguments, environment))
        #expect(await terminal.screen("DEMO", "type here") != nil)
        return (terminal, folder)
    }

    private func quit(_ terminal: PseudoTerminal, _ folder: String) async throws {
        terminal.type("\u{3}\u{3}")
        #expect(await terminal.exit() == 0)
        #expect(terminal.screen.isRestored)
        #expect(terminal.screen.unknown == [])
        try FileManager.default.removeItem(atPath: folder)
    }

    /// The ground of this theme is #1d2021, its text #ebdbb2.
    @Test(
        arguments: [
            (["--color", "truecolor"], [:], "48;2;29;32;33", "38;2;235;219;178"),
            ([], ["COLORTERM": "truecolor"], "48;2;29;32;33", "38;2;235;219;178"),
            (["--color", "truecolor"], ["TERM": "screen-256color"], "48;2;29;32;33", "38;2;235;219;178"),
            ([], [:], "48;5;234", "38;5;223"),
            (["--color", "256"], ["COLORTERM": "truecolor"], "48;5;234", "38;5;223"),
            ([], ["COLORTERM": "truecolor", "NO_COLOR": "1"], "", ""),
        ] as [([String], [String: String], String, String)])
    func aThemesColoursArrive(
        arguments: [String], environment: [String: String], ground: String, ink: String
    ) async throws {
        let (terminal, folder) = try await open("gruvbox-dark", arguments, environment)
        let cells = terminal.screen.cells.flatMap(\.self)
        #expect(terminal.screen.cells[1][1].background == ground)
        #expect(cells.contains { $0.foreground == ink })
        try await quit(terminal, folder)
    }

    /// A theme for each background: what the terminal answers holds, before what the environment says.
    @Test(
        arguments: [
            ("rgb:ffff/ffff/ffff", [:], "theme light"), ("rgb:1c1c/1c1c/1c1c", [:], "theme dark"),
            ("rgb:1c1c/1c1c/1c1c", ["COLORFGBG": "0;15"], "theme dark"), (nil, ["COLORFGBG": "0;15"], "theme light"),
            (nil, [:], "theme mono"),
        ] as [(String?, [String: String], String)])
    func theThemeIsThatOfTheBackground(
        answer: String?, environment: [String: String], expected: String
    ) async throws {
        let folder = Program.dataFolder()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = folder + "/config.toml"
        try "[theme]\ndark = \"dark\"\nlight = \"light\"\nfallback = \"mono\"\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let terminal = try #require(
            PseudoTerminal(
                Program.path, ["--demo", "--config", file], environment: Program.environment(environment), width: 120,
                height: 40, background: answer))
        #expect(await terminal.screen("type here", expected) != nil)
        #expect(terminal.screen.wasAskedForBackground)
        #expect(!terminal.screen.text.contains("rgb:"))
        try await quit(terminal, folder)
    }

    @Test func whoNamesOneThemeIsNotAskedAbout() async throws {
        let (terminal, folder) = try await open("dark", [])
        try await quit(terminal, folder)
        #expect(!terminal.screen.wasAskedForBackground)
    }

    /// The terminal's own colours stay its own beside 24-bit ones.
    @Test func namedColoursStayNamed() async throws {
        let (terminal, folder) = try await open("terminal", ["--color", "truecolor"])
        let colours = Set(terminal.screen.cells.flatMap { $0.map(\.foreground) }).subtracting([""])
        #expect(!colours.isEmpty)
        #expect(colours.allSatisfy { Int($0).map { 30...37 ~= $0 || 90...97 ~= $0 } ?? false }, "\(colours)")
        try await quit(terminal, folder)
    }
}
