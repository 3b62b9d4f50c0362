extension LineEditor {
    /// Does what readline users expect of a key; false when the key is none of the editor's (Enter, Tab, Esc, function
    /// keys, the program's own Ctrl keys, Ctrl-D on an empty text) or there is nowhere to go (up from the first row,
    /// down from the last).
    public mutating func handle(_ chord: KeyChord) -> Bool {
        switch chord.modifiers {
        case []: return handlePlain(chord.key)
        case .shift: return handleShift(chord.key)
        case .control: return handleControl(chord.key)
        case .alt: return handleAlt(chord.key)
        default: return false
        }
    }

    private mutating func handlePlain(_ key: Key) -> Bool {
        switch key {
        case .character(let character): type(character)
        case .backspace: deleteBack()
        case .delete: deleteForward()
        case .left: moveCursor(to: cursor - 1)
        case .right: moveCursor(to: cursor + 1)
        case .up: return moveUp()
        case .down: return moveDown()
        case .home: moveToLineStart()
        case .end: moveToLineEnd()
        default: return false
        }
        return true
    }

    private mutating func handleShift(_ key: Key) -> Bool {
        switch key {
        case .character(let character): type(character)
        case .enter: type("\n")
        case .backspace: deleteBack()
        default: return false
        }
        return true
    }

    private mutating func handleControl(_ key: Key) -> Bool {
        switch key {
        case .character(let letter): return handleControl(letter)
        case .left: moveCursor(to: wordStart(before: cursor))
        case .right: moveCursor(to: wordEnd(after: cursor))
        case .home: moveCursor(to: 0)
        case .end: moveCursor(to: characters.count)
        case .delete: killWordForward()
        case .backspace: killWordBack(.punctuation)
        case .enter: type("\n")
        default: return false
        }
        return true
    }

    private mutating func handleControl(_ letter: Character) -> Bool {
        switch letter {
        case "a": moveToLineStart()
        case "e": moveToLineEnd()
        case "b": moveCursor(to: cursor - 1)
        case "f": moveCursor(to: cursor + 1)
        case "h": deleteBack()
        case "d" where !isEmpty: deleteForward()
        case "k": killToLineEnd()
        case "u": killToLineStart()
        case "w": killWordBack(.whitespace)
        case "y": yank()
        case "j": type("\n")
        // The same byte on most terminals.
        case "_", "/": undo()
        default: return false
        }
        return true
    }

    private mutating func handleAlt(_ key: Key) -> Bool {
        switch key {
        case .character("b"), .left: moveCursor(to: wordStart(before: cursor))
        case .character("f"), .right: moveCursor(to: wordEnd(after: cursor))
        case .character("d"), .delete: killWordForward()
        case .character("y"): rotateYank()
        case .character("u"): changeWord(.upper)
        case .character("l"): changeWord(.lower)
        case .character("c"): changeWord(.capitalized)
        case .backspace: killWordBack(.punctuation)
        case .enter: type("\n")
        default: return false
        }
        return true
    }
}
