import Conversations
import ProviderCore
import TerminalKit

extension AppModel {
    /// A running answer and an unsent prompt are kept this often.
    private static let savingInterval = Duration.seconds(1)

    /// What an event changed of the conversation, for the database. What runs or is being typed is kept once a second.
    mutating func save(after event: AppEvent) -> [AppEffect] {
        let running = runningMessages
        let isDue = conversation.unsaved.keptRunning.map { now - $0 >= Self.savingInterval } ?? true
        let hasDraft = !isDraftKept
        let again = retrySaving() + saveLeft()
        guard !conversation.unsaved.isEmpty || hasDraft else { return again }
        let takesAll = isDue && (hasDraft || !conversation.unsaved.messages.isDisjoint(with: running))
        let changes = changes(except: takesAll ? [] : running, draft: takesAll && hasDraft)
        if takesAll { conversation.unsaved.keptRunning = now }
        let isPending = !isDraftKept && !isBusyAnywhere
        return again + (changes.isEmpty ? [] : [.save(changes)])
            + (isPending ? [.loop(.alarm(after: Self.savingInterval))] : [])
    }

    /// How long a conversation that was left stays after its last save: longer than a save can take to fail.
    private static let forgettingTime = Duration.seconds(60)

    /// How long to wait before what could not be kept is tried again.
    private static let retryInterval = Duration.seconds(5)

    /// Changes could not be kept: they are tried again, whatever came meanwhile.
    mutating func take(failedSave changes: [ConversationChange], _ problem: String?) -> [AppEffect] {
        failedChanges = ConversationChange.newest(of: failedChanges + changes)
        retriesSavingAt = now + Self.retryInterval
        if let problem { say(TextGate.gate(problem, allowNewlines: false).text, .warning) }
        return isBusyAnywhere ? [] : [.loop(.alarm(after: Self.retryInterval))]
    }

    private mutating func retrySaving() -> [AppEffect] {
        guard let time = retriesSavingAt, now >= time else { return [] }
        retriesSavingAt = nil
        for name in Set(failedChanges.map(\.conversation)) { left[name]?.keptAt = now }
        defer { failedChanges = [] }
        return [.save(failedChanges)]
    }

    /// Whether what stands unsent is what was kept last. The prompt alone is compared without being made a text.
    private var isDraftKept: Bool { queue.isEmpty ? isPrompt(savedDraft) : unsentText == savedDraft }

    /// The answers of the conversation at hand that come.
    private var runningMessages: Set<MessageTree.ID> { Set(requestsHere.values.map(\.message)) }

    /// Keeps what grows in conversations that were left, and lets go of those in which nothing comes any more: a moment after all
    /// of it was kept, so that who opens it again finds it whole.
    private mutating func saveLeft() -> [AppEffect] {
        var effects: [AppEffect] = []
        for name in left.keys.sorted() {
            let changes = inConversation(name) { $0.changesWhereLeft() } ?? []
            if !changes.isEmpty {
                left[name]?.keptAt = now
                effects.append(.save(changes))
            } else if canForget(name) {
                left[name] = nil
            }
        }
        return effects
    }

    /// Whether a conversation that was left is safe in the database, and nothing in it waits for a person. A save that fails is known
    /// only after the database was waited for.
    private func canForget(_ name: String) -> Bool {
        guard let there = left[name], !isRunning(in: name), !there.conversation.hasOpenCalls else { return false }
        return now - there.keptAt >= Self.forgettingTime && !failedChanges.contains { $0.conversation == name }
    }

    private mutating func changesWhereLeft() -> [ConversationChange] {
        let running = runningMessages
        let isDue = conversation.unsaved.keptRunning.map { now - $0 >= Self.savingInterval } ?? true
        let takesAll = isDue && !conversation.unsaved.messages.isDisjoint(with: running)
        if takesAll { conversation.unsaved.keptRunning = now }
        return changes(except: takesAll ? [] : running, draft: false)
    }

    /// All that is not kept yet.
    mutating func saveAll() -> [AppEffect] {
        var changes = failedChanges + changes(except: [], draft: !isDraftKept)
        for name in left.keys.sorted() {
            changes += inConversation(name) { $0.changes(except: [], draft: false) } ?? []
        }
        (failedChanges, retriesSavingAt) = ([], nil)
        return changes.isEmpty ? [] : [.save(changes)]
    }

    private mutating func changes(except running: Set<MessageTree.ID>, draft: Bool) -> [ConversationChange] {
        let name = conversation.id
        var changes: [ConversationChange] = []
        let taken = conversation.unsaved.take(except: running)
        for id in taken.messages {
            guard let message = conversation.stored(id) else { continue }
            changes.append(ConversationChange(name, revision: conversation.unsaved.next(), .message(message)))
        }
        if taken.title {
            changes.append(ConversationChange(name, revision: conversation.unsaved.next(), .title(conversation.title)))
        }
        if draft {
            savedDraft = unsentText
            changes.append(ConversationChange(name, revision: conversation.unsaved.next(), .draft(unsentText)))
        }
        if taken.head, !changes.isEmpty || conversation.tree.count > 0 {
            changes.append(
                ConversationChange(name, revision: conversation.unsaved.next(), .head(conversation.tree.head)))
        }
        return changes
    }
}
