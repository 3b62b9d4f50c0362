import TerminalKit
import TestSupport
import Testing

@testable import AppUI

/// The screen that shows what the terminal sends, and the mouse.
@Suite struct KeyCheckTests {
    private func open() throws -> Driver {
        let driver = try Driver()
        driver.model.terminalFacts = TerminalFacts(
            kind: "xterm-256color", colors: 256, isColorless: false, isUTF8: true, marksPaste: true)
        driver.ask("/key-check")
        return driver
    }

    @Test func everyKeyIsShownAndDoesNothing() throws {
        let driver = try open()
        driver.press(.control("z"))
        #expect(!driver.effects.contains { if case .loop(.suspend) = $0 { true } else { false } })
        driver.press(.control("c"))
        driver.press(.control("d"))
        driver.press(.character("k"))
        driver.send(.input(.paste("abc")))
        driver.send(.input(.focus(false)))
        let screen = driver.screen(100, 30)
        for text in [
            "xterm-256color", "256 colours", "Ctrl-Z", "anywhere: suspend", "output: line-up", "prompt: typed",
            "pasted text, 3 characters", "lost the focus",
        ] {
            #expect(screen.contains(text), "\(text)")
        }
        #expect(!driver.quits)
    }

    @Test func escapeTwiceLeaves() throws {
        let driver = try open()
        driver.press(key: .escape)
        #expect(driver.screen().contains("anywhere: cancel"))
        driver.press(.character("x"))
        driver.press(key: .escape)
        #expect(driver.model.overlay != nil)
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    @Test func bytesAreSpelled() throws {
        let driver = try open()
        driver.send(.input(.observed(InputRecord(bytes: [0x1B, 0x5B, 0x39, 0x39, 0x79], input: nil))))
        #expect(driver.screen(100, 30).contains("means nothing here   ESC [ 9 9 y"))
        driver.send(.input(.observed(InputRecord(bytes: [0x10], input: .key(.control("p"))))))
        #expect(driver.screen(100, 30).contains("Ctrl-P   ^P"))
        let escape = InputRecord(bytes: [0x1B], input: .key(KeyChord(.escape)))
        driver.send(.input(.observed(escape)))
        driver.send(.input(.observed(escape)))
        #expect(driver.model.overlay == nil)
        #expect(driver.effects.contains { if case .loop(.observeKeys(false)) = $0 { true } else { false } })
    }

    @Test(arguments: [(120, 40), (80, 24)]) func screens(width: Int, height: Int) throws {
        let driver = try open()
        for chord in [KeyChord.control("d"), .alt("r"), .character("?"), KeyChord(.function(12)), KeyChord(.enter)] {
            driver.press(chord)
        }
        let difference = Golden.difference(
            driver.screen(width, height), "key-check-\(width)x\(height)", testFile: #filePath)
        #expect(difference == nil, "\(difference ?? "")")
    }

    // MARK: Mouse

    private func at(_ x: Int, _ y: Int) -> Position { Position(x: x, y: y) }

    @Test func theMouseIsOffUntilItIsSwitchedOn() throws {
        let driver = try Driver()
        #expect(!driver.model.mouseIsOn)
        driver.ask("/mouse")
        #expect(driver.model.mouseIsOn)
        #expect(driver.effects.contains { if case .loop(.mouse(true)) = $0 { true } else { false } })
        #expect(driver.screen().contains("Hold Shift to select"))
    }

    @Test func aClickFocusesAndChooses() throws {
        let driver = try Driver()
        _ = driver.screen(120, 40)
        _ = driver.mouse(.press(.left), at(90, 3))
        #expect(driver.model.focus == .parameters)
        #expect(driver.model.parameters.selected == .topP)
        _ = driver.mouse(.press(.left), at(5, 36))
        #expect(driver.model.focus == .prompt)
        // On the border nothing is chosen.
        _ = driver.mouse(.press(.left), at(90, 0))
        #expect(driver.model.focus == .parameters)
        #expect(driver.model.parameters.selected == .topP)
    }

    @Test func theWheelMovesWhatIsUnderThePointer() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer(Array(repeating: "line", count: 200).joined(separator: "\n\n"))
        _ = driver.screen(120, 40)
        _ = driver.mouse(.wheel(rows: -3), at(5, 5))
        _ = driver.screen(120, 40)
        #expect(!driver.model.transcript.isFollowing)
        #expect(driver.model.focus == .prompt)
        let before = driver.model.parameters.selected
        _ = driver.mouse(.wheel(rows: 1), at(90, 3))
        #expect(driver.model.parameters.selected != before)
        #expect(driver.model.focus == .prompt)
    }

    @Test func aRowOfAListIsChosenByOneClickAndTakenByTheNext() throws {
        let driver = try Driver()
        driver.press(.control("p"))
        driver.type("theme")
        let rows = driver.screen(120, 40).split(separator: "\n", omittingEmptySubsequences: false)
        let y = try #require(rows.firstIndex { $0.contains("choose the theme") })
        guard case .palette(var picker) = driver.model.overlay else { return }
        picker.list.select(1)
        driver.model.overlay = .palette(picker)
        let first = driver.mouse(.press(.left), at(40, y))
        #expect(!first.contains { if case .listThemes = $0 { true } else { false } })
        let second = driver.mouse(.press(.left), at(40, y))
        #expect(second.contains { if case .listThemes = $0 { true } else { false } })
    }
}

extension Driver {
    /// Something done with the mouse; returns the effects.
    fileprivate func mouse(_ action: MouseEvent.Action, _ position: Position) -> [AppEffect] {
        send(.input(.mouse(MouseEvent(action, at: position))))
        return effects
    }
}
