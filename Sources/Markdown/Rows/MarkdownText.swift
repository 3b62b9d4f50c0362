public import TerminalKit

/// Markdown that grows at its end, laid out in rows of a width: CommonMark with GitHub's tables, task lists,
/// strikethrough and autolinks. Text added in any pieces gives the rows of the whole.
///
/// What a piece costs does not depend on what came before it. Blocks that are closed are finished: their rows never
/// change and are never laid out again for a piece. Of what is open at most this is laid out again:
///
/// - 4 KB of a paragraph. Rows before are finished; emphasis and links that reach further than this are text.
/// - one line of code; of a line over 4 KB the last piece. Such a line continues in further rows, marked as
///   continuations.
/// - 32 rows or 4 KB of a table. Then the widths of the columns are settled, and later rows wrap in them.
/// - one item of a list, with the same bounds for what is in it.
///
/// Quotes are nested 64 deep at most, lists 32; markers beyond are text. A link's definition counts for what
/// comes after it; the first 1,000 are known. A newline in a paragraph stays one: models mean it.
///
/// While a line grows, a beginning that may still become anything (`**`, `--`, `|`) is shown as it stands.
///
/// Memory: the text, and about 500 bytes for each KB of it. Rows are not kept but made again from the nearest of the
/// states that are, which costs about 1 KB of layout; the last few of these parts stay at hand. At most 512 MiB of text
/// is kept; what goes beyond is dropped.
///
/// Our own, because cmark-gfm cannot do this: its parser takes pieces but gives a tree only at the end, and cannot be
/// copied.
public struct MarkdownText: Sendable {
    /// Where the layout can be taken up again.
    private struct Checkpoint {
        var engine: Engine
        /// The source read so far.
        var source: Int
        /// Where the source of its first row can begin.
        var firstSource: Int
        var firstRow: Int { engine.writer.count }
    }

    private static let mostBytes = 1 << 29
    /// Bytes of source between two checkpoints at least.
    private static let partBytes = 1_024

    /// Cells of a row, at least 1.
    public private(set) var width: Int
    /// Whether rows of code are cut at the width; else they are as long as their lines, and the view clips them.
    public private(set) var wrapsCode: Bool
    /// Whether `finish` was called, and nothing added since.
    public private(set) var isFinished = false
    private var bytes: [UInt8] = []
    private var pending: [UInt8] = []
    /// The state after all complete lines.
    private var engine: Engine
    private var checkpoints: [Checkpoint]
    /// The source read so far; no newline stands between it and `searched`.
    private var position = 0
    private var searched = 0
    /// Rows of what is not finished.
    private var open: [MarkdownRow] = []
    /// Rows that begin blocks of code, finished ones and those of `open`.
    private var codeStarts: [UInt32] = []
    private var openCodeStarts: [Int] = []
    private var cache = RowCache()
    /// Bytes read and laid out so far, to see that a piece's do not grow with the text.
    private(set) var work = 0

    /// An empty text.
    public init(width: Int, wrapsCode: Bool = false) {
        self.width = max(1, width)
        self.wrapsCode = wrapsCode
        engine = Engine(width: self.width, wrapsCode: wrapsCode)
        engine.writer.collects = false
        checkpoints = [Checkpoint(engine: engine, source: 0, firstSource: 0)]
    }

    /// A whole text.
    public init(_ gated: String, width: Int, wrapsCode: Bool = false) {
        self.init(width: width, wrapsCode: wrapsCode)
        append(gated)
        finish()
    }

    /// How many rows there are.
    public var count: Int { engine.writer.count + open.count }
    /// Whether there is no row.
    public var isEmpty: Bool { count == 0 }
    /// Rows that will never change; those behind them may, until more text or the end has come.
    public var finishedRowCount: Int { engine.writer.count }
    /// Bytes of the source.
    public var sourceCount: Int { bytes.count }

    /// Adds text that has passed the gate, behind what is there; a provisional end is dropped.
    public mutating func append(_ gated: String) {
        add(gated, provisional: "")
    }

    /// Adds text that has passed the gate, and shows what the gate still holds back, in one layout.
    public mutating func append(_ gated: String, provisional: String) {
        add(gated, provisional: provisional)
    }

    /// Adds what the gate gave, and shows what it still holds back, in one layout.
    public mutating func append(_ gated: GatedText, provisional: String) {
        add(gated.text, provisional: provisional)
    }

    private mutating func add(_ gated: String, provisional: String) {
        guard !gated.isEmpty || !provisional.utf8.elementsEqual(pending) else { return }
        pending = Array(provisional.utf8)
        isFinished = false
        var gated = gated
        gated.withUTF8 { bytes.append(contentsOf: $0.prefix(max(0, Self.mostBytes - bytes.count))) }
        readLines()
        layoutOpen()
    }

