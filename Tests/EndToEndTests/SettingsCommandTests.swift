import Foundation
import FunctionTools
import ProviderCore
import TestSupport
import Testing

/// The commands around the settings file, as a person types them.
@Suite(.serialized) struct SettingsCommandTests {
    /// A home of its own, gone afterwards.
    private final class Home {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("tickertape-home-" + UUID().uuidString)
            .path
        var file: String { path + "/.config/tickertape/config.toml" }

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func run(_ arguments: [String], input: String? = nil, _ extra: [String: String] = [:]) async throws
            -> Program.Result
        {
            try await Program.run(arguments, input: input, ["HOME": path].merging(extra) { $1 })
        }

        func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

        func write(_ text: String) throws {
            try FileManager.default.createDirectory(
                atPath: path + "/.config/tickertape", withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
    }

    @Test func aPersonSetsReadsAndTakesOutValues() async throws {
        let home = try Home()
        try home.write("# Mine.\ntheme = 'dark' # calm\n")
        #expect(try await home.run(["config", "set", "parameters.temperature", "0.5"]).code == 0)
        #expect(try await home.run(["config", "set", "parameters.frequency_penalty", "-1"]).code == 0)
        #expect(try await home.run(["config", "set", "theme", "light"]).code == 0)
        #expect(
            try home.text()
                == "# Mine.\ntheme = \"light\" # calm\n\n[parameters]\ntemperature = 0.5\nfrequency_penalty = -1\n")
        let got = try await home.run(["config", "get", "parameters.temperature"])
        #expect(got.output == "0.5\n" && got.code == 0 && got.errors.isEmpty)
        let unset = try await home.run(["config", "get", "default_model"])
        #expect(unset.output.isEmpty && unset.code == 0 && unset.errors.contains("is not set"))
        #expect(try await home.run(["config", "set", "--unset", "theme"]).code == 0)
        #expect(try await home.run(["config", "get", "theme"]).output == "terminal\n")
    }

    @Test(
        arguments: [
            (["config", "set", "parameters.temperature", "9"], 78, "takes a number from 0 to 2, not 9"),
            (["config", "set", "thema", "x"], 78, "did you mean theme?"),
            (["config", "get", "thema"], 64, "did you mean theme?"),
            (["config", "set", "theme"], 64, "give a path and one value"),
            (["config", "set", "--unset", "theme", "theme", "x"], 64, "not both"),
            (["config", "set", "theme", "drak"], 78, "there is no theme \"drak\", did you mean dark? (known: "),
            (["config", "set", "default_profile", "nosuch"], 78, "there is no [profiles.nosuch]"),
        ] as [([String], Int32, String)])
    func mistakesChangeNothing(arguments: [String], code: Int32, words: String) async throws {
        let home = try Home()
        try home.write("theme = 'dark'\n")
        let result = try await home.run(arguments)
        #expect(result.code == code)
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(try home.text() == "theme = 'dark'\n")
    }

    @Test func aThemeForEachBackgroundGivesWayWhenItIsTakenOut() async throws {
        let home = try Home()
        try home.write("mouse = true\n\n[theme]\ndark = 'dark'\nlight = 'light'\n")
        let refused = try await home.run(["config", "set", "theme", "dark"])
        #expect(refused.code == 78)
        #expect(refused.errors.contains("tickertape config set --unset theme"), "\(refused.errors)")
        #expect(try await home.run(["config", "set", "--unset", "theme"]).code == 0)
        #expect(try await home.run(["config", "set", "theme", "dark"]).code == 0)
        #expect(try home.text() == "mouse = true\ntheme = \"dark\"\n\n")
    }

    @Test func theSettingsFileStandsForTheThemesThatItNames() async throws {
        let home = try Home()
        try home.write("[theme]\ndark = 'dark'\nlight = 'light'\n")
        let checked = try await home.run(["themes", "check", home.file])
        #expect(checked.output == "dark: ok\nlight: ok\n", "\(checked.output)\(checked.errors)")
        try home.write("[budget]\nday = 10\n")
        #expect(try await home.run(["config", "get", "budget.day"]).output == "10\n")
    }

