import AppSettings
import TerminalKit
import Testing

/// Gradients of themes, and the files a theme comes from.
@Suite struct ThemeGradientTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library() -> ThemeLibrary {
        ThemeLibrary(
            paths: AppPaths(
                environment: [
                    "XDG_CONFIG_HOME": folder.path + "/config", "XDG_DATA_DIRS": folder.path + "/share",
                ], executablePath: ""))
    }

    private func path(_ name: String) -> String { folder.path + "/config/tickertape/themes/\(name).toml" }

    private func write(_ name: String, _ text: String) throws {
        try folder.write("config/tickertape/themes/\(name).toml", text)
    }

    @Test func aGradientIsRead() throws {
        try write("mine", "meter = { gradient = ['leaf', 220, '#f00'] }\n[palette]\nleaf = '#00ff00'")
        let theme = try library().load("mine").theme
        #expect(theme.gradients == ["meter": [.rgb(0, 255, 0), .indexed(220), .rgb(255, 0, 0)]])
        #expect(theme.color(ofMeter: 0, colors: 256) == .rgb(0, 255, 0))
        #expect(theme.color(ofMeter: 1, colors: 1 << 24) == .rgb(255, 0, 0))
    }

    @Test func aChildCanReplaceOneStop() throws {
        try write("parent", "meter = { gradient = ['#0f0', '#ff0', '#f00'] }")
        try write("child", "inherits = 'parent'\n\"meter.high\" = '#00f'")
        #expect(try library().load("child").theme.gradients["meter"]?.last == .rgb(0, 0, 255))
        try write("plain", "\"meter.low\" = '#0f0'\n\"meter.high\" = '#f00'")
        #expect(try library().load("plain").theme.gradients == [:])
    }

    @Test func codeStandsOnItsBlock() throws {
        try write(
            "mine", "text = { fg = '#fff', bg = '#000' }\n\"md.code.block\" = { bg = '#222' }\n\"code.string\" = '#0f0'"
        )
        let theme = try library().load("mine").theme
        #expect(theme.style(.codeString, colors: 256).background == .rgb(0x22, 0x22, 0x22))
        #expect(theme.style(.codeNumber, colors: 256) == theme.style(.markdownCodeBlock, colors: 256))
        #expect(theme.style(.ok, colors: 256).background == .rgb(0, 0, 0))
        #expect(theme.style(.diffAddedWord, colors: 256) == theme.style(.diffAdded, colors: 256))
    }

    @Test func filesOfATheme() throws {
        try write("parent", "text = 'red'")
        try folder.write("share/tickertape/themes/shared.toml", "inherits = 'dark'")
        try write("child", "inherits = 'shared'")
        let shared = folder.path + "/share/tickertape/themes/"
        #expect(
            library().files(of: "child") == [
                path("child"), path("shared"), shared + "shared.toml", path("dark"), shared + "dark.toml",
            ]
        )
        try write("broken", "inherits = 'parent'\ntext = 'red")
        #expect(library().files(of: "broken") == [path("broken")])
        try write("a", "inherits = 'b'")
        try write("b", "inherits = 'a'")
        #expect(library().files(of: "a") == [path("a"), path("b")])
        #expect(library().files(of: "mono") == [])
        #expect(library().files(of: "../x") == [])
        #expect(library().files(of: "none") == [path("none"), shared + "none.toml"])
    }
}
