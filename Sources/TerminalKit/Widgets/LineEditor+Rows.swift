import Synchronization

/// Rows of a text from its beginning as far as they were needed, for one width. What is typed takes back those at hand and
/// after it; those before it stay.
struct EditorRows: Sendable {
    var width = 0
    private(set) var rows: [Range<Int>] = []
    /// Where the next row begins; nil = the text ends with the last one.
    private(set) var next: Int? = 0
    /// How many rows were laid out: what it cost.
    private(set) var work = 0

    mutating func append(_ row: Range<Int>, next: Int?) {
        rows.append(row)
        self.next = next
        work += 1
    }

    mutating func use(width: Int) {
        guard width != self.width else { return }
        (self.width, rows, next) = (width, [], 0)
    }

    /// The text changed from a place on. A row ends where a word of the next one or the one after it did not fit: three go.
    mutating func forget(from place: Int) {
        let kept = max(0, index(of: place) + 1 - 3)
        guard kept < rows.count else { return }
        next = rows[kept].lowerBound
        rows.removeSubrange(kept...)
    }

    /// The last row that begins at a place or before it; -1 when there is none.
    func index(of place: Int) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) >> 1
            if rows[middle].lowerBound <= place { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}

/// What an editor keeps because it takes long to make. Editors of one text are equal whatever they keep.
struct EditorCache: Sendable, Hashable {
    /// The whole text, made when it is asked for.
    final class Text: Sendable {
        let made = Mutex<String?>(nil)
    }

    var text = Text()
    var rows = EditorRows()

    static func == (first: EditorCache, second: EditorCache) -> Bool { true }

    func hash(into hasher: inout Hasher) {}

    mutating func forget(from place: Int) {
        text = Text()
        rows.forget(from: place)
    }
}

/// The rows of an editor that fit into a pane.
public struct EditorWindow: Sendable, Hashable {
    /// Each row's characters, without the newline at its end.
    public var rows: [Range<Int>]
    /// Where the cursor stands, in cells and rows from the window's beginning. Always left of the width.
    public var cursor: Position
}

extension LineEditor {
    /// The rows around the cursor for a pane of a width and a height (at least 1): as many before it as fit, then those
    /// behind it. Cost: what changed since it was asked before, and the pane.
    public mutating func window(width: Int, height: Int) -> EditorWindow {
        let (width, height) = (max(1, width), max(1, height))
        let here = layOutToCursor(width: width)
        let first = max(0, here.index - height + 1)
        layOut { $0.rows.count >= first + height }
        let rows = (first..<first + height).compactMap { shownRow($0, here) }
        let start = here.isBehindFullRow ? cursor : cache.rows.rows[here.index].lowerBound
        let x = min(cells(start..<cursor), width - 1)
        return EditorWindow(rows: rows, cursor: Position(x: x, y: here.index - first))
    }

    /// How many rows the text has in a width, at most `most`. Cost as for `window`.
    public mutating func rowCount(width: Int, most: Int) -> Int {
        cache.rows.use(width: max(1, width))
        layOut { $0.rows.count >= most }
        guard cache.rows.rows.count < most else { return most }
        return cache.rows.rows.count + (layOutToCursor(width: width).isBehindFullRow ? 1 : 0)
    }

    /// The row of the cursor among those that are shown.
    struct CursorRow {
        var index: Int
        /// Whether it is an empty row of its own, since the one before it is full.
        var isBehindFullRow = false
    }

    mutating func layOutToCursor(width: Int) -> CursorRow {
        cache.rows.use(width: max(1, width))
        let cursor = cursor
        layOut { ($0.rows.last?.lowerBound ?? -1) > cursor }
        let index = max(0, cache.rows.index(of: cursor))
        let isFull = isFull(cache.rows.rows[index], width: cache.rows.width)
        return CursorRow(index: isFull ? index + 1 : index, isBehindFullRow: isFull)
    }

    /// A row as it is shown, that of the cursor included; nil behind the last one that was laid out.
    func shownRow(_ index: Int, _ here: CursorRow) -> Range<Int>? {
        if here.isBehindFullRow, index == here.index { return cursor..<cursor }
        let index = here.isBehindFullRow && index > here.index ? index - 1 : index
        return cache.rows.rows.indices.contains(index) ? cache.rows.rows[index] : nil
    }

    /// Lays out more rows until there are enough, or all.
    mutating func layOut(until isEnough: (EditorRows) -> Bool) {
        while let start = cache.rows.next, !isEnough(cache.rows) {
            let (row, next) = nextRow(from: start, width: cache.rows.width)
            cache.rows.append(row, next: next)
        }
    }

    /// Whether the cursor stands behind this row, which is the last of its line and has no cell left.
    func isFull(_ row: Range<Int>, width: Int) -> Bool {
        guard cursor == row.upperBound, cursor == elements.count || elements[cursor].isNewline else { return false }
        return cells(row) >= width
    }

    /// The row that begins at a place, and where the one after it begins.
    func nextRow(from start: Int, width: Int) -> (row: Range<Int>, next: Int?) {
        var lastBreak = start
        var cells = 0
        var place = start
        while place < elements.count {
            let element = elements[place]
            if element.isNewline { return (start..<place, place + 1) }
            let elementWidth = Self.width(of: element, column: cells)
            if cells + elementWidth > width, place > start {
                let end = lastBreak > start ? lastBreak : place
                return (start..<end, end)
            }
            cells += elementWidth
            place += 1
            if element == .character(" ") || element == .character("\t") { lastBreak = place }
        }
        return (start..<place, nil)
    }

    /// The characters of a part of the text; a fold is U+FFFC.
    public func characters(in range: Range<Int>) -> [Character] {
        elements[range.clamped(to: 0..<elements.count)].map(\.character)
    }

    /// The beginning of the text, of about so many bytes, folds as what they stand for.
    public func beginning(bytes most: Int) -> String {
        var text = ""
        for element in elements {
            guard text.utf8.count < most else { break }
            switch element {
            case .character(let character): text.append(character)
            case .fold(let fold): text += String(decoding: fold.text.utf8.prefix(most - text.utf8.count), as: UTF8.self)
            }
        }
        return text
    }
}

extension EditorElement {
    /// Bytes of its text.
    var byteCount: Int {
        switch self {
        case .character(let character): character.utf8.count
        case .fold(let fold): fold.text.utf8.count
        }
    }
}
