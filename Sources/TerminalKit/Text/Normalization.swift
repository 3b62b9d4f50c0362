/// Canonical composition (NFC, Unicode Standard Annex 15), so that text and its marks arrive on the screen as few cells
/// as they can. The standard library keeps its own behind an interface that other compilers need not offer.
enum Normalization {
    /// A run of scalars in NFC. The run must begin and end where nothing outside could join it.
    static func compose(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var parts: [Unicode.Scalar] = []
        parts.reserveCapacity(scalars.count + 4)
        for scalar in scalars { decompose(scalar, into: &parts) }
        order(&parts)
        return join(parts)
    }

    private static let hangul = (first: UInt32(0xAC00), last: UInt32(0xD7A3), lead: UInt32(0x1100))

    private static func decompose(_ scalar: Unicode.Scalar, into parts: inout [Unicode.Scalar]) {
        let value = scalar.value
        if value < 0xC0 {
            parts.append(scalar)
        } else if value >= hangul.first, value <= hangul.last {
            let index = value - hangul.first
            append(0x1100 + index / 588, to: &parts)
            append(0x1161 + index % 588 / 28, to: &parts)
            if index % 28 != 0 { append(0x11A7 + index % 28, to: &parts) }
        } else if let pair = pair(of: value) {
            if let first = Unicode.Scalar(pair.first) { decompose(first, into: &parts) }
            if let second = Unicode.Scalar(pair.second) { decompose(second, into: &parts) }
        } else if let single = single(of: value), let other = Unicode.Scalar(single) {
            decompose(other, into: &parts)
        } else {
            parts.append(scalar)
        }
    }

    private static func append(_ value: UInt32, to parts: inout [Unicode.Scalar]) {
        if let scalar = Unicode.Scalar(value) { parts.append(scalar) }
    }

    private static func pair(of value: UInt32) -> (first: UInt32, second: UInt32)? {
        let mask: UInt64 = 0x1F_FFFF
        let index = search(pairs.count) { UInt32(pairs[$0] >> 42 & mask) < value }
        guard index < pairs.count, UInt32(pairs[index] >> 42 & mask) == value else { return nil }
        return (UInt32(pairs[index] >> 21 & mask), UInt32(pairs[index] & mask))
    }

    private static func single(of value: UInt32) -> UInt32? {
        let index = search(singles.count) { UInt32(singles[$0] >> 21) < value }
        guard index < singles.count, UInt32(singles[index] >> 21) == value else { return nil }
        return UInt32(singles[index] & 0x1F_FFFF)
    }

    private static func search(_ count: Int, isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) >> 1
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Canonical ordering: marks between two starters by class, equals in their order.
    private static func order(_ parts: inout [Unicode.Scalar]) {
        guard parts.count > 1 else { return }
        var classes = parts.map { combiningClass($0) }
        for index in 1..<parts.count where classes[index] != 0 {
            var place = index
            while place > 0, classes[place - 1] > classes[place] {
                classes.swapAt(place, place - 1)
                parts.swapAt(place, place - 1)
                place -= 1
            }
        }
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }

    private static func join(_ parts: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(parts.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for part in parts {
            let partClass = combiningClass(part)
            if let index = starter, index == result.count - 1 || lastClass < partClass,
                let whole = composite(result[index], part)
            {
                result[index] = whole
                continue
            }
            if partClass == 0 { starter = result.count }
            lastClass = partClass
            result.append(part)
        }
        return result
    }

    private static func composite(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let (a, b) = (first.value, second.value)
        if a &- 0x1100 < 19, b &- 0x1161 < 21 {
            return Unicode.Scalar(hangul.first + (a - 0x1100) * 588 + (b - 0x1161) * 28)
        }
        if a >= hangul.first, a <= hangul.last, (a - hangul.first) % 28 == 0, b > 0x11A7, b < 0x11C3 {
            return Unicode.Scalar(a + b - 0x11A7)
        }
        return composites[UInt64(a) << 21 | UInt64(b)].flatMap { Unicode.Scalar($0) }
    }

    private static let composites: [UInt64: UInt32] = {
        var table: [UInt64: UInt32] = [:]
        for pair in pairs where pair >> 63 == 0 { table[pair & 0x3FF_FFFF_FFFF] = UInt32(pair >> 42) }
        return table
    }()
}
