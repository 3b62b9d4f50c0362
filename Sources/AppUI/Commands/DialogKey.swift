import TerminalKit

/// A key of lists, boxes and screens over the panes. These are the same everywhere and cannot be bound: who bound them
/// away could not leave a box any more.
struct DialogKey: Sendable, Hashable {
    /// Any of these; the first one is shown.
    let chords: [KeyChord]
    /// One line for help.
    let summary: String

    init(_ chords: KeyChord..., summary: String) {
        self.chords = chords
        self.summary = summary
    }

    /// The key as hints name it.
    var label: String { chords.first?.label ?? "" }

    /// The key as sentences name it.
    var longLabel: String { chords.first?.longLabel ?? "" }

    /// Whether a chord is this key.
    static func ~= (key: DialogKey, chord: KeyChord) -> Bool { key.chords.contains(chord) }
}

// Lists that are narrowed by typing, and boxes in which a value is typed.
extension DialogKey {
    static let take = DialogKey(KeyChord(.enter), summary: "take the chosen row, or what was typed")
    static let close = DialogKey(KeyChord(.escape), summary: "close it and leave all as it was")
    static let complete = DialogKey(KeyChord(.tab), summary: "complete what is typed; in a list the next row")
    static let previous = DialogKey(KeyChord(.up), .control("p"), summary: "previous row")
    static let next = DialogKey(KeyChord(.down), .control("n"), summary: "next row")
    static let pageUp = DialogKey(KeyChord(.pageUp), summary: "up a page")
    static let pageDown = DialogKey(KeyChord(.pageDown), summary: "down a page")
    static let newline = DialogKey(
        .control("j"), KeyChord(.enter, .alt), KeyChord(.enter, .shift),
        summary: "a new line in a text of several lines")
    static let lists = [take, close, complete, previous, next, pageUp, pageDown, newline]
}

// Screens that are read: help, a call, what was spent, branches, versions beside each other.
extension DialogKey {
    static let rowUp = DialogKey(KeyChord(.up), .character("k"), summary: "up a row")
    static let rowDown = DialogKey(KeyChord(.down), .character("j"), summary: "down a row")
    static let viewUp = DialogKey(KeyChord(.pageUp), .character("b"), summary: "up a page")
    static let viewDown = DialogKey(KeyChord(.pageDown), .character(" "), summary: "down a page")
    static let top = DialogKey(KeyChord(.home), .character("g"), summary: "to the beginning")
    static let bottom = DialogKey(KeyChord(.end), .character("G"), summary: "to the end")
    static let find = DialogKey(.character("/"), summary: "look for a text, in help and in a call")
    static let page = DialogKey(KeyChord(.tab), KeyChord(.backTab), summary: "the other page of what was spent")
    static let reload = DialogKey(.character("r"), summary: "read again what was spent")
    static let leave = DialogKey(.character("q"), summary: "close it")
    static let viewers = [rowUp, rowDown, viewUp, viewDown, top, bottom, find, page, reload, leave]
}

// The list of conversations and the history.
extension DialogKey {
    static let searchTexts = DialogKey(KeyChord(.tab), summary: "search in texts, or by names again")
    static let rename = DialogKey(.control("r"), summary: "give the chosen conversation a name")
    static let newer = DialogKey(.control("s"), summary: "in the history: newer")
    static let delete = DialogKey(.control("d"), summary: "delete the chosen conversation")
    static let restore = DialogKey(.control("_"), .control("z"), summary: "bring back what was deleted last")
    static let giveUp = DialogKey(.control("g"), summary: "in the history: close it")
    static let conversations = [searchTexts, rename, newer, giveUp, delete, restore]
}

// How the screen of a run is left that this process runs.
extension DialogKey {
    static let goOnWithLines = DialogKey(.character("l"), summary: "leave the screen; the run goes on with lines")
    static let stopRun = DialogKey(.character("s"), summary: "stop the run: what runs comes to its end")
    static let leaving = [goOnWithLines, stopRun]
}

// Versions beside each other.
extension DialogKey {
    static let nextColumn = DialogKey(KeyChord(.tab), KeyChord(.right), .character("l"), summary: "next column")
    static let previousColumn = DialogKey(
        KeyChord(.backTab), KeyChord(.left), .character("h"), summary: "previous column")
    static let marks = DialogKey(.character("d"), summary: "mark what differs, or do not")
    static let together = DialogKey(.character("="), summary: "scroll together, or each alone")
    static let askAgain = DialogKey(.character("r"), summary: "ask again, in a column of its own")
    static let closeColumn = DialogKey(.character("x"), summary: "close the column")
    static let keys = DialogKey(.character("?"), KeyChord(.function(1)), summary: "show these keys")
    static let comparison = [keys, nextColumn, previousColumn, marks, together, askAgain, closeColumn]
}
