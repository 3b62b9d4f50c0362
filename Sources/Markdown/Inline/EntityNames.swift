import TerminalKit

/// The named characters of HTML 5 (the list of the standard, with semicolons), and numbered ones.
enum EntityNames {
    /// Longest name.
    private static let longest = 33

    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for part in [first, second] {
            let text = part.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
            for entry in text.split(separator: ";") {
                let fields = entry.split(separator: " ")
                guard let name = fields.first else { continue }
                let scalars = fields.dropFirst().compactMap { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init) }
                table[String(name)] = String(String.UnicodeScalarView(scalars))
            }
        }
        return table
    }()

    /// The character that stands at an `&`, and one past its semicolon; nil = it is an ampersand. What it gives has
    /// passed the text gate: a number can name any control, bidi or invisible character.
    static func read(_ bytes: Bytes, at start: Int, to limit: Int) -> (text: String, end: Int)? {
        let end = min(limit, start + longest + 2)
        var index = start + 1
        guard index < end else { return nil }
        if bytes[index] == .hash { return number(bytes, from: index + 1, to: end) }
        while index < end, bytes[index].isAlphanumeric { index += 1 }
        guard index < end, bytes[index] == .semicolon, index > start + 1 else { return nil }
        guard let text = table[bytes.string(start + 1..<index)] else { return nil }
        return (TextGate.gate(text, allowNewlines: false).text, index + 1)
    }

    private static func number(_ bytes: Bytes, from start: Int, to end: Int) -> (text: String, end: Int)? {
        guard start < end else { return nil }
        let isHex = bytes[start] | 0x20 == 0x78
        let first = isHex ? start + 1 : start
        let most = isHex ? 6 : 7
        var index = first
        var value: UInt32 = 0
        while index < end, index - first < most, let digit = digit(bytes[index], isHex: isHex) {
            value = value * (isHex ? 16 : 10) + digit
            index += 1
        }
        guard index > first, index < end, bytes[index] == .semicolon else { return nil }
        let scalar = value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
        return (TextGate.gate(String(scalar), allowNewlines: false).text, index + 1)
    }

    private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
        if byte.isDigit { return UInt32(byte & 0x0F) }
        guard isHex, byte.lowercased &- 0x61 < 6 else { return nil }
        return UInt32(byte.lowercased - 0x57)
    }
}
