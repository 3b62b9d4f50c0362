import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The config editor, as people use it.
@Suite struct ConfigTests {
    static let rows = [
        SettingRow(
            path: "theme", form: .text, value: "terminal", standard: "terminal", summary: "The theme of the screen."),
        SettingRow(
            path: "enter_sends", form: .flag, value: "true", standard: "true",
            summary: "Enter sends and Alt-Enter makes a new line; false = the other way round."),
        SettingRow(
            path: "parameters.temperature", form: .number(0...2, step: 0.1, decimals: 2), value: "0.3",
            origin: "config.toml:4", summary: "Randomness. Not set: the server decides."),
        SettingRow(
            path: "tools.max_turns", form: .integer(1...1000), value: "50", standard: "50",
            summary: "Most answers with function calls in a row."),
        SettingRow(
            path: "budget.day", form: .money, value: "10", origin: "config.toml:9",
            summary: "Most that all requests of a day may cost."),
    ]

    /// Opens the editor.
    static func driver(
        _ parameters: ModelParameters = ModelParameters(), model: String = "gpt-5.4-mini"
    ) throws -> Driver {
        let driver = try Driver(parameters: parameters, model: model, settings: rows)
        driver.press(.control("x"))
        driver.press(.character("p"))
        return driver
    }

    private static func line(_ driver: Driver, _ label: String) -> String {
        driver.screen().split(separator: "\n").first { $0.contains(" \(label) ") || $0.contains("▸\(label) ") }
            .map(String.init) ?? ""
    }

    @Test func threeStatesAreToldApartWithoutColour() throws {
        let driver = try Self.driver(ModelParameters(temperature: 0.3))
        #expect(Self.line(driver, "temperature").contains("default (0.30)"))
        driver.press(key: .right)
        #expect(Self.line(driver, "temperature").contains("●"))
        #expect(Self.line(driver, "temperature").contains("] 0.40"))
        driver.press(.character("u"))
        #expect(Self.line(driver, "temperature").contains("[······"))
        #expect(Self.line(driver, "temperature").contains("not sent"))
        driver.press(.character("d"))
        #expect(Self.line(driver, "temperature").contains("default (0.30)"))
        #expect(driver.screen().contains("the default of config.toml:4"))
    }

    @Test func slidersStepJumpAndType() throws {
        let driver = try Self.driver(ModelParameters(temperature: 0.3))
        driver.press(KeyChord(.right, .shift))
        #expect(driver.model.parameters.modelParameters.temperature == 1.3)
        driver.press(key: .pageDown)
        #expect(driver.model.parameters.modelParameters.temperature == 0.3)
        driver.press(key: .end)
        #expect(driver.model.parameters.modelParameters.temperature == 2)
        driver.press(key: .home)
        #expect(driver.model.parameters.modelParameters.temperature == 0)
        driver.type("0.355")
        driver.press(key: .enter)
        #expect(driver.model.parameters.modelParameters.temperature == 0.355)
        // What is shown is what is sent: no rounding to the decimals of the step.
        #expect(Self.line(driver, "temperature").contains("] 0.355"))
    }

    @Test func outOfRangeIsRefusedAndNeverClamped() throws {
        let driver = try Self.driver(ModelParameters(temperature: 0.3))
        driver.type("2.1")
        driver.press(key: .enter)
        #expect(driver.screen().contains("✗ temperature: a number from 0 to 2, not \"2.1\""))
        #expect(driver.model.parameters.modelParameters.temperature == 0.3)
        driver.press(key: .escape)
        #expect(Self.line(driver, "temperature").contains("default (0.30)"))
        // Esc reverted the value and left the editor open.
        #expect(driver.screen().contains("configuration of"))
    }

