// What a line can begin.
extension BlockParser {
    /// Opens containers and leaves that the line begins.
    mutating func openBlocks(_ line: inout BlockLine) {
        while !line.isDone {
            let (columns, next) = line.cursor.indent
            guard next < line.end else { return }
            let isInParagraph = if case .paragraph = leaf { !line.hasOpened } else { false }
            if columns >= 4 {
                if !isInParagraph { openIndented(&line) }
                return
            }
            switch line.bytes[next] {
            case .greater: guard openQuote(&line, next) else { return }
            case .hash: guard openHeading(&line, next) else { return }
            case .backtick, .tilde: guard openFence(&line, next, columns) else { return }
            case .less: guard openHTML(&line, next) else { return }
            default:
                if isInParagraph, line.matched == containers.count {
                    if openSetext(&line, next) || openTable(&line, next) { return }
                }
                if openRule(&line, next) { return }
                guard openItem(&line, next, columns) else { return }
            }
        }
    }

    private mutating func openIndented(_ line: inout BlockLine) {
        closeUnmatched(line)
        if case .table = leaf { closeLeaf(line.bytes) }
        beginLeaf()
        leaf = .indented(blanks: [])
        line.cursor.skip(columns: 4)
        events.append(.codeStart(info: nil, at: line.start))
        events.append(.codeLine(line.cursor.rest))
        line.isDone = true
    }

    private mutating func prepare(_ line: inout BlockLine) {
        closeUnmatched(line)
        closeLeaf(line.bytes)
        beginLeaf()
        line.matched = containers.count
    }

    private mutating func openQuote(_ line: inout BlockLine, _ next: Int) -> Bool {
        guard line.matched < Self.mostContainers else { return false }
        prepare(&line)
        push(.quote, at: line.hasOpened ? next : line.start)
        line.cursor.skip(pastMarkerEnding: next + 1)
        line.cursor.skip(columns: 1)
        (line.matched, line.hasOpened) = (containers.count, true)
        return true
    }

    private mutating func openHeading(_ line: inout BlockLine, _ next: Int) -> Bool {
        let level = line.bytes.run(of: .hash, from: next, to: line.end)
        let start = next + level
        guard line.isShort, level <= 6, start == line.end || line.bytes[start].isBlank else { return false }
        prepare(&line)
        let first = line.bytes.skippingBlanks(from: start, to: line.end)
        var end = line.bytes.droppingBlanks(from: first, to: line.end)
        var hashes = end
        while hashes > first, line.bytes[hashes - 1] == .hash { hashes -= 1 }
        if hashes == first || line.bytes[hashes - 1].isBlank {
            end = line.bytes.droppingBlanks(from: first, to: hashes)
        }
        events.append(.heading(level: level, lines: [SourceLine(range: first..<end)], source: line.range))
        line.isDone = true
        return true
    }

    private mutating func openFence(_ line: inout BlockLine, _ next: Int, _ columns: Int) -> Bool {
        let character = line.bytes[next]
        let count = line.bytes.run(of: character, from: next, to: line.end)
        guard line.isShort, count >= 3 else { return false }
        let info = line.bytes.skippingBlanks(from: next + count, to: line.end)
        if character == .backtick, line.bytes[info..<line.end].contains(.backtick) { return false }
        prepare(&line)
        leaf = .fenced(Fence(character: character, count: count, indent: columns))
        let end = line.bytes.droppingBlanks(from: info, to: line.end)
        events.append(.codeStart(info: info..<end, at: line.start))
        line.isDone = true
        return true
    }

    private mutating func openHTML(_ line: inout BlockLine, _ next: Int) -> Bool {
        let isParagraph = if case .paragraph = leaf { !line.hasOpened } else { false }
        guard line.isShort,
            let condition = HTMLBlockStart.condition(line.bytes, next..<line.end, interrupts: isParagraph)
        else { return false }
        prepare(&line)
        events.append(.htmlStart)
        leaf = .html(condition)
        let rest = line.cursor.rest
        events.append(.htmlLine(rest))
        if HTMLBlockStart.ends(condition, line.bytes, rest.range) { closeLeaf(line.bytes) }
        line.isDone = true
        return true
    }

