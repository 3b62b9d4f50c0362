import Testing

@testable import TerminalKit

@Suite struct BorderTests {
    private func drawn(_ border: Border, _ width: Int, _ height: Int = 3) -> (text: String, inside: Rect, frame: Frame)
    {
        var frame = Frame(size: Size(width: width, height: height))
        let inside = border.draw(in: &frame, frame.bounds)
        return (frame.text, inside, frame)
    }

    @Test func pictures() {
        #expect(
            drawn(Border(title: "output: m · T=0.7"), 28).text == """
                ┌─ output: m · T=0.7 ──────┐
                │                          │
                └──────────────────────────┘
                """)
        #expect(drawn(Border(title: "prompt", isFocused: true), 16, 2).text == "┌▸ prompt ─────┐\n└──────────────┘")
        #expect(
            drawn(Border(title: "tools", note: "3/17"), 24, 2).text
                == "┌─ tools ─────── 3/17 ─┐\n└──────────────────────┘")
        #expect(drawn(Border(title: "tools", note: "3/17"), 14, 2).text == "┌─ tools ────┐\n└────────────┘")
        #expect(drawn(Border(title: "parameters"), 10, 2).text == "┌─ par… ─┐\n└────────┘")
        #expect(drawn(Border(title: "a", isFocused: true, glyphs: .ascii), 8).text == "+> a --+\n|      |\n+------+")
        #expect(drawn(Border(), 4).text == "┌──┐\n│  │\n└──┘")
    }

    @Test func insideAndStyle() {
        let focused = drawn(Border(title: "x", isFocused: true), 10, 4)
        #expect(focused.inside == Rect(x: 1, y: 1, width: 8, height: 2))
        #expect(focused.frame[0, 0].style == Style(.borderFocus, .bold))
        #expect(drawn(Border(title: "x"), 10).frame[3, 0].style.role == .title)
    }

    @Test func everySmallSize() {
        for width in 0..<14 {
            for height in 0..<4 {
                let border = Border(title: "漢字 title", note: "note", isFocused: width.isMultiple(of: 2))
                let result = drawn(border, width, height)
                #expect(result.inside.width >= 0 && result.inside.height >= 0)
                if width >= 2, height >= 2 { #expect(result.frame[width - 1, 0].text == "┐") }
            }
        }
    }
}

@Suite struct ListStateTests {
    @Test func movesAndScrolls() {
        var list = ListState(count: 10, height: 4)
        list.move(by: 5)
        #expect(list.selected == 5 && list.visible == 2..<6 && list.selectedRow == 3)
        list.move(by: -2)
        #expect(list.selected == 3 && list.visible == 2..<6)
        list.page(by: 1)
        #expect(list.selected == 6 && list.visible == 3..<7)
        list.end()
        #expect(list.selected == 9 && list.visible == 6..<10)
        list.move(by: 3)
        #expect(list.selected == 9)
        list.cycle(by: 1)
        #expect(list.selected == 0 && list.offset == 0)
        list.cycle(by: -1)
        #expect(list.selected == 9)
    }

    @Test func filteringKeepsSane() {
        var list = ListState(count: 100, height: 10)
        list.select(80)
        list.setCount(5)
        #expect(list.selected == 4 && list.visible == 0..<5)
        list.setCount(0)
        #expect(list.selection == nil && list.visible.isEmpty)
        list.move(by: 1)
        list.cycle(by: 1)
        #expect(list.selected == 0)
        list.setCount(30)
        list.select(29)
        list.setHeight(3)
        #expect(list.visible == 27..<30)
        list.setHeight(50)
        #expect(list.visible == 0..<30)
    }

    @Test func keys() {
        var list = ListState(count: 9, height: 3)
        let taken = [
            list.handle(KeyChord(.down)), list.handle(.character("j")), list.handle(.character("j"), letters: true),
            list.handle(KeyChord(.end)), list.handle(KeyChord(.pageUp)), list.handle(KeyChord(.enter)),
            list.handle(KeyChord(.down, .shift)),
        ]
        #expect(taken == [true, false, true, true, true, false, false])
        #expect(list.selected == 6)
    }
}

@Suite struct FuzzyMatchTests {
    @Test(arguments: [
        ("", "abc", []), ("abc", "abc", [0, 1, 2]), ("tt", "toggle theme", [0, 7]), ("gm", "getModel", [0, 3]),
        ("the", "t other theme", [8, 9, 10]), ("th dark", "dark theme", [0, 1, 2, 3, 5, 6]), ("É", "caFÉ", [3]),
    ])
    func positions(query: String, candidate: String, expected: [Int]) {
        #expect(FuzzyMatch.match(query, in: candidate)?.positions == expected)
    }

    @Test(arguments: [("xyz", "xy"), ("A", "abc"), ("ba", "ab"), ("a z", "abc")])
    func misses(query: String, candidate: String) { #expect(FuzzyMatch.match(query, in: candidate) == nil) }

    @Test func ranking() {
        let names = ["attach file", "toggle theme", "settings", "theme: dark", "quit"]
        #expect(FuzzyMatch.rank("tt", names).first?.index == 1)
        #expect(FuzzyMatch.rank("dark", names).map(\.index) == [3])
        #expect(FuzzyMatch.rank("", names).map(\.index) == [0, 1, 2, 3, 4])
        #expect(FuzzyMatch.rank("theme", names).map(\.index) == [3, 1])
    }

    /// The quick way over long gaps finds what trying everything finds.
    @Test func longGaps() {
        let far = "x" + String(repeating: ".", count: 40) + "y" + String(repeating: ".", count: 13) + "z"
        #expect(FuzzyMatch.match("xyz", in: far)?.positions == [0, 41, 55])
        #expect(
            FuzzyMatch.match("az", in: "a" + String(repeating: "-", count: 300) + "a.....z")?.positions == [301, 307])
        let long = String(repeating: "a", count: 2_000)
        #expect(FuzzyMatch.match(String(long.prefix(600)), in: long) == nil)
        #expect(FuzzyMatch.match(String(long.prefix(100)), in: long)?.positions.count == 100)
    }
}