    /// Text that is shown behind the rest for now: what the gate holds back. It is not part of the source; the next
    /// `append` or `finish` drops it.
    public var provisional: String {
        get { String(decoding: pending, as: UTF8.self) }
        set {
            guard !newValue.utf8.elementsEqual(pending) else { return }
            pending = Array(newValue.utf8)
            layoutOpen()
        }
    }

    /// The text is whole: what is open is closed. More can still be added.
    public mutating func finish() {
        guard !isFinished else { return }
        isFinished = true
        pending.removeAll()
        layoutOpen()
    }

    /// Lays everything out again for another width. Cost: linear in the whole.
    public mutating func setWidth(_ width: Int) {
        guard max(1, width) != self.width else { return }
        self.width = max(1, width)
        layoutAll()
    }

    /// Wraps code or leaves its rows whole. Cost: linear in the whole.
    public mutating func setWrapsCode(_ wrapsCode: Bool) {
        guard wrapsCode != self.wrapsCode else { return }
        self.wrapsCode = wrapsCode
        layoutAll()
    }
}

// Layout.
extension MarkdownText {
    private mutating func layoutAll() {
        engine = Engine(width: width, wrapsCode: wrapsCode)
        engine.writer.collects = false
        checkpoints = [Checkpoint(engine: engine, source: 0, firstSource: 0)]
        (position, searched, codeStarts) = (0, 0, [])
        cache = RowCache()
        readLines()
        layoutOpen()
    }

    /// Reads the lines that are complete.
    private mutating func readLines() {
        // Held outside of self while self changes.
        let bytes = self.bytes
        let before = (engine.writer.count, engine.writer.work)
        bytes.withUnsafeBufferPointer { bytes in
            while true {
                searched = max(searched, position)
                guard let newline = Self.newline(bytes, from: searched) else { break }
                engine.read(bytes, line: position..<newline)
                position = newline + 1
                checkpoint()
            }
            searched = bytes.count
            while bytes.count - position > Engine.longestLine {
                position = engine.readPieces(bytes, from: position, to: position + Engine.longestLine + 1)
                checkpoint()
            }
        }
        if engine.writer.count != before.0 { cache = RowCache() }
        work += engine.writer.work - before.1
    }

    private static func newline(_ bytes: Bytes, from start: Int) -> Int? {
        start < bytes.count ? bytes[start...].firstIndex(of: .newline) : nil
    }

    private mutating func checkpoint() {
        if !engine.writer.codeStarts.isEmpty {
            codeStarts += engine.writer.codeStarts.map { UInt32(truncatingIfNeeded: $0) }
            engine.writer.codeStarts.removeAll(keepingCapacity: true)
        }
        let last = checkpoints[checkpoints.count - 1]
        guard position - last.source >= Self.partBytes, engine.writer.count > last.firstRow, engine.isSmall else {
            return
        }
        checkpoints.append(
            Checkpoint(engine: engine.checkpoint, source: position, firstSource: engine.writer.sourceEnd))
    }

    /// Lays out what is not finished.
    private mutating func layoutOpen() {
        var copy = engine.checkpoint
        copy.writer.definitions = engine.writer.definitions
        copy.writer.collects = true
        copy.writer.work = 0
        let known = bytes.count
        bytes.append(contentsOf: pending)
        bytes.withUnsafeBufferPointer { bytes in
            var start = position
            while let newline = Self.newline(bytes, from: start) {
                copy.read(bytes, line: start..<newline)
                start = newline + 1
            }
            copy.finish(bytes, rest: start..<bytes.count, isWhole: isFinished)
        }
        bytes.removeLast(bytes.count - known)
        open = copy.writer.rows
        openCodeStarts = copy.writer.codeStarts
        work += copy.writer.work
    }
}

// Rows.
extension MarkdownText {
    /// A row, 0..<count; an empty one outside.
    public func row(_ index: Int) -> MarkdownRow {
        guard index >= 0, index < count else { return MarkdownRow() }
        let finished = engine.writer.count
        if index >= finished { return open[index - finished] }
        let part = part { $0.firstRow <= index }
        return rows(ofPart: part)[index - checkpoints[part].firstRow]
    }

