import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Presets, as people use them.
@Suite struct PresetTests {
    static let brief = Preset(
        name: "brief", summary: "one sentence, no more",
        values: [
            .temperature: .number(0.2), .maxOutputTokens: .integer(256),
            .systemPrompt: .text("You are terse.\nOne sentence."),
        ])
    static let poet = Preset(
        name: "poet", summary: "verses",
        values: [.temperature: .number(1.2), .systemPrompt: .text("You are terse.\nYou rhyme.")], tools: [])

    static func driver(_ parameters: ModelParameters = ModelParameters(), tools: [Tool] = []) throws -> Driver {
        let driver = try Driver(parameters: parameters, tools: ToolDesk(tools))
        driver.send(.configuration(.presets([poet, brief], problems: [])))
        return driver
    }

    private func lists(_ driver: Driver) -> Bool {
        driver.configuration.contains { if case .listPresets = $0 { true } else { false } }
    }

    private func choose(_ name: String, _ driver: Driver) {
        driver.press(.control("x"))
        driver.press(.character("o"))
        driver.send(.configuration(.presets([Self.poet, Self.brief], problems: [])))
        driver.type(name)
    }

    @Test func oneIsChosenAppliedStampedAndTakenBack() throws {
        let driver = try Self.driver(ModelParameters(temperature: 0.9, seed: 3))
        driver.model.parameters.set(.topP, to: .number(0.5))
        choose("bri", driver)
        #expect(driver.screen().contains("one sentence, no more"))
        driver.press(key: .enter)
        let request = try #require(driver.ask("hi"))
        #expect(request.parameters.temperature == 0.2)
        #expect(request.parameters.maxOutputTokens == 256)
        // What the preset does not name is as at the start of the session: the file's seed, no top_p.
        #expect(request.parameters.seed == 3)
        #expect(request.parameters.topP == nil)
        #expect(request.messages.first == ChatMessage(.system, "You are terse.\nOne sentence."))
        #expect(driver.model.conversation.lastAnswer?.stamp.parameters == "brief · T=0.2 max=256 seed=3 +system")
        driver.answer("Hello.")
        driver.ask("/set temperature 0.3")
        driver.ask("again")
        #expect(driver.model.conversation.lastAnswer?.stamp.parameters.hasPrefix("brief* · T=0.3") == true)
        driver.answer("Hello.")
        driver.press(.control("x"))
        driver.press(.character("O"))
        let before = try #require(driver.ask("and now"))
        #expect(before.parameters.temperature == 0.9)
        #expect(before.parameters.topP == 0.5)
        #expect(driver.model.conversation.lastAnswer?.stamp.parameters.hasPrefix("T=0.9") == true)
    }

    @Test func backToItsValuesTheStarGoes() throws {
        let driver = try Self.driver()
        choose("brief", driver)
        driver.press(key: .enter)
        driver.ask("/set temperature 0.3")
        #expect(driver.model.presetMark == "brief*")
        driver.ask("/set temperature 0.2")
        #expect(driver.model.presetMark == "brief")
    }

    @Test func aCapOnCostIsNoMatterOfAPreset() throws {
        let driver = try Self.driver()
        driver.ask("/set max_cost 0.05")
        var dear = Self.brief
        dear.values[.maxCost] = .money(Money(picodollars: 1_000_000_000_000_000))
        driver.ask("/preset brief")
        driver.send(.configuration(.presets([dear], problems: [])))
        #expect(driver.model.parameters.maxCost == Money("0.05"))
        driver.ask("/set max_cost 0.10")
        #expect(driver.model.presetMark == "brief")
    }

    @Test func oneIsAppliedByName() throws {
        let driver = try Self.driver()
        driver.ask("/preset poet")
        #expect(lists(driver))
        driver.send(.configuration(.presets([Self.poet], problems: ["presets/old.toml:3: no such parameter"])))
        #expect(driver.model.presetMark == "poet")
        #expect(driver.screen().contains("presets/old.toml:3"))
        driver.ask("/preset nobody")
        driver.send(.configuration(.presets([Self.poet], problems: [])))
        #expect(driver.screen().contains("There is no preset \"nobody\": poet."))
    }

