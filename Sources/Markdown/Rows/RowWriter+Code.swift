import TerminalKit

/// A block of code that is open.
struct OpenCode: Sendable {
    /// Where it begins in the source.
    var start: Int
    var language: String
    var lexer: CodeLexer?
    var hasRows = false
}

// Code.
extension RowWriter {
    /// Tabs in code reach to the next multiple of this.
    private static let tabWidth = 4

    mutating func beginCode(_ info: Range<Int>?, _ start: Int, _ bytes: Bytes) {
        let text = info.map { LinkParts.resolved(bytes, $0) } ?? ""
        let language = text.split { $0 == " " || $0 == "\t" }.first.map(String.init) ?? ""
        code = OpenCode(start: start, language: language, lexer: CodeLexer(language: language))
        guard !language.isEmpty, let info else { return }
        emitCode(
            MarkdownRow(
                spans: [MarkdownSpan(language, Style(.textDim))], source: start..<info.upperBound,
                code: MarkdownRow.Code(block: start, isLabel: true, width: CellWidth.width(of: language))))
    }

    private mutating func emitCode(_ row: MarkdownRow) {
        var row = row
        row.lead = [MarkdownSpan("│ ", Style(.markdownCodeBlock, .dim))]
        let isFirst = code?.hasRows == false
        emit(row)
        if isFirst {
            code?.hasRows = true
            codeStarts.append(count - 1)
        }
    }

    mutating func writeCode(_ line: SourceLine, _ bytes: Bytes) {
        if code?.hasRows == true { dropBlank() }
        work += line.range.count
        let start = code?.start ?? line.range.lowerBound
        let text = String(repeating: " ", count: line.padding) + bytes.string(line.range)
        // Only the first piece of a line too long to be read at once is coloured.
        let colours = line.joins ? nil : code?.lexer?.line(text)
        var place = MarkdownRow.Code(block: start, content: line.range, padding: line.padding)
        if !collects, !wrapsCode {
            return emitCode(MarkdownRow(source: line.range, code: place))
        }
        let spans = Self.spans(text, colours ?? [CodeSpan(0..<text.utf8.count, .plain)])
        place.width = spans.reduce(0) { $0 + CellWidth.width(of: $1.text) }
        if wrapsCode, place.width > fullWidth - 2 {
            wrap(spans, line, place)
        } else {
            emitCode(MarkdownRow(spans: spans, isContinuation: line.joins, source: line.range, code: place))
        }
    }

    private static func spans(_ text: String, _ colours: [CodeSpan]) -> [MarkdownSpan] {
        var text = text
        return text.withUTF8 { bytes in
            var column = 0
            return colours.compactMap { colour in
                let range = colour.range.clamped(to: 0..<bytes.count)
                guard !range.isEmpty else { return nil }
                let expanded = expand(UnsafeBufferPointer(rebasing: bytes[range]), &column)
                return MarkdownSpan(expanded, Style(colour.token.role))
            }
        }
    }

    /// A part of a line with its tabs expanded.
    private static func expand(_ bytes: Bytes, _ column: inout Int) -> String {
        guard bytes.contains(.tab) else {
            column += CellWidth.width(of: bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        var result = ""
        for (index, part) in bytes.split(separator: .tab, omittingEmptySubsequences: false).enumerated() {
            if index > 0 {
                let spaces = tabWidth - column % tabWidth
                result += String(repeating: " ", count: spaces)
                column += spaces
            }
            let text = UnsafeBufferPointer(rebasing: part)
            result += String(decoding: text, as: UTF8.self)
            column += CellWidth.width(of: text)
        }
        return result
    }

    /// Cuts a line into rows of the width.
    private mutating func wrap(_ spans: [MarkdownSpan], _ line: SourceLine, _ place: MarkdownRow.Code) {
        var text = StyledText(base: Style(.markdownCodeBlock))
        for span in spans { text.add(span.text.utf8, span.style, from: 0) }
        let breaker = RowBreaker(width: max(1, fullWidth - 2), tabWidth: 1, cutsAnywhere: true)
        var starts = [0]
        text.bytes.withUnsafeBufferPointer { bytes in
            while let next = breaker.nextRow(in: bytes, from: starts[starts.count - 1], limit: bytes.count) {
                starts.append(next)
            }
        }
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : text.bytes.count
            var place = place
            let cut = text.bytes[start..<end].withUnsafeBufferPointer { CellWidth.width(of: $0) }
            place.width = cut
            // The whole line belongs to its first row: what is copied is the source.
            if index > 0 { (place.content, place.padding) = (line.range.upperBound..<line.range.upperBound, 0) }
            emitCode(
                MarkdownRow(
                    spans: collects ? text.spans(start..<end) : [], isContinuation: index > 0 || line.joins,
                    source: index == 0 ? line.range : place.content, code: place))
        }
    }
}
