/// Reads a line, or a part of one, of a language that its row in the table describes.
///
/// Every byte is looked at a bounded number of times: what does not close is not searched for again.
struct CodeReader {
    /// What the last thing that is no blank was, for what only a value or only an operator can follow.
    enum Before {
        case nothing, operand, other
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let language: CodeLanguage
    let end: Int
    var index: Int
    var state: LexerState
    var list: SpanList
    var before = Before.nothing
    var definesFunction = false
    /// Whether the next word is a command's name.
    var expectsCommand = true
    /// Whether the `in` of a loop may come.
    var expectsIn = false
    /// Whether a pattern was looked for in vain; there is none behind it then.
    var lacksPatternEnd = false
    var heredocs: [Heredoc] = []
    /// Whether this place is inside a shell's `(( ))`, where `<<` is an operator.
    var isArithmetic = false
    /// Whether a brace, or in YAML a bracket, opens in this line.
    var opensBrace = false

    /// The runs of a part of a line.
    static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ language: CodeLanguage, _ state: inout LexerState
    ) -> [CodeSpan] {
        var reader = CodeReader(
            bytes: bytes, language: language, end: range.upperBound, index: range.lowerBound, state: state,
            list: SpanList(bytes, from: range.lowerBound))
        reader.read()
        state = reader.state
        return reader.list.spans
    }

    private mutating func read() {
        let start = index
        resume()
        if index == start, index < end { readLineStart() }
        while index < end { step() }
        if !heredocs.isEmpty, case .code = state.mode { state.mode = .heredocs(heredocs) }
    }

    /// Ends a run.
    mutating func emit(to newEnd: Int, _ token: CodeToken) {
        list.add(to: newEnd, token)
        index = newEnd
    }

    private mutating func resume() {
        switch state.mode {
        case .comment(let form, let depth): finishComment(Int(form), depth: Int(depth), from: index)
        case .string(let form, let level): finishString(Int(form), level: Int(level), from: index)
        case .until(let close): finishText(until: close, from: index)
        case .heredocs(let open): readHeredoc(open)
        case .indented(let indent):
            if let first = firstInk(index), first - index <= indent {
                state.mode = .code
            } else {
                emit(to: end, .string)
            }
        default: break
        }
    }

    /// The next byte that is no blank.
    func firstInk(_ start: Int) -> Int? {
        var place = start
        while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
        return place < end ? place : nil
    }

    func byte(at place: Int) -> UInt8? { place < end ? bytes[place] : nil }

    func starts(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= end else { return false }
        return text.withUTF8Buffer { buffer in
            for offset in buffer.indices where bytes[place + offset] != buffer[offset] { return false }
            return true
        }
    }

    private mutating func step() {
        let byte = bytes[index]
        if byte == 0x20 || byte == 0x09 {
            var place = index + 1
            while place < end, bytes[place] == 0x20 || bytes[place] == 0x09 { place += 1 }
            return emit(to: place, .plain)
        }
        if language.starts.contains(byte), readComment() || readString() { return }
        if byte == UInt8(ascii: "<"), language.heredocs != .none, !isArithmetic, readHeredocStart() { return }
        if Self.isWord(byte) && !Self.isDigit(byte) { return readWord() }
        if Self.isDigit(byte) || (byte == UInt8(ascii: ".") && isDecimalPoint) { return readNumber() }
        if !readMark(byte) { readOperator(byte) }
    }

    private var isDecimalPoint: Bool {
        guard let next = self.byte(at: index + 1), Self.isDigit(next) else { return false }
        return before != .operand
    }

    private mutating func readOperator(_ byte: UInt8) {
        if Self.operators.contains(byte) {
            emit(to: index + 1, .operator)
            before = .other
        } else {
            if byte == UInt8(ascii: "{") { state.depth = min(state.depth, .max - 1) + 1 }
            if byte == UInt8(ascii: "}") { state.depth = max(state.depth, 1) - 1 }
            if index > 0, bytes[index - 1] == byte {
                if byte == UInt8(ascii: "(") { isArithmetic = true }
                if byte == UInt8(ascii: ")") { isArithmetic = false }
            }
            emit(to: index + 1, .plain)
            before = Self.closers.contains(byte) ? .operand : .other
        }
        if Self.commandStarts.contains(byte) { expectsCommand = true }
    }

    private mutating func readNumber() {
        var place = index + 1
        let isHex = bytes[index] == 0x30 && byte(at: place).map { $0 | 0x20 == UInt8(ascii: "x") } == true
        let exponent = isHex ? UInt8(ascii: "p") : UInt8(ascii: "e")
        while place < end {
            let byte = bytes[place]
            if byte < 0x80, Self.isWord(byte) {
                place += 1
            } else if byte == UInt8(ascii: "."), let next = self.byte(at: place + 1), Self.isDigit(next) {
                place += 2
            } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), bytes[place - 1] | 0x20 == exponent,
                let next = self.byte(at: place + 1), Self.isDigit(next)
            {
                place += 2
            } else if byte == language.digitMark,
                let next = self.byte(at: place + 1), Self.isDigit(next)
            {
                place += 2
            } else {
                break
            }
        }
        if case .css = language.keys, byte(at: place) == UInt8(ascii: "%") { place += 1 }
        let isValue = !language.traits.contains(.wholeValues) || isWholeValue(to: place)
        emit(to: place, isValue ? .number : .plain)
        before = .operand
        expectsCommand = false
    }

    /// Whether a run from here to `place` is a value of its own in a data file.
    func isWholeValue(to place: Int) -> Bool {
        guard before != .operand else { return false }
        guard let next = firstInk(place) else { return true }
        let isEnd = bytes[next] == UInt8(ascii: ",") ? opensBrace : Self.valueEnds.contains(bytes[next])
        return isEnd || (bytes[next] == UInt8(ascii: "#") && next > place)
    }

    static let operators = ByteSet("+-*/%=<>!&|^~?:")
    private static let closers = ByteSet(")]}")
    private static let commandStarts = ByteSet("|&;(`{")
    private static let valueEnds = ByteSet(",]}:")

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Letters, digits, `_` and all that is not ASCII.
    static func isWord(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F || byte >= 0x80
    }
}