    @Test func spaceTogglesAndCtrlUnderscoreTakesBack() throws {
        let driver = try Self.driver(ModelParameters(temperature: 0.3))
        driver.type("1.7")
        driver.press(key: .enter)
        driver.press(.character(" "))
        #expect(driver.model.parameters[.temperature] == .notSent)
        driver.press(.character(" "))
        #expect(driver.model.parameters[.temperature] == .set(.number(1.7)))
        for _ in 0..<3 { driver.press(.control("_")) }
        #expect(driver.model.parameters[.temperature] == .standard(.number(0.3)))
    }

    @Test func theLongestAnswerIsTheModels() throws {
        let driver = try Self.driver(model: "gpt-4o")
        driver.press(.character("/"))
        driver.type("max output")
        driver.press(key: .enter)
        driver.type("20000")
        driver.press(key: .enter)
        #expect(driver.screen().contains("a whole number from 1 to 16384, not \"20000\""))
        driver.press(key: .escape)
        driver.press(key: .end)
        #expect(driver.model.parameters.modelParameters.maxOutputTokens == 16384)
    }

    @Test func effortsAreTheModels() throws {
        let driver = try Self.driver(model: "gpt-5")
        driver.press(.character("/"))
        driver.type("effort")
        driver.press(key: .enter)
        driver.press(key: .home)
        #expect(driver.model.parameters.modelParameters.reasoningEffort == "minimal")
        driver.press(.character("d"))
        #expect(driver.model.parameters[.reasoningEffort] == .standard(.text("medium")))
        #expect(driver.screen().contains("takes minimal, low, medium, high;"))
    }

    @Test func whatTheModelRefusesIsMarkedWithItsReason() throws {
        let driver = try Self.driver(model: "gpt-5")
        #expect(Self.line(driver, "temperature").contains("✗ not taken by this model"))
        #expect(driver.screen().contains("✗ not taken by this model: the model refuses it"))
        #expect(!Self.line(driver, "effort").contains("not taken"))
        // The same row of a model that takes it has no mark.
        let other = try Self.driver(model: "gpt-4o")
        #expect(!Self.line(other, "temperature").contains("not taken"))
        #expect(Self.line(other, "effort").contains("not taken"))
    }

    @Test func anotherRowCanTakeAMarkAway() throws {
        let driver = try Self.driver(model: "gpt-5.4-mini")
        #expect(!Self.line(driver, "temperature").contains("not taken"))
        driver.model.parameters.set(.reasoningEffort, to: .text("high"))
        #expect(driver.screen().contains("only with reasoning effort none, here it is high"))
    }

    @Test func refusalsAreLearned() throws {
        let driver = try Driver(parameters: ModelParameters(temperature: 0.3, topP: 0.5), model: "local-model")
        driver.ask("hello")
        driver.finish(
            ProviderError(
                kind: .invalidRequest, status: 400, code: "unsupported_parameter", param: "top_p",
                message: "Unsupported parameter: 'top_p' is not supported with this model."))
        #expect(driver.screen().contains("local-model does not take top_p"))
        driver.press(.control("x"))
        driver.press(.character("p"))
        #expect(Self.line(driver, "top_p").contains("✗ not taken by this model"))
        #expect(!Self.line(driver, "temperature").contains("not taken"))
        driver.model.parameters.set(.model, to: .text("another-model"))
        #expect(!Self.line(driver, "top_p").contains("not taken"))
    }

    @Test func aRefusedValueIsMarkedUntilItIsAnother() throws {
        let driver = try Driver(parameters: ModelParameters(temperature: 1.5), model: "local-model")
        driver.ask("hello")
        driver.finish(
            ProviderError(
                kind: .invalidRequest, status: 400, param: "temperature", message: "temperature must be at most 1."))
        driver.press(.control("x"))
        driver.press(.character("p"))
        #expect(driver.screen().contains("refused by the server in this session: temperature must be at most 1."))
        driver.press(key: .left)
        #expect(!driver.screen().contains("refused by the server"))
    }

