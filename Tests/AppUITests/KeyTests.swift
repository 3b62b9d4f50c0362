import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

@Suite struct KeyTests {
    @Test func controlCStopsThenClearsThenQuitsWhenPressedTwice() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.press(.control("c"))
        #expect(driver.cancels == 1)
        driver.type("draft")
        driver.press(.control("c"))
        #expect(driver.model.prompt.isEmpty)
        driver.press(key: .up)
        #expect(driver.model.prompt.text == "draft")
        driver.press(.control("c"))
        driver.press(.control("c"))
        #expect(!driver.quits)
        driver.wait(.milliseconds(1400))
        driver.press(.control("c"))
        #expect(driver.quits)
    }

    @Test func twoControlCTooFarApartDoNotQuit() throws {
        let driver = try Driver()
        driver.press(.control("c"))
        driver.wait(.milliseconds(1600))
        driver.press(.control("c"))
        #expect(!driver.quits)
    }

    @Test func controlDQuitsOnlyAnEmptyPromptAndAsksWhileStreaming() throws {
        let driver = try Driver()
        driver.type("x")
        driver.press(key: .left)
        driver.press(.control("d"))
        #expect(!driver.quits)
        #expect(driver.model.prompt.isEmpty)
        driver.ask("one")
        driver.press(.control("d"))
        #expect(!driver.quits)
        driver.press(.character("n"))
        #expect(driver.model.isRunning)
        driver.press(.control("d"))
        driver.press(.character("y"))
        #expect(driver.quits)
        #expect(driver.cancels == 1)
    }

    @Test func tabVisitsEveryPaneAndComesBack() throws {
        let driver = try Driver()
        var seen: Set<Pane> = []
        for _ in Pane.tabOrder {
            driver.press(key: .tab)
            seen.insert(driver.model.focus)
        }
        #expect(seen.count == Pane.allCases.count)
        #expect(driver.model.focus == .prompt)
        driver.press(key: .backTab)
        #expect(driver.model.focus == .tools)
    }

    @Test func paletteFindsAndRunsACommand() throws {
        let driver = try Driver()
        driver.press(.control("p"))
        driver.type("new conv")
        #expect(driver.screen().contains("start a new conversation"))
        driver.press(key: .enter)
        #expect(driver.model.overlay == nil)
        #expect(driver.screen().contains("New conversation"))
    }

    @Test func helpShowsTheKeysThatDispatch() throws {
        let driver = try Driver()
        driver.press(key: .function(1))
        let screen = driver.screen(100, 400)
        #expect(screen.contains("send the prompt"))
        #expect(screen.contains("Ctrl-X") || screen.contains("^X"))
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    @Test func everyBindingIsUniqueInItsScopeAndEveryCommandIsDone() {
        var seen: Set<String> = []
        for binding in Keymap().bindings {
            for keys in binding.keys {
                let (fresh, _) = seen.insert("\(binding.scope) \(keys)")
                #expect(fresh, "\(binding.scope.name): \(keys.label) is bound twice")
            }
        }
        let bound = Set(Keymap().bindings.map(\.command))
        for command in Command.allCases {
            #expect(bound.contains(command) || command.isInPalette, "\(command) cannot be reached")
        }
    }

    @Test func themesPreviewAndEscapeGoesBack() throws {
        let driver = try Driver()
        driver.press(.control("x"))
        driver.press(.character("t"))
        let loads = driver.effects.contains { if case .listThemes = $0 { true } else { false } }
        #expect(loads)
        let choices = ["plain", "dark"].map { ThemeChoice(name: $0, theme: Theme(name: $0, styles: [:])) }
        driver.send(.themes(choices))
        driver.press(key: .down)
        #expect(driver.model.theme.name == "dark")
        driver.press(key: .escape)
        #expect(driver.model.theme.name == "plain")
        driver.send(.themes(choices))
        driver.press(key: .down)
        driver.press(key: .enter)
        #expect(driver.model.theme.name == "dark")
    }

    @Test func suspendAndRedrawWorkOverAnOverlay() throws {
        let driver = try Driver()
        driver.press(.control("p"))
        driver.press(.control("z"))
        #expect(driver.effects.contains { if case .loop(.suspend) = $0 { true } else { false } })
        driver.press(.control("l"))
        #expect(driver.effects.contains { if case .loop(.redraw) = $0 { true } else { false } })
        #expect(driver.model.overlay != nil)
    }
}
