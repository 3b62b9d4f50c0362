/// Keys of pieces: their bytes in words, with the length in the top byte, so that a key is never 0.
enum PieceKey {
    /// A piece of 1 to 7 bytes. Reads nothing behind it.
    @inline(__always)
    static func short(_ p: BytePointer, _ length: Int) -> UInt64 { bytes(p, length) | UInt64(length) << 56 }

    /// The same where 8 bytes can be read.
    @inline(__always)
    static func shortInside(_ p: BytePointer, _ length: Int) -> UInt64 {
        let shift = UInt64(truncatingIfNeeded: (8 &- length) &* 8)
        return ASCIIWord(p).bytes & (UInt64.max &>> shift) | UInt64(truncatingIfNeeded: length) &<< 56
    }

    /// A piece of 8 to 15 bytes. The top byte of the second word holds its length minus 8, plus 128.
    @inline(__always)
    static func medium(_ p: BytePointer, _ length: Int) -> (low: UInt64, high: UInt64) {
        (ASCIIWord(p).bytes, bytes(p + 8, length - 8) | UInt64(length - 8 + 128) << 56)
    }

    /// The same; reads only inside of the piece, with overlap instead of a loop.
    @inline(__always)
    static func mediumInside(_ p: BytePointer, _ length: Int) -> (low: UInt64, high: UInt64) {
        let last = ASCIIWord(p + (length &- 8)).bytes
        let shift = UInt64(truncatingIfNeeded: (16 &- length) &* 8)
        // For 8 bytes all 64 bits go: a shift in two steps, as one by 64 would be none.
        let rest = (last &>> (shift &- 8)) &>> 8
        return (ASCIIWord(p).bytes, rest | UInt64(truncatingIfNeeded: length &- 8 &+ 128) &<< 56)
    }

    /// The first `length` bytes, 0 to 7.
    @inline(__always)
    private static func bytes(_ p: BytePointer, _ length: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in 0..<length { value |= UInt64(p[i]) << UInt64(i * 8) }
        return value
    }

    /// A hash of 16 bytes and more.
    @inline(__always)
    static func hash(_ p: BytePointer, _ length: Int) -> UInt64 {
        var value = UInt64(length)
        var i = 0
        while i + 8 <= length {
            value = spread(value ^ ASCIIWord(p + i).bytes)
            value ^= value >> 32
            i += 8
        }
        return spread(value ^ ASCIIWord(p + length - 8).bytes)
    }

    static func equal(_ a: BytePointer, _ b: BytePointer, _ length: Int) -> Bool {
        for i in 0..<length where a[i] != b[i] { return false }
        return true
    }
}
