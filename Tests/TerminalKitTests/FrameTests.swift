import Testing

@testable import TerminalKit

@Suite struct FrameTests {
    private func frame(_ width: Int, _ height: Int = 1, fill: String = "") -> Frame {
        var frame = Frame(size: Size(width: width, height: height))
        for y in 0..<height { frame.draw(fill, x: 0, y: y, style: Style(.text), clip: frame.bounds) }
        return frame
    }

    @Test(arguments: [
        ("abc", 0, "abc...", 3), ("abcdefgh", 0, "abcdef", 6), ("abc", 5, ".....a", 6), ("abc", -1, "bc....", 2),
        ("abc", -9, "......", -6), ("abc", 6, "......", 6), ("漢字漢字", 0, "漢字漢", 6), ("漢字漢字", -1, " 字漢 ", 7),
        ("漢", 5, "..... ", 7), ("漢", -1, " .....", 1), ("e\u{301}x", 0, "e\u{301}x....", 2),
        ("a\tb", 0, "a␉b...", 3), ("🇩🇪x", 1, ".🇩🇪x..", 4),
    ])
    func clipping(text: String, x: Int, expected: String, end: Int) {
        var frame = frame(6, fill: "......")
        let column = frame.draw(text, x: x, y: 0, style: Style(.text), clip: frame.bounds)
        #expect(frame.row(0).map(\.text).joined() == expected)
        #expect(column == end)
    }

    @Test(arguments: [
        (0, "x", "x 字..."), (1, "x", " x字..."), (2, "x", "漢x ..."),
        (1, "語", " 語 ..."), (0, "ab", "ab字..."), (3, "ab", "漢 ab.."),
    ])
    func overwritingHalves(x: Int, text: String, expected: String) {
        var frame = frame(7, fill: "漢字...")
        frame.draw(text, x: x, y: 0, style: Style(.text), clip: frame.bounds)
        #expect(frame.row(0).map(\.text).joined() == expected)
        #expect(isSound(frame))
    }

    @Test func clipInsideTheFrame() {
        var frame = frame(8, 3, fill: "漢字漢字")
        let clip = Rect(x: 1, y: 1, width: 5, height: 1)
        frame.draw("abcdefghij", x: 0, y: 1, style: Style(.error), clip: clip)
        frame.draw("no", x: 1, y: 0, style: Style(.error), clip: clip)
        #expect(frame.text == "漢字漢字\n bcdef字\n漢字漢字")
        #expect(isSound(frame))
    }

    @Test func marksWithoutBaseJoin() {
        var frame = frame(4, fill: "ab")
        frame.draw("\u{301}c", x: 1, y: 0, style: Style(.text), clip: frame.bounds)
        #expect(frame[0, 0].text.unicodeScalars.elementsEqual("a\u{301}".unicodeScalars))
        #expect(frame[1, 0].text == "c")
        for _ in 0..<9 { frame.draw("\u{302}", x: 2, y: 0, style: Style(.text), clip: frame.bounds) }
        #expect(frame[1, 0].text.unicodeScalars.count == 5)
    }

    @Test func fillMendsHalves() {
        var frame = frame(6, fill: "漢字漢")
        frame.fill(Rect(x: 1, y: 0, width: 2, height: 1), style: Style(.text))
        #expect(frame.text == "    漢")
        #expect(isSound(frame))
    }

    /// Whatever is drawn over whatever, each right half stands beside a wide cluster and nowhere else.
    @Test func randomDrawing() {
        var source = HostileText(seed: 99)
        var random = FixedRandom(seed: 5)
        var frame = frame(20, 4)
        for _ in 0..<3_000 {
            let x = Int.random(in: -6...22, using: &random)
            let clip = Rect(
                x: Int.random(in: -2...12, using: &random), y: 0, width: Int.random(in: 0...20, using: &random),
                height: 4)
            let y = Int.random(in: -1...4, using: &random)
            frame.draw(source.next(most: 10), x: x, y: y, style: Style(.text), clip: clip)
            if !isSound(frame) {
                Issue.record("torn cluster: \(frame.text)")
                return
            }
        }
    }

    private func isSound(_ frame: Frame) -> Bool {
        (0..<frame.size.height).allSatisfy { y in
            let row = Array(frame.row(y))
            return row.indices.allSatisfy { x in
                let width = CellWidth.width(of: row[x].text)
                if row[x].text.isEmpty { return x > 0 && CellWidth.width(of: row[x - 1].text) == 2 }
                return width == 1 || (width == 2 && x + 1 < row.count && row[x + 1].text.isEmpty)
            }
        }
    }
}
