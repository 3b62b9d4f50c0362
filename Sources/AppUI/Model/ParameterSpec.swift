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
    /// The form of the value.
    enum Form: Sendable, Hashable {
        /// A number in a range, moved by a step (big moves: five steps), shown with so many decimals.
        case number(ClosedRange<Double>, step: Double, decimals: Int)
        /// A whole number moved by doubling and halving.
        case doubling(ClosedRange<Int>)
        /// A whole number moved by one.
        case integer(ClosedRange<Int>)
        /// US dollars above 0, moved by doubling and halving.
        case money
        /// One of these words, moved through in order; `others`: or any name.
        case words([String], others: Bool)
        /// The form of an answer: `text`, `json`, or a JSON Schema.
        case format
        /// One line of text.
        case text
        /// Texts separated by commas as typed.
        case texts
    }

    let id: ParameterID
    let label: String
    let form: Form
    /// What the API does when nothing is sent; nil when there is no such value.
    let serverDefault: ParameterValue?
    /// Where the first step starts when there is no default.
    let start: ParameterValue?
    /// One line for the hint line.
    let help: String

    static let all: [ParameterSpec] = [
        ParameterSpec(
            id: .model, label: "model", form: .text, serverDefault: nil, start: nil,
            help: "the model asked, chosen from the list"),
        ParameterSpec(
            id: .temperature, label: "temperature", form: .number(0...2, step: 0.1, decimals: 2),
            serverDefault: .number(1), start: nil, help: "randomness, 0 to 2"),
        ParameterSpec(
            id: .topP, label: "top_p", form: .number(0...1, step: 0.05, decimals: 2),
            serverDefault: .number(1), start: nil, help: "share of probability considered, 0 to 1"),
        ParameterSpec(
            id: .maxOutputTokens, label: "max output", form: .doubling(1...1_000_000),
            serverDefault: nil, start: .integer(1024), help: "most tokens of an answer, reasoning included"),
        ParameterSpec(
            id: .maxCost, label: "max cost", form: .money, serverDefault: nil,
            start: Money("0.01").map(ParameterValue.money),
            help: "most US dollars of an answer with its prompt; it is stopped there"),
        ParameterSpec(
            id: .seed, label: "seed", form: .integer(0...Int(Int32.max)), serverDefault: nil, start: .integer(1),
            help: "same seed, mostly the same answer"),
        ParameterSpec(
            id: .frequencyPenalty, label: "frequency", form: .number(-2...2, step: 0.1, decimals: 2),
            serverDefault: .number(0), start: nil, help: "frequency penalty, -2 to 2"),
        ParameterSpec(
            id: .presencePenalty, label: "presence", form: .number(-2...2, step: 0.1, decimals: 2),
            serverDefault: .number(0), start: nil, help: "presence penalty, -2 to 2"),
        ParameterSpec(
            id: .stop, label: "stop", form: .texts, serverDefault: nil, start: nil,
            help: "up to four texts that end the answer, separated by commas; \\n is a line end"),
        ParameterSpec(
            id: .toolChoice, label: "tool choice", form: .words(["auto", "none", "required"], others: true),
            serverDefault: .text("auto"), start: nil, help: "auto, none, required, or the name of a function"),
        ParameterSpec(
            id: .parallelCalls, label: "parallel", form: .words(["on", "off"], others: false),
            serverDefault: .text("on"), start: nil, help: "several calls in one answer: on or off"),
        ParameterSpec(
            id: .strict, label: "strict", form: .words(["on", "off"], others: false),
            serverDefault: nil, start: .text("on"), help: "arguments match their schema exactly: on or off"),
        ParameterSpec(
            id: .responseFormat, label: "format", form: .format, serverDefault: nil, start: nil,
            help: "text, json, or a JSON Schema, bare or as {\"name\", \"schema\", \"strict\"}"),
        ParameterSpec(
            id: .systemPrompt, label: "system", form: .text, serverDefault: nil, start: nil,
            help: "the system prompt, sent before the conversation"),
    ]

    /// A millionth of a dollar and a million dollars: less or more is a slip of the finger.
    private static let leastMoney = Money(picodollars: 1_000_000)
    private static let mostMoney = Money(picodollars: 1_000_000_000_000_000_000)

    static func of(_ id: ParameterID) -> ParameterSpec {
        all.first { $0.id == id } ?? all[0]
    }

    /// The value one step up or down, or nil when the form has no steps. Stays inside the range.
    func stepped(from value: ParameterValue, by steps: Int) -> ParameterValue? {
        switch (form, value) {
        case (.number(let range, let step, _), .number(let now)):
            let units = (now / step).rounded() + Double(steps)
            let rounded = (units * step * 1e6).rounded() / 1e6
            return .number(min(max(rounded, range.lowerBound), range.upperBound))
        case (.doubling(let range), .integer(let now)):
            var next = now
            for _ in 0..<abs(steps) { next = steps > 0 ? min(next, range.upperBound / 2) * 2 : next / 2 }
            return .integer(min(max(next, range.lowerBound), range.upperBound))
        case (.money, .money(let now)):
            var next = now.picodollars
            for _ in 0..<abs(steps) { next = steps > 0 ? min(next, Self.mostMoney.picodollars / 2) * 2 : next / 2 }
            return .money(Money(picodollars: max(next, Self.leastMoney.picodollars)))
        case (.words(let words, _), .text(let now)):
            let index = words.firstIndex(of: now).map { $0 + steps } ?? 0
            return .text(words[min(max(index, 0), words.count - 1)])
        case (.integer(let range), .integer(let now)):
            return .integer(min(max(now + steps, range.lowerBound), range.upperBound))
        default:
            return nil
        }
    }

    /// Reads a typed value. Throws a line that says what is wanted.
    func parse(_ typed: String) throws(ParameterInputError) -> ParameterValue {
        let text = typed.trimmed
        switch form {
        case .number(let range, _, _):
            guard let number = Double(text), number.isFinite, range.contains(number) else {
                throw ParameterInputError(
                    "\(label): a number from \(ParameterValue.short(range.lowerBound)) to "
                        + "\(ParameterValue.short(range.upperBound)), not \"\(text)\"")
            }
            return .number(number == 0 ? 0 : number)
        case .doubling(let range), .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                throw ParameterInputError(
                    "\(label): a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\"")
            }
            return .integer(number)
        case .money:
            let digits = text.hasPrefix("$") ? String(text.dropFirst()) : text
            guard let amount = Money(digits.hasPrefix(".") ? "0" + digits : digits), amount >= Self.leastMoney,
                amount <= Self.mostMoney
            else { throw ParameterInputError("\(label): US dollars above 0, such as 0.05, not \"\(text)\"") }
            return .money(amount)
        case .words(let words, let takesOthers):
            guard takesOthers || words.contains(text) else {
                throw ParameterInputError("\(label): \(words.joined(separator: " or ")), not \"\(text)\"")
            }
            return .text(text)
        case .format:
            _ = try FormatText.parse(text)
            return .text(text)
        case .text:
            return .text(typed)
        case .texts:
            let texts = typed.split(separator: ",").map { $0.trimmed.replacingEscapes }.filter { !$0.isEmpty }
            guard texts.count <= 4 else {
                throw ParameterInputError("\(label): at most four texts, not \(texts.count)")
            }
            return .texts(texts)
        }
    }

    /// The value as the panel shows it.
    func shown(_ value: ParameterValue) -> String {
        switch value {
        case .number(let number):
            if case .number(_, _, let decimals) = form { return ParameterValue.fixed(number, decimals: decimals) }
            return ParameterValue.short(number)
        case .integer(let number): return String(number)
        case .money(let amount): return amount.short
        case .text(let text): return form == .format ? FormatText.summary(text) : text.replacing("\n", with: " ")
        case .texts(let texts): return texts.map { $0.replacing("\n", with: "\\n") }.joined(separator: ",")
        }
    }
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
