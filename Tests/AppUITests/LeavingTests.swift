import Conversations
import FunctionTools
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Conversations that are left while an answer comes in them.
@Suite struct LeavingTests {
    /// Performs what the last effects ask of the store, as the real performer does.
    private func perform(_ driver: Driver, _ store: MemoryStore) {
        for effect in driver.effects {
            switch effect {
            case .save(let changes): store.keep(changes)
            case .listConversations: driver.send(.conversations(.success(store.list(limit: 100))))
            case .openConversation(let id, let message):
                driver.send(.opened(.success(store.load(id)), message: message, isElsewhere: false))
            default: break
            }
        }
    }

    private func held(_ driver: Driver) -> Set<String>? {
        driver.effects.compactMap { if case .hold(let names, _) = $0 { names } else { nil } }.last
    }

    private func send(_ driver: Driver, _ store: MemoryStore, _ event: AppEvent) {
        driver.send(event)
        perform(driver, store)
    }

    /// An answer comes in the first conversation, and a second one is begun.
    private func leave() throws -> (driver: Driver, store: MemoryStore, request: Int) {
        let driver = try Driver()
        let store = MemoryStore()
        driver.ask("about cats")
        perform(driver, store)
        let request = try #require(driver.model.running)
        driver.stream(.textDelta("They ", choice: 0))
        perform(driver, store)
        send(driver, store, .input(.key(.control("n"))))
        return (driver, store, request)
    }

    private func openFirst(_ driver: Driver, _ store: MemoryStore) {
        send(driver, store, .input(.key(.alt("6"))))
        for letter in "cats" { driver.press(.character(letter)) }
        send(driver, store, .input(.key(KeyChord(.enter))))
    }

    @Test func aNewConversationGivesTheOldOneBack() throws {
        let driver = try Driver()
        driver.ask("hello")
        driver.answer("Hi.")
        driver.press(.control("n"))
        #expect(held(driver) == ["session-2"])
    }

    @Test func anAnswerGoesOnInTheConversationThatWasLeft() throws {
        let (driver, store, request) = try leave()
        #expect(driver.model.conversation.id == "session-2")
        #expect(driver.model.requests.count == 1, "nothing was stopped")
        #expect(driver.model.held.names == ["session-1", "session-2"])
        for (width, height) in [(120, 40), (80, 24)] {
            #expect(driver.screen(width, height).contains("ready, 1 elsewhere"))
            #expect(driver.screen(width, height).contains("the answer in the one before goes on"))
        }
        #expect(driver.ask("about dogs")?.messages.map(\.text) == ["about dogs"])
        driver.answer("They bark.")
        send(driver, store, .stream(id: request, [.textDelta("purr.", choice: 0)], at: driver.now))
        #expect(!driver.screen().contains("purr"))
        send(driver, store, .input(.key(.alt("6"))))
        #expect(driver.screen(80, 24).contains("answer comes · "))
        send(driver, store, .streamEnded(id: request, nil, at: driver.now))
        #expect(!driver.screen(80, 24).contains("answer comes"))
        driver.press(key: .escape)
        #expect(store.load("session-1")?.messages.last?.text == "They purr.")
        #expect(store.load("session-1")?.messages.last?.answer?.state == .complete)
        #expect(driver.model.totals.answers == 2)
    }

    @Test func theEndIsToldAndTheConversationGivenBack() throws {
        let (driver, store, request) = try leave()
        send(driver, store, .streamEnded(id: request, nil, at: driver.now))
        #expect(driver.screen(80, 24).contains("The answer in \"about cats\" is there."))
        driver.wait(.seconds(61))
        send(driver, store, .tick(driver.now))
        #expect(driver.model.left.isEmpty)
        #expect(held(driver) == ["session-2"])
        openFirst(driver, store)
        #expect(driver.screen().contains("They"))
    }

    @Test func whoComesBackFindsItComing() throws {
        let (driver, store, request) = try leave()
        driver.type("half a thought")
        openFirst(driver, store)
        #expect(driver.model.conversation.id == "session-1")
        #expect(driver.model.running == request)
        driver.stream(.textDelta("purr.", choice: 0))
        #expect(driver.screen().contains("They purr."))
        driver.press(key: .escape)
        #expect(driver.cancels == request, "here it can be stopped")
    }

    @Test func callsThatCameMeanwhileWaitThere() throws {
        let tool = Tool(ToolDefinition(name: "now"), run: .reply("noon"))
        let driver = try Driver(tools: ToolDesk([tool]))
        driver.ask("what time is it?")
        let request = try #require(driver.model.running)
        driver.press(.control("n"))
        let call = ToolCallDelta(index: 0, id: "c", name: "now", argumentsDelta: "{}")
        driver.send(.stream(id: request, [.toolCallDelta(call), .finished(.toolCalls, choice: 0)], at: driver.now))
        driver.send(.streamEnded(id: request, nil, at: driver.now))
        #expect(driver.runs == nil && driver.request == nil)
        #expect(driver.screen(80, 24).contains("waits for decisions on its calls"))
        driver.send(.opened(.success(StoredConversation(id: "session-1")), message: nil, isElsewhere: false))
        #expect(driver.model.conversation.openCalls == [0])
        driver.press(.alt("3"))
        driver.decide("y")
        #expect(driver.runs?.tool.name == "now")
        driver.press(.control("n"))
        #expect(driver.model.conversation.id == "session-1", "a tool runs here")
        #expect(driver.screen(80, 24).contains("A tool is running"))
    }

