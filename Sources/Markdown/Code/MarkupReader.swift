/// Reads HTML and XML: tags with their attributes, entities, comments; `script` and `style` in their own languages.
struct MarkupReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var state: LexerState
    private var list: SpanList

    private static let comment = "-->"
    private static let data = "]]>"

    /// The runs of a line.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ state: inout LexerState) -> [CodeSpan] {
        var reader = MarkupReader(bytes: bytes, state: state, list: SpanList(bytes))
        while reader.index < bytes.count { reader.step() }
        state = reader.state
        return reader.list.spans
    }

    private mutating func emit(to end: Int, _ token: CodeToken) {
        list.add(to: end, token)
        index = end
    }

    private mutating func step() {
        if let place = state.embedded { return readEmbedded(CodeLanguage.all[Int(place)]) }
        switch state.mode {
        case .until(let close): finish(close)
        case .tag(let raw): readTag(raw)
        default: readText()
        }
    }

    private func starts(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { buffer in
            for offset in buffer.indices where bytes[place + offset] != buffer[offset] { return false }
            return true
        }
    }

    private mutating func finish(_ close: String) {
        let mark = Array(close.utf8)
        let token: CodeToken = close == Self.comment ? .comment : .string
        var place = index
        while place < bytes.count {
            if bytes[place] == mark[0], Delimiter.matches(mark, bytes, at: place, before: bytes.count) {
                state.mode = .code
                return emit(to: place + mark.count, token)
            }
            place += 1
        }
        emit(to: place, token)
    }

    private mutating func readText() {
        switch bytes[index] {
        case UInt8(ascii: "<"): readOpening()
        case UInt8(ascii: "&"): readEntity()
        default:
            var place = index + 1
            while place < bytes.count, bytes[place] != UInt8(ascii: "<"), bytes[place] != UInt8(ascii: "&") {
                place += 1
            }
            emit(to: place, .plain)
        }
    }

    private mutating func readOpening() {
        if starts("<!--", at: index) {
            list.add(to: index + 4, .comment)
            index += 4
            state.mode = .until(Self.comment)
            return
        }
        if starts("<![CDATA[", at: index) {
            emit(to: index + 9, .keyword)
            state.mode = .until(Self.data)
            return
        }
        var place = index + 1
        if place < bytes.count, Self.marks.contains(bytes[place]) { place += 1 }
        let start = place
        while place < bytes.count, Self.isName(bytes[place]) { place += 1 }
        guard place > start, bytes[start] &- 0x30 >= 10 else { return emit(to: index + 1, .plain) }
        let raw = bytes[start - 1] == UInt8(ascii: "<") ? Self.language(inside: bytes[start..<place]) : nil
        emit(to: place, .keyword)
        state.mode = .tag(raw: raw)
    }

    private static let marks = ByteSet("/!?")

    private static func isName(_ byte: UInt8) -> Bool {
        CodeReader.isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func language(inside name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt8? {
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "script": CodeLanguage.place(of: "javascript")
        case "style": CodeLanguage.place(of: "css")
        default: nil
        }
    }

    private mutating func readEntity() {
        var place = index + 1
        while place < bytes.count, place - index < 34,
            CodeReader.isWord(bytes[place]) || bytes[place] == UInt8(ascii: "#")
        { place += 1 }
        guard place < bytes.count, bytes[place] == UInt8(ascii: ";") else { return emit(to: index + 1, .plain) }
        emit(to: place + 1, .constant)
    }

    private mutating func readTag(_ raw: UInt8?) {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: ">"):
            let isEmpty = index > 0 && bytes[index - 1] == UInt8(ascii: "/")
            emit(to: index + 1, .keyword)
            state.mode = .code
            state.embedded = isEmpty ? nil : raw
        case UInt8(ascii: "/"), UInt8(ascii: "?"): emit(to: index + 1, .keyword)
        case UInt8(ascii: "="): emit(to: index + 1, .operator)
        case UInt8(ascii: "<"): state.mode = .code
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            var place = index + 1
            while place < bytes.count, bytes[place] != byte { place += 1 }
            emit(to: min(place + 1, bytes.count), .string)
        default:
            var place = index
            while place < bytes.count, Self.isName(bytes[place]) { place += 1 }
            place > index ? emit(to: place, .attribute) : emit(to: index + 1, .plain)
        }
    }

    /// Reads on to `</script` or `</style` in the language inside.
    private mutating func readEmbedded(_ language: CodeLanguage) {
        var place = index
        while place < bytes.count, !isEnd(place) { place += 1 }
        if place > index { list.append(CodeReader.read(bytes, index..<place, language, &state)) }
        index = place
        if place < bytes.count { state = LexerState() }
    }

    private func isEnd(_ place: Int) -> Bool {
        guard bytes[place] == UInt8(ascii: "<"), place + 7 < bytes.count, bytes[place + 1] == UInt8(ascii: "/") else {
            return false
        }
        return PackedWord(bytes, place + 2..<place + 8, lowercased: true) == Self.script
            || PackedWord(bytes, place + 2..<place + 7, lowercased: true) == Self.style
    }

    private static let script = PackedWord("script")
    private static let style = PackedWord("style")
}
