/// An editing command, named as readline names it where readline has it.
public enum EditCommand: String, Sendable, Hashable, CaseIterable {
    case beginningOfLine = "beginning-of-line"
    case endOfLine = "end-of-line"
    case beginningOfText = "beginning-of-text"
    case endOfText = "end-of-text"
    case forwardCharacter = "forward-char"
    case backwardCharacter = "backward-char"
    case forwardWord = "forward-word"
    case backwardWord = "backward-word"
    case previousRow = "previous-screen-line"
    case nextRow = "next-screen-line"
    case characterSearch = "character-search"
    case characterSearchBackward = "character-search-backward"
    case deleteCharacter = "delete-char"
    case backwardDeleteCharacter = "backward-delete-char"
    case killLine = "kill-line"
    case backwardKillLine = "unix-line-discard"
    case killWholeLine = "kill-whole-line"
    case killWord = "kill-word"
    case backwardKillWord = "backward-kill-word"
    case wordRubout = "unix-word-rubout"
    case killRegion = "kill-region"
    case copyRegion = "copy-region-as-kill"
    case yank
    case yankPop = "yank-pop"
    case yankLastArgument = "yank-last-arg"
    case transposeCharacters = "transpose-chars"
    case transposeWords = "transpose-words"
    case upcaseWord = "upcase-word"
    case downcaseWord = "downcase-word"
    case capitalizeWord = "capitalize-word"
    case deleteHorizontalSpace = "delete-horizontal-space"
    case setMark = "set-mark"
    case exchangePointAndMark = "exchange-point-and-mark"
    case quotedInsert = "quoted-insert"
    case digitArgument = "digit-argument"
    case negativeArgument = "negative-argument"
    case insertNewline = "insert-newline"
    case expandFold = "expand-fold"
    case undo
    case redo

    /// One line for help.
    public var summary: String {
        switch self {
        case .beginningOfLine: "to the start of the line; twice: of the text"
        case .endOfLine: "to the end of the line; twice: of the text"
        case .beginningOfText: "to the start of the text"
        case .endOfText: "to the end of the text"
        case .forwardCharacter: "one character on"
        case .backwardCharacter: "one character back"
        case .forwardWord: "one word on"
        case .backwardWord: "one word back"
        case .previousRow: "one row up"
        case .nextRow: "one row down"
        case .characterSearch: "jump to the character typed next"
        case .characterSearchBackward: "jump back to the character typed next"
        case .deleteCharacter: "delete forward"
        case .backwardDeleteCharacter: "delete back"
        case .killLine: "cut to the end of the line"
        case .backwardKillLine: "cut to the start of the line"
        case .killWholeLine: "cut the line"
        case .killWord: "cut the word ahead"
        case .backwardKillWord: "cut the word behind"
        case .wordRubout: "cut back to white space"
        case .killRegion: "cut what is marked"
        case .copyRegion: "keep what is marked for yank"
        case .yank: "insert what was cut"
        case .yankPop: "after yank: what was cut before that"
        case .yankLastArgument: "insert the last word of the previous prompt"
        case .transposeCharacters: "exchange two characters"
        case .transposeWords: "exchange two words"
        case .upcaseWord: "word in upper case"
        case .downcaseWord: "word in lower case"
        case .capitalizeWord: "word with a capital"
        case .deleteHorizontalSpace: "delete blanks around the cursor"
        case .setMark: "set the mark"
        case .exchangePointAndMark: "exchange mark and cursor"
        case .quotedInsert: "insert the next key literally"
        case .digitArgument: "repeat count"
        case .negativeArgument: "negative repeat count"
        case .insertNewline: "new line"
        case .expandFold: "open the folded text at the cursor"
        case .undo: "undo"
        case .redo: "redo"
        }
    }

    /// What a negative repeat count makes of it.
    var opposite: EditCommand? {
        switch self {
        case .forwardCharacter: .backwardCharacter
        case .backwardCharacter: .forwardCharacter
        case .forwardWord: .backwardWord
        case .backwardWord: .forwardWord
        case .deleteCharacter: .backwardDeleteCharacter
        case .backwardDeleteCharacter: .deleteCharacter
        case .killLine: .backwardKillLine
        case .backwardKillLine: .killLine
        case .killWord: .backwardKillWord
        case .backwardKillWord, .wordRubout: .killWord
        case .previousRow: .nextRow
        case .nextRow: .previousRow
        case .characterSearch: .characterSearchBackward
        case .characterSearchBackward: .characterSearch
        case .undo: .redo
        case .redo: .undo
        default: nil
        }
    }

