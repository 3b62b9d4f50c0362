import TerminalKit

/// What a key of the config editor does.
enum ConfigAction: Sendable, Hashable {
    case up, down, nextSection, previousSection
    case stepDown, stepUp, bigStepDown, bigStepUp, toLowest, toHighest
    case edit, toggle, unset, useDefault, undo, find, findNext, save, keys, leave
}

/// The keys of the config editor. Dispatch, its help and its last line read this table.
enum ConfigKeys {
    static let all: [(chords: [KeyChord], action: ConfigAction, words: String)] = [
        ([KeyChord(.up), .character("k"), .control("p")], .up, "the row above"),
        ([KeyChord(.down), .character("j"), .control("n")], .down, "the row below"),
        ([KeyChord(.tab)], .nextSection, "the next part"),
        ([KeyChord(.backTab)], .previousSection, "the part before"),
        ([KeyChord(.left), .character("h")], .stepDown, "one step down"),
        ([KeyChord(.right), .character("l"), .character("+")], .stepUp, "one step up"),
        ([KeyChord(.left, .shift), KeyChord(.pageDown), .character("<")], .bigStepDown, "ten steps down"),
        ([KeyChord(.right, .shift), KeyChord(.pageUp), .character(">")], .bigStepUp, "ten steps up"),
        ([KeyChord(.home)], .toLowest, "the lowest value"),
        ([KeyChord(.end)], .toHighest, "the highest value"),
        ([KeyChord(.enter)], .edit, "type the value, or choose; digits, - and . begin typing"),
        ([.character(" ")], .toggle, "set or not set"),
        ([KeyChord(.backspace), KeyChord(.delete), .character("u")], .unset, "not set: a parameter is not sent"),
        ([.character("d")], .useDefault, "the default"),
        ([.control("_"), .control("/"), .character("U")], .undo, "take the last change back"),
        ([.character("/")], .find, "find a row"),
        ([.character("n")], .findNext, "find the next one"),
        ([.character("s"), .control("s")], .save, "save changed settings in the file"),
        ([.character("?"), KeyChord(.function(1))], .keys, "these keys"),
        ([KeyChord(.escape), .character("q")], .leave, "leave"),
    ]

    static func action(for chord: KeyChord) -> ConfigAction? {
        all.first { $0.chords.contains(chord) }?.action
    }
}
