// Where vi's motions lead.
extension LineEditor {
    /// The target of a motion's key; nil when it is none, or leads nowhere.
    func viTarget(_ key: Character, count: Int?) -> ViTarget? {
        let times = count ?? 1
        switch key {
        case "h": return ViTarget(place: max(lineStart, cursor - times))
        case "l", " ": return ViTarget(place: min(lineEnd, cursor + times))
        case "0": return ViTarget(place: lineStart)
        case "^": return ViTarget(place: firstNonblank(at: cursor))
        case "$": return ViTarget(place: max(lineStart, lineEnd(down: times - 1) - 1), extent: .inclusive)
        case "w", "W": return ViTarget(place: repeated(times) { viWordForward($0, isBig: key == "W") })
        case "b", "B": return ViTarget(place: repeated(times) { viWordBack($0, isBig: key == "B") })
        case "e", "E":
            return ViTarget(place: repeated(times) { viWordEnd($0, isBig: key == "E") }, extent: .inclusive)
        case "G": return ViTarget(place: place(ofLine: count ?? Int.max), extent: .lines)
        case ";": return vi.lastFind.flatMap { target(of: $0, count: times, isRepeated: true) }
        case ",":
            return vi.lastFind.flatMap {
                target(of: ViFind(kind: $0.kind.reversed, character: $0.character), count: times, isRepeated: true)
            }
        default: return nil
        }
    }

    /// The target of a find; nil when the line does not have it.
    func target(of find: ViFind, count: Int, isRepeated: Bool = false) -> ViTarget? {
        let isTill = find.kind == .till || find.kind == .tillBackward
        let step = find.kind.isForward ? 1 : -1
        let line = lineStart..<lineEnd
        // Repeated, a till that already stands before its character goes to the next one.
        var place = isTill && isRepeated ? cursor + step : cursor
        for _ in 0..<count {
            repeat { place += step } while line.contains(place) && elements[place] != .character(find.character)
            guard line.contains(place) else { return nil }
        }
        return ViTarget(place: isTill ? place - step : place, extent: step > 0 ? .inclusive : .exclusive)
    }

    func firstNonblank(at place: Int) -> Int {
        let end = lineEnd(at: place)
        return elements[lineStart(at: place)..<end].firstIndex { !$0.isBlank } ?? end
    }

    /// The end of the line so many lines below the cursor's, at most the last.
    func lineEnd(down lines: Int) -> Int {
        var end = lineEnd
        for _ in 0..<max(0, lines) where end < elements.count { end = lineEnd(at: end + 1) }
        return end
    }

    func lineStart(up lines: Int) -> Int {
        var start = lineStart
        for _ in 0..<max(0, lines) where start > 0 { start = lineStart(at: start - 1) }
        return start
    }

    /// The first character that is no blank in a line, counted from 1; the last line at most.
    func place(ofLine number: Int) -> Int {
        var start = 0
        var line = 1
        while line < number, let newline = elements[start...].firstIndex(where: \.isNewline) {
            start = newline + 1
            line += 1
        }
        return firstNonblank(at: start)
    }

    private func repeated(_ count: Int, _ step: (Int) -> Int) -> Int {
        var place = cursor
        for _ in 0..<count {
            let next = step(place)
            if next == place { break }
            place = next
        }
        return place
    }

    /// 0 blank, 1 word, 2 anything else; `isBig` knows only blanks and the rest.
    func viClass(_ place: Int, isBig: Bool) -> Int {
        let element = elements[place]
        if element.isBlank { return 0 }
        return isBig || element.isWordCharacter || element.isFold ? 1 : 2
    }

    private func isEmptyLine(_ place: Int) -> Bool {
        elements[place].isNewline && (place == 0 || elements[place - 1].isNewline)
    }

    func viWordForward(_ start: Int, isBig: Bool) -> Int {
        var place = start
        guard place < elements.count else { return place }
        let first = viClass(place, isBig: isBig)
        if first != 0 {
            while place < elements.count, viClass(place, isBig: isBig) == first { place += 1 }
        }
        while place < elements.count, viClass(place, isBig: isBig) == 0 {
            if place > start, isEmptyLine(place) { return place }
            place += 1
        }
        return place
    }

