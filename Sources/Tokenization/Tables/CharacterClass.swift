private import CVocabulary

/// What the rules want to know of a character, as bits of one byte.
enum CharacterClass {
    static let letter: UInt8 = 1
    static let number: UInt8 = 2
    static let space: UInt8 = 4
    /// CR and LF; they are spaces too.
    static let newline: UInt8 = 8
    /// May stand among the capitals of a word: Lu, Lt, Lm, Lo, M.
    static let upper: UInt8 = 16
    /// May stand among the small letters of a word: Ll, Lm, Lo, M.
    static let lower: UInt8 = 32
    /// A character with none of these bits is "other": punctuation, symbols, controls, unassigned. So is a mark, which has
    /// `upper` and `lower`.
    static let notOther = letter | number | space
}

/// The classes of all code points, Unicode 16.0: an index of blocks of 128 code points, then the blocks.
///
/// The system's own properties are of another Unicode version on each system, and would change counts.
struct CharacterClasses: @unchecked Sendable {
    // Safe: constant data of the program.
    private let index: UnsafePointer<UInt8>
    private let blocks: UnsafePointer<UInt8>

    init() {
        var length = 0
        index = cvocabulary_classes(&length)
        blocks = index + 0x110000 / 128
    }

    @inline(__always)
    subscript(ascii byte: UInt8) -> UInt8 { blocks[Int(byte)] }

    @inline(__always)
    subscript(code: UInt32) -> UInt8 { blocks[Int(index[Int(code >> 7)]) << 7 | Int(code & 127)] }

    /// The class of the character that starts here, and its length in bytes. The text is valid UTF-8.
    @inline(__always)
    func character(at p: UnsafePointer<UInt8>) -> (flags: UInt8, length: Int) {
        let lead = p[0]
        if lead < 0x80 { return (self[ascii: lead], 1) }
        let (code, length) = decode(p)
        return (self[code], length)
    }
}

/// The code point of more than one byte that starts here, and its length in bytes. The text is valid UTF-8.
@inline(__always)
func decode(_ p: UnsafePointer<UInt8>) -> (code: UInt32, length: Int) {
    let lead = UInt32(p[0])
    if lead < 0xE0 { return ((lead & 0x1F) << 6 | UInt32(p[1] & 0x3F), 2) }
    if lead < 0xF0 {
        return ((lead & 0x0F) << 12 | UInt32(p[1] & 0x3F) << 6 | UInt32(p[2] & 0x3F), 3)
    }
    let high = (lead & 0x07) << 18 | UInt32(p[1] & 0x3F) << 12
    return (high | UInt32(p[2] & 0x3F) << 6 | UInt32(p[3] & 0x3F), 4)
}
