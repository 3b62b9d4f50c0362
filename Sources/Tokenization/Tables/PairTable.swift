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

    init(capacity: Int, _ memory: inout TableMemory) {
        let bits = tableBits(for: capacity)
        shift = 64 - bits
        mask = 1 << bits - 1
        entries = memory.zeroed(1 << bits, of: UInt64.self)
        // One bit in ten is set.
        let filterBits = bits + 2
        filterShift = 64 - filterBits
        filter = memory.zeroed(1 << (filterBits - 6), of: UInt64.self)
    }

    /// Ids take 18 bits. An entry is the pair, then the id plus one, so that 0 is empty.
    @inline(__always)
    private static func key(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 18 | UInt64(right) }

    func insert(_ left: UInt32, _ right: UInt32, id: UInt32) {
        let key = Self.key(left, right)
        let hash = spread(key)
        let bit = hash &>> filterShift
        filter[Int(bit >> 6)] |= 1 &<< bit
        var place = Int(truncatingIfNeeded: hash &>> shift)
        while entries[place] != 0 { place = (place &+ 1) & mask }
        entries[place] = key << 18 | UInt64(id + 1)
    }

    /// 1 when these two may become a token, 0 when they do not.
    @inline(__always)
    func mayJoin(_ left: UInt32, _ right: UInt32) -> Int {
        let bit = spread(Self.key(left, right)) &>> filterShift
        return Int(truncatingIfNeeded: filter[Int(truncatingIfNeeded: bit >> 6)] &>> bit & 1)
    }

    /// The token that these two become, or `none`.
    @inline(__always)
    func join(_ left: UInt32, _ right: UInt32) -> UInt32 {
        mayJoin(left, right) == 0 ? Self.none : find(left, right)
    }

    /// The same, for two that may become one.
    @inline(__always)
    func find(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let key = Self.key(left, right)
        var place = Int(truncatingIfNeeded: spread(key) &>> shift)
        while true {
            let entry = entries[place]
            if entry >> 18 == key, entry != 0 { return UInt32(truncatingIfNeeded: entry & 0x3FFFF) &- 1 }
            if entry == 0 { return Self.none }
            place = (place &+ 1) & mask
        }
    }
}
