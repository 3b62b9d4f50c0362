import AppSettings
import Foundation
import Testing

/// The settings file, written by several at once.
@Suite struct SettingsFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func change(_ path: String, _ value: String?) -> SettingsFile.Change {
        SettingsFile.Change(path: path, value: value)
    }

    @Test func severalValuesAreOneWriting() throws {
        let path = try folder.write("c.toml", "# mine\ntheme = 'dark' # calm\nascii = true\n")
        let problems = SettingsFile(path).make([
            change("theme", "light"), change("mouse", "true"), change("ascii", nil), change("budget.day", "2"),
        ])
        #expect(problems.isEmpty)
        #expect(try text(path) == "# mine\ntheme = \"light\" # calm\nmouse = true\n\n[budget]\nday = 2\n")
    }

    @Test func whatIsWrongDoesNotHinderTheRest() throws {
        let path = try folder.write("c.toml", "ascii = true\n")
        let problems = SettingsFile(path).make([
            change("mouse", "maybe"), change("ascii", "false"), change("thema", "x"),
        ])
        #expect(Set(problems.keys) == ["mouse", "thema"])
        #expect(problems["mouse"]?.contains("mouse takes true or false") == true)
        #expect(try text(path) == "ascii = false\n")
    }

    @Test func theCheckIsAskedForEachPath() throws {
        let path = folder.path + "/new/c.toml"
        let problems = SettingsFile(path).make([change("theme", "nope"), change("mouse", "true")]) { settings, path in
            path == "theme" && settings.theme == "nope" ? FileProblem("there is no theme \"nope\"") : nil
        }
        #expect(problems == ["theme": "there is no theme \"nope\""])
        #expect(try text(path) == "mouse = true\n")
    }

    @Test func manyWritersLoseNothing() async throws {
        let path = try folder.write("c.toml", "")
        let file = SettingsFile(path)
        let names = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
        let problems = await withTaskGroup(of: [String: String].self) { group in
            for name in names {
                group.addTask {
                    file.make([SettingsFile.Change(path: "profiles.\(name).default_model", value: "m")])
                }
            }
            return await group.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
        #expect(problems.isEmpty)
        #expect(try Settings.load(file: path).settings.profiles.keys.sorted() == names.sorted())
    }

    /// Somebody else writes between reading and writing: it is read again, and both are in the file.
    @Test func whoWritesMeanwhileIsNotOverwritten() throws {
        let path = try folder.write("c.toml", "mouse = false\n")
        var asked = 0
        try SettingsFile(path).rewrite { snapshot in
            asked += 1
            if asked == 1 { try folder.write("c.toml", "mouse = false\nascii = true\n") }
            return snapshot.text.replacing("false", with: "true")
        }
        #expect(asked == 2)
        #expect(try text(path) == "mouse = true\nascii = true\n")
    }

    @Test func whoNeverStopsWritingIsToldOf() throws {
        let path = try folder.write("c.toml", "")
        var asked = 0
        #expect(throws: FileProblem.self) {
            try SettingsFile(path).rewrite { _ in
                asked += 1
                try folder.write("c.toml", "# \(asked)\n")
                return "mouse = true\n"
            }
        }
        #expect(asked == 3)
        #expect(try text(path) == "# 3\n")
    }

    @Test(arguments: [
        ("[theme]\ndark = 'a'\nlight = 'b'\n", ""),
        (
            "mouse = true\n\n[theme] # both\ndark = 'a'\n# mine\nlight = 'b'\n\n[budget]\nday = 1\n",
            "mouse = true\n\n# mine\n\n[budget]\nday = 1\n"
        ),
        (
            "mouse = true\n\n[theme]\ndark = 'a'\nlight = 'b'\n\n[budget]\nday = 1\n",
            "mouse = true\n\n[budget]\nday = 1\n"
        ),
        ("[budget]\nday = 1\n[theme]\ndark = 'a'\nlight = 'b'", "[budget]\nday = 1\n"),
        ("theme = { dark = 'a', light = 'b' }\n", ""),
    ])
    func aTableIsTakenOutWhole(before: String, after: String) throws {
        #expect(try SettingChange.unset("theme", in: before) == after)
    }

    @Test func whatHasTablesOfItsOwnIsNotTakenOut() throws {
        let text = "[profiles.a]\nproject = 'x'\n[profiles.a.headers]\nX-A = 'b'\n"
        #expect(throws: SettingsError.self) { try SettingChange.unset("profiles.a", in: text) }
    }

    @Test func aTableInTheWayNamesTheWayOut() throws {
        let text = "[theme]\ndark = 'a'\nlight = 'b'\n"
        let error = #expect(throws: SettingsError.self) { try SettingChange.set("theme", to: "dark", in: text) }
        #expect(error?.description.contains("tickertape config set --unset theme") == true)
        let free = try #require(try SettingChange.unset("theme", in: text))
        #expect(try SettingChange.set("theme", to: "dark", in: free) == "theme = \"dark\"\n")
    }

    @Test(
        arguments: [
            (
                "default_profile = 'wrk'\n[profiles.work]\n", "default_profile",
                "default_profile names \"wrk\", and there is no [profiles.wrk], did you mean work? (known: work)"
            ),
            ("default_profile = 'x'\n", "default_profile", "no profile is set up yet"),
            ("default_profile = 'work'\n[profiles.work]\n", "default_profile", nil),
            ("theme = 'drak'\n", "theme", "there is no theme \"drak\", did you mean dark? (known: "),
            ("theme = { dark = 'dark', light = 'lihgt' }\n", "theme.light", "did you mean light?"),
            ("theme = { dark = 'dark', light = 'lihgt' }\n", "theme.dark", nil),
            ("theme = 'drak'\n", "mouse", nil), ("", "theme", nil),
        ] as [(String, String, String?)])
    func namesAreLookedUp(text: String, path: String, problem: String?) throws {
        let environment = ["HOME": folder.path]
        let library = ThemeLibrary(paths: AppPaths(environment: environment, executablePath: ""))
        let found = try Settings.parse(text).settings.missingName(at: path, themes: library)
        #expect((found == nil) == (problem == nil))
        if let problem { #expect(found?.message.contains(problem) == true, "\(found?.message ?? "")") }
    }

    @Test func keysStandInNoEnvironmentOfOtherPrograms() throws {
        let settings = try Settings.parse("[profiles.work]\nkey_env = 'WORK_KEY'\n").settings
        let all = ["OPENAI_API_KEY": "a", "OPENAI_ADMIN_KEY": "b", "WORK_KEY": "c", "PATH": "/bin"]
        #expect(KeylessEnvironment.of(all, settings: settings) == ["PATH": "/bin"])
        #expect(KeylessEnvironment.of(all) == ["PATH": "/bin", "WORK_KEY": "c"])
    }

    @Test func amountsHaveNoNeedlessZeros() throws {
        let settings = try Settings.parse("[budget]\nday = 10\nconversation = 0.50\nwarn.day = '2.25'\n").settings
        #expect(settings["budget.day"] == .text("10"))
        #expect(settings["budget.conversation"] == .text("0.5"))
        #expect(settings["budget.warn.day"] == .text("2.25"))
    }
}
