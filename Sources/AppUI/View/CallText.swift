import FunctionTools
import ProviderCore
import TerminalKit

/// The laid-out texts of a call: what may be long.
struct CallBody: Sendable {
    /// What they depend on.
    struct Key: Sendable, Hashable {
        let id: TraceID
        let revision: Int
        let width: Int
        let isArriving: Bool
        let bytes: Int
        let isDecided: Bool
        let isolation: Isolation?
    }

    let key: Key
    /// Arguments and command.
    let before: [[Span]]
    let result: [[Span]]
}

/// One tool call in full.
struct CallText {
    /// All rows.
    let lines: [[Span]]
    /// Rows up to the end of what would be run: so many must have been on the screen before it is.
    let rowsToSee: Int
    /// What the texts depend on; nil when the call is gone.
    let key: CallBody.Key?

    /// The rows of a call; its texts are laid out anew only when they changed.
    init(_ detail: inout CallDetail, _ model: AppModel) {
        guard let (call, traced) = model.call(detail.id) else {
            (lines, rowsToSee, key) = ([[Span("this call is gone", .textDim)]], .max, nil)
            return
        }
        let width = OverlayView.textWidth(model.size)
        let key = CallBody.Key(
            id: detail.id, revision: traced.revision, width: width, isArriving: traced.state == .assembling,
            bytes: traced.arguments.byteCount, isDecided: traced.result != nil, isolation: model.tools.isolation)
        if detail.body?.key != key { detail.body = Self.body(call, traced, model, key) }
        let head = Self.head(call, traced, detail.id, model, width: width)
        let body = detail.body ?? CallBody(key: key, before: [], result: [])
        var lines = head + body.before + body.result
        if traced.state == .waiting {
            lines.append([
                Span("y run · a run always · e edit · v type a result · r replay · x error · n refuse", .footerKey)
            ])
        }
        (self.lines, rowsToSee, self.key) = (lines, head.count + body.before.count, key)
    }

    private static func body(_ call: ToolCall, _ traced: TracedCall, _ model: AppModel, _ key: CallBody.Key) -> CallBody
    {
        let width = key.width
        var before: [[Span]] = [[Span(traced.edited == nil ? "arguments" : "arguments, as edited", .textDim)]]
        before += arguments(traced, width: width)
        if traced.edited != nil {
            before.append([Span("the model's own", .textDim)])
            before += wrapped(HiddenText.escaped(call.arguments), width: width, role: .textDim)
        }
        if let command = traced.command {
            let limits = traced.check?.tool?.run.limits
            let place = model.tools.isolation.map { limits.map($0.words) ?? "" } ?? "…"
            let isSafe = (model.tools.isolation?.isSandboxed ?? true) && limits?.allowsNetwork != true
            before += labelled("command", place, isSafe ? Style(.textDim) : Style(.error, .bold), width: width)
            before += wrapped(command, width: width, role: .markdownCodeBlock)
        }
        var result: [[Span]] = []
        if let told = traced.result {
            result.append([Span("result", .textDim), Span("  " + size(told.text), .textDim)])
            result += wrapped(told.text, width: width, role: .text)
        }
        return CallBody(key: key, before: before, result: result)
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
                let text = HiddenText.escaped(isArriving ? line.text(limit: arrivingBytes) : line.text)
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
        let lines = ResultText.lines(text)
        return "\(MeterText.full(text.utf8.count)) bytes, \(lines) line\(lines == 1 ? "" : "s") · / finds"
    }

    static func wrapped(_ text: String, width: Int, role: ThemeRole) -> [[Span]] {
        var wrapped = WrappedText(width: max(1, width - 2))
        wrapped.append(TextGate.gate(text).text)
        return (0..<wrapped.count).map { [Span("  " + wrapped.row($0).text, role)] }
    }

    /// A row that has what is looked for stands out.
    static func marked(_ spans: [Span], _ wanted: String) -> [Span] {
        let wanted = wanted.lowercased()
        let text = wanted.isEmpty ? "" : spans.map(\.text).joined()
        return !wanted.isEmpty && text.lowercased().contains(wanted) ? [Span(text, .searchMatch)] : spans
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
