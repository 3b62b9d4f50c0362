import ProviderCore
import TerminalKit

/// The parameters of the next request.
enum ParametersPane {
    static func draw(_ model: inout AppModel, into frame: inout Frame, rect: Rect) {
        let isFocused = model.focus == .parameters && model.overlay == nil
        let note = model.isRunning && model.parameters.lastSent != nil ? "next request" : ""
        let inner = PaneBorder.draw(&frame, rect, title: "parameters", note: note, focused: isFocused)
        let selected = model.isNudging ? model.parameters.lastUsed : model.parameters.selected
        let isActive = isFocused || model.isNudging
        let obstacles = model.obstacles()
        let first = first(of: selected, height: inner.height)
        MoreRows(count: ParameterSpec.all.count, first: first, height: inner.height).draw(into: &frame, border: rect)
        for (row, spec) in ParameterSpec.all.dropFirst(first).prefix(inner.height).enumerated() {
            drawRow(
                spec, model, isTaken: obstacles[spec.id] == nil, into: &frame, y: inner.y + row, clip: inner,
                isSelected: isActive && spec.id == selected)
        }
    }

    /// The first row shown in so many, when this parameter is chosen.
    static func first(of selected: ParameterID, height: Int) -> Int {
        max(0, (ParameterSpec.all.firstIndex { $0.id == selected } ?? 0) - max(0, height - 1))
    }

    /// `▸temperature  [━━━━●───] 0.70  *`; a row that the model does not take has a cross and the words in place of the slider.
    private static func drawRow(
        _ spec: ParameterSpec, _ model: AppModel, isTaken: Bool, into frame: inout Frame, y: Int, clip: Rect,
        isSelected: Bool
    ) {
        let state = model.parameters[spec.id]
        let mark = model.parameters.changedSinceLastRequest(spec.id) ? "*" : " "
        var x = frame.draw(isSelected ? "▸" : " ", x: clip.x, y: y, style: Style(.footerKey), clip: clip)
        x = frame.draw(spec.label, x: x, y: y, style: Style(.text, isSelected ? .bold : []), clip: clip)
        x = max(x + 1, clip.x + 14)
        if !isTaken {
            x = frame.draw("✗ ", x: x, y: y, style: Style(.warning, .bold), clip: clip)
            if state.value == nil {
                frame.draw("not taken", x: x, y: y, style: Style(.textDim), clip: clip)
            } else {
                let value = shown(spec, state, room: max(3, clip.maxX - x - 11))
                x = frame.draw(value, x: x, y: y, style: Style(.text, .bold), clip: clip)
                frame.draw(" not taken", x: x, y: y, style: Style(.textDim), clip: clip)
            }
        } else {
            // Eight cells for a slider, where the longest value still has its room behind it.
            let bar = state.value.flatMap { SliderText.bar(model.spec(spec.id).form, $0, cells: 8) }
            if let bar, clip.maxX - x >= 24 || !isStandard(state) {
                x = frame.draw(bar + " ", x: x, y: y, style: Style(.meterLow), clip: clip)
            }
            frame.draw(
                shown(spec, state, room: max(3, clip.maxX - x - 1)), x: x, y: y, style: style(state), clip: clip)
        }
        frame.draw(mark, x: clip.maxX - 1, y: y, style: Style(.warning, .bold), clip: clip)
        if isSelected {
            frame.restyle(Rect(x: clip.x, y: y, width: clip.width, height: 1)) { $0.role = .selection }
        }
    }

    private static func isStandard(_ state: ParameterState) -> Bool {
        if case .standard = state { true } else { false }
    }

    private static func style(_ state: ParameterState) -> Style {
        switch state {
        case .notSent: Style(.textDim)
        case .standard: Style(.text)
        case .set: Style(.text, .bold)
        }
    }

    /// The value with the word for its state.
    private static func shown(_ spec: ParameterSpec, _ state: ParameterState, room: Int) -> String {
        guard let value = state.value else { return spec.id == .maxCost ? "no cap" : "not sent" }
        let isNamed = isStandard(state) && spec.id != .model
        let text = TextGate.gate(spec.shown(value), allowNewlines: false).text
        guard isNamed else { return CellWidth.truncate(text, to: room) }
        return "default (" + CellWidth.truncate(text, to: max(1, room - 10)) + ")"
    }
}

