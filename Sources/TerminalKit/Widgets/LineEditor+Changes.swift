// Changes to what is there: order, case, blanks; and what Alt-. brings.
extension LineEditor {
    /// Exchanges the characters around the cursor (at the end of a line: the two before it) and moves on; false when
    /// there are none.
    @discardableResult
    public mutating func transpose() -> Bool {
        let place = cursor == lineEnd ? cursor - 1 : cursor
        guard place > lineStart, place < elements.count else { return false }
        replace(place - 1..<place + 1, with: [elements[place], elements[place - 1]])
        last = .other
        return true
    }

    /// Exchanges the word before the cursor with the one after it, or the last two at the end, and moves behind both;
    /// false when there are not two.
    @discardableResult
    public mutating func transposeWords() -> Bool {
        let secondEnd = wordEnd(after: cursor)
        let secondStart = wordStart(before: secondEnd)
        let firstStart = wordStart(before: secondStart)
        let firstEnd = wordEnd(after: firstStart)
        guard firstStart < secondStart, firstEnd <= secondStart, secondStart < secondEnd else { return false }
        let (first, second) = (elements[firstStart..<firstEnd], elements[secondStart..<secondEnd])
        replace(firstStart..<secondEnd, with: Array(second + elements[firstEnd..<secondStart] + first))
        last = .other
        return true
    }

    /// Deletes blanks and tabs around the cursor.
    public mutating func deleteHorizontalSpace() {
        var range = cursor..<cursor
        while let element = before(range.lowerBound), element.isBlank, !element.isNewline {
            range = range.lowerBound - 1..<range.upperBound
        }
        while range.upperBound < elements.count, elements[range.upperBound].isBlank,
            !elements[range.upperBound].isNewline
        {
            range = range.lowerBound..<range.upperBound + 1
        }
        delete(range)
    }

    /// What can be done to a word's letters.
    public enum WordCase: Sendable {
        /// All upper.
        case upper
        /// All lower.
        case lower
        /// The first upper, the rest lower.
        case capitalized
    }

    /// Changes the case of the word after the cursor and moves behind it.
    public mutating func changeWord(_ wordCase: WordCase) {
        let end = wordEnd(after: cursor)
        guard end > cursor else { return }
        var isFirst = true
        let changed = elements[cursor..<end].flatMap { element -> [EditorElement] in
            guard case .character(let character) = element else { return [element] }
            let isUpper = wordCase == .upper || (wordCase == .capitalized && isFirst)
            if element.isWordCharacter { isFirst = false }
            return [EditorElement](isUpper ? character.uppercased() : character.lowercased())
        }
        replace(cursor..<end, with: changed)
        last = .other
    }

    /// Inserts the newest of `lastArguments`; again at once: the next older in its place. False when there are none.
    @discardableResult
    public mutating func insertLastArgument() -> Bool {
        guard !lastArguments.isEmpty else { return false }
        if case .lastArgument(let start, let index) = last, start <= cursor {
            let next = (index + 1) % lastArguments.count
            replace(start..<cursor, with: [EditorElement](lastArguments[next]))
            last = .lastArgument(start: start, index: next)
        } else {
            let start = cursor
            replace(start..<start, with: [EditorElement](lastArguments[0]))
            last = .lastArgument(start: start, index: 0)
        }
        return true
    }

    /// The last word of a text, words ending at white space: what Alt-. brings of an earlier prompt. Nil for blanks.
    public static func lastWord(of text: String) -> String? {
        text.split(whereSeparator: \.isWhitespace).last.map(String.init)
    }
}
