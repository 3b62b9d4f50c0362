import TerminalKit

/// Where a binding holds.
enum KeyScope: Sendable, Hashable {
    /// Everywhere, when no overlay takes the key first.
    case global
    /// After the leader Ctrl-X.
    case leader
    /// While the pane has the focus.
    case pane(Pane)

    var title: String {
        switch self {
        case .global: "anywhere"
        case .leader: "after Ctrl-X"
        case .pane(let pane): pane.rawValue
        }
    }
}

/// One binding: where, which keys (any of them), what.
struct KeyBinding: Sendable, Hashable {
    let scope: KeyScope
    let chords: [KeyChord]
    let command: Command

    init(_ scope: KeyScope, _ chords: [KeyChord], _ command: Command) {
        self.scope = scope
        self.chords = chords
        self.command = command
    }
}

/// All bindings, in the order in which help shows them. Dispatch, help, palette and hints read this table.
enum Keymap {
    static let bindings: [KeyBinding] = global + leader + prompt + output + parameters + tools + meter

    private static let global: [KeyBinding] = [
        KeyBinding(.global, [KeyChord(.tab)], .nextPane),
        KeyBinding(.global, [KeyChord(.backTab)], .previousPane),
        KeyBinding(.global, [.alt("1")], .focusPrompt),
        KeyBinding(.global, [.alt("2")], .focusOutput),
        KeyBinding(.global, [.alt("3")], .focusTools),
        KeyBinding(.global, [.alt("4")], .focusMeter),
        KeyBinding(.global, [.alt("5")], .focusParameters),
        KeyBinding(.global, [.control("p")], .palette),
        KeyBinding(.global, [KeyChord(.function(1))], .help),
        KeyBinding(.global, [KeyChord(.escape)], .cancel),
        KeyBinding(.global, [.control("c")], .interrupt),
        KeyBinding(.global, [.alt("t")], .nudge),
        KeyBinding(.global, [.alt("r")], .retryNow),
        KeyBinding(.global, [.alt("g")], .continueAnswer),
        KeyBinding(.global, [.control("t")], .toggleReasoning),
        KeyBinding(.global, [.control("o")], .toggleToolDetails),
        KeyBinding(.global, [.control("r")], .searchHistory),
        KeyBinding(.global, [.alt("6")], .listConversations),
        KeyBinding(.global, [.control("n")], .newConversation),
        KeyBinding(.global, [.control("l")], .redraw),
        KeyBinding(.global, [.control("z")], .suspend),
        KeyBinding(.global, [.control("\\")], .quit),
    ]

    private static let leader: [KeyBinding] = [
        KeyBinding(.leader, [.character("m")], .chooseModel),
        KeyBinding(.leader, [.character("n")], .newConversation),
        KeyBinding(.leader, [.character("l")], .listConversations),
        KeyBinding(.leader, [.character("/")], .searchConversations),
        KeyBinding(.leader, [.character("v")], .branches),
        KeyBinding(.leader, [.character("d")], .compare),
        KeyBinding(.leader, [.character("y")], .copyMessage),
        KeyBinding(.leader, [.character("x")], .exportConversation),
        KeyBinding(.leader, [.character("t")], .chooseTheme),
        KeyBinding(.leader, [.character("e"), .control("e")], .editExternally),
        KeyBinding(.leader, [.character("u")], .undoTurn),
        KeyBinding(.leader, [.character("c")], .usage),
        KeyBinding(.leader, [.character("f")], .chooseTools),
        KeyBinding(.leader, [.character("b")], .toggleSideColumn),
        KeyBinding(.leader, [.character("z")], .zoomPane),
        KeyBinding(.leader, [.character("s")], .editSystemPrompt),
        KeyBinding(.leader, [.character("w")], .retryNow),
        KeyBinding(.leader, [.character("k")], .continueAnswer),
        KeyBinding(.leader, [.character("p")], .configure),
        KeyBinding(.leader, [.character(",")], .editSettings),
        KeyBinding(.leader, [.character("o")], .choosePreset),
        KeyBinding(.leader, [.character("O")], .undoPreset),
        KeyBinding(.leader, [.character("a")], .setUpEndpoint),
        KeyBinding(.leader, [.character("q")], .quit),
    ]

    private static let prompt: [KeyBinding] = [
        KeyBinding(.pane(.prompt), [KeyChord(.enter)], .send),
        KeyBinding(
            .pane(.prompt),
            [.control("j"), KeyChord(.enter, .alt), KeyChord(.enter, .shift), KeyChord(.enter, .control)], .newline),
        KeyBinding(.pane(.prompt), [KeyChord(.up)], .historyOlder),
        KeyBinding(.pane(.prompt), [KeyChord(.down)], .historyNewer),
        KeyBinding(.pane(.prompt), [.control("d")], .deleteOrQuit),
        KeyBinding(.pane(.prompt), [.control("g")], .editExternally),
        KeyBinding(.pane(.prompt), [KeyChord(.pageUp)], .pageUp),
        KeyBinding(.pane(.prompt), [KeyChord(.pageDown)], .pageDown),
    ]

