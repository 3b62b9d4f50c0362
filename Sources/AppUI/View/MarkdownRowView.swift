import Markdown
import TerminalKit

/// Draws rows of markdown. Code that is wider than the room is cut at the edge, with a mark, and scrolls sideways.
enum MarkdownRowView {
    static func draw(_ row: MarkdownRow, into frame: inout Frame, x: Int, y: Int, clip: Rect, codeOffset: Int) {
        let start = draw(row.lead, into: &frame, x: x + row.indent, y: y, clip: clip)
        guard let code = row.code, !code.isLabel else {
            draw(row.spans, into: &frame, x: start, y: y, clip: clip)
            return
        }
        let room = Rect(x: start, y: y, width: max(0, clip.maxX - start), height: 1)
        let offset = min(codeOffset, max(0, code.width - room.width + 1))
        draw(row.spans, into: &frame, x: start - offset, y: y, clip: room)
        if offset > 0 { frame.draw("‹", x: start, y: y, style: Style(.warning, .bold), clip: room) }
        if code.width - offset > room.width {
            frame.draw("›", x: room.maxX - 1, y: y, style: Style(.warning, .bold), clip: room)
        }
        if row.isContinuation { frame.draw("↪", x: start - 1, y: y, style: Style(.textDim), clip: clip) }
    }

    @discardableResult
    private static func draw(_ spans: [MarkdownSpan], into frame: inout Frame, x: Int, y: Int, clip: Rect) -> Int {
        spans.reduce(x) { frame.draw($1.text, x: $0, y: y, style: $1.style, clip: clip) }
    }
}
