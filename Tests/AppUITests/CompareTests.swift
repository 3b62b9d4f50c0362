import ProviderCore
import TerminalKit
import Testing

@testable import AppUI

/// Versions of an answer beside each other.
@Suite struct CompareTests {
    /// The comparison of two answers or more.
    private func compare(_ texts: [String], size: Size = Size(width: 80, height: 24)) throws -> Driver {
        let driver = try Driver(size: size)
        driver.ask("say it")
        driver.answer(texts[0])
        for text in texts.dropFirst() {
            driver.press(.alt("2"))
            driver.press(.character("r"))
            driver.answer(text)
        }
        driver.press(.control("x"))
        driver.press(.character("d"))
        return driver
    }

    /// The words that are marked, in the order of the screen.
    private func marked(_ driver: Driver) -> [String] {
        let frame = AppFeature.view(&driver.model, size: driver.model.size)
        var words: [String] = []
        for y in 0..<frame.size.height {
            var isInside = false
            for cell in frame.row(y) {
                let isMarked = cell.style.role == .diffAddedWord
                if isMarked, isInside {
                    words[words.count - 1] += cell.text
                } else if isMarked {
                    words.append(cell.text)
                }
                isInside = isMarked
            }
        }
        return words
    }

    @Test func answersAreShownAsMarkdown() throws {
        let driver = try compare(["# Sea\n\n- **blue** `code`\n", "# Sea\n\n- **teal** `code`\n"])
        let screen = driver.screen()
        for part in ["blue code", "teal code"] { #expect(screen.contains(part), "\(screen)") }
        for source in ["**", "`"] { #expect(!screen.contains(source)) }
    }

    private static let long =
        "The sea is blue because water takes the red out of the light that falls into it from above."

    @Test(
        arguments: [
            ("words", "The **colour** is blue.", "The **colour** is teal.", ["teal."]),
            ("markup in front", "**a** b c", "**a** b d", ["d"]),
            ("lists", "- one two\n- three", "- one TWO\n- THREE", ["TWO", "THREE"]),
            ("wide characters", "漢字 one", "漢字 two", ["two"]),
            ("quote", "> calm words", "> calm WORDS", ["WORDS"]),
            ("code", "```swift\nlet a = 1\n```", "```swift\nlet b = 1\n```", ["b"]),
            ("other breaks", long, "And yet: " + long, ["And", "yet:"]),
            (
                "tables", "| a | b |\n| --- | --- |\n| x | y |", "| a | b |\n| --- | --- |\n| longer | y |", ["longer"]
            ),
            ("the same", long, long, []), ("markup alone", "a **b** c", "a b c", []),
            ("shorter", "one two three", "one two", []),
        ])
    func whatDiffersIsMarked(name: String, base: String, other: String, expected: [String]) throws {
        let driver = try compare([base, other])
        #expect(marked(driver) == [], "\(name): nothing is marked before it is asked for")
        driver.press(.character("d"))
        let found = marked(driver).flatMap { $0.split(separator: " ").map(String.init) }
        #expect(found.map { $0.replacing(".", with: "") } == expected.map { $0.replacing(".", with: "") }, "\(name)")
    }

    @Test(
        arguments: [
            ("one two", "one two", "no differences"), ("a **b**", "a b", "the same words"),
            ("one two three", "one two", "only lacks words"), ("one", "two", nil),
        ] as [(String, String, String?)])
    func agreementIsSaid(base: String, other: String, words: String?) throws {
        let all = ["no differences", "the same words", "only lacks words"]
        let driver = try compare([base, other])
        for text in all { #expect(!driver.screen().contains(text)) }
        driver.press(.character("d"))
        for text in all { #expect(driver.screen().contains(text) == (text == words), "\(text)") }
    }

    @Test(arguments: [2, 3, 4]) func theFootHasRoomForItsKeys(columns: Int) throws {
        let driver = try compare((0..<columns).map { "answer \($0)" })
        let last = driver.screen().split(separator: "\n").last.map(String.init) ?? ""
        for part in ["Tab next", "d mark", "= ", "r a", "Enter go on", "Esc closes"] {
            #expect(last.contains(part), "\(last)")
        }
        #expect(CellWidth.width(of: last) <= 80)
        #expect(driver.screen(120, 24).contains("go on from it"))
        let narrow = driver.screen(40, 24).split(separator: "\n").last ?? ""
        for part in ["Enter go on", "Esc closes"] { #expect(narrow.contains(part), "\(narrow)") }
    }

    @Test func aVersionThatStreamsIsComparedAsItGrows() throws {
        let driver = try compare(["one two three", "one two four"])
        driver.press(.character("d"))
        driver.press(.character("r"))
        driver.stream(.textDelta("one **two", choice: 0))
        #expect(driver.screen().contains("one **two"))
        driver.stream(.textDelta("** five", choice: 0))
        #expect(driver.screen().contains("one two five"))
        #expect(marked(driver) == ["four", "five"])
    }

    @Test(arguments: [KeyChord(.character("?")), KeyChord(.function(1))]) func theKeysAreShown(key: KeyChord) throws {
        let driver = try compare(["one", "two"])
        driver.press(key)
        let screen = driver.screen()
        for key in DialogKey.comparison { #expect(screen.contains(key.summary), "\(screen)") }
        driver.press(key: .escape)
        #expect(!driver.screen().contains(DialogKey.marks.summary))
        guard case .compare = driver.model.overlay else { return #expect(Bool(false), "the comparison is closed") }
        driver.press(key: .escape)
        #expect(driver.model.overlay == nil)
    }

    /// What lies over the panes has its own keys below.
    @Test func aListHasItsOwnFoot() throws {
        let driver = try Driver(size: Size(width: 80, height: 24))
        let foot = { (driver: Driver) in driver.screen().split(separator: "\n").last.map(String.init) ?? "" }
        #expect(foot(driver).contains("send"))
        driver.press(.control("p"))
        #expect(driver.model.overlay != nil)
        #expect(!foot(driver).contains("send") && !foot(driver).contains("panes"), "\(foot(driver))")
        #expect(foot(driver).contains("closes"))
    }
}
