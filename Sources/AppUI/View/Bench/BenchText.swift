import Benchmarking
import ProviderCore
import Statistics
import TerminalKit

/// Figures of a run as they are spelt on its screen.
enum BenchText {
    /// A time of the clock kind: 11:42, 1:02:03.
    static func clock(_ duration: Duration) -> String {
        let whole = max(0, Int(duration.inSeconds.rounded()))
        let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds))" : "\(two(minutes)):\(two(seconds))"
    }

    /// A short time: 0.04 s, 0.8 s, 12 s, 3 min.
    static func short(_ duration: Duration) -> String {
        let seconds = max(0, duration.inSeconds)
        if seconds < 0.095 { return ParameterValue.fixed(seconds, decimals: 2) + " s" }
        if seconds < 10 { return ParameterValue.fixed(seconds, decimals: 1) + " s" }
        if seconds < 120 { return "\(Int(seconds.rounded())) s" }
        return "\(Int((seconds / 60).rounded())) min"
    }

    /// A share with three decimals.
    static func share(_ value: Double?) -> String { value.map { ParameterValue.fixed($0, decimals: 3) } ?? "–" }

    /// An interval.
    static func interval(_ interval: Interval?) -> String {
        interval.map { "[\(share($0.lower)), \(share($0.upper))]" } ?? "–"
    }

    /// Median and 95th percentile of a latency in seconds; `n<72` where so few say nothing about it.
    static func latency(_ histogram: LatencyHistogram) -> String {
        guard histogram.count + histogram.infinite > 0 else { return "–" }
        return quantile(histogram, 0.5) + "/" + quantile(histogram, 0.95)
    }

    private static func quantile(_ histogram: LatencyHistogram, _ probability: Double) -> String {
        guard let value = histogram.quantile(probability) else {
            return Quantile.needed(probability).map { "n<\($0)" } ?? "–"
        }
        return value.isFinite ? ParameterValue.fixed(value, decimals: 2) : "failed"
    }

    /// What a comparison with the baseline says, with the difference or without.
    static func verdict(_ cell: CellProgress, isShort: Bool = false) -> (text: String, role: ThemeRole) {
        guard let verdict = cell.verdict else { return ("–", .textDim) }
        let known = isShort ? nil : cell.difference
        let difference = known.map { ($0 >= 0 ? "+" : "") + share($0) + " " } ?? ""
        switch verdict {
        case .better: return (difference + "BETTER", .ok)
        case .worse: return (difference + "WORSE", .error)
        case .equal: return (difference + "same", .text)
        case .undecided(let more): return (difference + "undecided" + (more.map { " +\($0)" } ?? ""), .textDim)
        }
    }

    /// Right answers for a dollar.
    static func rightPerDollar(_ cell: CellProgress) -> String {
        guard cell.money.unpriced == 0, cell.done > 0 else { return "–" }
        guard cell.money.spent > .zero else { return "free" }
        return MeterText.count(Int((cell.credit / (Double(cell.money.spent.picodollars) / 1e12)).rounded()))
    }

    /// A bar of so many cells between brackets.
    static func bar(_ share: Double, width: Int) -> String {
        let filled = max(0, min(width, Int((share * Double(width)).rounded(.down))))
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }

    /// A line of bars, the last value at the right.
    static func sparkline(_ values: [Int], width: Int) -> String {
        let shown = values.suffix(width)
        guard let most = shown.max(), most > 0 else { return String(repeating: "▁", count: shown.count) }
        let ramp: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        return String(shown.map { ramp[$0 == 0 ? 0 : max(1, min(7, $0 * 7 / most))] })
    }

    /// Words of others in one line.
    static func gated(_ text: String) -> String { TextGate.gate(text, allowNewlines: false).text }

    /// The same with runs of spaces as one.
    static func line(_ text: String) -> String {
        gated(text).split(separator: " ").joined(separator: " ")
    }

    /// Spans that fit: what has no room is cut, which an ellipsis tells.
    static func fit(_ line: [Span], _ width: Int) -> [Span] {
        guard line.reduce(0, { $0 + CellWidth.width(of: $1.text) }) > width else { return line }
        var (fitted, room) = ([Span](), width)
        for span in line {
            let needed = CellWidth.width(of: span.text)
            guard needed < room else {
                // Longer than there is room, also where it would fill it: more comes.
                let cut = CellWidth.truncate(span.text + "  ", to: room)
                return fitted + [Span(cut, span.style)]
            }
            fitted.append(span)
            room -= needed
        }
        return fitted
    }

    /// Limits that a person sets, as they are typed: requests and tokens a minute.
    static func caps(_ caps: RateCaps) -> String {
        caps == RateCaps() ? "none" : caps.words
    }

    static func pad(_ text: String, _ width: Int) -> String {
        let cut = CellWidth.truncate(text, to: width)
        return cut + String(repeating: " ", count: max(0, width - CellWidth.width(of: cut)))
    }

    static func padLeft(_ text: String, _ width: Int) -> String {
        let cut = CellWidth.truncate(text, to: width)
        return String(repeating: " ", count: max(0, width - CellWidth.width(of: cut))) + cut
    }

    /// A trial's task, sample and repeat.
    static func name(_ key: TrialKey, repeats: Bool) -> String {
        gated("\(key.task)/\(key.sample)") + (repeats ? " r\(key.repetition)" : "")
    }

    /// A class of trials in a word.
    static func word(_ outcome: TrialOutcome) -> String {
        switch outcome {
        case .badFormat: "format"
        case .toolError: "tool-err"
        case .scorerError: "scorer"
        case .infraError: "infra"
        default: outcome.rawValue
        }
    }
}
