import Conversations
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Conversations that are deleted, here and while another tickertape has them; and what is found at the start.
@Suite struct DeletionTests {
    private func said(_ id: String, _ text: String) -> [ConversationChange] {
        let message = StoredMessage(id: 1, parent: nil, author: .user, text: text)
        return [ConversationChange(id, revision: 1, .message(message)), ConversationChange(id, revision: 2, .head(1))]
    }

    /// Performs what the last effects ask of the keeper of conversations, as the real performer does.
    private func perform(_ driver: Driver, _ keeping: ConversationKeeping) async {
        for effect in driver.effects {
            let event: AppEvent? =
                switch effect {
                case .save(let changes): await keeping.save(changes)
                case .listConversations, .restoreDeleted, .lookBack: await keeping.read(effect)
                default: nil
                }
            guard let event else { continue }
            driver.send(event)
            await perform(driver, keeping)
        }
    }

    private func press(_ driver: Driver, _ keeping: ConversationKeeping, _ chords: KeyChord...) async {
        for chord in chords {
            driver.press(chord)
            await perform(driver, keeping)
        }
    }

    @Test(arguments: [(120, 40), (80, 24)]) func whatAnotherProcessHasOpenIsNotDeleted(width: Int, height: Int)
        async throws
    {
        let store = SharedStore(elsewhere: ["x"])
        store.keep(said("x", "about cats"))
        let keeping = ConversationKeeping(store: store)
        let driver = try Driver()
        await press(driver, keeping, .control("x"), .character("l"), .control("d"))
        #expect(store.list(limit: 9).map(\.id) == ["x"])
        let screen = driver.screen(width, height)
        #expect(screen.contains("Not deleted: another tickertape has this conversation open."))
        #expect(screen.contains("about cats"), "it stands in the list again")
        #expect(driver.model.deletedConversations.isEmpty)
    }

    @Test func whatNobodyHasIsDeletedAndGivenBack() async throws {
        let store = SharedStore()
        store.keep(said("x", "about cats"))
        let keeping = ConversationKeeping(store: store)
        await keeping.hold(["session-1"], number: 1)
        let driver = try Driver()
        await press(driver, keeping, .alt("6"), .control("d"))
        #expect(store.list(limit: 9).isEmpty)
        #expect(store.claimed.isEmpty)
    }

    @Test func theLastDeletionIsUndoneAfterARestart() async throws {
        let store = SharedStore()
        store.keep(said("x", "about cats"))
        let keeping = ConversationKeeping(store: store)
        let first = try Driver()
        await press(first, keeping, .alt("6"), .control("d"))
        let driver = try Driver()
        await press(driver, keeping, .alt("6"))
        #expect(!driver.screen().contains("about cats"))
        await press(driver, keeping, .control("_"))
        #expect(driver.screen().contains("about cats"))
        await press(driver, keeping, .control("_"))
        #expect(driver.screen().contains("Nothing is deleted."))
    }

    @Test func theOneAtHandIsDeletedAfterAllThatWasSaidInIt() throws {
        let driver = try Driver()
        driver.ask("about cats")
        driver.answer("They purr.")
        driver.press(.alt("6"))
        driver.send(
            .conversations(
                .success([
                    ConversationSummary(id: "session-1", title: "about cats", messages: 2, changedAt: 0)
                ])))
        driver.press(.control("d"))
        let changes = driver.effects.flatMap { effect -> [ConversationChange] in
            if case .save(let changes) = effect { changes } else { [] }
        }
        let deletion = try #require(changes.first { $0.isDeletion })
        #expect(deletion.revision > 4, "a message that is kept later is not newer, and does not bring it back")
    }

    // MARK: At the start

    static let left: [(String, draft: String, AnswerRecord.State?, String?)] = [
        ("a draft", "half a thought", .complete, "an unsent prompt"),
        ("an answer that came", "", .running, "an answer that was cut"),
        ("both", "half", .running, "an answer that was cut and an unsent prompt"),
        ("nothing", "", .complete, nil), ("a question only", "", nil, nil),
        ("stopped by a person", "", .cancelled, nil),
    ]

