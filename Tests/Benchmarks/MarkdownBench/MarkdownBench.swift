import Markdown
import TerminalKit

/// Figures of Markdown while it streams, for `make bench`.
@main
struct MarkdownBench {
    static func main() {
        let answer = Shape.answer(bytes: 1_100_000)
        for kilobytes in [1, 10, 100, 1_000] {
            delta(Shape(name: "a mixed answer", text: answer), kilobytes)
        }
        for shape in Shape.endless {
            for kilobytes in [1, 10, 100, 1_000] { delta(shape, kilobytes) }
        }
        whole(answer)
    }

    /// What a piece of 4 to 20 characters costs when so much came before.
    private static func delta(_ shape: Shape, _ kilobytes: Int) {
        let before = shape.beginning(kilobytes * 1_000)
        let pieces = shape.pieces(after: before.utf8.count, count: 2_000)
        let times = (0..<5).map { _ in
            var text = MarkdownText(width: 120)
            text.append(before)
            return ContinuousClock().measure {
                for piece in pieces { text.append(piece) }
            }
        }
        let microseconds = seconds(times.sorted()[2]) / Double(pieces.count) * 1e6
        print("markdown, a piece of \(shape.name) after \(kilobytes) KB: \(tenths(microseconds)) us")
    }

    private static func whole(_ answer: String) {
        let text = String(answer.prefix(1_000_000))
        let layout = median { _ = MarkdownText(text, width: 120).count }
        print("markdown, layout of 1 MB: \(tenths(1 / layout)) MB/s")
        var laidOut = MarkdownText(text, width: 120)
        var width = 120
        let again = median {
            width = width == 120 ? 100 : 120
            laidOut.setWidth(width)
        }
        print("markdown, another width of 1 MB: \(tenths(again * 1e3)) ms")
        let screen = median { for row in 0..<50 { _ = laidOut.row(laidOut.count / 2 + row) } }
        print("markdown, 50 rows in the middle of 1 MB: \(tenths(screen * 1e6)) us")
        let html = median { _ = MarkdownHTML.html(text).utf8.count }
        print("markdown, HTML of 1 MB: \(tenths(1 / html)) MB/s")
    }

    private static func median(_ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        return seconds((0..<5).map { _ in clock.measure(body) }.sorted()[2])
    }

    private static func seconds(_ time: Duration) -> Double {
        Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    }

    private static func tenths(_ value: Double) -> String { String((value * 10).rounded() / 10) }
}
