import ProviderCore
import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The list over the prompt.
@Suite struct CompletionTests {
    private static let models = ["gpt-4o", "gpt-5.4-mini", "llama"].map { ModelListing(id: $0) }

    @Test func aSlashListsCommandsAndTypingNarrowsThem() throws {
        let driver = try Driver()
        driver.type("/")
        #expect(driver.screen().contains("/again"))
        driver.type("us")
        #expect(driver.screen().contains("/usage"))
        #expect(!driver.screen().contains("/again"))
        driver.press(key: .tab)
        #expect(driver.model.prompt.text == "/usage")
        driver.press(key: .enter)
        if case .usage = driver.model.overlay {} else { Issue.record("usage is not open") }
    }

    @Test func enterTakesTheWholeNameAndSends() throws {
        let driver = try Driver()
        driver.type("/reas")
        driver.press(key: .enter)
        #expect(driver.model.reasoningShown)
        #expect(driver.model.prompt.isEmpty)
        // A name that needs something behind it is only completed.
        driver.type("/se")
        driver.press(key: .down)
        driver.press(key: .up)
        while driver.model.completion.selection?.text != "/set " { driver.press(key: .down) }
        driver.press(key: .enter)
        #expect(driver.model.prompt.text == "/set ")
        driver.type("tem")
        driver.press(key: .enter)
        #expect(driver.model.prompt.text == "/set temperature ")
        driver.type("0.5")
        driver.press(key: .enter)
        #expect(driver.model.parameters[.temperature].value == .number(0.5))
        driver.type("/unset ")
        #expect(driver.screen().contains("temperature"))
        #expect(!driver.screen().contains("presence_penalty"))
        driver.type("t")
        driver.press(key: .enter)
        #expect(driver.model.parameters[.temperature].value == nil)
    }

    @Test func anotherNameIsTakenForTheCommand() throws {
        let driver = try Driver()
        driver.type("/exit")
        driver.press(key: .enter)
        #expect(driver.quits)
    }

    @Test func whatOnlyResemblesACommandIsNotTaken() throws {
        let driver = try Driver()
        // "tlr" are letters of tool names in their order, and no beginning of one.
        driver.type("/tlr")
        #expect(driver.model.completion.shown != nil)
        driver.press(key: .enter)
        #expect(driver.screen().contains("There is no command /tlr."))
        #expect(driver.model.prompt.text == "/tlr")
    }

