/// Cuts text into pieces about as large as a model's tokens: some four bytes of English.
///
/// A token is a word with the blank before it (in parts of eight bytes, never inside a UTF-8 character), a run of
/// blanks or line ends, or up to three equal punctuation marks. "Hello, world" is `Hello` `,` ` world`.
enum RoughTokens {
    private enum Kind {
        case word
        case blank
        case mark
    }

    /// The end of the token that begins at a position.
    static func end(in bytes: [UInt8], from start: Int) -> Int {
        var position = start
        if bytes[position] == 0x20, position + 1 < bytes.count, kind(bytes[position + 1]) != .blank { position += 1 }
        switch kind(bytes[position]) {
        case .word:
            return endOfWord(in: bytes, from: position)
        case .blank:
            while position < bytes.count, kind(bytes[position]) == .blank { position += 1 }
            let takesBlankOfNext = position < bytes.count && bytes[position - 1] == 0x20 && position - 1 > start
            return takesBlankOfNext ? position - 1 : position
        case .mark:
            let mark = bytes[position]
            let limit = min(bytes.count, position + 3)
            while position < limit, bytes[position] == mark { position += 1 }
            return position
        }
    }

    /// The number of tokens of a text.
    static func count(_ bytes: [UInt8]) -> Int {
        var count = 0
        var position = 0
        while position < bytes.count {
            position = end(in: bytes, from: position)
            count += 1
        }
        return count
    }

    private static func endOfWord(in bytes: [UInt8], from start: Int) -> Int {
        var position = start
        while position < bytes.count, kind(bytes[position]) == .word {
            let isContinuation = bytes[position] & 0xC0 == 0x80
            if position - start >= 8, !isContinuation { break }
            position += 1
        }
        return position
    }

    private static func kind(_ byte: UInt8) -> Kind {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: .word
        case 0x20, 0x09, 0x0A, 0x0D: .blank
        default: .mark
        }
    }
}