    @Test func aConversationInWhichAnAnswerComesIsNotDeletedAndCanBeRenamed() throws {
        let (driver, store, request) = try leave()
        send(driver, store, .input(.key(.alt("6"))))
        driver.press(.control("d"))
        #expect(driver.screen(80, 24).contains("An answer runs in this conversation: there it can be stopped."))
        #expect(driver.model.deletedConversations.isEmpty)
        driver.press(.control("r"))
        driver.press(.control("u"))
        driver.type("felines")
        send(driver, store, .input(.key(KeyChord(.enter))))
        driver.press(key: .escape)
        send(driver, store, .streamEnded(id: request, nil, at: driver.now))
        #expect(store.load("session-1")?.title == "felines")
        #expect(driver.screen(80, 24).contains("The answer in \"felines\" is there."))
        #expect(driver.model.left["session-1"]?.conversation.answer(2)?.response.text == "They ")
    }

    @Test func aQuestionAboutAnAnswerElsewhereIsTold() throws {
        let (driver, store, request) = try leave()
        let notice = RetryNotice(
            attempt: 1, limit: 3, error: ProviderError(kind: .connection, message: "lost"), wait: nil, until: nil,
            basis: .person)
        send(driver, store, .stream(id: request, [.policy(.retryScheduled(notice))], at: driver.now))
        #expect(driver.screen(80, 24).contains("The answer in \"about cats\" waits for you."))
        send(driver, store, .input(.key(.alt("6"))))
        #expect(driver.screen(80, 24).contains("waits for you · 2"))
    }

    @Test func linearModeTellsThatTheAnswerGoesOn() throws {
        let driver = try LinearDriver()
        driver.type("about cats")
        let request = try #require(driver.model.app.running)
        driver.stream(.textDelta("They ", choice: 0))
        #expect(driver.type("/new").contains("The answer goes on in the conversation before."))
        driver.send(.stream(id: request, [.textDelta("purr.", choice: 0)], at: driver.now))
        driver.send(.streamEnded(id: request, nil, at: driver.now))
        let told = driver.new
        #expect(told.contains("The answer in \"about cats\" is there."))
        #expect(!told.contains("purr"))
    }

    @Test func aForkHasTheAnswerAsFarAsItCame() throws {
        let driver = try Driver()
        driver.ask("about cats")
        driver.stream(.textDelta("They ", choice: 0))
        driver.press(.alt("2"))
        driver.press(.character("f"))
        #expect(driver.cancelled.isEmpty)
        #expect(driver.model.conversation.lastAnswer?.state == .cancelled)
        #expect(driver.ask("go on")?.messages.map(\.text) == ["about cats", "They ", "go on"])
    }

    @Test func quittingStopsAllAndKeepsIt() throws {
        let (driver, store, request) = try leave()
        driver.press(.control("x"))
        driver.press(.character("q"))
        #expect(!driver.quits, "it is asked first")
        send(driver, store, .input(.key(.character("y"))))
        #expect(driver.quits)
        #expect(driver.cancelled == [request])
        #expect(store.load("session-1")?.messages.last?.answer?.state == .cancelled)
    }

    @Test func whatAnotherProcessTookGoesOnAsACopy() throws {
        let driver = try Driver()
        let store = MemoryStore()
        driver.ask("about cats")
        let changes = driver.effects.flatMap { effect -> [ConversationChange] in
            if case .save(let changes) = effect { changes } else { [] }
        }
        send(driver, store, .takenElsewhere(changes))
        #expect(driver.model.conversation.id == "session-2")
        #expect(store.load("session-1") == nil)
        driver.answer("They purr.")
        perform(driver, store)
        #expect(store.load("session-2")?.messages.map(\.text) == ["about cats", "They purr."])
        #expect(driver.screen(80, 24).contains("Another tickertape has this conversation open"))
        send(driver, store, .takenElsewhere(changes))
        #expect(store.list(limit: 9).count == 1, "the same again makes no second copy")
    }

    @Test func anOutputGoesAlongIntoANewConversation() throws {
        let driver = try Driver()
        driver.model.files.carried = [Conversations.Attachment(name: "$ ls", content: .text("a.txt"))]
        driver.press(.control("n"))
        #expect(driver.ask("what is there?")?.messages.last?.text.contains("a.txt") == true)
    }
}

/// Who has a conversation.
@Suite struct ConversationKeepingTests {
    private func change(_ id: String, _ revision: Int64 = 1) -> ConversationChange {
        ConversationChange(id, revision: revision, .draft("x"))
    }

    @Test func aConversationThatWasLeftIsGivenBack() async {
        let store = SharedStore()
        let keeping = ConversationKeeping(store: store)
        _ = await keeping.save([change("a")])
        #expect(store.claimed == ["a"])
        await keeping.hold(["b"], number: 2)
        #expect(store.claimed.isEmpty)
        _ = await keeping.save([change("a", 2), change("b")])
        #expect(store.claimed == ["b"], "what is kept later takes it for that long")
        await keeping.hold(["a"], number: 1)
        #expect(store.claimed == ["b"], "an older list says nothing")
    }

    @Test func anOpenedOneIsHadUntilAnotherIs() async {
        let store = SharedStore()
        let keeping = ConversationKeeping(store: store)
        _ = await keeping.save([change("a"), change("b")])
        await keeping.hold(["a"], number: 1)
        _ = await keeping.read(.openConversation("b", message: nil))
        #expect(store.claimed == ["a", "b"])
        await keeping.hold(["b"], number: 2)
        #expect(store.claimed == ["b"])
    }

    @Test func whatAnotherProcessHasIsHandedBack() async {
        let store = SharedStore(elsewhere: ["a"])
        let event = await ConversationKeeping(store: store).save([change("a"), change("b")])
        guard case .takenElsewhere(let changes)? = event else {
            Issue.record("it was written into")
            return
        }
        #expect(changes == [change("a")])
        #expect(store.kept.load("a") == nil)
        #expect(store.kept.load("b")?.draft == "x")
    }
}
