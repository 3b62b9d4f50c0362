/// The glyphs that boxes are drawn with.
public struct BorderGlyphs: Sendable, Hashable {
    /// Horizontal and vertical line.
    public var horizontal, vertical: String
    /// Corners: upper left, upper right, lower left, lower right.
    public var upperLeft, upperRight, lowerLeft, lowerRight: String
    /// The mark before the title of the focused pane.
    public var focusMark: String
    /// Shown where text was cut.
    public var ellipsis: String

    /// Single box-drawing lines.
    public static let lines = BorderGlyphs(
        horizontal: "─", vertical: "│", upperLeft: "┌", upperRight: "┐", lowerLeft: "└", lowerRight: "┘",
        focusMark: "▸",
        ellipsis: "…")
    /// ASCII, for terminals without box drawing.
    public static let ascii = BorderGlyphs(
        horizontal: "-", vertical: "|", upperLeft: "+", upperRight: "+", lowerLeft: "+", lowerRight: "+",
        focusMark: ">",
        ellipsis: "~")
}

/// A box around a pane with the pane's name in its upper edge: `┌─ output: model ───── 3/17 ─┐`. The focused one starts
/// with a mark, `┌▸ output ───┐`, and is bold, so that focus is not told by colour alone.
public struct Border: Sendable, Hashable {
    /// The pane's name. Foreign text in it must have passed the gate.
    public var title: String
    /// A remark at the right end of the upper edge; left out when there is no room.
    public var note: String
    /// Whether the pane has the focus.
    public var isFocused: Bool
    /// What it is drawn with.
    public var glyphs: BorderGlyphs

    /// A border.
    public init(title: String = "", note: String = "", isFocused: Bool = false, glyphs: BorderGlyphs = .lines) {
        self.title = title
        self.note = note
        self.isFocused = isFocused
        self.glyphs = glyphs
    }

    /// Draws the border along the inner edge of `rect` and returns the rectangle inside it. Does not clear the inside.
    /// Less than 2 by 2 cells: draws nothing and returns the rectangle itself.
    @discardableResult
    public func draw(in frame: inout Frame, _ rect: Rect) -> Rect {
        guard rect.width >= 2, rect.height >= 2 else { return rect }
        let style = Style(isFocused ? .borderFocus : .border, isFocused ? .bold : [])
        let line = String(repeating: glyphs.horizontal, count: rect.width - 2)
        let bottom = rect.maxY - 1
        frame.draw(glyphs.upperLeft + line + glyphs.upperRight, x: rect.x, y: rect.y, style: style, clip: rect)
        frame.draw(glyphs.lowerLeft + line + glyphs.lowerRight, x: rect.x, y: bottom, style: style, clip: rect)
        for y in rect.y + 1..<max(bottom, rect.y + 1) {
            frame.draw(glyphs.vertical, x: rect.x, y: y, style: style, clip: rect)
            frame.draw(glyphs.vertical, x: rect.maxX - 1, y: y, style: style, clip: rect)
        }
        drawTitle(in: &frame, rect, style)
        return rect.inset(by: 1)
    }

    private func drawTitle(in frame: inout Frame, _ rect: Rect, _ style: Style) {
        var right = rect.maxX - 1
        let titleWidth = CellWidth.width(of: title)
        let noteWidth = CellWidth.width(of: note)
        // Name, remark, a blank on each side of both, a line between, and a line at each end.
        if noteWidth > 0, min(titleWidth, 12) + noteWidth + 9 <= rect.width {
            right -= noteWidth + 3
            frame.draw(" \(note) ", x: right, y: rect.y, style: style, clip: rect)
        }
        let edge = rect.inset(horizontal: 1, vertical: 0)
        if isFocused { frame.draw(glyphs.focusMark, x: edge.x, y: rect.y, style: style, clip: edge) }
        let room = right - rect.x - 5
        guard titleWidth > 0, room > 0 else { return }
        let name = CellWidth.truncate(title, to: room, ellipsis: glyphs.ellipsis)
        let titleStyle = Style(isFocused ? .borderFocus : .title, isFocused ? .bold : [])
        frame.draw(" \(name) ", x: rect.x + 2, y: rect.y, style: titleStyle, clip: edge)
    }
}
