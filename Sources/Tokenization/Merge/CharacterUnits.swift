#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// What the bytes of a character have become before its neighbours matter: one to four tokens, found once per character.
///
/// Most characters of Chinese or Japanese are one token then, so that merging begins with a third of the steps done.
struct CharacterUnits {
    private let vocabulary: Vocabulary
    /// Blocks of 64 characters with both kinds of neighbours, made on first use.
    private let blocks: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>?>

    private static let blockCount = 0x110000 / 64

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        blocks = zeroed(Self.blockCount, of: UnsafeMutablePointer<UInt32>?.self)
    }

    func deallocate() {
        for i in 0..<Self.blockCount where blocks[i] != nil { free(blocks[i]) }
        free(blocks)
    }

    /// The tokens of the character that starts here, of this length: four places, of which unused ones are 0. A token's id plus
    /// one is in the lower 24 bits, its length in bytes above. `wide`: neither neighbour is ASCII.
    @inline(__always)
    func units(_ p: BytePointer, _ length: Int, wide: Bool) -> UnsafePointer<UInt32> {
        let code = decode(p).code
        let place = Int(truncatingIfNeeded: code & 63) &<< 3 | (wide ? 4 : 0)
        if let block = blocks[Int(truncatingIfNeeded: code >> 6)], block[place] != 0 {
            return UnsafePointer(block + place)
        }
        return make(p, length, wide, code, place)
    }

    @inline(never)
    private func make(
        _ p: BytePointer, _ length: Int, _ wide: Bool, _ code: UInt32, _ place: Int
    ) -> UnsafePointer<UInt32> {
        let block = blocks[Int(code >> 6)] ?? zeroed(512, of: UInt32.self)
        blocks[Int(code >> 6)] = block
        let limit = vocabulary.seams.limit(p, length, wide: wide)
        var parts = (0..<length).map { (id: vocabulary.byteTokens[Int(p[$0])], length: UInt32(1)) }
        while parts.count > 1 {
            let joins = (1..<parts.count).map { vocabulary.pairs.join(parts[$0 - 1].id, parts[$0].id) }
            var best = 0
            for i in joins.indices where joins[i] < joins[best] { best = i }
            if joins[best] >= limit || joins[best] == PairTable.none { break }
            parts[best] = (joins[best], parts[best].length + parts[best + 1].length)
            parts.remove(at: best + 1)
        }
        for (i, part) in parts.enumerated() where i < 4 { block[place + i] = part.id + 1 | part.length << 24 }
        return UnsafePointer(block + place)
    }
}
