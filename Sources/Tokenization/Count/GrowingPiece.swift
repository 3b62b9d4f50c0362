/// A piece that has not ended yet, and its tokens so far. Keeps only the bytes that a continuation can reach back to.
struct GrowingPiece: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends = TokenEnds()
    /// Tokens and bytes that are no longer kept.
    private var folded = (tokens: 0, bytes: 0)

    /// The number of tokens of what there is so far.
    var count: Int { folded.tokens + ends.count }
    var isEmpty: Bool { bytes.isEmpty }
    /// The number of bytes in all.
    var length: Int { folded.bytes + bytes.count }

    /// Appends bytes, in time that depends on their number alone.
    mutating func append(_ start: BytePointer, _ end: BytePointer, _ merger: Merger) {
        guard start < end else { return }
        var p = start
        while p < end {
            let some = min(end - p, PieceCounter.kept)
            bytes.append(contentsOf: UnsafeBufferPointer(start: p, count: some))
            p += some
            extend(merger)
            let dropped = ends.fold(keeping: PieceCounter.kept)
            folded.tokens += dropped.tokens
            folded.bytes += dropped.bytes
            bytes.removeFirst(dropped.bytes)
        }
    }

    private mutating func extend(_ merger: Merger) {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            ends.extend(base, to: buffer.count, merger)
        }
    }

    /// Takes the last character off and returns its bytes.
    mutating func removeLastCharacter(_ merger: Merger) -> [UInt8] {
        var start = bytes.count - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        guard start >= 0 else { return [] }
        let last = Array(bytes[start...])
        bytes.removeLast(last.count)
        ends.cut(to: bytes.count)
        extend(merger)
        return last
    }
}
