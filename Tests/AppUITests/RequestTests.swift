import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

@Suite struct RequestTests {
    @Test func promptBecomesARequestWithOnlyWhatIsSet() throws {
        let driver = try Driver()
        driver.ask("hello")
        let request = try #require(driver.request)
        #expect(request.messages == [ChatMessage(.user, "hello")])
        #expect(request.parameters == ModelParameters())
        #expect(request.model == "gpt-5.4-mini")
        #expect(driver.model.prompt.isEmpty)
    }

    @Test func parametersChangedWhileStreamingHoldForTheNextRequestOnly() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta("first", choice: 0))
        driver.press(.alt("t"))
        for _ in 0..<3 { driver.press(key: .left) }
        driver.press(key: .enter)
        #expect(driver.model.conversation.lastAnswer?.stamp.parameters == "defaults")
        driver.answer(" done")
        driver.ask("two")
        let second = try #require(driver.request)
        #expect(second.parameters.temperature == 0.7)
        #expect(driver.model.conversation.lastAnswer?.stamp.parameters == "T=0.7")
        #expect(driver.screen().contains("T=0.7"))
    }

    @Test func escapeStopsAtOnceAndKeepsTheText() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta("partial text", choice: 0))
        driver.press(key: .escape)
        #expect(driver.cancels == 1)
        #expect(driver.model.conversation.lastAnswer?.state == .cancelled)
        #expect(driver.screen().contains("partial text"))
        #expect(driver.screen().contains("cancelled"))
        driver.ask("two")
        let next = try #require(driver.request)
        #expect(next.messages.map(\.text) == ["one", "partial text", "two"])
    }

    @Test func theLastCharacterOfAPausedStreamIsShown() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta("nothing is missin", choice: 0), .textDelta("g", choice: 0))
        #expect(driver.screen().contains("nothing is missing"))
    }

    @Test func lateEventsOfACancelledStreamAreIgnored() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta("kept", choice: 0))
        driver.press(key: .escape)
        driver.send(.stream(id: 1, [.textDelta(" late", choice: 0)], at: driver.now))
        driver.send(.streamEnded(id: 1, nil, at: driver.now))
        #expect(driver.model.conversation.lastAnswer?.response.text == "kept")
        #expect(driver.model.totals.answers == 1)
    }

    @Test func aFailureKeepsTextAndSaysWhy() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta("half an ans", choice: 0))
        driver.finish(ProviderError(kind: .connection, message: "the answer was cut"))
        let screen = driver.screen()
        #expect(screen.contains("half an ans"))
        #expect(screen.contains("connection"))
        #expect(screen.contains("the answer was cut"))
        #expect(screen.contains("kept"))
    }

    @Test func newlineKeysAndBackslashMakeLines() throws {
        let driver = try Driver()
        driver.type("a")
        driver.press(.control("j"))
        driver.type("b")
        driver.press(KeyChord(.enter, .alt))
        driver.type("c\\")
        driver.press(key: .enter)
        driver.type("d")
        #expect(driver.model.prompt.text == "a\nb\nc\nd")
    }

    @Test func enterCanMakeLinesAndAltEnterSend() throws {
        let driver = try Driver(enterSends: false)
        driver.type("a")
        driver.press(key: .enter)
        driver.type("b")
        #expect(driver.request == nil)
        driver.press(KeyChord(.enter, .alt))
        #expect(driver.request?.messages.map(\.text) == ["a\nb"])
    }

    @Test func pastedTextIsNeverSent() throws {
        let driver = try Driver()
        driver.send(.input(.paste("line one\nline two\n")))
        #expect(driver.request == nil)
        #expect(driver.model.prompt.text == "line one\nline two\n")
    }

    @Test func regenerateReplacesTheAnswerWithPresentParameters() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("first")
        driver.press(.alt("5"))
        driver.press(key: .right)
        driver.press(.alt("2"))
        driver.press(.character("r"))
        let request = try #require(driver.request)
        #expect(request.messages.map(\.text) == ["one"])
        #expect(request.parameters.temperature == 1.1)
    }

    @Test func undoTakesThePromptBack() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("first")
        driver.press(.control("x"))
        driver.press(.character("u"))
        #expect(driver.model.prompt.text == "one")
        #expect(driver.model.conversation.messages(systemPrompt: nil).isEmpty)
    }

    @Test func costAndTotalsComeFromTheServersCounts() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("hi", usage: TokenUsage(inputTokens: 1_000_000, outputTokens: 1_000_000))
        let answer = try #require(driver.model.conversation.lastAnswer)
        #expect(answer.cost.amount?.exact == "5.250000")
        #expect(driver.model.totals.inputTokens == 1_000_000)
        #expect(driver.model.totals.cost.exact == "5.250000")
    }

    @Test func unknownModelHasNoPriceAndNeverShowsZero() throws {
        let driver = try Driver(demo: false)
        driver.model.parameters.set(.model, to: .text("my-own-model"))
        driver.ask("one")
        driver.stream(.textDelta("hi", choice: 0), .usage(TokenUsage(inputTokens: 3, outputTokens: 2)))
        driver.stream(.finished(.stop, choice: 0))
        driver.finish()
        #expect(driver.model.conversation.lastAnswer?.cost.amount == nil)
        #expect(!driver.screen().contains("$0.00"))
        #expect(driver.screen().contains("–"))
    }

    @Test func aHugeCallIsDrawnByItsBeginning() throws {
        let driver = try Driver()
        driver.ask("call")
        driver.stream(.toolCallDelta(ToolCallDelta(index: 0, id: "c", name: "f", argumentsDelta: "{\"a\":\"")))
        driver.stream(
            .toolCallDelta(ToolCallDelta(index: 0, argumentsDelta: String(repeating: "é\u{1B}", count: 4_000_000))))
        #expect(driver.screen().contains("{\"a\":\"é"))
    }
}
