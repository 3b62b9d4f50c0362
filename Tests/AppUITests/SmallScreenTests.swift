import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Screens with little room: what must be read is read, and nothing is done that nobody sees.
@Suite struct SmallScreenTests {
    /// A workspace in a window of this size, as the terminal told it.
    private func driver(_ width: Int, _ height: Int) throws -> Driver {
        let driver = try Driver()
        driver.send(.input(.resize(Size(width: width, height: height))))
        return driver
    }

    @Test(
        arguments: [
            (60, 5, ["window too small: needs 20x6, has 60x5"]), (30, 5, ["window too small", "needs 20x6, has 30x5"]),
            (19, 6, ["window too small", "needs 20x6", "has 19x6"]), (12, 3, ["too small", "needs 20x6", "has 12x3"]),
            (12, 2, ["too small", "needs 20x6"]), (12, 1, ["needs 20x6"]), (5, 1, ["20x6"]), (3, 1, []),
        ] as [(Int, Int, [String])])
    func itTellsTheSizeThatItNeeds(width: Int, height: Int, expected: [String]) throws {
        let rows = try driver(width, height).screen(width, height).split(separator: "\n")
            .map { $0.trimmed }.filter { !$0.isEmpty }
        #expect(rows == expected)
    }

    @Test func nothingIsTypedOrSentUnseen() throws {
        let driver = try driver(30, 5)
        driver.type("send me")
        driver.press(key: .enter)
        driver.send(.input(.paste("and me")))
        driver.press(.alt("5"))
        #expect(driver.request == nil)
        #expect(driver.model.prompt.isEmpty)
        #expect(driver.model.focus == .prompt)
        driver.send(.input(.resize(Size(width: 40, height: 12))))
        #expect(driver.ask("now")?.messages.last?.text == "now")
    }

    @Test(
        arguments: [
            [.control("c"), .control("c")], [.control("\\")], [.control("d")], [.control("x"), .character("q")],
        ] as [[KeyChord]])
    func whatQuitsStillQuits(keys: [KeyChord]) throws {
        let driver = try driver(30, 5)
        for key in keys { driver.press(key) }
        #expect(driver.quits)
    }

    @Test func whatIsAskedAndToldIsSeenThereToo() throws {
        let driver = try driver(80, 24)
        driver.ask("one")
        driver.send(.input(.resize(Size(width: 40, height: 5))))
        driver.press(.control("\\"))
        #expect(driver.screen(40, 5).contains("quit? y/N"))
        driver.press(.character("n"))
        #expect(!driver.quits)
        driver.press(.control("c"))
        #expect(driver.cancels != nil)
        driver.finish()
        driver.press(.control("c"))
        #expect(driver.screen(40, 5).contains("again to quit"))
    }

    @Test(arguments: [(80, 9), (40, 9), (30, 7), (20, 6), (80, 10), (200, 60)])
    func aMessageIsReadAndThePromptStaysInSight(width: Int, height: Int) throws {
        let driver = try driver(width, height)
        driver.type("/zzqq")
        driver.press(key: .enter)
        let screen = driver.screen(width, height)
        #expect(screen.contains("There is no"), "\(screen)")
        #expect(screen.contains("> /zzqq"), "\(screen)")
        driver.press(.character("x"))
        #expect(!driver.screen(width, height).contains("There is no"))
    }

    @Test func keysAfterTheLeaderAreToldOnALowScreen() throws {
        let driver = try driver(80, 9)
        driver.press(.control("x"))
        #expect(driver.screen(80, 9).contains("m model"))
        driver.press(key: .escape)
        #expect(driver.screen(80, 9).contains("ready"))
    }

    @Test(arguments: [(80, 9), (40, 10), (200, 60)]) func screens(width: Int, height: Int) throws {
        let driver = try driver(width, height)
        driver.ask("busy")
        driver.answer("It is **done**.")
        driver.type("/zzqq")
        driver.press(key: .enter)
        expectGolden(driver.screen(width, height), "message-\(width)x\(height)")
    }
}

