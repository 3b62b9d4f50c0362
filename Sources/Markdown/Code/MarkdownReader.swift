/// Reads Markdown as source: headings, fences, lists, quotations, inline code, links, emphasis.
struct MarkdownReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var list: SpanList
    /// Marks that were looked for in vain behind here.
    private var missing = ByteSet()

    /// The runs of a line.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ state: inout LexerState) -> [CodeSpan] {
        var reader = MarkdownReader(bytes: bytes, list: SpanList(bytes))
        reader.readLine(&state)
        return reader.list.spans
    }

    private mutating func emit(to end: Int, _ token: CodeToken) {
        list.add(to: end, token)
        index = end
    }

    private mutating func readLine(_ state: inout LexerState) {
        let end = bytes.count
        var first = 0
        while first < end, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
        guard first < end else { return emit(to: end, .plain) }
        let mark = bytes[first]
        let length = run(of: mark, at: first)
        if case .fence(let fence, let count) = state.mode {
            let isEnd = mark == fence && length >= count && isBlank(from: first + length)
            if isEnd { state.mode = .code }
            return emit(to: end, isEnd ? .attribute : .string)
        }
        let isFence = (mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~")) && length >= 3
        if isFence, mark == UInt8(ascii: "~") || !bytes[(first + length)...].contains(mark) {
            state.mode = .fence(mark, length)
            return emit(to: end, .attribute)
        }
        if mark == UInt8(ascii: "#"), length <= 6, first + length == end || bytes[first + length] == 0x20 {
            return emit(to: end, .keyword)
        }
        readBullet(first)
        while index < end { step() }
    }

    private func run(of byte: UInt8, at start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] == byte { place += 1 }
        return place - start
    }

    private func isBlank(from start: Int) -> Bool {
        bytes[start...].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }

    private mutating func readBullet(_ first: Int) {
        let end = bytes.count
        var place = first
        if bytes[first] == UInt8(ascii: ">") {
            while place < end, bytes[place] == UInt8(ascii: ">") || bytes[place] == 0x20 { place += 1 }
            return emit(to: place, .comment)
        }
        while place < end, place - first < 9, CodeReader.isDigit(bytes[place]) { place += 1 }
        let isNumber = place > first
        guard place < end, (isNumber ? Self.numberEnds : Self.bullets).contains(bytes[place]) else { return }
        guard place + 1 == end || bytes[place + 1] == 0x20 else { return }
        list.add(to: first, .plain)
        emit(to: place + 1, .operator)
    }

    private static let bullets = ByteSet("-*+")
    private static let numberEnds = ByteSet(".)")
    private static let marks = ByteSet("`*_[<\\~")

    private mutating func step() {
        let byte = bytes[index]
        guard Self.marks.contains(byte) else {
            var place = index + 1
            while place < bytes.count, !Self.marks.contains(bytes[place]) { place += 1 }
            return emit(to: place, .plain)
        }
        let length = run(of: byte, at: index)
        switch byte {
        case UInt8(ascii: "\\"): emit(to: min(index + 2, bytes.count), .plain)
        case UInt8(ascii: "`"): readSpan(byte, length, .string)
        case UInt8(ascii: "["): readLink()
        case UInt8(ascii: "<"): readUntil(UInt8(ascii: ">"), .attribute)
        default: readSpan(byte, length, length == 1 ? .type : .constant)
        }
    }

    /// A span between equal runs of a mark; the marks alone when it does not close.
    private mutating func readSpan(_ mark: UInt8, _ length: Int, _ token: CodeToken) {
        let content = index + length
        let isOpen = content < bytes.count && (mark == UInt8(ascii: "`") || bytes[content] != 0x20)
        let isInWord = mark == UInt8(ascii: "_") && index > 0 && CodeReader.isWord(bytes[index - 1])
        guard isOpen, !isInWord, length <= 3 || mark == UInt8(ascii: "`"), !missing.contains(mark) else {
            return emit(to: content, .plain)
        }
        var place = content
        while place < bytes.count {
            guard bytes[place] == mark else {
                place += 1
                continue
            }
            let other = run(of: mark, at: place)
            place += other
            if other == length { return emit(to: place, token) }
        }
        // A run of another length may still close: not looked for, so that the line is read once.
        missing.insert(mark)
        emit(to: content, .plain)
    }

    private mutating func readLink() {
        guard !missing.contains(UInt8(ascii: "]")) else { return emit(to: index + 1, .plain) }
        guard let close = bytes[index...].firstIndex(of: UInt8(ascii: "]")) else {
            missing.insert(UInt8(ascii: "]"))
            return emit(to: index + 1, .plain)
        }
        guard close + 1 < bytes.count, bytes[close + 1] == UInt8(ascii: "(") else { return emit(to: close + 1, .plain) }
        emit(to: close + 1, .function)
        readUntil(UInt8(ascii: ")"), .attribute)
    }

    private mutating func readUntil(_ mark: UInt8, _ token: CodeToken) {
        guard !missing.contains(mark) else { return emit(to: index + 1, .plain) }
        guard let close = bytes[index...].firstIndex(of: mark) else {
            missing.insert(mark)
            return emit(to: index + 1, .plain)
        }
        emit(to: close + 1, token)
    }
}
