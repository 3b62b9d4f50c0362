public import FunctionTools
public import ProviderCore

/// What a trial brought, as far as it is scored.
public struct AnswerToScore: Sendable, Hashable {
    /// The text of the last answer.
    public var text: String
    /// The refusal; nil = the model did not refuse.
    public var refusal: String?
    /// Why the last answer ended; nil = not told.
    public var finishReason: FinishReason?
    /// The calls of all turns, in order.
    public var calls: [ToolCall]
    /// The functions that were offered; empty = those of the sample.
    public var tools: [Tool]
    /// Why calls ended the trial before its answer, in words; nil = they did not.
    public var toolFault: String?

    /// An answer.
    public init(
        text: String = "", refusal: String? = nil, finishReason: FinishReason? = .stop, calls: [ToolCall] = [],
        tools: [Tool] = [], toolFault: String? = nil
    ) {
        self.text = text
        self.refusal = refusal
        self.finishReason = finishReason
        self.calls = calls
        self.tools = tools
        self.toolFault = toolFault
    }

    /// The answer of a trial whose last response this is. `calls` are those of the turns before it.
    public init(_ response: ChatResponse, after calls: [ToolCall] = [], tools: [Tool] = [], toolFault: String? = nil) {
        self.init(
            text: response.text, refusal: response.refusal, finishReason: response.finishReason,
            calls: calls + response.orderedCalls, tools: tools, toolFault: toolFault)
    }
}

/// What became of scoring an answer.
public struct ScoreResult: Sendable, Hashable {
    /// The class of the trial.
    public var outcome: TrialOutcome
    /// The score; nil when the scorer failed.
    public var score: Score?
    /// Why the scorer failed; nil = it did not.
    public var failure: String?

    /// A result.
    public init(outcome: TrialOutcome, score: Score?, failure: String? = nil) {
        self.outcome = outcome
        self.score = score
        self.failure = failure
    }
}

