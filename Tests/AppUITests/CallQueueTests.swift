import FunctionTools
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// A prompt that is typed while calls wait for a decision: it waits, and nothing is thrown away.
@Suite struct CallQueueTests {
    /// Two calls wait.
    private func waiting() throws -> Driver {
        let driver = try Driver(tools: ToolDesk([ToolTests.weather]))
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#, #"{"city": "Porto"}"#)
        return driver
    }

    @Test(arguments: [(120, 40), (80, 24)]) func theBorderSaysWhatEnterWillDo(width: Int, height: Int) throws {
        let driver = try waiting()
        #expect(driver.screen(width, height).contains("Enter queues until the calls are decided"))
        #expect(driver.ask("and tomorrow?") == nil)
        #expect(driver.model.conversation.openCalls == [0, 1], "nothing was decided")
        #expect(driver.screen(width, height).contains("1 queued: Enter refuses the calls and sends, Esc takes back"))
        driver.press(key: .escape)
        #expect(driver.model.prompt.text == "and tomorrow?")
    }

    @Test func itIsSentAfterTheAnswerToTheResults() throws {
        let driver = try waiting()
        driver.ask("and tomorrow?")
        driver.press(.alt("3"))
        driver.press(.character("n"))
        driver.press(.character("n"))
        #expect(driver.request?.messages.last?.role == .tool)
        driver.answer("I do not know.")
        #expect(driver.request?.messages.last?.text == "and tomorrow?")
    }

    @Test func enterOnAnEmptyPromptRefusesTheCallsAndSendsIt() throws {
        let driver = try waiting()
        driver.ask("never mind")
        driver.press(key: .enter)
        let messages = try #require(driver.request?.messages)
        #expect(messages.map(\.role) == [.user, .assistant, .tool, .tool, .user])
        #expect(messages.last?.text == "never mind")
        #expect(driver.screen(80, 24).contains("2 calls were left without an answer"))
    }

    @Test func editingAnOlderMessageLeavesTheCallsWaiting() throws {
        let driver = try waiting()
        driver.press(.alt("2"))
        driver.press(.character("e"))
        driver.type("!")
        driver.press(key: .enter)
        #expect(driver.request?.messages.map(\.text) == ["weather!"])
        driver.answer("Sunny.")
        driver.press(.alt("2"))
        driver.press(.character("h"))
        #expect(driver.model.conversation.openCalls == [0, 1])
    }

    @Test func afterTheLastTurnItIsSentAtOnce() throws {
        var limits = ToolLoop.Limits()
        limits.turns = 0
        let driver = try Driver(tools: ToolDesk([ToolTests.weather], limits: limits))
        driver.ask("weather")
        driver.calls("get_weather", #"{"city": "Lisbon"}"#)
        driver.ask("go on")
        driver.press(.alt("3"))
        driver.press(.character("n"))
        #expect(driver.request?.messages.last?.text == "go on")
    }
}
