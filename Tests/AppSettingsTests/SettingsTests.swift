import AppSettings
import Foundation
import ProviderCore
import Testing

@Suite struct SettingsTests {
    private static let example = """
        default_model = "gpt-5.4"   # comment
        theme = 'dark'
        system_prompt = \"\"\"
        Two
        lines\"\"\"
        enter_sends = false

        [parameters]
        temperature = 1
        top_p = 0.25
        max_output_tokens = 1_000
        seed = -7
        stop = ["a", 'b']
        frequency_penalty = -2.0

        [profiles.work]
        base_url = " https://gateway.example.com/openai/v1/ "
        key_env = "WORK_KEY"
        organization = "org-1"
        headers = { "X-Team" = "blue-canary", X-Other = "1" }
        prices = { input = 0.15, output = "0.60", cached_input = 7.5e-2 }

        [profiles.local]
        base_url = "http://localhost:11434/v1"
        key_command = "pass show 'my key'"
        """

    @Test func valuesAndOrigins() throws {
        let (settings, warnings) = try Settings.parse(Self.example, file: "config.toml")
        #expect(warnings.isEmpty)
        #expect(settings.defaultModel == "gpt-5.4")
        #expect(settings.theme == "dark")
        #expect(settings.systemPrompt == "Two\nlines")
        #expect(!settings.enterSends)
        #expect(
            settings.parameters
                == ModelParameters(
                    temperature: 1, topP: 0.25, maxOutputTokens: 1000, seed: -7, stop: ["a", "b"], frequencyPenalty: -2)
        )
        #expect(settings.origin("theme") == .file("config.toml", line: 2))
        #expect(settings.origin("parameters.seed").description == "config.toml:12")
        #expect(settings.origin("ascii") == .builtIn)
        let work = try #require(settings.profiles["work"])
        #expect(work.baseURL == "https://gateway.example.com/openai/v1")
        #expect(work.keySource == .environment("WORK_KEY"))
        #expect(work.headers == [HTTPHeader("X-Other", "1"), HTTPHeader("X-Team", "blue-canary")])
        let prices = try #require(work.prices?.tiers[.standard])
        #expect([prices.input, prices.output, prices.cachedInput].map { $0?.perMillion } == ["0.15", "0.6", "0.075"])
        #expect(settings.profiles["local"]?.keySource == .command(["pass", "show", "my key"]))
    }

    @Test func defaults() throws {
        let settings = Settings()
        #expect(settings.theme == "terminal")
        #expect(settings.enterSends)
        #expect(!settings.ascii)
        #expect(settings.logLevel == "info")
        #expect(settings.defaultModel == nil)
        #expect(settings.parameters == ModelParameters())
        #expect(try Settings.parse("").settings == settings)
    }

    @Test(arguments: [
        (
            "theme = 3",
            "c:1:1: theme takes a theme's name, or a table of dark, light and optionally fallback, not a whole number"
        ),
        ("theme = \"\"", "c:1:1: theme is empty; leave it out or give it a value"),
        ("default_model = \"a\\nb\"", "c:1:1: default_model holds a control character; take it out"),
        ("enter_sends = \"yes\"", "c:1:1: enter_sends takes true or false, not text"),
        ("log_level = \"warn\"", "takes one of trace, debug, info, notice, warning, error, not \"warn\""),
        ("[parameters]\n  temperature = 2.5", "c:2:3: parameters.temperature takes a number from 0 to 2, not 2.5"),
        ("parameters.temperature = nan", "c:1:12: parameters.temperature takes a number from 0 to 2, not nan"),
        ("parameters.temperature = inf", "not inf"), ("parameters.temperature = 1e400", "1e400"),
        ("parameters.temperature = -1e300", "not -1e+300"),
        ("parameters.temperature = -0.1", "not -0.1"), ("parameters.temperature = \"1\"", "not text"),
        ("parameters = { top_p = 1.1 }", "c:1:16: parameters.top_p takes a number from 0 to 1, not 1.1"),
        ("parameters.max_output_tokens = 0", "takes a whole number of at least 1, not 0"),
        ("parameters.max_output_tokens = 1.5", "not a number"), ("parameters.seed = 1e3", "not a number"),
        ("parameters.stop = [\"a\",\"b\",\"c\",\"d\",\"e\"]", "takes a text or a list of up to 4 texts, not 5 texts"),
        ("parameters.stop = [1]", "not a whole number in the list"), ("parameters.stop = \"\"", "none of them empty"),
        ("parameters = 3", "c:1:1: parameters is a table, not a whole number"),
        ("theme = 2026-01-01", "not a date"),
        ("profiles = 1", "profiles is a table of tables"), ("profiles.x = 1", "c:1:10: profiles.x is a table"),
        ("[profiles.\"a b\"]", "cannot name a profile"), ("[[profiles.x]]\nkey_env = 'A'", "not a list"),
        ("[profiles.x]\nbase_url = \"gateway\"", "c:2:1: base_url \"gateway\" is no base URL"),
        (
            "[profiles.x]\nheaders = { Authorization = \"Bearer x\" }",
            "name the key by key_env, key_file or key_command"
        ),
        ("[profiles.x]\nheaders = { \"a b\" = \"x\" }", "\"a b\" is no header name"),
        ("[profiles.x]\nheaders = { a = \"x\\r\\ny\" }", "control character"),
        ("[profiles.x]\nprices = { input = -1, output = 1 }", "not -1"),
        ("[profiles.x]\nprices = { input = nan, output = 1 }", "not nan"),
        ("[profiles.x]\nprices = { input = 20000, output = 1 }", "from 0 to 10000"),
        ("[profiles.x]\nprices = { input = 1 }", "needs both input and output"),
        ("[profiles.x]\nkey_command = []", "names no program"),
        ("[profiles.x]\nkey_command = \"pass 'a\"", "a quote or a backslash that is not closed"),
        ("a = ", "c:1:"), ("\n[x", "c:2:"), ("seed = 010", "c:1:"), ("seed = 12:30", "c:1:"), ("x = no", "c:1:"),
        ("x = 10000000000000000000000000000000", "c:1:"), ("theme = 'a'\ntheme = 'b'", "c:2:"),
        ("theme = \"a\\u0000b\"", "c:1:1: holds a zero character"), ("theme = \"\u{0}\"", "zero character"),
    ])
    func mistakes(text: String, expected: String) {
        let error = #expect(throws: SettingsError.self) { try Settings.parse(text, file: "c") }
        let description = error?.description ?? ""
        #expect(description.contains(expected), "\(description)")
        #expect(description.hasPrefix("c:"), "\(description)")
    }

    @Test func everyMistakeIsToldAtOnce() throws {
        let error = #expect(throws: SettingsError.self) {
            try Settings.parse("theme = 1\nascii = 2\n[profiles.a]\nproject = 3", file: "c")
        }
        #expect(error?.problems.map(\.line) == [2, 1, 4])
    }

    @Test(arguments: [
        ("themes = 'dark'", "c:1:1: there is no setting \"themes\", did you mean theme?"),
        ("temperature = 1", "c:1:1: there is no setting \"temperature\", did you mean parameters.temperature?"),
        ("[parameters]\ntop-p = 1", "c:2:1: there is no setting \"parameters.top-p\", did you mean parameters.top_p?"),
        ("[profiles.a]\nbase-url = 'x'", "c:2:1: there is no setting \"base-url\", did you mean base_url?"),
        ("[elsewhere]\nx = 1", "c:1:2: there is no setting \"elsewhere\"; it is ignored"),
        ("\"\\u001b[31m\" = 1", "c:1:1: there is no setting \"␛[31m\"; it is ignored"),
    ])
    func unknownNamesWarn(text: String, expected: String) throws {
        let (settings, warnings) = try Settings.parse(text, file: "c")
        #expect(warnings.map(\.description) == [expected])
        #expect(settings.parameters == ModelParameters())
    }

    @Test func theSampleIsRightWhenUncommented() throws {
        let sample = Settings.sample()
        #expect(try Settings.parse(sample).warnings.isEmpty)
        var lines: [String] = []
        for line in sample.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = String(line.dropFirst(2))
            let isSetting =
                line.hasPrefix("# ") && (bare.contains(" = ") && !bare.hasSuffix(".") || bare.hasPrefix("["))
            lines.append(isSetting ? bare : String(line))
        }
        let (settings, warnings) = try Settings.parse(lines.joined(separator: "\n"))
        #expect(warnings.isEmpty)
        for field in SettingField.all {
            #expect(sample.contains("# \(field.path.split(separator: ".").last ?? "") = "))
            #expect(settings[field.path] != nil, "\(field.path)")
            #expect(settings.origin(field.path) != .builtIn, "\(field.path)")
        }
        #expect(settings.profiles["work"]?.headers == [HTTPHeader("X-Team", "tools")])
    }

    @Test func describedTellsValuesAndOrigins() throws {
        let (settings, _) = try Settings.parse(Self.example, file: "/x/config.toml")
        let lines = settings.described()
        func line(_ start: String) -> String { lines.first { $0.hasPrefix(start) } ?? "" }
        #expect(line("theme").hasSuffix("# /x/config.toml:2"))
        #expect(line("enter_sends = false").hasSuffix("# /x/config.toml:6"))
        #expect(line("log_level = \"info\"").hasSuffix("# default"))
        #expect(line("# parameters.presence_penalty =").hasSuffix("# not set"))
        #expect(lines.contains("[profiles.local]"))
        #expect(line("headers").contains("••••"))
        #expect(!lines.joined().contains("blue-canary"))
        #expect(try Settings.parse(lines.filter { !$0.hasPrefix("headers") }.joined(separator: "\n")).warnings.isEmpty)
    }

    @Test func argumentsSetValues() throws {
        var settings = Settings()
        try settings.set("theme", to: "dark", origin: .argument("--theme"))
        try settings.set("parameters.temperature", to: "0.5", origin: .argument("-t"))
        try settings.set("parameters.stop", to: "END", origin: .argument("--stop"))
        try settings.set("default_model", to: "3", origin: .argument("-m"))
        #expect(settings.theme == "dark")
        #expect(settings.parameters.temperature == 0.5)
        #expect(settings.parameters.stop == ["END"])
        #expect(settings.defaultModel == "3")
        #expect(settings.origin("theme").description == "--theme")
        let wrong = #expect(throws: FileProblem.self) { try settings.set("ascii", to: "1", origin: .builtIn) }
        #expect(wrong?.description == "ascii takes true or false, not a whole number")
        let unknown = #expect(throws: FileProblem.self) { try settings.set("thema", to: "1", origin: .builtIn) }
        #expect(unknown?.description == "there is no setting \"thema\", did you mean theme?")
    }

    /// The man page explains every setting.
    @Test func everySettingIsInTheManPage() throws {
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("../../Sources/tickertape/tickertape.1"), encoding: .utf8)
        for field in SettingField.all + SettingField.profile {
            #expect(page.contains(".It Ic \(field.path)\n"), "\(field.path)")
        }
    }
}
