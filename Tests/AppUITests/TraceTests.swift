import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

@Suite struct TraceTests {
    private func calls(_ driver: Driver) {
        driver.ask("weather")
        driver.stream(
            .toolCallDelta(ToolCallDelta(index: 0, id: "a", name: "get_weather", argumentsDelta: "{\"city\":")),
            .toolCallDelta(ToolCallDelta(index: 1, id: "b", name: "get_weather", argumentsDelta: "{\"city\":\"Oslo\"}"))
        )
        driver.stream(.toolCallDelta(ToolCallDelta(index: 0, argumentsDelta: "\"Paris\"}")))
        driver.stream(.finished(.toolCalls, choice: 0))
        driver.finish()
    }

    @Test func argumentsAssembleAndTheTraceShowsThem() throws {
        let driver = try Driver()
        calls(driver)
        let screen = driver.screen()
        #expect(screen.contains("get_weather"))
        #expect(screen.contains("{\"city\":\"Paris\"}"))
        #expect(driver.model.conversation.openCalls == [0, 1])
    }

    @Test func resultsTypedByHandGoBackAndTheConversationGoesOn() throws {
        let driver = try Driver()
        calls(driver)
        driver.press(.alt("3"))
        driver.press(.character("v"))
        driver.type("21 degrees")
        driver.press(key: .enter)
        #expect(driver.request == nil)
        driver.press(.character("n"))
        let request = try #require(driver.request)
        #expect(request.messages.map(\.role) == [.user, .assistant, .tool, .tool])
        #expect(request.messages[1].toolCalls.map(\.id) == ["a", "b"])
        #expect(request.messages[2].toolCallID == "a")
        #expect(request.messages[2].text == "21 degrees")
        #expect(request.messages[3].text.contains("refused"))
    }

    @Test func aNewPromptAnswersOpenCallsFirst() throws {
        let driver = try Driver()
        calls(driver)
        #expect(driver.ask("never mind") == nil, "it waits for decisions")
        driver.press(key: .enter)
        let request = try #require(driver.request)
        #expect(request.messages.map(\.role) == [.user, .assistant, .tool, .tool, .user])
    }

    @Test func aCutCallIsNeverSentBack() throws {
        let driver = try Driver()
        driver.ask("weather")
        driver.stream(.toolCallDelta(ToolCallDelta(index: 0, id: "a", name: "get_weather", argumentsDelta: "{\"ci")))
        driver.finish(ProviderError(kind: .connection, message: "cut"))
        driver.ask("again")
        let request = try #require(driver.request)
        #expect(request.messages.map(\.role) == [.user, .user])
        #expect(driver.screen().contains("cut off"))
    }
}
