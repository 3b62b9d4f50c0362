/// Text that grows at its end, laid out in rows of a width. Adding costs what was added and the last row, never the
/// whole; rows that are full and lines that are finished never change. Text added in pieces gives the rows of the whole.
///
/// Rows are broken at spaces, after hyphens and slashes, between ideographs (simple kinsoku); a longer word is cut by
/// cells. Spaces at a wrap are not shown. Tabs reach to the next multiple of 8, in code of 4. Code is cut by cells and
/// its spaces are kept. A newline at the very end begins no row.
///
/// Memory: the text, 8 bytes a row. At most 512 MiB of text is kept; what goes beyond is dropped.
public struct WrappedText: Sendable {
    /// How lines are read.
    public enum Mode: Sendable, Hashable {
        /// Light markdown: headings, lists, quotes, fenced code.
        case markdown
        /// Prose only.
        case plain
        /// All lines are code.
        case preformatted
    }

    /// One row as it is shown.
    public struct Row: Sendable, Hashable {
        /// What to draw, tabs expanded.
        public var text: String
        /// What its line is.
        public var kind: LineKind
        /// Whether it continues the row above.
        public var isContinuation: Bool
        /// Blank cells to leave before `text`, counted in the width.
        public var indent: Int
        /// The line, from 0.
        public var line: Int
        /// Its place in the source, UTF-8 offsets; without the newline, with the spaces swallowed at the wrap.
        public var source: Range<Int>
        /// Whether it is of a code block; a view marks its continuations.
        public var isCode: Bool { kind == .code }
    }

    /// Where a row begins: 29 bits of offset under 3 bits of kind, and its line.
    private struct Record {
        var packed: UInt32
        var line: UInt32
        var start: Int { Int(packed & 0x1FFF_FFFF) }
        var kind: LineKind { LineKind(rawValue: UInt8(packed >> 29)) ?? .plain }
        init(start: Int, kind: LineKind, line: Int) {
            packed = UInt32(kind.rawValue) << 29 | UInt32(truncatingIfNeeded: start)
            self.line = UInt32(truncatingIfNeeded: line)
        }
    }

    private static let mostBytes = 1 << 29 - 1

    /// Cells of a row, at least 1.
    public private(set) var width: Int
    /// How lines are read.
    public let mode: Mode
    private var bytes: [UInt8] = []
    private var records: [Record] = []
    private var lineStart = 0
    /// The fence that is open where the last line begins.
    private var fence: CodeFence?

    /// An empty text.
    public init(width: Int, mode: Mode = .markdown) {
        self.width = max(1, width)
        self.mode = mode
    }

    /// A whole text.
    public init(_ gated: String, width: Int, mode: Mode = .markdown) {
        self.init(width: width, mode: mode)
        append(gated)
    }

    /// How many rows there are.
    public var count: Int {
        guard let last = records.last else { return 0 }
        return last.start == lineStart && lineStart == bytes.count ? records.count - 1 : records.count
    }

    /// Whether there is no row.
    public var isEmpty: Bool { count == 0 }
    /// Bytes of the source.
    public var sourceCount: Int { bytes.count }

    /// Adds text that has passed the gate. Cost: linear in it and the last row.
    public mutating func append(_ gated: String) {
        guard !gated.isEmpty else { return }
        let known = bytes.count
        var gated = gated
        gated.withUTF8 { bytes.append(contentsOf: $0.prefix(max(0, Self.mostBytes - known))) }
        if records.isEmpty { records.append(Record(start: 0, kind: .plain, line: 0)) }
        layout(knownWithoutNewline: known)
    }

    /// Adds what the gate gave.
    public mutating func append(_ gated: GatedText) { append(gated.text) }

    /// Lays everything out again for another width. Cost: linear in the whole.
    public mutating func setWidth(_ width: Int) {
        let width = max(1, width)
        guard width != self.width else { return }
        self.width = width
        guard !records.isEmpty else { return }
        records.removeAll(keepingCapacity: true)
        records.append(Record(start: 0, kind: .plain, line: 0))
        (lineStart, fence) = (0, nil)
        layout(knownWithoutNewline: 0)
    }

    /// A row, 0..<count; an empty one outside.
    public func row(_ index: Int) -> Row {
        guard index >= 0, index < count else {
            return Row(text: "", kind: .plain, isContinuation: false, indent: 0, line: 0, source: 0..<0)
        }
        let record = records[index]
        let isLast = index + 1 == records.count || records[index + 1].line != record.line
        let end = index + 1 == records.count ? bytes.count : records[index + 1].start - (isLast ? 1 : 0)
        let isContinuation = index > 0 && records[index - 1].line == record.line
        return Row(
            text: text(record.start..<end, kind: record.kind), kind: record.kind, isContinuation: isContinuation,
            indent: isContinuation ? indent(ofLine: Int(record.line), kind: record.kind) : 0, line: Int(record.line),
            source: record.start..<end)
    }

