// What vi's commands do to the text.
extension LineEditor {
    /// What visual mode selects, the character under the cursor included.
    var visualRange: Range<Int> {
        let (low, high) = (min(vi.anchor, cursor), max(vi.anchor, cursor))
        return min(low, elements.count)..<min(high + 1, elements.count)
    }

    // MARK: Operators

    /// What `dw`, `cw`, `yw` take: not the newline after the last word; `cw` on a word ends with it.
    func wordRange(_ operation: ViState.Operation, isBig: Bool) -> Range<Int> {
        let count = vi.wholeCount ?? 1
        var place = cursor
        if operation == .change, cursor < elements.count, viClass(cursor, isBig: isBig) != 0 {
            for turn in 0..<count {
                let kind = viClass(place, isBig: isBig)
                if turn == 0 {
                    while place + 1 < elements.count, viClass(place + 1, isBig: isBig) == kind { place += 1 }
                } else {
                    place = viWordEnd(place, isBig: isBig)
                }
            }
            return cursor..<place + 1
        }
        for _ in 0..<count { place = viWordForward(place, isBig: isBig) }
        var end = place
        while end > cursor, elements[end - 1].isBlank { end -= 1 }
        return cursor..<(elements[end..<place].firstIndex(where: \.isNewline) ?? place)
    }

    mutating func operate(_ operation: ViState.Operation, on range: Range<Int>) -> Bool {
        switch operation {
        case .yank:
            keep(Kill(elements: Array(elements[range])))
            moveCursor(to: range.lowerBound)
            vi.forgetCommand()
        case .delete:
            cut(range)
            finishChange()
        case .change:
            startInsert { $0.cut(range) }
        }
        return true
    }

    /// Lines counted from the cursor's.
    mutating func operateOnLines(_ operation: ViState.Operation, first: Int, last: Int) -> Bool {
        let start = lineStart(up: -first)
        let end = lineEnd(down: last)
        let canMove = first == 0 || start < lineStart
        guard canMove, last <= 0 || operation == .yank || vi.wholeCount != nil || end > lineEnd else { return false }
        return operateOnLines(operation, from: start, to: end)
    }

    mutating func operateOnLines(_ operation: ViState.Operation, from low: Int, to high: Int) -> Bool {
        let lines = lineStart(at: low)..<lineEnd(at: high)
        keep(Kill(elements: Array(elements[lines]), isLinewise: true))
        switch operation {
        case .yank:
            if low < cursor { moveCursor(to: lines.lowerBound) }
            vi.forgetCommand()
        case .change: startInsert { $0.delete(lines) }
        case .delete:
            if lines.upperBound < elements.count {
                delete(lines.lowerBound..<lines.upperBound + 1)
            } else {
                delete(max(0, lines.lowerBound - 1)..<lines.upperBound)
            }
            setCursor(firstNonblank(at: cursor))
            finishChange()
        }
        return true
    }

    private mutating func cut(_ range: Range<Int>) {
        if !range.isEmpty { keep(Kill(elements: Array(elements[range]))) }
        delete(range)
        setCursor(range.lowerBound)
    }

    // MARK: Inserting

    /// Begins to insert after a change that is one step with what is inserted.
    private mutating func startInsert(isRepeated: Bool = false, _ change: (inout LineEditor) -> Void) {
        vi.insertCount = isRepeated ? max(1, vi.wholeCount ?? 1) : 1
        let keys = vi.keys
        beginStep()
        change(&self)
        vi.phase = .insert
        vi.forgetCommand()
        (vi.keys, vi.insertStart) = (keys, keys.count)
        last = .other
    }

    /// Esc while inserting.
    mutating func leaveInsert() {
        if let start = vi.insertStart {
            let inserted = vi.keys.dropFirst(start).dropLast()
            for _ in 0..<vi.insertCount - 1 {
                for chord in inserted { _ = handleInserting(chord) }
            }
            if !vi.isRepeating { vi.lastChange = vi.keys }
        }
        (vi.insertStart, vi.insertCount, vi.phase) = (nil, 1, .normal)
        endStep()
        vi.forgetCommand()
        argument = nil
        if cursor > lineStart { moveCursor(to: cursor - 1) }
    }

    /// A change is complete without inserting.
    private mutating func finishChange() {
        if !vi.isRepeating { vi.lastChange = vi.keys }
        vi.phase = .normal
        vi.forgetCommand()
        last = .other
    }

    private mutating func repeatChange() -> Bool {
        guard !vi.lastChange.isEmpty, !vi.isRepeating else { return false }
        let count = vi.wholeCount ?? 1
        vi.forgetCommand()
        vi.isRepeating = true
        asOneStep { editor in
            for _ in 0..<min(count, 100) {
                for chord in editor.vi.lastChange { _ = editor.handle(chord) }
            }
        }
        vi.isRepeating = false
        return true
    }

    // MARK: Commands

