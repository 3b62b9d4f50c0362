import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The number under the prompt.
@Suite struct SendCountTests {
    private func edge(_ driver: Driver) -> String {
        let frame = AppFeature.view(&driver.model, size: driver.model.size)
        return frame.text.split(separator: "\n").last { $0.contains(" token") }.map(String.init) ?? ""
    }

    @Test func movesWithEveryKey() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4o")
        #expect(edge(driver).isEmpty)
        driver.type("a")
        #expect(edge(driver).contains(" 11 tokens · <1% of 128k · <$0.0001 "))
        driver.type("bc")
        #expect(edge(driver).contains(" 13 tokens "))
        driver.press(key: .backspace)
        #expect(edge(driver).contains(" 12 tokens "))
        driver.press(key: .backspace)
        driver.press(key: .backspace)
        #expect(edge(driver).isEmpty)
    }

    @Test func countsTheConversation() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4o")
        driver.ask("hello")
        driver.answer("world")
        driver.type("a")
        // 3, user and hello with 3, assistant and world with 3, user and a with 3.
        #expect(driver.model.sendCount?.tokens == 3 + 12 + 17 + 8)
        #expect(driver.model.sendCount?.isExact == true)
    }

    @Test func anEditedMessageIsCountedWithWhatIsBeforeIt() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4o")
        driver.ask("hello")
        driver.answer("world")
        driver.ask("more")
        driver.answer(String(repeating: "x", count: 500))
        driver.press(.alt("2"))
        driver.press(.character("e"))
        #expect(driver.model.prompt.text == "more")
        // 3, user and hello with 3, assistant and world with 3, user and more with 3.
        #expect(driver.model.sendCount?.tokens == 3 + 12 + 17 + 11)
        #expect(driver.model.sendCount?.isExact == true)
    }

    @Test func aLongConversationIsCountedInParts() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4o")
        for _ in 1...4 {
            driver.ask("q")
            driver.answer(String(repeating: "x", count: 40_000))
        }
        driver.type("a")
        // Two pairs are counted; the others are four bytes a token for now.
        let pair = (3 + 4 + 1) + (3 + 9 + 40_000)
        #expect(driver.model.sendCount?.isExact == false)
        #expect(driver.model.sendCount?.tokens == 3 + 2 * pair + 2 * (4 + 4 + 10_000) + 8)
        driver.type("b")
        #expect(driver.model.sendCount?.isExact == true)
        #expect(driver.model.sendCount?.tokens == 3 + 4 * pair + 9)
    }

    @Test func exactCountsAreMadeReadyOnce() async throws {
        let counting = LetterCounting(isReady: false)
        let driver = try Driver(counting: counting, model: "gpt-4o")
        driver.type("a")
        guard case .prepareCounts(let model)? = driver.effects.first else {
            Issue.record("nothing is made ready")
            return
        }
        #expect(model.id == "gpt-4o")
        #expect(edge(driver).contains("~ tokens"))
        driver.type("b")
        #expect(!driver.effects.contains { if case .prepareCounts = $0 { true } else { false } })
        _ = await counting.prepare(for: model)
        driver.send(.countsReady)
        #expect(edge(driver).contains(" 12 tokens "))
    }

    @Test func whatIsTooLongIsSentOnTheSecondEnter() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4")
        driver.send(.input(.paste(String(repeating: "x", count: 9_000))))
        #expect(driver.model.sendCount?.isTooLong == true)
        driver.press(key: .enter)
        #expect(driver.request == nil)
        #expect(driver.model.flash?.text.contains("9,010 tokens, and the model takes 8,192") == true)
        driver.press(key: .enter)
        #expect(driver.request != nil)
    }

    @Test func anAnswerIsCountedAsItComes() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4o")
        driver.ask("hi")
        driver.stream(.textDelta("four", choice: 0))
        driver.stream(.textDelta("teen", choice: 0))
        #expect(driver.model.conversation.lastAnswer?.outputTokens == 8)
        #expect(driver.model.conversation.lastAnswer?.inputEstimate == 3 + 3 + 4 + 2)
        driver.stream(.usage(TokenUsage(inputTokens: 9, outputTokens: 3)))
        #expect(driver.model.conversation.lastAnswer?.outputTokens == 3)
    }
}
