import TerminalKit

// Paragraphs, headings, rules, text taken as it is.
extension RowWriter {
    /// Reads the inlines of a content.
    mutating func styled(_ content: Content, base: Style, offset: Int, task: Bool = false) -> StyledText {
        var text = StyledText(base: base)
        add(content, to: &text, offset: offset, task: task)
        return text
    }

    /// Adds a content to a text. What is asked of the parser afterwards is returned.
    @discardableResult
    mutating func add<Answer>(
        _ content: Content, to text: inout StyledText, offset: Int, task: Bool = false,
        _ ask: (InlineParser) -> Answer = { (_: InlineParser) -> Void in }
    ) -> Answer {
        content.bytes.withUnsafeBufferPointer { bytes in
            var parser = InlineParser(bytes, definitions: definitions, offset: offset)
            if task {
                text.add(bytes[..<3], Style(.markdownList), from: 0, isLinear: true)
                (parser.position, parser.textStart) = (3, 3)
            }
            parser.read()
            text.add(parser)
            work += bytes.count + parser.steps
            return ask(parser)
        }
    }

    mutating func write(_ paragraph: OpenParagraph, _ bytes: Bytes) {
        let content = Content(paragraph.lines, bytes)
        let text = styled(content, base: base, offset: paragraph.start, task: isTask(content, paragraph))
        let rows = text.rows(width: proseWidth)
        write(rows[...], text, content, paragraph)
    }

    /// The style of prose.
    private var base: Style { stack.contains(.quote) ? Style(.markdownQuote) : Style(.text) }

    /// Whether the paragraph begins an item with a box.
    private func isTask(_ content: Content, _ paragraph: OpenParagraph) -> Bool {
        guard case .item(_, isShown: false) = stack.last, !paragraph.isContinued else { return false }
        return TaskBox(content.bytes) != nil
    }

    private mutating func write(
        _ rows: ArraySlice<StyledText.Row>, _ text: StyledText, _ content: Content, _ paragraph: OpenParagraph
    ) {
        for (index, row) in zip(rows.indices, rows) {
            guard collects else {
                emit(MarkdownRow(source: content.end..<content.end))
                continue
            }
            let start = index == 0 ? paragraph.start : content.source(text.content(row.range.lowerBound))
            let isLast = row.next >= text.bytes.count
            let end = isLast ? content.end : content.source(text.content(row.next))
            emit(
                MarkdownRow(
                    spans: text.spans(row.range),
                    isContinuation: row.isContinuation || index == 0 && paragraph.continuesRow,
                    source: start..<max(start, end)))
        }
    }

    /// Writes the rows of a paragraph that are full, of one that has grown beyond all measure. Returns where the rest
    /// begins in the source; nil = all is one row.
    ///
    /// A row in the second half is chosen that begins outside of all emphasis and links, and before any that may still
    /// be closed, so that they are read whole. Where there is none, the last row is.
    mutating func writeBeginning(of paragraph: OpenParagraph, _ bytes: Bytes) -> (source: Int, isContinuation: Bool)? {
        let content = Content(paragraph.lines, bytes)
        let half = content.bytes.count / 2
        var text = StyledText(base: base)
        let open = add(content, to: &text, offset: paragraph.start, task: isTask(content, paragraph)) {
            $0.firstOpen(from: half) ?? .max
        }
        let rows = text.rows(width: proseWidth)
        guard var cut = rows.indices.last, cut > 0 else { return nil }
        let neutral = rows.indices.dropFirst().last { index in
            let start = rows[index].range.lowerBound
            guard text.runs[max(0, text.run(at: start))].isNeutral else { return false }
            return text.content(start) >= half && text.content(start) <= open
        }
        if let neutral { cut = neutral }
        write(rows[..<cut], text, content, paragraph)
        return (content.source(text.content(rows[cut].range.lowerBound)), rows[cut].isContinuation)
    }

    mutating func writeHeading(_ level: Int, _ lines: [SourceLine], _ source: Range<Int>, _ bytes: Bytes) {
        let content = Content(lines, bytes)
        var text = StyledText(base: Style(.markdownHeading, .bold))
        text.add(String(repeating: "#", count: level).utf8, Style(.markdownHeading, .dim), from: 0)
        text.add(" ".utf8, Style(.markdownHeading), from: 0)
        add(content, to: &text, offset: source.lowerBound)
        let place = OpenParagraph(lines: lines, start: source.lowerBound)
        write(text.rows(width: proseWidth)[...], text, content, place)
    }

    mutating func writeRule(_ source: Range<Int>) {
        emit(
            MarkdownRow(
                spans: [MarkdownSpan(String(repeating: "─", count: proseWidth), Style(.textDim))], source: source))
    }

    /// A line as it stands, wrapped.
    mutating func writeVerbatim(_ line: SourceLine, _ style: Style, _ bytes: Bytes) {
        var text = StyledText(base: style)
        let slice = bytes[line.range]
        work += slice.count
        text.add(slice.lazy.map { $0 == .tab ? .space : $0 }, style, from: line.range.lowerBound, isLinear: true)
        for row in text.rows(width: proseWidth) {
            let end = row.next >= text.bytes.count ? line.range.upperBound : text.content(row.next)
            let start = min(text.bytes.isEmpty ? end : text.content(row.range.lowerBound), end)
            emit(
                MarkdownRow(
                    spans: collects ? text.spans(row.range) : [], isContinuation: row.isContinuation || line.joins,
                    source: start..<end))
        }
    }

    mutating func writeDefinition(_ source: Range<Int>, _ bytes: Bytes) {
        var start = source.lowerBound
        while start < source.upperBound {
            let end = bytes[start..<source.upperBound].firstIndex(of: .newline) ?? source.upperBound
            writeVerbatim(SourceLine(range: start..<end), Style(.textDim), bytes)
            start = end + 1
        }
    }
}

/// The box that begins an item of a task list.
struct TaskBox {
    let isChecked: Bool

    init?(_ bytes: [UInt8]) {
        guard bytes.count > 3, bytes[0] == .openBracket, bytes[2] == .closeBracket, bytes[3].isWhitespace else {
            return nil
        }
        guard bytes[1] == .space || bytes[1] | 0x20 == 0x78 else { return nil }
        isChecked = bytes[1] != .space
    }
}
