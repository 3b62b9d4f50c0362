import Conversations
import Synchronization

/// Conversations in memory, by the rules of the protocol.
final class MemoryStore: ConversationStore {
    private struct Kept {
        var title: String?
        var messages: [Int: StoredMessage] = [:]
        var head: Int?
        var draft = ""
        var isDeleted = false
        var revision: Int64 = 0
    }

    private let kept = Mutex<[String: Kept]>([:])

    func keep(_ changes: [ConversationChange]) {
        kept.withLock { kept in
            for change in changes {
                var one = kept[change.conversation] ?? Kept()
                one.revision = max(one.revision, change.revision)
                switch change.what {
                case .message(let message): one.messages[message.id] = message
                case .head(let head): one.head = head
                case .title(let title): one.title = title
                case .draft(let draft): one.draft = draft
                case .deleted(let isDeleted): one.isDeleted = isDeleted
                }
                kept[change.conversation] = one
            }
        }
    }

    func list(limit: Int) -> [ConversationSummary] {
        kept.withLock { kept in
            kept.filter { !$0.value.isDeleted }.sorted { $0.key > $1.key }.prefix(limit).map { id, one in
                ConversationSummary(
                    id: id, title: one.title ?? one.messages[1]?.text ?? "", messages: one.messages.count, changedAt: 0)
            }
        }
    }

    func lastDeleted() -> String? { kept.withLock { $0.filter(\.value.isDeleted).keys.max() } }

    func load(_ id: String) -> StoredConversation? {
        kept.withLock { kept in
            kept[id].map { one in
                StoredConversation(
                    id: id, title: one.title, messages: one.messages.values.sorted { $0.id < $1.id }, head: one.head,
                    draft: one.draft, revision: one.revision)
            }
        }
    }

    func search(_ query: String, limit: Int) -> [SearchHit] {
        kept.withLock { kept in
            kept.flatMap { id, one in
                one.messages.values.filter { !query.isEmpty && $0.text.contains(query) }.map {
                    SearchHit(conversation: id, title: one.title ?? "", message: $0.id, excerpt: $0.text)
                }
            }
        }
    }

    func prompts(limit: Int) -> [String] {
        kept.withLock { $0.values.flatMap { $0.messages.values.filter { $0.author == .user }.map(\.text) } }
    }
}
