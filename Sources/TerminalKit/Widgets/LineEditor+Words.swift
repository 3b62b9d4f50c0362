// Words, lines and the kill ring.
extension LineEditor {
    /// What counts as a word's end.
    public enum WordStyle: Sendable {
        /// Words end at white space.
        case whitespace
        /// Words are letters, digits and `_`; each ideograph is a word.
        case punctuation
    }

    /// Where the word before a place begins. A fold is a word.
    public func wordStart(before place: Int, _ style: WordStyle = .punctuation) -> Int {
        var place = place
        while place > 0, !isWord(elements[place - 1], style) { place -= 1 }
        guard place > 0 else { return 0 }
        place -= 1
        if endsItself(elements[place], style) { return place }
        while place > 0, joins(elements[place - 1], style) { place -= 1 }
        return place
    }

    /// Where the word after a place ends. A fold is a word.
    public func wordEnd(after place: Int, _ style: WordStyle = .punctuation) -> Int {
        var place = place
        while place < elements.count, !isWord(elements[place], style) { place += 1 }
        guard place < elements.count else { return elements.count }
        place += 1
        if endsItself(elements[place - 1], style) { return place }
        while place < elements.count, joins(elements[place], style) { place += 1 }
        return place
    }

    private func isWord(_ element: EditorElement, _ style: WordStyle) -> Bool {
        switch style {
        case .whitespace: !element.isBlank
        case .punctuation: element.isWordCharacter || element.isFold
        }
    }

    private func endsItself(_ element: EditorElement, _ style: WordStyle) -> Bool {
        element.isFold || (style == .punctuation && element.standsAlone)
    }

    private func joins(_ element: EditorElement, _ style: WordStyle) -> Bool {
        isWord(element, style) && !endsItself(element, style)
    }

    /// Where the cursor's line begins.
    public var lineStart: Int { lineStart(at: cursor) }

    /// Where the cursor's line ends.
    public var lineEnd: Int { lineEnd(at: cursor) }

    func lineStart(at place: Int) -> Int { elements[..<place].lastIndex(where: \.isNewline).map { $0 + 1 } ?? 0 }

    func lineEnd(at place: Int) -> Int { elements[place...].firstIndex(where: \.isNewline) ?? elements.count }

    /// To the beginning of the line; there already: of the text.
    public mutating func moveToLineStart() { moveCursor(to: cursor == lineStart ? 0 : lineStart) }

    /// To the end of the line; there already: of the text.
    public mutating func moveToLineEnd() { moveCursor(to: cursor == lineEnd ? elements.count : lineEnd) }

    /// To the next (`count` > 0) or an earlier place of a character; false when there is none.
    public mutating func jump(to character: Character, count: Int = 1) -> Bool {
        var place = cursor
        for _ in 0..<abs(count) {
            let next =
                count > 0
                ? elements.dropFirst(place + 1).firstIndex(of: .character(character))
                : elements[..<place].lastIndex(of: .character(character))
            guard let next else { return false }
            place = next
        }
        moveCursor(to: place)
        return true
    }

    /// Kills to the beginning of the line; there already: the newline before it.
    public mutating func killToLineStart() {
        kill((cursor == lineStart ? max(0, cursor - 1) : lineStart)..<cursor, isForward: false)
    }

    /// Kills to the end of the line; there already: the newline.
    public mutating func killToLineEnd() {
        kill(cursor..<(cursor == lineEnd ? min(elements.count, cursor + 1) : lineEnd), isForward: true)
    }

    /// Kills the line, its newline stays.
    public mutating func killLine() { kill(lineStart..<lineEnd, isForward: true) }

    /// Kills the word before the cursor.
    public mutating func killWordBack(_ style: WordStyle) {
        kill(wordStart(before: cursor, style)..<cursor, isForward: false)
    }

    /// Kills the word after the cursor.
    public mutating func killWordForward() { kill(cursor..<wordEnd(after: cursor), isForward: true) }

    /// Kills what is between mark and cursor; false without a mark.
    public mutating func killRegion() -> Bool {
        guard let region else { return false }
        kill(region, isForward: region.lowerBound == cursor)
        return true
    }

    /// Keeps what is between mark and cursor in the kill ring, the text unchanged; false without a mark.
    public mutating func copyRegion() -> Bool {
        guard let region else { return false }
        if !region.isEmpty { keep(Kill(elements: Array(elements[region]))) }
        (isMarkActive, last) = (false, .other)
        return true
    }

    /// Inserts what was killed last. Folds are folds again.
    public mutating func yank() {
        guard let kill = kills.last else { return }
        let start = cursor
        replace(cursor..<cursor, with: kill.elements)
        last = .yank(start: start)
    }

    /// Right after a yank: the next older of what was killed in its place.
    public mutating func rotateYank() {
        guard case .yank(let start) = last, kills.count > 0, let newest = kills.popLast() else { return }
        kills.insert(newest, at: 0)
        guard let kill = kills.last else { return }
        replace(start..<max(start, cursor), with: kill.elements)
        last = .yank(start: start)
    }

    /// Kills one after the other are one text in the ring.
    private mutating func kill(_ range: Range<Int>, isForward: Bool) {
        defer { last = .kill }
        guard !range.isEmpty else { return }
        let killed = Array(elements[range])
        if last == .kill, let newest = kills.popLast() {
            kills.append(Kill(elements: isForward ? newest.elements + killed : killed + newest.elements))
        } else {
            keep(Kill(elements: killed))
        }
        replace(range, with: [])
    }

    mutating func keep(_ kill: Kill) {
        kills.append(kill)
        if kills.count > Self.mostKills { kills.removeFirst() }
    }
}
