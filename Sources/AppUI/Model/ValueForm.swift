import ProviderCore

/// The form of a value that a person chooses: what it may be, how it moves, how it is typed and shown. Parameters and settings
/// share it.
public enum ValueForm: Sendable, Hashable {
    /// A number in a range, moved by a step, shown with so many decimals.
    case number(ClosedRange<Double>, step: Double, decimals: Int)
    /// A whole number of a wide range, moved by doubling and halving.
    case doubling(ClosedRange<Int>)
    /// A whole number moved by one.
    case integer(ClosedRange<Int>)
    /// US dollars above 0, moved by doubling and halving.
    case money
    /// One of these words, moved through in order; `others`: or any word.
    case words([String], others: Bool)
    /// The form of an answer: `text`, `json`, or a JSON Schema.
    case format
    /// Text.
    case text
    /// Texts separated by commas as typed, at most four.
    case texts

    /// A millionth of a dollar and a million dollars: less or more is a slip of the finger.
    private static let leastMoney = Money(picodollars: 1_000_000)
    private static let mostMoney = Money(picodollars: 1_000_000_000_000_000_000)

    /// How many steps a big move takes: ten, and three where a step doubles.
    var bigStep: Int {
        switch self {
        case .doubling, .money: 3
        default: 10
        }
    }

    /// The value so many steps up or down, or nil when the form has no steps. Stays inside the range.
    func stepped(from value: ParameterValue, by steps: Int) -> ParameterValue? {
        switch (self, value) {
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
            return words.isEmpty ? nil : .text(words[min(max(index, 0), words.count - 1)])
        case (.integer(let range), .integer(let now)):
            let (next, isOver) = now.addingReportingOverflow(steps)
            return .integer(isOver ? now : min(max(next, range.lowerBound), range.upperBound))
        default:
            return nil
        }
    }

    /// The lowest or highest value; nil where there is none.
    func limit(upper: Bool) -> ParameterValue? {
        switch self {
        case .number(let range, _, _): .number(upper ? range.upperBound : range.lowerBound)
        case .doubling(let range), .integer(let range): .integer(upper ? range.upperBound : range.lowerBound)
        case .words(let words, _): (upper ? words.last : words.first).map(ParameterValue.text)
        case .money, .format, .text, .texts: nil
        }
    }

    /// Where a value stands in its range, 0 to 1: along the logarithm for wide ranges. Nil where a slider says nothing.
    func share(of value: ParameterValue) -> Double? {
        switch (self, value) {
        case (.number(let range, _, _), .number(let now)):
            Self.clamped((now - range.lowerBound) / (range.upperBound - range.lowerBound))
        case (.integer(let range), .integer(let now)) where Self.isShort(range):
            Self.clamped(Double(now - range.lowerBound) / Double(max(1, range.upperBound - range.lowerBound)))
        case (.doubling(let range), .integer(let now)):
            Self.clamped(
                Self.exponent(now, over: range.lowerBound)
                    / max(1, Self.exponent(range.upperBound, over: range.lowerBound)))
        default: nil
        }
    }

    /// Whether values of this form are shown with a slider.
    var hasSlider: Bool {
        switch self {
        case .number, .doubling: true
        case .integer(let range): Self.isShort(range)
        case .money, .words, .format, .text, .texts: false
        }
    }

    private static func isShort(_ range: ClosedRange<Int>) -> Bool {
        range.lowerBound >= -1000 && range.upperBound <= 1000
    }

    private static func clamped(_ share: Double) -> Double { share.isFinite ? min(max(share, 0), 1) : 0 }

    /// The logarithm to the base 2 of a ratio, straight between powers: exact enough for a slider, and free of libraries.
    private static func exponent(_ number: Int, over low: Int) -> Double {
        let ratio = Double(max(1, number)) / Double(max(1, low))
        guard ratio > 1 else { return 0 }
        return Double(ratio.exponent) + (ratio.significand - 1)
    }
}

// What is typed and what is shown.
extension ValueForm {
    /// Reads a typed value. Throws a line that says what is wanted.
    func parse(_ typed: String, label: String) throws(ParameterInputError) -> ParameterValue {
        let text = typed.trimmed
        switch self {
        case .number(let range, _, _):
            guard let number = Double(text), number.isFinite, range.contains(number) else {
                throw ParameterInputError("\(label): \(takes), not \"\(text)\"")
            }
            return .number(number == 0 ? 0 : number)
        case .doubling(let range), .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                throw ParameterInputError("\(label): \(takes), not \"\(text)\"")
            }
            return .integer(number)
        case .money:
            let digits = text.hasPrefix("$") ? String(text.dropFirst()) : text
            guard let amount = Money(digits.hasPrefix(".") ? "0" + digits : digits), amount >= Self.leastMoney,
                amount <= Self.mostMoney
            else { throw ParameterInputError("\(label): \(takes), not \"\(text)\"") }
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

    /// What it takes, in words.
    var takes: String {
        switch self {
        case .number(let range, _, _):
            "a number from \(ParameterValue.short(range.lowerBound)) to \(ParameterValue.short(range.upperBound))"
        case .doubling(let range), .integer(let range): Self.takes(range)
        case .money: "US dollars above 0, such as 0.05"
        case .words(let words, let takesOthers):
            words.joined(separator: ", ") + (takesOthers ? ", or another word" : "")
        case .format: "text, json, or a JSON Schema"
        case .text: "text"
        case .texts: "up to four texts, separated by commas"
        }
    }

    private static func takes(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (Int.min, Int.max): "a whole number"
        case (let low, Int.max): "a whole number of at least \(low)"
        case (let low, let high): "a whole number from \(low) to \(high)"
        }
    }

    /// What a step does, in words; nil = there are no steps.
    var steps: String? {
        switch self {
        case .number(_, let step, let decimals): "step \(ParameterValue.fixed(step, decimals: decimals)), Shift ten"
        case .doubling, .money: "a step doubles or halves, Shift three"
        case .integer: "step 1, Shift ten"
        case .words: "Left and Right choose"
        case .format, .text, .texts: nil
        }
    }

    /// The value as it is shown.
    func shown(_ value: ParameterValue) -> String {
        switch value {
        case .number(let number):
            if case .number(_, _, let decimals) = self { return ParameterValue.decimal(number, atLeast: decimals) }
            return ParameterValue.short(number)
        case .integer(let number): return String(number)
        case .money(let amount): return amount.short
        case .text(let text): return self == .format ? FormatText.summary(text) : text.replacing("\n", with: " ")
        case .texts(let texts): return texts.map { $0.replacing("\n", with: "\\n") }.joined(separator: ",")
        }
    }

    /// The value as it is typed: what `parse` reads back.
    func typed(_ value: ParameterValue) -> String {
        switch value {
        case .text(let text): text
        case .money(let amount): amount.plain
        case .number(let number): ParameterValue.short(number)
        default: shown(value)
        }
    }
}
