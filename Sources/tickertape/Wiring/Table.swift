import TerminalKit

/// A table of text: columns as wide as their widest cell.
enum Table {
    /// The rows as lines. `isRight` tells by row, column and text which cells stand at the right edge of their column.
    static func lines(_ rows: [[String]], isRight: (Int, Int, String) -> Bool) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { CellWidth.width(of: $0[column]) }.max() ?? 0
        }
        return rows.enumerated().map { index, row in
            let cells = row.enumerated().map { column, cell -> String in
                let pad = String(repeating: " ", count: widths[column] - CellWidth.width(of: cell))
                return isRight(index, column, cell) ? pad + cell : cell + pad
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
