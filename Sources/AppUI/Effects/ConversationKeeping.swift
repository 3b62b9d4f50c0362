import Conversations
import Synchronization
import TerminalKit

/// The workspace's work with kept conversations. A conversation that is written or opened here is taken, so that another process opens
/// a copy of it.
final class ConversationKeeping: Sendable {
    private struct State {
        var taken: Set<String> = []
        var told: Set<String> = []
    }

    private let store: (any ConversationStore)?
    private let state = Mutex(State())

    init(store: (any ConversationStore)?) { self.store = store }

    /// Keeps changes; tells, once, why that does not go.
    func save(_ changes: [ConversationChange]) async -> AppEvent? {
        guard let store else { return nil }
        do throws(ConversationStoreError) {
            for id in Set(changes.filter { $0.revision > 0 }.map(\.conversation)) { _ = try await take(id, store) }
            try await store.keep(changes)
            return nil
        } catch {
            let isNew = state.withLock { $0.told.insert(error.description).inserted }
            return .saveFailed(changes, problem: isNew ? error.description : nil)
        }
    }

    /// What is kept; nil when there is nothing to be told.
    func read(_ effect: AppEffect) async -> AppEvent? {
        guard let store else {
            if case .loadPrompts = effect { return nil }
            return .conversations(.failure(ConversationStoreError("conversations are not kept here")))
        }
        switch effect {
        case .listConversations:
            do throws(ConversationStoreError) {
                return .conversations(.success(try await store.list(limit: 1000)))
            } catch {
                return .conversations(.failure(error))
            }
        case .searchConversations(let query):
            do throws(ConversationStoreError) {
                return .found(query, .success(try await store.search(query, limit: 100)))
            } catch { return .found(query, .failure(error)) }
        case .openConversation(let id, let message): return await open(id, message, store)
        case .loadPrompts: return (try? await store.prompts(limit: PromptHistory.limit)).map(AppEvent.prompts)
        default: return nil
        }
    }

    private func open(_ id: String, _ message: Int?, _ store: any ConversationStore) async -> AppEvent {
        do throws(ConversationStoreError) {
            for other in state.withLock({ $0.taken }) where other != id { await release(other, store) }
            let isOurs = try await take(id, store)
            let stored = try await store.load(id)
            return .opened(.success(stored), message: message, isElsewhere: !isOurs)
        } catch { return .opened(.failure(error), message: message, isElsewhere: false) }
    }

    private func take(_ id: String, _ store: any ConversationStore) async throws(ConversationStoreError) -> Bool {
        guard !state.withLock({ $0.taken.contains(id) }) else { return true }
        let isOurs = try await store.claim(id)
        if isOurs { state.withLock { _ = $0.taken.insert(id) } }
        return isOurs
    }

    private func release(_ id: String, _ store: any ConversationStore) async {
        state.withLock { _ = $0.taken.remove(id) }
        await store.release(id)
    }
}
