/// A whole answer, as the provider told it or as folded from a stream.
public struct ChatResponse: Sendable, Hashable {
    /// Who answered: ids, model, tier.
    public var metadata: ResponseMetadata
    /// The answer's text; empty when there was none.
    public var text: String
    /// Visible reasoning; nil when there was none.
    public var reasoning: String?
    /// The refusal; nil when the model did not refuse.
    public var refusal: String?
    /// The calls asked for, in slot order.
    public var toolCalls: [ToolCall]
    /// Log probabilities per token; empty when not asked for.
    public var logprobs: [TokenLogprob]
    /// Token counts; every member nil when the server told none.
    public var usage: TokenUsage
    /// Why the answer ended; nil = it was cut.
    public var finishReason: FinishReason?
    /// Items of the provider's own that go back with this answer.
    public var opaqueItems: [JSONValue]

    /// An answer; empty unless members are named.
    public init(
        metadata: ResponseMetadata = ResponseMetadata(), text: String = "", reasoning: String? = nil,
        refusal: String? = nil, toolCalls: [ToolCall] = [], logprobs: [TokenLogprob] = [],
        usage: TokenUsage = TokenUsage(), finishReason: FinishReason? = nil, opaqueItems: [JSONValue] = []
    ) {
        self.metadata = metadata
        self.text = text
        self.reasoning = reasoning
        self.refusal = refusal
        self.toolCalls = toolCalls
        self.logprobs = logprobs
        self.usage = usage
        self.finishReason = finishReason
        self.opaqueItems = opaqueItems
    }

    /// Adds one event of a stream. Only choice 0 is kept; events of others change nothing. An attempt that begins anew leaves
    /// nothing of the failed one before it. The texts grow in place, so that folding an answer takes time linear in its length.
    public mutating func apply(_ event: StreamEvent) {
        switch event {
        case .responseStarted(let metadata): self.metadata = metadata
        case .textDelta(let delta, choice: 0): text += delta
        case .reasoningDelta(let delta, choice: 0): Self.append(delta, to: &reasoning)
        case .refusalDelta(let delta, choice: 0): Self.append(delta, to: &refusal)
        case .toolCallDelta(let delta) where delta.choice == 0: apply(delta)
        case .logprobs(let tokens, choice: 0): logprobs += tokens
        case .usage(let usage): self.usage = usage
        case .finished(let reason, choice: 0): finishReason = reason
        case .opaqueItem(let item): opaqueItems.append(item)
        case .policy(.attemptStarted(let notice)) where notice.number > 1 && !notice.isResumed: self = ChatResponse()
        default: break
        }
    }

    /// The calls in the server's own order, where it numbered them all; else as they began.
    public var orderedCalls: [ToolCall] {
        let ranks = toolCalls.compactMap(\.rank)
        guard ranks.count == toolCalls.count, Set(ranks).count == ranks.count else { return toolCalls }
        return zip(ranks, toolCalls).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The answer as a message of the conversation: what goes back with the next request. An answer that was cut keeps its
    /// text, but no calls, which may be unfinished, and none of the provider's own items.
    public var message: ChatMessage {
        let isWhole = finishReason != nil
        return ChatMessage(
            role: .assistant, content: text.isEmpty ? [] : [.text(text)], toolCalls: isWhole ? toolCalls : [],
            refusal: refusal, opaqueItems: isWhole ? opaqueItems : [])
    }

    /// Grows the text in place: copying it for each piece would cost the square of its length.
    private static func append(_ delta: String, to text: inout String?) {
        if text == nil { text = delta } else { text?.append(delta) }
    }

    private mutating func apply(_ delta: ToolCallDelta) {
        guard delta.index >= 0 else { return }
        while toolCalls.count <= delta.index { toolCalls.append(ToolCall(id: "", name: "", arguments: "")) }
        toolCalls[delta.index].apply(delta)
    }
}
