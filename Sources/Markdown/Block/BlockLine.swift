/// A line on its way through the open blocks.
struct BlockLine {
    var cursor: LineCursor
    /// Where it begins.
    let start: Int
    let part: LinePart
    /// How many open containers it continues.
    var matched = 0
    /// Whether it opened a container.
    var hasOpened = false
    /// Whether nothing is left to be read of it.
    var isDone = false

    init(_ cursor: LineCursor, start: Int, _ part: LinePart) {
        self.cursor = cursor
        self.start = start
        self.part = part
    }

    var bytes: Bytes { cursor.bytes }
    var end: Int { cursor.end }
    var range: Range<Int> { start..<end }
    var isBlank: Bool { cursor.indent.next == end }
    /// Whether it is read at once; only such a line can be a heading, a fence, a row of a table.
    var isShort: Bool { part == .whole || part == .growing }
    /// Its text without the blanks before it.
    var text: SourceLine { SourceLine(range: cursor.indent.next..<end) }
}
