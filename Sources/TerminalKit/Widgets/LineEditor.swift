import Synchronization

/// A text being edited: characters (grapheme clusters) and folds, a cursor between them, undo, a kill ring. Lines end with
/// `\n`. Keys mean what readline users expect, or what vi users do (`editingMode`).
///
/// The text is what was typed or pasted; whoever draws it uses `layout` and `rowText`, and `Frame.draw` keeps
/// control characters from the terminal.
public struct LineEditor: Sendable, Hashable {
    /// One change, enough to take it back.
    struct Edit: Sendable, Hashable {
        var place: Int
        var removed: [EditorElement]
        var inserted: [EditorElement]
        var cursorBefore: Int
        var cursorAfter: Int
        /// Whether it is one step with the change before it.
        var joinsPrevious = false
    }

    /// What the last command was, for those that depend on it.
    enum LastCommand: Sendable, Hashable {
        case other
        case typing
        case kill
        case yank(start: Int)
        case lastArgument(start: Int, index: Int)
        case vertical(column: Int)
    }

    /// What was killed or yanked, the newest of the ring last.
    struct Kill: Sendable, Hashable {
        var elements: [EditorElement]
        /// Whether it is whole lines, as vi puts them; without the last newline.
        var isLinewise = false
    }

    /// A key that the next key completes.
    enum PendingKey: Sendable, Hashable {
        case literal(count: Int)
        case search(count: Int)
    }

    /// A repeat count being typed.
    struct Argument: Sendable, Hashable {
        var digits: Int?
        var isNegative = false

        var value: Int { (digits ?? 1) * (isNegative ? -1 : 1) }
    }

    /// Changes that become one step.
    struct Grouping: Sendable, Hashable {
        var depth = 0
        /// Whether a change was made since the group began.
        var hasEdits = false
    }

    static let mostEdits = 1_000
    static let mostKills = 60
    /// The greatest repeat count.
    static let mostRepeats = 9_999

    private(set) var elements: [EditorElement] = []
    /// Bytes of the text, folds as what they stand for.
    public private(set) var byteCount = 0
    /// The cursor stands before the character of this number, 0...count.
    public private(set) var cursor = 0
    /// Cells of a display row, for moving up and down; at least 1.
    public var width = 80 {
        didSet { if width < 1 { width = 1 } }
    }
    /// Which key is which editing command.
    public var keymap = EditKeymap.standard
    /// What Alt-. inserts, the newest first: the last words of earlier prompts (`lastWord(of:)`).
    public var lastArguments: [String] = []
    /// Whose keys these are. Changing it begins with inserting.
    public var editingMode = EditingMode.emacs {
        didSet { if editingMode != oldValue { resetVi() } }
    }
    var undone: [Edit] = []
    var done: [Edit] = []
    var kills: [Kill] = []
    var last = LastCommand.other
    var grouping = Grouping()
    var mark: Int?
    var isMarkActive = false
    var pendingKey: PendingKey?
    var argument: Argument?
    var vi = ViState()
    var cache = EditorCache()

    /// An editor with a text, cursor at its end.
    public init(_ text: String = "") { setText(text) }

    /// The text, folds as what they stand for. Made once for each change.
    public var text: String {
        cache.text.made.withLock { made in
            if let made { return made }
            let text = elements.text(bytes: byteCount)
            made = text
            return text
        }
    }
    /// The characters; a fold is U+FFFC. Made anew each time.
    public var characters: [Character] { elements.map(\.character) }
    /// How many characters there are; a fold is one.
    public var count: Int { elements.count }
    /// Whether there is no text.
    public var isEmpty: Bool { elements.isEmpty }

    /// Replaces everything, cursor at the end; forgets what could be undone. In vi mode an empty text is inserted into.
    public mutating func setText(_ text: String) {
        change(0..<elements.count, to: [EditorElement](text))
        cursor = elements.count
        (done, undone, last, grouping) = ([], [], .other, Grouping())
        (mark, isMarkActive, pendingKey, argument) = (nil, false, nil, nil)
        guard editingMode == .vi else { return }
        if text.isEmpty || vi.phase == .insert { resetVi() } else { settleInNormal() }
    }

    /// Replaces everything as one step that can be undone, cursor at the end.
    public mutating func replaceText(_ text: String) {
        replace(0..<elements.count, with: [EditorElement](text))
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
        let startsStep = last != .typing || (character.isWhitespace && !(before(cursor)?.isBlank ?? true))
        replace(cursor..<cursor, with: [EditorElement](String(character)), joinsStep: !startsStep)
        last = .typing
    }