/// Rows that are out of sight.
@Suite struct MoreRowsTests {
    @Test(
        arguments: [
            (10, 0, 10, []), (10, 0, 4, [" ↓ 6 more ", " ↓ 6 "]), (10, 3, 4, [" ↑ 3 ↓ 3 more ", " ↑ 3 ↓ 3 "]),
            (10, 6, 4, [" ↑ 6 more ", " ↑ 6 "]), (0, 0, 4, []), (10, 0, 0, [" ↓ 10 more ", " ↓ 10 "]),
        ] as [(Int, Int, Int, [String])])
    func words(count: Int, first: Int, height: Int, expected: [String]) {
        #expect(MoreRows(count: count, first: first, height: height).texts == expected)
    }

    @Test func theParametersTellThatThereAreMore() throws {
        let driver = try Driver(size: Size(width: 100, height: 20))
        let all = ParameterSpec.all.count
        func shown() -> Int {
            let screen = driver.screen()
            return ParameterSpec.all.count { screen.contains("││ \($0.label) ") || screen.contains("││▸\($0.label) ") }
        }
        #expect(driver.screen().contains("↓ \(all - shown()) more"), "\(driver.screen())")
        driver.press(.alt("5"))
        for _ in 0..<all { driver.press(key: .down) }
        #expect(driver.screen().contains("↑ \(all - shown()) more"))
        let whole = try Driver(size: Size(width: 120, height: 60))
        #expect(!whole.screen().contains("↓ "))
    }

    @Test func listsTellIt() throws {
        let driver = try Driver(size: Size(width: 80, height: 24))
        driver.press(.control("p"))
        #expect(driver.screen().contains("↓ \(Command.offered.count - 16) more"))
        driver.press(key: .up)
        for _ in 0..<20 { driver.press(key: .down) }
        #expect(driver.screen().contains("↑ "))
        driver.type("quit")
        #expect(!driver.screen().contains(" more ─"))
        driver.press(key: .escape)
        driver.type("/")
        #expect(driver.screen().contains(" more "))
        let config = try ConfigTests.driver()
        #expect(config.screen(80, 24).contains(" more "))
        #expect(!config.screen(80, 60).contains(" more "))
    }
}

/// Words that must agree with each other and with what happens.
@Suite struct AgreementTests {
    @Test func inViEscapeIsSaidToLeaveInsertFirst() throws {
        let driver = try Driver()
        driver.ask("one")
        #expect(driver.screen().contains("Esc stops the answer"))
        driver.model.prompt.editingMode = .vi
        #expect(!driver.screen().contains("Esc stops the answer"))
        #expect(driver.screen().contains("Esc leaves INSERT, again: stops"))
        #expect(driver.screen().contains("Esc Esc stop"))
        driver.press(key: .escape)
        #expect(driver.cancels == nil)
        #expect(driver.screen().contains("Esc stops the answer"))
        driver.press(key: .escape)
        #expect(driver.cancels != nil)
    }

    @Test func openingAPasteWhereThereIsNoneSaysWhy() throws {
        let driver = try Driver()
        driver.press(.control("x"))
        driver.press(.character("."))
        #expect(driver.screen().contains("There is nothing to open"))
        driver.send(.input(.paste((1...9).map(String.init).joined(separator: "\n"))))
        driver.press(.control("x"))
        driver.press(.character("."))
        #expect(!driver.screen().contains("There is nothing to open"))
        #expect(driver.model.prompt.text.hasPrefix("1\n2"))
    }

    @Test func theDemoSaysOfItsCostsThatNobodyPaysThem() throws {
        let demo = try Driver()
        #expect(demo.screen().contains("nobody pays the costs shown"))
        #expect(!demo.screen().contains("no cost"))
        demo.ask("one")
        demo.answer("hi")
        #expect(demo.screen().contains("not paid"))
        #expect(demo.model.farewell.first?.hasSuffix("that nobody pays") == true)
        let real = try Driver(demo: false)
        real.ask("one")
        real.answer("hi")
        #expect(!real.screen().contains("not paid"))
        #expect(real.model.farewell.first?.contains("pays") == false)
    }
}
