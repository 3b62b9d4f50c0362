extension PatternParser {
    /// What an escape or a character of a class stands for.
    private struct Item {
        var ranges: [ClosedRange<UInt32>] = []
        var property: PropertyTest?
        /// The code point, when it is a single one.
        var single: UInt32?

        init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }
        init(_ property: PropertyTest) { self.property = property }
        init(_ scalar: UInt32) {
            single = scalar
            ranges = [scalar...scalar]
        }
    }

    /// A class, from behind its opening bracket.
    mutating func bracketed() throws(PatternProblem) -> ScalarSet {
        let start = position - 1
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var properties: [PropertyTest] = []
        while !take("]") {
            guard position < scalars.count else { throw PatternProblem("a class is not closed", at: start) }
            let first = try classItem()
            if let low = first.single, next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                let dash = position
                position += 1
                let second = try classItem()
                if let high = second.single {
                    guard low <= high else { throw PatternProblem("a range in the wrong order", at: dash) }
                    ranges.append(low...high)
                    continue
                }
                ranges += [low...low, 0x2D...0x2D] + second.ranges
                if let property = second.property { properties.append(property) }
                continue
            }
            ranges += first.ranges
            if let property = first.property { properties.append(property) }
        }
        return ScalarSet(ranges, properties: properties, isNegated: isNegated)
    }

    private mutating func classItem() throws(PatternProblem) -> Item {
        guard let scalar = next else { throw problem("a class is not closed") }
        position += 1
        guard scalar == "\\" else { return Item(scalar.value) }
        if take("b") { return Item(0x08) }
        return try escapeItem()
    }

    /// What an escape outside of classes stands for, from behind its backslash.
    mutating func escaped() throws(PatternProblem) -> PatternTree {
        if take("b") { return .assertion(.boundary) }
        if take("B") { return .assertion(.noBoundary) }
        if let digit = next?.value, (0x31...0x39).contains(digit) || digit == 0x6B {
            throw problem("back-references cannot be matched in bounded time")
        }
        let item = try escapeItem()
        return .scalars(ScalarSet(item.ranges, properties: item.property.map { [$0] } ?? []))
    }

    private mutating func escapeItem() throws(PatternProblem) -> Item {
        guard let letter = next else { throw problem("a pattern ends with a backslash") }
        position += 1
        switch letter {
        case "d": return Item(ScalarSet.digits)
        case "D": return Item(ScalarSet.complement(ScalarSet.digits))
        case "w": return Item(ScalarSet.word)
        case "W": return Item(ScalarSet.complement(ScalarSet.word))
        case "s": return Item(ScalarSet.space)
        case "S": return Item(ScalarSet.complement(ScalarSet.space))
        case "p", "P": return Item(try property(isNegated: letter == "P"))
        case "t": return Item(0x09)
        case "n": return Item(0x0A)
        case "v": return Item(0x0B)
        case "f": return Item(0x0C)
        case "r": return Item(0x0D)
        case "0": return Item(0)
        case "c": return Item(try control())
        case "x":
            guard let value = hexadecimal(digits: 2) else { throw problem("two hexadecimal digits follow \\x") }
            return Item(value)
        case "u": return Item(try unicode())
        default: return Item(try identity(letter))
        }
    }

    private func identity(_ letter: Unicode.Scalar) throws(PatternProblem) -> UInt32 {
        guard letter.isASCII, ScalarSet.isWord(letter.value), letter != "_" else { return letter.value }
        throw PatternProblem("\\\(letter) is no escape of ECMA-262", at: position - 2)
    }

    private mutating func control() throws(PatternProblem) -> UInt32 {
        guard let letter = next, letter.isASCII, letter.properties.isAlphabetic else {
            throw problem("a letter follows \\c")
        }
        position += 1
        return letter.value & 0x1F
    }

    private mutating func property(isNegated: Bool) throws(PatternProblem) -> PropertyTest {
        let start = position
        guard take("{") else { throw problem("a property in braces follows \\p") }
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take("}") else { throw PatternProblem("a property is not closed", at: start) }
        guard let test = PropertyTest(name, isNegated: isNegated) else {
            throw PatternProblem(
                "\\p{\(name.prefix(40))} is not known; known are general categories and common properties, not scripts",
                at: start)
        }
        return test
    }

    private mutating func hexadecimal(digits: Int) -> UInt32? {
        guard position + digits <= scalars.count else { return nil }
        var value: UInt32 = 0
        for scalar in scalars[position..<position + digits] {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += digits
        return value
    }

    private mutating func unicode() throws(PatternProblem) -> UInt32 {
        guard next == "{" else { return try codeUnits() }
        position += 1
        var value: UInt32 = 0
        let start = position
        while let digit = next.flatMap({ Character($0).hexDigitValue }), value <= 0x10FFFF {
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard position > start, value <= 0x10FFFF, take("}") else {
            throw problem("a code point in hexadecimal follows \\u{")
        }
        return value
    }

    /// Four digits, or twice four that are a surrogate pair.
    private mutating func codeUnits() throws(PatternProblem) -> UInt32 {
        guard let first = hexadecimal(digits: 4) else { throw problem("four hexadecimal digits follow \\u") }
        let kept = position
        if (0xD800...0xDBFF).contains(first), takeAll("\\u"), let second = hexadecimal(digits: 4),
            (0xDC00...0xDFFF).contains(second)
        {
            return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
        }
        position = kept
        return first
    }
}
