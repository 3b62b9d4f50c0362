/// One cell of the screen.
public struct Cell: Sendable, Hashable {
    /// One grapheme cluster, at most five scalars; empty in the right half of a wide one.
    public var text: String
    /// How it is drawn.
    public var style: Style

    /// A cell.
    public init(_ text: String, _ style: Style) {
        self.text = text
        self.style = style
    }

    /// An empty cell of plain text.
    public static let blank = Cell(" ", Style(.text))
}

/// A screen as a value: its cells and its cursor. Comparable, printable, testable.
public struct Frame: Sendable, Hashable {
    /// The screen's extent.
    public let size: Size
    /// All cells, row after row; `size.width * size.height` of them.
    public private(set) var cells: [Cell]
    /// Where the hardware cursor stands; nil = hidden.
    public var cursor: Position?

    /// An empty screen.
    public init(size: Size) {
        self.size = size
        cells = Array(repeating: .blank, count: size.width * size.height)
    }

    /// The whole screen.
    public var bounds: Rect { Rect(size) }

    /// The cell at a place inside the screen.
    public subscript(x: Int, y: Int) -> Cell { cells[y * size.width + x] }

    /// The cells of one row.
    public func row(_ y: Int) -> ArraySlice<Cell> { cells[y * size.width..<(y + 1) * size.width] }

    /// Draws text from a place to the right, clipped to `clip`. Returns the column after the last cell drawn. A wide
    /// cluster that does not fit whole leaves a blank; control characters are drawn as their pictures.
    @discardableResult
    public mutating func draw(_ text: String, x: Int, y: Int, style: Style, clip: Rect) -> Int {
        let clip = clip.intersection(bounds)
        guard y >= clip.y, y < clip.maxY else { return x }
        var column = x
        CellWidth.forEachCluster(in: text) { cluster, width in
            guard column < clip.maxX else { return false }
            if width == 0 { return true }
            if column >= clip.x, column + width <= clip.maxX {
                put(Cell(cluster, style), width: width, x: column, y: y)
            } else if column < clip.maxX, column + width > clip.x {
                for half in max(column, clip.x)..<min(column + width, clip.maxX) {
                    put(Cell(" ", style), width: 1, x: half, y: y)
                }
            }
            column += width
            return true
        }
        return column
    }

    /// Fills a rectangle with blanks of one style.
    public mutating func fill(_ rect: Rect, style: Style) {
        let rect = rect.intersection(bounds)
        guard !rect.isEmpty else { return }
        let blank = Cell(" ", style)
        for y in rect.y..<rect.maxY {
            mend(x: rect.x, y: y)
            mend(x: rect.maxX, y: y)
            for x in rect.x..<rect.maxX { cells[y * size.width + x] = blank }
        }
    }

    /// Gives the cells of a rectangle another style, text unchanged.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let rect = rect.intersection(bounds)
        guard !rect.isEmpty else { return }
        for y in rect.y..<rect.maxY {
            for x in rect.x..<rect.maxX { change(&cells[y * size.width + x].style) }
        }
    }

    private mutating func put(_ cell: Cell, width: Int, x: Int, y: Int) {
        mend(x: x, y: y)
        mend(x: x + width, y: y)
        cells[y * size.width + x] = cell
        for half in 1..<max(1, width) { cells[y * size.width + x + half] = Cell("", cell.style) }
    }

    /// Blanks the left half of a wide cluster that is about to lose the right half at `x`.
    private mutating func mend(x: Int, y: Int) {
        guard x > 0, x < size.width else { return }
        let index = y * size.width + x
        guard cells[index].text.isEmpty else { return }
        cells[index - 1].text = " "
        cells[index].text = " "
    }

    /// The rows as text, blanks at their ends removed.
    public var text: String {
        (0..<size.height).map { y in
            var line = row(y).reduce(into: "") { $0 += $1.text }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
