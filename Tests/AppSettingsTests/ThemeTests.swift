import AppSettings
import Foundation
import TerminalKit
import Testing

@Suite struct ThemeTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library(_ environment: [String: String] = [:], executable: String = "") -> ThemeLibrary {
        let base = ["XDG_CONFIG_HOME": folder.path + "/config", "XDG_DATA_DIRS": folder.path + "/share"]
        return ThemeLibrary(paths: AppPaths(environment: base.merging(environment) { $1 }, executablePath: executable))
    }

    private func write(_ name: String, _ text: String) throws {
        try folder.write("config/tickertape/themes/\(name).toml", text)
    }

    private func warnings(_ text: String) throws -> [String] {
        try write("mine", text)
        return try library().load("mine").warnings.map { ($0.line.map { "\($0): " } ?? "") + $0.message }
    }

    @Test func shippedThemesAreFine() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: packageFolder + "/Themes").filter {
            $0.hasSuffix(".toml")
        }
        #expect(files.count >= 6)
        for file in files {
            let path = packageFolder + "/Themes/" + file
            let findings = try library().check(path)
            #expect(findings == [], "\(file)")
            let name = String(file.dropLast(5))
            #expect(try library().load(name).warnings == [], "\(file)")
            #expect(
                try library().load(name).theme
                    == library(executable: packageFolder + "/.build/debug/x").load(name).theme)
        }
    }

    @Test func shippedThemesDiffer() throws {
        let entries = library().list()
        #expect(
            entries.map(\.name) == [
                "catppuccin-mocha", "colour-blind-safe", "dark", "gruvbox-dark", "high-contrast", "light", "mono",
                "terminal",
            ])
        #expect(entries.allSatisfy { $0.origin == .builtIn })
        let looks = try entries.map { try library().load($0.name).theme.styles }
        #expect(Set(looks).count == entries.count)
        #expect(ThemeLibrary.fallback.name == "terminal")
        #expect(ThemeLibrary.fallback.styles.count == ThemeRole.allCases.count)
        let mono = try library().load("mono").theme
        #expect(mono.styles.values.allSatisfy { $0.foreground == .default && $0.background == .default })
    }

    @Test func valuesInEveryForm() throws {
        try write(
            "mine",
            """
            text = { fg = "ink", bg = 234 }
            "text.dim" = "#abc"
            title.nothing = 1
            md = { fg = "bright-blue", modifiers = ["bold", "underline"] }
            "md.code" = 9
            role = { user = "200", tool = { fg = "default" } }
            meter = { gradient = ["green", "#ff0", "red"] }
            [palette]
            ink = "#102030"
            [16]
            text = "white"
            "role.user" = "cyan"
            md = "green"
            [mono]
            selection = { modifiers = ["reverse"] }
            """)
        let (theme, warnings) = try library().load("mine")
        #expect(warnings.map(\.line) == [3])
        func style(_ role: ThemeRole, _ colors: Int = 256) -> ThemeStyle { theme.style(role, colors: colors) }
        #expect(style(.text) == ThemeStyle(foreground: .rgb(0x10, 0x20, 0x30), background: .indexed(234)))
        #expect(style(.textDim) == ThemeStyle(foreground: .rgb(0xAA, 0xBB, 0xCC), background: .indexed(234)))
        #expect(style(.markdownHeading).modifiers == [.bold, .underline])
        #expect(style(.markdownCodeBlock) == ThemeStyle(foreground: .ansi(9), background: .indexed(234)))
        #expect(style(.roleUser).foreground == .indexed(200))
        #expect(style(.roleTool).foreground == .default)
        #expect(style(.roleAssistant) == style(.text))
        #expect(style(.meterMid).foreground == .rgb(255, 255, 0))
        #expect(style(.roleUser, 16).foreground == .ansi(6))
        // A look for 16 colours replaces only what is not told more narrowly for many.
        #expect(style(.markdownHeading, 16).foreground == .ansi(2))
        #expect(style(.markdownCode, 16) == style(.markdownCode))
        #expect(style(.border, 16).foreground == .ansi(7))
        #expect(style(.selection, 0).modifiers == .reverse)
        #expect(style(.markdownCode, 0).modifiers == [])
    }

    @Test(arguments: [
        ("\"role.usr\" = 'red'", "1: there is no scope \"role.usr\", did you mean role.user?"),
        ("error = 'readd'", "1: there is no colour \"readd\"; the line is ignored"),
        (
            "[palette]\nblood = '#f00'\n[16]\nerror = 'bloood'",
            "4: there is no colour \"bloood\", did you mean blood?; the line is ignored"
        ),
        (
            "error = { fg = 'red', modifiers = ['blink'] }",
            "1: there is no modifier \"blink\" (known: bold, dim, italic, reverse, strike, underline)"
        ),
        ("error = { foreground = 'red' }", "1: there is no scope \"error.foreground\"; it is ignored"),
        ("error = { fg = 'red', colour = 'red' }", "1: a look has no \"colour\""),
        ("error = true", "1: error takes a colour or a table of fg, bg and modifiers, not true or false"),
        ("error = 256", "1: there is no colour \"256\"; the line is ignored"),
        ("error = -1", "1: there is no colour \"-1\"; the line is ignored"),
        ("error = '#12345'", "1: there is no colour \"#12345\"; the line is ignored"),
        ("error = '#gggggg'", "1: there is no colour \"#gggggg\"; the line is ignored"),
        ("error = \"\\u001b[31m\"", "1: there is no colour \"␛[31m\"; the line is ignored"),
        ("\"\\u001b]0;x\" = 'red'", "1: there is no scope \"␛]0;x\"; it is ignored"),
        ("[palette]\n\"A B\" = 'red'", "2: \"A B\" cannot name a colour; use a-z, 0-9, - and _"),
        ("[palette]\ndefault = 'red'", "2: default always is the terminal's own colour"),
        ("[palette]\nx = 'y'", "2: x is no colour; use #rrggbb, #rgb, 0 to 255, one of the 16 names or default"),
        ("inherits = '../../etc/passwd'", "1: inherits takes the name of a theme; it is ignored"),
        ("background = 'pink'", "1: background takes dark or light; it is ignored"),
        ("error = { gradient = ['red', 'red', 'red'] }", "1: only meter has a gradient, of three colours"),
        ("mono = 3", "1: [mono] is a table of scopes; it is ignored"),
    ])
    func badLinesAreLeftOut(text: String, expected: String) throws {
        #expect(try warnings(text) == [expected])
    }

    @Test func manyScopesAreRefusedQuickly() throws {
        let text = (0..<10_000).map { "s\($0) = 'red'" }.joined(separator: "\n")
        try write("mine", text)
        let error = #expect(throws: FileProblem.self) { try library().load("mine") }
        #expect(error?.message == "has more than 1000 entries")
        try write("mine", String(repeating: "#", count: (256 << 10) + 1))
        #expect(#expect(throws: FileProblem.self) { try library().load("mine") }?.message.contains("256 KiB") == true)
    }

    @Test func inheritance() throws {
        try write("parent", "text = 'ink'\nerror = 'blood'\nwarn = 'ink'\n[palette]\nink = 'white'\nblood = 'red'")
        try write("child", "inherits = 'parent'\nwarn = 'blood'\n[palette]\nink = 'black'")
        let theme = try library().load("child").theme
        #expect(theme.name == "child")
        #expect(theme.style(.text, colors: 256).foreground == .ansi(0))
        #expect(theme.style(.error, colors: 256).foreground == .ansi(1))
        #expect(theme.style(.warning, colors: 256).foreground == .ansi(1))
        try write("lost", "inherits = 'parent'\nwarn = 'nothing'")
        #expect(try library().load("lost").warnings.map(\.line) == [2])
        try write("from-default", "inherits = 'default'\nerror = 'magenta'")
        #expect(try library().load("from-default").warnings.isEmpty)
    }

    @Test func inheritanceEnds() throws {
        func failure(_ name: String) -> String {
            (#expect(throws: FileProblem.self) { try library().load(name) })?.description ?? ""
        }
        try write("a", "inherits = 'b'")
        try write("b", "inherits = 'a'")
        try write("self", "inherits = 'self'")
        #expect(failure("a").contains("b.toml:1:1: themes inherit in a circle: a > b > a"))
        #expect(failure("self").contains("in a circle"))
        try write("orphan", "\ninherits = 'drk'")
        #expect(
            failure("orphan").contains("orphan.toml:2:1: there is no theme \"drk\", did you mean dark? to inherit from")
        )
        for level in 0...9 { try write("t\(level)", level == 0 ? "text = 'red'" : "inherits = 't\(level - 1)'") }
        #expect(try library().load("t8").theme.style(.text, colors: 256).foreground == .ansi(1))
        #expect(failure("t9").contains("more than 8 deep"))
    }

    @Test func searchOrder() throws {
        try folder.write("share/tickertape/themes/dark.toml", "text = 'green'")
        #expect(
            library().list().first { $0.name == "dark" }?.origin.description.hasSuffix(
                "share/tickertape/themes/dark.toml") == true)
        try write("dark", "text = 'red'")
        try write("mono", "text = 'red'")
        try write("Bad Name", "text = 'red'")
        #expect(try library().load("dark").theme.style(.text, colors: 256).foreground == .ansi(1))
        #expect(library().list().first { $0.name == "dark" }?.origin.description.contains("config/") == true)
        #expect(library().list().first { $0.name == "mono" }?.origin == .builtIn)
        #expect(try library().load("mono").theme.style(.text, colors: 256).foreground == .default)
        #expect(!library().list().contains { $0.name.contains("Bad") })
        let installed = try TemporaryFolder()
        try installed.write("share/tickertape/themes/own.toml", "text = 'red'")
        #expect(library(executable: installed.path + "/bin/tickertape").list().contains { $0.name == "own" })
    }

    @Test(arguments: ["drak", "../dark", "/etc/passwd", "", "DARK", "dark\u{0}", "\u{1B}[31m"])
    func unknownNames(name: String) throws {
        let error = #expect(throws: FileProblem.self) { try library().load(name) }
        let message = error?.message ?? ""
        #expect(message.hasPrefix("there is no theme "))
        #expect(message.contains("(known: catppuccin-mocha, colour-blind-safe, dark, "))
        #expect(!message.unicodeScalars.contains { $0.value < 0x20 })
        if name == "drak" { #expect(message.contains("did you mean dark?")) }
    }

    @Test(arguments: [
        ("text = { fg = '#777777', bg = '#888888' }", "text: contrast 1.2 is below 4.5"),
        ("text = 'default'\nwarn = '#767676'\nbackground = 'light'", nil),
        ("text = 'default'\nwarn = '#777777'\nbackground = 'light'", "warn: contrast 4.4 is below 4.5"),
        ("text = 'default'\n\"chrome.border\" = '#333333'", "chrome.border: contrast 1.6 is below 3.0"),
        ("text = 'default'\n\"chrome.border\" = 243", nil),
        ("text = 'default'\nwarn = { fg = '#ffffff', modifiers = ['dim'] }", nil),
        ("text = 'default'\nwarn = { fg = '#999999', modifiers = ['dim'] }", "warn: contrast 4.1 is below 4.5"),
        ("text = 'default'\nok = '#00c853'\nerror = '#d7a520'", "ok and error: lightness differs"),
        ("text = 'default'\nok = 'green'\nerror = 'red'", nil),
        ("error = 'red'", "text: has no look; define text"),
        ("text = 'default'\n[mono]\nselection = { modifiers = [] }", "selection: without colour it looks like text"),
        (
            "text = 'default'\n[mono]\n\"chrome.border\" = { modifiers = ['bold'] }",
            "chrome.border.focus: without colour"
        ),
        ("text = 'default'\nfoo = 1", "there is no scope \"foo\""),
    ])
    func lint(text: String, expected: String?) throws {
        // Marks that every theme needs, so that only the defect shows.
        let marks = """
            selection = { modifiers = ["reverse"] }
            "chrome.border.focus" = { modifiers = ["bold"] }
            "search.current" = { modifiers = ["reverse"] }
            """
        try write("parent", marks + (text.contains("error =") ? "" : "\nerror = { modifiers = ['bold'] }"))
        let mono = "[mono]\nerror = { modifiers = ['bold'] }"
        try write("mine", "inherits = 'parent'\n" + text + (text.contains("[mono]") ? "" : "\n" + mono))
        let findings = try library().check("mine")
        if let expected {
            #expect(findings.contains { $0.contains(expected) }, "\(findings)")
        } else {
            #expect(findings == [])
        }
    }

    @Test func checkTakesFiles() throws {
        let file = try folder.write("odd.toml", "text = 'red")
        #expect(
            #expect(throws: FileProblem.self) { try library().check(file) }?.description.contains("odd.toml:1:") == true
        )
        let name = try folder.write("Odd Name.toml", "text = 'red'")
        #expect(throws: FileProblem.self) { try library().check(name) }
        #expect(throws: FileProblem.self) { try library().check(folder.path + "/none.toml") }
    }
}
