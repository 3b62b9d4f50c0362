public import ProviderCore

extension SettingField {
    /// Sampling and limits, in a `[parameters]` table of settings and presets.
    static let parameters: [SettingField] = [
        SettingField(
            "parameters.temperature", .number(0...2), example: "0.7", "Randomness. Not set: the server decides."),
        SettingField("parameters.top_p", .number(0...1), example: "0.9", "Share of probability considered."),
        SettingField(
            "parameters.max_output_tokens", .integer(1...Int.max), example: "2048",
            "Most tokens of an answer, reasoning included."),
        SettingField(
            "parameters.seed", .integer(Int.min...Int.max), example: "7", "Same seed, mostly the same answer."),
        SettingField("parameters.frequency_penalty", .number(-2...2), example: "0.5", "Punishes repetition by count."),
        SettingField("parameters.presence_penalty", .number(-2...2), example: "0.5", "Punishes words used already."),
        SettingField("parameters.stop", .texts(maximum: 4), example: #"["END"]"#, "Texts that end an answer."),
        SettingField(
            "parameters.reasoning_effort",
            .choice(["none", "minimal", "low", "medium", "high", "xhigh", "max"]), example: #""low""#,
            "How much a reasoning model thinks; not every model takes every word."),
        SettingField(
            "parameters.reasoning_summary", .choice(["auto", "concise", "detailed"]), example: #""auto""#,
            "Whether and how reasoning is told in short, on the Responses API."),
        SettingField(
            "parameters.verbosity", .choice(["low", "medium", "high"]), example: #""low""#, "How wordy answers are."),
        SettingField(
            "parameters.service_tier", .line, example: #""flex""#,
            "How fast and dear to be served: auto, default, flex, priority, or the endpoint's own word."),
        SettingField(
            "parameters.top_logprobs", .integer(0...20), example: "3", "How many alternatives to report per token."),
    ]
}

extension ModelParameters {
    /// The parameters of a table; what is not set is not sent.
    init(_ table: SettingTable) {
        self.init(
            temperature: table.number("parameters.temperature"), topP: table.number("parameters.top_p"),
            maxOutputTokens: table.integer("parameters.max_output_tokens"), seed: table.integer("parameters.seed"),
            stop: table.texts("parameters.stop"), frequencyPenalty: table.number("parameters.frequency_penalty"),
            presencePenalty: table.number("parameters.presence_penalty"),
            reasoningEffort: table.text("parameters.reasoning_effort"),
            reasoningSummary: table.text("parameters.reasoning_summary"),
            verbosity: table.text("parameters.verbosity"), serviceTier: table.text("parameters.service_tier"),
            topLogprobs: table.integer("parameters.top_logprobs"))
    }

    /// The values as settings, by their paths below `parameters`; what is not sent is not among them.
    public var settings: [String: SettingValue] {
        var values: [String: SettingValue] = [:]
        values["temperature"] = temperature.map(SettingValue.number)
        values["top_p"] = topP.map(SettingValue.number)
        values["max_output_tokens"] = maxOutputTokens.map(SettingValue.integer)
        values["seed"] = seed.map(SettingValue.integer)
        values["stop"] = stop.flatMap { $0.isEmpty ? nil : .texts($0) }
        values["frequency_penalty"] = frequencyPenalty.map(SettingValue.number)
        values["presence_penalty"] = presencePenalty.map(SettingValue.number)
        values["reasoning_effort"] = reasoningEffort.map(SettingValue.text)
        values["reasoning_summary"] = reasoningSummary.map(SettingValue.text)
        values["verbosity"] = verbosity.map(SettingValue.text)
        values["service_tier"] = serviceTier.map(SettingValue.text)
        values["top_logprobs"] = topLogprobs.map(SettingValue.integer)
        return values
    }
}
