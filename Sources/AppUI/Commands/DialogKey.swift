import TerminalKit

/// Keys of lists and boxes over the panes. They are the same everywhere and cannot be bound: who bound them away could not
/// leave a box any more.
enum DialogKey: String, Sendable, Hashable, CaseIterable {
    case take, close, complete, previous, next, pageUp, pageDown, find, newline

    /// Any of these; the first one is shown.
    var chords: [KeyChord] {
        switch self {
        case .take: [KeyChord(.enter)]
        case .close: [KeyChord(.escape)]
        case .complete: [KeyChord(.tab)]
        case .previous: [KeyChord(.up), .control("p")]
        case .next: [KeyChord(.down), .control("n")]
        case .pageUp: [KeyChord(.pageUp)]
        case .pageDown: [KeyChord(.pageDown)]
        case .find: [.character("/")]
        case .newline: [.control("j"), KeyChord(.enter, .alt), KeyChord(.enter, .shift)]
        }
    }

    /// One line for help.
    var summary: String {
        switch self {
        case .take: "take the chosen row, or what was typed"
        case .close: "close it and leave all as it was"
        case .complete: "complete what is typed; in a list the next row"
        case .previous: "previous row"
        case .next: "next row"
        case .pageUp: "up a page"
        case .pageDown: "down a page"
        case .find: "look for a text, in help and in a call"
        case .newline: "a new line in a text of several lines"
        }
    }

    /// The key as hints name it.
    var label: String { chords[0].label }

    /// The key as sentences name it.
    var longLabel: String { chords[0].longLabel }

    /// Whether a chord is this key.
    static func ~= (key: DialogKey, chord: KeyChord) -> Bool { key.chords.contains(chord) }
}
