/// The text of a leaf: its lines without what stands before them, and where each came from.
struct Content {
    private(set) var bytes: [UInt8] = []
    private var places: [(content: Int, source: Int)] = []
    private(set) var end = 0

    /// Lines joined by newlines; blanks at the end of the last one are left out.
    init(_ lines: [SourceLine], _ source: Bytes) {
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.range.count + 1 })
        places.reserveCapacity(lines.count)
        for line in lines {
            var start = line.range.lowerBound
            if !line.joins {
                if !bytes.isEmpty { bytes.append(.newline) }
                start = source.skippingBlanks(from: start, to: line.range.upperBound)
            }
            places.append((bytes.count, start))
            bytes.append(contentsOf: source[start..<line.range.upperBound])
            end = line.range.upperBound
        }
        while let last = bytes.last, last.isBlank { bytes.removeLast() }
    }

    /// A cell of a table: backslashes before pipes are left out.
    init(cell: Range<Int>, _ source: Bytes) {
        places.append((0, cell.lowerBound))
        var index = cell.lowerBound
        while index < cell.upperBound {
            if source[index] == .backslash, index + 1 < cell.upperBound, source[index + 1] == .pipe {
                index += 1
                places.append((bytes.count, index))
            }
            bytes.append(source[index])
            index += 1
        }
        end = cell.upperBound
    }

    /// Where a byte came from; behind the last one, the end.
    func source(_ offset: Int) -> Int {
        guard offset < bytes.count else { return end }
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) >> 1
            if places[middle].content <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return end }
        return places[low - 1].source + offset - places[low - 1].content
    }
}
