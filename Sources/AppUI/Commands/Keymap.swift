public import TerminalKit

/// Where a binding holds.
public enum KeyScope: Sendable, Hashable {
    /// Everywhere, when no overlay and no pane takes the key first.
    case global
    /// After the leader key.
    case leader
    /// While the pane has the focus.
    case pane(Pane)
    /// In the config editor.
    case config
    /// On the screen of a benchmark's run.
    case bench
}

/// One binding: where, which keys (any of them), what.
public struct KeyBinding: Sendable, Hashable {
    /// Where it holds.
    public let scope: KeyScope
    /// Any of these, each one key or several pressed one after the other; the first is the one that hints show.
    public internal(set) var keys: [[KeyChord]]
    /// What they do.
    public let command: Command
    /// Where the user bound it, such as `config.toml:12`; nil = it is ours.
    public internal(set) var place: String?

    init(_ scope: KeyScope, _ chords: [KeyChord], _ command: Command) {
        self.init(scope, keys: chords.map { [$0] }, command)
    }

    init(_ scope: KeyScope, keys: [[KeyChord]], _ command: Command, place: String? = nil) {
        self.scope = scope
        self.keys = keys
        self.command = command
        self.place = place
    }
}

/// All bindings, in the order in which help shows them. Dispatch, help, palette, hints and the manual read this table and
/// no other.
public struct Keymap: Sendable, Hashable {
    /// Every binding.
    public internal(set) var bindings: [KeyBinding] { didSet { index = Self.index(of: bindings) } }
    /// The editing keys of the prompt.
    public internal(set) var editing = EditingKey.standard
    /// The keys of the config editor.
    public internal(set) var config = ConfigKey.standard
    private var index: [Slot: Command]

    /// A place in the table.
    private struct Slot: Sendable, Hashable {
        let scope: KeyScope
        let keys: [KeyChord]
    }

    /// The table as it comes. `enterSends`: whether Enter sends and Alt-Enter makes a new line; false = the other way round.
    public init(enterSends: Bool = true) {
        self.init(bindings: Self.standard(enterSends: enterSends))
    }

    init(bindings: [KeyBinding]) {
        self.bindings = bindings
        index = Self.index(of: bindings)
    }

    /// Of two bindings of one key the first holds.
    private static func index(of bindings: [KeyBinding]) -> [Slot: Command] {
        let slots = bindings.flatMap { binding in
            binding.keys.map { (Slot(scope: binding.scope, keys: $0), binding.command) }
        }
        return Dictionary(slots) { first, _ in first }
    }

    /// Lets Enter send or make a new line; what the person bound stays.
    mutating func letEnterSend(_ enterSends: Bool) {
        let standard = Self.prompt(enterSends: enterSends)
        for index in bindings.indices where bindings[index].scope == .pane(.prompt) && bindings[index].place == nil {
            guard let new = standard.first(where: { $0.command == bindings[index].command }) else { continue }
            bindings[index].keys = new.keys
        }
    }

    /// The command of keys pressed one after the other in a scope.
    func command(for keys: [KeyChord], in scope: KeyScope) -> Command? { index[Slot(scope: scope, keys: keys)] }

    /// The command of a key in a scope.
    func command(for chord: KeyChord, in scope: KeyScope) -> Command? { command(for: [chord], in: scope) }

    static func standard(enterSends: Bool) -> [KeyBinding] {
        global + leader + prompt(enterSends: enterSends) + output + parameters + tools + meter + bench
    }

