/// Reads keys of a TOML text and skips its values.
struct TOMLBytes: Sendable {
    let bytes: [UInt8]
    private(set) var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func advance() { index = min(index + 1, bytes.count) }

    /// To the end of the line, before its line break.
    mutating func skipLine() {
        while let byte = current, byte != 0x0A, !isBreak { advance() }
    }

    /// Over one line break.
    mutating func skipBreak() {
        if current == 0x0D { advance() }
        if current == 0x0A { advance() }
    }

    private var isBreak: Bool {
        current == 0x0A || (current == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A)
    }

    mutating func skipBlank() {
        while let byte = current, byte == 0x20 || byte == 0x09 { advance() }
    }

    /// A dotted key, to behind the blanks that follow; empty when there is none.
    mutating func key() -> [String] {
        var path: [String] = []
        while true {
            skipBlank()
            let start = index
            let part = part()
            guard index > start else { return path }
            path.append(part)
            skipBlank()
            guard current == UInt8(ascii: ".") else { return path }
            advance()
        }
    }

    private mutating func part() -> String {
        if let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") { return string(quote) }
        let start = index
        while let byte = current, !Self.endsKey.contains(byte) { advance() }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static let endsKey = Set(" \t\r\n.=]#[{},\"'".utf8)

    private mutating func string(_ quote: UInt8) -> String {
        var text: [UInt8] = []
        advance()
        while let byte = current, byte != quote, byte != 0x0A {
            advance()
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                text += escape()
            } else {
                text.append(byte)
            }
        }
        if current == quote { advance() }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that an escape stands for, behind its backslash.
    private mutating func escape() -> [UInt8] {
        guard let letter = current else { return [] }
        advance()
        switch letter {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "e"): return [0x1B]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = letter == UInt8(ascii: "u") ? 4 : 8
            let digits = String(decoding: bytes[index..<min(index + count, bytes.count)], as: UTF8.self)
            for _ in 0..<count { advance() }
            guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else { return [] }
            return Array(String(Character(scalar)).utf8)
        default: return [letter]
        }
    }

    /// Over a value, to its last byte; blanks and comments behind it are not touched.
    mutating func skipValue() {
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
        case UInt8(ascii: "["): skipBrackets()
        case UInt8(ascii: "{"): skipBrackets()
        default: skipBare()
        }
    }

    private mutating func skipBare() {
        let start = index
        while let byte = current, !Self.endsValue.contains(byte) { advance() }
        while index > start, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 { index -= 1 }
    }

    private static let endsValue = Set(",]}\r\n#".utf8)

    /// Over brackets and all that is between them; comments may hold any bracket.
    private mutating func skipBrackets() {
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                advance()
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                advance()
                if depth == 0 { return }
            default: advance()
            }
        }
    }

    private mutating func skipString() {
        guard let quote = current else { return }
        guard isTriple(quote) else {
            _ = string(quote)
            return
        }
        for _ in 0..<3 { advance() }
        while current != nil, !isTriple(quote) {
            if current == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { advance() }
            advance()
        }
        // Up to two quotes of the text may stand before the three that end it.
        var count = 0
        while current == quote, count < 5 {
            advance()
            count += 1
        }
    }

    private func isTriple(_ quote: UInt8) -> Bool {
        index + 2 < bytes.count && bytes[index..<index + 3].allSatisfy { $0 == quote }
    }
}
