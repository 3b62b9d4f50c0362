/// The tokens that end or begin inside a character and reach into its neighbour.
///
/// Merges go by rising id. So every merge inside a character whose id is smaller than that of each token which could take a part
/// of this character to its neighbour happens before anything outside can interfere, and may be done beforehand.
struct CharacterSeams: Sendable {
    /// Smallest id by the part of the character, first with any neighbour, then with neighbours that are not ASCII.
    private var parts: [UInt32: (any: UInt32, wide: UInt32)] = [:]

    /// Notes a token of two bytes and more.
    mutating func note(_ p: BytePointer, _ length: Int, id: UInt32) {
        // A proper end of a character, then the start of the next one.
        var count = 0
        while count < length, count < 4, p[count] & 0xC0 == 0x80 { count += 1 }
        if count > 0, count < 4, count < length { add(p, count, isEnd: true, neighbour: p[count], id) }
        // The end of the character before, then a proper start of one.
        var start = length - 1
        while start > 0, p[start] & 0xC0 == 0x80, length - start < 4 { start -= 1 }
        let lead = p[start]
        if start > 0, lead >= 0xC0, length - start < Self.length(lead) {
            add(p + start, length - start, isEnd: false, neighbour: p[start - 1], id)
        }
    }

    private mutating func add(_ p: BytePointer, _ count: Int, isEnd: Bool, neighbour: UInt8, _ id: UInt32) {
        let key = Self.key(p, count, isEnd: isEnd)
        var least = parts[key] ?? (PairTable.none, PairTable.none)
        least.any = min(least.any, id)
        if neighbour >= 0x80 { least.wide = min(least.wide, id) }
        parts[key] = least
    }

    private static func key(_ p: BytePointer, _ count: Int, isEnd: Bool) -> UInt32 {
        var key: UInt32 = isEnd ? 1 : 0
        for i in 0..<count { key = key << 8 | UInt32(p[i]) }
        return key << 2 | UInt32(count)
    }

    /// The bytes of a character that begins so.
    @inline(__always)
    static func length(_ lead: UInt8) -> Int { lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    /// Merges inside this character are safe below this id. `wide`: neither neighbour is ASCII.
    func limit(_ p: BytePointer, _ length: Int, wide: Bool) -> UInt32 {
        var least = PairTable.none
        for count in 1..<max(length, 2) {
            for (part, isEnd) in [(p, false), (p + length - count, true)] {
                guard let found = parts[Self.key(part, count, isEnd: isEnd)] else { continue }
                least = min(least, wide ? found.wide : found.any)
            }
        }
        return least
    }
}
