/// The tokens of a piece, or of the start of one, as the places where they end; it can be continued when the piece is longer.
///
/// Any contiguous part of a correct encoding is the correct encoding of its bytes, and two correct encodings that overlap in one
/// identical token may be glued there. So a long piece is encoded in windows, each of which begins at the end of a token, a little
/// before the end of what is done. Time is linear in the length.
struct TokenEnds: Sendable {
    private(set) var ends: [UInt32] = []

    var count: Int { ends.count }
    /// How many bytes are done.
    var length: Int { Int(ends.last ?? 0) }

    /// How far windows reach back and forward; doubled when nothing in common is found there.
    private static let reach = (back: 16, forward: 112)

    /// Continues up to `length` bytes. The first `self.length` of them are those it was made from.
    mutating func extend(_ base: BytePointer, to length: Int, _ merger: Merger) {
        var reach = Self.reach
        while self.length < length {
            let done = self.length
            let stop = min(length, done + reach.forward)
            if extendOnce(base, back: reach.back, to: stop, merger) {
                reach = Self.reach
            } else {
                reach = reach.back < 256 ? (256, 768) : (reach.back * 2, reach.forward * 2)
            }
        }
    }

    /// Encodes one window and glues it on. False: no token in common.
    private mutating func extendOnce(_ base: BytePointer, back: Int, to stop: Int, _ merger: Merger) -> Bool {
        let limit = length - back
        var index = ends.count
        while index > 0, Int(ends[index - 1]) > limit { index -= 1 }
        if index == 0 {
            ends.removeAll(keepingCapacity: true)
            merger.ends(base, stop) { end in
                ends.append(UInt32(truncatingIfNeeded: end))
                return true
            }
            return true
        }
        let start = Int(ends[index - 1])
        var (old, new) = (start, start)
        var glued = false
        merger.ends(base + start, stop - start) { end in
            let end = start + end
            if glued {
                ends.append(UInt32(truncatingIfNeeded: end))
                return true
            }
            while index < ends.count, Int(ends[index]) < end {
                old = Int(ends[index])
                index += 1
            }
            if index == ends.count { return false }
            if Int(ends[index]) == end {
                index += 1
                if old == new {
                    glued = true
                    ends.removeLast(ends.count - index)
                }
                old = end
            }
            new = end
            return true
        }
        return glued
    }

    /// Forgets what lies behind `length` bytes, down to the end of a token.
    mutating func cut(to length: Int) {
        while let last = ends.last, Int(last) > length { ends.removeLast() }
    }

    /// Whether `fold(keeping:)` would take something off.
    func isFolding(keeping kept: Int) -> Bool { length > kept * 4 }

    /// Takes off the tokens that end more than `kept` bytes before the end, when these are more than a few; places are counted
    /// from the end of the last of them then. Nothing that comes later reaches back that far.
    mutating func fold(keeping kept: Int) -> (tokens: Int, bytes: Int) {
        guard isFolding(keeping: kept) else { return (0, 0) }
        var count = ends.count
        while count > 0, Int(ends[count - 1]) > length - kept { count -= 1 }
        guard count > 0 else { return (0, 0) }
        let start = ends[count - 1]
        ends.removeFirst(count)
        for i in ends.indices { ends[i] -= start }
        return (count, Int(start))
    }
}
