import TerminalKit

/// Words of a text that another one does not have in their place.
enum WordDifference {
    /// UTF-8 ranges of what `text` has and `base` has not, in order. Texts that differ too much are compared by lines.
    static func marks(of text: String, from base: String) -> [Range<Int>] {
        TextDiff(from: base, to: text).runs.compactMap { $0.kind == .added ? $0.new : nil }
    }
}