    @Test func editingChecksBeforeItCounts() async throws {
        let home = try Home()
        try home.write("# Mine.\nmouse = true\n")
        let good = try await home.run(["config", "edit"], ["VISUAL": "sed -i 's/true/false/'"])
        #expect(good.code == 0)
        #expect(try home.text() == "# Mine.\nmouse = false\n")
        let bad = try await home.run(["config", "edit"], ["VISUAL": "", "EDITOR": "sed -i s/false/7/"])
        #expect(bad.code == 78)
        #expect(bad.errors.contains("config.toml:2:1: mouse takes true or false"), "\(bad.errors)")
        #expect(try home.text() == "# Mine.\nmouse = false\n")
        let kept = try #require(
            bad.errors.split(separator: " ").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) })
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == "# Mine.\nmouse = 7\n")
        try FileManager.default.removeItem(atPath: (kept as NSString).deletingLastPathComponent)
        #expect(try await home.run(["config", "edit"], ["EDITOR": "false"]).errors.contains("ended with exit code 1"))
        #expect(try await home.run(["config", "edit"], ["EDITOR": "no-such-editor"]).code == 78)
        #expect(try await home.run(["config", "edit"], ["EDITOR": "true"]).errors.contains("nothing was changed"))
    }

    /// On a terminal a wrong file is opened again as long as the person wants.
    @Test func editingAgain() async throws {
        let home = try Home()
        try home.write("mouse = true\n")
        let script = home.path + "/editor.sh"
        try "grep -q true $1 && sed -i s/true/7/ $1 || sed -i s/7/false/ $1\n".write(
            toFile: script, atomically: true, encoding: .utf8)
        let terminal = try #require(
            PseudoTerminal(
                Program.path, ["config", "edit"],
                environment: Program.environment(["HOME": home.path, "VISUAL": "sh '\(script)'"]), width: 100,
                height: 20))
        #expect(await terminal.screen("mouse takes true or false", "Edit again? [Y/n]") != nil)
        #expect(try home.text() == "mouse = true\n")
        terminal.type("\r")
        #expect(await terminal.exit() == 0)
        #expect(try home.text() == "mouse = false\n")
    }

    @Test func schemaAndReference() async throws {
        let home = try Home()
        let schema = try await home.run(["config", "schema"])
        #expect(schema.code == 0)
        let compiled = try JSONSchema(try JSONParser.parse(Array(schema.output.utf8)))
        #expect(compiled.isValid(try JSONParser.parse(Array(#"{"theme": "dark", "mouse": true}"#.utf8))))
        #expect(!compiled.isValid(try JSONParser.parse(Array(#"{"mouse": "yes"}"#.utf8))))
        #expect(try await home.run(["config", "reference"]).output.hasPrefix("# Settings of tickertape\n"))
    }

    @Test func keysAreChecked() async throws {
        let home = try Home()
        try home.write("mouse = true\n")
        try "[prompt]\nsend = \"entre\"\n".write(
            toFile: home.path + "/.config/tickertape/keys.toml", atomically: true, encoding: .utf8)
        let result = try await home.run(["config", "check"])
        #expect(result.code == 78)
        #expect(
            result.errors.contains("keys.toml:2:1: send = \"entre\": there is no key \"entre\", did you mean enter?"))
    }

    // MARK: doctor

    @Test func doctorOnTheDemoFindsAllInOrder() async throws {
        let home = try Home()
        let result = try await home.run(["--demo", "doctor"])
        #expect(result.code == 0, "\(result.output)")
        for part in [
            "settings: file: ~/.config", "endpoint: stream: ", "files: usage ledger: ~/.local", "terminal: TERM",
        ] {
            #expect(result.output.contains(part), "\(part)")
        }
        #expect(!result.output.contains(home.path))
    }

    @Test func doctorTellsWhatFailedFirst() async throws {
        let home = try Home()
        #expect(try await home.run(["doctor"]).code == 78)
        let dead = ["OPENAI_API_KEY": "sk-test-0123456789abcd", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]
        let refused = try await home.run(["doctor", "-o", "json"], dead)
        #expect(refused.code == 69)
        #expect(!refused.output.contains("0123456789"))
        let report = try JSONParser.parse(Array(refused.output.utf8))
        let checks = try #require(report["checks"]?.arrayValue)
        func outcome(_ name: String) -> String? {
            checks.first { $0["check"]?.stringValue == name && $0["area"]?.stringValue == "endpoint" }?["outcome"]?
                .stringValue
        }
        #expect(outcome("name") == "ok" && outcome("connection") == "failed" && outcome("stream") == "skipped")
        #expect(checks.contains { $0["detail"]?.stringValue == "OPENAI_API_KEY, ••••abcd" })
        #expect(try await home.run(["doctor", "--offline"], dead).code == 0)
        try home.write("mouse = 3\n")
        let wrong = try await home.run(["doctor"], dead)
        #expect(wrong.code == 78)
        #expect(wrong.output.contains("FAILED  settings: file: ~/.config/tickertape/config.toml:1:1: mouse takes"))
    }

    @Test func doctorTellsOfDatabases() async throws {
        let home = try Home()
        _ = try await home.run(["ask", "--demo", "hello"])
        let good = try await home.run(["doctor", "--demo", "--offline"])
        #expect(good.output.contains("usage.sqlite, version 2 totals"), "\(good.output)")
        let file = home.path + "/.local/share/tickertape/usage.sqlite"
        try "this is no database, whatever its name says".write(toFile: file, atomically: false, encoding: .utf8)
        let bad = try await home.run(["doctor", "--demo", "--offline"])
        #expect(bad.code == 74)
        #expect(bad.output.contains("FAILED  files: usage ledger: ~/.local/share/tickertape/usage.sqlite"))
    }

    // MARK: completion

    private static let hasBash = FileManager.default.isExecutableFile(atPath: "/bin/bash")

    /// What bash offers at the end of a line.
    private func offers(_ words: [String], _ home: Home) async throws -> [String] {
        let script = home.path + "/completion.bash"
        let made = try await home.run(["completion", "bash"])
        try made.output.write(toFile: script, atomically: true, encoding: .utf8)
        let quoted = words.map { "'\($0)'" }.joined(separator: " ")
        let program = """
            shopt -s extglob
            source '\(script)'
            COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
            function_name=$(complete -p tickertape | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            "$function_name" tickertape "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let folder = (Program.path as NSString).deletingLastPathComponent
        let result = try await Program.run(
            ["-c", program], ["HOME": home.path, "PATH": folder + ":/usr/bin:/bin"], program: "/bin/bash")
        return result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test(.enabled(if: hasBash)) func bashOffersCommandsOptionsAndValues() async throws {
        let home = try Home()
        try home.write("[profiles.work]\ndefault_model = 'mine-1'\n[profiles.home]\nproject = 'y'\n")
        #expect(try await offers(["tickertape", "conf"], home) == ["config"])
        #expect(
            Set(try await offers(["tickertape", "config", ""], home)).isSuperset(of: ["get", "set", "edit", "schema"]))
        #expect(try await offers(["tickertape", "ask", "--reasoning-e"], home) == ["--reasoning-effort"])
        #expect(try await offers(["tickertape", "ask", "--profile", ""], home) == ["home", "work"])
        let models = try await offers(["tickertape", "ask", "--model", "gpt-5.4-m"], home)
        #expect(models.contains("gpt-5.4-mini") && models.allSatisfy { $0.hasPrefix("gpt-5.4-m") })
        #expect(try await offers(["tickertape", "tokens", "--model", "mine"], home) == ["mine-1"])
        #expect(try await offers(["tickertape", "themes", "check", "da"], home).contains("dark"))
        #expect(
            try await offers(["tickertape", "config", "get", "parameters.temp"], home) == ["parameters.temperature"])
        #expect(try await offers(["tickertape", "completion", "f"], home) == ["fish"])
        #expect(try await offers(["tickertape", "config", "set", "theme", "da"], home) == ["dark"])
        #expect(try await offers(["tickertape", "config", "set", "default_profile", ""], home) == ["home", "work"])
        #expect(Set(try await offers(["tickertape", "config", "set", "mouse", ""], home)) == ["false", "true"])
        #expect(try await offers(["tickertape", "themes", "preview", "gru"], home) == ["gruvbox-dark"])
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func scriptsNameEveryCommand(shell: String) async throws {
        let script = try await Home().run(["completion", shell]).output
        for command in ["ask", "tokens", "models", "config", "usage", "themes", "simulate", "doctor", "completion"] {
            #expect(script.contains(command), "\(command)")
        }
        // Values that the program itself offers: those of a setting, and the themes.
        for place in ["config set -- positional@1", "themes preview -- positional@0", "themes check -- positional@0"] {
            #expect(script.contains(place), "\(place)")
        }
    }
}
