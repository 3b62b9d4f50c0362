import Conversations
import FunctionTools
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// What a person typed or was told is never lost, and never done when it was only to be said.
@Suite struct NothingLostTests {
    private func saved(_ driver: Driver) -> [ConversationChange] {
        driver.effects.flatMap { effect -> [ConversationChange] in
            if case .save(let changes) = effect { changes } else { [] }
        }
    }

    @Test func whatRunsWhileAnotherConversationIsReadStaysInItsOwn() throws {
        let driver = try Driver()
        let other = StoredConversation(
            id: "old-1",
            messages: [
                StoredMessage(id: 1, parent: nil, author: .user, text: "old question"),
                StoredMessage(
                    id: 2, parent: 1, author: .assistant, text: "old answer",
                    answer: AnswerRecord(model: "m", stamp: "")),
            ], head: 2)
        driver.ask("new question")
        let running = try #require(driver.model.running)
        driver.send(.opened(.success(other), message: nil, isElsewhere: false))
        #expect(driver.cancelled.isEmpty)
        driver.send(.stream(id: running, [.textDelta("late", choice: 0)], at: driver.now))
        driver.send(.streamEnded(id: running, nil, at: driver.now))
        #expect(driver.model.conversation.answer(2)?.response.text == "old answer")
        #expect(driver.model.left["session-1"]?.conversation.answer(2)?.response.text == "late")
        #expect(saved(driver).allSatisfy { $0.conversation != "old-1" })
    }

    @Test func whatCouldNotBeKeptIsTriedAgain() throws {
        let driver = try Driver()
        driver.ask("hello")
        let first = saved(driver)
        driver.send(.saveFailed(first, problem: "the disk is full"))
        #expect(driver.screen().contains("the disk is full"))
        driver.wait(.seconds(6))
        driver.send(.tick(driver.now))
        #expect(first.allSatisfy { saved(driver).contains($0) })
    }

    @Test func aGapInAKeptConversationHidesNothing() throws {
        let driver = try Driver()
        let torn = StoredConversation(
            id: "torn",
            messages: [
                StoredMessage(id: 1, parent: nil, author: .user, text: "first"),
                StoredMessage(id: 5, parent: 4, author: .user, text: "fifth"),
            ], head: 5)
        driver.send(.opened(.success(torn), message: nil, isElsewhere: false))
        #expect(driver.screen().contains("first"))
        #expect(driver.screen().contains("fifth"))
    }

    @Test(arguments: ["!rm -rf x", "/quit", "//usr", "!!x", "plain"])
    func aMessageThatIsEditedIsSaidAgainAndNotDone(text: String) throws {
        let driver = try Driver()
        driver.model.conversation.append(user: text)
        driver.press(.alt("2"))
        driver.press(.character("e"))
        driver.press(key: .enter)
        #expect(driver.request?.messages.map(\.text) == [text])
        #expect(!driver.quits)
        #expect(!driver.effects.contains { if case .runShell = $0 { true } else { false } })
    }

    @Test(arguments: ["ls\nrm x", "echo \u{200B}x", "echo" + String(repeating: " ", count: 30) + "; rm x"])
    func aCommandThatCannotBeSeenWholeIsNotRun(command: String) throws {
        let driver = try Driver()
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        driver.model.prompt.setText("!" + command)
        driver.press(key: .enter)
        #expect(!driver.effects.contains { if case .runShell = $0 { true } else { false } })
        #expect(driver.model.prompt.text == "!" + command)
    }

    @Test func withoutASandboxACommandIsAskedAbout() throws {
        let driver = try Driver()
        driver.ask("!ls")
        #expect(driver.screen().contains("NO SANDBOX"))
        driver.press(key: .enter)
        #expect(driver.effects.contains { if case .runShell = $0 { true } else { false } })
    }

    @Test func aQueuedPromptDoesNotFollowToAnotherBranch() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("1")
        driver.press(.alt("2"))
        driver.press(.character("r"))
        driver.press(.alt("1"))
        driver.ask("next")
        driver.press(.alt("2"))
        driver.press(.character("h"))
        #expect(driver.model.queue.isEmpty)
        #expect(driver.model.prompt.text == "next")
    }

    @Test func aDraftStaysWithItsConversation() throws {
        let driver = try Driver()
        driver.type("draft of b")
        let other = StoredConversation(
            id: "a", messages: [StoredMessage(id: 1, parent: nil, author: .user, text: "x")], head: 1,
            draft: "draft of a")
        driver.send(.opened(.success(other), message: nil, isElsewhere: false))
        #expect(driver.model.prompt.text == "draft of a")
        driver.press(.control("_"))
        #expect(driver.model.prompt.text == "draft of b")
    }

    @Test func quittingKeepsWhatIsTyped() throws {
        let driver = try Driver()
        driver.type("a")
        driver.wait(.milliseconds(100))
        driver.type("bc")
        driver.press(.control("x"))
        driver.press(.character("q"))
        #expect(driver.quits)
        #expect(saved(driver).contains { $0.what == .draft("abc") })
    }

    @Test func aClearedPromptComesBackAlsoWithABlankBefore() throws {
        let driver = try Driver()
        driver.type("  indented")
        driver.press(.control("c"))
        #expect(driver.model.prompt.isEmpty)
        driver.press(.control("_"))
        #expect(driver.model.prompt.text == "  indented")
    }

    @Test func thousandsOfMessagesAreForkedAndComparedAtOnce() throws {
        let driver = try Driver()
        let messages = (1...4_000).map { id in
            StoredMessage(
                id: id, parent: id > 1 ? id - 1 : nil, author: id % 2 == 1 ? .user : .assistant, text: "message \(id)",
                answer: id % 2 == 1 ? nil : AnswerRecord(model: "m", stamp: ""))
        }
        driver.send(
            .opened(
                .success(StoredConversation(id: "long", messages: messages, head: 4_000)), message: nil,
                isElsewhere: false))
        driver.press(.alt("2"))
        driver.press(.character("f"))
        #expect(driver.model.conversation.tree.count == 4_000)
        #expect(driver.screen().contains("message 4000"))
    }
}
