/// Bytes that ought to be UTF-8. What is not, counts as U+FFFD, one for each longest part that could have begun a character: the
/// same as `String(decoding:as:)` makes of it.
enum UTF8Text {
    /// U+FFFD.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    enum Sequence {
        /// A character.
        case valid
        /// No character, and no further byte would make it one.
        case invalid
        /// The end of the text came first.
        case cut
    }

    /// What begins here, and how many bytes belong to it, at least one. `p` lies before `end`.
    @inline(__always)
    static func sequence(_ p: BytePointer, _ end: BytePointer) -> (kind: Sequence, length: Int) {
        let lead = p[0]
        if lead < 0x80 { return (.valid, 1) }
        if lead < 0xC2 || lead > 0xF4 { return (.invalid, 1) }
        let length = CharacterSeams.length(lead)
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch lead {
        case 0xE0: low = 0xA0
        case 0xED: high = 0x9F
        case 0xF0: low = 0x90
        case 0xF4: high = 0x8F
        default: break
        }
        for i in 1..<length {
            if p + i == end { return (.cut, i) }
            if p[i] < low || p[i] > high { return (.invalid, i) }
            (low, high) = (0x80, 0xBF)
        }
        return (.valid, length)
    }

    /// Where the text stops being valid; `end` when it does not.
    static func validEnd(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
        var p = start
        while p < end {
            while end - p >= 16, (ASCIIWord(p).bytes | ASCIIWord(p + 8).bytes) & 0x8080_8080_8080_8080 == 0 { p += 16 }
            if p == end { break }
            let (kind, length) = sequence(p, end)
            if kind != .valid { break }
            p += length
        }
        return p
    }

    /// Appends the text, repaired. Returns how many bytes at its end, up to three, are the start of a character whose rest may
    /// follow; these are not appended.
    static func append(_ start: BytePointer, _ end: BytePointer, to text: inout [UInt8]) -> Int {
        var p = start
        while true {
            let valid = validEnd(p, end)
            text.append(contentsOf: UnsafeBufferPointer(start: p, count: valid - p))
            p = valid
            if p == end { return 0 }
            let (kind, length) = sequence(p, end)
            if kind == .cut { return length }
            text.append(contentsOf: replacement)
            p += length
        }
    }
}
