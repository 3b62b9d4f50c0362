public import TerminalKit

/// What a key of the config editor does; the raw value names it in `[keys.config]`.
enum ConfigAction: String, Sendable, Hashable, CaseIterable {
    case up = "row-up"
    case down = "row-down"
    case nextSection = "next-part"
    case previousSection = "previous-part"
    case stepDown = "step-down"
    case stepUp = "step-up"
    case bigStepDown = "big-step-down"
    case bigStepUp = "big-step-up"
    case toLowest = "lowest"
    case toHighest = "highest"
    case edit = "type"
    case toggle = "toggle"
    case unset = "unset"
    case useDefault = "default"
    case undo = "undo"
    case find = "find"
    case findNext = "find-next"
    case save = "save"
    case keys = "keys"
    case leave = "leave"
}

/// A key of the config editor, which can be bound in `[keys.config]` as commands can.
public struct ConfigKey: Sendable, Hashable {
    let action: ConfigAction
    /// Any of these; the first is the one that hints show.
    public internal(set) var chords: [KeyChord]
    /// One line for help.
    public let summary: String
    /// Where the user bound it; nil = it is ours.
    public internal(set) var place: String?

    /// Its name in the settings file.
    public var name: String { action.rawValue }

    init(_ action: ConfigAction, _ chords: [KeyChord], _ summary: String) {
        self.action = action
        self.chords = chords
        self.summary = summary
    }

    /// The table as it comes. Dispatch, the editor's help, its last line and the manual read it.
    static let standard: [ConfigKey] = [
        ConfigKey(.up, [KeyChord(.up), .character("k"), .control("p")], "the row above"),
        ConfigKey(.down, [KeyChord(.down), .character("j"), .control("n")], "the row below"),
        ConfigKey(.nextSection, [KeyChord(.tab)], "the next part"),
        ConfigKey(.previousSection, [KeyChord(.backTab)], "the part before"),
        ConfigKey(.stepDown, [KeyChord(.left), .character("h")], "one step down"),
        ConfigKey(.stepUp, [KeyChord(.right), .character("l"), .character("+")], "one step up"),
        ConfigKey(
            .bigStepDown, [KeyChord(.left, .shift), KeyChord(.pageDown), .character("<")], "ten steps down"),
        ConfigKey(.bigStepUp, [KeyChord(.right, .shift), KeyChord(.pageUp), .character(">")], "ten steps up"),
        ConfigKey(.toLowest, [KeyChord(.home)], "the lowest value"),
        ConfigKey(.toHighest, [KeyChord(.end)], "the highest value"),
        ConfigKey(.edit, [KeyChord(.enter)], "type the value, or choose; digits, - and . begin typing"),
        ConfigKey(.toggle, [.character(" ")], "set or not set"),
        ConfigKey(
            .unset, [KeyChord(.backspace), KeyChord(.delete), .character("u")], "not set: a parameter is not sent"),
        ConfigKey(.useDefault, [.character("d")], "the default"),
        ConfigKey(.undo, [.control("_"), .control("/"), .character("U")], "take the last change back"),
        ConfigKey(.find, [.character("/")], "find a row"),
        ConfigKey(.findNext, [.character("n")], "find the next one"),
        ConfigKey(.save, [.character("s"), .control("s")], "save changed settings in the file"),
        ConfigKey(.keys, [.character("?"), KeyChord(.function(1))], "these keys"),
        ConfigKey(.leave, [KeyChord(.escape), .character("q")], "leave"),
    ]
}

extension Keymap {
    /// What a key does in the config editor. Esc leaves it, whatever was bound: nobody is locked in.
    func configAction(for chord: KeyChord) -> ConfigAction? {
        if chord == KeyChord(.escape) { return .leave }
        return config.first { $0.chords.contains(chord) }?.action
    }

    /// The key of the config editor for hints; nil when it has none.
    func hint(of action: ConfigAction) -> String? {
        if action == .leave { return KeyChord(.escape).label }
        guard let chords = config.first(where: { $0.action == action })?.chords else { return nil }
        // A letter says more than Backspace.
        return (action == .unset ? chords.last : chords.first)?.label
    }
}
