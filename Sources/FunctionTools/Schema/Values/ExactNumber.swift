/// The value of a JSON number, exactly: whole numbers of up to 18 digits as such, all others as a decimal fraction.
/// Equal values are equal however they were spelt.
enum ExactNumber: Sendable, Hashable {
    case small(Int)
    case decimal(DecimalNumber)

    /// The value of a number as JSON spells it; of anything else some value.
    init(_ text: String) {
        if let small = Self.small(text.utf8) {
            self = .small(small)
        } else {
            let decimal = DecimalNumber(text)
            self = decimal.smallValue.map { .small($0) } ?? .decimal(decimal)
        }
    }

    var isInteger: Bool {
        switch self {
        case .small: true
        case .decimal(let decimal): decimal.exponent >= 0
        }
    }

    /// The value as a count, at most `Int.max`; nil when it is negative or not whole.
    var count: Int? {
        switch self {
        case .small(let value): value >= 0 ? value : nil
        case .decimal(let decimal): decimal.exponent >= 0 && !decimal.isNegative ? .max : nil
        }
    }

    var decimal: DecimalNumber {
        switch self {
        case .small(let value): DecimalNumber(String(value))
        case .decimal(let decimal): decimal
        }
    }

    var isPositive: Bool {
        switch self {
        case .small(let value): value > 0
        case .decimal(let decimal): !decimal.isNegative
        }
    }

    static func < (left: ExactNumber, right: ExactNumber) -> Bool {
        if case .small(let first) = left, case .small(let second) = right { return first < second }
        return left.decimal < right.decimal
    }

    /// Whether this is a whole multiple of a divisor greater than zero.
    func isMultiple(of divisor: ExactNumber) -> Bool {
        if case .small(let value) = self, case .small(let step) = divisor, step > 0 { return value % step == 0 }
        return decimal.isMultiple(of: divisor.decimal)
    }

    private static func small(_ bytes: String.UTF8View) -> Int? {
        guard bytes.count <= 18 else { return nil }
        var value = 0
        var isNegative = false
        for (position, byte) in bytes.enumerated() {
            if position == 0, byte == UInt8(ascii: "-") {
                isNegative = true
            } else {
                guard byte &- 0x30 < 10 else { return nil }
                value = value * 10 + Int(byte &- 0x30)
            }
        }
        return isNegative ? -value : value
    }
}

/// A decimal fraction of any length: digits × 10^exponent, without leading and trailing zeros. Nothing here takes
/// longer for a great exponent: `1e1000000000` is one digit.
package struct DecimalNumber: Sendable, Hashable {
    /// Exponents beyond ± this are taken for it.
    static let greatestExponent = 1_000_000_000_000_000
    /// How many digits a divisor may have.
    static let greatestDivisor = 37

    package let isNegative: Bool
    /// Values 0 to 9, the most significant first; empty for zero.
    package let digits: [UInt8]
    package let exponent: Int

    /// The value of a number as JSON spells it; of anything else some value.
    package init(_ text: String) {
        var digits: [UInt8] = []
        var bytes = text.utf8[...]
        var isNegative = false
        if bytes.first == UInt8(ascii: "-") {
            isNegative = true
            bytes.removeFirst()
        }
        var exponent = 0
        var isFraction = false
        while let byte = bytes.popFirst() {
            if byte &- 0x30 < 10 {
                if byte > 0x30 || !digits.isEmpty { digits.append(byte &- 0x30) }
                if isFraction { exponent -= 1 }
            } else if byte == UInt8(ascii: ".") {
                isFraction = true
            } else {
                exponent += Self.exponent(bytes)
                break
            }
        }
        let zeros = digits.reversed().prefix { $0 == 0 }.count
        digits.removeLast(zeros)
        self.digits = digits
        self.isNegative = isNegative && !digits.isEmpty
        self.exponent = digits.isEmpty ? 0 : exponent + zeros
    }

    /// The value when it is whole and has up to 18 digits.
    var smallValue: Int? {
        guard exponent >= 0, digits.count + exponent <= 18 else { return nil }
        let zeros = repeatElement(UInt8(0), count: exponent)
        let magnitude = (digits + zeros).reduce(0) { $0 * 10 + Int($1) }
        return isNegative ? -magnitude : magnitude
    }

    package static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        return left.isNegative ? isLess(right, left) : isLess(left, right)
    }

    /// Whether this is a whole multiple of `divisor`, which is not zero and has at most `greatestDivisor` digits.
    func isMultiple(of divisor: DecimalNumber) -> Bool {
        guard !digits.isEmpty else { return true }
        let shift = exponent - divisor.exponent
        // Neither coefficient ends with a zero, so a missing power of ten cannot be made up for.
        guard shift >= 0, divisor.digits.count <= Self.greatestDivisor else { return false }
        let modulus = divisor.digits.reduce(UInt128(0)) { $0 * 10 + UInt128($1) }
        guard modulus > 1 else { return true }
        let rest = digits.reduce(UInt128(0)) { ($0 * 10 + UInt128($1)) % modulus }
        return Self.product(rest, Self.power(of: 10, shift, modulo: modulus), modulo: modulus) == 0
    }

    private static func isLess(_ left: DecimalNumber, _ right: DecimalNumber) -> Bool {
        guard !left.digits.isEmpty, !right.digits.isEmpty else { return left.digits.isEmpty && !right.digits.isEmpty }
        let places = (left.exponent + left.digits.count, right.exponent + right.digits.count)
        guard places.0 == places.1 else { return places.0 < places.1 }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }

    private static func exponent(_ bytes: Substring.UTF8View) -> Int {
        var value = 0
        for byte in bytes where byte &- 0x30 < 10 { value = min(greatestExponent, value * 10 + Int(byte &- 0x30)) }
        return bytes.first == UInt8(ascii: "-") ? -value : value
    }

    private static func product(_ left: UInt128, _ right: UInt128, modulo modulus: UInt128) -> UInt128 {
        let whole = left.multipliedFullWidth(by: right)
        return modulus.dividingFullWidth((whole.high % modulus, whole.low)).remainder
    }

    private static func power(of base: UInt128, _ exponent: Int, modulo modulus: UInt128) -> UInt128 {
        var result: UInt128 = 1
        var square = base % modulus
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, square, modulo: modulus) }
            square = product(square, square, modulo: modulus)
            rest >>= 1
        }
        return result
    }
}
