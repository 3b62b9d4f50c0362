/// Pairs things of two kinds so that as many as possible have a partner that fits.
enum BipartiteMatching {
    /// For each on the left its partner on the right; nil = none. `fits[left]` are those that fit, in the order of preference.
    /// Kuhn's algorithm: time in proportion to the number of those on the left times the number of pairs that fit.
    static func maximum(_ fits: [[Int]]) -> [Int?] {
        var partners: [Int: Int] = [:]
        for left in fits.indices {
            var tried: Set<Int> = []
            _ = place(left, fits, &tried, &partners)
        }
        var result = [Int?](repeating: nil, count: fits.count)
        for (right, left) in partners { result[left] = right }
        return result
    }

    /// Finds a partner for one, moving others to another of theirs where that helps.
    private static func place(
        _ left: Int, _ fits: [[Int]], _ tried: inout Set<Int>, _ partners: inout [Int: Int]
    ) -> Bool {
        for right in fits[left] where tried.insert(right).inserted {
            if let other = partners[right], !place(other, fits, &tried, &partners) { continue }
            partners[right] = left
            return true
        }
        return false
    }

    /// The most pairs of which none crosses another: both sides keep their order.
    static func inOrder(_ fits: [[Int]], count: Int) -> [Int?] {
        let isFit = fits.map { Set($0) }
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: count + 1), count: fits.count + 1)
        for left in fits.indices.reversed() {
            for right in (0..<count).reversed() {
                lengths[left][right] =
                    isFit[left].contains(right)
                    ? lengths[left + 1][right + 1] + 1 : max(lengths[left + 1][right], lengths[left][right + 1])
            }
        }
        var result = [Int?](repeating: nil, count: fits.count)
        var (left, right) = (0, 0)
        while left < fits.count, right < count {
            if isFit[left].contains(right) {
                result[left] = right
                (left, right) = (left + 1, right + 1)
            } else if lengths[left + 1][right] >= lengths[left][right + 1] {
                left += 1
            } else {
                right += 1
            }
        }
        return result
    }
}
