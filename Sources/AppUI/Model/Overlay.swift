import Conversations
public import TerminalKit

/// What lies over the panes and takes the keys first.
enum Overlay: Sendable {
    /// Commands by name.
    case palette(Picker<Command>)
    /// Models by id.
    case models(Picker<String>)
    /// Themes by name; the theme to go back to on Esc.
    case themes(Picker<ThemeChoice>, before: ThemeChoice)
    /// The keys.
    case help(HelpScreen)
    /// What the terminal sends.
    case keyCheck(KeyCheck)
    /// A value being typed.
    case entry(ValueEntry)
    /// One tool call in full.
    case call(CallDetail)
    /// The tools, to be switched on and off.
    case tools(Picker<String>)
    /// Conversations, by name or by what was said.
    case conversations(ConversationList)
    /// Prompts that were typed before, in all conversations.
    case history(Picker<String>)
    /// The branches of the conversation.
    case tree(BranchList)
    /// Answers beside each other.
    case compare(CompareScreen)
    /// What was spent.
    case usage(UsageScreen)
    /// The benchmark runs of the working folder.
    case runs(RunList)
    /// The screen of a run: of the one that this process runs, or of the one that is watched.
    case run(isOwn: Bool)
    /// A form in which something is set up.
    case form(FormOverlay)
    /// A yes-or-no question; no is the default.
    case confirmQuit
}

/// A theme that can be chosen.
public struct ThemeChoice: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its looks.
    public let theme: Theme

    /// A choice.
    public init(name: String, theme: Theme) {
        self.name = name
        self.theme = theme
    }
}

/// A list that is narrowed by typing.
struct Picker<Value: Sendable & Hashable>: Sendable {
    struct Item: Sendable {
        let value: Value
        let label: String
        let note: String
        /// Other words by which it is found; not shown.
        var keywords = ""
    }

    let title: String
    let items: [Item]
    /// Whether what is typed narrows the list; false = somebody else looks for it.
    let isFiltered: Bool
    /// Shown in place of an empty list.
    var emptyText = "nothing matches"
    private(set) var query = LineEditor()
    private(set) var matches: [Match] = []
    var list = ListState()

    struct Match: Sendable {
        let item: Item
        let positions: [Int]
    }

    init(title: String, items: [Item], selected: Value? = nil, isFiltered: Bool = true) {
        self.title = title
        self.items = items
        self.isFiltered = isFiltered
        refilter()
        if let index = items.firstIndex(where: { $0.value == selected }) { list.select(index) }
    }

    var selection: Value? {
        matches.indices.contains(list.selected) ? matches[list.selected].item.value : nil
    }

    /// This picker over other items, with what was typed in another one, and its choice where it is still there.
    func keeping(_ other: Picker, items: [Item]) -> Picker {
        var picker = Picker(title: title, items: items, isFiltered: isFiltered)
        picker.query = other.query
        picker.emptyText = other.emptyText
        picker.refilter()
        if let index = picker.matches.firstIndex(where: { $0.item.value == other.selection }) {
            picker.list.select(index)
        }
        return picker
    }

    /// A picker over other items that keeps what was typed.
    func replacing(items: [Item], selected: Value? = nil) -> Picker {
        var picker = Picker(title: title, items: items, selected: selected)
        picker.query = query
        picker.refilter()
        return picker
    }

    /// Edits the query or moves the choice. False when the key means nothing here.
    mutating func handle(_ chord: KeyChord) -> Bool {
        switch chord {
        case DialogKey.previous: list.move(by: -1)
        case DialogKey.next, DialogKey.complete: list.move(by: 1)
        case DialogKey.pageUp: list.move(by: -10)
        case DialogKey.pageDown: list.move(by: 10)
        default:
            guard query.handle(chord) else { return false }
            refilter()
        }
        return true
    }

    mutating func paste(_ text: String) {
        query.insert(text.replacing("\n", with: " "))
        refilter()
    }