    @Test(arguments: [(500, "temperature"), (400, "messages"), (400, "seed")])
    func otherFailuresTeachNothing(status: Int, param: String) throws {
        let driver = try Driver(parameters: ModelParameters(temperature: 1.5), model: "local-model")
        driver.ask("hello")
        driver.finish(
            ProviderError(
                kind: status == 400 ? .invalidRequest : .server, status: status, param: param, message: "unsupported"))
        #expect(driver.model.obstacles().isEmpty)
    }

    @Test func theSystemPromptHasItsOwnEditorWithACount() throws {
        let driver = try Self.driver()
        driver.press(.character("/"))
        driver.type("system")
        driver.press(key: .enter)
        driver.press(key: .enter)
        driver.type("Be brief.")
        driver.press(.control("j"))
        driver.type("Be kind.")
        #expect(driver.screen().contains("system · 5~ tokens"))
        driver.press(key: .enter)
        driver.press(key: .escape)
        driver.press(key: .escape)
        #expect(driver.ask("hi")?.messages.first == ChatMessage(.system, "Be brief.\nBe kind."))
    }

    @Test func theModelIsChosenFromTheListAndTheEditorComesBack() throws {
        let driver = try Self.driver()
        driver.send(.models(.success([ModelListing(id: "gpt-4o"), ModelListing(id: "gpt-5")])))
        driver.press(key: .up)
        driver.press(key: .enter)
        driver.type("gpt-5")
        driver.press(key: .enter)
        #expect(driver.screen().contains("configuration of gpt-5 "))
    }
}

/// Settings in the config editor.
@Suite struct SettingTests {
    private func driver() throws -> Driver {
        let driver = try Driver(settings: ConfigTests.rows)
        driver.ask("/settings")
        return driver
    }

    private func saved(_ driver: Driver) -> [String: String?] {
        var saved: [String: String?] = [:]
        for case .saveSettings(let writes) in driver.configuration {
            for write in writes { saved[write.path] = .some(write.value) }
        }
        return saved
    }

