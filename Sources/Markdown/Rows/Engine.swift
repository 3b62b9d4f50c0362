import TerminalKit

/// Parser and writer as one value: reads lines, writes rows. A copy reads on from any line, and so can what is finished
/// be laid out again part by part, without being kept.
struct Engine: Sendable {
    /// A line longer than this is read in pieces of `piece` bytes; then it cannot be a heading, a fence or a table's
    /// row.
    static let longestLine = piece + 256
    /// Bytes of a piece at most.
    static let piece = 4_096
    /// Bytes of a paragraph that are laid out at once; of a longer one the beginning is finished.
    static let longestParagraph = 4_096

    var parser = BlockParser()
    var writer: RowWriter
    private var isInLongLine = false

    init(width: Int, wrapsCode: Bool) { writer = RowWriter(width: width, wrapsCode: wrapsCode) }

    /// Reads a whole line, without its newline, or what is left of it.
    mutating func read(_ bytes: Bytes, line: Range<Int>) {
        let start = readPieces(bytes, from: line.lowerBound, to: line.upperBound)
        parser.read(bytes, start..<line.upperBound, isInLongLine ? .last : .whole)
        isInLongLine = false
        writer.work += line.upperBound - start
        settle(bytes)
    }

    /// Reads pieces of a line that is too long to be read at once; returns where its rest begins.
    mutating func readPieces(_ bytes: Bytes, from start: Int, to end: Int) -> Int {
        var start = start
        while end - start > Self.longestLine {
            let cut = Self.cut(bytes, from: start)
            parser.read(bytes, start..<cut, isInLongLine ? .middle : .first)
            isInLongLine = true
            writer.work += cut - start
            start = cut
            settle(bytes)
        }
        return start
    }

    /// The last boundary of clusters in a piece.
    private static func cut(_ bytes: Bytes, from start: Int) -> Int {
        var index = start
        while true {
            let next = CellWidth.cluster(in: bytes, at: index).end
            if next - start > piece, index > start { return index }
            index = next
        }
    }

    /// Writes what was found.
    private mutating func settle(_ bytes: Bytes) {
        writeEvents(bytes)
        guard case .paragraph(let paragraph) = parser.leaf, let last = paragraph.lines.last,
            last.range.upperBound - paragraph.start > Self.longestParagraph,
            let rest = writer.writeBeginning(of: paragraph, bytes)
        else { return }
        parser.trimParagraph(to: rest.source, continuesRow: rest.isContinuation)
    }

    private mutating func writeEvents(_ bytes: Bytes) {
        guard !parser.events.isEmpty else { return }
        let events = parser.events
        parser.events.removeAll(keepingCapacity: true)
        for event in events { writer.write(event, bytes) }
    }

    /// Writes what is open as if the text ended with this rest of a line. `isWhole`: it does end here.
    mutating func finish(_ bytes: Bytes, rest: Range<Int>, isWhole: Bool) {
        let start = readPieces(bytes, from: rest.lowerBound, to: rest.upperBound)
        var mark: SourceLine?
        if start < rest.upperBound || isInLongLine {
            writer.work += rest.upperBound - start
            if isWhole || isInLongLine {
                parser.read(bytes, start..<rest.upperBound, isInLongLine ? .last : .whole)
            } else if isUndecided(bytes, start..<rest.upperBound) {
                let isBlank = bytes.skippingBlanks(from: start, to: rest.upperBound) == rest.upperBound
                mark = isBlank ? nil : SourceLine(range: start..<rest.upperBound)
            } else {
                parser.read(bytes, start..<rest.upperBound, .growing)
            }
        }
        writeEvents(bytes)
        parser.finish(bytes)
        writeEvents(bytes)
        if let mark { writer.writeVerbatim(mark, Style(.text), bytes) }
    }

    /// Whether the beginning of a line can still become anything: it is shown as it stands, and changes nothing before
    /// it.
    private func isUndecided(_ bytes: Bytes, _ line: Range<Int>) -> Bool {
        switch parser.leaf {
        case .fenced, .html, .table: return false
        default: break
        }
        for byte in bytes[line] where !byte.isDigit && !"-=*_+#>|:`~.) \t".utf8.contains(byte) { return false }
        return true
    }

    /// Whether little is open, so that the state is worth keeping.
    var isSmall: Bool {
        if case .paragraph(let paragraph) = parser.leaf, paragraph.lines.count > 4 { return false }
        if case .indented(let blanks) = parser.leaf, blanks.count > 4 { return false }
        return (writer.table?.rows.count ?? 0) <= 4
    }

    /// Bytes of what it refers to.
    var storedBytes: Int {
        var bytes = parser.containers.count * MemoryLayout<Container>.stride
        bytes += writer.stack.count * MemoryLayout<RowWriter.Lead>.stride
        switch parser.leaf {
        case .paragraph(let paragraph): bytes += paragraph.lines.count * MemoryLayout<SourceLine>.stride
        case .indented(let blanks): bytes += blanks.count * MemoryLayout<SourceLine>.stride
        default: break
        }
        return bytes + (writer.table?.rows.count ?? 0) * MemoryLayout<SourceLine>.stride
    }

    /// The state alone, without what was written and what is known of the text as a whole.
    var checkpoint: Engine {
        var copy = self
        copy.writer.rows = []
        copy.writer.codeStarts = []
        copy.writer.definitions = LinkDefinitions(most: 1_000)
        copy.parser.events = []
        return copy
    }
}