    /// The last part of which `isBefore` is true.
    private func part(_ isBefore: (Checkpoint) -> Bool) -> Int {
        var low = 0
        var high = checkpoints.count
        while low < high {
            let middle = (low + high) >> 1
            if isBefore(checkpoints[middle]) { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The rows between two checkpoints, laid out again.
    private func rows(ofPart index: Int) -> [MarkdownRow] {
        let part = checkpoints[index]
        let end = index + 1 < checkpoints.count ? checkpoints[index + 1].source : position
        return cache.rows(from: part.source) {
            var copy = part.engine
            copy.writer.definitions = engine.writer.definitions
            copy.writer.collects = true
            bytes.withUnsafeBufferPointer { bytes in
                var start = part.source
                while let newline = bytes[start..<end].firstIndex(of: .newline) {
                    copy.read(bytes, line: start..<newline)
                    start = newline + 1
                }
                while start < end {
                    start = copy.readPieces(bytes, from: start, to: start + Engine.longestLine + 1)
                }
            }
            return copy.writer.rows
        }
    }

    /// The row that shows a place of the source (UTF-8 offset); the first row that begins there.
    public func row(atOffset offset: Int) -> Int {
        let finished = engine.writer.count
        if let first = open.first, first.source.lowerBound <= offset {
            return finished + Self.row(in: open, at: offset)
        }
        let part = part { $0.firstSource <= offset }
        guard finished > 0 else { return 0 }
        return max(0, checkpoints[part].firstRow + Self.row(in: rows(ofPart: part), at: offset))
    }

    /// The first of the last rows that begin at or before a place; -1 when there is none.
    private static func row(in rows: [MarkdownRow], at offset: Int) -> Int {
        guard let last = rows.lastIndex(where: { $0.source.lowerBound <= offset }) else { return -1 }
        let start = rows[last].source.lowerBound
        return rows[...last].firstIndex { $0.source.lowerBound == start && !$0.source.isEmpty } ?? last
    }

    /// Source text between two UTF-8 offsets, for copying. A provisional end is not part of it.
    public func source(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    /// The source of whole rows, with their markup and the newlines between them.
    public func source(rows range: Range<Int>) -> String {
        let range = range.clamped(to: 0..<count)
        guard let last = range.last else { return "" }
        let start = row(range.lowerBound).source.lowerBound
        return source(start..<max(start, row(last).source.upperBound))
    }
}

// What it holds.
extension MarkdownText {
    /// Bytes that are held, but for those of the code lexers and the rows at hand.
    var storedBytes: Int {
        let states = checkpoints.reduce(0) { $0 + MemoryLayout<Checkpoint>.stride + $1.engine.storedBytes }
        return bytes.count + states + 4 * codeStarts.count + engine.storedBytes
    }
}

// What is in the rows.
extension MarkdownText {
    /// The block of code that a row belongs to; nil = it is of none. Cost: linear in the block.
    public func codeBlock(atRow index: Int) -> MarkdownCodeBlock? {
        guard let code = row(index).code, let first = lastCodeStart(where: { $0 <= index }) else { return nil }
        var result = MarkdownCodeBlock(language: "", text: "", rows: first..<first)
        var isFirst = true
        var next = first
        while next < count, case let row = row(next), let place = row.code, place.block == code.block {
            if place.isLabel {
                result.language = row.spans.first?.text ?? ""
            } else {
                if !isFirst, !row.isContinuation { result.text += "\n" }
                result.text += String(repeating: " ", count: place.padding) + source(place.content)
                isFirst = false
            }
            next += 1
        }
        result.rows = first..<next
        return result
    }

    /// The first row of the next block of code below a row; nil = there is none.
    public func codeBlock(after row: Int) -> Int? {
        let index = codeStartIndex { $0 <= row }
        return index < codeStarts.count + openCodeStarts.count ? codeStart(index) : nil
    }

    /// The first row of the last block of code that begins above a row; nil = there is none.
    public func codeBlock(before row: Int) -> Int? { lastCodeStart { $0 < row } }

    private func lastCodeStart(where isBefore: (Int) -> Bool) -> Int? {
        let index = codeStartIndex(isBefore)
        return index > 0 ? codeStart(index - 1) : nil
    }

    private func codeStart(_ index: Int) -> Int {
        index < codeStarts.count ? Int(codeStarts[index]) : openCodeStarts[index - codeStarts.count]
    }

    private func codeStartIndex(_ isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = codeStarts.count + openCodeStarts.count
        while low < high {
            let middle = (low + high) >> 1
            if isBefore(codeStart(middle)) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The links and images that begin in rows, in order.
    public func links(rows range: Range<Int>) -> [MarkdownLink] {
        var links: [MarkdownLink] = []
        var lastTarget: String?
        for index in range.clamped(to: 0..<count) {
            for span in row(index).spans {
                if let target = span.target {
                    if target == lastTarget, !links.isEmpty {
                        links[links.count - 1].text += span.text
                    } else {
                        links.append(MarkdownLink(text: span.text, target: target, row: index))
                    }
                }
                lastTarget = span.target
            }
        }
        return links
    }
}
