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
        let rows = rows(width: width)
        let here = row(of: cursor, in: rows)
        guard rows.indices.contains(here + step) else { return false }
        var column = cells(rows[here].lowerBound..<cursor)
        if case .vertical(let kept) = last { column = kept }
        setCursor(place(atColumn: column, in: rows[here + step], isLast: here + step == rows.count - 1))
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
        var start = 0
        var lastBreak = 0
        var cells = 0
        var place = 0
        while place < elements.count {
            let element = elements[place]
            if element.isNewline {
                finishLine(start..<place, cells, width, &rows)
                (start, lastBreak, cells) = (place + 1, place + 1, 0)
            } else {
                let elementWidth = Self.width(of: element, column: cells)
                if cells + elementWidth > width, place > start {
                    let end = lastBreak > start ? lastBreak : place
                    rows.append(start..<end)
                    (start, lastBreak, cells, place) = (end, end, 0, end)
                    continue
                }
                cells += elementWidth
                if element == .character(" ") || element == .character("\t") { lastBreak = place + 1 }
            }
            place += 1
        }
        finishLine(start..<elements.count, cells, width, &rows)
        return rows
    }

    private func finishLine(_ row: Range<Int>, _ cells: Int, _ width: Int, _ rows: inout [Range<Int>]) {
        rows.append(row)
        if cells >= width, cursor == row.upperBound { rows.append(row.upperBound..<row.upperBound) }
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

    private func cells(_ range: Range<Int>) -> Int {
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

    private static func width(of element: EditorElement, column: Int) -> Int {
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
