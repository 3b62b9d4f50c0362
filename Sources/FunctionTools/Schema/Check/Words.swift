internal import ProviderCore

/// Words of messages.
enum Words {
    /// How many characters of a foreign value are shown.
    private static let longest = 60
    /// How many values of a list are shown.
    private static let mostValues = 10

    /// A text in quotes, escaped as in JSON, shortened.
    static func quoted(_ text: String) -> String {
        JSONWriter.string(.string(cut(text)))
    }

    /// A text, shortened.
    static func cut(_ text: String) -> String {
        // A prefix by code points: one character may be of any length.
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }

    /// A value as JSON, shortened; containers by their type.
    static func value(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .array(let elements): elements.isEmpty ? "[]" : "an array"
        case .object(let members): members.isEmpty ? "{}" : "an object"
        case .null, .bool, .number: cut(JSONWriter.string(value))
        }
    }

    /// `"a", "b"` and, when there are too many, how many more.
    static func list(_ words: [String]) -> String { list(words) { $0 } }

    /// The words of a list's items and, when there are too many, how many more.
    static func list<Item>(_ items: [Item], _ word: (Item) -> String) -> String {
        let rest = items.count - mostValues
        return items.prefix(mostValues).map(word).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    /// `1 item`, `2 items`.
    static func count(_ number: Int, _ noun: String) -> String {
        guard number != 1 else { return "1 \(noun)" }
        return noun.hasSuffix("y") ? "\(number) \(noun.dropLast())ies" : "\(number) \(noun)s"
    }

    /// `an integer, a string or null`.
    static func types(_ set: TypeSet) -> String {
        let words = set.types.map(\.words)
        guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or \(last)"
    }

    /// A number as people write it; long exponents as such.
    static func number(_ number: ExactNumber) -> String {
        switch number {
        case .small(let value): String(value)
        case .decimal(let decimal): cut(decimal.text)
        }
    }
}

extension DecimalNumber {
    /// Plain for usual sizes, otherwise with an exponent.
    var text: String {
        let sign = isNegative ? "-" : ""
        let plain = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
        switch exponent {
        case 0...20: return sign + (digits.isEmpty ? "0" : plain + String(repeating: "0", count: exponent))
        case -20..<0:
            let whole = plain.count + exponent
            guard whole > 0 else { return sign + "0." + String(repeating: "0", count: -whole) + plain }
            return sign + plain.prefix(whole) + "." + plain.dropFirst(whole)
        default: return "\(sign)\(plain)e\(exponent)"
        }
    }
}
