/// How far one word is from another, for "did you mean".
public enum EditDistance {
    /// The optimal string alignment distance: insertions, deletions, replacements, and swaps of neighbours, each counted once, that
    /// lead from one word to the other. `flag` and `falg` are 1 apart, `celcius` and `celsius` 1, `a` and nothing 1. Takes time in
    /// proportion to the product of both lengths.
    public static func between(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = left[row] == right[column] ? 0 : 1
                var cost = min(last[column] + change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
