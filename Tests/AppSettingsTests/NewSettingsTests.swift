import AppSettings
import Foundation
import FunctionTools
import ProviderCore
import Testing

@Suite struct NewSettingsTests {
    @Test func values() throws {
        let (settings, warnings) = try Settings.parse(
            """
            mouse = true
            code_wrap = true
            clipboard_command = "xclip -selection 'clip board'"
            theme = { dark = "dark", light = "light" }
            """)
        #expect(warnings.isEmpty)
        #expect(settings.usesMouse && settings.wrapsCode)
        #expect(settings.clipboardCommand == ["xclip", "-selection", "clip board"])
        #expect(settings.themes == ThemeNames(dark: "dark", light: "light", fallback: "dark"))
        #expect(settings.themes.name(isLight: true) == "light")
        #expect(settings.theme == "dark")
        let standard = Settings()
        #expect(!standard.usesMouse && !standard.wrapsCode)
        #expect(standard.themes.name(isLight: true) == "terminal")
        #expect(standard.clipboardCommand == nil)
    }

    @Test(
        arguments: [
            ("15;0", false), ("0;15", true), ("12;default;7", true), ("15;default;8", false), ("15;default", nil),
            ("", nil), (nil, nil),
        ] as [(String?, Bool?)])
    func theBackgroundIsReadFromTheEnvironment(value: String?, isLight: Bool?) {
        #expect(ThemeNames.isLight(colorFgBg: value) == isLight)
    }

    @Test(arguments: [
        ("theme = { dark = \"a\" }", "c:1:1: theme needs both dark and light"),
        ("theme = { dark = \"a\", lihgt = \"b\" }", "c:1:23: theme has no \"lihgt\", did you mean light?"),
        ("[theme]\ndark = 1\nlight = \"a\"", "c:2:1: theme dark takes text, not a whole number"),
        ("editing_mode = \"vim\"", "takes one of emacs, vi, not \"vim\", did you mean vi?"),
        ("clipboard_command = []", "names no program"),
    ])
    func mistakes(text: String, expected: String) {
        let error = #expect(throws: SettingsError.self) { try Settings.parse(text, file: "c") }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            ("", nil, EditingMode.emacs), ("", "set editing-mode vi\n", .vi), ("", "  Set Editing-Mode  VI # x\n", .vi),
            ("", "# set editing-mode vi\n", .emacs), ("", "$if Bash\nset editing-mode vi\n$endif\n", .emacs),
            ("", "set editing-mode vi\nset editing-mode emacs\n", .emacs),
            ("editing_mode = 'emacs'", "set editing-mode vi", .emacs),
            ("editing_mode = 'vi'", nil, .vi),
        ] as [(String, String?, EditingMode)])
    func editingMode(text: String, inputrc: String?, mode: EditingMode) throws {
        #expect(try Settings.parse(text).settings.editingMode(inputrc: inputrc) == mode)
    }

    @Test func theReadlineFileOfTheHome() throws {
        let folder = try TemporaryFolder()
        try folder.write(".inputrc", "set editing-mode vi\n")
        let paths = AppPaths(environment: ["HOME": folder.path], executablePath: "")
        #expect(Settings().editingMode(paths: paths) == .vi)
        let other = AppPaths(environment: ["HOME": folder.path, "INPUTRC": folder.path + "/none"], executablePath: "")
        #expect(Settings().editingMode(paths: other) == .emacs)
        #expect(paths.keyFile == folder.path + "/.config/tickertape/keys.toml")
    }
}

@Suite struct SettingsSchemaTests {
    private func schema() throws -> JSONSchema { try JSONSchema(Settings.schema()) }

    /// The sample with everything uncommented, as its test reads it.
    private static func wholeSample() -> String {
        Settings.sample().split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let bare = String(line.dropFirst(2))
            let isSetting =
                line.hasPrefix("# ") && (bare.contains(" = ") && !bare.hasSuffix(".") || bare.hasPrefix("["))
            return isSetting ? bare : String(line)
        }.joined(separator: "\n")
    }

    @Test func theSampleFits() throws {
        #expect(try schema().violations(of: try Settings.json(of: Self.wholeSample())) == [])
        #expect(try schema().isValid(try Settings.json(of: "")))
    }

    /// What the settings take the schema takes, and what they refuse it refuses; apart from unknown names, of which the
    /// settings warn.
    @Test(arguments: [
        ("theme = 'dark'", true), ("theme = 3", false), ("theme = ''", false),
        ("theme = { dark = 'a', light = 'b' }", true),
        ("theme = { dark = 'a' }", false), ("parameters.temperature = 2", true),
        ("parameters.temperature = 2.1", false),
        ("parameters.seed = -7", true), ("parameters.seed = 1.5", false), ("parameters.max_output_tokens = 0", false),
        ("parameters.stop = 'a'", true), ("parameters.stop = ['a', '']", false),
        ("parameters.stop = ['a','b','c','d','e']", false), ("budget.day = 0.5", true), ("budget.day = '0.5'", true),
        ("budget.day = 0", false), ("budget.warn.day = -1", false), ("log_level = 'warn'", false),
        ("profiles.x.base_url = 'https://a.example/v1'", true), ("profiles.x.base_url = 'a.example'", false),
        ("profiles.'a b'.project = 'x'", false), ("profiles.x.prices = { input = 1 }", false),
        ("profiles.x.prices = { input = 1, output = '2.5' }", true), ("profiles.x.timeout = 0", false),
        ("prices.'m.1' = { input = 1, output = 2, cache_write = 0 }", true),
        ("prices.m = { input = 1, output = 20000 }", false),
        ("prices.m = { input = 1, output = 1, x = 1 }", false), ("keys.global.help = ['f1']", true),
        ("keys.global.help = 1", false), ("profiles.x.headers = { a = 'b' }", true),
        ("profiles.x.headers = { a = 1 }", false),
        ("profiles.x.key_command = ['pass', 'x']", true), ("profiles.x.key_command = []", false),
        ("mouse = 'yes'", false), ("tools.max_calls = 0", false),
    ])
    func schemaAndSettingsAgree(text: String, isRight: Bool) throws {
        #expect(((try? Settings.parse(text)) != nil) == isRight)
        #expect(try schema().isValid(try Settings.json(of: text)) == isRight)
    }

    @Test func unknownNamesAreFound() throws {
        #expect(try !schema().isValid(try Settings.json(of: "themes = 'dark'")))
        #expect(try !schema().isValid(try Settings.json(of: "keys.ouput.x = 'f1'")))
    }

    @Test func everySettingIsDescribed() throws {
        let text = JSONWriter.string(Settings.schema())
        for field in SettingField.all + SettingField.profile {
            #expect(text.contains(JSONWriter.string(.string(field.summary))), "\(field.path)")
        }
    }

    /// The page that is committed is what the program prints; UPDATE_GOLDEN=1 writes it anew.
    @Test func thePageIsTheTable() throws {
        let file = URL(fileURLWithPath: packageFolder + "/Sources/tickertape/SETTINGS.md")
        let page = Settings.page()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        let known = try String(contentsOf: file, encoding: .utf8)
        #expect(known == page, "SETTINGS.md is out of date; make golden FILTER=thePageIsTheTable writes it")
        for field in SettingField.all + SettingField.profile {
            #expect(page.contains("| `\(field.path.split(separator: ".").last ?? "")` |"), "\(field.path)")
        }
    }
}
