import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// What tells keys: help, hints, palette, menu of the leader, sentences of ours. All of it follows the user's own
/// bindings.
@Suite struct HelpTests {
    private static func bound(_ scope: String, _ command: String, _ chord: KeyChord) -> UserBinding {
        UserBinding(scope: scope, command: command, chords: [[chord]], place: "config.toml:12")
    }

    @Test func helpBeginsWithTheKeysOfTheFocusedPane() throws {
        let driver = try Driver()
        driver.press(.alt("5"))
        driver.press(.character("?"))
        let rows = driver.screen(120, 40).split(separator: "\n")
        let pane = rows.firstIndex { $0.contains("type a value") } ?? .max
        let everywhere = rows.firstIndex { $0.contains("command palette") } ?? .max
        #expect(pane < everywhere)
        driver.press(.character("q"))
        #expect(driver.model.overlay == nil)
    }

    @Test func helpIsSearchedByTyping() throws {
        let driver = try Driver()
        driver.press(key: .function(1))
        driver.press(.character("/"))
        driver.type("cut")
        let screen = driver.screen(120, 40)
        #expect(screen.contains("cut to the end of the line"))
        #expect(!screen.contains("send the prompt"))
        driver.press(key: .enter)
        driver.press(.character("j"))
        #expect(driver.screen(120, 40).contains("cut to the end of the line"))
        driver.press(key: .escape)
        #expect(driver.screen(120, 40).contains("send the prompt"))
        driver.press(.character("/"))
        driver.type("zzzz")
        #expect(driver.screen(120, 40).contains("No key has this."))
        driver.press(.control("c"))
        #expect(driver.model.overlay == nil)
        #expect(!driver.quits)
    }

    @Test func helpScrollsToItsEnd() throws {
        let driver = try Driver()
        driver.press(key: .function(1))
        _ = driver.screen(80, 24)
        driver.press(.character("G"))
        #expect(driver.screen(80, 24).contains("what was spent, by day and model"))
        driver.press(key: .home)
        #expect(driver.screen(80, 24).contains("send the prompt"))
    }

    /// A key that was bound anew is shown everywhere, and the old one nowhere.
    @Test func ownKeysAreShownEverywhere() throws {
        let (keys, problems) = Keymap().applying([
            Self.bound("global", "retry-now", KeyChord(.function(5))), Self.bound("leader", "model", .character("j")),
            Self.bound("global", "nudge", KeyChord(.function(7))), Self.bound("output", "follow", .character("F")),
            Self.bound("global", "palette", KeyChord(.function(2))),
            Self.bound("global", "cancel", KeyChord(.function(8))),
        ])
        #expect(problems.isEmpty)
        let driver = try Driver(model: "", keys: keys)
        driver.send(.models(.success([])))
        driver.ask("hello")
        #expect(driver.screen().contains("No model is chosen: Ctrl-X j lists"))
        driver.press(.control("x"))
        #expect(driver.screen().contains("j model"))
        driver.press(key: .escape)
        #expect(driver.screen().contains("F7 nudge"))
        #expect(driver.screen().contains("F2 commands"))
        driver.press(KeyChord(.function(2)))
        driver.type("retry")
        #expect(driver.screen().contains("F5"))
        #expect(!driver.screen().contains("Alt-r"))
        driver.press(KeyChord(.function(8)))
        #expect(driver.model.overlay == nil)
        driver.press(key: .function(1))
        driver.press(.character("/"))
        driver.type("try now")
        #expect(driver.screen(120, 40).contains("config.toml:12"))
        driver.press(key: .escape)
        driver.press(key: .escape)
        driver.press(.alt("2"))
        #expect(driver.screen().contains("F follow"))
    }

    @Test func aCommandWithoutAKeyIsNamedByWhatCanBeTyped() throws {
        let (keys, _) = Keymap().applying(
            ["global", "leader"].map { UserBinding(scope: $0, command: "retry-now", chords: [], place: "x") })
        #expect(keys.label(of: .retryNow) == "/retry-now")
        let driver = try Driver(keys: keys)
        driver.press(.alt("2"))
        // A hint without a key is left out.
        let (none, _) = Keymap().applying([UserBinding(scope: "output", command: "follow", chords: [], place: "x")])
        driver.model.keys = none
        #expect(!driver.screen().contains("follow"))
    }

    @Test func enterAndItsOppositeAreToldAsTheyAre() throws {
        let driver = try Driver(enterSends: false)
        #expect(driver.screen().contains("Alt-Enter sends, Enter newline"))
        driver.press(key: .function(1))
        let row = driver.screen(120, 40).split(separator: "\n").first { $0.contains("send the prompt") } ?? ""
        #expect(row.contains("Alt-Enter"))
    }

    @Test func thePaletteOffersWhatWasUsedLastFirstAndFindsOtherNames() throws {
        let driver = try Driver()
        for open in [KeyChord.control("p"), .alt("x")] {
            driver.press(open)
            if case .palette = driver.model.overlay {} else { Issue.record("\(open.longLabel) opens nothing") }
            driver.press(key: .escape)
        }
        driver.type(":")
        #expect(driver.model.prompt.text == ":")
        driver.press(.control("c"))
        driver.press(.alt("2"))
        driver.press(.character(":"))
        driver.type("thinking")
        #expect(driver.screen().contains("show or hide reasoning"))
        driver.press(key: .enter)
        #expect(driver.model.reasoningShown)
        driver.press(.control("p"))
        guard case .palette(let picker) = driver.model.overlay else { return }
        #expect(picker.selection == .toggleReasoning)
        #expect(driver.screen().contains("/reasoning"))
    }

    @Test func theLeaderWaitsForItsKeyAndEscapeLeavesIt() throws {
        let driver = try Driver()
        driver.press(.control("x"))
        driver.wait(.seconds(60))
        driver.send(.tick(driver.now))
        #expect(driver.screen(80, 24).contains("q quit"))
        driver.press(key: .escape)
        #expect(!driver.screen(80, 24).contains("q quit"))
        driver.press(.character("q"))
        #expect(driver.model.prompt.text == "q")
    }

    @Test func screens() throws {
        let driver = try Driver()
        driver.press(key: .function(1))
        expect(driver.screen(120, 40), "help-120x40")
        expect(driver.screen(80, 24), "help-80x24")
        driver.press(.character("/"))
        driver.type("word")
        expect(driver.screen(80, 24), "help-searched-80x24")
        driver.press(key: .escape)
        driver.press(key: .escape)
        driver.press(.control("x"))
        expect(driver.screen(120, 40), "leader-120x40")
    }

    private func expect(_ screen: String, _ name: String) {
        let difference = Golden.difference(screen, name, testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }
}
