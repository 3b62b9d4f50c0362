extension JSONReader {
    /// The string whose opening quote is the next byte.
    mutating func string() throws -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw fault("control character in a string")
            default: position += 1
            }
        }
        throw fault("the text ends inside a string", at: start - 1)
    }

    /// As `string`, from the first backslash on; what comes before it begins at `start`.
    private mutating func escapedString(from start: Int) throws -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fault("control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw fault("the text ends inside a string", at: start - 1)
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        position += 1
        guard let letter = byte else { throw fault("the text ends inside a string") }
        if letter == UInt8(ascii: "u") {
            position += 1
            return try unicodeEscape(into: &text)
        }
        guard let plain = Self.plainEscape(letter) else { throw fault("unknown escape in a string") }
        text.append(plain)
        position += 1
    }

    private static func plainEscape(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }

    private mutating func unicodeEscape(into text: inout [UInt8]) throws {
        let unit = try hexUnit()
        if UTF16.isLeadSurrogate(unit), let trail = pairedTrail() {
            position += 6
            append(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(trail) - 0xDC00, to: &text)
        } else if UTF16.isSurrogate(unit) {
            foundLoneSurrogate = true
            append(marksLoneSurrogates ? LoneSurrogate.mark(unit) : 0xFFFD, to: &text)
        } else {
            append(UInt32(unit), to: &text)
        }
    }

    private mutating func hexUnit() throws -> UInt16 {
        guard let unit = Self.hex(bytes, at: position) else {
            throw fault("expected four hexadecimal digits after \\u")
        }
        position += 4
        return unit
    }

    /// The trailing half in an escape that stands right here; nil when something else does.
    private func pairedTrail() -> UInt16? {
        guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u"), let unit = Self.hex(bytes, at: position + 2),
            UTF16.isTrailSurrogate(unit)
        else { return nil }
        return unit
    }

    /// The value of four hexadecimal digits; nil when they are not there.
    private static func hex(_ bytes: UnsafeRawBufferPointer, at start: Int) -> UInt16? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt16 = 0
        for byte in bytes[start..<start + 4] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 0x30
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 0x57
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 0x37
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private func append(_ value: UInt32, to text: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else { return }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
