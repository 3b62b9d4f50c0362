/// Byte-pair merging: joins, again and again, the adjacent pair whose join has the smallest id, the leftmost of equals.
///
/// Units stay at the place of their first part; a joined one is skipped by the links. `ranks` holds, for the pair that starts at
/// a place, the id of its join above the place itself, so that one minimum finds both, and the leftmost first.
final class Merger {
    private let vocabulary: Vocabulary
    private let characters: CharacterUnits
    private var room: Room

    /// Up to here a plain search for the least rank is faster than blocks.
    private static let few = 24

    init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
        characters = CharacterUnits(vocabulary)
        room = Room(512)
    }

    deinit {
        characters.deallocate()
        room.deallocate()
    }

    /// The number of tokens of a piece, or of a part of one that begins and ends anywhere.
    func count(_ p: BytePointer, _ length: Int) -> Int {
        let room = prepared(length)
        let units = fill(p, length, room)
        return units <= Self.few ? mergeFew(units, room) : mergeMany(units, room)
    }

    /// The same, and calls `body` with the end of each token, counted from `p`, until it returns false.
    @inline(__always)
    func ends(_ p: BytePointer, _ length: Int, _ body: (Int) -> Bool) {
        let room = prepared(length)
        let units = fill(p, length, room)
        _ = units <= Self.few ? mergeFew(units, room) : mergeMany(units, room)
        var i = 0
        while i < units {
            i = Int(room.next[i])
            if !body(i < units ? Int(room.offsets[i]) : length) { return }
        }
    }

    private func prepared(_ length: Int) -> Room {
        if length > room.capacity {
            room.deallocate()
            room = Room(max(length, 8192))
        }
        return room
    }

    /// The units to begin with, and the ranks of their pairs. Returns how many.
    private func fill(_ p: BytePointer, _ length: Int, _ room: Room) -> Int {
        var units = UnitList(room, vocabulary)
        var i = 0
        while i < length {
            let byte = p[i]
            let size = byte < 0xC0 ? 1 : CharacterSeams.length(byte)
            if size == 1 || i + size > length {
                units.add(byte: byte, at: i)
                i += 1
            } else {
                let wide = (i == 0 || p[i - 1] >= 0x80) && (i + size == length || p[i + size] >= 0x80)
                units.add(character: characters.units(p + i, size, wide: wide), at: i)
                i += size
            }
        }
        return units.close()
    }

    /// Merges up to `few` units: a plain search for the minimum. Returns how many are left.
    private func mergeFew(_ count: Int, _ room: Room) -> Int {
        let pairs = vocabulary.pairs
        let ranks = room.ranks
        var left = count
        let padded = (count + 3) & ~3
        while true {
            var (a, b, c, d) = (ranks[0], ranks[1], ranks[2], ranks[3])
            var i = 4
            while i < padded {
                a = min(a, ranks[i])
                b = min(b, ranks[i + 1])
                c = min(c, ranks[i + 2])
                d = min(d, ranks[i + 3])
                i += 4
            }
            let least = min(min(a, b), min(c, d))
            if least >= Room.noRank { return left }
            _ = room.join(least, count, pairs)
            left -= 1
        }
    }

    /// Merges any number of units: minima of blocks of 16, of which only those that changed are searched again.
    private func mergeMany(_ count: Int, _ room: Room) -> Int {
        let pairs = vocabulary.pairs
        let blocks = room.blocks
        let blockCount = (count + 15) >> 4
        for block in 0..<blockCount { blocks[block] = room.least(ofBlock: block) }
        var left = count
        while true {
            var least = blocks[0]
            for block in 1..<blockCount { least = min(least, blocks[block]) }
            if least >= Room.noRank { return left }
            let (place, gone, previous) = room.join(least, count, pairs)
            left -= 1
            let (first, second, third) = (place >> 4, gone >> 4, previous >> 4)
            blocks[first] = room.least(ofBlock: first)
            if second != first { blocks[second] = room.least(ofBlock: second) }
            if third != first { blocks[third] = room.least(ofBlock: third) }
        }
    }
}
