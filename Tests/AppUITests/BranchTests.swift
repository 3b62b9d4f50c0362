import Conversations
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Branches: nothing that was said is lost, whatever is asked again, edited or taken back.
@Suite struct BranchTests {
    /// What stands on the path, by author and text.
    private func path(_ driver: Driver) -> [String] {
        driver.model.conversation.entries.compactMap { entry in
            switch entry {
            case .user(let message): "you: \(message.text)"
            case .answer(let answer): "it: \(answer.response.text)"
            default: nil
            }
        }
    }

    @Test func askingAgainMakesASiblingWithTheParametersOfNow() throws {
        let driver = try Driver()
        driver.ask("hello")
        driver.answer("one")
        driver.press(.alt("t"))
        driver.press(key: .right)
        driver.press(key: .enter)
        driver.press(.alt("2"))
        driver.press(.character("r"))
        #expect(driver.request?.messages.map(\.text) == ["hello"])
        driver.answer("two")
        #expect(path(driver) == ["you: hello", "it: two"])
        #expect(driver.screen().contains("2/2"))
        driver.press(key: .left)
        #expect(path(driver) == ["you: hello", "it: one"])
        #expect(driver.screen().contains("1/2"))
        driver.press(key: .right)
        #expect(path(driver) == ["you: hello", "it: two"])
    }

    @Test func aRunningAnswerGoesOnWhileAnotherIsAsked() throws {
        let driver = try Driver()
        driver.ask("hello")
        driver.stream(.textDelta("slow ", choice: 0))
        let first = try #require(driver.model.running)
        driver.press(.alt("2"))
        driver.press(.character("r"))
        #expect(driver.request != nil)
        #expect(driver.cancels == nil)
        driver.answer("quick")
        driver.send(
            .stream(id: first, [.textDelta("but sure", choice: 0), .finished(.stop, choice: 0)], at: driver.now))
        driver.send(.streamEnded(id: first, nil, at: driver.now))
        #expect(path(driver) == ["you: hello", "it: quick"])
        driver.press(key: .left)
        #expect(path(driver) == ["you: hello", "it: slow but sure"])
        #expect(driver.model.totals.answers == 2)
    }

    @Test func anEditedMessageLeavesTheOldBranch() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("1")
        driver.ask("two")
        driver.answer("2")
        driver.press(.alt("2"))
        driver.press(.character("e"))
        #expect(driver.model.prompt.text == "two")
        driver.type("!")
        driver.press(key: .enter)
        #expect(driver.request?.messages.map(\.text) == ["one", "1", "two!"])
        driver.answer("2!")
        driver.press(.alt("2"))
        driver.press(.character("h"))
        #expect(path(driver) == ["you: one", "it: 1", "you: two", "it: 2"])
    }

    @Test func aTurnTakenBackCanBeWalkedToAgain() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("1")
        driver.press(.control("x"))
        driver.press(.character("u"))
        #expect(path(driver).isEmpty)
        #expect(driver.model.prompt.text == "one")
        _ = driver.model.go(to: 1)
        #expect(path(driver) == ["you: one", "it: 1"])
    }

    @Test func whatIsSentWhileAnAnswerRunsWaitsForItsTurn() throws {
        let driver = try Driver()
        driver.ask("one")
        #expect(driver.ask("two") == nil)
        #expect(driver.model.prompt.isEmpty)
        #expect(driver.screen().contains("queued"))
        driver.answer("1")
        #expect(driver.request?.messages.map(\.text) == ["one", "1", "two"])
        #expect(driver.model.queue.isEmpty)
    }

    @Test func escapeTakesWhatIsQueuedBack() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.ask("two")
        driver.ask("three")
        driver.press(key: .escape)
        #expect(driver.model.prompt.text == "two\n\nthree")
        #expect(driver.model.queue.isEmpty)
    }

    @Test func aFailedAnswerDoesNotSendWhatIsQueued() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.ask("two")
        driver.finish(ProviderError(kind: .server, message: "down"))
        #expect(driver.request == nil)
        #expect(driver.model.prompt.text == "two")
    }
}

/// What the database is told, and what comes of it again.
@Suite struct SavingTests {
    private func changes(_ driver: Driver) -> [ConversationChange] {
        driver.effects.flatMap { effect -> [ConversationChange] in
            if case .save(let changes) = effect { changes } else { [] }
        }
    }

    @Test func aMessageIsKeptWithItsAnswerAtOnceAndAgainWhenThatEnds() throws {
        let driver = try Driver()
        driver.type("hello")
        driver.press(key: .enter)
        let first = changes(driver)
        #expect(first.contains { if case .message(let message) = $0.what { message.text == "hello" } else { false } })
        driver.answer("world")
        let last = changes(driver)
        let kept = last.lazy.compactMap { change -> AnswerRecord? in
            if case .message(let message) = change.what, message.text == "world" { message.answer } else { nil }
        }.first
        #expect(kept?.state == .complete)
        #expect(kept?.usage.outputTokens == 5)
        #expect(kept?.cost.state == .exact)
    }

    @Test func aRunningAnswerIsKeptOnceASecond() throws {
        let driver = try Driver()
        driver.ask("hello")
        driver.wait(.milliseconds(200))
        driver.stream(.textDelta("a", choice: 0))
        #expect(changes(driver).isEmpty)
        driver.wait(.milliseconds(900))
        driver.stream(.textDelta("b", choice: 0))
        let kept = changes(driver).compactMap { change -> StoredMessage? in
            if case .message(let message) = change.what { message } else { nil }
        }
        #expect(kept.map(\.text) == ["ab"])
        #expect(kept.first?.answer?.state == .running)
    }

    @Test func anUnsentPromptIsKept() throws {
        let driver = try Driver()
        driver.type("a")
        driver.wait(.milliseconds(100))
        driver.type("bc")
        driver.wait(.seconds(1))
        driver.send(.tick(driver.now))
        #expect(changes(driver).map(\.what) == [.draft("abc")])
    }

    @Test func revisionsGrow() throws {
        let driver = try Driver()
        var revisions: [Int64] = []
        driver.ask("one")
        revisions += changes(driver).map(\.revision)
        driver.answer("1")
        revisions += changes(driver).map(\.revision)
        #expect(revisions == revisions.sorted())
        #expect(Set(revisions).count == revisions.count)
    }

    @Test func aKeptConversationComesBackAsItWas() throws {
        let driver = try Driver()
        driver.ask("hello")
        driver.answer("one")
        driver.press(.alt("2"))
        driver.press(.character("r"))
        driver.answer("two")
        let conversation = driver.model.conversation
        let stored = StoredConversation(
            id: "old", messages: [1, 2, 3].compactMap(conversation.stored), head: 3, revision: 9)
        driver.model.conversation = Conversation(stored, now: driver.now)
        let screen = driver.screen()
        for part in ["two", "2/2", "↑10 ↓5", "defaults"] { #expect(screen.contains(part)) }
        _ = driver.model.go(to: 2)
        #expect(driver.screen().contains("one"))
        #expect(driver.model.conversation.messages(systemPrompt: nil).map(\.text) == ["hello", "one"])
    }
}
