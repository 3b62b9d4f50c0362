/// Decimal numbers as text, without binary floating point.
enum DecimalText {
    /// The number times ten to the power of `scale`, exactly; nil when the text is no JSON number (a leading zero as in
    /// `010`, `NaN` and white space included), does not come out whole at this scale, or has more than 30 digits.
    ///
    /// `scaled("0.0025", by: 6)` is 2500, `scaled("1e2", by: 0)` is 100, `scaled("0.5", by: 0)` is nil.
    static func scaled(_ text: some StringProtocol, by scale: Int) -> Int128? {
        guard let parts = Parts(Array(text.utf8)) else { return nil }
        let shift = parts.exponent - parts.fraction.count + scale
        var digits = parts.whole + parts.fraction
        digits.trimPrefix { $0 == 0 }
        guard !digits.isEmpty else { return 0 }
        guard shift > -40, shift < 40 else { return nil }
        if shift >= 0 {
            digits += Array(repeating: 0, count: shift)
        } else {
            guard digits.count > -shift, digits.suffix(-shift).allSatisfy({ $0 == 0 }) else { return nil }
            digits.removeLast(-shift)
        }
        guard digits.count <= 30 else { return nil }
        let value = digits.reduce(Int128(0)) { $0 * 10 + Int128($1) }
        return parts.isNegative ? -value : value
    }

    /// A number of `10^-scale` units as text, with at least `minimum` decimals; further ones only while they are not 0.
    static func text(_ value: Int128, scale: Int, minimum: Int) -> String {
        var digits = String(value.magnitude)
        if digits.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.count) + digits }
        let whole = digits.dropLast(scale)
        var fraction = digits.suffix(scale)
        while fraction.count > minimum, fraction.last == "0" { fraction.removeLast() }
        return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The pieces of a JSON number.
    private struct Parts {
        var isNegative = false
        var whole: [UInt8] = []
        var fraction: [UInt8] = []
        var exponent = 0

        init?(_ bytes: [UInt8]) {
            var rest = bytes[...]
            if rest.first == UInt8(ascii: "-") {
                isNegative = true
                rest.removeFirst()
            }
            whole = Self.digits(&rest)
            guard !whole.isEmpty, whole.count == 1 || whole[0] != 0 else { return nil }
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                fraction = Self.digits(&rest)
                guard !fraction.isEmpty else { return nil }
            }
            if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
                rest.removeFirst()
                guard let power = Self.power(&rest) else { return nil }
                exponent = power
            }
            guard rest.isEmpty else { return nil }
        }

        private static func digits(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
            let found = rest.prefix { (0x30...0x39).contains($0) }
            rest.removeFirst(found.count)
            return found.map { $0 - 0x30 }
        }

        private static func power(_ rest: inout ArraySlice<UInt8>) -> Int? {
            let isNegative = rest.first == UInt8(ascii: "-")
            if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            let digits = digits(&rest)
            guard !digits.isEmpty, digits.count <= 4 else { return nil }
            let value = digits.reduce(0) { $0 * 10 + Int($1) }
            return isNegative ? -value : value
        }
    }
}

extension RangeReplaceableCollection {
    fileprivate mutating func trimPrefix(while predicate: (Element) -> Bool) {
        removeFirst(prefix(while: predicate).count)
    }
}
