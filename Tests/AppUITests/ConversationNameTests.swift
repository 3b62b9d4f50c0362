import Conversations
import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// What tells which conversation this is, and where its answers are from.
@Suite struct ConversationNameTests {
    private func top(_ driver: Driver, _ width: Int, _ height: Int) -> String {
        String(driver.screen(width, height).prefix { $0 != "\n" })
    }

    @Test(arguments: [(120, 40), (80, 24)]) func theOutputNamesTheConversationAndTheSystemPrompt(
        width: Int, height: Int
    )
        throws
    {
        let driver = try Driver()
        #expect(!top(driver, width, height).contains("system prompt"))
        driver.ask("What do cats eat?")
        driver.answer("Fish.")
        #expect(top(driver, width, height).contains("What do cats eat?"))
        driver.ask("/rename felines")
        driver.ask("/system-prompt Be brief.")
        #expect(top(driver, width, height).contains("system prompt · felines"))
        #expect(top(driver, width, height).contains("output: gpt-5.4-mini"))
        #expect(!top(driver, 30, 12).contains("system prompt"), "no room, no note")
    }

    @Test(arguments: [(120, 40), (80, 24)]) func renameAsksForTheName(width: Int, height: Int) throws {
        let driver = try Driver()
        driver.ask("What do cats eat?")
        driver.answer("Fish.")
        driver.ask("/rename")
        #expect(driver.model.prompt.isEmpty)
        #expect(driver.screen(width, height).contains("name of this conversation"))
        driver.type("felines")
        driver.press(key: .enter)
        #expect(driver.model.overlay == nil)
        #expect(top(driver, width, height).contains("felines"))
        #expect(driver.screen(width, height).contains("Renamed: felines"))
        driver.ask("/rename NEW NAME")
        #expect(top(driver, width, height).contains("NEW NAME"))
        driver.ask("/rename")
        driver.press(.control("u"))
        driver.press(key: .enter)
        #expect(driver.model.conversation.title == nil)
    }

    @Test func undoTellsHowTheTurnComesBack() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("1")
        driver.ask("/undo")
        #expect(driver.screen(80, 24).contains("Taken back. The turn stays as a branch: Ctrl-X v goes back to it."))
    }

    /// A conversation as other programs write it: roles and texts only.
    private func imported(model: String = "") throws -> Driver {
        let driver = try Driver()
        var record = AnswerRecord(model: model, stamp: "")
        record.state = .complete
        let stored = StoredConversation(
            id: "",
            messages: [
                StoredMessage(id: 1, parent: nil, author: .user, text: "hello"),
                StoredMessage(id: 2, parent: 1, author: .assistant, text: "hi there", answer: record),
            ], head: 2)
        driver.send(.imported(.success(stored)))
        return driver
    }

    @Test(arguments: [("", "imported"), ("gpt-4o", "gpt-4o · imported")])
    func anImportedAnswerSaysSoAndHasNoFigures(model: String, heading: String) throws {
        let driver = try imported(model: model)
        for (width, height) in [(120, 40), (80, 24)] {
            let screen = driver.screen(width, height)
            #expect(screen.contains("││ \(heading)  "))
            #expect(screen.contains("output: \(heading) "))
            #expect(!screen.contains("↓0"))
            #expect(!screen.contains("0~"))
        }
    }

    @Test func anAnswerOfOursKeepsItsFigures() throws {
        let driver = try Driver()
        driver.ask("hello")
        driver.answer("hi")
        #expect(driver.screen().contains("↑10 ↓5"))
        #expect(!driver.screen().contains("imported"))
    }

    @Test func exportTellsThePathAndTheOtherForms() throws {
        let driver = try imported()
        driver.ask("/export")
        driver.send(.exported(.success("talk.md")))
        #expect(driver.screen(80, 24).contains("Written: talk.md. /export json or /export html writes another form."))
        driver.send(.exported(.success("talk.json")))
        #expect(driver.screen(80, 24).contains("Written: talk.json. /export markdown or /export html"))
    }
}
