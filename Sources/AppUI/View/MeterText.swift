import ProviderCore
import TerminalKit

/// Numbers as the meter, the status line and the transcript spell them. `~` marks an estimate, `–` an unknown.
enum MeterText {
    /// A count: 348, 1.2k, 34k, 1.3M.
    static func count(_ value: Int) -> String {
        switch value {
        case ..<1000: String(value)
        case ..<10_000: ParameterValue.fixed(Double(value) / 1000, decimals: 1) + "k"
        case ..<1_000_000: "\(value / 1000)k"
        default: ParameterValue.fixed(Double(value) / 1e6, decimals: 1) + "M"
        }
    }

    /// A count in full with thousands apart: 12,345.
    static func full(_ value: Int) -> String {
        let digits = Array(String(abs(value)))
        let groups = stride(from: digits.count, to: 0, by: -3).map { String(digits[max(0, $0 - 3)..<$0]) }
        return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// A duration: 0.41 s, 12.3 s, 4 m 05 s.
    static func seconds(_ duration: Duration) -> String {
        let seconds = duration.inSeconds
        if seconds < 10 { return ParameterValue.fixed(seconds, decimals: 2) + " s" }
        if seconds < 60 { return ParameterValue.fixed(seconds, decimals: 1) + " s" }
        let whole = Int(seconds)
        return "\(whole / 60) m \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
    }

    /// A speed: 62 tok/s, 4.1 tok/s.
    static func speed(_ perSecond: Double) -> String {
        (perSecond < 10 ? ParameterValue.fixed(perSecond, decimals: 1) : String(Int(perSecond.rounded()))) + " tok/s"
    }

    /// A cost with its mark: $0.0034, $0.0034~, –.
    static func cost(_ cost: Cost) -> String {
        guard let amount = cost.amount else { return "–" }
        return amount.display + (cost.state == .estimate ? "~" : "")
    }

    /// The session's sum; `≥` when an answer in it has no known price.
    static func sessionCost(_ totals: SessionTotals) -> String {
        if totals.answers > 0, totals.unpriced == totals.answers { return "–" }
        return (totals.unpriced > 0 ? "≥" : "") + totals.cost.display + (totals.costIsEstimate ? "~" : "")
    }

    /// Input tokens of an answer, the server's or our estimate.
    static func input(_ answer: Answer, short: Bool = true) -> String {
        let spell = short ? count : full
        if let told = answer.response.usage.inputTokens { return spell(told) }
        return answer.inputEstimate.map { spell($0) + "~" } ?? "–"
    }

    /// Output tokens of an answer, the server's or our estimate.
    static func output(_ answer: Answer, short: Bool = true) -> String {
        answer.isImported ? "–" : (short ? count : full)(answer.outputTokens) + (answer.outputIsEstimate ? "~" : "")
    }

    /// What the model list says beside an id.
    static func modelNote(_ info: ModelInfo?) -> String {
        guard let info else { return "" }
        let window = info.contextWindow.map { count($0) + " ctx" }
        let price = info.price(tier: nil).map { "$\($0.input.perMillion) in $\($0.output.perMillion) out" }
        let whose = price != nil && info.hasOverriddenPrices ? yourPrices : nil
        return [window, price, whose].compactMap(\.self).joined(separator: " · ")
    }

    /// What stands beside prices that the user set.
    static let yourPrices = "your prices"

    /// The whole meter in one line, for the narrow layout.
    static func line(_ model: AppModel, width: Int) -> String {
        guard let answer = model.conversation.lastAnswer else { return "↑0 ↓0  Σ\(sessionCost(model.liveTotals))" }
        var parts = ["↑\(input(answer)) ↓\(output(answer))"]
        if let reasoning = answer.response.usage.reasoningTokens, reasoning > 0 { parts.append("R\(count(reasoning))") }
        if let speed = answer.timing.tokensPerSecond(answer.outputTokens) { parts.append(self.speed(speed)) }
        if let first = answer.timing.timeToFirstToken { parts.append("TTFT " + seconds(first)) }
        parts.append(cost(answer.cost))
        parts.append("Σ" + sessionCost(model.liveTotals))
        if let share = model.contextShare { parts.append("ctx \(percent(share))") }
        if answer.pricing?.hasOverriddenPrices == true { parts.append(yourPrices) }
        // Whole items only: a figure cut in the middle is a wrong figure.
        var line = parts.removeFirst()
        for part in parts where CellWidth.width(of: line) + CellWidth.width(of: part) < width { line += " " + part }
        return line
    }

    /// A share: 3%, <1%.
    static func percent(_ share: Double) -> String {
        share > 0 && share < 0.01 ? "<1%" : "\(Int((share * 100).rounded()))%"
    }
}

extension AppModel {
    /// How much of the model's window the last exchange took; nil when the window or the counts are unknown.
    var contextShare: Double? {
        guard let answer = conversation.lastAnswer, let window = info(answer.stamp.model)?.contextWindow, window > 0,
            let input = answer.response.usage.inputTokens ?? answer.inputEstimate
        else { return nil }
        return Double(input + answer.outputTokens) / Double(window)
    }
}