    @Test func escapeClosesTheListOnly() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.type("/us")
        driver.press(key: .escape)
        #expect(driver.cancels == nil)
        #expect(driver.model.completion.shown == nil)
        #expect(driver.model.prompt.text == "/us")
        driver.type("a")
        #expect(driver.model.completion.shown == nil)
        driver.press(key: .escape)
        #expect(driver.cancels == 1)
    }

    @Test func textIsNoCommand() throws {
        let driver = try Driver()
        for text in ["hello /us", "//us", "/usr/bin", "/set temperature 0.1", "/ "] {
            driver.model.prompt.setText("")
            driver.type(text)
            #expect(driver.model.completion.shown == nil, "\(text)")
        }
        driver.model.prompt.setText("")
        driver.send(.input(.paste("/usage\nof words")))
        #expect(driver.model.completion.shown == nil)
        // Tab keeps its meaning where no list is open.
        driver.press(key: .tab)
        #expect(driver.model.focus == .output)
    }

    @Test func modelsAndThemesAreListedOnceTheyAreKnown() throws {
        let driver = try Driver()
        driver.type("/model ")
        #expect(driver.effects.contains { if case .listModels = $0 { true } else { false } })
        driver.send(.models(.success(Self.models)))
        #expect(driver.screen().contains("llama"))
        driver.type("ll")
        driver.press(key: .enter)
        #expect(driver.model.parameters.model == "llama")
        driver.type("/theme ")
        #expect(driver.effects.contains { if case .listThemes = $0 { true } else { false } })
        let choices = ["plain", "dark"].map { ThemeChoice(name: $0, theme: Theme(name: $0, styles: [:])) }
        driver.send(.themes(choices))
        #expect(driver.model.overlay == nil)
        driver.type("da")
        #expect(driver.screen().contains("dark"))
        driver.press(key: .enter)
        driver.send(.themes(choices))
        #expect(driver.model.theme.name == "dark")
    }

    @Test func historyIsWalkedThroughPastCommands() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("hi")
        driver.ask("/reasoning")
        driver.press(key: .up)
        #expect(driver.model.prompt.text == "/reasoning")
        #expect(driver.model.completion.shown == nil)
        driver.press(key: .up)
        #expect(driver.model.prompt.text == "one")
    }

    @Test func aListFromOutsideIsShownForTheWordItWasMadeFor() throws {
        let driver = try Driver()
        driver.type("see @Sou")
        #expect(driver.wantedPath == "Sou")
        let folder = [PathCandidate(path: "Sources/")]
        driver.send(.paths("Sou", folder))
        #expect(driver.screen().contains("Sources/"))
        driver.press(key: .tab)
        #expect(driver.model.prompt.text == "see @Sources/")
        #expect(driver.wantedPath == "Sources/")
        // What comes too late is not shown.
        driver.send(.paths("Sou", folder))
        #expect(driver.model.completion.shown == nil)
        driver.send(.paths("Sources/", [PathCandidate(path: "Sources/a b.txt"), PathCandidate(path: "Sources/c.txt")]))
        driver.press(key: .tab)
        #expect(driver.model.prompt.text == "see @\"Sources/a b.txt\" ")
        #expect(FileMention.all(in: driver.model.prompt.text) == [FileMention(path: "Sources/a b.txt", isWhole: true)])
        driver.type("x")
        #expect(driver.model.pathQuery == nil)
    }

    @Test func aClosedListOfFilesStaysClosedForItsWord() throws {
        let driver = try Driver()
        driver.type("@So")
        driver.send(.paths("So", [PathCandidate(path: "Sources/")]))
        driver.press(key: .escape)
        driver.type("u")
        driver.send(.paths("Sou", [PathCandidate(path: "Sources/")]))
        #expect(driver.model.completion.shown == nil)
        driver.type(" @So")
        driver.send(.paths("So", [PathCandidate(path: "Sources/")]))
        #expect(driver.model.completion.shown != nil)
    }

    @Test func enterSendsATextThatBeginsLikeAFile() throws {
        let driver = try Driver()
        driver.type("ask @bob")
        driver.send(.paths("bob", [PathCandidate(path: "bobsled.txt")]))
        driver.press(key: .enter)
        #expect(driver.model.prompt.text != "ask @bobsled.txt ")
        driver.model.prompt.setText("")
        driver.type("ask @bob")
        driver.send(.paths("bob", [PathCandidate(path: "bobsled.txt")]))
        driver.press(key: .down)
        driver.press(key: .enter)
        #expect(driver.model.prompt.text == "ask @bobsled.txt ")
    }

    @Test func tabWaitsForTheNamesAndStaysInThePrompt() throws {
        let driver = try Driver()
        driver.type("see @no")
        driver.press(key: .tab)
        #expect(driver.model.focus == .prompt)
        #expect(driver.wantedPath == "no")
        driver.send(.paths("no", [PathCandidate(path: "notes.txt"), PathCandidate(path: "novel.txt")]))
        #expect(driver.model.prompt.text == "see @notes.txt ")
        driver.press(key: .tab)
        #expect(driver.model.focus == .prompt, "a second one after a completion")
        driver.type("x")
        driver.press(key: .tab)
        #expect(driver.model.focus == .output, "no word is completed any more")
    }

    @Test func tabOpensAClosedListAgainAndTakesNothingThatCameTooLate() throws {
        let driver = try Driver()
        driver.type("@So")
        driver.send(.paths("So", [PathCandidate(path: "Sources/")]))
        driver.press(key: .escape)
        driver.press(key: .tab)
        driver.send(.paths("So", [PathCandidate(path: "Sources/")]))
        #expect(driver.model.prompt.text == "@Sources/")
        driver.type(" @no")
        driver.press(key: .tab)
        driver.type("w")
        driver.send(.paths("no", [PathCandidate(path: "notes.txt")]))
        driver.send(.paths("now", [PathCandidate(path: "nowhere.txt")]))
        #expect(driver.model.prompt.text == "@Sources/ @now")
        driver.type("x")
        driver.press(key: .tab)
        driver.send(.paths("nowx", []))
        #expect(driver.model.focus == .prompt)
        #expect(driver.screen().contains("No file is named so."))
    }

    @Test func tabInACommandStays() throws {
        let driver = try Driver()
        driver.type("/usage")
        driver.press(key: .escape)
        driver.press(key: .tab)
        #expect(driver.model.focus == .prompt)
        #expect(driver.model.completion.shown != nil)
        driver.type("zz")
        driver.press(key: .tab)
        #expect(driver.model.focus == .prompt)
        #expect(driver.model.prompt.text == "/usagezz")
    }

    @Test(arguments: [
        ("@", "", 1), ("see @a", "a", 5), ("(@a", "a", 2), ("see @\"a b", "a b", 5), ("@a/b.c", "a/b.c", 1),
    ])
    func aWordNamesAFile(text: String, path: String, start: Int) throws {
        let driver = try Driver()
        driver.model.prompt.setText(text)
        #expect(driver.model.pathQuery == PathQuery(path: path, range: start..<text.count))
    }

    @Test(arguments: ["name@example", "@a b", "@\"a\"", "text", ""]) func aWordNamesNoFile(text: String) throws {
        let driver = try Driver()
        driver.model.prompt.setText(text)
        #expect(driver.model.pathQuery == nil)
    }

    @Test(arguments: [(120, 40), (80, 24)]) func screens(width: Int, height: Int) throws {
        let driver = try Driver()
        driver.type("/to")
        driver.press(key: .down)
        let difference = Golden.difference(
            driver.screen(width, height), "completion-\(width)x\(height)", testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }
}

extension Driver {
    /// The path for which the last effects want names.
    fileprivate var wantedPath: String? {
        effects.lazy.compactMap { if case .listPaths(let path) = $0 { path } else { nil } }.first
    }
}
