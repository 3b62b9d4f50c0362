import Conversations
import Synchronization

/// Conversations in memory, of which another process has some.
final class SharedStore: ConversationStore {
    let kept = MemoryStore()
    private let elsewhere: Set<String>
    private let claims = Mutex<Set<String>>([])

    init(elsewhere: Set<String> = []) { self.elsewhere = elsewhere }

    /// Those that this process has now.
    var claimed: Set<String> { claims.withLock { $0 } }

    func claim(_ id: String) -> Bool {
        guard !elsewhere.contains(id) else { return false }
        claims.withLock { _ = $0.insert(id) }
        return true
    }

    func release(_ id: String) { claims.withLock { _ = $0.remove(id) } }
    func keep(_ changes: [ConversationChange]) { kept.keep(changes) }
    func list(limit: Int) -> [ConversationSummary] { kept.list(limit: limit) }
    func lastDeleted() -> String? { kept.lastDeleted() }
    func load(_ id: String) -> StoredConversation? { kept.load(id) }
    func search(_ query: String, limit: Int) -> [SearchHit] { kept.search(query, limit: limit) }
    func prompts(limit: Int) -> [String] { kept.prompts(limit: limit) }
}
