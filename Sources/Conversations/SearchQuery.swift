/// What a person looks for: words, and phrases in double quotes. Every text is a query; nothing in it is an operator.
public struct SearchQuery: Sendable, Hashable {
    /// The words and phrases, all of which are wanted; at most 32.
    public let words: [String]
    /// Whether it is to be looked for letter by letter: a word has a script that does not part its words, or there is no letter and
    /// no digit at all.
    public let isLiteral: Bool
    /// Whether a word has a script that does not part its words. Then only messages with such a script can have it.
    public let isUnspaced: Bool

    /// A query from what was typed; its first 1,000 characters count.
    public init(_ text: String) {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        func end() {
            if !word.isEmpty, words.count < 32 { words.append(word) }
            word = ""
        }
        for scalar in text.prefix(1000).unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
                end()
            } else if scalar.properties.isWhitespace, !isQuoted || word.isEmpty {
                end()
            } else if scalar.value >= 0x20, scalar.value != 0x7F {
                word.unicodeScalars.append(scalar)
            }
        }
        end()
        isUnspaced = words.contains { $0.unicodeScalars.contains(where: Script.isUnspaced) }
        let hasLetters = words.contains { $0.unicodeScalars.contains(where: Script.isWordPart) }
        isLiteral = isUnspaced || !hasLetters
        self.words = isLiteral ? words : words.filter { $0.unicodeScalars.contains(where: Script.isWordPart) }
    }

    /// Whether there is nothing to look for.
    public var isEmpty: Bool { words.isEmpty }
}

/// What kinds of characters there are for a search.
public enum Script {
    /// Whether words of this script stand without blanks between them: Chinese, Japanese, Thai, Lao, Khmer, Myanmar, Tibetan.
    public static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x0E00: false
        case 0x0E00...0x0FFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// Whether a text has a character of such a script.
    public static func isUnspaced(_ text: String) -> Bool {
        // All of them take three bytes or more, the first of which is at least 0xE0.
        text.utf8.contains { $0 >= 0xE0 } && text.unicodeScalars.contains(where: isUnspaced)
    }

    /// Whether a character is part of a word: a letter or a digit, as in the index (SQLite's unicode61: L*, N*, Co).
    public static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": true
            default: false
            }
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            true
        default: false
        }
    }
}