    @Test func functionsAreSwitchedButNeverThoseOfTheWorkingFolder() throws {
        let project = Tool(ToolDefinition(name: "deploy"), origin: .project)
        let driver = try Self.driver(tools: [ToolTests.weather, project])
        var preset = Self.brief
        preset.tools = ["deploy"]
        driver.ask("/preset brief")
        driver.send(.configuration(.presets([preset], problems: [])))
        #expect(driver.model.tools.offered.isEmpty)
        #expect(driver.screen().contains("not switched on: deploy"))
        #expect(driver.model.presetMark == "brief")
        driver.ask("/undo-preset")
        #expect(driver.model.tools.offered.map(\.name) == ["get_weather"])
    }

    @Test func whatIsSetNowIsKept() throws {
        let driver = try Self.driver()
        driver.ask("/set temperature 0.4")
        driver.ask("/save-preset calm")
        guard case .savePreset(let preset, false)? = driver.configuration.first else {
            Issue.record("nothing is saved")
            return
        }
        #expect(preset.name == "calm")
        #expect(preset.values == [.temperature: .number(0.4)])
        driver.send(.configuration(.presetSaved(preset, .saved("Kept in presets/calm.toml."))))
        #expect(driver.screen().contains("Kept in presets/calm.toml."))
        #expect(driver.model.presetMark == "calm")
    }

    @Test func savingOverAsks() throws {
        let driver = try Self.driver()
        driver.ask("/save-preset brief")
        #expect(driver.configuration.isEmpty)
        #expect(driver.screen().contains("save over it? y/N"))
        driver.press(key: .enter)
        #expect(driver.configuration.isEmpty)
        #expect(driver.screen().contains("Enter saves"))
        driver.press(key: .enter)
        driver.press(.character("y"))
        guard case .savePreset(let preset, true)? = driver.configuration.first else {
            Issue.record("nothing is saved")
            return
        }
        // The file may have come since the list was read.
        driver.send(.configuration(.presetSaved(preset, .exists)))
        #expect(driver.screen().contains("save over it? y/N"))
        driver.press(key: .escape)
        driver.press(key: .escape)
        driver.send(.configuration(.presetSaved(preset, .failed("the disk is full"))))
        #expect(driver.screen().contains("Preset brief is not saved: the disk is full"))
    }

    @Test(arguments: ["a/b", "..", "naïve", "a b", String(repeating: "x", count: 65)])
    func badNamesAreRefused(name: String) throws {
        let driver = try Self.driver()
        driver.ask("/save-preset \(name)")
        #expect(driver.configuration.isEmpty)
        #expect(driver.screen().contains("letters, digits"))
    }

    @Test func twoAreCompared() throws {
        let driver = try Self.driver()
        choose("brief", driver)
        driver.press(.alt("m"))
        for _ in 0..<5 { driver.press(key: .backspace) }
        driver.type("poet")
        driver.press(.alt("c"))
        let screen = driver.screen()
        #expect(screen.contains("brief and poet"))
        #expect(screen.contains("temperature     0.20"))
        #expect(screen.contains("  You are terse."))
        #expect(screen.contains("- One sentence."))
        #expect(screen.contains("+ You rhyme."))
        driver.press(key: .escape)
        #expect(driver.screen().contains("presets"))
    }

    @Test func oneIsComparedWithWhatIsSetNow() throws {
        let driver = try Self.driver()
        driver.ask("/preset brief")
        driver.send(.configuration(.presets([Self.brief], problems: [])))
        driver.ask("/compare-preset")
        driver.send(.configuration(.presets([Self.brief], problems: [])))
        #expect(driver.screen().contains("They do not differ."))
        driver.press(key: .escape)
        driver.press(key: .escape)
        driver.ask("/set temperature 0.6")
        driver.ask("/compare-preset brief")
        driver.send(.configuration(.presets([Self.brief], problems: [])))
        #expect(driver.screen().contains("temperature     0.20"))
        #expect(driver.screen().contains("0.60"))
    }

