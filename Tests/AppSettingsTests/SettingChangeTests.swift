import AppSettings
import Testing

@Suite struct SettingChangeTests {
    @Test(arguments: [
        ("", "theme", "dark", "theme = \"dark\"\n"), ("", "default_model", "3", "default_model = \"3\"\n"),
        ("", "mouse", "true", "mouse = true\n"),
        ("", "parameters.temperature", "0.50", "[parameters]\ntemperature = 0.50\n"),
        ("", "parameters.stop", "['a', \"b\"]", "[parameters]\nstop = ['a', \"b\"]\n"),
        ("", "parameters.stop", "END", "[parameters]\nstop = \"END\"\n"),
        ("", "budget.day", "0.50", "[budget]\nday = 0.50\n"),
        (
            "", "profiles.work.base_url", "https://a.example/v1",
            "[profiles.work]\nbase_url = \"https://a.example/v1\"\n"
        ),
        ("# x\ntheme = 'a' # y\n", "theme", "b", "# x\ntheme = \"b\" # y\n"),
        ("", "theme", "{ dark = 'a', light = 'b' }", "theme = { dark = 'a', light = 'b' }\n"),
        (
            "[prices.m]\ninput = 1\noutput = 2\n", "prices.m.cached_input", "0.1",
            "[prices.m]\ninput = 1\noutput = 2\ncached_input = 0.1\n"
        ),
        ("", "keys.global.help", "f1", "[keys.global]\nhelp = \"f1\"\n"),
        // What was wrong before does not hinder, and can be set right.
        ("mouse = 3\n", "theme", "dark", "mouse = 3\ntheme = \"dark\"\n"),
        ("mouse = 3\n", "mouse", "false", "mouse = false\n"),
        ("", "system_prompt", "say \"x\"", "system_prompt = \"say \\\"x\\\"\"\n"),
    ])
    func sets(before: String, path: String, value: String, after: String) throws {
        #expect(try SettingChange.set(path, to: value, in: before) == after)
    }

    @Test(arguments: [
        ("thema", "x", "there is no setting \"thema\", did you mean theme?"),
        ("parameters.temperature", "2.5", "parameters.temperature takes a number from 0 to 2, not 2.5"),
        ("parameters.temperature", "1e400", "parameters.temperature takes a number from 0 to 2, not text"),
        ("mouse", "yes", "mouse takes true or false, not text"),
        ("parameters", "1", "parameters is a table, not a whole number"),
        ("profiles.x.base_url", "gateway", "base_url \"gateway\" is no base URL"),
        ("a b", "1", "\"a b\" is no path of a setting"), ("", "1", "\"\" is no path of a setting"),
        ("keys.global.help", "entr", "there is no key \"entr\", did you mean enter?"),
        ("theme", "x\u{1B}[31m", "theme holds a control character; take it out"),
        ("prices.m.input", "1", "prices.\"m\" needs both input and output"),
    ])
    func refuses(path: String, value: String, message: String) {
        let error = #expect(throws: SettingsError.self) { try SettingChange.set(path, to: value, in: "ascii = true\n") }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func unsets() throws {
        #expect(try SettingChange.unset("theme", in: "theme = 'a' # x\nascii = true\n") == "ascii = true\n")
        #expect(try SettingChange.unset("theme", in: "ascii = true\n") == nil)
        #expect(throws: SettingsError.self) {
            try SettingChange.unset("prices.m.input", in: "prices.m = { input = 1, output = 2 }")
        }
    }

    @Test func valuesByPath() throws {
        let (settings, _) = try Settings.parse(
            """
            theme = { dark = "d", light = "l" }
            [profiles.work]
            base_url = "https://a.example/v1?key=0123456789abcdef"
            headers = { X-Token = "0123456789abcdef" }
            [prices."m.1"]
            input = 1
            output = 2
            [keys.global]
            help = "f1"
            """)
        func value(_ path: String) throws -> String? { try settings.value(at: path)?.toml }
        #expect(try value("theme.light") == "\"l\"")
        #expect(try value("mouse") == "false")
        #expect(try value("default_model") == nil)
        #expect(try value("prices.\"m.1\".output") == "\"2\"")
        #expect(try value("keys.global.help") == "[\"f1\"]")
        #expect(try value("profiles.work.timeout") == nil)
        #expect(try value("profiles.work.headers.X-Token") == "\"••••cdef\"")
        #expect(try value("profiles.work.base_url")?.contains("0123456789") == false)
        for unknown in ["thema", "profiles.none.base_url", "profiles.work.key", "a b", ""] {
            #expect(throws: FileProblem.self, "\(unknown)") { try settings.value(at: unknown) }
        }
    }
}
