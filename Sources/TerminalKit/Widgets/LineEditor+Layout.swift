/// An editor's text in rows; `LineEditor.rowText` gives what to draw for each.
public struct EditorLayout: Sendable, Hashable {
    /// Each row's characters, without the newline at its end.
    public var rows: [Range<Int>]
    /// Where the cursor stands, in cells and rows from the text's beginning. Always left of the width.
    public var cursor: Position
}

extension LineEditor {
    private static let tabWidth = 8

    /// The text in rows of a width (at least 1), and the cursor's cell. There is always at least one row. Rows break
    /// after blanks where they can; the cursor behind a full row stands on a row of its own.
    public func layout(width: Int) -> EditorLayout {
        let rows = rows(width: max(1, width))
        let row = row(of: cursor, in: rows)
        let x = min(cells(rows[row].lowerBound..<cursor), max(1, width) - 1)
        return EditorLayout(rows: rows, cursor: Position(x: x, y: row))
    }

    /// Up one display row, keeping the column; false on the first row.
    public mutating func moveUp() -> Bool { moveVertically(by: -1) }

    /// Down one display row, keeping the column; false on the last row.
    public mutating func moveDown() -> Bool { moveVertically(by: 1) }

    private mutating func moveVertically(by step: Int) -> Bool {
        let here = layOutToCursor(width: width)
        layOut { $0.rows.count > here.index + 2 }
        guard here.index + step >= 0, let target = shownRow(here.index + step, here) else { return false }
        let start = shownRow(here.index, here)?.lowerBound ?? cursor
        var column = cells(start..<cursor)
        if case .vertical(let kept) = last { column = kept }
        let isLast = shownRow(here.index + step + 1, here) == nil
        setCursor(place(atColumn: column, in: target, isLast: isLast))
        last = .vertical(column: column)
        return true
    }

    private func place(atColumn column: Int, in row: Range<Int>, isLast: Bool) -> Int {
        var cells = 0
        for place in row {
            let width = Self.width(of: elements[place], column: cells)
            if cells + width > column { return place }
            cells += width
        }
        // Behind the last character of a row that goes on is the next row's first place.
        let goesOn = !isLast && row.upperBound < elements.count && !elements[row.upperBound].isNewline
        return goesOn ? max(row.lowerBound, row.upperBound - 1) : row.upperBound
    }

    private func rows(width: Int) -> [Range<Int>] {
        var rows: [Range<Int>] = []
        var start: Int? = 0
        while let place = start {
            let (row, next) = nextRow(from: place, width: width)
            rows.append(row)
            if isFull(row, width: width) { rows.append(row.upperBound..<row.upperBound) }
            start = next
        }
        return rows
    }

    private func row(of place: Int, in rows: [Range<Int>]) -> Int {
        var low = 0
        var high = rows.count
        while high - low > 1 {
            let middle = (low + high) >> 1
            if rows[middle].lowerBound <= place { low = middle } else { high = middle }
        }
        return low
    }

    func cells(_ range: Range<Int>) -> Int {
        elements[range].reduce(0) { $0 + Self.width(of: $1, column: $0) }
    }

    /// What to draw for a row, tabs expanded, folds as their labels.
    public func rowText(_ row: Range<Int>) -> String { rowPieces(row).reduce(into: "") { $0 += $1.text } }

    /// What to draw for a row in pieces that are drawn alike, tabs expanded.
    public func rowPieces(_ row: Range<Int>) -> [EditorPiece] {
        var pieces: [EditorPiece] = []
        var column = 0
        let selection = selection
        for place in row.clamped(to: 0..<elements.count) {
            let element = elements[place]
            let width = Self.width(of: element, column: column)
            var piece = EditorPiece(text: "", isSelected: selection?.contains(place) ?? false, isFold: element.isFold)
            switch element {
            case .fold(let fold): piece.text = fold.label
            case .character("\t"): piece.text = String(repeating: " ", count: width)
            case .character(let character): piece.text = String(character)
            }
            column += width
            if let last = pieces.last, !last.isFold, !piece.isFold, last.isSelected == piece.isSelected {
                pieces[pieces.count - 1].text += piece.text
            } else {
                pieces.append(piece)
            }
        }
        return pieces
    }

    static func width(of element: EditorElement, column: Int) -> Int {
        switch element {
        case .fold(let fold): CellWidth.width(of: fold.label)
        case .character("\t"): tabWidth - column % tabWidth
        case .character(let character): character.isASCII ? 1 : CellWidth.width(of: String(character))
        }
    }
}

/// A piece of an editor's row.
public struct EditorPiece: Sendable, Hashable {
    /// What to draw.
    public var text: String
    /// Whether it is marked (`LineEditor.selection`).
    public var isSelected: Bool
    /// Whether it is a fold's label.
    public var isFold: Bool
}