    /// The line under a paragraph that makes it a heading.
    private mutating func openSetext(_ line: inout BlockLine, _ next: Int) -> Bool {
        let character = line.bytes[next]
        guard line.part == .whole, character == .equals || character == .minus,
            case .paragraph(let paragraph) = leaf, !paragraph.isContinued
        else { return false }
        let count = line.bytes.run(of: character, from: next, to: line.end)
        guard line.bytes.skippingBlanks(from: next + count, to: line.end) == line.end else { return false }
        leaf = .none
        guard let rest = takeDefinitions(paragraph, line.bytes) else { return false }
        let source = rest.start..<line.end
        events.append(.heading(level: character == .equals ? 1 : 2, lines: rest.lines, source: source))
        line.isDone = true
        return true
    }

    private mutating func openRule(_ line: inout BlockLine, _ next: Int) -> Bool {
        let character = line.bytes[next]
        guard line.part == .whole, character == .minus || character == .star || character == .underscore else {
            return false
        }
        var count = 0
        for index in next..<line.end {
            if line.bytes[index] == character { count += 1 } else if !line.bytes[index].isBlank { return false }
        }
        guard count >= 3 else { return false }
        prepare(&line)
        events.append(.rule(line.range))
        line.isDone = true
        return true
    }

    private mutating func openItem(_ line: inout BlockLine, _ next: Int, _ columns: Int) -> Bool {
        guard line.matched + 1 < Self.mostContainers, let marker = ListMarker(line.bytes, next..<line.end) else {
            return false
        }
        if case .paragraph = leaf, !line.hasOpened, line.matched == containers.count {
            guard !marker.isEmpty, !marker.kind.isOrdered || marker.kind.start == 1 else { return false }
        }
        closeUnmatched(line)
        closeLeaf(line.bytes)
        let start = line.hasOpened ? next : line.start
        if case .list(let kind) = containers.last, kind.isSameList(as: marker.kind) {
            // The list goes on.
        } else {
            if case .list = containers.last { close(to: containers.count - 1) }
            push(.list(marker.kind), at: start)
        }
        line.cursor.skip(pastMarkerEnding: marker.end)
        let spaces = line.cursor.indent
        let width = marker.end - next
        if spaces.next == line.end {
            push(.item(indent: columns + width + 1, hasContent: false), at: start)
        } else if spaces.columns >= 5 {
            push(.item(indent: columns + width + 1, hasContent: false), at: start)
            line.cursor.skip(columns: 1)
        } else {
            push(.item(indent: columns + width + spaces.columns, hasContent: false), at: start)
            line.cursor.skip(columns: spaces.columns)
        }
        (line.matched, line.hasOpened) = (containers.count, true)
        return true
    }

    /// The line under a table's head.
    private mutating func openTable(_ line: inout BlockLine, _ next: Int) -> Bool {
        guard line.part == .whole, case .paragraph(var paragraph) = leaf, let header = paragraph.lines.last,
            !header.joins, !paragraph.isContinued || paragraph.lines.count > 1,
            let alignments = TableLine.alignments(line.bytes, next..<line.end),
            TableLine.cells(line.bytes, header.range).count == alignments.count
        else { return false }
        leaf = .none
        paragraph.lines.removeLast()
        let start = paragraph.lines.isEmpty ? paragraph.start : header.range.lowerBound
        if !paragraph.lines.isEmpty, let rest = takeDefinitions(paragraph, line.bytes) {
            events.append(.paragraph(rest))
        }
        events.append(.tableStart(header: header, start: start, delimiter: line.range, alignments))
        leaf = .table
        line.isDone = true
        return true
    }
}

/// The marker that begins an item.
struct ListMarker {
    let kind: ListKind
    /// One past it.
    let end: Int
    /// Whether nothing stands behind it.
    let isEmpty: Bool

    init?(_ bytes: Bytes, _ line: Range<Int>) {
        let start = line.lowerBound
        switch bytes[start] {
        case .minus, .plus, .star:
            kind = ListKind(character: bytes[start], start: 0)
            end = start + 1
        case 0x30...0x39:
            var index = start
            var number = 0
            while index < line.upperBound, bytes[index].isDigit, index - start < 9 {
                number = number * 10 + Int(bytes[index] & 0x0F)
                index += 1
            }
            guard index < line.upperBound, bytes[index] == .dot || bytes[index] == .closeParenthesis else { return nil }
            kind = ListKind(character: bytes[index], start: number)
            end = index + 1
        default: return nil
        }
        guard end == line.upperBound || bytes[end].isBlank else { return nil }
        isEmpty = bytes.skippingBlanks(from: end, to: line.upperBound) == line.upperBound
    }
}
