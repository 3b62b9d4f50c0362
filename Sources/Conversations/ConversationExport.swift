/// Conversations as files: Markdown for people, JSON for programs and to be read back, HTML for browsers. What stands unsent in the
/// prompt is not exported.
public enum ConversationExport {
    /// Which messages go into a file.
    public enum Branches: Sendable, Hashable {
        /// Those of the path at hand.
        case path
        /// All; each message stands behind the one before it, the oldest branch first.
        case all
    }

    /// A message, and its place among those that follow the same one.
    struct Entry {
        var message: StoredMessage
        /// From 1.
        var version: Int
        var versions: Int
        /// Whether it stands directly behind the message it follows.
        var isNext: Bool
    }

    /// The messages of a conversation in the order of the file.
    static func entries(_ conversation: StoredConversation, _ branches: Branches) -> [Entry] {
        var tree = MessageTree()
        var messages: [Int: StoredMessage] = [:]
        for message in conversation.messages where tree.insert(message.id, after: message.parent) {
            messages[message.id] = message
        }
        let order = branches == .path ? tree.path(to: conversation.head) : walk(tree)
        var before: Int?
        return order.compactMap { id in
            guard let message = messages[id] else { return nil }
            let siblings = tree.siblings(of: id)
            defer { before = id }
            return Entry(
                message: message, version: siblings.index + 1, versions: siblings.all.count,
                isNext: message.parent == before)
        }
    }

    /// Depth first, without recursion: a path may be long.
    private static func walk(_ tree: MessageTree) -> [Int] {
        var order: [Int] = []
        var open = Array(tree.children(of: nil).reversed())
        while let id = open.popLast() {
            order.append(id)
            open += tree.children(of: id).reversed()
        }
        return order
    }

    /// What people call the conversation.
    static func title(_ conversation: StoredConversation) -> String {
        let texts =
            [conversation.title ?? ""] + conversation.messages.filter { $0.author == .user }.prefix(1).map(\.text)
        return texts.map(ConversationTitle.beginning).first { !$0.isEmpty } ?? "Conversation"
    }
}
