/// Reads the blocks of GitHub flavoured Markdown line by line: CommonMark 0.31 with tables.
///
/// A value that holds only what is open: a copy reads on from any line. What is closed leaves as events. Every line
/// costs what is in it and at most `mostContainers` steps.
///
/// Our own, because cmark-gfm has no incremental interface: `cmark_parser_feed` takes pieces, but the tree is there
/// only after `cmark_parser_finish`, a parser cannot be copied, so an answer of n pieces would be parsed n times whole.
struct BlockParser: Sendable {
    /// Nested quotes, lists and items at most; deeper markers are text. Bounds the cost of a line.
    static let mostContainers = 64

    var containers: [Container] = []
    var leaf = Leaf.none
    /// What was found and not taken yet.
    var events: [BlockEvent] = []
    /// Whether the first piece of a long line was read, and not its end.
    private var isInLongLine = false

    /// Whether the code of a fence is open.
    var isInFence: Bool { if case .fenced = leaf { true } else { false } }

    /// Reads a line, without its newline.
    mutating func read(_ bytes: Bytes, _ line: Range<Int>, _ part: LinePart) {
        if isInLongLine, part == .middle || part == .last {
            isInLongLine = part == .middle
            return readOn(line)
        }
        isInLongLine = part == .first
        var line = BlockLine(LineCursor(bytes, line), start: line.lowerBound, part)
        matchContainers(&line)
        if line.matched == containers.count, readVerbatim(line) { return }
        openBlocks(&line)
        guard !line.isDone else { return }
        line.isBlank ? readBlank(line) : readText(line)
    }

    /// The end of the text: closes all.
    mutating func finish(_ bytes: Bytes) {
        closeLeaf(bytes)
        close(to: 0)
    }

    private mutating func readOn(_ range: Range<Int>) {
        let piece = SourceLine(range: range, joins: true)
        switch leaf {
        case .paragraph(var paragraph):
            leaf = .none
            paragraph.lines.append(piece)
            leaf = .paragraph(paragraph)
        case .fenced, .indented: events.append(.codeLine(piece))
        case .html: events.append(.htmlLine(piece))
        case .none, .table: leaf = .paragraph(OpenParagraph(lines: [piece], start: range.lowerBound, isContinued: true))
        }
    }

    private func matchContainers(_ line: inout BlockLine) {
        while line.matched < containers.count {
            let (columns, next) = line.cursor.indent
            switch containers[line.matched] {
            case .list: break
            case .quote:
                guard columns <= 3, next < line.end, line.bytes[next] == .greater else { return }
                line.cursor.skip(pastMarkerEnding: next + 1)
                line.cursor.skip(columns: 1)
            case .item(let indent, let hasContent):
                if next == line.end {
                    guard hasContent else { return }
                    line.cursor.skip(columns: indent)
                } else {
                    guard columns >= indent else { return }
                    line.cursor.skip(columns: indent)
                }
            }
            line.matched += 1
        }
    }

    /// Code and HTML take lines as they are.
    private mutating func readVerbatim(_ line: BlockLine) -> Bool {
        switch leaf {
        case .fenced(let fence):
            readCode(line, fence)
            return true
        case .html(let condition):
            if condition >= 6, line.isBlank {
                closeLeaf(line.bytes)
                readBlank(line)
                return true
            }
            let rest = line.cursor.rest
            events.append(.htmlLine(rest))
            if HTMLBlockStart.ends(condition, line.bytes, rest.range) { closeLeaf(line.bytes) }
            return true
        case .indented(var blanks):
            if line.isBlank {
                leaf = .none
                var cursor = line.cursor
                cursor.skip(columns: 4)
                if blanks.count < Self.mostBlanks { blanks.append(cursor.rest) }
                leaf = .indented(blanks: blanks)
                events.append(.blank(depth: containers.count, line.range))
                return true
            }
            guard line.cursor.indent.columns >= 4 else { return false }
            for blank in blanks { events.append(.codeLine(blank)) }
            if !blanks.isEmpty { leaf = .indented(blanks: []) }
            var cursor = line.cursor
            cursor.skip(columns: 4)
            events.append(.codeLine(cursor.rest))
            return true
        default: return false
        }
    }

    /// Blank lines inside indented code that are kept.
    private static let mostBlanks = 1_000

