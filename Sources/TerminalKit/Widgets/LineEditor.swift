/// A text being edited: characters (grapheme clusters), a cursor between them, undo, a kill ring. Lines end with `\n`.
///
/// The text is what was typed or pasted; whoever draws it uses `layout` and `rowText`, and `Frame.draw` keeps
/// control characters from the terminal.
public struct LineEditor: Sendable, Hashable {
    /// One change, enough to take it back.
    struct Edit: Sendable, Hashable {
        var place: Int
        var removed: [Character]
        var inserted: [Character]
        var cursorBefore: Int
        var cursorAfter: Int
    }

    /// What the last command was, for those that depend on it.
    enum LastCommand: Sendable, Hashable {
        case other
        case typing
        case kill
        case yank(start: Int)
        case vertical(column: Int)
    }

    static let mostEdits = 1_000
    static let mostKills = 60

    /// The characters.
    public private(set) var characters: [Character] = []
    /// The cursor stands before the character of this number, 0...characters.count.
    public private(set) var cursor = 0
    /// Cells of a display row, for moving up and down; at least 1.
    public var width = 80 {
        didSet { if width < 1 { width = 1 } }
    }
    var undone: [Edit] = []
    var done: [Edit] = []
    var kills: [String] = []
    var last = LastCommand.other

    /// An editor with a text, cursor at its end.
    public init(_ text: String = "") { setText(text) }

    /// The text.
    public var text: String { String(characters) }
    /// Whether there is no text.
    public var isEmpty: Bool { characters.isEmpty }

    /// Replaces everything, cursor at the end; forgets what could be undone.
    public mutating func setText(_ text: String) {
        characters = Self.characters(of: text)
        cursor = characters.count
        (done, undone, last) = ([], [], .other)
    }

    /// Replaces everything as one step that can be undone, cursor at the end.
    public mutating func replaceText(_ text: String) {
        replace(0..<characters.count, with: Self.characters(of: text))
        last = .other
    }

    /// Moves the cursor; a place outside becomes the nearest.
    public mutating func moveCursor(to place: Int) {
        setCursor(place)
        last = .other
    }

    // MARK: Changing

    /// Inserts what was typed; runs of typing up to the next blank are one undo step.
    public mutating func type(_ character: Character) {
        let startsStep = last != .typing || (character.isWhitespace && !(before(cursor)?.isWhitespace ?? true))
        replace(cursor..<cursor, with: Self.characters(of: String(character)), joinsStep: !startsStep)
        last = .typing
    }

    /// Inserts a text, such as a paste, as one undo step. Carriage returns become newlines.
    public mutating func insert(_ text: String) {
        guard !text.isEmpty else { return }
        replace(cursor..<cursor, with: Self.characters(of: text))
        last = .other
    }

    /// Deletes the character before the cursor.
    public mutating func deleteBack() { delete(max(0, cursor - 1)..<cursor) }

    /// Deletes the character after the cursor.
    public mutating func deleteForward() { delete(cursor..<min(characters.count, cursor + 1)) }

    private mutating func delete(_ range: Range<Int>) {
        if !range.isEmpty { replace(range, with: []) }
        last = .other
    }

    /// Takes back the last step; false when there is none.
    @discardableResult
    public mutating func undo() -> Bool {
        last = .other
        guard let edit = done.popLast() else { return false }
        characters.replaceSubrange(edit.place..<edit.place + edit.inserted.count, with: edit.removed)
        setCursor(edit.cursorBefore)
        undone.append(edit)
        return true
    }

    /// Does again what was taken back last; false when there is nothing.
    @discardableResult
    public mutating func redo() -> Bool {
        last = .other
        guard let edit = undone.popLast() else { return false }
        characters.replaceSubrange(edit.place..<edit.place + edit.removed.count, with: edit.inserted)
        setCursor(edit.cursorAfter)
        done.append(edit)
        return true
    }

    /// Puts characters in the place of others and the cursor behind them. Neighbours take part, because a mark may join
    /// the character before it.
    mutating func replace(_ range: Range<Int>, with new: [Character], joinsStep: Bool = false) {
        let start = max(0, range.lowerBound - 1)
        let end = min(characters.count, range.upperBound + 1)
        let head = String(characters[start..<range.lowerBound]) + String(new)
        let whole = Array(head + String(characters[range.upperBound..<end]))
        let cursorBefore = cursor
        let edit = Edit(
            place: start, removed: Array(characters[start..<end]), inserted: whole, cursorBefore: cursorBefore,
            cursorAfter: start + head.count)
        characters.replaceSubrange(start..<end, with: whole)
        cursor = edit.cursorAfter
        undone = []
        if joinsStep, let joined = done.last?.joined(with: edit) {
            done[done.count - 1] = joined
        } else {
            done.append(edit)
            if done.count > Self.mostEdits { done.removeFirst() }
        }
    }

    mutating func setCursor(_ place: Int) { cursor = max(0, min(place, characters.count)) }

    func before(_ place: Int) -> Character? { place > 0 ? characters[place - 1] : nil }

    private static func characters(of text: String) -> [Character] {
        guard text.utf8.contains(0x0D) else { return Array(text) }
        var result: [Character] = []
        for character in text { result.append(character == "\r\n" || character == "\r" ? "\n" : character) }
        return Array(String(result))
    }
}

extension LineEditor.Edit {
    /// This change and one that follows it at once, as one; nil when the second begins elsewhere.
    fileprivate func joined(with next: LineEditor.Edit) -> LineEditor.Edit? {
        let offset = next.place - place
        guard next.cursorBefore == cursorAfter, offset >= 0 else { return nil }
        var joined = self
        let known = min(next.removed.count, inserted.count - offset)
        guard known >= 0, Array(inserted[offset..<offset + known]) == Array(next.removed[..<known]) else { return nil }
        joined.removed += next.removed[known...]
        joined.inserted.replaceSubrange(offset..<offset + known, with: next.inserted)
        joined.cursorAfter = next.cursorAfter
        return joined
    }
}