    /// Whether a repeat count does it again and again. The others take the count themselves, or none.
    var isRepeated: Bool {
        switch self {
        case .characterSearch, .characterSearchBackward, .quotedInsert, .digitArgument, .negativeArgument, .setMark,
            .exchangePointAndMark, .killRegion, .copyRegion, .yankPop, .yankLastArgument, .expandFold,
            .deleteHorizontalSpace, .beginningOfLine, .endOfLine, .beginningOfText, .endOfText:
            false
        default: true
        }
    }
}

/// Which key is which editing command. A value: a program changes its copy and hands it to its editors.
public struct EditKeymap: Sendable, Hashable {
    /// One command and its keys, the first to be shown.
    public struct Binding: Sendable, Hashable {
        /// The command.
        public let command: EditCommand
        /// Any of these.
        public let chords: [KeyChord]
    }

    private var commands: [KeyChord: EditCommand] = [:]
    private var chords: [EditCommand: [KeyChord]] = [:]

    /// A table without any key.
    public init() {}

    /// A table of bindings; of two for one key the last holds.
    public init(_ bindings: [(EditCommand, [KeyChord])]) {
        for (command, chords) in bindings {
            for chord in chords { bind(chord, to: command) }
        }
    }

    /// The command of a key.
    public subscript(chord: KeyChord) -> EditCommand? { commands[chord] }

    /// All bindings, in the order of `EditCommand.allCases`.
    public var bindings: [Binding] {
        EditCommand.allCases.compactMap { command in
            chords[command].flatMap { $0.isEmpty ? nil : Binding(command: command, chords: $0) }
        }
    }

    /// Gives a key to a command, and so takes it from another; nil: the key is no editing key any more.
    public mutating func bind(_ chord: KeyChord, to command: EditCommand?) {
        if let old = commands[chord] { chords[old]?.removeAll { $0 == chord } }
        commands[chord] = command
        if let command { chords[command, default: []].append(chord) }
    }

    /// What readline users expect. Ctrl-W is a word also while something is marked, as readline has it. Left to the
    /// program: Ctrl-T, Alt-T, Ctrl-O, Ctrl-R, Ctrl-S, Ctrl-G, Ctrl-X and what follows it, Ctrl-L, Ctrl-N, Ctrl-P,
    /// Alt-1 to Alt-6, Alt-R, Alt-#, Alt-<, Alt->.
    public static let standard = EditKeymap([
        (.beginningOfLine, [.control("a"), KeyChord(.home)]), (.endOfLine, [.control("e"), KeyChord(.end)]),
        (.beginningOfText, [KeyChord(.home, .control)]), (.endOfText, [KeyChord(.end, .control)]),
        (.backwardCharacter, [.control("b"), KeyChord(.left)]), (.forwardCharacter, [.control("f"), KeyChord(.right)]),
        (.backwardWord, [.alt("b"), KeyChord(.left, .control), KeyChord(.left, .alt)]),
        (.forwardWord, [.alt("f"), KeyChord(.right, .control), KeyChord(.right, .alt)]),
        (.previousRow, [KeyChord(.up)]), (.nextRow, [KeyChord(.down)]),
        (.characterSearch, [.control("]")]),
        (.characterSearchBackward, [KeyChord(.character("]"), [.control, .alt])]),
        (.deleteCharacter, [.control("d"), KeyChord(.delete)]),
        (.backwardDeleteCharacter, [KeyChord(.backspace), KeyChord(.backspace, .shift), .control("h")]),
        (.killLine, [.control("k")]), (.backwardKillLine, [.control("u")]),
        (.killWord, [.alt("d"), KeyChord(.delete, .control), KeyChord(.delete, .alt)]),
        (.backwardKillWord, [KeyChord(.backspace, .alt), KeyChord(.backspace, .control)]),
        (.wordRubout, [.control("w")]), (.killRegion, [KeyChord(.delete, .shift)]), (.copyRegion, [.alt("w")]),
        (.yank, [.control("y")]), (.yankPop, [.alt("y")]), (.yankLastArgument, [.alt(".")]),
        (.upcaseWord, [.alt("u")]), (.downcaseWord, [.alt("l")]), (.capitalizeWord, [.alt("c")]),
        (.deleteHorizontalSpace, [.alt("\\")]), (.setMark, [.control(" "), .control("@")]),
        (.quotedInsert, [.control("q"), .control("v")]),
        (.digitArgument, [.alt("0"), .alt("7"), .alt("8"), .alt("9")]), (.negativeArgument, [.alt("-")]),
        (
            .insertNewline,
            [.control("j"), KeyChord(.enter, .alt), KeyChord(.enter, .shift), KeyChord(.enter, .control)]
        ),
        // The same byte on most terminals.
        (.undo, [.control("_"), .control("/")]), (.redo, [.alt("_")]),
    ])
}
