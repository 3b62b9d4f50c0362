import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

@Suite struct ViewTests {
    @Test func everyPaneBearsItsNameInTheWideLayout() throws {
        let driver = try Driver()
        let screen = driver.screen(120, 40)
        for pane in Pane.allCases { #expect(screen.contains(pane.rawValue), "\(pane) has no name") }
        #expect(screen.contains("DEMO"))
    }

    @Test func theNarrowLayoutCarriesTheMeterAndFloatsSidePanes() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.answer("hi")
        #expect(driver.screen(80, 24).contains("meter ↑10 ↓5"))
        driver.press(.alt("5"))
        #expect(driver.screen(80, 24).contains("parameters"))
    }

    @Test func anySizeWorks() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta(String(repeating: "word 漢字 👍🏽 ", count: 200), choice: 0))
        for height in 0..<45 {
            for width in stride(from: 0, through: 130, by: height % 7 + 1) {
                let frame = AppFeature.view(&driver.model, size: Size(width: width, height: height))
                #expect(frame.cells.count == width * height)
                if let cursor = frame.cursor { #expect(cursor.x < width && cursor.y < height) }
            }
        }
    }

    @Test func aTinyWindowSaysSo() throws {
        let driver = try Driver()
        #expect(driver.screen(19, 6).contains("window too small"))
        #expect(driver.screen(20, 5).contains("window too small"))
    }

    @Test func scrollingUpStopsFollowingAndTheViewStays() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta((1...100).map { "line \($0)" }.joined(separator: "\n"), choice: 0))
        #expect(driver.screen().contains("line 99"))
        driver.press(.alt("2"))
        driver.press(.character("g"))
        let top = driver.screen()
        #expect(top.contains("line 1"))
        #expect(top.contains("paused"))
        driver.stream(.textDelta("\nmore to read.", choice: 0))
        let after = driver.screen()
        #expect(after.contains("line 1\n") || after.contains("line 1 "))
        #expect(after.contains("more below"))
        driver.press(key: .end)
        #expect(driver.screen().contains("more to read"))
        #expect(!driver.screen().contains("paused"))
    }

    @Test func hostileTextCannotReachTheScreenRaw() throws {
        let driver = try Driver()
        driver.ask("one")
        driver.stream(.textDelta("a\u{1B}[31mred\u{202E}x\u{7}", choice: 0))
        driver.stream(
            .toolCallDelta(
                ToolCallDelta(index: 0, id: "\u{1B}c", name: "f\u{9B}31m", argumentsDelta: "\u{1B}]0;t\u{7}")))
        driver.finish(ProviderError(kind: .server, message: "bad \u{1B}[2J thing"))
        for scalar in driver.screen().unicodeScalars where scalar != "\n" {
            #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0x202E)
        }
    }
}
