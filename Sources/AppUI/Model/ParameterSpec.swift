public import ProviderCore

/// A parameter of the panel.
public enum ParameterID: String, Sendable, Hashable, CaseIterable {
    /// The model asked.
    case model
    /// Randomness.
    case temperature
    /// Nucleus sampling.
    case topP = "top_p"
    /// The longest answer.
    case maxOutputTokens = "max_output_tokens"
    /// The most that the answer may cost. Not sent: kept here.
    case maxCost = "max_cost"
    /// How much a reasoning model thinks.
    case reasoningEffort = "reasoning_effort"
    /// How wordy the answer is.
    case verbosity
    /// Best-effort repeatability.
    case seed
    /// Penalty by count.
    case frequencyPenalty = "frequency_penalty"
    /// Penalty by presence.
    case presencePenalty = "presence_penalty"
    /// Texts that end the answer.
    case stop
    /// Which functions may or must be called.
    case toolChoice = "tool_choice"
    /// Whether one answer may hold several calls.
    case parallelCalls = "parallel_tool_calls"
    /// Whether arguments must match their schema exactly.
    case strict
    /// The form of the answer.
    case responseFormat = "response_format"
    /// Instructions above the conversation.
    case systemPrompt = "system_prompt"
    /// Whether and how a reasoning model tells its reasoning in short.
    case reasoningSummary = "reasoning_summary"
    /// How fast and dear the answer is served.
    case serviceTier = "service_tier"
    /// How many alternatives to report per token.
    case topLogprobs = "top_logprobs"
}

/// A parameter's value.
public enum ParameterValue: Sendable, Hashable {
    /// A real number.
    case number(Double)
    /// A whole number.
    case integer(Int)
    /// Text.
    case text(String)
    /// Up to four texts.
    case texts([String])
    /// US dollars.
    case money(Money)
}

/// What a parameter may be and how it moves: one row per parameter. Panel, nudge mode, validation and help read this.
struct ParameterSpec: Sendable {
    let id: ParameterID
    let label: String
    var form: ValueForm
    /// What the API does when nothing is sent; nil when there is no such value.
    var serverDefault: ParameterValue?
    /// Where the first step starts when there is no default.
    let start: ParameterValue?
    /// One line for the hint line.
    let help: String

    private init(
        _ id: ParameterID, _ label: String, _ form: ValueForm, standard: ParameterValue? = nil,
        start: ParameterValue? = nil, _ help: String
    ) {
        self.id = id
        self.label = label
        self.form = form
        serverDefault = standard
        self.start = start
        self.help = help
    }

    static let all = general + tools + more

    private static let general: [ParameterSpec] = [
        ParameterSpec(.model, "model", .text, "the model asked, chosen from the list"),
        ParameterSpec(
            .temperature, "temperature", .number(0...2, step: 0.1, decimals: 2), standard: .number(1),
            "randomness, 0 to 2"),
        ParameterSpec(
            .topP, "top_p", .number(0...1, step: 0.05, decimals: 2), standard: .number(1),
            "share of probability considered, 0 to 1"),
        ParameterSpec(
            .maxOutputTokens, "max output", .doubling(1...1_000_000), start: .integer(1024),
            "most tokens of an answer, reasoning included"),
        ParameterSpec(
            .maxCost, "max cost", .money, start: Money("0.01").map(ParameterValue.money),
            "most US dollars of an answer with its prompt; it is stopped there"),
        ParameterSpec(
            .reasoningEffort, "effort",
            .words(["none", "minimal", "low", "medium", "high", "xhigh", "max"], others: true), start: .text("medium"),
            "how much a reasoning model thinks"),
        ParameterSpec(
            .verbosity, "verbosity", .words(["low", "medium", "high"], others: false), start: .text("medium"),
            "how wordy the answer is (gpt-5 and later)"),
        ParameterSpec(
            .seed, "seed", .integer(0...Int(Int32.max)), start: .integer(1), "same seed, mostly the same answer"),
        ParameterSpec(
            .frequencyPenalty, "frequency", .number(-2...2, step: 0.1, decimals: 2), standard: .number(0),
            "frequency penalty, -2 to 2"),
        ParameterSpec(
            .presencePenalty, "presence", .number(-2...2, step: 0.1, decimals: 2), standard: .number(0),
            "presence penalty, -2 to 2"),
        ParameterSpec(
            .stop, "stop", .texts, "up to four texts that end the answer, separated by commas; \\n is a line end"),
    ]