    @Test func escGoesBackToWhereOneCameFrom() throws {
        let driver = try Self.driver()
        driver.ask("/compare-preset brief poet")
        driver.send(.configuration(.presets([Self.poet, Self.brief], problems: [])))
        #expect(driver.screen().contains("brief and poet"))
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
        // From the list it goes back to the list, as it was.
        choose("bri", driver)
        driver.press(.alt("c"))
        #expect(driver.screen().contains("brief and now"))
        driver.press(key: .escape)
        guard case .form(.presets(let picker))? = driver.model.overlay else {
            Issue.record("the list is not there")
            return
        }
        #expect(picker.query.text == "bri")
    }

    @Test(arguments: [
        ("a\nb\nc", "a\nc", ["  a", "- b", "  c"]), ("", "x", ["+ x"]), ("x", "", ["- x"]),
        ("a\nb", "b\na", ["- a", "  b", "+ a"]), ("same", "same", ["  same"]),
    ])
    func linesDiffer(left: String, right: String, expected: [String]) {
        let lines = LineDifference.lines(left, right).map { line in
            switch line {
            case .same(let text): "  " + text
            case .removed(let text): "- " + text
            case .added(let text): "+ " + text
            case .text, .value: "?"
            }
        }
        #expect(lines == expected)
    }
}

