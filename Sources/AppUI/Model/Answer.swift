import Conversations
import FunctionTools
import Markdown
public import ProviderCore
import TerminalKit

/// How far an answer is.
public enum AnswerState: Sendable, Hashable {
    /// The request left, nothing came yet.
    case waiting
    /// Events arrive.
    case streaming
    /// The server finished it.
    case complete(FinishReason)
    /// The user stopped it; what came is kept.
    case cancelled
    /// It failed or was cut; what came is kept.
    case failed(ProviderError)

    var isRunning: Bool { self == .waiting || self == .streaming }
}

/// What a request was made with: stands at its answer.
public struct RequestStamp: Sendable, Hashable {
    /// The model asked.
    public let model: String
    /// The parameters, in short.
    public let parameters: String
}

/// When things happened, on the monotonic clock.
struct AnswerTiming: Sendable, Hashable {
    let sent: ContinuousClock.Instant
    /// When the attempt began that this answer is of; nil = with `sent`.
    var attempted: ContinuousClock.Instant?
    var firstToken: ContinuousClock.Instant?
    var last: ContinuousClock.Instant

    /// From sending to the first text, reasoning or tool call; of several attempts the last one.
    var timeToFirstToken: Duration? { firstToken.map { $0 - (attempted ?? sent) } }

    /// Output tokens a second between the first and the last event; nil while that is too short to say.
    func tokensPerSecond(_ tokens: Int) -> Double? {
        guard let firstToken, tokens > 1 else { return nil }
        let seconds = (last - firstToken).inSeconds
        return seconds > 0.05 ? Double(tokens - 1) / seconds : nil
    }
}

/// One answer of the model, growing while it streams. Texts are gated; the raw answer is in `response`.
public struct Answer: Sendable {
    /// Its number in the conversation; given when it joins it.
    var id = 0
    /// When it was said, in milliseconds since 1970; 0 = in this session.
    var saidAt: Int64 = 0
    let stamp: RequestStamp
    /// Which answer of the conversation it is, from 1.
    var turn = 0
    /// The request without its messages, for the database.
    var request = JSONValue.object([])
    /// The raw answer, for the conversation that is sent on.
    var response = ChatResponse()
    var state = AnswerState.waiting
    var timing: AnswerTiming
    var text = AnswerText()
    var reasoning = DisplayText()
    /// Our count of what came.
    var counted: TokenCount
    var cost = Cost.unknown
    var calls: [TracedCall] = []
    /// What the text must match; nil = nothing.
    var schema: JSONSchema?
    /// How the text breaks it, in sentences; nil = it was not checked.
    var violations: [String]?
    /// Our count of an answer that was kept; nil = `counted` is it.
    var estimatedOutput: Int?
    /// Whether its texts still have to be laid out: it was kept, and not in view yet.
    var isFolded = false
    /// The attempts it took.
    var attempts = AttemptLog()
    /// What the last refusal told of the server's rate limits.
    var refusedLimits: RateLimits?
    /// Our count of the request; used while the server has told none.
    var inputEstimate: Int?
    /// What the catalog knows of the model that answers; looked up once, since a look-up per chunk would cost more than
    /// the chunk.
    var pricing: ModelInfo?

    init(
        stamp: RequestStamp, sent: ContinuousClock.Instant, inputEstimate: Int?, pricing: ModelInfo?,
        counted: TokenCount = TokenCount()
    ) {
        self.stamp = stamp
        self.counted = counted
        self.inputEstimate = inputEstimate
        self.pricing = pricing
        timing = AnswerTiming(sent: sent, firstToken: nil, last: sent)
    }

    /// Counts all that came anew: exact counts became ready while it came.
    mutating func recount(with empty: TokenCount) {
        counted = empty
        counted.append(response.reasoning ?? "")
        counted.append(response.text)
        counted.append(response.refusal ?? "")
        for call in response.toolCalls { counted.append(call.arguments) }
    }

    /// Output tokens: the server's count, else our estimate of what came.
    var outputTokens: Int { response.usage.outputTokens ?? estimatedOutput ?? counted.tokens }
    /// Whether it was made elsewhere, with nothing known of what it was made with and what it took.
    var isImported: Bool {
        stamp.parameters.isEmpty && estimatedOutput == nil && response.usage.outputTokens == nil
            && response.usage.inputTokens == nil
    }
    /// The model that answered, else the one that was asked; `imported` when neither is known.
    var modelName: String {
        let name = response.metadata.model ?? stamp.model
        return name.isEmpty ? "imported" : name
    }
    /// The parameters in short, for beside the model's name: `imported` when they are not known.
    var madeWith: String { !isImported ? stamp.parameters : modelName == "imported" ? "" : "imported" }
    /// Whether `outputTokens` is an estimate.
    var outputIsEstimate: Bool { response.usage.outputTokens == nil }
    /// Whether nothing at all came.
    var isEmpty: Bool {
        response.text.isEmpty && response.reasoning == nil && response.refusal == nil && response.toolCalls.isEmpty
    }
    /// Lays out the texts of an answer that was kept.
    mutating func unfold() {
        guard isFolded else { return }
        isFolded = false
        text = AnswerText(response.refusal ?? response.text)
        if let words = response.reasoning { reasoning = DisplayText(words) }
    }

    /// Hidden characters that the gate took out.
    var hiddenCount: Int { text.hiddenCount + reasoning.hiddenCount }
}
