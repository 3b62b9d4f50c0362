import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

@Suite struct ParameterTests {
    @Test func threeStatesAndWhatEachSends() throws {
        let driver = try Driver(parameters: ModelParameters(temperature: 0.3))
        #expect(driver.model.parameters[.temperature] == .standard(.number(0.3)))
        driver.press(.alt("5"))
        driver.press(.character("u"))
        #expect(driver.model.parameters.modelParameters.temperature == nil)
        driver.press(.character("d"))
        #expect(driver.model.parameters.modelParameters.temperature == 0.3)
        driver.press(key: .right)
        #expect(driver.model.parameters[.temperature] == .set(.number(0.4)))
    }

    @Test func typedValuesAreCheckedAndExact() throws {
        let driver = try Driver()
        driver.press(.alt("5"))
        driver.type("3")
        driver.press(key: .enter)
        #expect(driver.screen().contains("a number from 0 to 2"))
        driver.press(key: .backspace)
        driver.type("0.35")
        driver.press(key: .enter)
        #expect(driver.model.parameters.modelParameters.temperature == 0.35)
    }

    @Test(arguments: [
        ("nan", false), ("inf", false), ("1e400", false), ("-0", true), ("2", true), ("2.01", false), ("", true),
    ])
    func numbersOutsideTheRangeAreRefused(text: String, isValid: Bool) {
        let spec = ParameterSpec.of(.temperature)
        if text.isEmpty { return }
        let parsed = try? spec.parse(text)
        #expect((parsed != nil) == isValid)
    }

    @Test func stepsStayInTheRangeAndOnTheGrid() {
        let spec = ParameterSpec.of(.temperature)
        var value = ParameterValue.number(1.95)
        for _ in 0..<5 { value = spec.stepped(from: value, by: 1) ?? value }
        #expect(value == .number(2))
        #expect(spec.stepped(from: .number(0.3), by: -1) == .number(0.2))
        #expect(ParameterSpec.of(.maxOutputTokens).stepped(from: .integer(1024), by: 1) == .integer(2048))
        #expect(ParameterSpec.of(.maxOutputTokens).stepped(from: .integer(1), by: -1) == .integer(1))
        #expect(ParameterSpec.of(.maxOutputTokens).stepped(from: .integer(1_000_000), by: 20) == .integer(1_000_000))
    }

    @Test func changedValuesAreMarkedUntilTheNextRequest() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("hi")
        driver.model.parameters.set(.topP, to: .number(0.5))
        #expect(driver.model.parameters.changedSinceLastRequest(.topP))
        driver.ask("two")
        #expect(!driver.model.parameters.changedSinceLastRequest(.topP))
    }

    @Test func systemPromptIsSentFirst() throws {
        let driver = try Driver()
        driver.press(.control("x"))
        driver.press(.character("s"))
        driver.type("Be brief.")
        driver.press(key: .enter)
        driver.ask("hi")
        let request = try #require(driver.request)
        #expect(request.messages.first == ChatMessage(.system, "Be brief."))
    }
}
