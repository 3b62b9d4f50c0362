import AppSettings
import Foundation
import ProviderCore
import Testing

@Suite struct PresetTests {
    private static let text = """
        # For reviews.
        description = "Reviews code"
        model = "gpt-5.4-mini"   # cheap
        system_prompt = \"\"\"
        You review {{language}}.
        Be brief.\"\"\"
        tools = ["get_weather"]

        [parameters]
        temperature = 0.2  # calm
        reasoning_effort = "low"

        [variables]
        language = "Swift"
        """

    private func preset(_ text: String = text) throws -> Preset {
        try Preset.parse(text, name: "review", file: "p").preset
    }

    @Test func loads() throws {
        let (preset, warnings) = try Preset.parse(Self.text, name: "review", file: "p")
        #expect(warnings.isEmpty)
        #expect(
            preset
                == Preset(
                    name: "review", description: "Reviews code", model: "gpt-5.4-mini",
                    systemPrompt: "You review {{language}}.\nBe brief.", tools: ["get_weather"],
                    parameters: ModelParameters(temperature: 0.2, reasoningEffort: "low"),
                    variables: ["language": "Swift"], file: "p"))
        #expect(try Preset.parse("tools = []", name: "x").preset.tools == [])
        #expect(try Preset.parse("", name: "x").preset.tools == nil)
    }

    @Test(arguments: [
        ("[parameters]\ntemperature = 3", "p:2:1: parameters.temperature takes a number from 0 to 2, not 3"),
        ("model = 1", "p:1:1: model takes text of one line"), ("variables = 1", "p:1:1: variables is a table"),
        ("[variables]\nx = 1", "p:2:1: x takes text, not a whole number"),
        ("[variables]\n\"a b\" = 'x'", "p:2:1: \"a b\" cannot name a variable"), ("model = ", "p:1:"),
    ])
    func mistakes(text: String, expected: String) {
        let error = #expect(throws: SettingsError.self) { try Preset.parse(text, name: "x", file: "p") }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    /// What decides where a key goes cannot come from a preset, and so not from a working folder.
    @Test(arguments: ["base_url", "key_env", "headers", "profile", "theme", "prices"])
    func settingsOfEndpointsAreIgnored(name: String) throws {
        let (_, warnings) = try Preset.parse("\(name) = 'x'", name: "x", file: "p")
        #expect(warnings.first?.description.hasPrefix("p:1:1: there is no setting \"\(name)\"") == true)
    }

    @Test func savingKeepsTheFile() throws {
        var changed = try preset()
        changed.parameters.temperature = 0.7
        changed.parameters.topP = 0.5
        changed.parameters.reasoningEffort = nil
        changed.variables["tone"] = "dry"
        let text = try changed.text(over: Self.text + "\n")
        let expected =
            Self.text.replacing("0.2", with: "0.7")
            .replacing("reasoning_effort = \"low\"\n", with: "top_p = 0.5\n") + "\ntone = \"dry\"\n"
        #expect(text == expected)
        #expect(try preset(text).differences(from: changed).isEmpty)
    }

    @Test func aNewFileReadsWell() throws {
        let text = try preset().text(over: "")
        #expect(
            text == """
                description = "Reviews code"
                model = "gpt-5.4-mini"
                system_prompt = \"\"\"
                You review {{language}}.
                Be brief.\"\"\"
                tools = ["get_weather"]

                [parameters]
                temperature = 0.2
                reasoning_effort = "low"

                [variables]
                language = "Swift"

                """)
    }

    /// What somebody else changed in the file meanwhile stays, unless it is the same value.
    @Test func whatChangedElsewhereStays() throws {
        let base = try preset()
        var mine = base
        mine.model = "mine"
        let theirs = Self.text.replacing("0.2", with: "1.5").replacing("cheap", with: "their comment")
        let text = try mine.text(over: theirs, since: base)
        #expect(try preset(text).parameters.temperature == 1.5)
        #expect(try preset(text).model == "mine")
        #expect(text.contains("# their comment"))
    }

    @Test func comparing() throws {
        var other = try preset()
        #expect(try preset().differences(from: other).isEmpty)
        other.systemPrompt = "New"
        other.parameters.temperature = nil
        other.parameters.seed = 7
        other.tools = nil
        other.variables["language"] = "C"
        other.name = "another"
        #expect(
            try preset().differences(from: other) == [
                Preset.Difference(path: "system_prompt", here: "You review {{language}}.\nBe brief.", other: "New"),
                Preset.Difference(path: "tools", here: "[\"get_weather\"]", other: nil),
                Preset.Difference(path: "parameters.temperature", here: "0.2", other: nil),
                Preset.Difference(path: "parameters.seed", here: nil, other: "7"),
                Preset.Difference(path: "variables.language", here: "Swift", other: "C"),
            ])
    }

    @Test func libraryAndFolders() throws {
        let folder = try TemporaryFolder()
        try folder.write("presets/a.toml", "model = 'mine'")
        try folder.write("presets/broken.toml", "model = 1")
        try folder.write("presets/no name.toml", "model = 'x'")
        try folder.write("project/.tickertape/presets/a.toml", "model = 'theirs'\nbase_url = 'http://evil.example'")
        try folder.write("project/.tickertape/presets/b.toml", "model = 'theirs'")
        let secret = try folder.write("secret", "top = 'secret'")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/project/.tickertape/presets/link.toml", withDestinationPath: secret)
        let library = PresetLibrary(userFolder: folder.path + "/presets", workingFolder: folder.path + "/project")
        let (presets, problems) = library.list()
        #expect(
            presets.map { "\($0.name) \($0.origin) \($0.model ?? "")" } == [
                "a user mine", "a project theirs", "b project theirs",
            ])
        #expect(problems.count == 3)
        #expect(problems.contains { $0.description.contains("presets/broken.toml:1:1: model takes") })
        #expect(problems.contains { $0.description.contains("there is no setting \"base_url\"") })
        #expect(problems.contains { $0.description.contains("link.toml: is a symbolic link") })
        #expect(try library.load("a").preset.model == "mine")
        #expect(library.names() == ["a", "b", "broken", "link"])
        let error = #expect(throws: SettingsError.self) { try library.load("bb") }
        #expect(error?.description == "there is no preset \"bb\", did you mean b? (known: a, b, broken, link)")
        #expect(throws: SettingsError.self) { try library.load("../secret") }
    }

    @Test func savingToAFolder() throws {
        let folder = try TemporaryFolder()
        let saved = try preset().copy(file: nil).save(in: folder.path + "/presets")
        #expect(saved.file == folder.path + "/presets/review.toml")
        let error = #expect(throws: FileProblem.self) {
            try preset().copy(file: nil).save(in: folder.path + "/presets")
        }
        #expect(error?.message == "there is a preset of this name already")
        var changed = saved
        changed.description = nil
        #expect(try changed.save(in: folder.path, since: saved) == changed)
        let loaded = try PresetLibrary(userFolder: folder.path + "/presets", workingFolder: nil).load("review")
        #expect(loaded.preset == changed)
        var wrong = changed
        wrong.name = "../x"
        #expect(throws: FileProblem.self) { try wrong.save(in: folder.path) }
    }
}