    private mutating func refilter() {
        let text = query.text.trimmed
        if text.isEmpty || !isFiltered {
            matches = items.map { Match(item: $0, positions: []) }
        } else {
            let scored = items.compactMap { item -> (Int, Match)? in
                if let found = FuzzyMatch.match(text, in: item.label) {
                    return (found.score, Match(item: item, positions: found.positions))
                }
                guard !item.keywords.isEmpty, let found = FuzzyMatch.match(text, in: item.keywords) else { return nil }
                return (found.score, Match(item: item, positions: []))
            }
            matches = scored.enumerated().sorted {
                $0.element.0 != $1.element.0 ? $0.element.0 > $1.element.0 : $0.offset < $1.offset
            }.map(\.element.1)
        }
        list = ListState(count: matches.count)
    }
}

/// Which call of the trace: the answer that asked for it, and its place there.
struct TraceID: Sendable, Hashable {
    let message: MessageTree.ID
    let call: Int
}

/// A call that is shown in full.
struct CallDetail: Sendable {
    let id: TraceID
    /// Rows above the first one shown.
    var scroll = 0
    /// Rows that were on the screen, counted from the top: what may be run must have been seen whole.
    private(set) var seen = 0
    /// Rows there are, and rows up to the end of what would be run, as they were drawn last.
    private(set) var rows = 0
    private(set) var rowsToSee = Int.max
    /// Rows that were drawn last.
    private(set) var height = 1
    /// What is looked for; nil = nothing.
    var find: LineEditor?
    /// Whether keys go to what is looked for.
    var isFinding = false
    /// The laid-out texts, which stay while nothing of them changes.
    var body: CallBody?
    private var seenKey: CallBody.Key?

    init(id: TraceID) { self.id = id }

    /// Whether all of what would be run was on the screen.
    var isSeen: Bool { seen >= rowsToSee }

    /// Notes what is drawn now. What was seen in another layout, or of other arguments, does not count, nor what is jumped over, nor
    /// what still arrives.
    mutating func note(rows: Int, toSee: Int, height: Int, key: CallBody.Key) {
        if seenKey != key { (seen, seenKey) = (0, key) }
        (self.rows, rowsToSee, self.height) = (rows, toSee, height)
        scroll = min(scroll, max(0, rows - height))
        if !key.isArriving, scroll <= seen { seen = max(seen, scroll + height) }
    }

    /// Moves to a row; not beyond what was on the screen while that is still to be read.
    mutating func move(to row: Int) {
        let last = max(0, rows - height)
        scroll = min(max(0, row), isSeen || rowsToSee == .max ? last : min(last, seen))
    }
}

/// A value that is being typed, and what it is for.
struct ValueEntry: Sendable {
    enum Purpose: Sendable, Hashable {
        case parameter(ParameterID)
        /// The name of the conversation at hand.
        case conversationName
        /// The result of a call.
        case toolResult(TraceID)
        /// The result of an earlier call, for a call; the text as it was.
        case toolReplay(TraceID, original: String)
        /// The error that a call returns.
        case toolError(TraceID)
        /// The arguments of a call.
        case toolArguments(TraceID)
    }

    /// What the keys of a text of several lines do.
    static func keys(taking: String, closing: String) -> String {
        "\(DialogKey.take.longLabel) \(taking) · \(DialogKey.newline.longLabel) new line · \(DialogKey.close.longLabel) \(closing)"
    }

    let purpose: Purpose
    let title: String
    let help: String
    var editor: LineEditor
    var problem: String?

    /// Whether Enter starts a new line, so that Ctrl-D or Alt-Enter takes the value.
    var isMultiline: Bool {
        switch purpose {
        case .parameter(let id): id == .systemPrompt || id == .responseFormat
        case .conversationName: false
        case .toolResult, .toolReplay, .toolError, .toolArguments: true
        }
    }
}
