/// Writes the blocks of a text as HTML.
struct HTMLWriter {
    /// Cells that may be added to rows with too few. Else a head of many columns over many short rows would be a bomb.
    private static let mostEmptyCells = 100_000

    var output = HTMLOutput()
    private let bytes: Bytes
    private let events: [BlockEvent]
    private let links: MarkdownHTML.Links
    private let loose: LooseLists
    private var definitions = LinkDefinitions()
    /// The open containers; of items whether their list is loose.
    private var stack: [(container: Container, isLoose: Bool)] = []
    private var alignments: [ColumnAlignment] = []
    private var tableHasRows = false
    private var emptyCells = 0
    private var lexer: CodeLexer?
    /// Whether the next paragraph is the first thing in an item.
    private var isAtItemStart = false

    init(_ bytes: Bytes, events: [BlockEvent], links: MarkdownHTML.Links) {
        self.bytes = bytes
        self.events = events
        self.links = links
        loose = LooseLists(events)
        for case .definition(let definition, _) in events { definitions.add(definition) }
    }

    /// Writes all.
    mutating func write() {
        for (index, event) in events.enumerated() { write(event, index) }
    }

    private mutating func write(_ event: BlockEvent, _ index: Int) {
        switch event {
        case .open(let container, _): open(container, index)
        case .close(let container): close(container)
        case .paragraph(let paragraph): write(paragraph)
        case .heading(let level, let lines, _):
            output.line()
            output.add("<h\(level)>")
            inline(Content(lines, bytes))
            output.add("</h\(level)>\n")
        case .rule:
            output.line()
            output.add("<hr />\n")
        case .codeStart(let info, _): beginCode(info)
        case .codeLine(let line): writeCode(line)
        case .codeEnd: output.add("</code></pre>\n")
        case .htmlStart:
            output.line()
            output.add("<pre class=\"raw-html\">")
        case .htmlLine(let line):
            output.add(text: bytes[line.range])
            output.add("\n")
        case .htmlEnd: output.add("</pre>\n")
        case .tableStart(let header, _, _, let alignments): beginTable(header, alignments)
        case .tableRow(let line): writeRow(line)
        case .tableEnd:
            if tableHasRows { output.add("</tbody>\n") }
            output.add("</table>\n")
        case .definition, .blank: return
        }
        if case .open(.item, _) = event { isAtItemStart = true } else { isAtItemStart = false }
    }

    private mutating func open(_ container: Container, _ index: Int) {
        switch container {
        case .quote:
            output.line()
            output.add("<blockquote>\n")
            stack.append((container, true))
        case .list(let kind):
            output.line()
            let start = kind.isOrdered && kind.start != 1 ? " start=\"\(kind.start)\"" : ""
            output.add(kind.isOrdered ? "<ol\(start)>\n" : "<ul>\n")
            stack.append((container, loose.contains(index)))
        case .item:
            output.add("<li>")
            stack.append((container, stack.last?.isLoose ?? true))
        }
    }

    private mutating func close(_ container: Container) {
        if !stack.isEmpty { stack.removeLast() }
        switch container {
        case .quote:
            output.line()
            output.add("</blockquote>\n")
        case .list(let kind):
            output.line()
            output.add(kind.isOrdered ? "</ol>\n" : "</ul>\n")
        case .item: output.add("</li>\n")
        }
    }

    private mutating func write(_ paragraph: OpenParagraph) {
        let content = Content(paragraph.lines, bytes)
        let isTight = stack.last.map { !$0.isLoose } ?? false
        if !isTight {
            output.line()
            output.add("<p>")
        } else if !isAtItemStart {
            output.line()
        }
        let box = isAtItemStart ? TaskBox(content.bytes) : nil
        if let box { output.add("<input type=\"checkbox\"\(box.isChecked ? " checked=\"\"" : "") disabled=\"\" />") }
        inline(content, from: box == nil ? 0 : 3)
        if !isTight { output.add("</p>\n") }
    }

    private mutating func inline(_ content: Content, from start: Int = 0) {
        content.bytes.withUnsafeBufferPointer { text in
            var parser = InlineParser(text, definitions: definitions, offset: .max)
            (parser.position, parser.textStart) = (start, start)
            parser.read()
            var writer = HTMLInlines(output: output, links: links)
            output = HTMLOutput()
            parser.forEach { writer.write($0, text) }
            output = writer.output
        }
    }

    private mutating func beginCode(_ info: Range<Int>?) {
        output.line()
        let words = info.map { LinkParts.resolved(bytes, $0) } ?? ""
        let language = words.split { $0 == " " || $0 == "\t" }.first.map(String.init) ?? ""
        lexer = CodeLexer(language: language)
        if language.isEmpty {
            output.add("<pre><code>")
        } else {
            output.add("<pre><code class=\"language-")
            output.add(text: language.utf8)
            output.add("\">")
        }
    }

    private mutating func writeCode(_ line: SourceLine) {
        let text = Array(String(repeating: " ", count: line.padding).utf8) + bytes[line.range]
        for span in lexer?.line(String(decoding: text, as: UTF8.self)) ?? [CodeSpan(0..<text.count, .plain)] {
            let range = span.range.clamped(to: 0..<text.count)
            if span.token != .plain { output.add("<span class=\"tok-\(span.token)\">") }
            output.add(text: text[range])
            if span.token != .plain { output.add("</span>") }
        }
        output.add("\n")
    }

    private mutating func beginTable(_ header: SourceLine, _ alignments: [ColumnAlignment]) {
        self.alignments = alignments
        tableHasRows = false
        output.line()
        output.add("<table>\n<thead>\n")
        writeCells(header, "th")
        output.add("</thead>\n")
    }

    private mutating func writeRow(_ line: SourceLine) {
        if !tableHasRows { output.add("<tbody>\n") }
        tableHasRows = true
        writeCells(line, "td")
    }

    private mutating func writeCells(_ line: SourceLine, _ tag: String) {
        output.add("<tr>\n")
        let cells = TableLine.cells(bytes, line.range)
        for (column, alignment) in alignments.enumerated() {
            if column >= cells.count {
                guard emptyCells < Self.mostEmptyCells else { break }
                emptyCells += 1
            }
            output.add(alignment == .none ? "<\(tag)>" : "<\(tag) align=\"\(alignment)\">")
            if column < cells.count { inline(Content(cell: cells[column], bytes)) }
            output.add("</\(tag)>\n")
        }
        output.add("</tr>\n")
    }
}
