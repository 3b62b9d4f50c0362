/// Keeps conversations. One implementation is in the target `Storage`; tests keep them in memory.
///
/// Changes may arrive in another order than they were made in: each carries a number, and of two changes of the same thing the one
/// with the higher number holds.
public protocol ConversationStore: Sendable {
    /// Keeps changes; returns when they are on the disk.
    func keep(_ changes: [ConversationChange]) async throws(ConversationStoreError)
    /// Conversations, the one changed last first; deleted ones left out.
    func list(limit: Int) async throws(ConversationStoreError) -> [ConversationSummary]
    /// A conversation with all its messages; nil when there is none of this name.
    func load(_ id: String) async throws(ConversationStoreError) -> StoredConversation?
    /// The conversation that was deleted last and can be brought back; nil = there is none.
    func lastDeleted() async throws(ConversationStoreError) -> String?
    /// Messages that contain all words of a query (the last one also as a beginning), the best first.
    func search(_ query: String, limit: Int) async throws(ConversationStoreError) -> [SearchHit]
    /// What was typed in all conversations, oldest first, each text once; the newest `limit` of them.
    func prompts(limit: Int) async throws(ConversationStoreError) -> [String]
    /// Takes a conversation for this process; false when another living process has it. Taking what one has is true again. To be
    /// asked before a conversation is opened: of two that write into one, the changes of one would hide those of the other. Who gets
    /// false goes on in a copy, `StoredConversation.changes(as:)` under a new name.
    func claim(_ id: String) async throws(ConversationStoreError) -> Bool
    /// Gives a conversation back; nothing happens when it is not had.
    func release(_ id: String) async
    /// Returns when all that was asked before is done, well or not. For the end of the program.
    func flush() async
    /// What is to be told to a person, such as that a damaged file was moved aside; each is given once. Who gets one keeps the
    /// conversation at hand again as a whole: what was kept of it may be in the file that was moved.
    func takeNotices() -> [String]
}

extension ConversationStore {
    /// Nothing is brought back.
    public func lastDeleted() async throws(ConversationStoreError) -> String? { nil }
    /// A store for one process has nobody to share with.
    public func claim(_ id: String) async throws(ConversationStoreError) -> Bool { true }
    /// A store for one process has nobody to share with.
    public func release(_ id: String) async {}
    /// Nothing waits.
    public func flush() async {}
    /// There is nothing to tell.
    public func takeNotices() -> [String] { [] }
}

/// Why conversations cannot be kept or read: what, where and what to do, in a sentence.
public struct ConversationStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public var description: String

    /// A reason.
    public init(_ description: String) { self.description = description }
}

/// One change of a conversation.
public struct ConversationChange: Sendable, Hashable {
    /// What changed.
    public enum What: Sendable, Hashable {
        /// A message is new, or has grown; it replaces the one of its number.
        case message(StoredMessage)
        /// The path at hand ends here; nil = before the first message.
        case head(Int?)
        /// Its name; nil = the beginning of its first message is its name.
        case title(String?)
        /// What stands unsent in the prompt; empty = nothing.
        case draft(String)
        /// It is deleted, or not any more. A message that is said in it later brings it back.
        case deleted(Bool)
    }

    /// The conversation, as the usage ledger names it.
    public var conversation: String
    /// Orders the changes of one conversation; later ones have higher numbers, also over sessions. 0 with a name or a deletion: it is
    /// newer than all that is kept, for who has not opened the conversation.
    public var revision: Int64
    /// What changed.
    public var what: What

    /// A change.
    public init(_ conversation: String, revision: Int64, _ what: What) {
        self.conversation = conversation
        self.revision = revision
        self.what = what
    }
}

/// A conversation in a list.
public struct ConversationSummary: Sendable, Hashable {
    /// Its name in the database.
    public var id: String
    /// What people call it: given, or the beginning of its first message.
    public var title: String
    /// Messages on all branches.
    public var messages: Int
    /// When it was changed last, in milliseconds since 1970.
    public var changedAt: Int64
    /// What its answers cost, in US dollars as the exact decimal; nil = not known of all.
    public var cost: String?
    /// Whether a cost in the sum is an estimate.
    public var isCostEstimated = false
    /// The model of its newest answer; nil = none.
    public var model: String?

    /// A summary.
    public init(id: String, title: String, messages: Int, changedAt: Int64, cost: String? = nil, model: String? = nil) {
        self.id = id
        self.title = title
        self.messages = messages
        self.changedAt = changedAt
        self.cost = cost
        self.model = model
    }
}

/// A conversation as it was kept.
public struct StoredConversation: Sendable, Hashable {
    /// Its name in the database.
    public var id: String
    /// The name that was given to it; nil = none.
    public var title: String?
    /// All messages, by number.
    public var messages: [StoredMessage]
    /// Where the path at hand ends; nil = before the first message.
    public var head: Int?
    /// What stood unsent in the prompt.
    public var draft: String
    /// The highest number of a change.
    public var revision: Int64
    /// The instructions that an imported conversation came with; nil = none. Not kept by a store: each answer's request has those
    /// that it was asked with.
    public var instructions: String?

    /// A conversation.
    public init(
        id: String, title: String? = nil, messages: [StoredMessage] = [], head: Int? = nil, draft: String = "",
        revision: Int64 = 0
    ) {
        self.id = id
        self.title = title
        self.messages = messages
        self.head = head
        self.draft = draft
        self.revision = revision
    }
}

extension StoredConversation {
    /// All of it as changes of a conversation with another name: for what was imported, and to go on in a copy of what another
    /// process has open. `after` is the number before the first change's.
    public func changes(as id: String, after revision: Int64 = 0) -> [ConversationChange] {
        var changes: [ConversationChange] = []
        func add(_ what: ConversationChange.What) {
            changes.append(ConversationChange(id, revision: revision + Int64(changes.count) + 1, what))
        }
        for message in messages { add(.message(message)) }
        if let title { add(.title(title)) }
        if !draft.isEmpty { add(.draft(draft)) }
        if !changes.isEmpty || head != nil { add(.head(head)) }
        return changes
    }
}

extension ConversationChange {
    /// What is left of changes when those that others replace are taken away: of each thing the one with the highest number, the
    /// last one of equal numbers, in the order of the changes.
    public static func newest(of changes: [ConversationChange]) -> [ConversationChange] {
        var places: [Subject: Int] = [:]
        for (place, change) in changes.enumerated() {
            let subject = Subject(change)
            if let known = places[subject], changes[known].revision > change.revision { continue }
            places[subject] = place
        }
        return places.count == changes.count ? changes : places.values.sorted().map { changes[$0] }
    }

    /// What a change is of.
    private struct Subject: Hashable {
        var conversation: String
        /// 1 and up = a message; others below.
        var number: Int

        init(_ change: ConversationChange) {
            conversation = change.conversation
            number =
                switch change.what {
                case .message(let message): max(1, message.id)
                case .head: 0
                case .title: -1
                case .draft: -2
                case .deleted: -3
                }
        }
    }
}

/// A message that was found.
public struct SearchHit: Sendable, Hashable {
    /// The conversation's name in the database.
    public var conversation: String
    /// What people call it.
    public var title: String
    /// The message's number in it.
    public var message: Int
    /// A line of the text around what was found.
    public var excerpt: String
    /// Where the words stand in `excerpt`, in characters.
    public var matches: [Range<Int>]

    /// A hit.
    public init(conversation: String, title: String, message: Int, excerpt: String, matches: [Range<Int>] = []) {
        self.conversation = conversation
        self.title = title
        self.message = message
        self.excerpt = excerpt
        self.matches = matches
    }
}
