import TerminalKit

/// Rows of a list that are out of sight, as a mark in the lower edge of its box: `↑ 2 ↓ 5 more`.
struct MoreRows {
    /// Rows above those shown.
    let above: Int
    /// Rows below them.
    let below: Int

    /// Of so many rows `height` are shown, from `first` on.
    init(count: Int, first: Int, height: Int) {
        above = max(0, min(first, count))
        below = max(0, count - first - max(0, height))
    }

    /// The words, the long ones first; empty when all is in sight.
    var texts: [String] {
        guard above > 0 || below > 0 else { return [] }
        let up = above > 0 ? "↑ \(above)" : nil
        let down = below > 0 ? "↓ \(below)" : nil
        let short = [up, down].compactMap(\.self).joined(separator: " ")
        return [" \(short) more ", " \(short) "]
    }

    /// Draws them at the right end of a box's lower edge, behind column `from`; shorter or not at all where there is no room.
    func draw(into frame: inout Frame, border: Rect, from: Int = 0) {
        guard border.width >= 2, border.height >= 2 else { return }
        draw(into: &frame, y: border.maxY - 1, from: max(from, border.x + 1), to: border.maxX - 1)
    }

    /// Draws them in a row, with their end one cell before `to`.
    func draw(into frame: inout Frame, y: Int, from: Int, to: Int) {
        guard let text = texts.first(where: { CellWidth.width(of: $0) <= to - 1 - from }) else { return }
        let x = to - 1 - CellWidth.width(of: text)
        frame.draw(text, x: x, y: y, style: Style(.textDim), clip: frame.bounds)
    }
}
