import Statistics

/// The sentence of a gate's result.
struct GateWords {
    let gate: Gate
    let isDifference: Bool

    func sentence(_ place: String, _ figure: GateFigure, _ verdict: GateResult.Verdict) -> String {
        let demand = demand
        guard let value = figure.value else {
            return "\(place): \(demand) is demanded, and there is no figure: \(figure.remark)"
        }
        let remark = figure.remark.isEmpty ? "" : ", \(figure.remark)"
        let interval = figure.interval.flatMap { $0.width > 0 ? " [\(number($0.lower)), \(number($0.upper))]" : nil }
        let found = isDifference ? "differs by \(signed(value))" : "is \(number(value))"
        var text = "\(place) \(found)\(interval ?? "")\(remark); \(demand) is demanded"
        if gate.judged != .estimate, figure.interval == nil {
            text += ", and there are too few trials for an interval"
        } else if verdict == .inconclusive {
            text += ", which the interval does not decide"
        }
        return text
    }

    private var demand: String {
        let end: String
        switch gate.judged {
        case .estimate: end = ""
        case .lowerBound: end = " of the lower end"
        case .upperBound: end = " of the upper end"
        }
        switch gate.demand {
        case .atLeast(let bound): return "at least \(number(bound))\(end)"
        case .atMost(let bound): return "at most \(number(bound))\(end)"
        case .noWorseThanBaseline(let margin): return "no worse by more than \(number(margin))\(end)"
        }
    }

    private func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }

    /// Times in milliseconds below ten seconds, dollars with six places, shares with three.
    private func number(_ value: Double) -> String {
        guard value.isFinite else { return value > 0 ? "infinite" : "-infinite" }
        if GateMetric.isTime(gate.metric) {
            return abs(value) < 10 ? "\(Self.fixed(value * 1000, 1)) ms" : "\(Self.fixed(value, 2)) s"
        }
        return Self.fixed(value, gate.metric.hasPrefix("cost.") ? 6 : 3)
    }

    /// A number with so many places, without a locale's doing.
    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e15 else { return "\(value)" }
        let whole = Int(scaled)
        let rest = String(whole % Int(scale))
        let sign = value < 0 && whole != 0 ? "-" : ""
        guard places > 0 else { return sign + "\(whole)" }
        return "\(sign)\(whole / Int(scale))." + String(repeating: "0", count: places - rest.count) + rest
    }
}