    private static let global: [KeyBinding] = [
        KeyBinding(.global, [KeyChord(.tab)], .nextPane),
        KeyBinding(.global, [KeyChord(.backTab)], .previousPane),
        KeyBinding(.global, [.alt("1")], .focusPrompt),
        KeyBinding(.global, [.alt("2")], .focusOutput),
        KeyBinding(.global, [.alt("3")], .focusTools),
        KeyBinding(.global, [.alt("4")], .focusMeter),
        KeyBinding(.global, [.alt("5")], .focusParameters),
        KeyBinding(.global, [.control("p"), .alt("x"), .character(":")], .palette),
        KeyBinding(.global, [KeyChord(.function(1))], .help),
        KeyBinding(.global, [.control("x")], .leader),
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
        KeyBinding(.leader, [.character(".")], .expandPaste),
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
        KeyBinding(.leader, [.character("a")], .nudge),
        KeyBinding(.leader, [.character("h"), .character("?")], .help),
        KeyBinding(.leader, [.character("1")], .focusPrompt),
        KeyBinding(.leader, [.character("2")], .focusOutput),
        KeyBinding(.leader, [.character("3")], .focusTools),
        KeyBinding(.leader, [.character("4")], .focusMeter),
        KeyBinding(.leader, [.character("5")], .focusParameters),
        KeyBinding(.leader, [.character("p")], .configure),
        KeyBinding(.leader, [.character(",")], .editSettings),
        KeyBinding(.leader, [.character("o")], .choosePreset),
        KeyBinding(.leader, [.character("O")], .undoPreset),
        KeyBinding(.leader, [.character("i")], .setUpEndpoint),
        KeyBinding(.leader, [.character("B")], .benchmarks),
        KeyBinding(.leader, [.character("q")], .quit),
    ]

    /// One of Enter and Enter with a modifier sends, the other makes a line; Ctrl-J makes one in any case.
    private static func prompt(enterSends: Bool) -> [KeyBinding] {
        let enter = [KeyChord(.enter)]
        let modified = [KeyChord(.enter, .alt), KeyChord(.enter, .shift), KeyChord(.enter, .control)]
        let sending = [
            KeyBinding(.pane(.prompt), enterSends ? enter : modified, .send),
            KeyBinding(
                .pane(.prompt), enterSends ? [.control("j")] + modified : enter + [.control("j")], .newline),
        ]
        return sending + promptOthers
    }

    private static let promptOthers: [KeyBinding] = [
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
        KeyBinding(.pane(.output), [KeyChord(.end), .character("G")], .follow),
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
        KeyBinding(.pane(.output), [.character("m")], .saveSample),
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
        KeyBinding(.pane(.parameters), [.character("u"), KeyChord(.delete), KeyChord(.backspace)], .unset),
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

    private static let bench: [KeyBinding] = [
        KeyBinding(.bench, [KeyChord(.up), .character("k")], .previousItem),
        KeyBinding(.bench, [KeyChord(.down), .character("j")], .nextItem),
        KeyBinding(.bench, [KeyChord(.pageUp)], .pageUp),
        KeyBinding(.bench, [KeyChord(.pageDown), .character(" ")], .pageDown),
        KeyBinding(.bench, [KeyChord(.home), .character("g")], .toTop),
        KeyBinding(.bench, [KeyChord(.end), .character("G")], .follow),
        KeyBinding(.bench, [KeyChord(.tab)], .nextPane),
        KeyBinding(.bench, [KeyChord(.backTab)], .previousPane),
        KeyBinding(.bench, [KeyChord(.enter)], .runOpen),
        KeyBinding(.bench, [.character("o")], .runChat),
        KeyBinding(.bench, [.character("/")], .runFilter),
        KeyBinding(.bench, [.character("s")], .runSort),
        KeyBinding(.bench, [.character("f")], .runFailures),
        KeyBinding(.bench, [.character("p")], .runPause),
        KeyBinding(.bench, [.character("+")], .runMore),
        KeyBinding(.bench, [.character("-")], .runFewer),
        KeyBinding(.bench, [.character("t")], .runConcurrency),
        KeyBinding(.bench, [.character("b")], .runBudget),
        KeyBinding(.bench, [.character("l")], .runLimits),
        KeyBinding(.bench, [.character("S")], .runStop),
        KeyBinding(.bench, [.character("X")], .runCut),
        KeyBinding(.bench, [.character("r")], .runResume),
        KeyBinding(.bench, [.character("q")], .runLeave),
        KeyBinding(.bench, [.character("?")], .help),
    ]

    private static let meter: [KeyBinding] = [
        KeyBinding(.pane(.meter), [KeyChord(.enter)], .usage),
        KeyBinding(.pane(.meter), [.character("?")], .help),
    ]
}
