/// The arrays that merging works in.
struct Room {
    let capacity: Int
    let ids: UnsafeMutablePointer<UInt32>
    /// Where each unit begins in the piece.
    let offsets: UnsafeMutablePointer<UInt32>
    let next: UnsafeMutablePointer<UInt32>
    let previous: UnsafeMutablePointer<UInt32>
    let ranks: UnsafeMutablePointer<UInt64>
    /// Units whose pair with the one before is still to be looked up.
    let candidates: UnsafeMutablePointer<UInt32>
    /// The least rank of every 16.
    let blocks: UnsafeMutablePointer<UInt64>

    /// Ranks from here on are none.
    static let noRank = UInt64(PairTable.none) << 32

    /// For pieces of this many bytes.
    init(_ capacity: Int) {
        self.capacity = capacity
        let padded = (capacity + 32) & ~15
        ids = .allocate(capacity: padded)
        offsets = .allocate(capacity: padded)
        next = .allocate(capacity: padded)
        previous = .allocate(capacity: padded)
        ranks = .allocate(capacity: padded)
        candidates = .allocate(capacity: padded)
        blocks = .allocate(capacity: padded >> 4 + 1)
    }

    func deallocate() {
        ids.deallocate()
        offsets.deallocate()
        next.deallocate()
        previous.deallocate()
        ranks.deallocate()
        candidates.deallocate()
        blocks.deallocate()
    }

    /// Adds a unit, and the join of the one before it with it.
    @inline(__always)
    func set(_ place: Int, _ id: UInt32, _ offset: Int, _ join: UInt32) {
        ids[place] = id
        offsets[place] = UInt32(truncatingIfNeeded: offset)
        next[place] = UInt32(truncatingIfNeeded: place &+ 1)
        previous[place] = UInt32(truncatingIfNeeded: place &- 1)
        if place > 0 { ranks[place - 1] = UInt64(join) << 32 | UInt64(truncatingIfNeeded: place - 1) }
    }

    /// Looks up the pair of this unit with the one before it.
    @inline(__always)
    func lookUp(_ place: Int, _ pairs: PairTable) {
        // The first unit has none before it.
        guard place > 0 else { return }
        let join = pairs.find(ids[place - 1], ids[place])
        ranks[place - 1] = UInt64(join) << 32 | UInt64(truncatingIfNeeded: place - 1)
    }

    /// Ends the list of one unit and more: nothing pairs with what follows the last one, up to the end of its block.
    @inline(__always)
    func close(_ count: Int) {
        for i in (count - 1)..<((count + 15) & ~15) { ranks[i] = UInt64.max }
    }

    /// Joins the pair of this rank. Returns its place, the place that is gone and the place before (its own when there is none).
    @inline(__always)
    func join(_ rank: UInt64, _ count: Int, _ pairs: PairTable) -> (Int, Int, Int) {
        let place = Int(truncatingIfNeeded: rank & 0xFFFF_FFFF)
        let id = UInt32(truncatingIfNeeded: rank >> 32)
        let gone = Int(next[place])
        let after = Int(next[gone])
        ids[place] = id
        next[place] = UInt32(truncatingIfNeeded: after)
        ranks[gone] = UInt64.max
        if after < count {
            previous[after] = UInt32(truncatingIfNeeded: place)
            ranks[place] = UInt64(pairs.join(id, ids[after])) << 32 | UInt64(truncatingIfNeeded: place)
        } else {
            ranks[place] = UInt64.max
        }
        if place == 0 { return (place, gone, place) }
        let before = Int(previous[place])
        ranks[before] = UInt64(pairs.join(ids[before], id)) << 32 | UInt64(truncatingIfNeeded: before)
        return (place, gone, before)
    }

    @inline(__always)
    func least(ofBlock block: Int) -> UInt64 {
        let first = ranks + block << 4
        var (a, b, c, d) = (first[0], first[1], first[2], first[3])
        var i = 4
        while i < 16 {
            a = min(a, first[i])
            b = min(b, first[i + 1])
            c = min(c, first[i + 2])
            d = min(d, first[i + 3])
            i += 4
        }
        return min(min(a, b), min(c, d))
    }
}
