import AppSettings
import TerminalKit
import Testing

@Suite struct KeySettingsTests {
    private static let text = """
        [keys.global]
        palette = "ctrl-p"
        help = ["f1", "ctrl-x h"]
        [keys.output]
        "regenerate" = []
        """

    @Test func bindingsWithTheirPlaces() throws {
        let (settings, warnings) = try Settings.parse(Self.text, file: "c")
        #expect(warnings.isEmpty)
        #expect(settings.keyBindings.map(\.command) == ["help", "palette", "regenerate"])
        #expect(settings.keyBindings.map(\.scope) == [.global, .global, .output])
        let help = try #require(settings.keyBindings.first)
        #expect(help.chords == [[KeyChord(.function(1))], [.control("x"), .character("h")]])
        #expect(help.problem("there is no such command").description == "c:3:1: there is no such command")
        #expect(settings.keyBindings[2].chords.isEmpty)
        let shown = settings.described().joined(separator: "\n")
        #expect(shown.contains("[keys.global]\nhelp = [\"f1\", \"ctrl-x h\"]  # c:3\npalette = \"ctrl-p\""))
        #expect(try Settings.parse(shown).settings.keyBindings.map(\.chords) == settings.keyBindings.map(\.chords))
    }

    @Test(arguments: [
        ("[keys.global]\nhelp = \"entre\"", "c:2:1: help = \"entre\": there is no key \"entre\", did you mean enter?"),
        ("[keys.global]\nx = [\"f1\", \"ctrl-pgpu\"]", "there is no key \"pgpu\", did you mean pgup?"),
        ("[keys.global]\nx = 1", "c:2:1: x takes a key such as \"ctrl-p\", or a list of them, not a whole number"),
        ("[keys.global]\nx = [1]", "not a whole number in the list"), ("keys = 1", "c:1:1: keys is a table of tables"),
        ("keys.global = 1", "keys.global is a table, not a whole number"),
        ("[keys.global]\nx = \"ctrl-m\"", "terminals send the same for ctrl-m as for enter"),
        ("[keys.global]\nx = \"\"", "names no key"),
        ("[keys.global]\nx = \"\\u001b[2Jzz\"", "there is no key \"␛[2Jzz\""),
    ])
    func mistakes(text: String, expected: String) {
        let error = #expect(throws: SettingsError.self) { try Settings.parse(text, file: "c") }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func unknownScopesWarn() throws {
        let (_, warnings) = try Settings.parse("[keys.ouput]\nx = \"f1\"\n[keys.zzzzzz]\n", file: "c")
        #expect(
            warnings.map(\.description) == [
                "c:1:7: there is no place for keys \"ouput\", did you mean output?",
                "c:3:7: there is no place for keys \"zzzzzz\"; there are global, prompt, output, parameters, tools, meter, leader, config, bench",
            ])
    }

    @Test func aFileOfItsOwn() throws {
        let folder = try TemporaryFolder()
        var settings = try Settings.parse(Self.text, file: "config.toml").settings
        let file = try folder.write(
            "keys.toml", "[prompt]\nsend = \"enter\"\n[keys.global]\nhelp = \"f2\"\nquit = \"f10\"\n")
        let warnings = try settings.loadKeys(file: file)
        #expect(warnings.map(\.description) == ["\(file):4:1: help has its keys from config.toml:3; these are ignored"])
        #expect(settings.keyBindings.map(\.command) == ["help", "palette", "regenerate", "send", "quit"])
        #expect(try settings.loadKeys(file: folder.path + "/none.toml").isEmpty)
        let wrong = try folder.write("wrong.toml", "[prompt]\nsend = \"entr\"\n")
        let error = #expect(throws: SettingsError.self) { try settings.loadKeys(file: wrong) }
        #expect(error?.description.hasPrefix(wrong + ":2:1: send") == true)
    }
}
