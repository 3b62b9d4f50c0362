internal import FunctionTools

/// Compares numbers as decimal fractions, so that what is written decides and not its nearest binary fraction.
enum NumberComparison {
    /// Numbers whose digits span more places than this are compared as binary fractions.
    private static let greatestSpan = 10_000

    /// Whether an answer is at most `tolerance` away from what is expected, or at most the share `relative` of it. Texts are
    /// numbers as JSON spells them; leading zeros are allowed.
    static func isWithin(_ answer: String, of expected: String, tolerance: Double, relative: Double) -> Bool {
        let (given, wanted) = (DecimalNumber(answer), DecimalNumber(expected))
        if given == wanted { return true }
        guard let difference = difference(given, wanted) else {
            guard let given = Double(answer), let wanted = Double(expected) else { return false }
            let distance = abs(given - wanted)
            return distance <= tolerance || (distance.isFinite && distance <= relative * abs(wanted))
        }
        if !(DecimalNumber(String(tolerance)) < difference) { return true }
        return !(product(DecimalNumber(String(relative)), wanted) < difference)
    }

    /// How far two numbers are from each other; nil when their digits span too many places.
    private static func difference(_ left: DecimalNumber, _ right: DecimalNumber) -> DecimalNumber? {
        let numbers = [left, right].filter { !$0.digits.isEmpty }
        guard let low = numbers.map(\.exponent).min(),
            let high = numbers.map({ $0.exponent + $0.digits.count }).max(), high - low <= greatestSpan
        else { return nil }
        let (first, second) = (places(left, low, high), places(right, low, high))
        let isSum = left.isNegative != right.isNegative
        let isFirstLess = first.lexicographicallyPrecedes(second)
        let digits = isSum ? sum(first, second) : isFirstLess ? minus(second, first) : minus(first, second)
        return number(digits, exponent: low)
    }

    /// The digits from the place `high` down to `low`.
    private static func places(_ number: DecimalNumber, _ low: Int, _ high: Int) -> [UInt8] {
        guard !number.digits.isEmpty else { return Array(repeating: 0, count: high - low) }
        let behind = number.exponent - low
        let before = high - low - behind - number.digits.count
        return Array(repeating: 0, count: before) + number.digits + Array(repeating: 0, count: behind)
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var carry: UInt8 = 0
        var digits: [UInt8] = []
        for (one, other) in zip(left, right).reversed() {
            let value = one + other + carry
            digits.append(value % 10)
            carry = value / 10
        }
        return [carry] + digits.reversed()
    }

    private static func minus(_ greater: [UInt8], _ less: [UInt8]) -> [UInt8] {
        var borrow: UInt8 = 0
        var digits: [UInt8] = []
        for (one, other) in zip(greater, less).reversed() {
            let taken = other + borrow
            borrow = one < taken ? 1 : 0
            digits.append(one + 10 * borrow - taken)
        }
        return digits.reversed()
    }

    /// The product of two magnitudes.
    private static func product(_ left: DecimalNumber, _ right: DecimalNumber) -> DecimalNumber {
        var sums = [Int](repeating: 0, count: left.digits.count + right.digits.count)
        for (row, one) in left.digits.enumerated() {
            for (column, other) in right.digits.enumerated() { sums[row + column + 1] += Int(one) * Int(other) }
        }
        for place in sums.indices.reversed().dropLast() {
            sums[place - 1] += sums[place] / 10
            sums[place] %= 10
        }
        return number(sums.map { UInt8($0) }, exponent: left.exponent + right.exponent)
    }

    private static func number(_ digits: [UInt8], exponent: Int) -> DecimalNumber {
        DecimalNumber(String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self) + "e\(exponent)")
    }
}
