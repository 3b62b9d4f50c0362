import Foundation
import TestSupport
import Testing

/// `themes`, by the built program.
@Suite(.serialized) struct ThemesCommandTests {
    @Test func checkOfAllThemesIsFine() async throws {
        let result = try await Program.run(["themes", "check"])
        #expect(result.code == 0)
        #expect(result.output.split(separator: "\n").count == 8)
        #expect(result.output.contains("gruvbox-dark: ok\n"))
        #expect(result.errors.isEmpty)
    }

    @Test func checkTellsPlaceAndFigures() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "themes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "mine.toml")
        try "inherits = \"dark\"\nwarn = \"#333344\"\nrole.usr = \"red\"".write(
            to: file, atomically: true, encoding: .utf8)
        let result = try await Program.run(["themes", "check", file.path])
        #expect(result.code == 65)
        #expect(result.errors.contains("mine.toml:2:1: warn: contrast 1.4 is below 4.5"))
        #expect(result.errors.contains("mine.toml:3:6: there is no scope \"role.usr\", did you mean role.user?"))
        #expect(result.errors.contains("2 problems in themes"))
        #expect(result.output.contains("scope  text     ground"))
        let verbose = try await Program.run(["themes", "check", "-v", "dark"])
        #expect(verbose.code == 0)
        #expect(verbose.output.contains("code.keyword"))
        #expect(try await Program.run(["themes", "check", "drak"]).code == 65)
    }

    @Test func previewIsPlainInAPipe() async throws {
        let plain = try await Program.run(["themes", "preview", "light"])
        #expect(plain.code == 0)
        #expect(!plain.output.contains("\u{1B}") && plain.output.contains("code.keyword"))
        let indexed = try await Program.run(["themes", "preview", "light", "--color", "256"])
        #expect(indexed.output.contains("\u{1B}[") && indexed.output.contains("38;5;"))
        let before = try await Program.run(["--color", "truecolor", "themes", "preview", "light"])
        #expect(before.output.contains("38;2;"))
        #expect(try await Program.run(["themes", "preview", "nothing"]).code == 65)
        #expect(try await Program.run(["themes", "preview", "--color", "pink"]).code == 64)
    }

    @Test func aNewThemeIsATheme() async throws {
        let result = try await Program.run(["themes", "new", "--from", "catppuccin-mocha"])
        #expect(result.code == 0)
        #expect(result.output.contains("inherits = \"catppuccin-mocha\""))
        #expect(try await Program.run(["themes", "new", "--from", "nothing"]).code == 65)
    }
}
