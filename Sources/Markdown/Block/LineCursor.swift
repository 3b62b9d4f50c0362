/// A place in a line, with its column: tabs reach to the next multiple of 4.
struct LineCursor {
    let bytes: Bytes
    let end: Int
    private(set) var position: Int
    private(set) var column = 0
    /// Columns left of a tab that was taken in part.
    private(set) var pending = 0

    init(_ bytes: Bytes, _ line: Range<Int>) {
        self.bytes = bytes
        position = line.lowerBound
        end = line.upperBound
    }

    /// Columns of white space ahead, and where it ends.
    var indent: (columns: Int, next: Int) {
        var columns = pending
        var index = position
        while index < end {
            switch bytes[index] {
            case .space: columns += 1
            case .tab: columns += 4 - (column + columns) % 4
            default: return (columns, index)
            }
            index += 1
        }
        return (columns, index)
    }

    /// Takes columns of white space, as far as there are any.
    mutating func skip(columns count: Int) {
        var left = count
        while left > 0 {
            if pending > 0 {
                let taken = min(pending, left)
                pending -= taken
                column += taken
                left -= taken
            } else if position < end, bytes[position] == .space {
                position += 1
                column += 1
                left -= 1
            } else if position < end, bytes[position] == .tab {
                pending = 4 - column % 4
                position += 1
            } else {
                return
            }
        }
    }

    /// Takes white space and a marker behind it.
    mutating func skip(pastMarkerEnding next: Int) {
        let indent = indent
        skip(columns: indent.columns)
        column += next - position
        position = next
    }

    /// What is left of the line.
    var rest: SourceLine { SourceLine(range: position..<end, padding: pending) }
}
