/// A part of the source that belongs to a leaf: a line without its newline and without the markers before it.
struct SourceLine: Sendable, Hashable {
    /// UTF-8 offsets.
    var range: Range<Int>
    /// Spaces before it: what is left of a tab that a marker ended in.
    var padding = 0
    /// Whether it goes on in the line before it: a piece of a line too long to be read at once.
    var joins = false
}

/// What kind of list: items of one list have the same.
struct ListKind: Sendable, Hashable {
    /// `-`, `*`, `+`, or the `.` or `)` behind a number.
    var character: UInt8
    /// The first number; 0 for bullets.
    var start: Int
    var isOrdered: Bool { character == .dot || character == .closeParenthesis }
    func isSameList(as other: ListKind) -> Bool { character == other.character }
}

/// A block that holds blocks.
enum Container: Sendable, Hashable {
    case quote
    case list(ListKind)
    /// `indent`: columns that a line must be moved in by to belong to it.
    case item(indent: Int, hasContent: Bool)
}

/// How a column of a table stands.
enum ColumnAlignment: UInt8, Sendable, Hashable {
    case none
    case left
    case center
    case right
}

/// An open fence.
struct Fence: Sendable, Hashable {
    var character: UInt8
    var count: Int
    /// Columns before it, taken off every line of code.
    var indent: Int
}

/// The block that text is being added to.
enum Leaf: Sendable, Hashable {
    case none
    case paragraph(OpenParagraph)
    case fenced(Fence)
    /// With the blank lines that belong to it if more code follows.
    case indented(blanks: [SourceLine])
    /// With the number of the CommonMark condition that began it.
    case html(Int)
    case table
}

/// A paragraph that may grow.
struct OpenParagraph: Sendable, Hashable {
    var lines: [SourceLine]
    /// Where its first line begins, markers included.
    var start: Int
    /// Whether rows before these lines are finished: it can then no longer become a heading or a table.
    var isContinued = false
    /// Whether its first row goes on in the line of the row above.
    var continuesRow = false
}

/// What the parser found, in the order of the source.
enum BlockEvent: Sendable {
    case open(Container, at: Int)
    case close(Container)
    case paragraph(OpenParagraph)
    case heading(level: Int, lines: [SourceLine], source: Range<Int>)
    case rule(Range<Int>)
    /// With the range of the info string; nil for indented code.
    case codeStart(info: Range<Int>?, at: Int)
    case codeLine(SourceLine)
    /// With the line of the closing fence.
    case codeEnd(Range<Int>?)
    case htmlStart
    case htmlLine(SourceLine)
    case htmlEnd
    case tableStart(header: SourceLine, start: Int, delimiter: Range<Int>, [ColumnAlignment])
    case tableRow(SourceLine)
    case tableEnd
    case definition(LinkDefinition, source: Range<Int>)
    /// A blank line; with how many containers it is in.
    case blank(depth: Int, Range<Int>)
}

/// How much of a line is there.
enum LinePart: Sendable, Hashable {
    /// All of it.
    case whole
    /// Its beginning; the rest may come, and may make something else of it.
    case growing
    /// The first piece of a line too long to be read at once.
    case first
    /// Another piece of it.
    case middle
    /// Its end.
    case last
}
