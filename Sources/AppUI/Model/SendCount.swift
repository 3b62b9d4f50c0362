import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// What sending the prompt now would take, as the prompt's border shows it.
struct SendCount: Sendable, Hashable {
    /// Input tokens of the request: instructions, conversation, prompt and functions.
    let tokens: Int
    /// Whether all of the count is known.
    let isExact: Bool
    /// Cost of the input alone; nil = the price is not known.
    let cost: Money?
    /// Share of the model's window; nil = the window is not known.
    let share: Double?

    /// Whether the model cannot take so much.
    var isTooLong: Bool { (share ?? 0) > 1 }

    /// `1,234~ tokens · 3% of 400k · $0.0012`, as much of it as the width takes.
    func text(window: Int?, width: Int) -> String {
        var parts = [MeterText.full(tokens) + (isExact ? "" : "~") + (tokens == 1 ? " token" : " tokens")]
        if let share, let window { parts.append("\(MeterText.percent(share)) of \(MeterText.count(window))") }
        if let cost { parts.append(cost.display + (isExact ? "" : "~")) }
        while parts.count > 1, parts.joined(separator: " · ").count > width { parts.removeLast() }
        let text = parts.joined(separator: " · ")
        return text.count > width ? "" : text
    }
}

/// The count of a conversation as far as it got, and what it holds for.
struct ConversationCount: Sendable {
    struct Key: Sendable, Hashable {
        let model: String
        let systemPrompt: String?
        let head: Int?
        let conversation: String
        let tools: [String]
        let isReady: Bool
    }

    /// Bytes that are counted after one event: a few milliseconds. What is longer is counted as a person types on.
    static let part = 64 << 10

    let key: Key
    /// Tokens of the instructions, the functions and the entries counted so far.
    private(set) var count: RequestTokens
    /// The first entry that is not counted yet.
    private var next = 0

    init(key: Key, count: RequestTokens) {
        self.key = key
        self.count = count
    }

    /// Counts another part.
    mutating func countOn(_ entries: ArraySlice<Entry>, model: ModelInfo?, _ counting: any TokenCounting) {
        var bytes = 0
        while next < entries.count, bytes < Self.part {
            for message in entries[next].messages { count.add(message, model: model, counting) }
            bytes += entries[next].sentBytes
            next += 1
        }
    }

    /// Tokens of what is not counted yet, estimated as four bytes each.
    func rest(of entries: ArraySlice<Entry>) -> Int {
        entries.dropFirst(next).reduce(0) { $0 + ($1.sentBytes > 0 ? 4 + $1.sentBytes / 4 : 0) }
    }
}

extension AppModel {
    /// Counts what Enter would send, after events that may have changed it; the first time it asks for exact counts.
    mutating func countPrompt(after event: AppEvent) -> [AppEffect] {
        switch event {
        case .stream, .tick, .themes, .paths, .usage, .today, .notices, .isolation, .calls, .tools, .conversations,
            .found, .prompts, .restored, .unfinished, .storeNotices, .takenElsewhere, .exported, .saveFailed, .settings,
            .paged, .copied, .configuration, .runs:
            return []
        case .streamEnded, .toolResult: conversationCount = nil
        case .input, .models, .countsReady, .opened, .imported, .file, .shell, .edited: break
        }
        guard !prompt.isEmpty else {
            sendCount = nil
            return []
        }
        // While an answer comes the conversation is not what will be sent.
        guard !isRunning else { return [] }
        sendCount = countOfSending()
        guard let model = catalog.model(parameters.model), preparedCounts.insert(model.id).inserted else { return [] }
        return [.prepareCounts(model)]
    }

    /// What sending the prompt now would take.
    mutating func countOfSending() -> SendCount {
        var (count, rest) = countOfConversation()
        let before = count.tokens
        let known = catalog.model(parameters.model)
        let text = countedPrompt
        count.add(ChatMessage(.user, text.text), model: known, counting)
        let attached = countOfAttachments(files.attachments(of: textWithMentions))
        let tokens = count.tokens + rest + attached.tokens + text.restTokens(count.tokens - before)
        let isExact = count.isExact && rest == 0 && attached.isExact && text.rest == 0
        let model = info(parameters.model)
        let usage = TokenUsage(inputTokens: tokens, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0)
        return SendCount(
            tokens: tokens, isExact: isExact,
            cost: CostCalculator.cost(of: usage, model: model, tier: nil).amount,
            share: model?.contextWindow.map { Double(tokens) / Double(max(1, $0)) })
    }

    /// The count of all but the prompt as far as it got, and an estimate of the rest. Kept, and of a long conversation made in
    /// parts, since the whole takes longer than a key may.
    private mutating func countOfConversation() -> (count: RequestTokens, rest: Int) {
        let model = catalog.model(parameters.model)
        let offered = tools.offered
        let (head, entries) = sentEntries
        let key = ConversationCount.Key(
            model: parameters.model, systemPrompt: sentSystemPrompt, head: head,
            conversation: conversation.id, tools: offered.map(\.name), isReady: model.flatMap(counting.count) != nil)
        var kept: ConversationCount
        if let before = conversationCount, before.key == key {
            kept = before
        } else {
            let instructions = sentSystemPrompt.map { [ChatMessage(.system, $0)] } ?? []
            let request = ChatRequest(
                model: parameters.model, messages: instructions, tools: offered.map(\.definition))
            kept = ConversationCount(key: key, count: requestTokens(request))
        }
        kept.countOn(entries, model: model, counting)
        conversationCount = kept
        return (kept.count, kept.rest(of: entries))
    }

    /// What of the conversation the prompt would follow, and its last message: up to a message that is edited, else all of it.
    private var sentEntries: (head: MessageTree.ID?, entries: ArraySlice<Entry>) {
        guard let editing else { return (conversation.tree.head, conversation.entries[...]) }
        let head = conversation.tree.parent(of: editing)
        if let index = conversation.entryIndex(of: editing) { return (head, conversation.entries[..<index]) }
        return (head, conversation.tree.path(to: head).compactMap { conversation.rawEntry(of: $0) }[...])
    }

    /// The input tokens of a request.
    func requestTokens(_ request: ChatRequest) -> RequestTokens {
        RequestTokens(request, model: catalog.model(request.model), counting)
    }
}
