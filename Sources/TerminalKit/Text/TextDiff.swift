/// What two texts have in common and what not, word by word, for showing them side by side.
///
/// Shortest edits by Myers's algorithm in linear space ("An O(ND) difference algorithm and its variations", 1986), with a
/// bound on work: texts that differ too much are compared by lines, and those that differ too much for that not at all.
public struct TextDiff: Sendable, Hashable {
    /// What became of a piece.
    public enum Kind: UInt8, Sendable, Hashable {
        /// In both texts.
        case equal
        /// In the old text only.
        case removed
        /// In the new text only.
        case added
    }

    /// A piece. Removed pieces stand before what was added in their place.
    public struct Run: Sendable, Hashable {
        /// What became of it.
        public let kind: Kind
        /// Its UTF-8 offsets in the old text; empty when it was added.
        public let old: Range<Int>
        /// Its UTF-8 offsets in the new text; empty when it was removed.
        public let new: Range<Int>

        /// A piece.
        public init(_ kind: Kind, old: Range<Int>, new: Range<Int>) {
            self.kind = kind
            self.old = old
            self.new = new
        }
    }

    /// How closely the texts were compared.
    public enum Precision: UInt8, Sendable, Hashable {
        /// By words, spaces and marks; by character where a script has no spaces.
        case words
        /// By lines, and by words inside changed lines as far as work was left.
        case lines
        /// Not at all: beginning and end that are equal, all between them different.
        case ends
    }

    /// All pieces in order: those that are equal or removed make the old text, those that are equal or added the new one.
    public let runs: [Run]
    /// How closely the texts were compared.
    public let precision: Precision

    /// Steps of comparing that are allowed unless told otherwise: some 20 ms.
    public static let defaultWork = 4_000_000

    /// Compares two texts in at most about `work` steps (words, lines: each gets as many) and with memory linear in the
    /// texts. Equal is what has the same bytes.
    public init(from old: String, to new: String, work: Int = defaultWork) {
        var (old, new) = (old, new)
        (runs, precision) = old.withUTF8 { oldBytes in
            new.withUTF8 { newBytes in
                Self.compare(DiffText(oldBytes), DiffText(newBytes), work: work)
            }
        }
    }

    private static func compare(_ old: DiffText, _ new: DiffText, work: Int) -> ([Run], Precision) {
        var names = DiffNames(old: old.bytes, new: new.bytes)
        let words = (DiffTokens(old, .words, isNew: false, &names), DiffTokens(new, .words, isNew: true, &names))
        var comparison = DiffComparison(words.0.names, words.1.names, work: work)
        if comparison.run() { return (pieces(words.0, words.1, comparison), .words) }

        var lineNames = DiffNames(old: old.bytes, new: new.bytes)
        let lines = (
            DiffTokens(old, .lines, isNew: false, &lineNames), DiffTokens(new, .lines, isNew: true, &lineNames)
        )
        var lineComparison = DiffComparison(lines.0.names, lines.1.names, work: work)
        if lineComparison.run() {
            let coarse = pieces(lines.0, lines.1, lineComparison)
            return (refined(coarse, words.0, words.1, work: work), .lines)
        }
        return (ends(old, new, words.0, words.1), .ends)
    }

