/// Which pieces are tokens as a whole. The key alone decides, without a look at the token's bytes: a piece of up to 7 bytes is
/// one word, of 8 to 15 bytes two words, each with its length in the top byte. Longer ones are compared.
struct PieceTable: @unchecked Sendable {
    // Safe: written by `init` and `insert` before the vocabulary is shared, never after.
    private let short: UnsafeMutablePointer<UInt64>
    private let shortIDs: UnsafeMutablePointer<UInt32>
    private let shortShift: UInt64
    private let medium: UnsafeMutablePointer<UInt64>
    private let mediumIDs: UnsafeMutablePointer<UInt32>
    private let mediumShift: UInt64
    /// Token ids plus one.
    private let long: UnsafeMutablePointer<UInt32>
    private let longShift: UInt64
    private let bytes: BytePointer
    private let starts: UnsafePointer<UInt32>

    /// `starts` has one entry for each token and one for the end of all; each token's `bytes` begin there.
    init(bytes: BytePointer, starts: UnsafePointer<UInt32>, count: Int, _ memory: inout TableMemory) {
        self.bytes = bytes
        self.starts = starts
        var counts = (short: 0, medium: 0, long: 0)
        for id in 0..<count {
            switch starts[id + 1] - starts[id] {
            case ...7: counts.short += 1
            case ...15: counts.medium += 1
            default: counts.long += 1
            }
        }
        let bits = (tableBits(for: counts.short), tableBits(for: counts.medium), tableBits(for: counts.long))
        short = memory.zeroed(1 << bits.0, of: UInt64.self)
        shortIDs = memory.zeroed(1 << bits.0, of: UInt32.self)
        shortShift = 64 - bits.0
        medium = memory.zeroed(2 << bits.1, of: UInt64.self)
        mediumIDs = memory.zeroed(1 << bits.1, of: UInt32.self)
        mediumShift = 64 - bits.1
        long = memory.zeroed(1 << bits.2, of: UInt32.self)
        longShift = 64 - bits.2
        for id in 0..<count { insert(UInt32(id)) }
    }

    private func insert(_ id: UInt32) {
        let p = bytes + Int(starts[Int(id)])
        let length = Int(starts[Int(id) + 1] - starts[Int(id)])
        if length <= 7 {
            let key = PieceKey.short(p, length)
            let mask = 1 &<< Int(truncatingIfNeeded: 64 &- shortShift) &- 1
            var place = Int(truncatingIfNeeded: spread(key) &>> shortShift)
            while short[place] != 0 { place = (place &+ 1) & mask }
            short[place] = key
            shortIDs[place] = id
        } else if length <= 15 {
            let (low, high) = PieceKey.medium(p, length)
            let mask = 1 &<< Int(truncatingIfNeeded: 64 &- mediumShift) &- 1
            var place = Int(truncatingIfNeeded: spread(low, high) &>> mediumShift)
            while medium[place &* 2 &+ 1] != 0 { place = (place &+ 1) & mask }
            medium[place &* 2] = low
            medium[place &* 2 &+ 1] = high
            mediumIDs[place] = id
        } else {
            let mask = 1 &<< Int(truncatingIfNeeded: 64 &- longShift) &- 1
            var place = Int(PieceKey.hash(p, length) &>> longShift)
            while long[place] != 0 { place = (place &+ 1) & mask }
            long[place] = id + 1
        }
    }

    /// The token that is this piece of up to 7 bytes, or `PairTable.none`.
    @inline(__always)
    func token(short key: UInt64) -> UInt32 {
        let mask = 1 &<< Int(truncatingIfNeeded: 64 &- shortShift) &- 1
        var place = Int(truncatingIfNeeded: spread(key) &>> shortShift)
        while true {
            if short[place] == key { return shortIDs[place] }
            if short[place] == 0 { return PairTable.none }
            place = (place &+ 1) & mask
        }
    }

    /// The token that is this piece of 8 to 15 bytes, or `PairTable.none`.
    @inline(__always)
    func token(low: UInt64, high: UInt64) -> UInt32 {
        let mask = 1 &<< Int(truncatingIfNeeded: 64 &- mediumShift) &- 1
        var place = Int(truncatingIfNeeded: spread(low, high) &>> mediumShift)
        while true {
            let found = medium[place &* 2 &+ 1]
            if found == high, medium[place &* 2] == low { return mediumIDs[place] }
            if found == 0 { return PairTable.none }
            place = (place &+ 1) & mask
        }
    }

    /// The token that is this piece of 16 bytes and more, or `PairTable.none`.
    func token(long p: BytePointer, _ length: Int) -> UInt32 {
        let mask = 1 &<< Int(truncatingIfNeeded: 64 &- longShift) &- 1
        var place = Int(PieceKey.hash(p, length) &>> longShift)
        while long[place] != 0 {
            let id = Int(long[place] - 1)
            let start = Int(starts[id])
            if Int(starts[id + 1]) - start == length, PieceKey.equal(bytes + start, p, length) { return UInt32(id) }
            place = (place &+ 1) & mask
        }
        return PairTable.none
    }

    /// The token that is this piece, or `PairTable.none`.
    func token(_ p: BytePointer, _ length: Int) -> UInt32 {
        if length <= 7 { return token(short: PieceKey.short(p, length)) }
        if length <= 15 {
            let (low, high) = PieceKey.medium(p, length)
            return token(low: low, high: high)
        }
        return token(long: p, length)
    }
}
