internal import ProviderCore

/// Looks for the word that somebody may have meant.
public enum Spelling {
    /// Words longer than this many Unicode scalars are not compared.
    private static let longest = 64
    /// After this many candidates of a likely length no more are compared.
    private static let mostCandidates = 2_000

    /// The candidate that is nearest to `word`; nil when none is near. Near is at most a third of the word's letters
    /// changed, added, dropped or swapped with their neighbour, and at least one may be; case counts as a change of
    /// nothing. Of equally near candidates the first wins.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let letters = folded(word)
        guard !letters.isEmpty, letters.count <= longest else { return nil }
        let limit = max(1, letters.count / 3)
        var best: (word: String, distance: Int)?
        var compared = 0
        for candidate in candidates where candidate != word {
            let other = folded(candidate)
            guard other.count <= longest, abs(other.count - letters.count) <= limit else { continue }
            compared += 1
            guard compared <= mostCandidates else { break }
            let distance = EditDistance.between(letters, other)
            guard distance <= limit, distance < (best?.distance ?? .max), distance < max(letters.count, other.count)
            else { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    private static func folded(_ word: String) -> [Unicode.Scalar] {
        Array(word.prefix(longest + 1).lowercased().unicodeScalars)
    }
}
