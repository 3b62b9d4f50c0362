/// Finds the numbers of a text as people and models write them, in linear time.
///
/// Understood are signs (`-`, `+`, U+2212), thousands separators between groups of three digits (`,` `_` `'` `’` and narrow
/// blanks), a decimal point, an exponent (`1e-3`), signs of currencies before and anything after. No numbers are: fractions
/// and dates with `/`, versions (`1.2.3`), hexadecimal ones, and digits at the end of a word (`v2`).
struct NumberScanner {
    /// A number.
    struct Found: Equatable {
        /// Its bytes in the text, from its sign on.
        var range: Range<Int>
        /// As it is spelt, without separators, `+` and signs of currencies; U+2212 as `-`.
        var text: String
    }

    private let bytes: [UInt8]
    private var position = 0
    /// Up to here commas separate numbers and not thousands.
    private var listEnd = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The first number, or the last; nil = there is none.
    static func find(in text: String, isLast: Bool) -> String? {
        var scanner = NumberScanner(text)
        var found: String?
        while let number = scanner.next() {
            found = number.text
            if !isLast { break }
        }
        return found
    }

    /// The number that a text is, with nothing beside it but white space, quotes, marks of emphasis, a currency, a percent sign
    /// and a full stop; nil = it is none.
    static func whole(_ text: String) -> String? {
        let bare = NumberWrapping.bare(text)
        var scanner = NumberScanner(bare)
        guard let number = scanner.next(), number.range == 0..<bare.utf8.count else { return nil }
        return number.text
    }

    /// The next number.
    mutating func next() -> Found? {
        while position < bytes.count {
            let start = position
            guard isDigit(start) || (bytes[start] == UInt8(ascii: ".") && isDigit(start + 1)) else {
                position += 1
                continue
            }
            if isWordBefore(start) {
                skip { $0.isWordByte }
            } else if let number = number(from: start) {
                return number
            }
        }
        return nil
    }

    private func isDigit(_ place: Int) -> Bool { place < bytes.count && bytes[place] &- 0x30 < 10 }

    private func isByte(_ place: Int, _ character: Unicode.Scalar) -> Bool {
        place < bytes.count && bytes[place] == UInt8(ascii: character)
    }

