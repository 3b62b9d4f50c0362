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

    @Test func pricesOfOnesOwnAreToldOf() throws {
        let one = try #require(Price(perMillion: "1"))
        let prices = ModelPrices(
            tiers: [.standard: PriceSet(input: one, output: one)], source: .settings(place: "config.toml:3"))
        let driver = try Driver(yourPrices: ["gpt-5.4-mini": prices])
        #expect(!driver.screen(120, 40).contains("your prices"))
        driver.ask("one")
        driver.answer("hi")
        #expect(
            driver.screen(120, 40).split(separator: "\n").contains {
                $0.contains("meter") && $0.contains("your prices")
            })
        #expect(driver.screen(80, 24).contains("your prices"))
        #expect(MeterText.modelNote(driver.model.info("gpt-5.4-mini")) == "400k ctx · $1 in $1 out · your prices")
        #expect(!MeterText.modelNote(driver.model.info("gpt-4o")).contains("your"))
        let plain = try Driver()
        plain.ask("one")
        plain.answer("hi")
        #expect(!plain.screen(120, 40).contains("your prices"))
        #expect(!plain.screen(80, 24).contains("your prices"))
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
