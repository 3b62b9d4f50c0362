/// Code points in UTF-8 that is known to be valid: the contents of a `String`.
enum UTF8Scalar {
    /// The scalar that begins at `index`, and its length in bytes. A truncated one is U+FFFD.
    @inline(__always)
    static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, length: Int) {
        let first = UInt32(bytes[index])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard index + length <= bytes.count else { return ("\u{FFFD}", bytes.count - index) }
        var value = first & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }

    /// Adds a scalar's bytes.
    static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let value = scalar.value
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
        switch value {
        case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: value))
        case ..<0x800:
            bytes.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
            bytes.append(tail(0))
        case ..<0x1_0000:
            bytes.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
            bytes.append(tail(6))
            bytes.append(tail(0))
        default:
            bytes.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
            bytes.append(tail(12))
            bytes.append(tail(6))
            bytes.append(tail(0))
        }
    }
}

/// What stands in a text for a character that must not reach a terminal.
enum GatePlaceholder {
    /// The control picture of a C0 character or DEL.
    static func picture(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value == 0x7F ? 0x2421 : 0x2400 + (scalar.value & 0x1F)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// The name of a C1 character: its two hexadecimal digits.
    static func c1(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16, uppercase: true) }

    /// The standard abbreviation of a bidi control.
    static func bidi(_ scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0x061C: "ALM"
        case 0x200E: "LRM"
        case 0x200F: "RLM"
        case 0x202A: "LRE"
        case 0x202B: "RLE"
        case 0x202C: "PDF"
        case 0x202D: "LRO"
        case 0x202E: "RLO"
        case 0x2066: "LRI"
        case 0x2067: "RLI"
        case 0x2068: "FSI"
        default: "PDI"
        }
    }
}