/// Tokens, speed and money.
enum MeterPane {
    static func draw(_ model: AppModel, into frame: inout Frame, rect: Rect) {
        let isFocused = model.focus == .meter && model.overlay == nil
        let isOverridden = model.conversation.lastAnswer?.pricing?.hasOverriddenPrices ?? false
        let inner = PaneBorder.draw(
            &frame, rect, title: "meter", note: isOverridden ? MeterText.yourPrices : model.isDemo ? "not paid" : "",
            focused: isFocused)
        for (row, line) in lines(model, width: inner.width).prefix(inner.height).enumerated() {
            frame.draw(line, x: inner.x + 1, y: inner.y + row, clip: inner)
        }
    }

    /// The rows, the most wanted first, since a low pane shows only some.
    static func lines(_ model: AppModel, width: Int) -> [[Span]] {
        let answer = model.conversation.lastAnswer
        let input = answer.map { MeterText.input($0, short: false) } ?? "0"
        let output = answer.map { MeterText.output($0, short: false) } ?? "0"
        var lines: [[Span]] = [
            [label("in"), Span(pad(input, 11), .text), label("out"), Span(output, .text)]
        ]
        let first = answer?.timing.timeToFirstToken.map(MeterText.seconds) ?? "–"
        let speed = answer.flatMap { $0.timing.tokensPerSecond($0.outputTokens) }.map(MeterText.speed) ?? "–"
        lines.append([label("TTFT"), Span(pad(first, 11), .text), label("rate"), Span(speed, .text)])
        let cost = answer.map(\.cost) ?? .unknown
        lines.append([
            label("cost"), Span(pad(MeterText.cost(cost), 11), cost.amount == nil ? .costUnknown : .cost),
            label("Σ"), Span(MeterText.sessionCost(model.liveTotals), .cost, .bold),
        ])
        lines.append(contextLine(model, width: width))
        if let today = model.today { lines.append(todayLine(today, model)) }
        lines.append([label("sum"), Span(sum(model.liveTotals), .textDim)])
        if let usage = answer?.response.usage { lines += details(usage) }
        if let limits = answer.flatMap(\.rateLimits) { lines += left(limits) }
        return lines
    }

    /// What the server said was left of its rate limits.
    private static func left(_ limits: RateLimits) -> [[Span]] {
        func words(_ limit: RateLimit, _ unit: String) -> String? {
            guard let remaining = limit.remaining else { return nil }
            return MeterText.count(remaining) + (limit.limit.map { "/" + MeterText.count($0) } ?? "") + " " + unit
        }
        let parts = [words(limits.requests, "req"), words(limits.tokens, "tok")].compactMap(\.self)
        return parts.isEmpty ? [] : [[label("left"), Span(parts.joined(separator: " · "), .textDim)]]
    }

    private static func label(_ text: String) -> Span { Span(pad(text, 5), .textDim) }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - CellWidth.width(of: text)))
    }

    private static func sum(_ totals: SessionTotals) -> String {
        "\(totals.answers) answer\(totals.answers == 1 ? "" : "s"), \(totals.input(MeterText.count)) in, "
            + "\(totals.output(MeterText.count)) out"
    }

    /// What all programs of this person spent today, and the day's cap.
    private static func todayLine(_ today: UsageRow, _ model: AppModel) -> [Span] {
        let cap = model.connection.caps[.day]?.hard.map { " of \($0.display)" } ?? ""
        guard today.held > .zero else { return [label("day"), Span(today.display, .cost), Span(cap, .textDim)] }
        // What may have been billed of requests whose end nobody heard of, at the most.
        let parts = today.display.split(separator: "–", maxSplits: 1).map(String.init)
        return [
            label("day"), Span(parts.first ?? "", .cost), Span(", maybe up to \(parts.last ?? "–")", .warning),
            Span(cap, .textDim),
        ]
    }

    private static func contextLine(_ model: AppModel, width: Int) -> [Span] {
        guard let share = model.contextShare else { return [label("ctx"), Span("–", .textDim)] }
        let cells = max(4, min(20, width - 14))
        let full = min(cells, Int((share * Double(cells)).rounded(.up)))
        // Each cell has the colour of what it stands for, so that the bar runs through the theme's gradient.
        let bar = (0..<full).map { Span("█", Style.meter(min(share, Double($0 + 1) / Double(cells)))) }
        return [label("ctx")] + bar + [
            Span(String(repeating: "░", count: cells - full), .textDim),
            Span(" " + MeterText.percent(share) + (share >= 0.7 ? "!" : ""), .text),
        ]
    }

    private static func details(_ usage: TokenUsage) -> [[Span]] {
        var parts: [String] = []
        if let reasoning = usage.reasoningTokens { parts.append("reasoning \(MeterText.count(reasoning))") }
        if let cached = usage.cachedInputTokens { parts.append("cached \(MeterText.count(cached))") }
        return parts.isEmpty ? [] : [[Span(parts.joined(separator: " · "), .textDim)]]
    }
}