    private func viWordBack(_ start: Int, isBig: Bool) -> Int {
        var place = start - 1
        while place > 0, viClass(place, isBig: isBig) == 0 {
            if isEmptyLine(place) { return place }
            place -= 1
        }
        guard place > 0 else { return 0 }
        let kind = viClass(place, isBig: isBig)
        while place > 0, viClass(place - 1, isBig: isBig) == kind { place -= 1 }
        return place
    }

    func viWordEnd(_ start: Int, isBig: Bool) -> Int {
        var place = start + 1
        while place < elements.count, viClass(place, isBig: isBig) == 0 { place += 1 }
        guard place < elements.count else { return max(start, elements.count - 1) }
        let kind = viClass(place, isBig: isBig)
        while place + 1 < elements.count, viClass(place + 1, isBig: isBig) == kind { place += 1 }
        return place
    }
}

// Text objects: what lies around the cursor.
extension LineEditor {
    /// The range of a text object: `w W " ' ` ( ) b [ ] { } B < >`; nil when there is none.
    func textObject(_ key: Character, isAround: Bool) -> Range<Int>? {
        switch key {
        case "w", "W": return wordObject(isBig: key == "W", isAround: isAround)
        case "\"", "'", "`": return quoteObject(key, isAround: isAround)
        case "(", ")", "b": return bracketObject("(", ")", isAround: isAround)
        case "[", "]": return bracketObject("[", "]", isAround: isAround)
        case "{", "}", "B": return bracketObject("{", "}", isAround: isAround)
        case "<", ">": return bracketObject("<", ">", isAround: isAround)
        default: return nil
        }
    }

    private func wordObject(isBig: Bool, isAround: Bool) -> Range<Int>? {
        guard cursor < lineEnd else { return nil }
        var range = run(around: cursor, isBig: isBig)
        guard isAround else { return range }
        let isOnBlank = viClass(cursor, isBig: isBig) == 0
        if range.upperBound < lineEnd, isOnBlank || viClass(range.upperBound, isBig: isBig) == 0 {
            range = range.lowerBound..<run(around: range.upperBound, isBig: isBig).upperBound
        } else if range.lowerBound > lineStart, viClass(range.lowerBound - 1, isBig: isBig) == 0 {
            range = run(around: range.lowerBound - 1, isBig: isBig).lowerBound..<range.upperBound
        }
        return range
    }

    /// The places of one class around a place, within its line.
    private func run(around place: Int, isBig: Bool) -> Range<Int> {
        let line = lineStart..<lineEnd
        let kind = viClass(place, isBig: isBig)
        var range = place..<place + 1
        while range.lowerBound > line.lowerBound, viClass(range.lowerBound - 1, isBig: isBig) == kind {
            range = range.lowerBound - 1..<range.upperBound
        }
        while range.upperBound < line.upperBound, viClass(range.upperBound, isBig: isBig) == kind {
            range = range.lowerBound..<range.upperBound + 1
        }
        return range
    }

    private func quoteObject(_ quote: Character, isAround: Bool) -> Range<Int>? {
        var open: Int?
        var isEscaped = false
        for place in lineStart..<lineEnd {
            defer { isEscaped = !isEscaped && elements[place] == .character("\\") }
            guard elements[place] == .character(quote), !isEscaped else { continue }
            guard let first = open else {
                open = place
                continue
            }
            if place >= cursor { return isAround ? first..<place + 1 : first + 1..<place }
            open = nil
        }
        return nil
    }

    private func bracketObject(_ open: Character, _ close: Character, isAround: Bool) -> Range<Int>? {
        guard cursor < elements.count else { return nil }
        var depth = 0
        var start = cursor
        if elements[start] == .character(close) { start -= 1 }
        while start >= 0 {
            if elements[start] == .character(close) { depth += 1 }
            if elements[start] == .character(open) {
                if depth == 0 { break }
                depth -= 1
            }
            start -= 1
        }
        guard start >= 0 else { return nil }
        depth = 0
        for place in start + 1..<max(start + 1, elements.count) {
            if elements[place] == .character(open) { depth += 1 }
            guard elements[place] == .character(close) else { continue }
            if depth == 0 { return isAround ? start..<place + 1 : start + 1..<place }
            depth -= 1
        }
        return nil
    }
}