    @Test func aFlagIsSwitchedHoldsAtOnceAndIsSaved() throws {
        let driver = try driver()
        driver.press(key: .down)
        driver.press(.character(" "))
        #expect(driver.model.keys.command(for: KeyChord(.enter), in: .pane(.prompt)) == .newline)
        #expect(driver.screen().contains("1 not saved"))
        driver.press(.character("s"))
        #expect(saved(driver) == ["enter_sends": "false"])
        driver.send(.configuration(.settingsSaved([SettingWrite(path: "enter_sends", value: "false")], problems: [:])))
        #expect(!driver.screen().contains("not saved"))
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    @Test func whatCannotBeSavedIsTold() throws {
        let driver = try driver()
        driver.press(key: .down)
        driver.press(key: .enter)
        driver.press(.character("s"))
        driver.send(
            .configuration(
                .settingsSaved(
                    [SettingWrite(path: "enter_sends", value: "false")],
                    problems: ["enter_sends": "config.toml is read-only"])))
        #expect(driver.screen().contains("enter_sends is not saved: config.toml is read-only"))
        driver.press(key: .down)
        driver.press(key: .up)
        #expect(driver.screen().contains("✗ not saved: config.toml is read-only"))
    }

    @Test func leavingAsksOnce() throws {
        let driver = try driver()
        driver.press(.character("/"))
        driver.type("max_turns")
        driver.press(key: .enter)
        driver.press(key: .right)
        #expect(driver.model.tools.limits.turns == 51)
        driver.press(key: .escape)
        driver.press(key: .escape)
        #expect(driver.screen().contains("Save the changed setting?"))
        driver.press(key: .escape)
        #expect(driver.screen().contains("configuration of"))
        driver.press(key: .escape)
        driver.press(.character("y"))
        #expect(saved(driver) == ["tools.max_turns": "51"])
        #expect(driver.model.overlay == nil)
    }

    @Test func aChangeBackIsNoChange() throws {
        let driver = try driver()
        driver.press(key: .down)
        driver.press(.character(" "))
        driver.press(.character(" "))
        #expect(driver.model.settings.unsavedCount == 1)
        driver.press(.character("d"))
        #expect(driver.model.settings.unsavedCount == 0)
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    @Test func aCapOfTheDayHoldsAtOnceAndIsTakenOut() throws {
        let driver = try driver()
        driver.press(.character("/"))
        driver.type("budget.day")
        driver.press(key: .enter)
        driver.type("2.50")
        driver.press(key: .enter)
        #expect(driver.model.connection.caps[.day]?.hard == Money("2.50"))
        driver.type("-1")
        driver.press(key: .enter)
        #expect(driver.screen().contains("budget.day: US dollars above 0"))
        driver.press(key: .escape)
        driver.press(key: .backspace)
        #expect(driver.model.connection.caps[.day] == nil)
        driver.press(.character("s"))
        #expect(saved(driver) == ["budget.day": String?.none])
    }

    @Test func aThemeIsLookedUpAtOnce() throws {
        let driver = try driver()
        driver.press(key: .enter)
        for _ in 0..<8 { driver.press(key: .backspace) }
        driver.type("dusk")
        driver.press(key: .enter)
        driver.send(.themes([ThemeChoice(name: "dusk", theme: Theme(name: "dusk", styles: [:]))]))
        #expect(driver.model.theme.name == "dusk")
        #expect(driver.screen().contains("configuration of"))
    }

    @Test func editsOfTheFileAreTakenAndOursStay() throws {
        let driver = try driver()
        driver.press(key: .down)
        driver.press(.character(" "))
        var rows = ConfigTests.rows
        rows[3].value = "7"
        rows[3].origin = "config.toml:12"
        driver.send(.configuration(.settings(rows)))
        #expect(driver.model.tools.limits.turns == 7)
        #expect(driver.model.settings.value("enter_sends") == "false")
    }

    @Test func withoutRowsItSaysSo() throws {
        let driver = try Driver()
        driver.ask("/settings")
        #expect(driver.screen().contains("cannot be changed here"))
    }
}

/// The config editor as it looks.
@Suite struct ConfigGoldenTests {
    @Test(arguments: [(120, 40), (80, 24)]) func parameters(width: Int, height: Int) throws {
        let driver = try ConfigTests.driver(ModelParameters(temperature: 0.3, maxOutputTokens: 2048))
        driver.model.parameters.set(.topP, to: .number(0.9))
        driver.model.parameters.set(.reasoningEffort, to: .text("high"))
        expect(driver.screen(width, height), "config-\(width)x\(height)")
        driver.press(.character("?"))
        expect(driver.screen(width, height), "config-keys-\(width)x\(height)")
    }

    @Test(arguments: [(120, 40), (80, 24)]) func settings(width: Int, height: Int) throws {
        let driver = try Driver(settings: ConfigTests.rows)
        driver.ask("/settings")
        driver.press(key: .down)
        driver.press(.character(" "))
        expect(driver.screen(width, height), "settings-\(width)x\(height)")
        driver.press(key: .escape)
        expect(driver.screen(width, height), "settings-leave-\(width)x\(height)")
    }

    @Test func systemPrompt() throws {
        let driver = try ConfigTests.driver()
        driver.press(.character("/"))
        driver.type("system")
        driver.press(key: .enter)
        driver.press(key: .enter)
        driver.type("You answer in at most three sentences and say what you do not know.")
        expect(driver.screen(80, 24), "config-system-80x24")
    }

    @Test func everySizeIsDrawn() throws {
        let driver = try ConfigTests.driver(ModelParameters(temperature: 0.3))
        for width in [0, 1, 5, 19, 20, 21, 40, 300] {
            for height in [0, 1, 5, 6, 7, 8, 9, 12, 15, 200] {
                let frame = AppFeature.view(&driver.model, size: Size(width: width, height: height))
                #expect(frame.size == Size(width: width, height: height))
            }
        }
    }

    private func expect(_ screen: String, _ name: String) {
        let difference = Golden.difference(screen, name, testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