    @Test(arguments: left) func whatWasLeftUnfinishedIsTold(
        _ entry: (String, draft: String, AnswerRecord.State?, String?)
    ) async throws {
        let store = SharedStore()
        store.keep(said("x", "about cats") + [ConversationChange("x", revision: 3, .draft(entry.draft))])
        if let state = entry.2 {
            var record = AnswerRecord(model: "m", stamp: "")
            record.state = state
            let answer = StoredMessage(id: 2, parent: 1, author: .assistant, text: "They", answer: record)
            store.keep([
                ConversationChange("x", revision: 4, .message(answer)), ConversationChange("x", revision: 5, .head(2)),
            ])
        }
        let driver = try Driver()
        if let event = await ConversationKeeping(store: store).read(.lookBack) { driver.send(event) }
        let told = driver.model.conversation.entries.compactMap { entry -> String? in
            if case .notice(let display, _) = entry { display.source } else { nil }
        }.filter { $0.contains("was left with") }
        let wanted = entry.3.map { "\"about cats\" was left with \($0): Alt-6, then Enter opens it." }
        #expect(told == [wanted].compactMap(\.self))
        for (width, height) in [(120, 40), (80, 24)] {
            #expect(driver.screen(width, height).contains("\"about cats\" was left with") == (wanted != nil))
        }
        #expect(store.claimed.isEmpty, "another tickertape can open it")
    }

    @Test func whatAnotherProcessHasOpenIsNotUnfinished() async throws {
        let store = SharedStore(elsewhere: ["x"])
        store.keep(said("x", "about cats") + [ConversationChange("x", revision: 3, .draft("half"))])
        let event = await ConversationKeeping(store: store).read(.lookBack)
        #expect(event == nil)
    }

    @Test(arguments: [(120, 40), (80, 24)]) func aNoticeOfTheDatabaseStandsInTheTranscript(width: Int, height: Int)
        throws
    {
        let driver = try Driver()
        driver.ask("about cats")
        driver.answer("They purr.")
        driver.send(.storeNotices(["The file was damaged."]))
        #expect(driver.screen(width, height).contains("The file was damaged."))
        let kept = driver.effects.flatMap { effect -> [ConversationChange] in
            if case .save(let changes) = effect { changes } else { [] }
        }
        #expect(kept.count >= 3, "what is at hand is kept again")
    }

    @Test func anAnswerThatEndsWithTheProgramWasNotStopped() throws {
        let driver = try Driver()
        driver.ask("about cats")
        driver.stream(.textDelta("They ", choice: 0))
        driver.send(.input(.ended(signal: 1)))
        #expect(driver.model.conversation.lastAnswer?.failure == .programEnded)
        #expect(driver.quits)
        driver.press(.alt("g"))
        #expect(driver.request?.messages.last?.text.hasPrefix("Your answer was cut before it ended.") == true)
    }

    @Test func theModelIsToldWhyItsAnswerEnded() throws {
        let cases: [(ProviderError?, String)] = [
            (nil, "Your answer was stopped before it ended."),
            (ProviderError(kind: .connection, message: "lost"), "The connection was lost before your answer ended."),
            (ProviderError(kind: .budgetExceeded, message: "too dear"), "Your answer was cut before it ended."),
        ]
        for (error, words) in cases {
            let driver = try Driver()
            driver.ask("about cats")
            driver.stream(.textDelta("They ", choice: 0))
            if let error { driver.finish(error) } else { driver.press(key: .escape) }
            driver.press(.alt("g"))
            #expect(driver.request?.messages.last?.text.hasPrefix(words) == true, "\(words)")
        }
    }

    @Test func anEstimateInTheListSaysSo() throws {
        for isEstimated in [true, false] {
            let driver = try Driver()
            driver.press(.alt("6"))
            var summary = ConversationSummary(id: "x", title: "cats", messages: 2, changedAt: 0, cost: "0.001200")
            summary.isCostEstimated = isEstimated
            driver.send(.conversations(.success([summary])))
            #expect(driver.screen().contains("$0.0012~") == isEstimated)
        }
    }
}
