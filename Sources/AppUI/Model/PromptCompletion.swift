import TerminalKit

/// A list over the prompt that completes what is typed there. Commands make their own; names of files and whatever else
/// has to be looked up come from outside, see `AppModel.take(completion:)`.
struct PromptCompletion: Sendable, Hashable {
    /// One way to go on.
    struct Item: Sendable, Hashable {
        /// What takes the place of `range`.
        let text: String
        /// What the list shows.
        let label: String
        /// A few words beside it.
        let note: String
        /// What Enter does after it has taken it.
        var then = Next.stay
        /// Whether what is typed begins it. Others are offered, but Enter takes them only after they were chosen.
        var isSure = true
    }

    /// What follows a row that was taken.
    enum Next: Sendable, Hashable {
        /// The prompt is sent.
        case send
        /// Something may follow.
        case stay
        /// Something has to follow.
        case more
    }

    /// The heading.
    let title: String
    let items: [Item]
    /// What is replaced, in characters of the prompt.
    let range: Range<Int>
    /// What stands there. When it changes the list is made anew.
    let typed: String
}

/// A word of the prompt that names a file, `@name` or `@"name with blanks`: what names are to be looked up for.
struct PathQuery: Sendable, Hashable {
    /// The path so far.
    let path: String
    /// Where it stands, behind the mark, in characters of the prompt; a quotation mark belongs to it.
    let range: Range<Int>
}

/// A file or folder that a path can become.
public struct PathCandidate: Sendable, Hashable {
    /// The whole path, spelled as what was typed begins; a folder's ends with a slash.
    public let path: String

    /// A candidate.
    public init(path: String) { self.path = path }

    /// Whether it is a folder.
    public var isFolder: Bool { path.hasSuffix("/") }
}

/// Where the completion of the prompt stands.
struct CompletionState: Sendable {
    /// The open list.
    private(set) var shown: PromptCompletion?
    /// The chosen row.
    private(set) var list = ListState()
    /// Whether a row was chosen by hand.
    private(set) var isChosen = false
    /// A prompt that was fetched from the history: the arrows go on through that.
    var fromHistory: String?
    /// Where the list begins that was closed; it stays closed.
    private var closedAt: Int?
    /// The prompt as it was after something was completed in it.
    var completed: String?
    /// The path whose names Tab waits for.
    var awaitedPath: String?
    /// The path for which names were asked last.
    var askedPath: String?
    /// Names of themes, once they were listed.
    private(set) var themes: [String]?
    private var waitsForThemes = false
    private var askedForModels = false

    var selection: PromptCompletion.Item? {
        guard let shown, shown.items.indices.contains(list.selected) else { return nil }
        return shown.items[list.selected]
    }

    /// Shows a list in place of the one before; the choice stays at the same row when it is the same list.
    mutating func show(_ completion: PromptCompletion?) {
        guard completion != shown else { return }
        guard let completion, !completion.items.isEmpty else { return hide() }
        guard completion.range.lowerBound != closedAt else { return hide() }
        closedAt = nil
        shown = completion
        list = ListState(count: completion.items.count)
        isChosen = false
    }

    private mutating func hide() {
        shown = nil
        isChosen = false
    }

    /// Nothing that could be completed is typed any more: the next list is shown, also where one was closed.
    mutating func forgetClosed() { closedAt = nil }

    /// Closes the list until another word begins.
    mutating func close() {
        closedAt = shown?.range.lowerBound
        hide()
    }

    /// Has the list shown again, also one that was closed. The first of the names of a path is taken when they come.
    mutating func reopen(waitingFor path: String?) {
        closedAt = nil
        fromHistory = nil
        awaitedPath = path
        askedPath = nil
    }

    mutating func move(by rows: Int) {
        list.cycle(by: rows)
        isChosen = true
    }

    /// Rows that the list has on the screen.
    mutating func setHeight(_ rows: Int) { list.setHeight(rows) }

    /// Whether names of themes have to be asked for now.
    mutating func wantsThemes() -> Bool {
        guard themes == nil, !waitsForThemes else { return false }
        waitsForThemes = true
        return true
    }

    /// Whether the models have to be asked for now.
    mutating func wantsModels() -> Bool {
        guard !askedForModels else { return false }
        askedForModels = true
        return true
    }

    /// Keeps the names; whether they were asked for here, and nobody else waits for them.
    mutating func take(themes names: [String]) -> Bool {
        themes = names
        defer { waitsForThemes = false }
        return waitsForThemes
    }
}