    /// The pieces that marks of removed and added tokens say; alike neighbours become one.
    private static func pieces(_ old: DiffTokens, _ new: DiffTokens, _ comparison: DiffComparison) -> [Run] {
        var builder = DiffRuns()
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            let (startI, startJ) = (i, j)
            while i < old.count, comparison.removed[i] { i += 1 }
            while j < new.count, comparison.added[j] { j += 1 }
            builder.change(old: old.range(startI..<i), new: new.range(startJ..<j))
            let (equalI, equalJ) = (i, j)
            while i < old.count, j < new.count, !comparison.removed[i], !comparison.added[j] {
                i += 1
                j += 1
            }
            let isChangedBefore = i > equalI && startI < equalI && startJ < equalJ
            let isChangedAfter = i < old.count && j < new.count && comparison.removed[i] && comparison.added[j]
            if isChangedBefore, isChangedAfter, old.isBlank(equalI..<i) {
                // A blank between two replaced words is replaced with them: `a b` for `x y` is one change, not three.
                builder.change(old: old.range(equalI..<i), new: new.range(equalJ..<j))
            } else {
                builder.equal(old: old.range(equalI..<i), new: new.range(equalJ..<j))
            }
        }
        return builder.finished()
    }

    /// Changed lines compared by words, as long as work is left.
    private static func refined(_ coarse: [Run], _ old: DiffTokens, _ new: DiffTokens, work: Int) -> [Run] {
        var builder = DiffRuns()
        var left = work
        var index = 0
        while index < coarse.count {
            let run = coarse[index]
            let next = index + 1 < coarse.count ? coarse[index + 1] : nil
            guard run.kind == .removed, let next, next.kind == .added else {
                builder.add(run)
                index += 1
                continue
            }
            index += 2
            let parts = (old.part(run.old), new.part(next.new))
            var comparison = DiffComparison(parts.0.names, parts.1.names, work: left)
            if comparison.run() {
                for piece in pieces(parts.0, parts.1, comparison) { builder.add(piece) }
            } else {
                builder.change(old: run.old, new: next.new)
            }
            left = comparison.work
        }
        return builder.finished()
    }

    /// Equal words at both ends, everything between them changed.
    private static func ends(_ old: DiffText, _ new: DiffText, _ a: DiffTokens, _ b: DiffTokens) -> [Run] {
        let most = min(a.count, b.count)
        var start = 0
        while start < most, a.names[start] == b.names[start] { start += 1 }
        var end = 0
        while end < most - start, a.names[a.count - 1 - end] == b.names[b.count - 1 - end] { end += 1 }
        var builder = DiffRuns()
        builder.equal(old: a.range(0..<start), new: b.range(0..<start))
        builder.change(old: a.range(start..<a.count - end), new: b.range(start..<b.count - end))
        builder.equal(old: a.range(a.count - end..<a.count), new: b.range(b.count - end..<b.count))
        return builder.finished()
    }
}

/// Pieces as they are found.
private struct DiffRuns {
    private var runs: [TextDiff.Run] = []
    private var old = 0..<0
    private var new = 0..<0

    /// Adds a piece that is in both texts.
    mutating func equal(old: Range<Int>, new: Range<Int>) {
        guard !old.isEmpty else { return }
        flush()
        if let last = runs.last, last.kind == .equal {
            runs[runs.count - 1] = TextDiff.Run(
                .equal, old: last.old.lowerBound..<old.upperBound, new: last.new.lowerBound..<new.upperBound)
        } else {
            runs.append(TextDiff.Run(.equal, old: old, new: new))
        }
        (self.old, self.new) = (old.upperBound..<old.upperBound, new.upperBound..<new.upperBound)
    }

    /// Adds a change that follows what is there.
    mutating func change(old: Range<Int>, new: Range<Int>) {
        self.old = self.old.lowerBound..<max(self.old.upperBound, old.upperBound)
        self.new = self.new.lowerBound..<max(self.new.upperBound, new.upperBound)
    }

    mutating func add(_ run: TextDiff.Run) {
        run.kind == .equal ? equal(old: run.old, new: run.new) : change(old: run.old, new: run.new)
    }

    private mutating func flush() {
        if !old.isEmpty { runs.append(TextDiff.Run(.removed, old: old, new: new.lowerBound..<new.lowerBound)) }
        if !new.isEmpty { runs.append(TextDiff.Run(.added, old: old.upperBound..<old.upperBound, new: new)) }
    }

    mutating func finished() -> [TextDiff.Run] {
        flush()
        return runs
    }
}