/// Variables of prompts.
@Suite struct VariableTests {
    @Test(arguments: [
        ("{{name}}", ["name"]), ("{{ name }} and {{b-2}} and {{name}}", ["name", "b-2"]), ("{name}", []),
        ("{{}}", []), ("{{ }}", []), ("{{1x}}", []), ("{{a.b}}", ["a.b"]), ("{{x|upper}}", []), ("{{{{name}}}}", []),
        ("{{{name}}}", []),
        ("{{größe}}", ["größe"]), ("{{open", []), ("}}{{", []), ("{{a}}{{b}}", ["a", "b"]), ("{{ a {{b}}", ["b"]),
    ])
    func namesAreFound(text: String, names: [String]) { #expect(PromptTemplate(text).names == names) }

    @Test(arguments: [
        ("Hi {{name}}.", "Hi Ada."), ("{{name}}{{ name }}", "AdaAda"), ("{{other}}", "{{other}}"),
        ("{{{{name}}}}", "{{name}}"), ("{{{name}}}", "{{{name}}}"), ("{{x|upper}} {{name}}", "{{x|upper}} Ada"),
        ("{{", "{{"),
        ("{{nested}}", "{{name}}"),
    ])
    func valuesAreFilledInOnce(text: String, filled: String) {
        #expect(PromptTemplate(text).filled(["name": "Ada", "nested": "{{name}}"]) == filled)
    }

    @Test func theyAreAskedForAndTheFilledTextIsSent() throws {
        let driver = try Driver()
        driver.ask("Greet {{name}} in {{language}}.")
        #expect(driver.request == nil)
        driver.type("Ada")
        #expect(driver.screen().contains("Greet Ada in {{language}}."))
        driver.press(key: .enter)
        driver.type("French")
        driver.press(key: .enter)
        #expect(driver.request?.messages.map(\.text) == ["Greet Ada in French."])
        #expect(driver.screen().contains("Greet Ada in French."))
        driver.answer("Bonjour Ada.")
        // The next time the last values stand there, and history has the template.
        driver.press(key: .up)
        #expect(driver.model.prompt.text == "Greet {{name}} in {{language}}.")
        driver.press(key: .enter)
        driver.press(.control("s"))
        #expect(driver.request?.messages.last?.text == "Greet Ada in French.")
    }

    @Test func escSendsNothingAndKeepsThePrompt() throws {
        let driver = try Driver()
        driver.ask("Hello {{name}}")
        driver.type("Ada")
        driver.press(key: .escape)
        #expect(driver.request == nil)
        #expect(driver.model.prompt.text == "Hello {{name}}")
        #expect(driver.model.overlay == nil)
    }

    @Test func bracesThatAreNoVariablesCanBeSent() throws {
        let driver = try Driver()
        driver.ask("What does {{name}} mean in Handlebars?")
        driver.press(.alt("s"))
        #expect(driver.request?.messages.map(\.text) == ["What does {{name}} mean in Handlebars?"])
        driver.answer("A placeholder.")
        #expect(driver.ask("And {{{{this}}}}?")?.messages.last?.text == "And {{this}}?")
    }

    @Test func thoseOfTheSystemPromptAreAskedForOnceWithThePresetsDefaults() throws {
        let preset = Preset(
            name: "tutor", values: [.systemPrompt: .text("Teach {{subject}}.")], variables: ["subject": "logic"])
        let driver = try Driver()
        driver.ask("/preset tutor")
        driver.send(.configuration(.presets([preset], problems: [])))
        driver.ask("begin")
        #expect(driver.request == nil)
        #expect(driver.screen().contains("logic"))
        driver.press(key: .enter)
        #expect(driver.request?.messages.first == ChatMessage(.system, "Teach logic."))
        driver.answer("Good.")
        #expect(driver.ask("go on")?.messages.first == ChatMessage(.system, "Teach logic."))
        driver.answer("Good.")
        // Another system prompt asks anew, also where it is asked again.
        driver.ask("/system-prompt Teach {{subject}} with {{tool}}.")
        driver.ask("/again")
        #expect(driver.request == nil)
        driver.press(key: .enter)
        driver.type("chalk")
        driver.press(key: .enter)
        #expect(driver.request?.messages.first == ChatMessage(.system, "Teach logic with chalk."))
    }

    @Test func aPromptIsFilledInBeforeItIsQueued() throws {
        let driver = try Driver()
        driver.ask("first")
        driver.ask("second for {{name}}")
        driver.type("Ada")
        driver.press(key: .enter)
        #expect(driver.model.queue.map(\.text) == ["second for Ada"])
        driver.answer("one")
        #expect(driver.request?.messages.last?.text == "second for Ada")
    }
}

/// The first half of the story of the parameters: three answers at three temperatures, one changed while an answer comes.
@Suite struct ParameterStoryTests {
    @Test func threeAnswersAtThreeTemperatures() throws {
        let driver = try Driver(settings: ConfigTests.rows)
        driver.press(.control("x"))
        driver.press(.character("p"))
        driver.type("0.2")
        driver.press(key: .enter)
        driver.press(key: .escape)
        #expect(driver.ask("name a colour")?.parameters.temperature == 0.2)
        driver.answer("Blue.")
        driver.press(.alt("t"))
        for _ in 0..<5 { driver.press(key: .right) }
        driver.press(key: .enter)
        #expect(driver.ask("another")?.parameters.temperature == 0.7)
        driver.stream(.textDelta("Gre", choice: 0))
        // Changed while the answer comes: it is the next one that changes.
        driver.press(.control("x"))
        driver.press(.character("p"))
        driver.press(key: .end)
        #expect(driver.screen().contains("* changed since the last request") || driver.screen().contains("*[━"))
        driver.press(key: .escape)
        driver.answer("en.")
        #expect(driver.ask("one more")?.parameters.temperature == 2)
        driver.answer("Ultraviolet.")
        let stamps = driver.model.conversation.entries.compactMap { entry -> String? in
            if case .answer(let answer) = entry { answer.stamp.parameters } else { nil }
        }
        #expect(stamps == ["T=0.2", "T=0.7", "T=2"])
        let screen = driver.screen()
        for stamp in ["gpt-5.4-mini · T=0.2", "gpt-5.4-mini · T=0.7", "gpt-5.4-mini · T=2"] {
            #expect(screen.contains(stamp))
        }
        expect(driver.screen(120, 40), "parameter-story-120x40")
        expect(driver.screen(80, 24), "parameter-story-80x24")
    }

    private func expect(_ screen: String, _ name: String) {
        let difference = Golden.difference(screen, name, testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
