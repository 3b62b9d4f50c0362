import TerminalKit

/// Makes rows of what the block parser found. A value that holds what is open; a copy writes on from any line.
struct RowWriter: Sendable {
    /// Prose wider than this is hard to read.
    static let readableWidth = 100

    /// An open container, as it stands before rows.
    enum Lead: Sendable, Hashable {
        case quote
        /// With the number of its next item.
        case list(ListKind, next: Int)
        case item(marker: String, isShown: Bool)
    }

    var width: Int
    var wrapsCode: Bool
    /// Whether rows are kept; else only counted.
    var collects = true
    /// Rows written so far, the number of the next one.
    var count = 0
    /// Rows kept.
    var rows: [MarkdownRow] = []
    /// Rows that begin blocks of code, since this was emptied.
    var codeStarts: [Int] = []
    var definitions = LinkDefinitions(most: 1_000)
    var stack: [Lead] = []
    var table: OpenTable?
    var code: OpenCode?
    /// Bytes laid out, to see that they do not grow with the text.
    var work = 0
    /// A blank line that was not shown yet: in how many containers it is.
    private var blank: (depth: Int, source: Range<Int>)?

    init(width: Int, wrapsCode: Bool) {
        self.width = width
        self.wrapsCode = wrapsCode
    }

    /// Writes what was found next.
    mutating func write(_ event: BlockEvent, _ bytes: Bytes) {
        switch event {
        case .open(let container, let start):
            openedAt = start
            open(container)
        case .close: close()
        case .blank(let depth, let source): if blank == nil { blank = (depth, source) } else { blank?.depth = depth }
        case .paragraph(let paragraph): write(paragraph, bytes)
        case .heading(let level, let lines, let source): writeHeading(level, lines, source, bytes)
        case .rule(let source): writeRule(source)
        case .codeStart(let info, let start): beginCode(info, start, bytes)
        case .codeLine(let line): writeCode(line, bytes)
        case .codeEnd: code = nil
        case .htmlStart, .htmlEnd: break
        case .htmlLine(let line): writeVerbatim(line, Style(.text), bytes)
        case .definition(let definition, let source):
            definitions.add(definition)
            writeDefinition(source, bytes)
        case .tableStart(let header, let start, let delimiter, let alignments):
            table = OpenTable(header: header, start: start, delimiter: delimiter, alignments: alignments)
        case .tableRow(let line): addTableRow(line, bytes)
        case .tableEnd: endTable(bytes)
        }
    }

    private mutating func open(_ container: Container) {
        switch container {
        case .quote: stack.append(.quote)
        case .list(let kind): stack.append(.list(kind, next: kind.start))
        case .item:
            var marker = "• "
            if case .list(let kind, let number) = stack.last {
                if kind.isOrdered { marker = "\(number)\(kind.character == .dot ? "." : ")") " }
                stack[stack.count - 1] = .list(kind, next: number + 1)
            }
            stack.append(.item(marker: marker, isShown: false))
        }
    }

    private mutating func close() {
        if case .item(_, isShown: false) = stack.last {
            let start = max(sourceEnd, openedAt)
            emit(MarkdownRow(source: start..<start))
        }
        if !stack.isEmpty { stack.removeLast() }
        if let depth = blank?.depth { blank?.depth = min(depth, stack.count) }
    }

    /// Where the last row ended.
    private(set) var sourceEnd = 0
    /// Where the last container began.
    private var openedAt = 0

    /// Forgets a blank line: it belonged to code.
    mutating func dropBlank() { blank = nil }

    /// Writes a row with what stands before it: a blank row that is due, bars, bullets.
    mutating func emit(_ row: MarkdownRow) {
        if let blank {
            self.blank = nil
            if count > 0 { emitBlank(blank.depth, blank.source) }
        }
        count += 1
        sourceEnd = max(sourceEnd, row.source.upperBound)
        var lead = collects ? LeadSpans(stack, width: width) : nil
        showMarkers()
        guard var shown = lead.take() else { return }
        var row = row
        shown.add(row.lead)
        row.indent += shown.indent
        row.lead = shown.spans
        rows.append(row)
    }

    private mutating func emitBlank(_ depth: Int, _ source: Range<Int>) {
        count += 1
        sourceEnd = max(sourceEnd, source.lowerBound)
        guard collects else { return }
        var lead = LeadSpans(stack.prefix(depth), width: width, isBlank: true)
        lead.trim()
        rows.append(MarkdownRow(indent: lead.indent, lead: lead.spans, source: source.lowerBound..<source.lowerBound))
    }

    private mutating func showMarkers() {
        for index in stack.indices.reversed() {
            guard case .item(let marker, let isShown) = stack[index] else { continue }
            if isShown { return }
            stack[index] = .item(marker: marker, isShown: true)
        }
    }

    /// Cells that bars and bullets take.
    var leadWidth: Int { LeadSpans(stack, width: width).width }
    /// Cells for code and tables.
    var fullWidth: Int { max(1, width - leadWidth) }
    /// Cells for prose.
    var proseWidth: Int { max(1, min(width, Self.readableWidth) - leadWidth) }
}

/// What stands before a row.
struct LeadSpans {
    private(set) var indent = 0
    private(set) var spans: [MarkdownSpan] = []
    private(set) var width = 0

    /// Containers beyond half of the width are left out, so that there is room for text.
    init(_ stack: some Sequence<RowWriter.Lead>, width most: Int, isBlank: Bool = false) {
        for lead in stack {
            switch lead {
            case .list: break
            case .quote where width + 2 <= most / 2:
                add([MarkdownSpan("▌ ", Style(.markdownQuote))])
                width += 2
            case .item(let marker, let isShown):
                let cells = marker.utf8.count == marker.unicodeScalars.count ? marker.utf8.count : 2
                guard width + cells <= most / 2 else { break }
                let text = isShown || isBlank ? String(repeating: " ", count: cells) : marker
                add([MarkdownSpan(text, Style(.markdownList))])
                width += cells
            case .quote: break
            }
        }
    }

    mutating func add(_ more: [MarkdownSpan]) {
        for span in more {
            if spans.isEmpty, span.text.utf8.allSatisfy({ $0 == .space }) {
                indent += span.text.utf8.count
            } else {
                spans.append(span)
            }
        }
    }

    /// Leaves blanks at the end out.
    mutating func trim() {
        while let last = spans.last, last.text.utf8.allSatisfy({ $0 == .space }) { spans.removeLast() }
        if let last = spans.last {
            spans[spans.count - 1].text = String(last.text.prefix { $0 != " " })
        } else {
            indent = 0
        }
    }
}
