import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// The prompt as an editor, and copying, as fingers know them.
@Suite struct EditingTests {
    @Test func aLongPasteIsOnePieceUntilItIsOpened() throws {
        let driver = try Driver()
        driver.type("read: ")
        driver.send(.input(.paste((1...8).map { "line \($0)" }.joined(separator: "\n"))))
        #expect(driver.screen().contains("read: [pasted 8 lines]"))
        #expect(!driver.screen().contains("line 7"))
        driver.press(key: .backspace)
        #expect(driver.model.prompt.text == "read: ")
        driver.press(.control("_"))
        driver.press(.control("x"))
        driver.press(.character("."))
        #expect(driver.screen().contains("line 7"))
        driver.press(key: .enter)
        #expect(driver.request?.messages.last?.text.hasSuffix("line 8") == true)
    }

    @Test func aShortPasteStaysText() throws {
        let driver = try Driver()
        driver.send(.input(.paste("one\ntwo")))
        #expect(driver.model.prompt.folds.isEmpty)
        #expect(driver.request == nil)
    }

    @Test func viEditsAndEnterStillSends() throws {
        let driver = try Driver()
        driver.model.prompt.editingMode = .vi
        driver.type("hello wrold")
        #expect(driver.screen().contains("-- INSERT --"))
        driver.press(key: .escape)
        #expect(driver.screen().contains("-- NORMAL --"))
        driver.type("bcwworld")
        driver.press(key: .escape)
        driver.press(key: .enter)
        #expect(driver.request?.messages.map(\.text) == ["hello world"])
    }

    @Test func theLastWordOfThePromptBeforeIsAtHand() throws {
        let driver = try Driver()
        driver.ask("look at README.md")
        driver.answer("done")
        driver.type("edit ")
        driver.press(.alt("."))
        #expect(driver.model.prompt.text == "edit README.md")
    }

    @Test func twoEscapesGoBackToTheLastMessage() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("1")
        driver.press(key: .escape)
        driver.wait(.milliseconds(200))
        driver.press(key: .escape)
        #expect(driver.model.selectedMessage == 1)
        driver.press(.character("e"))
        #expect(driver.model.prompt.text == "one")
    }

    private func copied(_ driver: Driver) -> String? {
        driver.effects.lazy.compactMap { if case .copy(let text) = $0 { text } else { nil } }.first
    }

    @Test func messagesAndCodeAreCopiedAndTheWayIsTold() throws {
        let driver = try Driver()
        driver.ask("code?")
        driver.answer("First:\n\n```swift\nlet a = 1\n```\n\nthen\u{200B}:\n\n```sh\n  ls -l\n```\n")
        driver.press(.alt("2"))
        driver.press(.character("c"))
        #expect(copied(driver)?.trimmed == "ls -l")
        driver.send(.copied(CopyReport("copied 7 characters (tmux buffer)")))
        #expect(driver.screen().contains("code 2 of 2, copied 7 characters (tmux buffer)"))
        driver.press(.character("c"))
        #expect(copied(driver)?.trimmed == "let a = 1")
        driver.press(.character("y"))
        #expect(copied(driver)?.contains("\u{200B}") == false)
        driver.press(.alt("1"))
        driver.ask("/copy-exact")
        #expect(copied(driver)?.contains("\u{200B}") == true)
        driver.press(.alt("2"))
        driver.press(.character("Y"))
        #expect(copied(driver)?.hasPrefix("You:\ncode?") == true)
    }

    @Test func longCodeIsCutWithAMarkAndScrollsSideways() throws {
        let driver = try Driver(size: Size(width: 60, height: 24))
        driver.ask("code?")
        driver.answer("```\n" + String(repeating: "0123456789", count: 9) + "END\n```\n")
        #expect(driver.screen().contains("›"))
        #expect(!driver.screen().contains("END"))
        driver.press(.alt("2"))
        for _ in 0..<9 { driver.press(.character(">")) }
        #expect(driver.screen().contains("END"))
        for _ in 0..<9 { driver.press(.character("<")) }
        driver.press(.character("w"))
        #expect(driver.screen().contains("END"))
        #expect(!driver.screen().contains("›"))
    }
}
