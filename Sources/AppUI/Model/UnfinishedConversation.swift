import Conversations
import TerminalKit

/// A conversation that was left with something unfinished, as a program that was killed leaves it.
public struct UnfinishedConversation: Sendable, Hashable {
    /// Its name in the database.
    public let id: String
    /// What people call it.
    public let title: String
    /// Whether something stands unsent in it.
    public let hasDraft: Bool
    /// Whether its last answer came when the program ended.
    public let isCut: Bool

    /// What was found.
    public init(id: String, title: String, hasDraft: Bool, isCut: Bool) {
        self.id = id
        self.title = title
        self.hasDraft = hasDraft
        self.isCut = isCut
    }
}

extension AppModel {
    /// Tells at the start what was left unfinished, and how it is opened.
    mutating func take(unfinished found: UnfinishedConversation) {
        guard found.id != conversation.id else { return }
        let title = CellWidth.truncate(TextGate.gate(found.title, allowNewlines: false).text, to: 24)
        let parts = [(found.isCut, "an answer that was cut"), (found.hasDraft, "an unsent prompt")]
        let what = parts.filter(\.0).map(\.1).joined(separator: " and ")
        say(
            "\"\(title)\" was left with \(what): \(keys.label(of: .listConversations)), then \(DialogKey.take.longLabel) "
                + "opens it.")
    }

    /// Tells what the database wants told. What is open is kept again as a whole: what was kept of it may be in a file that was
    /// moved aside.
    mutating func take(storeNotices lines: [String]) {
        for line in lines { say(TextGate.gate(line, allowNewlines: false).text, .warning) }
        conversation.noteAll()
        for name in left.keys.sorted() { inConversation(name) { $0.conversation.noteAll() } }
    }
}