    /// Inserts a text, such as a paste, as one undo step. Carriage returns become newlines.
    public mutating func insert(_ text: String) {
        guard !text.isEmpty else { return }
        replace(cursor..<cursor, with: [EditorElement](text))
        last = .other
    }

    /// Deletes the character before the cursor.
    public mutating func deleteBack() { delete(max(0, cursor - 1)..<cursor) }

    /// Deletes the character after the cursor.
    public mutating func deleteForward() { delete(cursor..<min(elements.count, cursor + 1)) }

    mutating func delete(_ range: Range<Int>) {
        if !range.isEmpty { replace(range, with: []) }
        last = .other
    }

    /// Takes back the last step; false when there is none.
    @discardableResult
    public mutating func undo() -> Bool {
        last = .other
        grouping.hasEdits = false
        guard !done.isEmpty else { return false }
        while let edit = done.popLast() {
            change(edit.place..<edit.place + edit.inserted.count, to: edit.removed)
            setCursor(edit.cursorBefore)
            undone.append(edit)
            if !edit.joinsPrevious { break }
        }
        dropMark()
        return true
    }

    /// Does again what was taken back last; false when there is nothing.
    @discardableResult
    public mutating func redo() -> Bool {
        last = .other
        grouping.hasEdits = false
        guard !undone.isEmpty else { return false }
        repeat {
            guard let edit = undone.popLast() else { break }
            change(edit.place..<edit.place + edit.removed.count, to: edit.inserted)
            setCursor(edit.cursorAfter)
            done.append(edit)
        } while undone.last?.joinsPrevious ?? false
        dropMark()
        return true
    }

    /// Makes one undo step of all that is changed in `body`.
    mutating func asOneStep(_ body: (inout LineEditor) -> Void) {
        beginStep()
        body(&self)
        endStep()
    }

    mutating func beginStep() {
        if grouping.depth == 0 { grouping.hasEdits = false }
        grouping.depth += 1
    }

    mutating func endStep() { grouping.depth = max(0, grouping.depth - 1) }

    /// Puts elements in the place of others and the cursor behind them. Neighbours take part, because a mark may join
    /// the character before it.
    mutating func replace(_ range: Range<Int>, with new: [EditorElement], joinsStep: Bool = false) {
        let start = max(0, range.lowerBound - 1)
        let end = min(elements.count, range.upperBound + 1)
        let head = (elements[start..<range.lowerBound] + new).recombined
        let whole = (head + elements[range.upperBound..<end]).recombined
        var edit = Edit(
            place: start, removed: Array(elements[start..<end]), inserted: whole, cursorBefore: cursor,
            cursorAfter: start + head.count)
        change(start..<end, to: whole)
        cursor = min(edit.cursorAfter, elements.count)
        moveMark(over: range, to: cursor)
        undone = []
        let isGrouped = grouping.depth > 0
        edit.joinsPrevious = isGrouped && grouping.hasEdits
        if joinsStep, !isGrouped || grouping.hasEdits, let joined = done.last?.joined(with: edit) {
            done[done.count - 1] = joined
        } else {
            done.append(edit)
            if done.count > Self.mostEdits { done.removeFirst() }
        }
        grouping.hasEdits = isGrouped
    }

    /// The one way in which the text changes.
    private mutating func change(_ range: Range<Int>, to new: [EditorElement]) {
        byteCount += new.reduce(0) { $0 + $1.byteCount } - elements[range].reduce(0) { $0 + $1.byteCount }
        elements.replaceSubrange(range, with: new)
        cache.forget(from: range.lowerBound)
    }

    mutating func setCursor(_ place: Int) { cursor = max(0, min(place, elements.count)) }

    func before(_ place: Int) -> EditorElement? { place > 0 ? elements[place - 1] : nil }
}

extension LineEditor.Edit {
    /// This change and one that follows it at once, as one; nil when the second begins elsewhere.
    fileprivate func joined(with next: LineEditor.Edit) -> LineEditor.Edit? {
        let offset = next.place - place
        guard next.cursorBefore == cursorAfter, offset >= 0, offset <= inserted.count else { return nil }
        var joined = self
        let known = min(next.removed.count, inserted.count - offset)
        guard known >= 0, inserted[offset..<offset + known] == next.removed[..<known] else { return nil }
        joined.removed += next.removed[known...]
        joined.inserted.replaceSubrange(offset..<offset + known, with: next.inserted)
        joined.cursorAfter = next.cursorAfter
        return joined
    }
}
