import Conversations
import Synchronization
import TerminalKit

/// The workspace's work with kept conversations. A conversation that is written or opened here is taken, so that another process opens
/// a copy of it.
final class ConversationKeeping: Sendable {
    private struct State {
        var taken: Set<String> = []
        /// Those that are open in the workspace, and the number of the list that says so; nil = nothing was said yet.
        var open: Set<String>?
        var number = 0
        /// What is being done with conversations now, by their names.
        var busy: [String: Int] = [:]
        var told: Set<String> = []
    }

    private let store: (any ConversationStore)?
    private let state = Mutex(State())

    init(store: (any ConversationStore)?) { self.store = store }

    /// Keeps changes; tells, once, why that does not go. Those of conversations that another process has open are handed back.
    func save(_ changes: [ConversationChange]) async -> AppEvent? {
        guard let store else { return nil }
        let names = Set(changes.filter(\.needsClaim).map(\.conversation))
        begin(names)
        let event = await save(changes, of: names, store)
        await end(names, store)
        return event
    }

    private func save(
        _ changes: [ConversationChange], of names: Set<String>, _ store: any ConversationStore
    ) async -> AppEvent? {
        do throws(ConversationStoreError) {
            var elsewhere: Set<String> = []
            for id in names where !(try await take(id, store)) { elsewhere.insert(id) }
            let foreign = changes.filter { $0.needsClaim && elsewhere.contains($0.conversation) }
            let own =
                foreign.isEmpty
                ? changes : changes.filter { !$0.needsClaim || !elsewhere.contains($0.conversation) }
            try await store.keep(own)
            return foreign.isEmpty ? nil : .takenElsewhere(foreign)
        } catch {
            let isNew = state.withLock { $0.told.insert(error.description).inserted }
            return .saveFailed(changes, problem: isNew ? error.description : nil)
        }
    }

    /// Takes which conversations are open in the workspace, and gives the others back when nothing is done with them any more.
    func hold(_ names: Set<String>, number: Int) async {
        guard let store else { return }
        let others = state.withLock { state -> Set<String> in
            guard number > state.number else { return [] }
            (state.open, state.number) = (names, number)
            return state.taken.subtracting(names)
        }
        for id in others { await releaseUnlessUsed(id, store) }
    }

    /// What is kept; nil when there is nothing to be told.
    func read(_ effect: AppEffect) async -> AppEvent? {
        guard let store else {
            switch effect {
            case .loadPrompts, .lookBack: return nil
            default: break
            }
            return .conversations(.failure(ConversationStoreError("conversations are not kept here")))
        }
        switch effect {
        case .listConversations:
            do throws(ConversationStoreError) {
                return .conversations(.success(try await store.list(limit: ConversationList.most + 1)))
            } catch {
                return .conversations(.failure(error))
            }
        case .searchConversations(let query):
            do throws(ConversationStoreError) {
                return .found(query, .success(try await store.search(query, limit: 100)))
            } catch { return .found(query, .failure(error)) }
        case .openConversation(let id, let message): return await open(id, message, store)
        case .restoreDeleted: return await restore(store)
        case .lookBack: return await lookBack(store)
        case .loadPrompts: return (try? await store.prompts(limit: PromptHistory.limit)).map(AppEvent.prompts)
        default: return nil
        }
    }

    private func open(_ id: String, _ message: Int?, _ store: any ConversationStore) async -> AppEvent {
        // Until the workspace says what is open, this is.
        state.withLock { _ = $0.open?.insert(id) }
        begin([id])
        let event: AppEvent
        do throws(ConversationStoreError) {
            let isOurs = try await take(id, store)
            event = .opened(.success(try await store.load(id)), message: message, isElsewhere: !isOurs)
        } catch { event = .opened(.failure(error), message: message, isElsewhere: false) }
        await end([id], store)
        return event
    }

    /// What the database wants told, such as that a damaged file was moved aside; nil = nothing.
    func takeNotices() -> AppEvent? {
        guard let notices = store?.takeNotices(), !notices.isEmpty else { return nil }
        return .storeNotices(notices)
    }

    /// Brings back what was deleted last, also in an earlier session.
    private func restore(_ store: any ConversationStore) async -> AppEvent {
        do throws(ConversationStoreError) {
            guard let id = try await store.lastDeleted() else { return .restored(.success(nil)) }
            try await store.keep([ConversationChange(id, revision: 0, .deleted(false))])
            return .restored(.success(id))
        } catch { return .restored(.failure(error)) }
    }

    /// Whether the newest conversation was left with something unfinished by a program that is gone; nil = it was not.
    private func lookBack(_ store: any ConversationStore) async -> AppEvent? {
        guard let newest = try? await store.list(limit: 1).first, (try? await store.claim(newest.id)) == true else {
            return nil
        }
        let stored = try? await store.load(newest.id)
        if !isUsed(newest.id) {
            await store.release(newest.id)
            // Who took it meanwhile was answered before it was given back.
            if isUsed(newest.id) { _ = try? await store.claim(newest.id) }
        }
        guard let stored = stored ?? nil else { return nil }
        let last = stored.messages.last { $0.id == stored.head } ?? stored.messages.last
        let found = UnfinishedConversation(
            id: newest.id, title: newest.title, hasDraft: !stored.draft.isEmpty,
            isCut: last?.answer?.endedWithProgram ?? false)
        return found.hasDraft || found.isCut ? .unfinished(found) : nil
    }

    private func take(_ id: String, _ store: any ConversationStore) async throws(ConversationStoreError) -> Bool {
        guard !state.withLock({ $0.taken.contains(id) }) else { return true }
        let isOurs = try await store.claim(id)
        if isOurs { state.withLock { _ = $0.taken.insert(id) } }
        return isOurs
    }

    /// Whether a conversation is had, or something is done with it.
    private func isUsed(_ id: String) -> Bool { state.withLock { $0.busy[id] != nil || $0.taken.contains(id) } }

    private func begin(_ names: Set<String>) {
        state.withLock { state in for id in names { state.busy[id, default: 0] += 1 } }
    }

    private func end(_ names: Set<String>, _ store: any ConversationStore) async {
        state.withLock { state in
            for id in names {
                let left = (state.busy[id] ?? 1) - 1
                state.busy[id] = left > 0 ? left : nil
            }
        }
        for id in names { await releaseUnlessUsed(id, store) }
    }

    /// Gives a conversation back that is not open and with which nothing is done.
    private func releaseUnlessUsed(_ id: String, _ store: any ConversationStore) async {
        let isUnused = state.withLock { state in
            guard let open = state.open, !open.contains(id), state.busy[id] == nil else { return false }
            return state.taken.remove(id) != nil
        }
        guard isUnused else { return }
        await store.release(id)
        // Who took it meanwhile was answered before it was given back.
        if isUsed(id) { _ = try? await store.claim(id) }
    }
}

extension ConversationChange {
    /// Whether it deletes the conversation.
    var isDeletion: Bool { what == .deleted(true) }

    /// Whether it may be kept only by who has the conversation: what is said there, and that it goes.
    fileprivate var needsClaim: Bool { revision > 0 || isDeletion }
}
