/// A pointer into UTF-8 text.
typealias BytePointer = UnsafePointer<UInt8>

/// Runs of characters of a kind, from a position that is inside such a run on. They stop at the first character of another
/// kind or at the end of the text, so a run can be continued there when more text has come.
struct Runs: Sendable {
    let classes = CharacterClasses()

    /// Whether a character that begins with this byte is one of U+5000 to U+9FFF: all of them are letters without case, of
    /// three bytes.
    @inline(__always)
    private static func isIdeograph(_ lead: UInt8) -> Bool { lead &- 0xE5 < 5 }

    /// Letters.
    @inline(__always)
    func letters(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
        var p = start
        while p < end {
            if p[0] < 0x80, end - p >= 8 {
                let count = ASCIIWord(p).letters
                if count == 0 { break }
                p += count
            } else if Self.isIdeograph(p[0]) {
                p += 3
            } else {
                let (flags, length) = classes.character(at: p)
                if flags & CharacterClass.letter == 0 { break }
                p += length
            }
        }
        return p
    }

    /// What may stand among the capitals of a word. `mark` becomes the end of the last one of them that may stand among the
    /// small letters too, and stays as it is when there is none.
    @inline(__always)
    func uppers(_ start: BytePointer, _ end: BytePointer, mark: inout BytePointer?) -> BytePointer {
        var p = start
        while p < end {
            if Self.isIdeograph(p[0]) {
                p += 3
                mark = p
                continue
            }
            let (flags, length) = classes.character(at: p)
            if flags & CharacterClass.upper == 0 { break }
            p += length
            if flags & CharacterClass.lower != 0 { mark = p }
        }
        return p
    }

    /// What may stand among the small letters of a word.
    @inline(__always)
    func lowers(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
        var p = start
        while p < end {
            if p[0] < 0x80, end - p >= 8 {
                let count = ASCIIWord(p).smallLetters
                if count == 0 { break }
                p += count
            } else {
                let (flags, length) = classes.character(at: p)
                if flags & CharacterClass.lower == 0 { break }
                p += length
            }
        }
        return p
    }

    /// Neither space nor letter nor number.
    @inline(__always)
    func others(_ start: BytePointer, _ end: BytePointer) -> BytePointer {
        var p = start
        while p < end {
            let (flags, length) = classes.character(at: p)
            if flags & CharacterClass.notOther != 0 { break }
            p += length
        }
        return p
    }

    /// The newlines, with `slashes` also the slashes, that belong to the punctuation before them.
    @inline(__always)
    func newlines(_ start: BytePointer, _ end: BytePointer, slashes: Bool) -> BytePointer {
        var p = start
        while p < end, p[0] == 0x0A || p[0] == 0x0D || (slashes && p[0] == 0x2F) { p += 1 }
        return p
    }

    /// Spaces. `mark` becomes the end of the last newline, `last` the start of the last space.
    @inline(__always)
    func spaces(
        _ start: BytePointer, _ end: BytePointer, mark: inout BytePointer?, last: inout BytePointer
    ) -> BytePointer {
        var p = start
        while p < end {
            let (flags, length) = classes.character(at: p)
            if flags & CharacterClass.space == 0 { break }
            last = p
            p += length
            if flags & CharacterClass.newline != 0 { mark = p }
        }
        return p
    }
}

/// Eight bytes at once, the first in the lowest place.
struct ASCIIWord {
    let bytes: UInt64

    @inline(__always)
    init(_ p: BytePointer) { bytes = UInt64(littleEndian: UnsafeRawPointer(p).loadUnaligned(as: UInt64.self)) }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The top bit of every byte that lies outside of 26 bytes from `first` on.
    @inline(__always)
    private static func outside(_ bytes: UInt64, _ first: UInt64) -> UInt64 {
        let low = bytes & ~tops
        let from = low &+ (0x80 &- first) &* ones
        let past = low &+ (0x80 &- first &- 26) &* ones
        return (~(from & ~past) | bytes) & tops
    }

    /// The number of ASCII letters at its start, 0 to 8.
    @inline(__always)
    var letters: Int { Self.outside(bytes | 0x20 &* Self.ones, 0x61).trailingZeroBitCount >> 3 }

    /// The number of small ASCII letters at its start, 0 to 8.
    @inline(__always)
    var smallLetters: Int { Self.outside(bytes, 0x61).trailingZeroBitCount >> 3 }
}
