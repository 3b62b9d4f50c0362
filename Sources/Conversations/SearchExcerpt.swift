/// A line of a text around what was looked for, with the end of the line before where a word begins its line.
public struct SearchExcerpt: Sendable, Hashable {
    /// The line, or a piece of it; at most `length` characters and an ellipsis on either side.
    public var text: String
    /// Where the words stand in it, in characters.
    public var matches: [Range<Int>]

    /// The excerpt of a text for a query. Case and marks on letters do not count. Looks at the first 256 Ki scalars; where none of
    /// the words is found, the excerpt is the first line.
    public init(of text: String, for query: SearchQuery, length: Int = 120) {
        var folding = Folding()
        let scalars = Array(text.unicodeScalars.prefix(1 << 18))
        let folded = scalars.map { folding.fold($0) }
        let words = query.words.map { $0.unicodeScalars.map { folding.fold($0) } }
        let finder = Finder(text: folded, words: words, isLiteral: query.isLiteral)
        let found = words.compactMap { finder.first($0) }.min()
        let window = finder.window(around: found ?? finder.firstVisible, length: length, isFound: found != nil)
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: scalars[window.range].map { Finder.isBreak($0.value) ? " " : $0 })
        let line = String(kept)
        let starts = Self.characterStarts(line)
        let lead = window.isCutBefore ? 1 : 0
        matches = Self.merged(
            words.flatMap { finder.all($0, in: window.range) }.compactMap { range in
                let lower = range.lowerBound - window.range.lowerBound
                let upper = range.upperBound - window.range.lowerBound
                return starts[lower] + lead..<starts[upper - 1] + 1 + lead
            })
        self.text = (window.isCutBefore ? "…" : "") + line + (window.isCutAfter ? "…" : "")
    }

    /// The number of the character that each scalar belongs to.
    private static func characterStarts(_ line: String) -> [Int] {
        var numbers: [Int] = []
        for (number, character) in line.enumerated() {
            numbers += Array(repeating: number, count: character.unicodeScalars.count)
        }
        return numbers
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
            if let last = merged.last, last.upperBound >= range.lowerBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}

/// Finds words in a folded text.
private struct Finder {
    let text: [UInt32]
    let words: [[UInt32]]
    let isLiteral: Bool

    func first(_ word: [UInt32]) -> Int? { next(word, from: 0, to: text.count) }

    func all(_ word: [UInt32], in range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = range.lowerBound
        while let at = next(word, from: start, to: range.upperBound), found.count < 64 {
            found.append(at..<at + word.count)
            start = at + word.count
        }
        return found
    }

    private func next(_ word: [UInt32], from start: Int, to end: Int) -> Int? {
        guard let head = word.first, end - start >= word.count else { return nil }
        for at in start...(end - word.count) where text[at] == head && begins(at) {
            if text[at..<at + word.count].elementsEqual(word) { return at }
        }
        return nil
    }

    /// Whether a word may begin here.
    private func begins(_ at: Int) -> Bool {
        guard !isLiteral, at > 0, let before = Unicode.Scalar(text[at - 1]) else { return true }
        return !Script.isWordPart(before)
    }

    /// The first character that is no blank; 0 when there is none.
    var firstVisible: Int { text.firstIndex { $0 > 0x20 } ?? 0 }

    static func isBreak(_ scalar: UInt32) -> Bool {
        scalar == 0x0A || scalar == 0x0D || scalar == 0x2028 || scalar == 0x2029
    }

    /// The piece of a text around a place. Where a word that was found begins its line, the piece begins some words before.
    func window(
        around at: Int, length: Int, isFound: Bool
    ) -> (range: Range<Int>, isCutBefore: Bool, isCutAfter: Bool) {
        var lower = at
        while lower > 0, !Self.isBreak(text[lower - 1]), at - lower < length / 3 { lower -= 1 }
        var isCutBefore = lower > 0 && !Self.isBreak(text[lower - 1])
        if isFound, !isCutBefore, text[lower..<at].allSatisfy(Self.isBlank) {
            lower = min(lower, max(firstVisible, at - length / 4))
            isCutBefore = lower > firstVisible
        }
        // No half a word at the beginning, unless nothing else is there.
        if isCutBefore, !Self.isBlank(text[lower - 1]), let blank = text[lower..<at].firstIndex(where: Self.isBlank),
            !text[blank..<at].allSatisfy(Self.isBlank)
        {
            lower = blank
        }
        while lower < at, let scalar = Unicode.Scalar(text[lower]),
            scalar.properties.isWhitespace || (isCutBefore && Self.continues(scalar))
        { lower += 1 }
        var upper = at
        while upper < text.count, !Self.isBreak(text[upper]), upper - lower < length { upper += 1 }
        return (lower..<upper, isCutBefore, upper < text.count && !Self.isBreak(text[upper]))
    }

    private static func isBlank(_ scalar: UInt32) -> Bool {
        Unicode.Scalar(scalar)?.properties.isWhitespace ?? false
    }

    private static func continues(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isGraphemeExtend || scalar.value == 0x200D
    }
}

/// Letters without case and marks.
private struct Folding {
    private var known: [UInt32: UInt32] = [:]

    mutating func fold(_ scalar: Unicode.Scalar) -> UInt32 {
        let value = scalar.value
        if value < 0x80 { return value >= 0x41 && value <= 0x5A ? value | 0x20 : value }
        if let folded = known[value] { return folded }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
        let folded = Marks.base(of: lower).value
        known[value] = folded
        return folded
    }
}

/// Letters under their marks.
private enum Marks {
    /// The letter without its marks. Strings that are equal in Swift are so by their decomposition, of which this is the first letter.
    static func base(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard
            (0xC0...0x24F).contains(scalar.value) || (0x1E00...0x1FFF).contains(scalar.value)
                || (0x370...0x4FF).contains(scalar.value)
        else { return scalar }
        let name = scalar.properties.name ?? ""
        guard let cut = name.firstRange(of: " WITH ") else { return scalar }
        return letters[String(name[..<cut.lowerBound])] ?? scalar
    }

    private static let letters: [String: Unicode.Scalar] = {
        var letters: [String: Unicode.Scalar] = [:]
        for value in Array(UInt32(0x61)...0x7A) + Array(0x3B1...0x3C9) + Array(0x430...0x45F) {
            if let scalar = Unicode.Scalar(value), let name = scalar.properties.name { letters[name] = scalar }
        }
        return letters
    }()
}
