import FunctionTools
import ProviderCore
import TerminalKit

/// One tool call in full.
enum CallText {
    static func lines(_ detail: CallDetail, _ model: AppModel, width: Int) -> [[Span]] {
        guard let (call, traced) = model.call(detail.id) else { return [[Span("this call is gone", .textDim)]] }
        var lines = beforeResult(call, traced, detail.id, model, width: width)
        if let result = traced.result {
            lines.append([Span("result", .textDim), Span("  " + size(result.text), .textDim)])
            lines += wrapped(result.text, width: width, role: .text)
        }
        if traced.state == .waiting {
            lines.append([
                Span("y run · a run always · e edit · v type a result · r replay · x error · n refuse", .footerKey)
            ])
        }
        return marked(lines, detail.find?.text ?? "")
    }

    /// Rows up to the end of what would be run: so many must have been in view before it is.
    static func rowsToSee(_ detail: CallDetail, _ model: AppModel) -> Int {
        guard let (call, traced) = model.call(detail.id) else { return .max }
        return beforeResult(call, traced, detail.id, model, width: OverlayView.textWidth(model.size)).count
    }

    private static func beforeResult(
        _ call: ToolCall, _ traced: TracedCall, _ id: TraceID, _ model: AppModel, width: Int
    ) -> [[Span]] {
        var lines = head(call, traced, id, model, width: width)
        lines.append([Span(traced.edited == nil ? "arguments" : "arguments, as edited", .textDim)])
        lines += arguments(traced, width: width)
        if traced.edited != nil {
            lines.append([Span("the model's own", .textDim)])
            lines += wrapped(call.arguments, width: width, role: .textDim)
        }
        if let command = traced.command {
            let limits = traced.check?.tool?.run.limits
            let place = model.tools.isolation.map { limits.map($0.words) ?? "" } ?? "…"
            let isSafe = (model.tools.isolation?.isSandboxed ?? true) && limits?.allowsNetwork != true
            lines += labelled("command", place, isSafe ? Style(.textDim) : Style(.error, .bold), width: width)
            lines += wrapped(command, width: width, role: .markdownCodeBlock)
        }
        return lines
    }

    private static func head(
        _ call: ToolCall, _ traced: TracedCall, _ id: TraceID, _ model: AppModel, width: Int
    ) -> [[Span]] {
        let state = CallRows.describe(traced, now: model.now)
        var lines: [[Span]] = []
        func add(_ label: String, _ text: String, _ role: ThemeRole = .text, _ modifiers: Modifiers = []) {
            lines += labelled(label, text, Style(role, modifiers), width: width)
        }
        add("name", call.name, .toolName, .bold)
        add("id", call.id)
        add("turn", "\(traced.turn), call \(id.call + 1)")
        add("state", state.text, state.role)
        if let tool = traced.check?.tool {
            add("how", tool.run.words)
            if !tool.place.isEmpty { add("defined", tool.place, .textDim) }
        }
        add("times", times(traced, now: model.now), .textDim)
        if let check = traced.check {
            let hasSchema = check.tool?.definition.parameters != nil
            let verdict = check.fault?.sentence ?? (hasSchema ? "✓ the arguments match the schema" : "")
            if !verdict.isEmpty { add("check", verdict, check.fault == nil ? .toolOK : .toolError) }
        }
        return lines
    }

    /// A label, and a text beside it that goes on below.
    private static func labelled(_ label: String, _ text: String, _ style: Style, width: Int) -> [[Span]] {
        let column = 11
        var wrapped = WrappedText(width: max(1, width - column))
        wrapped.append(TextGate.gate(text, allowNewlines: false).text)
        return (0..<max(1, wrapped.count)).map { index in
            let head = index == 0 ? label : ""
            let pad = String(repeating: " ", count: max(1, column - head.utf8.count))
            return [Span(head + pad, .textDim), Span(index < wrapped.count ? wrapped.row(index).text : "", style)]
        }
    }

    private static func times(_ traced: TracedCall, now: ContinuousClock.Instant) -> String {
        var parts: [String] = []
        if let arrived = traced.arrived { parts.append("arrived in \(MeterText.seconds(arrived - traced.started))") }
        if let arrived = traced.arrived, traced.state != .cut, traced.state != .assembling {
            parts.append("waited \(MeterText.seconds((traced.decided ?? now) - arrived))")
        }
        if let ran = traced.result?.duration { parts.append("ran \(MeterText.seconds(ran))") }
        return parts.isEmpty ? "–" : parts.joined(separator: " · ")
    }

    /// The arguments, what is wrong beside each line. While they arrive the end of them: all of them would be laid out anew for
    /// each frame.
    private static func arguments(_ traced: TracedCall, width: Int) -> [[Span]] {
        let isArriving = traced.state == .assembling
        let lines = traced.arguments.lines
        let shown = isArriving ? lines.suffix(arrivingLines) : lines[...]
        let left = lines.count - shown.count
        let head = left > 0 ? [[Span("  … \(left) lines before", .textDim)]] : []
        return head
            + shown.flatMap { line -> [[Span]] in
                let text = isArriving ? line.text(limit: arrivingBytes) : line.text
                let role: ThemeRole = line.firstFault == nil ? .toolArguments : .toolError
                var rows = wrapped(line.indentation + text, width: width, role: role)
                if let fault = line.firstFault {
                    let message = line.indentation + "✗ " + traced.arguments.faults[fault].message
                    rows += wrapped(message, width: width, role: .toolError)
                }
                return rows
            }
    }

    private static let arrivingLines = 100
    private static let arrivingBytes = 2_000

    private static func size(_ text: String) -> String {
        let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        return "\(MeterText.full(text.utf8.count)) bytes, \(lines) line\(lines == 1 ? "" : "s") · / finds"
    }

    static func wrapped(_ text: String, width: Int, role: ThemeRole) -> [[Span]] {
        var wrapped = WrappedText(width: max(1, width - 2))
        wrapped.append(TextGate.gate(text).text)
        return (0..<wrapped.count).map { [Span("  " + wrapped.row($0).text, role)] }
    }

    /// Rows that have what is looked for stand out.
    private static func marked(_ lines: [[Span]], _ wanted: String) -> [[Span]] {
        let wanted = wanted.lowercased()
        guard !wanted.isEmpty else { return lines }
        return lines.map { spans in
            let text = spans.map(\.text).joined()
            return text.lowercased().contains(wanted) ? [Span(text, .searchMatch)] : spans
        }
    }
}

extension Isolation {
    /// How a program with these limits would run, in a few words.
    func words(_ limits: CommandLimits) -> String {
        switch self {
        case .sandboxed(let name):
            let network = limits.allowsNetwork ? "WITH NETWORK" : "no network"
            return "in a sandbox (\(name)): \(network), nothing writable but its own /tmp"
        case .none(let reason): return "NO SANDBOX: \(TextGate.gate(reason, allowNewlines: false).text)"
        }
    }
}