extension Preset {
    fileprivate func copy(file: String?) -> Preset {
        var copy = self
        copy.file = file
        return copy
    }
}

@Suite struct PromptTemplateTests {
    @Test(
        arguments: [
            ("Hi {{name}}, {{ name }} and {{other}}.", ["name", "other"], "Hi Ann, Ann and {{other}}."),
            ("{{{{name}}}} {{name}}", ["name"], "{{name}} Ann"),
            ("{{a b}} {{}} {{1x}} {{ }}", [], "{{a b}} {{}} {{1x}} {{ }}"),
            ("{\"a\":{\"b\":{\"c\":{}}}}", [], "{\"a\":{\"b\":{\"c\":{}}}}"), ("{{name", [], "{{name"),
            ("{{na\nme}}", [], "{{na\nme}}"),
            ("{{{name}}}", [], "{{{name}}}"), ("x{{name}}{{name}}y", ["name"], "xAnnAnny"),
            ("{{größe}} {{user.name-1}}", ["größe", "user.name-1"], "{{größe}} {{user.name-1}}"),
            ("{{ {{name}}", ["name"], "{{ Ann"), ("", [], ""), ("{{color: 'red'}}", [], "{{color: 'red'}}"),
        ] as [(String, [String], String)])
    func templates(text: String, names: [String], filled: String) {
        let template = PromptTemplate(text)
        #expect(template.names == names)
        #expect(template.filled(["name": "Ann"]) == filled)
    }

    @Test func valuesAreNotLookedThrough() {
        #expect(PromptTemplate("{{a}}{{b}}").filled(["a": "{{b}}", "b": "x"]) == "{{b}}x")
    }

    @Test func largeTextsTakeTimeInProportion() {
        let text = String(repeating: "{{a} {{{ {{b}} ", count: 20_000)
        #expect(PromptTemplate(text).filled(["b": ""]).count == text.count - 20_000 * 5)
    }
}
