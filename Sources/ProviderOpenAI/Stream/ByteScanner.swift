#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A place in bytes.
struct ByteSpan {
    var start = 0
    var end = 0
    /// Whether a JSON string's bytes hold escapes.
    var isEscaped = false

    var isEmpty: Bool { start == end }
}

/// Steps over JSON without building values. Every step that meets something it does not know, or that is wrong, answers
/// false or nil, and then nothing may be concluded: the full parser decides.
struct ByteScanner {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next byte after white space; 0 at the end.
    mutating func peek() -> UInt8 {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            position += 1
        }
        return 0
    }

    /// Steps over this byte if it is next, white space aside.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    /// Whether only white space is left.
    mutating func isAtEnd() -> Bool {
        _ = peek()
        return position == bytes.count
    }

    /// Steps over exactly these bytes if they are next.
    mutating func takeExactly(_ other: Slice<UnsafeRawBufferPointer>) -> Bool {
        let other = UnsafeRawBufferPointer(rebasing: other)
        guard bytes.count - position >= other.count else { return false }
        guard let base = bytes.baseAddress, let start = other.baseAddress, other.count > 0 else { return true }
        guard memcmp(base + position, start, other.count) == 0 else { return false }
        position += other.count
        return true
    }

    /// Steps over a string and tells where its content is.
    mutating func string() -> ByteSpan? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var span = ByteSpan(start: position)
        var at = position
        while true {
            at = endOfPlain(at)
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                span.end = at
                position = at + 1
                return span
            }
            if byte == UInt8(ascii: "\\") {
                span.isEscaped = true
                at = endOfEscape(at)
                if at == 0 { return nil }
                continue
            }
            return nil
        }
    }

    /// The first place from `start` on that is no plain character of a string: a quote, a backslash, a control character,
    /// or the end. Looks at eight bytes at once (Mycroft's test for a zero byte, which is exact for the lowest one).
    private func endOfPlain(_ start: Int) -> Int {
        var at = start
        guard let base = bytes.baseAddress else { return at }
        let ones: UInt64 = 0x0101_0101_0101_0101
        while at + 8 <= bytes.count {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let found =
                ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word)
                & (ones &* 0x80)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count, bytes[at] >= 0x20, bytes[at] != 0x22, bytes[at] != 0x5C { at += 1 }
        return at
    }

    /// Where the escape that begins at a backslash ends; 0 when it is malformed.
    private func endOfEscape(_ start: Int) -> Int {
        guard start + 1 < bytes.count else { return 0 }
        switch bytes[start + 1] {
        case UInt8(ascii: "u"):
            guard start + 6 <= bytes.count, hexUnit(start + 2) != nil else { return 0 }
            return start + 6
        case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "t"),
            UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            return start + 2
        default: return 0
        }
    }

    /// The value of four hexadecimal digits; the caller has checked that four bytes are there.
    func hexUnit(_ start: Int) -> UInt16? {
        var value: UInt16 = 0
        for at in start..<start + 4 {
            let byte = bytes[at]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46: digit = byte - 0x37
            case 0x61...0x66: digit = byte - 0x57
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// Steps over a whole number of at most fifteen digits without sign and tells it.
    mutating func wholeNumber() -> Int? {
        guard peek() &- 0x30 < 10 else { return nil }
        let start = position
        var value = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10 {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
            if position - start > 15 { return nil }
        }
        if bytes[start] == 0x30, position - start > 1 { return nil }
        if position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return nil
            default: break
            }
        }
        return value
    }

    /// Steps over `null` if it is next.
    mutating func null() -> Bool { peek() == UInt8(ascii: "n") && word("null") }

    private mutating func word(_ word: StaticString) -> Bool {
        let span = ByteSpan(start: position, end: position + word.utf8CodeUnitCount)
        guard span.end <= bytes.count, equals(span, word) else { return false }
        position = span.end
        return true
    }

    /// Steps over any value; containers at most eight deep.
    mutating func skipValue(depth: Int = 8) -> Bool {
        switch peek() {
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "n"): return word("null")
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "{"):
            return depth > 0
                && members { scanner, _ in scanner.skipValue(depth: depth - 1) }
        case UInt8(ascii: "["):
            return depth > 0 && elements { $0.skipValue(depth: depth - 1) }
        default: return wholeNumber() != nil
        }
    }

    /// Steps over an object and hands each member's name to `each`, which steps over the value.
    mutating func members(_ each: (inout ByteScanner, ByteSpan) -> Bool) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            guard let name = string(), !name.isEscaped, take(UInt8(ascii: ":")), each(&self, name) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    /// Steps over an array; `each` steps over each element.
    mutating func elements(_ each: (inout ByteScanner) -> Bool) -> Bool {
        guard take(UInt8(ascii: "[")) else { return false }
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard each(&self) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    /// Whether a place holds exactly these bytes.
    @inline(__always)
    func equals(_ span: ByteSpan, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard span.end - span.start == count, let base = bytes.baseAddress else { return false }
        return memcmp(base + span.start, word.utf8Start, count) == 0
    }

    /// Whether a place holds exactly these bytes.
    func equals(_ span: ByteSpan, _ other: [UInt8]) -> Bool {
        guard span.end - span.start == other.count, let base = bytes.baseAddress else { return false }
        return other.withUnsafeBytes { memcmp(base + span.start, $0.baseAddress ?? base, other.count) == 0 }
    }

    /// The text of a string; nil when it holds half a surrogate pair.
    func text(_ span: ByteSpan) -> String? {
        if !span.isEscaped { return String(decoding: bytes[span.start..<span.end], as: UTF8.self) }
        var isPaired = true
        let text = String(unsafeUninitializedCapacity: span.end - span.start) { buffer in
            guard let count = unescape(span, into: buffer) else {
                isPaired = false
                return 0
            }
            return count
        }
        return isPaired ? text : nil
    }

    /// Writes a string's content without escapes, which is never longer than with them. Nil at half a surrogate pair.
    private func unescape(_ span: ByteSpan, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        var at = span.start
        var count = 0
        while at < span.end {
            let plain = bytes[at..<min(endOfPlain(at), span.end)]
            if !plain.isEmpty {
                UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: plain))
                count += plain.count
                at += plain.count
                continue
            }
            let letter = bytes[at + 1]
            at += 2
            guard letter == UInt8(ascii: "u") else {
                buffer[count] = Self.meaning(letter)
                count += 1
                continue
            }
            guard let scalar = scalar(&at, span.end) else { return nil }
            for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                buffer[count] = unit
                count += 1
            }
        }
        return count
    }

    private static func meaning(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: letter
        }
    }

    /// The scalar of one `\u` escape, or of a pair of them, whose digits begin at `at`.
    private func scalar(_ at: inout Int, _ end: Int) -> Unicode.Scalar? {
        guard let unit = hexUnit(at) else { return nil }
        at += 4
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit), at + 6 <= end, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u"), let trail = hexUnit(at + 2), UTF16.isTrailSurrogate(trail)
        else { return nil }
        at += 6
        return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(trail) - 0xDC00)
    }
}
