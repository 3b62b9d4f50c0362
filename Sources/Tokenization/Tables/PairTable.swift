/// Which token two adjacent tokens become. Open addressing, one word per entry; a bit filter that fits the second-level cache
/// stops nearly all pairs that become nothing.
struct PairTable: @unchecked Sendable {
    // Safe: written by `init` and `insert` before the vocabulary is shared, never after.
    private let entries: UnsafeMutablePointer<UInt64>
    private let filter: UnsafeMutablePointer<UInt64>
    private let shift: UInt64
    private let mask: Int
    private let filterShift: UInt64

    /// No token: larger than every id.
    static let none = UInt32.max

    init(capacity: Int) {
        let bits = tableBits(for: capacity)
        shift = 64 - bits
        mask = 1 << bits - 1
        entries = zeroed(1 << bits, of: UInt64.self)
        // One bit in ten is set.
        let filterBits = bits + 2
        filterShift = 64 - filterBits
        filter = zeroed(1 << (filterBits - 6), of: UInt64.self)
    }

    /// Ids take 18 bits. An entry is the pair, then the id plus one, so that 0 is empty.
    @inline(__always)
    private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 18 | UInt64(right) }

    func insert(_ left: UInt32, _ right: UInt32, id: UInt32) {
        let key = Self.key(left, right)
        let hash = spread(key)
        let bit = hash >> filterShift
        filter[Int(bit >> 6)] |= 1 << (bit & 63)
        var place = Int(hash >> shift)
        while entries[place] != 0 { place = (place + 1) & mask }
        entries[place] = key << 18 | UInt64(id + 1)
    }

    /// The token that these two become, or `none`.
    @inline(__always)
    func join(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let key = Self.key(left, right)
        let hash = spread(key)
        let bit = hash >> filterShift
        if filter[Int(bit >> 6)] >> (bit & 63) & 1 == 0 { return Self.none }
        return find(key, Int(hash >> shift))
    }

    @inline(__always)
    private func find(_ key: UInt64, _ start: Int) -> UInt32 {
        var place = start
        while true {
            let entry = entries[place]
            if entry >> 18 == key, entry != 0 { return UInt32(truncatingIfNeeded: entry & 0x3FFFF) &- 1 }
            if entry == 0 { return Self.none }
            place = (place + 1) & mask
        }
    }
}
