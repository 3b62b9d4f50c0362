import Conversations
import FunctionTools
import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// Files and outputs that go along with a prompt.
@Suite struct PromptFilesTests {
    @Test(arguments: [
        ("see @a.txt please", ["a.txt"]), ("@a.txt, @b/c.md.", ["a.txt", "b/c.md"]), ("mail me@example.org", []),
        ("(@x)", ["x"]), (#"@"my notes.txt" and"#, ["my notes.txt"]), (#"@"open"#, []), ("@", []), ("a @ b", []),
        ("@../up", ["../up"]), ("@~/x.txt!", ["~/x.txt"]),
    ])
    func mentions(text: String, paths: [String]) {
        #expect(FileMention.all(in: text).map(\.path) == paths)
    }

    private func answerReads(_ driver: Driver, _ files: [String: Result<Conversations.Attachment, ServiceError>]) {
        for effect in driver.effects {
            guard case .readFile(let path) = effect else { continue }
            driver.send(
                .file(path, files[path] ?? .failure(ServiceError("\(path): there is no such file.", isMissing: true))))
        }
    }

    private let notes: [String: Result<Conversations.Attachment, ServiceError>] = [
        "notes.txt": .success(Conversations.Attachment(name: "notes.txt", content: .text("milk\n```\neggs"))),
        "cat.png": .success(
            Conversations.Attachment(name: "cat.png", content: .image(type: "image/png", base64: "iVBORw0KGgo="))),
        "folder": .failure(ServiceError("folder is a folder.")),
    ]

    @Test func aFileGoesAlongAndIsCounted() throws {
        let driver = try Driver()
        driver.type("what is in @notes.txt ")
        answerReads(driver, notes)
        #expect(driver.screen().contains("1 file, "))
        driver.press(key: .enter)
        #expect(driver.request == nil)
        answerReads(driver, notes)
        let sent = try #require(driver.request?.messages.last)
        #expect(sent.text.contains("````\nmilk\n```\neggs\n````"))
        #expect(sent.text.hasSuffix("what is in @notes.txt "))
        #expect(driver.screen().contains("+ notes.txt (13 bytes)"))
    }

    /// A file counts like a paste of its text.
    @Test func aFileThatDoesNotFitIsSentOnTheSecondEnter() throws {
        let driver = try Driver(counting: LetterCounting(), model: "gpt-4")
        let huge: [String: Result<Conversations.Attachment, ServiceError>] = [
            "huge.txt": .success(
                Conversations.Attachment(name: "huge.txt", content: .text(String(repeating: "x", count: 9_000))))
        ]
        driver.type("@huge.txt x")
        answerReads(driver, huge)
        driver.press(key: .enter)
        answerReads(driver, huge)
        #expect(driver.request == nil)
        #expect(driver.screen(120, 40).contains("Enter again sends them all the same"))
        driver.press(key: .enter)
        answerReads(driver, huge)
        #expect(driver.request != nil)
    }

    @Test func anImageIsSentAsOne() throws {
        let driver = try Driver()
        driver.ask("who is @cat.png")
        answerReads(driver, notes)
        #expect(
            driver.request?.messages.last?.content.last
                == .image(url: "data:image/png;base64,iVBORw0KGgo=", detail: nil))
    }

    @Test func whatCannotGoAlongIsToldAndNothingIsSent() throws {
        let driver = try Driver()
        driver.ask("look at @folder")
        answerReads(driver, notes)
        #expect(driver.request == nil)
        #expect(driver.screen().contains("folder is a folder."))
        #expect(driver.model.prompt.text == "look at @folder")
    }

    @Test func aMissingPathIsToldAndASecondEnterSendsTheText() throws {
        let driver = try Driver()
        driver.ask("look at @missing.txt")
        answerReads(driver, notes)
        #expect(driver.request == nil)
        #expect(driver.screen().contains("there is no such file"))
        driver.press(key: .enter)
        answerReads(driver, notes)
        #expect(driver.request?.messages.last?.text == "look at @missing.txt")
    }

    @Test func eachFileThatCannotGoAlongIsTold() throws {
        let driver = try Driver()
        driver.ask("see @folder and @missing.txt and @folder")
        answerReads(driver, notes)
        #expect(driver.request == nil)
        let told = try #require(driver.model.flash?.text)
        #expect(told.contains("folder is a folder. missing.txt: there is no such file."))
        #expect(told.hasSuffix("sends the text without them."))
    }

    @Test func aWordThatIsNoFileIsMarked() throws {
        let driver = try Driver()
        driver.type("ask @nonexist ")
        answerReads(driver, notes)
        #expect(driver.screen(80, 24).contains("no file nonexist"))
    }

    @Test func aNameIsNoFile() throws {
        let driver = try Driver()
        driver.ask("ask @alice about it")
        answerReads(driver, notes)
        #expect(driver.request?.messages.last?.text == "ask @alice about it")
    }

    @Test func theOutputOfACommandGoesWithTheNextPrompt() throws {
        let driver = try Driver()
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        driver.ask("!git status")
        guard case .runShell(let id, "git status")? = driver.effects.first else {
            Issue.record("nothing runs")
            return
        }
        #expect(driver.screen().contains("git status runs"))
        driver.send(.shell(id: id, .success("nothing to commit")))
        #expect(driver.screen().contains("nothing to commit"))
        driver.type("x @notes.txt ")
        answerReads(driver, notes)
        #expect(driver.screen().contains("1 output, 1 file, "))
        driver.model.prompt.setText("")
        let sent = driver.ask("why?")?.messages.last?.text
        #expect(sent?.contains("nothing to commit") == true)
        driver.answer("because")
        #expect(driver.ask("and?")?.messages.last?.text == "and?")
    }

    @Test func escapeStopsACommandAndDropsAnOutput() throws {
        let driver = try Driver()
        driver.send(.isolation(.sandboxed(by: "bubblewrap")))
        driver.ask("!sleep 100")
        guard case .runShell(let id, _)? = driver.effects.first else { return }
        driver.press(key: .escape)
        #expect(driver.cancels == id)
        driver.ask("!true")
        driver.send(.shell(id: id + 1, .success("printed text")))
        #expect(driver.screen().contains("printed text"))
        driver.press(key: .escape)
        #expect(!driver.screen().contains("printed text"))
        #expect(!driver.screen().contains("goes with the next prompt"))
        #expect(driver.ask("hello")?.messages.last?.text == "hello")
    }
}
