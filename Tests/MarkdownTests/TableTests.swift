import Markdown
import TerminalKit
import Testing

@Suite struct TableTests {
    @Test func columnsAreAlignedByCells() {
        let rows = shown("| Name | n |\n|:-----|--:|\n| 漢字 | 1 |\n| a | 22 |\n")
        #expect(
            rows == [
                "┌──────┬────┐", "│ Name │  n │", "├──────┼────┤", "│ 漢字 │  1 │", "│ a    │ 22 │", "└──────┴────┘",
            ])
    }

    @Test func cellsHoldInlines() {
        let rows = shown("a|b\n-|-\n`x \\| y`|**z**\n")
        #expect(rows[3] == "│ x | y │ z │")
    }

    @Test func aRowMayHaveFewerAndMoreCells() {
        #expect(shown("a|b\n-|-\n1\n1|2|3\n").dropFirst(3).prefix(2) == ["│ 1 │   │", "│ 1 │ 2 │"])
    }

    @Test func wideColumnsShrinkAndWrap() {
        let markdown = "| key | text |\n|---|---|\n| a | one two three four five six seven |\n| b | x |\n"
        let rows = shown(markdown, width: 30)
        #expect(
            rows == [
                "┌─────┬──────────────────────┐", "│ key │ text                 │", "├─────┼──────────────────────┤",
                "│ a   │ one two three four   │", "│     │ five six seven       │", "├─────┼──────────────────────┤",
                "│ b   │ x                    │", "└─────┴──────────────────────┘",
            ])
    }

    @Test func withoutRoomItIsAListOfValues() {
        let markdown =
            "| first name | second name | third name |\n|---|---|---|\n| aaaaaaaaaa | bbbbbbbbbb | cccccccccc |\n"
        let rows = shown(markdown + "| d |\n", width: 24)
        #expect(
            rows == [
                "first name: aaaaaaaaaa", "second name: bbbbbbbbbb", "third name: cccccccccc", "", "first name: d",
            ])
    }

    @Test func noTableIsWiderThanItsRoom() {
        for width in 1...60 {
            for columns in 1...8 {
                let line = Array(repeating: "some cell 漢字", count: columns).joined(separator: " | ")
                let rule = Array(repeating: "---", count: columns).joined(separator: "|")
                let rows = rows(MarkdownText("> |\(line)|\n> |\(rule)|\n> |\(line)|\n", width: width))
                let most = rows.map { CellWidth.width(of: $0.text) }.max() ?? 0
                #expect(most <= max(width, 2), "\(columns) columns in \(width)")
            }
        }
    }

    @Test func widthsSettleAfterSomeRows() {
        var text = MarkdownText(width: 60)
        text.append("| a | b |\n|---|---|\n" + String(repeating: "| x | y |\n", count: 40))
        let before = rows(text).dropLast()
        text.append("| a wide cell | y |\n")
        #expect(Array(rows(text).prefix(before.count)) == Array(before))
        #expect(text.row(text.count - 2).text == "│   │   │" || text.row(text.count - 2).text.hasPrefix("│ "))
    }

    @Test func oneLineUnderAHeadIsNoTableYet() {
        var text = MarkdownText(width: 40)
        text.append("| a | b |\n|---|---|")
        #expect(rows(text).map(\.text) == ["| a | b |", "|---|---|"])
        text.append("\n")
        #expect(text.row(0).text == "┌───┬───┐")
    }
}
