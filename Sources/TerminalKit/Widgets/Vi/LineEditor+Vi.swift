// vi's keys: the grammar. Counts, operators and motions are put together here; what they do is in the neighbouring files.
extension LineEditor {
    /// Vi's mode as vi shows it; nil in emacs mode.
    public var modeLabel: String? {
        guard editingMode == .vi else { return nil }
        switch vi.phase {
        case .insert: return "-- INSERT --"
        case .normal: return "-- NORMAL --"
        case .visual: return "-- VISUAL --"
        }
    }

    /// Whether keys are vi commands, so that letters are no text: a program's own keys come second then.
    public var takesCommands: Bool { editingMode == .vi && vi.phase != .insert }

    mutating func resetVi() {
        let last = (vi.lastChange, vi.lastFind)
        vi = ViState()
        (vi.lastChange, vi.lastFind) = last
        grouping = Grouping()
        if editingMode == .vi { beginStep() }
    }

    /// Keys of an insertion are part of the change that `.` repeats.
    mutating func noteForRepetition(_ chord: KeyChord) {
        guard editingMode == .vi, vi.phase == .insert, vi.insertStart != nil else { return }
        vi.keys.append(chord)
    }

    /// Nil: the key is to be inserted.
    mutating func handleVi(_ chord: KeyChord) -> Bool? {
        if vi.phase == .insert {
            guard chord == KeyChord(.escape), argument == nil else { return nil }
            leaveInsert()
            return true
        }
        if chord == KeyChord(.escape) { return leaveCommand() }
        if chord == .control("r"), !vi.isPending {
            for _ in 0..<(vi.wholeCount ?? 1) where !redo() { break }
            vi.forgetCommand()
            settleInNormal()
            return true
        }
        guard let key = Self.viKey(chord) else {
            let wasPending = vi.isPending
            vi.forgetCommand()
            return wasPending && chord.modifiers.isEmpty && chord.key != .enter
        }
        vi.keys.append(chord)
        let wasPending = vi.isPending
        let isTaken = take(key)
        if !isTaken { vi.forgetCommand() }
        if vi.phase != .insert { settleInNormal() }
        return isTaken || wasPending
    }

    private static func viKey(_ chord: KeyChord) -> Character? {
        guard chord.modifiers.isSubset(of: .shift) else { return nil }
        switch chord.key {
        case .character(let character): return character
        case .left, .backspace: return "h"
        case .right: return "l"
        case .up: return "k"
        case .down: return "j"
        case .home: return "0"
        case .end: return "$"
        case .delete: return "x"
        default: return nil
        }
    }

    private mutating func leaveCommand() -> Bool {
        let wasBusy = vi.isPending || vi.phase == .visual
        vi.phase = .normal
        vi.forgetCommand()
        settleInNormal()
        return wasBusy
    }

    /// One key of a command; false when it means nothing here.
    private mutating func take(_ key: Character) -> Bool {
        switch vi.awaited {
        case .find(let kind):
            let find = ViFind(kind: kind, character: key)
            vi.lastFind = find
            return go(target(of: find, count: vi.wholeCount ?? 1))
        case .replacement: return replaceCharacters(with: key)
        case .textObject(let isAround): return takeTextObject(key, isAround: isAround)
        case .afterG: return key == "g" && go(ViTarget(place: place(ofLine: vi.wholeCount ?? 1), extent: .lines))
        case .nothing: break
        }
        if let digit = key.isASCII ? key.wholeNumberValue : nil, digit > 0 || vi.count != nil {
            vi.count = min((vi.count ?? 0) * 10 + digit, Self.mostRepeats)
            return true
        }
        if let kind = ViFind.Kind(rawValue: key) {
            vi.awaited = .find(kind)
            return true
        }
        if key == "g" {
            vi.awaited = .afterG
            return true
        }
        if vi.phase == .visual { return takeInVisual(key) }
        if let operation = vi.operation { return take(key, after: operation) }
        return takeInNormal(key)
    }

    private mutating func take(_ key: Character, after operation: ViState.Operation) -> Bool {
        if key == operation.rawValue { return operateOnLines(operation, first: 0, last: (vi.wholeCount ?? 1) - 1) }
        switch key {
        case "i", "a":
            vi.awaited = .textObject(isAround: key == "a")
            return true
        case "j": return operateOnLines(operation, first: 0, last: vi.wholeCount ?? 1)
        case "k": return operateOnLines(operation, first: -(vi.wholeCount ?? 1), last: 0)
        case "w", "W": return operate(operation, on: wordRange(operation, isBig: key == "W"))
        default: return go(viTarget(key, count: vi.wholeCount))
        }
    }

    private mutating func takeInNormal(_ key: Character) -> Bool {
        if let operation = ViState.Operation(rawValue: key) {
            vi.operation = operation
            (vi.operationCount, vi.count) = (vi.count, nil)
            return true
        }
        switch key {
        case "j", "k": return moveRows(down: key == "j")
        case "r":
            vi.awaited = .replacement
            return true
        case "v":
            vi.forgetCommand()
            (vi.phase, vi.anchor) = (.visual, cursor)
            return true
        default:
            if let target = viTarget(key, count: vi.wholeCount) { return go(target) }
            return performVi(key)
        }
    }

    private mutating func moveRows(down: Bool) -> Bool {
        let count = vi.wholeCount ?? 1
        vi.forgetCommand()
        for moved in 0..<count where !(down ? moveDown() : moveUp()) { return moved > 0 }
        return true
    }

    private mutating func takeTextObject(_ key: Character, isAround: Bool) -> Bool {
        guard let range = textObject(key, isAround: isAround) else { return false }
        if vi.phase == .visual {
            vi.anchor = range.lowerBound
            setCursor(max(range.lowerBound, range.upperBound - 1))
            vi.forgetCommand()
            return true
        }
        guard let operation = vi.operation else { return false }
        return operate(operation, on: range)
    }

    /// Moves, or has the operator take the way.
    private mutating func go(_ target: ViTarget?) -> Bool {
        guard let target else { return false }
        guard let operation = vi.operation, vi.phase == .normal else {
            moveCursor(to: target.place)
            vi.forgetCommand()
            return true
        }
        let (low, high) = (min(cursor, target.place), max(cursor, target.place))
        switch target.extent {
        case .exclusive: return operate(operation, on: low..<high)
        case .inclusive: return operate(operation, on: low..<min(high + 1, elements.count))
        case .lines: return operateOnLines(operation, from: low, to: high)
        }
    }

    private mutating func takeInVisual(_ key: Character) -> Bool {
        switch key {
        case "j", "k": return moveRows(down: key == "j")
        case "i", "a":
            vi.awaited = .textObject(isAround: key == "a")
            return true
        case "o":
            let anchor = vi.anchor
            vi.anchor = cursor
            moveCursor(to: anchor)
            return true
        case "v": return leaveCommand()
        default:
            if let target = viTarget(key, count: vi.wholeCount) { return go(target) }
            return performInVisual(key)
        }
    }

    /// In normal mode the cursor stands on a character, not behind the line's last.
    mutating func settleInNormal() {
        if vi.phase == .visual { return }
        if cursor > lineStart, cursor == lineEnd { setCursor(cursor - 1) }
    }
}
