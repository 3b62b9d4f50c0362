/// How well a query fits a text as a subsequence, and where.
///
/// Each matched character scores 16; one that follows a matched one 8 more, one that begins a word 10 more (after a
/// separator or at a change to upper case), the text's first one 4 on top, one in the very case typed 1 more. Each
/// character skipped between two matched ones costs 1, at most 12 a gap. Of all ways to match, the best counts. Case
/// matters only when the query has an upper-case letter.
///
/// Sample values: "tt" fits "toggle theme" better than "attach"; "xyz" does not fit "xy".
public struct FuzzyMatch: Sendable, Hashable {
    /// The higher the better; comparable for one query only.
    public let score: Int
    /// The matched characters of the candidate, ascending offsets in `Character`s.
    public let positions: [Int]

    /// Longer texts are matched in their first part only.
    private static let mostCharacters = 512

    /// Matches every word of a query; nil when one does not fit. An empty query fits everything with score 0.
    public static func match(_ query: String, in candidate: String) -> FuzzyMatch? {
        let words = query.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty else { return FuzzyMatch(score: 0, positions: []) }
        for word in words where !mayFit(word, candidate) { return nil }
        let text = FuzzyText(candidate.prefix(mostCharacters))
        var score = 0
        var positions: Set<Int> = []
        for word in words {
            guard let match = text.match(word) else { return nil }
            score += match.score
            positions.formUnion(match.positions)
        }
        return FuzzyMatch(score: score, positions: positions.sorted())
    }

    /// A quick look at the bytes: whether the ASCII letters and digits of a word come in their order.
    private static func mayFit(_ word: Substring, _ candidate: String) -> Bool {
        var candidate = candidate
        return candidate.withUTF8 { bytes in
            // Beyond ASCII, letters can have other cases of another length.
            guard bytes.allSatisfy({ $0 < 0x80 }) else { return true }
            var index = 0
            for wanted in word.utf8 {
                guard wanted < 0x80 else { return true }
                while index < bytes.count, folded(bytes[index]) != folded(wanted) { index += 1 }
                if index == bytes.count { return false }
                index += 1
            }
            return true
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// The candidates that fit, best first; equal ones in their order, shorter ones first.
    public static func rank(_ query: String, _ candidates: [String]) -> [(index: Int, match: FuzzyMatch)] {
        let isEmpty = query.allSatisfy(\.isWhitespace)
        let found = candidates.enumerated().compactMap { index, candidate in
            match(query, in: candidate).map { (index: index, match: $0, length: isEmpty ? 0 : candidate.utf8.count) }
        }
        let sorted = found.sorted {
            ($1.match.score, $0.length, $0.index) < ($0.match.score, $1.length, $1.index)
        }
        return sorted.map { ($0.index, $0.match) }
    }
}

/// A candidate prepared for matching.
private struct FuzzyText {
    private let characters: [Character]
    private let lowered: [String]
    private let bonuses: [Int]

    init(_ text: Substring) {
        characters = Array(text)
        lowered = characters.map { $0.lowercased() }
        var bonuses: [Int] = []
        var previous: Character?
        for character in characters {
            bonuses.append(Self.bonus(character, after: previous))
            previous = character
        }
        self.bonuses = bonuses
    }

    private static func bonus(_ character: Character, after previous: Character?) -> Int {
        guard let previous else { return 14 }
        let isWord = character.isLetter || character.isNumber
        if isWord, !(previous.isLetter || previous.isNumber) { return 10 }
        return character.isUppercase && previous.isLowercase ? 10 : 0
    }

    /// Best alignment by dynamic programming: for each character of the query, the best score that ends at each place.
    func match(_ word: Substring) -> (score: Int, positions: [Int])? {
        let query = Array(word)
        guard query.count <= characters.count else { return nil }
        let isExact = query.contains(where: \.isUppercase)
        var origins: [[Int]] = []
        var best = [Int?](repeating: nil, count: characters.count)
        for (step, wanted) in query.enumerated() {
            let (row, origin) = extend(best, by: wanted, isFirst: step == 0, isExact: isExact)
            guard row.contains(where: { $0 != nil }) else { return nil }
            best = row
            origins.append(origin)
        }
        var place = best.indices.max { (best[$0] ?? .min, $1) < (best[$1] ?? .min, $0) } ?? 0
        guard let score = best[place] else { return nil }
        var positions: [Int] = []
        for origin in origins.reversed() {
            positions.append(place)
            place = origin[place]
        }
        return (score, positions.reversed())
    }

    private func extend(_ best: [Int?], by wanted: Character, isFirst: Bool, isExact: Bool) -> ([Int?], [Int]) {
        var row = [Int?](repeating: nil, count: characters.count)
        var origin = [Int](repeating: 0, count: characters.count)
        let loweredWanted = wanted.lowercased()
        var far = (score: Int.min, place: 0)
        for place in characters.indices {
            // Beyond the largest gap that counts, the best place is the best of all.
            if place - 14 >= 0, let score = best[place - 14], score > far.score { far = (score, place - 14) }
            let isSame = characters[place] == wanted
            guard isSame || (!isExact && lowered[place] == loweredWanted) else { continue }
            let gain = 16 + bonuses[place] + (isSame ? 1 : 0)
            if isFirst {
                row[place] = gain
                continue
            }
            if far.score > .min { (row[place], origin[place]) = (far.score + gain - 12, far.place) }
            for before in stride(from: place - 1, through: max(0, place - 13), by: -1) {
                guard let score = best[before] else { continue }
                let gap = place - before - 1
                let total = score + gain + (gap == 0 ? 8 : -min(gap, 12))
                if total > row[place] ?? .min { (row[place], origin[place]) = (total, before) }
            }
        }
        return (row, origin)
    }
}
