import ProviderCore

extension TokenUsage {
    /// Counts above this are a server's fault and taken as not told. It holds here, for what one answer is told to have taken, and
    /// not in `TokenUsage`, which also holds sums of many.
    static let largestCount = 1_000_000_000

    /// Reads a usage object of any dialect; nil when it tells nothing.
    ///
    /// Reasoning is made a part of the output. xAI counts it apart: there `total_tokens` is the sum of all three, or,
    /// without a total, reasoning exceeds the output. A cache part larger than its whole is not believed.
    init?(wire: JSONValue) {
        func count(_ value: JSONValue?, _ names: String...) -> Int? {
            for name in names {
                // Some gateways write counts as text.
                let told = value?[name].flatMap { $0.intValue ?? $0.stringValue.flatMap { Int($0) } }
                if let told, (0...Self.largestCount).contains(told) { return told }
            }
            return nil
        }
        let input = count(wire, "prompt_tokens", "input_tokens")
        var output = count(wire, "completion_tokens", "output_tokens")
        let inputDetails = wire["prompt_tokens_details"] ?? wire["input_tokens_details"]
        let outputDetails = wire["completion_tokens_details"] ?? wire["output_tokens_details"]
        let reasoning = count(outputDetails, "reasoning_tokens") ?? count(wire, "reasoning_tokens")
        if let answer = output, let reasoning {
            let total = count(wire, "total_tokens")
            let isApart = total.map { $0 == (input ?? 0) + answer + reasoning } ?? (reasoning > answer)
            if isApart { output = answer + reasoning <= Self.largestCount ? answer + reasoning : nil }
        }
        let cached = count(inputDetails, "cached_tokens") ?? count(wire, "prompt_cache_hit_tokens")
        let written = count(inputDetails, "cache_write_tokens")
        func part(_ part: Int?) -> Int? { part.flatMap { part in input.map { part <= $0 } ?? true ? part : nil } }
        self.init(
            inputTokens: input, outputTokens: output, cachedInputTokens: part(cached), cacheWriteTokens: part(written),
            reasoningTokens: reasoning)
        if isUnknown { return nil }
    }
}