    /// A command of normal mode that is neither motion nor operator; false when it is none.
    mutating func performVi(_ key: Character) -> Bool {
        let count = vi.wholeCount ?? 1
        switch key {
        case "i": startInsert(isRepeated: true) { _ in }
        case "a": startInsert(isRepeated: true) { $0.moveCursor(to: min($0.lineEnd, $0.cursor + 1)) }
        case "I": startInsert(isRepeated: true) { $0.moveCursor(to: $0.firstNonblank(at: $0.cursor)) }
        case "A": startInsert(isRepeated: true) { $0.moveCursor(to: $0.lineEnd) }
        case "o": startInsert(isRepeated: true) { $0.openLine(at: $0.lineEnd, below: true) }
        case "O": startInsert(isRepeated: true) { $0.openLine(at: $0.lineStart, below: false) }
        case "s": return operate(.change, on: cursor..<min(lineEnd, cursor + count))
        case "S": return operateOnLines(.change, first: 0, last: count - 1)
        case "C": return operate(.change, on: cursor..<lineEnd(down: count - 1))
        case "D": return operate(.delete, on: cursor..<lineEnd(down: count - 1))
        case "Y": return operateOnLines(.yank, first: 0, last: count - 1)
        case "x": return operate(.delete, on: cursor..<min(lineEnd, cursor + count))
        case "X": return operate(.delete, on: max(lineStart, cursor - count)..<cursor)
        case "~": toggleCase(cursor..<min(lineEnd, cursor + count))
        case "J": return joinLines(count: max(1, count - 1))
        case "p", "P": return put(isAfter: key == "p", count: count)
        case "u":
            for _ in 0..<count where !undo() { break }
            vi.forgetCommand()
        case ".": return repeatChange()
        default: return false
        }
        return true
    }

    mutating func performInVisual(_ key: Character) -> Bool {
        let range = visualRange
        vi.phase = .normal
        switch key {
        case "d", "x", "X": return operate(.delete, on: range)
        case "c", "s": return operate(.change, on: range)
        case "y": return operate(.yank, on: range)
        case "~": toggleCase(range, staysAtStart: true)
        case "J":
            moveCursor(to: range.lowerBound)
            return joinLines(count: max(1, elements[range].count(where: \.isNewline)))
        case "p", "P":
            guard let kill = kills.last else { return false }
            asOneStep {
                $0.cut(range); $0.putCharacters(kill, at: range.lowerBound, count: 1)
            }
            finishChange()
        default:
            vi.phase = .visual
            return false
        }
        return true
    }

    private mutating func openLine(at place: Int, below: Bool) {
        replace(place..<place, with: [.character("\n")])
        if !below { setCursor(place) }
    }

    mutating func replaceCharacters(with character: Character) -> Bool {
        let count = vi.wholeCount ?? 1
        let range = cursor..<min(lineEnd, cursor + count)
        guard range.count == count else { return false }
        replace(range, with: Array(repeating: .character(character), count: count))
        setCursor(range.lowerBound + count - 1)
        finishChange()
        return true
    }

    private mutating func toggleCase(_ range: Range<Int>, staysAtStart: Bool = false) {
        let changed = elements[range].flatMap { element -> [EditorElement] in
            guard case .character(let character) = element else { return [element] }
            return [EditorElement](character.isUppercase ? character.lowercased() : character.uppercased())
        }
        if !range.isEmpty { replace(range, with: changed) }
        if staysAtStart { setCursor(range.lowerBound) }
        finishChange()
    }

    private mutating func joinLines(count: Int) -> Bool {
        guard lineEnd < elements.count else { return false }
        asOneStep { editor in
            for _ in 0..<count {
                let newline = editor.lineEnd
                guard newline < editor.elements.count else { break }
                var next = newline + 1
                let end = editor.lineEnd(at: next)
                while next < end, editor.elements[next].isBlank { next += 1 }
                let needsBlank = next < end && editor.elements[next] != .character(")")
                editor.replace(newline..<next, with: needsBlank ? [.character(" ")] : [])
                editor.setCursor(newline)
            }
        }
        finishChange()
        return true
    }

    private mutating func put(isAfter: Bool, count: Int) -> Bool {
        guard let kill = kills.last else { return false }
        if kill.isLinewise {
            let lines = Array(repeatElement(kill.elements, count: count).joined(separator: [.character("\n")]))
            if isAfter {
                let place = lineEnd
                replace(place..<place, with: [.character("\n")] + lines)
                setCursor(firstNonblank(at: place + 1))
            } else {
                let place = lineStart
                replace(place..<place, with: lines + [.character("\n")])
                setCursor(firstNonblank(at: place))
            }
        } else {
            putCharacters(kill, at: isAfter ? min(lineEnd, cursor + 1) : cursor, count: count)
        }
        finishChange()
        return true
    }

    private mutating func putCharacters(_ kill: Kill, at place: Int, count: Int) {
        replace(place..<place, with: Array(repeatElement(kill.elements, count: count).joined()))
        setCursor(max(place, cursor - 1))
    }
}
