/// The shortest edits from one list of numbers to another, found from both ends at once (Myers 1986, section 4b).
struct DiffComparison {
    private let old: [Int32]
    private let new: [Int32]
    /// Steps that may still be taken.
    private(set) var work: Int
    /// Which of the old are not in the new.
    private(set) var removed: [Bool]
    /// Which of the new are not in the old.
    private(set) var added: [Bool]
    /// By diagonal: how far into the old list edits from the beginning, and from the end, have come.
    private var forward: [Int]
    private var backward: [Int]
    private let middle: Int

    init(_ old: [Int32], _ new: [Int32], work: Int) {
        self.old = old
        self.new = new
        self.work = work
        removed = Array(repeating: false, count: old.count)
        added = Array(repeating: false, count: new.count)
        middle = new.count + 1
        forward = Array(repeating: 0, count: old.count + new.count + 3)
        backward = forward
    }

    /// Compares. False when work ran out; the marks are of no use then.
    mutating func run() -> Bool { compare(0..<old.count, 0..<new.count) }

    private mutating func compare(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        var (a0, a1, b0, b1) = (a.lowerBound, a.upperBound, b.lowerBound, b.upperBound)
        while a0 < a1, b0 < b1, old[a0] == new[b0] {
            a0 += 1
            b0 += 1
        }
        while a0 < a1, b0 < b1, old[a1 - 1] == new[b1 - 1] {
            a1 -= 1
            b1 -= 1
        }
        work -= a.count - (a1 - a0)
        if a0 == a1 {
            for index in b0..<b1 { added[index] = true }
            return true
        }
        if b0 == b1 {
            for index in a0..<a1 { removed[index] = true }
            return true
        }
        guard let (x, y) = split(a0..<a1, b0..<b1) else { return false }
        return compare(a0..<x, b0..<y) && compare(x..<a1, y..<b1)
    }

    /// A place on a shortest path, near its middle; nil when work ran out.
    private mutating func split(_ a: Range<Int>, _ b: Range<Int>) -> (Int, Int)? {
        let lowest = a.lowerBound - b.upperBound
        let highest = a.upperBound - b.lowerBound
        var ahead = Span(a.lowerBound - b.lowerBound)
        var back = Span(a.upperBound - b.upperBound)
        let meetsForward = (ahead.low - back.low) & 1 != 0
        forward[ahead.low + middle] = a.lowerBound
        backward[back.low + middle] = a.upperBound
        while work > 0 {
            ahead.widen(lowest, highest, &forward, outside: -1, middle)
            for diagonal in stride(from: ahead.high, through: ahead.low, by: -2) {
                let x = advance(diagonal, a, b)
                if meetsForward, back.contains(diagonal), backward[diagonal + middle] <= x { return (x, x - diagonal) }
            }
            back.widen(lowest, highest, &backward, outside: .max, middle)
            for diagonal in stride(from: back.high, through: back.low, by: -2) {
                let x = retreat(diagonal, a, b)
                if !meetsForward, ahead.contains(diagonal), x <= forward[diagonal + middle] { return (x, x - diagonal) }
            }
        }
        return nil
    }

    private mutating func advance(_ diagonal: Int, _ a: Range<Int>, _ b: Range<Int>) -> Int {
        let (left, right) = (forward[diagonal + middle - 1], forward[diagonal + middle + 1])
        var x = left >= right ? left + 1 : right
        let start = x
        while x < a.upperBound, x - diagonal < b.upperBound, old[x] == new[x - diagonal] { x += 1 }
        forward[diagonal + middle] = x
        work -= 1 + x - start
        return x
    }

    private mutating func retreat(_ diagonal: Int, _ a: Range<Int>, _ b: Range<Int>) -> Int {
        let (left, right) = (backward[diagonal + middle - 1], backward[diagonal + middle + 1])
        var x = left < right ? left : right - 1
        let start = x
        while x > a.lowerBound, x - diagonal > b.lowerBound, old[x - 1] == new[x - diagonal - 1] { x -= 1 }
        backward[diagonal + middle] = x
        work -= 1 + start - x
        return x
    }

    /// Diagonals that were reached.
    private struct Span {
        var low: Int
        var high: Int

        init(_ diagonal: Int) { (low, high) = (diagonal, diagonal) }

        func contains(_ diagonal: Int) -> Bool { low <= diagonal && diagonal <= high }

        /// One more on each side; at the border of the square one less, since the next round has the other parity.
        mutating func widen(
            _ lowest: Int, _ highest: Int, _ reached: inout [Int], outside: Int, _ middle: Int
        ) {
            if low > lowest {
                low -= 1
                reached[low + middle - 1] = outside
            } else {
                low += 1
            }
            if high < highest {
                high += 1
                reached[high + middle + 1] = outside
            } else {
                high -= 1
            }
        }
    }
}