    private mutating func readCode(_ line: BlockLine, _ fence: Fence) {
        let (columns, next) = line.cursor.indent
        let count = line.bytes.run(of: fence.character, from: next, to: line.end)
        let isOnlyFence = count > 0 && line.bytes.skippingBlanks(from: next + count, to: line.end) == line.end
        if columns <= 3, isOnlyFence {
            if line.part == .whole, count >= fence.count {
                leaf = .none
                events.append(.codeEnd(line.range))
                return
            }
            // It may become the closing fence.
            if line.part == .growing { return }
        }
        var cursor = line.cursor
        cursor.skip(columns: min(fence.indent, columns))
        events.append(.codeLine(cursor.rest))
    }

    private mutating func readBlank(_ line: BlockLine) {
        closeUnmatched(line)
        switch leaf {
        case .paragraph, .table: closeLeaf(line.bytes)
        default: break
        }
        // The line of a marker with nothing behind it parts nothing.
        if line.hasOpened, case .item = containers.last { return }
        events.append(.blank(depth: containers.count, line.range))
    }

    private mutating func readText(_ line: BlockLine) {
        if case .paragraph(var paragraph) = leaf, !line.hasOpened {
            // Also when containers are unmatched: a lazy continuation.
            leaf = .none
            paragraph.lines.append(line.text)
            leaf = .paragraph(paragraph)
            return
        }
        closeUnmatched(line)
        if case .table = leaf, line.isShort { return events.append(.tableRow(line.text)) }
        closeLeaf(line.bytes)
        beginLeaf()
        leaf = .paragraph(OpenParagraph(lines: [line.text], start: line.start))
    }
}

// What is open.
extension BlockParser {
    /// Closes the leaf and containers that a line does not continue.
    mutating func closeUnmatched(_ line: BlockLine) {
        guard line.matched < containers.count else { return }
        closeLeaf(line.bytes)
        close(to: line.matched)
    }

    mutating func close(to count: Int) {
        while containers.count > count { events.append(.close(containers.removeLast())) }
    }

    /// Makes room for a leaf: a list holds items only, and the item holds something now.
    mutating func beginLeaf() {
        if case .list = containers.last { close(to: containers.count - 1) }
        markContent()
    }

    private mutating func markContent() {
        if case .item(let indent, false) = containers.last {
            containers[containers.count - 1] = .item(indent: indent, hasContent: true)
        }
    }

    mutating func push(_ container: Container, at start: Int) {
        markContent()
        containers.append(container)
        events.append(.open(container, at: start))
    }

    mutating func closeLeaf(_ bytes: Bytes) {
        let closed = leaf
        leaf = .none
        switch closed {
        case .none: break
        case .paragraph(let paragraph):
            if let rest = takeDefinitions(paragraph, bytes) { events.append(.paragraph(rest)) }
        case .fenced, .indented: events.append(.codeEnd(nil))
        case .html: events.append(.htmlEnd)
        case .table: events.append(.tableEnd)
        }
    }

    /// Takes the finished beginning of the open paragraph off.
    mutating func trimParagraph(to source: Int, continuesRow: Bool) {
        guard case .paragraph(var paragraph) = leaf else { return }
        leaf = .none
        paragraph.lines.removeAll { $0.range.upperBound <= source }
        if let line = paragraph.lines.first {
            let start = max(source, line.range.lowerBound)
            paragraph.lines[0] = SourceLine(range: start..<line.range.upperBound)
        }
        (paragraph.start, paragraph.isContinued, paragraph.continuesRow) = (source, true, continuesRow)
        leaf = .paragraph(paragraph)
    }

    /// Link definitions at the beginning of a paragraph; returns what is left of it.
    mutating func takeDefinitions(_ paragraph: OpenParagraph, _ bytes: Bytes) -> OpenParagraph? {
        guard !paragraph.isContinued, let first = paragraph.lines.first else { return paragraph }
        let start = bytes.skippingBlanks(from: first.range.lowerBound, to: first.range.upperBound)
        guard start < first.range.upperBound, bytes[start] == .openBracket else { return paragraph }
        let content = Content(paragraph.lines, bytes)
        var position = 0
        content.bytes.withUnsafeBufferPointer { text in
            while position < text.count,
                let (definition, next) = LinkDefinition.read(text, from: position, at: content.source(position))
            {
                let end = content.source(max(position, next - 1)) + 1
                let from = position == 0 ? paragraph.start : content.source(position)
                events.append(.definition(definition, source: from..<max(from, end)))
                position = next
            }
        }
        guard position > 0 else { return paragraph }
        guard position < content.bytes.count else { return nil }
        let source = content.source(position)
        var rest = paragraph
        rest.lines.removeAll { $0.range.upperBound <= source }
        if let line = rest.lines.first {
            rest.lines[0].range = max(source, line.range.lowerBound)..<line.range.upperBound
        }
        rest.start = source
        return rest.lines.isEmpty ? nil : rest
    }
}
