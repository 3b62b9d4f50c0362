import FunctionTools
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Tool choice, parallel calls, strict, and the form of the answer, in the parameters.
@Suite struct FormatTests {
    private func driver() throws -> Driver { try Driver(tools: ToolDesk([ToolTests.weather])) }

    private func set(_ id: ParameterID, _ text: String, _ driver: Driver) {
        driver.press(.alt("5"))
        driver.model.parameters.selected = id
        driver.press(key: .enter)
        driver.model.replaceEntry(text)
        driver.press(key: .enter)
    }

    @Test func choiceParallelAndStrictAreSentWithTools() throws {
        let driver = try driver()
        set(.toolChoice, "get_weather", driver)
        set(.parallelCalls, "off", driver)
        driver.press(.alt("1"))
        let request = try #require(driver.ask("hi"))
        #expect(request.toolChoice == .function("get_weather"))
        #expect(request.parallelToolCalls == false)
        #expect(request.tools.first?.strict == nil)
    }

    @Test func withoutToolsTheyAreNotSent() throws {
        let driver = try Driver()
        set(.toolChoice, "auto", driver)
        set(.parallelCalls, "on", driver)
        driver.press(.alt("1"))
        let request = try #require(driver.ask("hi"))
        #expect(request.toolChoice == nil)
        #expect(request.parallelToolCalls == nil)
    }

    @Test func aFunctionThatIsNotOfferedCannotBeChosen() throws {
        let driver = try driver()
        set(.toolChoice, "get_wether", driver)
        driver.press(.alt("1"))
        #expect(driver.ask("hi") == nil)
        #expect(driver.screen().contains("no function \"get_wether\" is offered"))
    }

    @Test func aSchemaThatCannotBeStrictIsToldBeforeSending() throws {
        let driver = try driver()
        set(.strict, "on", driver)
        driver.press(.alt("1"))
        #expect(driver.ask("hi") == nil)
        #expect(driver.screen().contains("get_weather cannot be strict"))
    }

    @Test func anAnswerIsHeldAgainstItsSchema() throws {
        let driver = try driver()
        set(
            .responseFormat, #"{"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}"#,
            driver)
        #expect(driver.screen().contains("answer (1 property)"))
        driver.press(.alt("1"))
        let request = try #require(driver.ask("hi"))
        guard case .jsonSchema(let name, _, _)? = request.responseFormat else {
            Issue.record("no schema was sent")
            return
        }
        #expect(name == "answer")
        driver.answer(#"{"town": "Lisbon"}"#)
        #expect(driver.screen().contains("✗ breaks the schema:"))
        #expect(driver.screen().contains("city"))
        driver.ask("again")
        driver.answer(#"{"city": "Lisbon"}"#)
        #expect(driver.screen().contains("✓ matches the schema"))
        driver.ask("again")
        driver.answer("Lisbon")
        #expect(driver.screen().contains("is not JSON"))
    }

    @Test(arguments: [
        ("{", "format:"), ("[1]", "a JSON Schema is an object"), (#"{"type": "strng"}"#, "string"),
        (#"{"name": "a", "strict": true, "schema": {"type": "object"}}"#, "strict"),
    ]) func aWrongFormatIsToldWhereItIsTyped(text: String, word: String) throws {
        let driver = try driver()
        set(.responseFormat, text, driver)
        #expect(driver.screen().contains(word))
        #expect(driver.model.parameters.responseFormat == nil)
    }

    @Test func jsonModeIsAWord() throws {
        let driver = try driver()
        set(.responseFormat, "json", driver)
        driver.press(.alt("1"))
        #expect(driver.ask("hi")?.responseFormat == .jsonObject)
    }
}
