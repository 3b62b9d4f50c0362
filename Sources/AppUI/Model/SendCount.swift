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

/// The count of a conversation, and what it holds for.
struct ConversationCount: Sendable {
    struct Key: Sendable, Hashable {
        let model: String
        let systemPrompt: String?
        let head: Int?
        let conversation: String
        let tools: [String]
        let isReady: Bool
    }

    let key: Key
    let count: RequestTokens
}

extension AppModel {
    /// Counts what Enter would send, after events that may have changed it; the first time it asks for exact counts.
    mutating func countPrompt(after event: AppEvent) -> [AppEffect] {
        switch event {
        case .stream, .tick, .themes, .paths, .usage, .today, .notices, .isolation, .calls, .tools, .conversations,
            .found, .prompts, .exported, .saveFailed, .settings, .paged, .copied, .configuration:
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

    private mutating func countOfSending() -> SendCount {
        var count = countOfConversation()
        let known = catalog.model(parameters.model)
        count.add(AttachmentContent.message(prompt.text, files.attachments(of: prompt.text)), model: known, counting)
        let model = info(parameters.model)
        let usage = TokenUsage(
            inputTokens: count.tokens, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0)
        return SendCount(
            tokens: count.tokens, isExact: count.isExact,
            cost: CostCalculator.cost(of: usage, model: model, tier: nil).amount,
            share: model?.contextWindow.map { Double(count.tokens) / Double(max(1, $0)) })
    }

    /// The count of all but the prompt; kept, since a long conversation takes longer than a key may.
    private mutating func countOfConversation() -> RequestTokens {
        let model = catalog.model(parameters.model)
        let offered = tools.offered
        let key = ConversationCount.Key(
            model: parameters.model, systemPrompt: sentSystemPrompt, head: conversation.tree.head,
            conversation: conversation.id, tools: offered.map(\.name), isReady: model.flatMap(counting.count) != nil)
        if let kept = conversationCount, kept.key == key { return kept.count }
        let count = requestTokens(
            ChatRequest(
                model: parameters.model, messages: conversation.messages(systemPrompt: sentSystemPrompt),
                tools: offered.map(\.definition)))
        conversationCount = ConversationCount(key: key, count: count)
        return count
    }

    /// The input tokens of a request.
    func requestTokens(_ request: ChatRequest) -> RequestTokens {
        RequestTokens(request, model: catalog.model(request.model), counting)
    }
}
