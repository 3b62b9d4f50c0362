/// What is wrong with a scenario file, and where.
public struct ScenarioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's name as it was given.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in characters, from 1.
    public var column: Int
    /// What is wrong and, where a word looks mistyped, what may have been meant.
    public var message: String

    /// An error at a place.
    public init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: message`.
    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// The word of a list that a mistyped one most likely stands for; nil when none is near.
///
/// Near means a Damerau-Levenshtein distance (optimal string alignment) of at most 2, and less than the word's
/// length: "replly" finds "reply", "wiat" finds "wait", "xx" finds nothing.
func nearest(to word: String, among known: [String]) -> String? {
    guard word.count <= 32 else { return nil }
    let scored = known.map { (name: $0, distance: editDistance(Array(word), Array($0))) }
    guard let best = scored.min(by: { $0.distance < $1.distance }), best.distance <= 2 else { return nil }
    return best.distance < word.count ? best.name : nil
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var rows = [Array(0...right.count)]
    for (row, a) in left.enumerated() {
        var current = [row + 1]
        for (column, b) in right.enumerated() {
            var best = min(rows[row][column + 1] + 1, current[column] + 1, rows[row][column] + (a == b ? 0 : 1))
            if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
                best = min(best, rows[row - 1][column - 1] + 1)
            }
            current.append(best)
        }
        rows.append(current)
    }
    return rows[left.count][right.count]
}
