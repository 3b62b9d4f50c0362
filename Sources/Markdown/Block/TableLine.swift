/// Reads the lines of tables.
enum TableLine {
    /// The alignments that a delimiter row gives; nil = it is none.
    static func alignments(_ bytes: Bytes, _ line: Range<Int>) -> [ColumnAlignment]? {
        var result: [ColumnAlignment] = []
        var index = bytes.skippingBlanks(from: line.lowerBound, to: line.upperBound)
        if index < line.upperBound, bytes[index] == .pipe { index += 1 }
        while true {
            index = bytes.skippingBlanks(from: index, to: line.upperBound)
            guard index < line.upperBound else { break }
            let isLeft = bytes[index] == .colon
            if isLeft { index += 1 }
            let count = bytes.run(of: .minus, from: index, to: line.upperBound)
            guard count > 0 else { return nil }
            index += count
            let isRight = index < line.upperBound && bytes[index] == .colon
            if isRight { index += 1 }
            result.append(isLeft ? (isRight ? .center : .left) : isRight ? .right : .none)
            index = bytes.skippingBlanks(from: index, to: line.upperBound)
            guard index < line.upperBound else { break }
            guard bytes[index] == .pipe else { return nil }
            index += 1
        }
        return result.isEmpty ? nil : result
    }

    /// The cells of a row, blanks around them left out. Pipes behind a backslash do not part cells.
    static func cells(_ bytes: Bytes, _ line: Range<Int>) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        let end = bytes.droppingBlanks(from: line.lowerBound, to: line.upperBound)
        var index = bytes.skippingBlanks(from: line.lowerBound, to: end)
        if index < end, bytes[index] == .pipe { index += 1 }
        var start = index
        while index < end {
            if bytes[index] == .backslash, index + 1 < end, bytes[index + 1] == .pipe || bytes[index + 1] == .backslash
            {
                index += bytes[index + 1] == .pipe ? 2 : 1
                continue
            }
            if bytes[index] == .pipe {
                cells.append(trim(bytes, start..<index))
                start = index + 1
            }
            index += 1
        }
        if start < end { cells.append(trim(bytes, start..<end)) }
        return cells
    }

    private static func trim(_ bytes: Bytes, _ range: Range<Int>) -> Range<Int> {
        let start = bytes.skippingBlanks(from: range.lowerBound, to: range.upperBound)
        return start..<bytes.droppingBlanks(from: start, to: range.upperBound)
    }
}
