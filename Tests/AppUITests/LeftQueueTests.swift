import Conversations
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// What is queued belongs to the conversation in which it was typed.
@Suite struct LeftQueueTests {
    /// Performs what the last effects ask of the store, as the real performer does.
    private func perform(_ driver: Driver, _ store: MemoryStore) {
        for effect in driver.effects {
            switch effect {
            case .save(let changes): store.keep(changes)
            case .openConversation(let id, let message):
                driver.send(.opened(.success(store.load(id)), message: message, isElsewhere: false))
                perform(driver, store)
            default: break
            }
        }
    }

    private func send(_ driver: Driver, _ store: MemoryStore, _ event: AppEvent) {
        driver.send(event)
        perform(driver, store)
    }

    /// Two prompts wait for the answer of the first conversation, and a second one is begun.
    private func leave() throws -> (driver: Driver, store: MemoryStore, request: Int) {
        let driver = try Driver()
        let store = MemoryStore()
        driver.ask("long")
        perform(driver, store)
        let request = try #require(driver.model.running)
        for prompt in ["queued A", "queued B"] {
            driver.ask(prompt)
            perform(driver, store)
        }
        send(driver, store, .input(.key(.control("n"))))
        return (driver, store, request)
    }

    @Test(arguments: [(120, 40), (80, 24)]) func itIsSentThereOneAfterTheOther(width: Int, height: Int) throws {
        let (driver, store, first) = try leave()
        #expect(driver.model.conversation.id == "session-2")
        #expect(driver.model.prompt.isEmpty && driver.model.queue.isEmpty)
        #expect(driver.screen(width, height).contains("What was queued stays in the conversation before"))
        #expect(store.load("session-1")?.draft == "queued A\n\nqueued B", "a program that dies loses nothing")
        driver.type("something else")
        send(driver, store, .stream(id: first, [.textDelta("Done.", choice: 0)], at: driver.now))
        send(driver, store, .streamEnded(id: first, nil, at: driver.now))
        #expect(driver.request?.messages.map(\.text) == ["long", "Done.", "queued A"])
        #expect(driver.screen(width, height).contains("What was queued there is sent."))
        #expect(store.load("session-1")?.draft == "queued B")
        let second = try #require(driver.model.requests.keys.max())
        #expect(driver.model.requests[second]?.conversation == "session-1")
        send(driver, store, .stream(id: second, [.textDelta("A it is.", choice: 0)], at: driver.now))
        send(driver, store, .streamEnded(id: second, nil, at: driver.now))
        #expect(driver.request?.messages.map(\.text) == ["long", "Done.", "queued A", "A it is.", "queued B"])
        #expect(store.load("session-1")?.draft.isEmpty == true)
        #expect(driver.model.prompt.text == "something else")
        #expect(driver.model.conversation.entries.allSatisfy { $0.messageID == nil }, "nothing was said here")
    }

    @Test func afterAFailedAnswerItIsTheDraftThere() throws {
        let (driver, store, request) = try leave()
        send(driver, store, .streamEnded(id: request, ProviderError(kind: .server, message: "down"), at: driver.now))
        #expect(driver.request == nil)
        driver.wait(.seconds(61))
        send(driver, store, .tick(driver.now))
        #expect(driver.model.left.isEmpty)
        send(driver, store, .opened(.success(store.load("session-1")), message: nil, isElsewhere: false))
        #expect(driver.model.prompt.text == "queued A\n\nqueued B")
    }

    @Test func whoComesBackFindsItQueued() throws {
        let (driver, store, _) = try leave()
        send(driver, store, .opened(.success(store.load("session-1")), message: nil, isElsewhere: false))
        #expect(driver.model.conversation.id == "session-1")
        #expect(driver.model.queue.map(\.text) == ["queued A", "queued B"])
        #expect(driver.model.prompt.isEmpty)
        driver.answer("Done.")
        #expect(driver.request?.messages.map(\.text) == ["long", "Done.", "queued A"])
    }

    @Test func openingAnotherConversationLeavesItToo() throws {
        let driver = try Driver()
        let store = MemoryStore()
        store.keep([ConversationChange("other", revision: 1, .message(StoredMessage.said("about cats")))])
        driver.ask("long")
        perform(driver, store)
        driver.ask("queued A")
        send(driver, store, .opened(.success(store.load("other")), message: nil, isElsewhere: false))
        #expect(driver.model.conversation.id == "other")
        #expect(driver.model.prompt.isEmpty && driver.model.queue.isEmpty)
        #expect(driver.model.left["session-1"]?.queue.map(\.text) == ["queued A"])
    }
}

extension StoredMessage {
    fileprivate static func said(_ text: String) -> StoredMessage {
        StoredMessage(id: 1, parent: nil, author: .user, text: text)
    }
}
