import AppSettings
import TerminalKit
import TestSupport
import Testing

/// What `themes check`, `preview` and `new` say.
@Suite struct ThemeReportTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library() -> ThemeLibrary {
        ThemeLibrary(
            paths: AppPaths(
                environment: ["XDG_CONFIG_HOME": folder.path + "/config", "XDG_DATA_DIRS": folder.path + "/share"],
                executablePath: ""))
    }

    private func report(_ text: String) throws -> ThemeReport {
        try folder.write("config/tickertape/themes/mine.toml", text)
        return try library().report("mine")
    }

    @Test func problemsHaveTheirPlace() throws {
        let report = try report("inherits = 'dark'\n\n  warn = { fg = '#333344' }\n\"role.usr\" = 'red'")
        let file = folder.path + "/config/tickertape/themes/mine.toml"
        #expect(
            report.problems == [
                "\(file):4:1: there is no scope \"role.usr\", did you mean role.user?",
                "\(file):3:3: warn: contrast 1.4 is below 4.5",
            ])
        let table = report.table(all: false)
        #expect(table.first == "scope  text     ground   contrast  256 colours  least")
        #expect(table.count == 2 && table.last?.hasPrefix("warn   #333344  #171a21       1.4  ") == true)
        #expect(table.last?.hasSuffix("    4.5  too low") == true)
        #expect(report.table(all: true).count == report.pairs.count + 1)
        #expect(report.pairs.count == ThemeRole.allCases.count)
    }

    @Test(arguments: [
        (
            "error = '#1f242e'\n[16]\nerror = 'black'",
            "mine.toml:4:1: error: text and ground become the same at 16 colours"
        ),
        (
            "[16]\n\"diff.del\" = 'bright-green'\n\"diff.add\" = 'bright-green'",
            "diff.add: at 16 colours it looks like diff.del"
        ),
        ("[mono]\nselection = { modifiers = [] }", "mine.toml:3:1: selection: without colour it looks like text"),
        (
            "\"diff.add.word\" = { fg = '#000', bg = '#00c853' }\n\"diff.del.word\" = { fg = '#000', bg = '#d7a520' }",
            "mine.toml:2:1: diff.add.word and diff.del.word: lightness differs by only"
        ),
        ("\"chrome.title\" = { fg = '#6f7480', modifiers = [] }", "chrome.title: contrast 3.7 is below 4.5"),
        ("\"chrome.title\" = { fg = '#6f7480', modifiers = ['bold'] }", nil),
        // Red and green that only people without red cones take for each other.
        (
            "ok = '#0b4f24'\nerror = '#c9302c'\ntext = { bg = '#fbfaf6' }",
            "mine.toml:2:1: ok and error: lightness differs by only 6.1"
        ),
        ("warn = '#8a8a93'", nil),
    ])
    func findings(text: String, expected: String?) throws {
        let report = try report("inherits = 'dark'\n" + text)
        if let expected {
            #expect(report.problems.contains { $0.contains(expected) }, "\(report.problems)")
        } else {
            #expect(report.problems == [])
        }
    }

    @Test func whatIsLostIsANote() throws {
        let report = try report("inherits = 'dark'\nwarn = '#8a8b93'\n[mono]\n\"tool.ok\" = { modifiers = ['bold'] }")
        #expect(report.problems == [])
        #expect(report.notes.contains { $0.contains("tool.ok: without colour it looks like tool.error") })
    }

    @Test func allShippedThemesPass() throws {
        let names = library().list().map(\.name)
        #expect(names.count == 8)
        for name in names {
            let report = try library().report(name)
            #expect(report.problems == [], "\(name)")
            let text = report.pairs.filter { $0.role.rawValue.hasPrefix("code.") || $0.role.rawValue.hasPrefix("md.") }
            #expect(text.allSatisfy { $0.contrast >= $0.least }, "\(name)")
        }
        for name in ["dark", "light", "catppuccin-mocha", "gruvbox-dark", "high-contrast", "colour-blind-safe"] {
            #expect(try library().report(name).pairs.count == ThemeRole.allCases.count, "\(name)")
            #expect(try library().load(name).theme.gradients["meter"]?.count == 3, "\(name)")
        }
    }

    @Test func aPreviewShowsEveryScope() throws {
        let theme = try library().theme("dark")
        let plain = ThemePreview.lines(theme, colors: nil)
        #expect(!plain.joined().contains("\u{1B}"))
        for role in ThemeRole.allCases { #expect(plain.contains { $0.hasPrefix(role.rawValue + " ") }) }
        let depths = [0, 16, 256, ColorChoice.all24].map {
            ThemePreview.lines(theme, colors: $0).joined(separator: "\n")
        }
        #expect(Set(depths).count == 4)
        #expect(depths[3].contains("38;2;213;218;227;48;2;23;26;33m"))
        #expect(!depths[0].contains(";5;") && !depths[0].contains("38;2"))
        #expect(!depths[2].contains("38;2"))
        // Without its sequences each is the plain one, but for the colours that mono does not name.
        let stripped = depths[3].replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(stripped == plain.joined(separator: "\n"))
    }

    @Test func aNewThemeLooksLikeItsParent() throws {
        let text = try library().template(from: "gruvbox-dark")
        let report = try report(text)
        #expect(report.problems == [])
        let (mine, parent) = (try library().load("mine").theme, try library().load("gruvbox-dark").theme)
        #expect(mine.styles == parent.styles && mine.gradients == parent.gradients)
        // With the marks taken from all lines it is a theme by itself that looks the same.
        let lines = text.split(separator: "\n").map { $0.hasPrefix("# \"") ? String($0.dropFirst(2)) : String($0) }
        try folder.write("config/tickertape/themes/own.toml", lines.joined(separator: "\n"))
        let own = try library().load("own")
        #expect(own.warnings == [])
        #expect(own.theme.styles == parent.styles)
        #expect(throws: FileProblem.self) { try library().template(from: "nothing") }
    }
}
