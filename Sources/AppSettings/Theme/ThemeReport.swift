public import TerminalKit

/// What a check of a theme found, with its figures.
public struct ThemeReport: Sendable, Hashable {
    /// The colours of a role, and how well they can be told apart. Colours that the terminal decides are not judged.
    public struct Pair: Sendable, Hashable {
        /// What is drawn in them.
        public let role: ThemeRole
        /// The text's colour.
        public let foreground: Color
        /// The colour behind it.
        public let background: Color
        /// Their contrast, 1...21 (WCAG 2.2).
        public let contrast: Double
        /// Their contrast on a terminal with 256 colours.
        public let contrast256: Double
        /// The least contrast that such a role needs.
        public let least: Double

        /// Whether the contrast is enough.
        public var passes: Bool { contrast >= least }
    }

    /// The theme's name.
    public let name: String
    /// What is wrong, a line each: `FILE:LINE:COLUMN: scope: what`. Empty when the theme is fine.
    public let problems: [String]
    /// What is lost on poorer terminals without being wrong, a line each.
    public let notes: [String]
    /// Every pair of colours that can be judged, by scope.
    public let pairs: [Pair]

    /// The pairs as a table, a line each; only those with too little contrast unless `all`. Empty when there are none.
    public func table(all: Bool) -> [String] {
        let shown = pairs.filter { all || !$0.passes }
        guard !shown.isEmpty else { return [] }
        let rows =
            [["scope", "text", "ground", "contrast", "256 colours", "least", ""]]
            + shown.map { pair in
                [
                    pair.role.rawValue, ThemeColor.spelled(pair.foreground), ThemeColor.spelled(pair.background),
                    Self.figure(pair.contrast), Self.figure(pair.contrast256), Self.figure(pair.least),
                    pair.passes ? "" : "too low",
                ]
            }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).enumerated().map { column, cell in
                let gap = String(repeating: " ", count: cell.1 - cell.0.count)
                return (3...5).contains(column) ? gap + cell.0 : cell.0 + gap
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    /// A figure with one decimal, rounded down so that no figure looks better than it is.
    static func figure(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded(.down))
        return "\(tenths / 10).\(tenths % 10)"
    }
}
