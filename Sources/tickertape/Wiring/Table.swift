import TerminalKit

/// A table of text: columns as wide as their widest cell.
enum Table {
    /// The rows as lines of at most so many cells: columns that are wanted less are left out, the first of `lessWanted` first. `width`: nil =
    /// there is no limit. Numbers stand at the right from `numbersFrom` on.
    static func lines(_ rows: [[String]], width: Int?, lessWanted: [Int], numbersFrom: Int) -> [String] {
        var kept = Set((rows.first ?? []).indices)
        var lines: [String] = []
        for less in [nil] + lessWanted.map(Optional.init) {
            if let less { kept.remove(less) }
            let shown = kept.sorted()
            lines = Self.lines(rows.map { row in shown.map { row[$0] } }) { row, column, _ in
                row > 0 && column >= numbersFrom
            }
            let widest = lines.map { CellWidth.width(of: $0) }.max() ?? 0
            guard let width, widest > width else { break }
        }
        return lines
    }

    /// The rows as lines, foreign text in them gated: each row is one line. `isRight` tells by row, column and text which cells
    /// stand at the right edge of their column.
    static func lines(_ rows: [[String]], isRight: (Int, Int, String) -> Bool) -> [String] {
        let rows = rows.map { row in row.map { TextGate.gate($0, allowNewlines: false).text } }
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
