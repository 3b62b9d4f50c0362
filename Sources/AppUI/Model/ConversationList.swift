import Conversations
import ProviderCore
import TerminalKit

/// The list of conversations: narrowed by their names, or by what was said in them.
struct ConversationList: Sendable {
    /// What the list shows.
    enum Page: Sendable, Hashable {
        /// Conversations, narrowed by their names.
        case names
        /// Messages that contain what is typed.
        case texts
    }

    /// What Enter opens.
    struct Target: Sendable, Hashable {
        let conversation: String
        /// Nil = where it was left.
        let message: Int?
    }

    var page = Page.names
    /// Conversations as the database has them; nil = not read yet.
    private(set) var summaries: [ConversationSummary]?
    var picker = Picker<Target>(title: "conversations", items: [])
    /// What is searched for in texts; the answer to an older one is not shown.
    private(set) var searched = ""
    /// Those in which an answer comes, and whether it waits for a person.
    private var running: [String: Bool] = [:]
    /// The one that is being renamed, and its new name.
    var renaming: (id: String, editor: LineEditor)?
    /// Conversations that are listed at most: older ones are found by what was said in them.
    static let most = 1000
    /// Whether there are more than are listed.
    private var isCut = false
    /// What went wrong.
    var problem: String?

    init() { picker.emptyText = "reading…" }

    /// The conversation under the cursor.
    var selected: ConversationSummary? {
        picker.selection.flatMap { target in summaries?.first { $0.id == target.conversation } }
    }

    /// Takes what is kept; what was deleted since it was asked for is left out.
    mutating func take(_ found: [ConversationSummary], without deleted: [String]) {
        isCut = found.count > Self.most
        summaries = found.prefix(Self.most).filter { !deleted.contains($0.id) }
        if page == .names { showNames() }
    }

    /// Shows conversations by their names.
    mutating func showNames() {
        page = .names
        let items = (summaries ?? []).map { summary in
            Picker<Target>.Item(
                value: Target(conversation: summary.id, message: nil),
                label: TextGate.gate(summary.title, allowNewlines: false).text, note: note(summary))
        }
        let kept = picker
        let title = isCut ? "the newest \(MeterText.full(Self.most)) conversations" : "conversations"
        picker = Picker(title: title, items: []).keeping(kept, items: items)
        picker.emptyText =
            summaries == nil
            ? "reading…"
            : items.isEmpty
                ? "nothing is kept yet"
                : "no name \(isCut ? "of the newest \(MeterText.full(Self.most)) " : "")matches; \(DialogKey.searchTexts.longLabel) searches in texts"
    }

    /// Shows messages that were found; false when something else is searched for by now.
    mutating func take(_ hits: [SearchHit], for query: String) {
        guard page == .texts, query == searched else { return }
        let items = hits.map { hit in
            Picker<Target>.Item(
                value: Target(conversation: hit.conversation, message: hit.message),
                label: TextGate.gate(hit.excerpt, allowNewlines: false).text,
                note: CellWidth.truncate(TextGate.gate(hit.title, allowNewlines: false).text, to: 24))
        }
        picker = Picker(title: "search in all conversations", items: [], isFiltered: false).keeping(
            picker, items: items)
        picker.emptyText = query.isEmpty ? "type what was said" : "nothing was found"
    }

    /// Turns to the search in texts; returns what is to be searched for.
    mutating func showTexts() -> String {
        page = .texts
        searched = picker.query.text.trimmed
        picker = Picker(title: "search in all conversations", items: [], isFiltered: false).keeping(picker, items: [])
        picker.emptyText = searched.isEmpty ? "type what was said" : "searching…"
        return searched
    }

    /// Notes in which conversations answers come.
    mutating func note(running: [String: Bool]) {
        guard running != self.running else { return }
        self.running = running
        if page == .names { showNames() }
    }

    /// Takes a conversation out of the list.
    mutating func remove(_ id: String) {
        summaries?.removeAll { $0.id == id }
        showNames()
    }

    mutating func rename(_ id: String, to title: String) {
        guard let index = summaries?.firstIndex(where: { $0.id == id }) else { return }
        summaries?[index].title = title
        showNames()
    }

    private func note(_ summary: ConversationSummary) -> String {
        let state = running[summary.id].map { $0 ? "waits for you · " : "answer comes · " } ?? ""
        let time = WallClock.stamp(summary.changedAt).prefix(16)
        let cost =
            summary.cost.flatMap(Money.init).map { " · " + $0.display + (summary.isCostEstimated ? "~" : "") } ?? ""
        return "\(state)\(summary.messages) · \(time)\(cost)"
    }
}
