/// Sampling and limits of one request. A nil member is not sent at all, so that the server's default holds.
///
/// The ranges are OpenAI's. Nothing is checked or rounded here: what a model does not take is found by a provider that has
/// a catalog (`ModelInfo.obstacles`), all else by the server, as `ProviderError` of kind `invalidRequest`.
public struct ModelParameters: Sendable, Hashable {
    /// Randomness, 0...2.
    public var temperature: Double?
    /// Nucleus sampling, 0...1.
    public var topP: Double?
    /// The most tokens the answer may have, reasoning included; at least 1.
    public var maxOutputTokens: Int?
    /// Best-effort repeatability.
    public var seed: Int?
    /// Up to four texts that end the answer; nil or empty = not sent.
    public var stop: [String]?
    /// Punishes repeated tokens by count, -2...2.
    public var frequencyPenalty: Double?
    /// Punishes tokens that occurred at all, -2...2.
    public var presencePenalty: Double?
    /// How much a reasoning model thinks: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`, per model.
    public var reasoningEffort: String?
    /// Whether and how a reasoning model tells its reasoning in short: `auto`, `concise`, `detailed` (Responses only).
    public var reasoningSummary: String?
    /// How wordy the answer is: `low`, `medium`, `high` (gpt-5 and later).
    public var verbosity: String?
    /// How fast and dear to be served: `auto`, `default`, `flex`, `priority`…; the answer names the tier really used.
    public var serviceTier: String?
    /// How many alternatives to report per token, 0...20; nil = no log probabilities.
    public var topLogprobs: Int?

    /// Parameters, none of them sent unless named.
    public init(
        temperature: Double? = nil, topP: Double? = nil, maxOutputTokens: Int? = nil, seed: Int? = nil,
        stop: [String]? = nil, frequencyPenalty: Double? = nil, presencePenalty: Double? = nil,
        reasoningEffort: String? = nil, reasoningSummary: String? = nil, verbosity: String? = nil,
        serviceTier: String? = nil, topLogprobs: Int? = nil
    ) {
        self.temperature = temperature
        self.topP = topP
        self.maxOutputTokens = maxOutputTokens
        self.seed = seed
        self.stop = stop
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.reasoningEffort = reasoningEffort
        self.reasoningSummary = reasoningSummary
        self.verbosity = verbosity
        self.serviceTier = serviceTier
        self.topLogprobs = topLogprobs
    }
}
