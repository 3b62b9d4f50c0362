/// Fills the room of merging with units, from left to right.
///
/// Pairs that the filter lets pass are looked up at the end: until then no step waits for the outcome of another.
struct UnitList {
    private let room: Room
    private let pairs: PairTable
    private let byteTokens: UnsafeMutablePointer<UInt32>
    private let twoBytes: UnsafeMutablePointer<UInt32>
    private var count = 0
    private var candidates = 0
    private var last: UInt32 = 0
    /// The byte that the last unit is, for which there is a smaller table; else negative.
    private var lastByte = -1

    @inline(__always)
    init(_ room: Room, _ vocabulary: Vocabulary) {
        self.room = room
        pairs = vocabulary.pairs
        byteTokens = vocabulary.byteTokens
        twoBytes = vocabulary.twoBytes
    }

    /// Adds a single byte.
    @inline(__always)
    mutating func add(byte: UInt8, at offset: Int) {
        let id = byteTokens[Int(byte)]
        if lastByte >= 0 {
            room.set(count, id, offset, twoBytes[lastByte << 8 | Int(byte)])
            (count, last) = (count &+ 1, id)
        } else {
            add(id, at: offset)
        }
        lastByte = Int(byte)
    }

    /// Adds what a character has become: see `CharacterUnits.units`.
    @inline(__always)
    mutating func add(character units: UnsafePointer<UInt32>, at offset: Int) {
        var offset = offset
        var part = 0
        repeat {
            let unit = units[part]
            add(unit & 0xFFFFFF &- 1, at: offset)
            offset &+= Int(unit >> 24)
            part &+= 1
        } while part < 4 && units[part] != 0
        lastByte = -1
    }

    @inline(__always)
    private mutating func add(_ id: UInt32, at offset: Int) {
        room.set(count, id, offset, PairTable.none)
        room.candidates[candidates] = UInt32(truncatingIfNeeded: count)
        candidates &+= pairs.mayJoin(last, id)
        (count, last) = (count &+ 1, id)
    }

    /// Ends the list. Returns how many units there are.
    @inline(__always)
    func close() -> Int {
        for candidate in 0..<candidates { room.lookUp(Int(room.candidates[candidate]), pairs) }
        room.close(count)
        return count
    }
}
