extension LineEditor {
    /// Does what the editing mode's users expect of a key; false when the key is none of the editor's (Enter, Tab, Esc,
    /// function keys, the program's own Ctrl keys, Ctrl-D on an empty text) or there is nowhere to go (up from the first
    /// row, down from the last).
    public mutating func handle(_ chord: KeyChord) -> Bool {
        noteForRepetition(chord)
        if let pending = pendingKey {
            pendingKey = nil
            if take(chord, after: pending) { return true }
        }
        if editingMode == .vi, let isTaken = handleVi(chord) { return isTaken }
        return handleInserting(chord)
    }

    /// Whether the next key completes something: a repeat count, a literal character, a jump, a command of vi. Such a
    /// state takes Esc.
    public var isAwaitingKey: Bool { pendingKey != nil || argument != nil || (editingMode == .vi && vi.isPending) }

    /// What it waits for, as a word or two for the border; nil when for nothing.
    public var pendingNote: String? {
        switch pendingKey {
        case .literal: return "literal"
        case .search: return "jump to"
        case nil: break
        }
        if let argument { return "count \(argument.isNegative ? "-" : "")\(argument.digits.map(String.init) ?? "")" }
        return editingMode == .vi && vi.isPending ? vi.shownKeys : nil
    }

    mutating func handleInserting(_ chord: KeyChord) -> Bool {
        if argument != nil {
            if chord == KeyChord(.escape) {
                argument = nil
                return true
            }
            if takeDigit(chord) { return true }
        }
        if let command = keymap[chord] {
            if command == .deleteCharacter, isEmpty {
                argument = nil
                return false
            }
            if command == .digitArgument {
                argument = argument ?? Argument()
                return takeDigit(chord)
            }
            return perform(command)
        }
        let count = takeArgument()
        guard case .character(let character) = chord.key, chord.modifiers.isSubset(of: .shift) else { return false }
        if count == 1 { type(character) } else { insertRepeated(String(character), count: count) }
        return true
    }

    /// A digit, with or without Alt, of a count being typed.
    private mutating func takeDigit(_ chord: KeyChord) -> Bool {
        guard case .character(let character) = chord.key, chord.modifiers.isSubset(of: [.alt, .shift]),
            character.isASCII, let digit = character.wholeNumberValue
        else { return false }
        let before = argument?.digits ?? 0
        argument?.digits = min(before * 10 + digit, Self.mostRepeats)
        return true
    }

    mutating func takeArgument() -> Int {
        defer { argument = nil }
        return argument?.value ?? 1
    }

    private mutating func insertRepeated(_ text: String, count: Int) {
        if count > 0 { insert(String(repeating: text, count: count)) }
    }

    /// Completes what the key before began; false when this key goes its usual way.
    private mutating func take(_ chord: KeyChord, after pending: PendingKey) -> Bool {
        switch pending {
        case .literal(let count):
            if let text = Self.literal(chord) { insertRepeated(text, count: count) }
            return true
        case .search(let count):
            if chord == KeyChord(.escape) { return true }
            guard case .character(let character) = chord.key, chord.modifiers.isSubset(of: .shift) else {
                return false
            }
            _ = jump(to: character, count: count)
            return true
        }
    }

    /// The character that a key stands for literally; nil for keys without one, and for NUL.
    private static func literal(_ chord: KeyChord) -> String? {
        switch chord.key {
        case .enter: return "\n"
        case .tab: return "\t"
        case .escape: return "\u{1B}"
        case .backspace: return "\u{7F}"
        case .character(let character):
            guard chord.modifiers.contains(.control) else {
                return (chord.modifiers.contains(.alt) ? "\u{1B}" : "") + String(character)
            }
            guard let byte = character.uppercased().utf8.first, (0x41...0x5F).contains(byte) else { return nil }
            return String(Unicode.Scalar(byte - 0x40))
        default: return nil
        }
    }
}

extension LineEditor {
    /// Does an editing command, a repeat count included that was typed before. False when it is not to be done: nowhere to
    /// go, nothing to delete, no mark. As commands that change, so that they can be bound to any key.
    @discardableResult
    public mutating func perform(_ command: EditCommand) -> Bool {
        switch command {
        case .digitArgument:
            argument = argument ?? Argument()
            return true
        case .negativeArgument:
            argument = Argument(digits: nil, isNegative: !(argument?.isNegative ?? false))
            return true
        default: return perform(command, count: takeArgument())
        }
    }

    private mutating func perform(_ command: EditCommand, count: Int) -> Bool {
        if count < 0 { return command.opposite.map { perform($0, count: -count) } ?? perform(command, count: 1) }
        switch command {
        case .characterSearch: pendingKey = .search(count: count)
        case .characterSearchBackward: pendingKey = .search(count: -count)
        case .quotedInsert: pendingKey = .literal(count: count)
        case _ where count == 1 || !command.isRepeated: return performOnce(command)
        default:
            var isDone = false
            asOneStep { editor in
                for _ in 0..<min(count, Self.mostRepeats) {
                    guard editor.performOnce(command) else { break }
                    isDone = true
                }
            }
            return isDone
        }
        return true
    }

    private mutating func performOnce(_ command: EditCommand) -> Bool {
        switch command {
        case .beginningOfLine: moveToLineStart()
        case .endOfLine: moveToLineEnd()
        case .beginningOfText: moveCursor(to: 0)
        case .endOfText: moveCursor(to: elements.count)
        case .forwardCharacter: moveCursor(to: cursor + 1)
        case .backwardCharacter: moveCursor(to: cursor - 1)
        case .forwardWord: moveCursor(to: wordEnd(after: cursor))
        case .backwardWord: moveCursor(to: wordStart(before: cursor))
        case .previousRow: return moveUp()
        case .nextRow: return moveDown()
        case .setMark: setMark()
        case .exchangePointAndMark: return exchangeMark()
        default: return changeOnce(command)
        }
        return true
    }

    private mutating func changeOnce(_ command: EditCommand) -> Bool {
        switch command {
        case .deleteCharacter: deleteForward()
        case .backwardDeleteCharacter: deleteBack()
        case .killLine: killToLineEnd()
        case .backwardKillLine: killToLineStart()
        case .killWholeLine: killLine()
        case .killWord: killWordForward()
        case .backwardKillWord: killWordBack(.punctuation)
        case .wordRubout: killWordBack(.whitespace)
        case .killRegion: return killRegion()
        case .copyRegion: return copyRegion()
        case .yank: yank()
        case .yankPop: rotateYank()
        case .yankLastArgument: return insertLastArgument()
        case .transposeCharacters: transpose()
        case .transposeWords: transposeWords()
        case .upcaseWord: changeWord(.upper)
        case .downcaseWord: changeWord(.lower)
        case .capitalizeWord: changeWord(.capitalized)
        case .deleteHorizontalSpace: deleteHorizontalSpace()
        case .insertNewline: type("\n")
        case .expandFold: return expandFold()
        case .undo: undo()
        case .redo: redo()
        default: return false
        }
        return true
    }
}
