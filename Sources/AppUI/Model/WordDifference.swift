/// Words of a text that another one does not have in their place.
enum WordDifference {
    /// Longer texts are not compared: the time grows with what differs.
    private static let mostWords = 20_000

    /// UTF-8 ranges of what `text` has and `base` has not, in order. Empty when one of them is too long.
    static func marks(of text: String, from base: String) -> [Range<Int>] {
        let new = words(text)
        let old = words(base)
        guard new.count <= mostWords, old.count <= mostWords else { return [] }
        var marks: [Range<Int>] = []
        for case .insert(let offset, _, _) in new.map(\.text).difference(from: old.map(\.text)) {
            let range = new[offset].range
            if let last = marks.last, last.upperBound == range.lowerBound {
                marks[marks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                marks.append(range)
            }
        }
        return marks
    }

    private static func words(_ text: String) -> [(text: Substring, range: Range<Int>)] {
        var words: [(Substring, Range<Int>)] = []
        var offset = 0
        var start = text.startIndex
        while start < text.endIndex {
            let isWord = text[start].isLetter || text[start].isNumber
            var end = text.index(after: start)
            while isWord, end < text.endIndex, text[end].isLetter || text[end].isNumber { end = text.index(after: end) }
            let word = text[start..<end]
            words.append((word, offset..<offset + word.utf8.count))
            offset += word.utf8.count
            start = end
        }
        return words
    }
}
