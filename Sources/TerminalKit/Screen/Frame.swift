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

    /// Draws text from a place to the right, clipped to `clip`. Returns the column after the last cell drawn, or after
    /// the last cluster when the text ends left of `clip`. A wide cluster that does not fit whole leaves a blank;
    /// control characters are drawn as their pictures; a mark without a base joins the cell to its left.
    @discardableResult
    public mutating func draw(_ text: String, x: Int, y: Int, style: Style, clip: Rect) -> Int {
        let clip = clip.intersection(bounds)
        guard y >= clip.y, y < clip.maxY else { return x }
        var text = text
        return text.withUTF8 { bytes in
            var column = x
            var index = 0
            while index < bytes.count, column < clip.maxX {
                let run = Self.asciiRun(bytes, at: index, most: clip.maxX - column)
                if run > 0 {
                    putASCII(UnsafeBufferPointer(rebasing: bytes[index..<index + run]), x: column, y: y, style, clip)
                    column += run
                    index += run
                } else {
                    let cluster = CellCluster.next(in: bytes, at: index)
                    let drawn = cluster.text(in: bytes, from: index)
                    if !drawn.isEmpty { put(drawn, width: cluster.width, x: column, y: y, style, clip) }
                    column += cluster.width
                    index = cluster.end
                }
            }
            return column
        }
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

    /// How many bytes from `start` are ASCII characters that no mark can join, at most `most`.
    private static func asciiRun(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int, most: Int) -> Int {
        let limit = min(bytes.count, start + most)
        var end = start
        while end < limit, bytes[end] < 0x80 { end += 1 }
        return end > start && end < bytes.count && bytes[end] >= 0x80 ? end - start - 1 : end - start
    }

    private mutating func putASCII(_ bytes: UnsafeBufferPointer<UInt8>, x: Int, y: Int, _ style: Style, _ clip: Rect) {
        let left = max(x, clip.x)
        let right = min(x + bytes.count, clip.maxX)
        guard left < right else { return }
        mend(x: left, y: y)
        mend(x: right, y: y)
        let pictures = CellWidth.asciiPictures
        let start = y * size.width
        cells.withUnsafeMutableBufferPointer { cells in
            for column in left..<right {
                cells[start + column] = Cell(pictures[Int(bytes[column - x])], style)
            }
        }
    }

    private mutating func put(_ text: String, width: Int, x: Int, y: Int, _ style: Style, _ clip: Rect) {
        guard width > 0 else {
            if x > clip.x { join(text, x: x - 1, y: y) }
            return
        }
        let left = max(x, clip.x)
        let right = min(x + width, clip.maxX)
        guard left < right else { return }
        mend(x: left, y: y)
        mend(x: right, y: y)
        let isWhole = right - left == width
        cells[y * size.width + left] = Cell(isWhole ? text : " ", style)
        for half in left + 1..<max(right, left + 1) { cells[y * size.width + half] = Cell(isWhole ? "" : " ", style) }
    }

    /// Adds marks to the cluster that covers a cell, as many as one cell can carry.
    private mutating func join(_ marks: String, x: Int, y: Int) {
        var index = y * size.width + x
        if cells[index].text.isEmpty, x > 0 { index -= 1 }
        let room = 5 - cells[index].text.unicodeScalars.count
        guard room > 0 else { return }
        cells[index].text.unicodeScalars.append(contentsOf: marks.unicodeScalars.prefix(room))
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