    private static let output: [KeyBinding] = [
        KeyBinding(.pane(.output), [.character("k"), KeyChord(.up), .control("y")], .lineUp),
        KeyBinding(.pane(.output), [.character("j"), KeyChord(.down), .control("e"), KeyChord(.enter)], .lineDown),
        KeyBinding(.pane(.output), [KeyChord(.pageUp), .character("b"), .control("b")], .pageUp),
        KeyBinding(.pane(.output), [KeyChord(.pageDown), .character(" "), .control("f")], .pageDown),
        KeyBinding(.pane(.output), [.control("u")], .halfPageUp),
        KeyBinding(.pane(.output), [.control("d")], .halfPageDown),
        KeyBinding(.pane(.output), [.character("g"), KeyChord(.home)], .toTop),
        KeyBinding(.pane(.output), [.character("G"), KeyChord(.end)], .follow),
        KeyBinding(.pane(.output), [.character("K"), KeyChord(.up, .shift)], .previousMessage),
        KeyBinding(.pane(.output), [.character("J"), KeyChord(.down, .shift)], .nextMessage),
        KeyBinding(.pane(.output), [.character("r")], .regenerate),
        KeyBinding(.pane(.output), [.character("e")], .editMessage),
        KeyBinding(.pane(.output), [.character("/")], .find),
        KeyBinding(.pane(.output), [.character("n")], .findNext),
        KeyBinding(.pane(.output), [.character("N")], .findPrevious),
        KeyBinding(.pane(.output), [.character("f")], .fork),
        KeyBinding(.pane(.output), [.character("y")], .copyMessage),
        KeyBinding(.pane(.output), [.character("Y")], .copyAll),
        KeyBinding(.pane(.output), [.character("c")], .copyCode),
        KeyBinding(.pane(.output), [.character("w")], .toggleCodeWrap),
        KeyBinding(.pane(.output), [.character("<"), KeyChord(.left, .shift)], .codeLeft),
        KeyBinding(.pane(.output), [.character(">"), KeyChord(.right, .shift)], .codeRight),
        KeyBinding(.pane(.output), [.character("d")], .compare),
        KeyBinding(.pane(.output), [.character("t")], .branches),
        KeyBinding(.pane(.output), [.character("h"), KeyChord(.left)], .previousBranch),
        KeyBinding(.pane(.output), [.character("l"), KeyChord(.right)], .nextBranch),
        KeyBinding(.pane(.output), [.character("?")], .help),
    ]

    private static let parameters: [KeyBinding] = [
        KeyBinding(.pane(.parameters), [KeyChord(.up), .character("k")], .previousItem),
        KeyBinding(.pane(.parameters), [KeyChord(.down), .character("j")], .nextItem),
        KeyBinding(.pane(.parameters), [KeyChord(.left), .character("h")], .stepDown),
        KeyBinding(.pane(.parameters), [KeyChord(.right), .character("l")], .stepUp),
        KeyBinding(
            .pane(.parameters), [KeyChord(.left, .shift), .character("<"), KeyChord(.pageDown)], .bigStepDown),
        KeyBinding(.pane(.parameters), [KeyChord(.right, .shift), .character(">"), KeyChord(.pageUp)], .bigStepUp),
        KeyBinding(.pane(.parameters), [KeyChord(.enter)], .editValue),
        KeyBinding(.pane(.parameters), [KeyChord(.delete), KeyChord(.backspace), .character("u")], .unset),
        KeyBinding(.pane(.parameters), [.character("d")], .useDefault),
        KeyBinding(.pane(.parameters), [.character("?")], .help),
    ]

    private static let tools: [KeyBinding] = [
        KeyBinding(.pane(.tools), [KeyChord(.up), .character("k")], .previousItem),
        KeyBinding(.pane(.tools), [KeyChord(.down), .character("j")], .nextItem),
        KeyBinding(.pane(.tools), [KeyChord(.enter), .character(" ")], .toolDetail),
        KeyBinding(.pane(.tools), [.character("y")], .toolRun),
        KeyBinding(.pane(.tools), [.character("a")], .toolRunSession),
        KeyBinding(.pane(.tools), [.character("e")], .toolEdit),
        KeyBinding(.pane(.tools), [.character("v")], .toolResult),
        KeyBinding(.pane(.tools), [.character("r")], .toolReplay),
        KeyBinding(.pane(.tools), [.character("x")], .toolError),
        KeyBinding(.pane(.tools), [.character("n")], .toolRefuse),
        KeyBinding(.pane(.tools), [.character("?")], .help),
    ]

    private static let meter: [KeyBinding] = [
        KeyBinding(.pane(.meter), [KeyChord(.enter)], .usage),
        KeyBinding(.pane(.meter), [.character("?")], .help),
    ]

    /// The command of a chord in a scope.
    static func command(for chord: KeyChord, in scope: KeyScope) -> Command? {
        bindings.first { $0.scope == scope && $0.chords.contains(chord) }?.command
    }

    /// The bindings of a scope.
    static func bindings(in scope: KeyScope) -> [KeyBinding] { bindings.filter { $0.scope == scope } }

    /// The keys of a command as text, its first binding of each scope; empty when it has none.
    static func keys(of command: Command) -> String {
        bindings.filter { $0.command == command }.prefix(2).compactMap { binding in
            binding.chords.first.map { (binding.scope == .leader ? "^X " : "") + $0.label }
        }.joined(separator: ", ")
    }
}

extension KeyChord {
    /// The chord as help shows it: `^P`, `Alt-t`, `Shift-Left`, `Enter`.
    var label: String {
        var label = ""
        if modifiers.contains(.alt) { label += "Alt-" }
        if modifiers.contains(.shift) { label += "Shift-" }
        if case .character(let character) = key {
            if modifiers.contains(.control) { return label + "^" + String(character).uppercased() }
            return label + (character == " " ? "Space" : String(character))
        }
        if modifiers.contains(.control) { label += "Ctrl-" }
        return label + key.label
    }
}

extension Key {
    /// The key's name.
    var label: String {
        switch self {
        case .character(let character): String(character)
        case .enter: "Enter"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .escape: "Esc"
        case .backspace: "Backspace"
        case .delete: "Del"
        case .insert: "Ins"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        }
    }
}