    private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
        while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
    }

    /// The number whose first digit or point is here; nil, and past it, when it is none after all.
    private mutating func number(from start: Int) -> Found? {
        var digits: [UInt8] = []
        if isByte(start, "0"), start + 2 < bytes.count, bytes[start + 1] | 0x20 == UInt8(ascii: "x"),
            bytes[start + 2].isHexDigit
        {
            skip { $0.isWordByte }
            return nil
        }
        if isByte(start, ".") { digits.append(UInt8(ascii: "0")) } else { takeWhole(into: &digits) }
        if isByte(position, "."), isDigit(position + 1) {
            digits.append(bytes[position])
            position += 1
            takeDigits(into: &digits)
        }
        if isByte(position, "."), isDigit(position + 1) {
            skip { $0 == UInt8(ascii: ".") || $0 &- 0x30 < 10 }
            return nil
        }
        takeExponent(into: &digits)
        if isByte(position, "/"), isDigit(position + 1) {
            skip { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") || $0 &- 0x30 < 10 }
            return nil
        }
        let sign = sign(before: start)
        let text = (sign.isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
        return Found(range: sign.start..<position, text: text)
    }

    private mutating func takeDigits(into digits: inout [UInt8]) {
        while isDigit(position) {
            digits.append(bytes[position])
            position += 1
        }
    }

    /// The digits before the point, with their groups of thousands.
    private mutating func takeWhole(into digits: inout [UInt8]) {
        let start = position
        takeDigits(into: &digits)
        let first = position - start
        guard first <= 3, bytes[start] != 0x30, start >= listEnd, let separator = separator(at: position) else {
            return
        }
        var groups: [UInt8] = []
        var end = position
        while self.separator(at: end) == separator, isDigit(end + separator.count) {
            let group = end + separator.count
            var stop = group
            while isDigit(stop) { stop += 1 }
            guard stop - group == 3 else {
                // Not thousands but a list: neither are the ones after it, so that none of them is looked at twice.
                listEnd = stop
                return
            }
            groups += bytes[group..<stop]
            end = stop
        }
        digits += groups
        position = end
    }

    private static let separators: [[UInt8]] = [",", "_", "'", "\u{2019}", "\u{A0}", "\u{202F}", "\u{2009}"]
        .map { (text: String) in Array(text.utf8) }

    private func separator(at place: Int) -> [UInt8]? {
        guard place < bytes.count, !bytes[place].isASCIILetter, !isDigit(place) else { return nil }
        return Self.separators.first { bytes[place...].starts(with: $0) }
    }

    private mutating func takeExponent(into digits: inout [UInt8]) {
        guard position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") else { return }
        var end = position + 1
        if isByte(end, "-") || isByte(end, "+") { end += 1 }
        let first = end
        while isDigit(end) { end += 1 }
        guard end > first, !(end < bytes.count && bytes[end].isWordByte) else { return }
        digits += bytes[position..<end]
        position = end
    }

    /// The sign of the number whose digits begin here, and where the number begins with it.
    private func sign(before start: Int) -> (isNegative: Bool, start: Int) {
        var place = start
        if let (scalar, begin) = scalar(before: place), scalar.properties.generalCategory == .currencySymbol {
            place = begin
        }
        guard let (scalar, begin) = scalar(before: place), scalar == "-" || scalar == "+" || scalar == "\u{2212}" else {
            return (false, start)
        }
        // After a word, a number or a bracket it is a hyphen or an operator.
        if let before = self.scalar(before: begin)?.scalar,
            before.properties.isAlphabetic || before.properties.numericType != nil
                || [")", "]", "}", "-", "+", "\u{2212}", "%"].contains(before)
        {
            return (false, start)
        }
        return (scalar != "+", begin)
    }

    /// Whether a letter of a script that puts blanks between words, or `_`, stands before.
    private func isWordBefore(_ start: Int) -> Bool {
        guard let scalar = scalar(before: start)?.scalar else { return false }
        return scalar == "_" || (scalar.value < 0x2000 && scalar.properties.isAlphabetic)
    }

    private func scalar(before place: Int) -> (scalar: Unicode.Scalar, start: Int)? {
        guard place > 0 else { return nil }
        var start = place - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        guard let scalar = String(decoding: bytes[start..<place], as: UTF8.self).unicodeScalars.first else {
            return nil
        }
        return (scalar, start)
    }
}

/// What may stand around a number that is meant to stand alone.
private enum NumberWrapping {
    private static let around: Set<Unicode.Scalar> = ["*", "_", "`", "\"", "'", "\u{201C}", "\u{201D}"]
    private static let behind: Set<Unicode.Scalar> = ["%", ".", ",", ";", "!"]

    static func bare(_ text: String) -> String {
        var rest = Substring(Texts.trimmed(text)).unicodeScalars
        while let first = rest.first, isAround(first) { rest.removeFirst() }
        while let last = rest.last, isAround(last) || behind.contains(last) { rest.removeLast() }
        rest = withoutCode(rest)
        while let first = rest.first, isAround(first) { rest.removeFirst() }
        while let last = rest.last, isAround(last) || behind.contains(last) { rest.removeLast() }
        return String(String.UnicodeScalarView(rest))
    }

    private static func isAround(_ scalar: Unicode.Scalar) -> Bool {
        around.contains(scalar) || scalar.properties.isWhitespace
            || scalar.properties.generalCategory == .currencySymbol
    }

    /// Without a code of a currency (`EUR`) at one of the ends.
    private static func withoutCode(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        func isCode(_ scalars: some Collection<Unicode.Scalar>) -> Bool {
            scalars.count == 3 && scalars.allSatisfy { ("A"..."Z").contains($0) }
        }
        guard text.count > 3 else { return text }
        if isCode(text.prefix(3)) { return text.dropFirst(3) }
        return isCode(text.suffix(3)) ? text.dropLast(3) : text
    }
}

extension UInt8 {
    fileprivate var isASCIILetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }
    fileprivate var isWordByte: Bool { isASCIILetter || self &- 0x30 < 10 || self == UInt8(ascii: "_") }
    fileprivate var isHexDigit: Bool {
        self &- 0x30 < 10 || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "f"))
    }
}