    private static let tools: [ParameterSpec] = [
        ParameterSpec(
            .toolChoice, "tool choice", .words(["auto", "none", "required"], others: true), standard: .text("auto"),
            "auto, none, required, or the name of a function"),
        ParameterSpec(
            .parallelCalls, "parallel", .words(["on", "off"], others: false), standard: .text("on"),
            "several calls in one answer: on or off"),
        ParameterSpec(
            .strict, "strict", .words(["on", "off"], others: false), start: .text("on"),
            "arguments match their schema exactly: on or off"),
    ]

    private static let more: [ParameterSpec] = [
        ParameterSpec(
            .responseFormat, "format", .format,
            "text, json, or a JSON Schema, bare or as {\"name\", \"schema\", \"strict\"}"),
        ParameterSpec(.systemPrompt, "system", .text, "the system prompt, sent before the conversation"),
        ParameterSpec(
            .reasoningSummary, "summary", .words(["auto", "concise", "detailed"], others: false), start: .text("auto"),
            "the reasoning told in short (Responses API)"),
        ParameterSpec(
            .serviceTier, "service tier", .words(["auto", "default", "flex", "priority"], others: true),
            standard: .text("auto"), "how fast and dear to be served"),
        ParameterSpec(
            .topLogprobs, "logprobs", .integer(0...20), start: .integer(5),
            "log probabilities, with so many alternatives per token"),
    ]

    static func of(_ id: ParameterID) -> ParameterSpec {
        all.first { $0.id == id } ?? all[0]
    }

    /// The value so many steps up or down, or nil when the form has no steps. Stays inside the range.
    func stepped(from value: ParameterValue, by steps: Int) -> ParameterValue? { form.stepped(from: value, by: steps) }

    /// Reads a typed value. Throws a line that says what is wanted.
    func parse(_ typed: String) throws(ParameterInputError) -> ParameterValue { try form.parse(typed, label: label) }

    /// The value as the panel shows it.
    func shown(_ value: ParameterValue) -> String { form.shown(value) }
}

extension Money {
    /// The exact amount without needless zeros: `$0.05`, `$1.00`.
    var short: String {
        var text = exact
        while text.hasSuffix("0"), let point = text.firstIndex(of: "."), text[point...].count > 3 { text.removeLast() }
        return "$" + text
    }
}

/// What a typed value should have been.
struct ParameterInputError: Error, Sendable {
    let message: String
    init(_ message: String) { self.message = message }
}

extension ParameterValue {
    /// A number without needless zeros: 0.7, 1, -2.
    static func short(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
        return String((number * 1e6).rounded() / 1e6)
    }

    /// A number with so many decimals, and with more where it has more: what is shown is what is sent.
    static func decimal(_ number: Double, atLeast decimals: Int) -> String {
        let exact = short(number)
        let fraction = exact.split(separator: ".", maxSplits: 1).dropFirst().first?.count ?? 0
        return fraction > decimals ? exact : fixed(number, decimals: decimals)
    }

    /// A number with exactly so many decimals.
    static func fixed(_ number: Double, decimals: Int) -> String {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        guard number.isFinite, abs(number) < 1e12 else { return String(number) }
        let units = Int((abs(number) * Double(scale)).rounded())
        let sign = number < 0 && units > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(units) }
        let fraction = String(units % scale)
        let zeros = String(repeating: "0", count: decimals - fraction.count)
        return "\(sign)\(units / scale).\(zeros)\(fraction)"
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: String {
        var view = Substring(self)
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }

    /// With `\n` and `\t` as typed turned into what they mean.
    var replacingEscapes: String {
        String(self).replacing("\\n", with: "\n").replacing("\\t", with: "\t")
    }
}