    /// The line that a row shows, from 0.
    public func sourceLine(ofRow index: Int) -> Int {
        records.isEmpty ? 0 : Int(records[min(max(0, index), records.count - 1)].line)
    }

    /// The first row of a line, for keeping the reading position; the last row when there is no such line.
    public func firstRow(ofLine line: Int) -> Int {
        min(search { Int($0.line) < line }, max(0, count - 1))
    }

    /// The row that shows a place of the source (UTF-8 offset).
    public func row(atOffset offset: Int) -> Int { max(0, min(search { $0.start <= offset } - 1, count - 1)) }

    /// Source text between two UTF-8 offsets, for copying.
    public func source(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    /// The source of whole rows, with their newlines and what was swallowed at wraps between them.
    public func source(rows: Range<Int>) -> String {
        let rows = rows.clamped(to: 0..<count)
        guard let last = rows.last else { return "" }
        return source(row(rows.lowerBound).source.lowerBound..<row(last).source.upperBound)
    }

    private func search(_ isBefore: (Record) -> Bool) -> Int {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) >> 1
            if isBefore(records[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

// Layout.
extension WrappedText {
    private mutating func layout(knownWithoutNewline known: Int) {
        let bytes = self.bytes
        bytes.withUnsafeBufferPointer { bytes in
            var searchFrom = max(known, lineStart)
            while true {
                let newline = Self.newline(in: bytes, from: searchFrom)
                let limit = newline ?? bytes.count
                let start = begin(UnsafeBufferPointer(rebasing: bytes[lineStart..<limit]))
                layoutLine(bytes, limit: limit, start)
                guard newline != nil else { return }
                fence = start.fence
                lineStart = limit + 1
                searchFrom = lineStart
                records.append(Record(start: lineStart, kind: .plain, line: Int(records[records.count - 1].line) + 1))
            }
        }
    }

    /// Reads what the last line is; when that has changed, takes its rows back.
    private mutating func begin(_ line: UnsafeBufferPointer<UInt8>) -> LineStart {
        let start = read(line)
        let last = records[records.count - 1]
        if start.kind != last.kind {
            while let record = records.last, record.line == last.line { records.removeLast() }
            records.append(Record(start: lineStart, kind: start.kind, line: Int(last.line)))
        }
        return start
    }

    private func read(_ line: UnsafeBufferPointer<UInt8>) -> LineStart {
        var start = LineStart(line, in: mode == .markdown ? fence : nil)
        if mode != .markdown { (start.kind, start.indent, start.fence) = (mode == .plain ? .plain : .code, 0, nil) }
        if start.indent > width / 2 { start.indent = 0 }
        return start
    }

    private mutating func layoutLine(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int, _ start: LineStart) {
        let last = records[records.count - 1]
        var rowStart = last.start
        let isCode = start.kind == .code || start.kind == .fence
        var breaker = RowBreaker(width: width, tabWidth: tabWidth(isCode: isCode), cutsAnywhere: isCode)
        while true {
            breaker.width = rowStart == lineStart ? width : width - start.indent
            guard let next = breaker.nextRow(in: bytes, from: rowStart, limit: limit) else { return }
            records.append(Record(start: next, kind: start.kind, line: Int(last.line)))
            rowStart = next
        }
    }

    private static func newline(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start < bytes.count else { return nil }
        return bytes[start...].firstIndex(of: 0x0A)
    }

    private func indent(ofLine line: Int, kind: LineKind) -> Int {
        guard kind == .quote || kind == .list else { return 0 }
        let start = records[search { Int($0.line) < line }].start
        return bytes.withUnsafeBufferPointer { bytes in
            read(UnsafeBufferPointer(rebasing: bytes[start...].prefix(LineStart.most))).indent
        }
    }

    private func text(_ range: Range<Int>, kind: LineKind) -> String {
        var slice = bytes[range]
        let isCode = kind == .code || kind == .fence
        if !isCode { while slice.last == 0x20 || slice.last == 0x09 { slice.removeLast() } }
        let text = String(decoding: slice, as: UTF8.self)
        return slice.contains(0x09) ? Self.expandTabs(text, tabWidth: tabWidth(isCode: isCode)) : text
    }

    /// A tab alone always fits into a row.
    private func tabWidth(isCode: Bool) -> Int { min(isCode ? 4 : 8, max(1, width / 2)) }

    private static func expandTabs(_ text: String, tabWidth: Int) -> String {
        var result = ""
        var column = 0
        for (index, part) in text.split(separator: "\t", omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                let spaces = tabWidth - column % tabWidth
                result += String(repeating: " ", count: spaces)
                column += spaces
            }
            result += part
            column += CellWidth.width(of: String(part))
        }
        return result
    }
}
