import TerminalKit

/// A table that is open.
struct OpenTable: Sendable {
    /// Rows of which the widths are taken; later ones wrap in them. Bounds what is laid out again for each piece.
    static let mostRows = 32
    /// Bytes of these rows at most.
    static let mostBytes = 4_096

    let header: SourceLine
    let start: Int
    let delimiter: Range<Int>
    let alignments: [ColumnAlignment]
    /// Rows that are not written yet.
    var rows: [SourceLine] = []
    /// How the columns stand; nil while rows can still change it.
    var layout: TableLayout?

    init(header: SourceLine, start: Int, delimiter: Range<Int>, alignments: [ColumnAlignment]) {
        self.header = header
        self.start = start
        self.delimiter = delimiter
        self.alignments = alignments
    }

    var byteCount: Int { (rows.last?.range.upperBound ?? delimiter.upperBound) - header.range.lowerBound }
}

/// The widths of a table's columns.
struct TableLayout: Sendable, Hashable {
    /// Narrower columns than this are not made of wider ones.
    static let narrowest = 8

    /// Cells of each column; nil = there is no room for columns, and each row is a list of `name: value`.
    var widths: [Int]?
    /// Whether columns are narrower than their text, so that rows wrap.
    var isShrunk = false

    /// Widths for columns that would like to be as wide as `natural`, in `room` cells with lines and blanks.
    init(natural: [Int], room: Int) {
        let free = room - 3 * natural.count - 1
        if natural.reduce(0, +) <= free {
            widths = natural
            return
        }
        isShrunk = true
        guard natural.reduce(0, { $0 + min($1, Self.narrowest) }) <= free else { return }
        var low = Self.narrowest
        var high = natural.max() ?? low
        while low < high {
            let middle = (low + high + 1) >> 1
            if natural.reduce(0, { $0 + min($1, middle) }) <= free { low = middle } else { high = middle - 1 }
        }
        var left = free - natural.reduce(0) { $0 + min($1, low) }
        widths = natural.map { width in
            guard width > low, left > 0 else { return min(width, low) }
            left -= 1
            return low + 1
        }
    }
}

// Tables.
extension RowWriter {
    mutating func addTableRow(_ line: SourceLine, _ bytes: Bytes) {
        guard var open = table else { return }
        if let layout = open.layout {
            return write(line, layout, open, isFirst: false, bytes)
        }
        table = nil
        open.rows.append(line)
        if open.rows.count >= OpenTable.mostRows || open.byteCount >= OpenTable.mostBytes { begin(&open, bytes) }
        table = open
    }

    mutating func endTable(_ bytes: Bytes) {
        guard var open = table else { return }
        table = nil
        if open.layout == nil { begin(&open, bytes) }
        guard let widths = open.layout?.widths else { return }
        emitLine(widths, "└", "┴", "┘", at: sourceEnd)
    }

    /// Settles the widths and writes what has come.
    private mutating func begin(_ open: inout OpenTable, _ bytes: Bytes) {
        var natural = Array(repeating: 1, count: open.alignments.count)
        let header = cells(open.header, open, Style(.text, .bold), bytes)
        for (column, cell) in header.enumerated() { natural[column] = max(1, cell.width) }
        for line in open.rows {
            for (column, cell) in cells(line, open, Style(.text), bytes).enumerated() {
                natural[column] = max(natural[column], cell.width)
            }
        }
        let layout = TableLayout(natural: natural, room: fullWidth)
        open.layout = layout
        if let widths = layout.widths {
            emitLine(widths, "┌", "┬", "┐", at: open.start)
            emit(header, widths, open, source: open.start..<open.header.range.upperBound)
            emitLine(widths, "├", "┼", "┤", at: open.delimiter.lowerBound, source: open.delimiter)
        } else if open.rows.isEmpty {
            for cell in header { emitRecord(cell, nil, source: open.start..<open.header.range.upperBound) }
        }
        for (index, line) in open.rows.enumerated() { write(line, layout, open, isFirst: index == 0, bytes) }
        open.rows = []
    }

