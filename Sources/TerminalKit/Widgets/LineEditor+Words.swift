// Words, lines and the kill ring.
extension LineEditor {
    /// What counts as a word's end.
    public enum WordStyle: Sendable {
        /// Words end at white space.
        case whitespace
        /// Words are letters, digits and `_`; each ideograph is a word.
        case punctuation
    }

    /// Where the word before a place begins.
    public func wordStart(before place: Int, _ style: WordStyle = .punctuation) -> Int {
        var place = place
        while place > 0, !isWord(characters[place - 1], style) { place -= 1 }
        guard place > 0 else { return 0 }
        place -= 1
        if isIdeograph(characters[place]), style == .punctuation { return place }
        while place > 0, joins(characters[place - 1], style) { place -= 1 }
        return place
    }

    /// Where the word after a place ends.
    public func wordEnd(after place: Int, _ style: WordStyle = .punctuation) -> Int {
        var place = place
        while place < characters.count, !isWord(characters[place], style) { place += 1 }
        guard place < characters.count else { return characters.count }
        place += 1
        if isIdeograph(characters[place - 1]), style == .punctuation { return place }
        while place < characters.count, joins(characters[place], style) { place += 1 }
        return place
    }

    private func isWord(_ character: Character, _ style: WordStyle) -> Bool {
        switch style {
        case .whitespace: !character.isWhitespace
        case .punctuation: character.isLetter || character.isNumber || character == "_"
        }
    }

    private func joins(_ character: Character, _ style: WordStyle) -> Bool {
        isWord(character, style) && (style == .whitespace || !isIdeograph(character))
    }

    private func isIdeograph(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { CellClass($0).kind == .wide } ?? false
    }

    /// Where the cursor's line begins.
    public var lineStart: Int {
        characters[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    }

    /// Where the cursor's line ends.
    public var lineEnd: Int { characters[cursor...].firstIndex(of: "\n") ?? characters.count }

    /// To the beginning of the line; there already: of the text.
    public mutating func moveToLineStart() { moveCursor(to: cursor == lineStart ? 0 : lineStart) }

    /// To the end of the line; there already: of the text.
    public mutating func moveToLineEnd() { moveCursor(to: cursor == lineEnd ? characters.count : lineEnd) }

    /// Kills to the beginning of the line; there already: the newline before it.
    public mutating func killToLineStart() {
        kill((cursor == lineStart ? max(0, cursor - 1) : lineStart)..<cursor, isForward: false)
    }

    /// Kills to the end of the line; there already: the newline.
    public mutating func killToLineEnd() {
        kill(cursor..<(cursor == lineEnd ? min(characters.count, cursor + 1) : lineEnd), isForward: true)
    }

    /// Kills the word before the cursor.
    public mutating func killWordBack(_ style: WordStyle) {
        kill(wordStart(before: cursor, style)..<cursor, isForward: false)
    }

    /// Kills the word after the cursor.
    public mutating func killWordForward() { kill(cursor..<wordEnd(after: cursor), isForward: true) }

    /// Inserts what was killed last.
    public mutating func yank() {
        guard let text = kills.last else { return }
        let start = cursor
        insert(text)
        last = .yank(start: start)
    }

    /// Right after a yank: the next older of what was killed in its place.
    public mutating func rotateYank() {
        guard case .yank(let start) = last, kills.count > 0, let newest = kills.popLast() else { return }
        kills.insert(newest, at: 0)
        guard let text = kills.last else { return }
        replace(start..<max(start, cursor), with: Array(text))
        last = .yank(start: start)
    }

    /// Kills one after the other are one text in the ring.
    private mutating func kill(_ range: Range<Int>, isForward: Bool) {
        defer { last = .kill }
        guard !range.isEmpty else { return }
        let text = String(characters[range])
        if last == .kill, let newest = kills.popLast() {
            kills.append(isForward ? newest + text : text + newest)
        } else {
            kills.append(text)
            if kills.count > Self.mostKills { kills.removeFirst() }
        }
        replace(range, with: [])
    }

    /// Exchanges the characters around the cursor (at the end of a line: the two before it) and moves on.
    public mutating func transpose() {
        let place = cursor == lineEnd ? cursor - 1 : cursor
        guard place > lineStart, place < characters.count else { return }
        replace(place - 1..<place + 1, with: [characters[place], characters[place - 1]])
        last = .other
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
        let changed = characters[cursor..<end].reduce(into: "") { text, character in
            let isUpper = wordCase == .upper || (wordCase == .capitalized && isFirst)
            text += isUpper ? character.uppercased() : character.lowercased()
            if isWord(character, .punctuation) { isFirst = false }
        }
        replace(cursor..<end, with: Array(changed))
        last = .other
    }
}
