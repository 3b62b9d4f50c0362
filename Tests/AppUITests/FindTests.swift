import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Finding in the transcript.
@Suite struct FindTests {
    /// Forty answers, of which the fifth and the thirtieth say something special.
    private func long() throws -> Driver {
        let driver = try Driver(size: Size(width: 80, height: 24))
        for number in 1...40 {
            driver.ask("question \(number)")
            driver.answer([5, 30].contains(number) ? "Here is a Needle in \(number)." : "straw\nstraw\nstraw")
        }
        _ = driver.screen()
        return driver
    }

    @Test func aWordIsFoundAndWalkedThrough() throws {
        let driver = try long()
        driver.press(.alt("2"))
        driver.press(.character("g"))
        _ = driver.screen()
        driver.press(.character("/"))
        driver.type("needle")
        #expect(driver.screen().contains("Needle in 5."))
        #expect(driver.screen().contains("1/2"))
        driver.press(key: .enter)
        driver.press(.character("n"))
        #expect(driver.screen().contains("Needle in 30."))
        driver.press(.character("n"))
        #expect(driver.screen().contains("Needle in 5."))
        driver.press(.character("N"))
        #expect(driver.screen().contains("Needle in 30."))
        driver.press(key: .escape)
        #expect(!driver.screen().contains("2/2"))
    }

    @Test func upperCaseCountsWhenTyped() throws {
        let driver = try long()
        driver.press(.alt("2"))
        driver.press(.character("/"))
        driver.type("NEEDLE")
        #expect(driver.screen().contains("not found"))
    }

    @Test func whatComesWhileItIsLookedForIsFoundToo() throws {
        let driver = try long()
        driver.ask("/find needle")
        #expect(driver.screen().contains("/needle  1/2"))
        driver.press(.alt("1"))
        driver.ask("once more")
        driver.stream(.textDelta("A needle, ", choice: 0))
        #expect(driver.screen().contains("/needle  1/3"))
        driver.stream(.textDelta("and another needle.", choice: 0))
        #expect(driver.screen().contains("/needle  1/4"))
        driver.finish()
        driver.press(.alt("2"))
        driver.press(.character("r"))
        #expect(driver.screen().contains("/needle  1/2"), "the other version says nothing yet")
    }

    @Test func findWorksByTypingACommand() throws {
        let driver = try long()
        driver.ask("/find needle in 30")
        #expect(driver.screen().contains("Needle in 30."))
        #expect(driver.request == nil)
    }

    @Test(arguments: [
        ("aXbxc", "x", [1, 3]), ("aXbxc", "X", [1]), ("aaaa", "aa", [0, 2]), ("", "x", []), ("xyz", "", []),
        ("größe GRÖSSE", "größe", [0]),
    ])
    func places(text: String, query: String, places: [Int]) {
        #expect(TextSearch(query).places(in: text) == places)
    }
}
