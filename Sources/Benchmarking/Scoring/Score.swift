public import ProviderCore

/// What a scorer says of one trial.
public struct Score: Sendable, Hashable {
    /// The value; 0 … 1 for all scorers but a judge, whose scale the suite sets.
    public var value: Double
    /// The value between 0 and 1, whatever its scale.
    public var share: Double
    /// Whether it counts as right; nil for values without a border.
    public var passes: Bool?
    /// What was taken out of the answer and scored; nil = nothing.
    public var answer: String?
    /// Why, in a sentence; empty = there is nothing to say.
    public var explanation: String
    /// Figures of its own, such as the scores of its parts.
    public var detail: JSONValue?

    /// A score. `share` nil = the value, cut to 0 … 1.
    public init(
        value: Double, share: Double? = nil, passes: Bool?, answer: String? = nil, explanation: String = "",
        detail: JSONValue? = nil
    ) {
        self.value = value
        self.share = min(1, max(0, share ?? (value.isNaN ? 0 : value)))
        self.passes = passes
        self.answer = answer
        self.explanation = explanation
        self.detail = detail
    }
}

/// What came of a trial. Classes are kept apart: only the first groups are the model's own doing. Raw values are the words of
/// reports and exports.
public enum TrialOutcome: String, Sendable, Hashable, CaseIterable {
    /// Scored, and right.
    case right
    /// Scored, and wrong.
    case wrong
    /// Scored between the two.
    case partial
    /// The model refused.
    case refused
    /// The output limit cut the answer off.
    case truncated
    /// The answer has not the form that the scorer needs.
    case badFormat = "bad_format"
    /// The model called a tool in a way that ended the trial.
    case toolError = "tool_error"
    /// There is an answer, and nothing says what is right: only speed and cost are measured.
    case answered
    /// Our scorer failed.
    case scorerError = "scorer_error"
    /// Endpoint, network or time-out failed.
    case infraError = "infra_error"
    /// The budget ended before it was sent.
    case budget
    /// Left out on purpose.
    case skipped

    /// Whether it says something of the model: the denominator of accuracy. The others are missing coverage.
    public var isScored: Bool {
        switch self {
        case .right, .wrong, .partial, .refused, .truncated, .badFormat, .toolError: true
        case .answered, .scorerError, .infraError, .budget, .skipped: false
        }
    }
    /// Whether the trial has its result, so that it is never sent again.
    public var isSettled: Bool {
        switch self {
        case .infraError, .budget, .skipped: false
        case .right, .wrong, .partial, .refused, .truncated, .badFormat, .toolError, .answered, .scorerError: true
        }
    }
}
