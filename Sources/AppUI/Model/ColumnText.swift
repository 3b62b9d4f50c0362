import Markdown
import TerminalKit

/// The text of an answer that may still grow, as markdown in a column of its own.
struct ColumnText: Sendable {
    private var text = AnswerText()
    private var taken = 0
    private var isWhole = false

    /// The rows as they are shown.
    var rows: MarkdownText { text.markdown }

    /// Lays out what is new of a text. Code is wrapped: no key moves a column sideways.
    mutating func take(_ foreign: String, isWhole: Bool, width: Int) {
        let bytes = foreign.utf8
        if taken > bytes.count { self = ColumnText() }
        if taken < bytes.count {
            text.append(String(foreign[bytes.index(bytes.startIndex, offsetBy: taken)...]))
            taken = bytes.count
            self.isWhole = false
        }
        if isWhole, !self.isWhole {
            self.isWhole = true
            text.finish()
        }
        text.layOut(width: width, wrapsCode: true)
    }
}

/// The words of rendered markdown as one text, whatever the width that its rows were made for, and where each row is in it.
struct RenderedWords: Sendable {
    /// A row that shows something of the source.
    private struct Row {
        let index: Int
        /// UTF-8 offsets in the text.
        let place: Range<Int>
    }

    /// All rows; those that go on in the line of the row above join it.
    private(set) var text = ""
    private var rows: [Row] = []

    init(_ markdown: MarkdownText) {
        var before = 0..<0
        for index in 0..<markdown.count {
            let row = markdown.row(index)
            let shown = row.spans.map(\.text).joined()
            // Lines of tables and rules are no words.
            guard !row.source.isEmpty, !shown.unicodeScalars.allSatisfy(Self.isDrawn) else { continue }
            if !text.isEmpty { text += row.isContinuation ? Self.joint(before, markdown) : "\n" }
            let start = text.utf8.count
            text += shown
            rows.append(Row(index: index, place: start..<text.utf8.count))
            before = row.source
        }
    }

    /// Whether it is a blank or a part of a line.
    private static func isDrawn(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || (0x2500...0x257F).contains(scalar.value)
    }

    /// What stood where a line was broken: a blank, or nothing in the middle of a word.
    private static func joint(_ before: Range<Int>, _ markdown: MarkdownText) -> String {
        let last = markdown.source(max(before.lowerBound, before.upperBound - 1)..<before.upperBound)
        return last.last?.isWhitespace ?? true ? " " : ""
    }

    /// The words that another text does not have in their place, by row: UTF-8 ranges of what the row shows behind its lead.
    func marks(from base: RenderedWords) -> [Int: [Range<Int>]] {
        let bytes = Array(text.utf8)
        var marks: [Int: [Range<Int>]] = [:]
        var row = 0
        for word in WordDifference.marks(of: text, from: base.text).flatMap({ Self.words(in: $0, bytes) }) {
            while row < rows.count, rows[row].place.upperBound <= word.lowerBound { row += 1 }
            // A word may go on in the next row.
            var next = row
            while next < rows.count, rows[next].place.lowerBound < word.upperBound {
                let shared = word.clamped(to: rows[next].place)
                let start = rows[next].place.lowerBound
                if !shared.isEmpty {
                    marks[rows[next].index, default: []].append(
                        shared.lowerBound - start..<shared.upperBound - start)
                }
                next += 1
            }
        }
        return marks
    }

    /// The words of a place, without blanks and the bars of tables: how far those reach depends on what stands beside them.
    private static func words(in place: Range<Int>, _ bytes: [UInt8]) -> [Range<Int>] {
        let bar = Array("│".utf8)
        var words: [Range<Int>] = []
        var start: Int?
        var index = place.lowerBound
        while index < place.upperBound {
            let isBar = bytes[index...].starts(with: bar)
            if isBar || bytes[index] == 0x20 || bytes[index] == 0x0A {
                if let start { words.append(start..<index) }
                start = nil
                index += isBar ? bar.count : 1
            } else {
                start = start ?? index
                index += 1
            }
        }
        if let start { words.append(start..<place.upperBound) }
        return words
    }
}

/// What each column has that the first one has not.
struct Differences: Sendable {
    /// How far a column agrees with the first one.
    enum Agreement: Sendable, Hashable {
        /// It is the first one.
        case base
        /// Every character.
        case same
        /// Every word; the markup is another.
        case sameWords
        /// It only lacks some.
        case shorter
        /// It has words of its own.
        case different

        /// In words; nil where the marks tell.
        var words: String? {
            switch self {
            case .base, .different: nil
            case .same: "no differences"
            case .sameWords: "the same words"
            case .shorter: "only lacks words"
            }
        }
    }

    /// The marks of each column, by row.
    var marks: [[Int: [Range<Int>]]] = []
    /// How far each agrees.
    var agreements: [Agreement] = []
    /// What they were made for.
    var key: [Int] = []
}

extension CompareScreen {
    /// Finds anew what differs, unless the texts are as they were.
    mutating func compare() {
        let key = columns.flatMap { [$0.id, $0.text.rows.sourceCount, $0.text.rows.count, $0.text.rows.width] }
        guard differences.key != key, let first = columns.first else { return }
        let base = RenderedWords(first.text.rows)
        var new = Differences(key: key)
        for (index, column) in columns.enumerated() {
            let words = RenderedWords(column.text.rows)
            let marks = index == 0 ? [:] : words.marks(from: base)
            new.marks.append(marks)
            let source = column.text.rows.source(0..<column.text.rows.sourceCount)
            let isSame = source == first.text.rows.source(0..<first.text.rows.sourceCount)
            new.agreements.append(
                index == 0
                    ? .base
                    : isSame ? .same : words.text == base.text ? .sameWords : marks.isEmpty ? .shorter : .different)
        }
        differences = new
    }
}
