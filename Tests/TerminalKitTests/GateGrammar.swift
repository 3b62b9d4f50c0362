/// A strict reader of gated text, written apart from the gate: says what is wrong, or nil.
enum GateGrammar {
    static func violation(in text: String, newlines: Bool = true) -> String? {
        var previous: Unicode.Scalar = "\n"
        var marks = 0
        var afterSelector = false
        var needsLetter = false
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if value < 0x7F {
                if value < 0x20, value != 9, value != 10 || !newlines { return "C0 \(hex(value))" }
                if value < 0x20, isJoiner(previous), needsLetter { return "joiner before a control" }
                if isJoiner(previous), needsLetter { return "joiner before ASCII" }
                (previous, marks, afterSelector) = (scalar, 0, false)
                continue
            }
            if value < 0xA0 { return "DEL or C1 \(hex(value))" }
            if isForbidden(value) { return "forbidden \(hex(value))" }
            let isMark = isMark(scalar)
            if isMark || isJoiner(scalar) || isSelector(value) || isTag(value) {
                if previous == "\n" || previous == "\t" { return "no base for \(hex(value))" }
            }
            if isMark {
                marks += 1
                if marks > 4 { return "more than 4 marks" }
            } else if !isJoiner(scalar), !isSelector(value), !isTag(value) {
                marks = 0
            }
            if isSelector(value), afterSelector { return "two selectors" }
            afterSelector = isSelector(value)
            if isJoiner(scalar), previous.isASCII || isJoiner(previous) { return "joiner after \(hex(previous.value))" }
            if isJoiner(scalar) { needsLetter = previous.properties.canonicalCombiningClass != .virama }
            previous = scalar
        }
        return flags(in: text)
    }

    private static func flags(in text: String) -> String? {
        guard text.unicodeScalars.contains(where: { isTag($0.value) }) else { return nil }
        var rest = text
        for flag in ["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"] { rest = replacing(flag, in: rest) }
        return rest.unicodeScalars.contains { isTag($0.value) } ? "tags outside the three flags" : nil
    }

    private static func replacing(_ part: String, in text: String) -> String {
        let part = Array(part.unicodeScalars)
        var result = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        while let first = rest.first {
            if rest.starts(with: part) {
                rest = rest.dropFirst(part.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(result)
    }

    private static func isForbidden(_ value: UInt32) -> Bool {
        if value < 0x2000 {
            return value == 0xAD || value == 0x34F || value == 0x61C || value == 0x115F || value == 0x1160
                || value == 0x17B4 || value == 0x17B5 || value == 0x180E
        }
        switch value {
        case 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB:
            return true
        case 0x1D173...0x1D17A, 0xE0000...0xE001F, 0xE0080...0xE00FF, 0xE01F0...0xE0FFF: return true
        default: return false
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        if isSelector(scalar.value) || scalar.value < 0x300 { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0x200C || scalar.value == 0x200D }
    private static func isTag(_ value: UInt32) -> Bool { value >= 0xE0020 && value <= 0xE007F }
    private static func isSelector(_ value: UInt32) -> Bool {
        (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0100 && value <= 0xE01EF)
            || (value >= 0x180B && value <= 0x180D) || value == 0x180F
    }
    private static func hex(_ value: UInt32) -> String { "U+" + String(value, radix: 16, uppercase: true) }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct FixedRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Strings made of the pieces that attacks and scripts are made of.
struct HostileText {
    private var random: FixedRandom
    init(seed: UInt64) { random = FixedRandom(seed: seed) }

    private static let pieces: [String] = [
        "a", "e", "<", "1", " ", " ", "word", "\n", "\r", "\r\n", "\t", "\u{1B}", "\u{1B}[31m", "\u{7}", "\u{0}",
        "\u{7F}",
        "\u{9B}", "\u{85}", "\u{202E}", "\u{2066}", "\u{2028}", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{200D}",
        "\u{200C}",
        "\u{200D}", "\u{301}", "\u{338}", "\u{323}", "\u{344}", "\u{FE0F}", "\u{FE00}", "\u{E0100}", "\u{20E3}", "漢",
        "字",
        "\u{1100}", "\u{1161}", "\u{11A8}", "\u{AC00}", "👩", "🚀", "❤", "\u{1F3FD}", "🇩", "🇪", "🏴", "\u{E0067}",
        "\u{E0062}", "\u{E007F}", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "क", "\u{94D}", "ष", "\u{93C}", "\u{958}", "ন", "\u{9BE}", "\u{9C7}", "ب",
        "\u{64B}",
        "\u{654}", "ا", "\u{653}", "\u{212B}", "\u{F900}", "\u{FFFF}", "\u{34F}", "\u{1D157}", "\u{1D165}", "\u{115F}",
        "。",
    ]

    mutating func next(most: Int = 24) -> String {
        (0..<Int.random(in: 0...most, using: &random)).reduce(into: "") { text, _ in
            if Int.random(in: 0..<8, using: &random) == 0 {
                text.unicodeScalars.append(
                    Unicode.Scalar(UInt32.random(in: 0..<0x110000, using: &random)) ?? "\u{D7FF}")
            } else {
                text.unicodeScalars.append(
                    contentsOf: Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)].unicodeScalars)
            }
        }
    }
}