    private mutating func write(
        _ line: SourceLine, _ layout: TableLayout, _ open: OpenTable, isFirst: Bool, _ bytes: Bytes
    ) {
        let cells = cells(line, open, Style(.text), bytes)
        guard let widths = layout.widths else {
            let header = self.cells(open.header, open, Style(.text, .bold), bytes)
            if !isFirst { emit(MarkdownRow(source: line.range.lowerBound..<line.range.lowerBound)) }
            for (name, value) in zip(header, cells) { emitRecord(name, value, source: line.range) }
            return
        }
        if layout.isShrunk, !isFirst { emitLine(widths, "├", "┼", "┤", at: line.range.lowerBound) }
        emit(cells, widths, open, source: line.range)
    }

    /// The cells of a line, at most as many as there are columns.
    private mutating func cells(
        _ line: SourceLine, _ open: OpenTable, _ base: Style, _ bytes: Bytes
    ) -> [StyledText] {
        TableLine.cells(bytes, line.range).prefix(open.alignments.count).map { range in
            styled(Content(cell: range, bytes), base: base, offset: open.start)
        }
    }

    /// `name: value` on rows of prose.
    private mutating func emitRecord(_ name: StyledText, _ value: StyledText?, source: Range<Int>) {
        var spans = name.spans(0..<name.bytes.count)
        spans.append(MarkdownSpan(": ", Style(.markdownTable)))
        var text = StyledText(base: Style(.text))
        for span in spans { text.add(span.text.utf8, span.style, from: 0) }
        if let value { text.append(value) }
        for (index, row) in text.rows(width: proseWidth).enumerated() {
            let place = index == 0 && sourceEnd < source.upperBound ? source : source.upperBound..<source.upperBound
            emit(MarkdownRow(spans: text.spans(row.range), isContinuation: row.isContinuation, source: place))
        }
    }

    private mutating func emitLine(
        _ widths: [Int], _ left: String, _ middle: String, _ right: String, at place: Int, source: Range<Int>? = nil
    ) {
        let line = widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle)
        emit(
            MarkdownRow(
                spans: [MarkdownSpan(left + line + right, Style(.markdownTable))], source: source ?? place..<place))
    }

    /// One line of the table: as many rows as its highest cell.
    private mutating func emit(_ cells: [StyledText], _ widths: [Int], _ open: OpenTable, source: Range<Int>) {
        let wrapped = zip(cells, widths).map { cell, width in cell.rows(width: width) }
        let height = max(1, wrapped.reduce(0) { max($0, $1.count) })
        for index in 0..<height {
            let place = index == 0 ? source : source.upperBound..<source.upperBound
            guard collects else {
                emit(MarkdownRow(source: place))
                continue
            }
            var spans: [MarkdownSpan] = [MarkdownSpan("│ ", Style(.markdownTable))]
            for column in widths.indices {
                let hasText = column < wrapped.count && index < wrapped[column].count
                let text = hasText ? cells[column].spans(wrapped[column][index].range) : []
                spans += Self.aligned(text, widths[column], open.alignments[column])
                spans.append(MarkdownSpan(column + 1 < widths.count ? " │ " : " │", Style(.markdownTable)))
            }
            emit(MarkdownRow(spans: spans, isContinuation: index > 0, source: place))
        }
    }

    private static func aligned(_ spans: [MarkdownSpan], _ width: Int, _ alignment: ColumnAlignment) -> [MarkdownSpan] {
        let free = max(0, width - spans.reduce(0) { $0 + CellWidth.width(of: $1.text) })
        let before = alignment == .right ? free : alignment == .center ? free / 2 : 0
        var result: [MarkdownSpan] = []
        if before > 0 { result.append(MarkdownSpan(String(repeating: " ", count: before), Style(.text))) }
        result += spans
        if free > before { result.append(MarkdownSpan(String(repeating: " ", count: free - before), Style(.text))) }
        return result
    }
}

extension StyledText {
    /// The cells that the text takes on one row.
    var width: Int { bytes.withUnsafeBufferPointer { CellWidth.width(of: $0) } }

    /// Adds another text behind this one.
    mutating func append(_ other: StyledText) {
        for span in other.spans(0..<other.bytes.count) {
            var link = -1
            if let target = span.target { link = add(target: target) }
            add(span.text.utf8, span.style, from: 0, link: link)
        }
    }
}
