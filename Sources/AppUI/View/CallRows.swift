import Conversations
import FunctionTools
import ProviderCore
import TerminalKit

/// The rows of the trace.
struct CallRows {
    /// One row: what stands left, and the lane that stands right.
    struct Row {
        /// The call it belongs to; nil = a turn's headline.
        let id: TraceID?
        let spans: [Span]
        var lane: [Span]?
        var isHead = false
        /// Whether it tells what the call would start.
        var mustBeSeen = false
        /// Whether some of that is left out.
        var isCut = false
    }

    /// The most rows of what is wrong with a call as a whole.
    private static let faultRows = 3
    /// The most rows of a command.
    private static let commandRows = 4

    private let model: AppModel
    private let width: Int
    private let height: Int

    init(_ model: AppModel, width: Int, height: Int) {
        self.model = model
        self.width = width
        self.height = height
    }

    func rows(_ ids: [TraceID]) -> [Row] {
        var rows: [Row] = []
        var message: MessageTree.ID?
        var waterfall: Waterfall?
        for id in ids {
            if id.message != message {
                message = id.message
                waterfall = self.waterfall(id.message)
                if let headline = headline(id.message) { rows.append(headline) }
            }
            rows += self.rows(id, waterfall)
        }
        return rows
    }

    /// `turn 1 · 2 parallel calls · 3.2 s`; nil where the trace has one call only.
    private func headline(_ message: MessageTree.ID) -> Row? {
        guard let answer = model.conversation.answer(message), let first = answer.calls.first,
            answer.calls.count > 1 || first.turn > 1
        else { return nil }
        let count = answer.calls.count
        let ends = answer.calls.compactMap(\.ended)
        var text = " turn \(first.turn) · \(count == 1 ? "1 call" : "\(count) parallel calls")"
        if ends.count == count, let last = ends.max() { text += " · \(MeterText.seconds(last - first.started))" }
        return Row(id: nil, spans: [Span(text, .textDim)])
    }

    private func rows(_ id: TraceID, _ waterfall: Waterfall?) -> [Row] {
        guard let (call, traced) = model.call(id) else { return [] }
        let isSelected = id == model.traceSelection
        let name = TextGate.gate(call.name, allowNewlines: false).text
        let state = Self.describe(traced, now: model.now)
        let cells = width >= 90 ? 32 : width >= 56 ? 16 : width >= 34 ? 8 : 0
        let room = max(4, width - cells - 1)
        let head = "\(traced.turn).\(id.call + 1) "
        let shownName = CellWidth.truncate(name.isEmpty ? "…" : name, to: max(4, room - head.count - 8))
        let left = max(1, room - 1 - head.count - CellWidth.width(of: shownName) - 1)
        let row = Row(
            id: id,
            spans: [
                Span(isSelected ? "▸" : " ", .footerKey), Span(head, .textDim), Span(shownName, .toolName, .bold),
                Span(" " + CellWidth.truncate(state.text, to: left), state.role),
            ], lane: cells > 0 ? waterfall?.lane(traced, cells: cells) : nil, isHead: true)
        guard model.traceExpanded || isSelected || traced.state == .assembling else { return [row] }
        return [row] + (arguments(traced, id) + command(traced, id) + outcome(traced, id))
    }

    /// A row under a call's head.
    private func row(_ id: TraceID, _ spans: [Span], mustBeSeen: Bool = false, isCut: Bool = false) -> Row {
        Row(id: id, spans: [Span("    ", .text)] + spans, mustBeSeen: mustBeSeen, isCut: isCut)
    }

    private var room: Int { max(4, width - 5) }

    private func waterfall(_ message: MessageTree.ID) -> Waterfall? {
        model.conversation.answer(message).map { Waterfall($0.calls, now: model.now) }
    }

    /// What the call would start, in up to four rows, and what a person must know of it.
    private func command(_ traced: TracedCall, _ id: TraceID) -> [Row] {
        guard traced.isOpen, let command = traced.command else { return [] }
        var rows = warnings(traced).map { row(id, [Span($0, .badge, .bold)], mustBeSeen: true) }
        // No more than the rows can show is looked at, since this is done for each frame.
        let limit = room * Self.commandRows * 8
        let beginning = command.unicodeScalars.prefix(limit)
        let isLong = beginning.endIndex < command.unicodeScalars.endIndex
        var wrapped = WrappedText(width: room)
        wrapped.append(TextGate.gate("$ " + String(String.UnicodeScalarView(beginning))).text)
        for index in 0..<min(wrapped.count, Self.commandRows) {
            let isCut = index == Self.commandRows - 1 && (isLong || wrapped.count > Self.commandRows)
            let text = wrapped.row(index).text
            let shown = isCut ? CellWidth.truncate(text, to: room - 1) + "…" : text
            rows.append(row(id, [Span(shown, .markdownCodeBlock)], mustBeSeen: true, isCut: isCut))
        }
        return rows
    }

    /// What is unusual about how the call would run.
    private func warnings(_ traced: TracedCall) -> [String] {
        guard let tool = traced.check?.tool else { return [] }
        var warnings = tool.origin == .project ? ["TOOL OF THE WORKING FOLDER"] : []
        if tool.run.limits != nil, model.tools.isolation?.isSandboxed == false {
            warnings.append("NO SANDBOX")
        } else if tool.run.limits?.allowsNetwork == true {
            warnings.append("WITH NETWORK")
        }
        return warnings
    }

    /// What is wrong with the call, or what came back.
    private func outcome(_ traced: TracedCall, _ id: TraceID) -> [Row] {
        if let result = traced.result {
            return [row(id, [Span(CellWidth.truncate("→ " + Self.folded(result.text), to: room), .text)])]
        }
        guard traced.state == .waiting, let fault = traced.check?.fault, traced.arguments.faults.isEmpty else {
            return []
        }
        var wrapped = WrappedText(width: room)
        wrapped.append("✗ " + Self.gated(fault.sentence))
        return (0..<min(wrapped.count, Self.faultRows)).map { index in
            let isCut = index == Self.faultRows - 1 && wrapped.count > Self.faultRows
            let text = wrapped.row(index).text
            return row(id, [Span(isCut ? CellWidth.truncate(text, to: room - 1) + "…" : text, .toolError)])
        }
    }

    /// The arguments, one member a line, what is wrong with them beside it: the end while they arrive, the beginning after. Where they
    /// are what a program gets, they must be seen, too.
    private func arguments(_ traced: TracedCall, _ id: TraceID) -> [Row] {
        let isArriving = traced.state == .assembling
        let isSelected = id == model.traceSelection
        let most = isArriving && !isSelected ? 2 : max(2, model.traceExpanded ? 12 : height / 2)
        let lines = traced.arguments.lines
        let isRead = traced.isOpen && traced.readsArguments
        var rows = (isArriving ? lines.suffix(most) : lines.prefix(most)).map { line in
            let (spans, isCut) = CallRows.line(line, traced.arguments, room: room)
            return row(id, spans, mustBeSeen: isRead, isCut: isRead && isCut)
        }
        if !isArriving, lines.count > most {
            rows.append(row(id, [Span("… \(lines.count - most) more", .textDim)], mustBeSeen: isRead, isCut: isRead))
        }
        return rows
    }

    /// One line of arguments, and whether some of it is left out.
    private static func line(_ line: ArgumentLine, _ stream: ArgumentStream, room: Int) -> (spans: [Span], isCut: Bool)
    {
        let limit = room * 8
        let whole = line.indentation + gated(HiddenText.escaped(line.text(limit: limit)))
        let text = CellWidth.truncate(whole, to: room)
        let isCut = line.byteCount > limit || CellWidth.width(of: whole) > room
        guard let fault = line.firstFault else { return ([Span(text, .toolArguments)], isCut) }
        let left = max(0, room - CellWidth.width(of: text) - 3)
        let message = CellWidth.truncate(gated(stream.faults[fault].message), to: left)
        return ([Span(text, .toolError), Span(" ✗ " + message, .toolError)], isCut)
    }

    /// No more of a text than so many cells can show, since this is done for each frame.
    private static func beginning(of text: some StringProtocol, cells: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(cells * 8)))
    }

    private static func gated(_ text: String) -> String { TextGate.gate(text, allowNewlines: false).text }

    private static func folded(_ text: String) -> String {
        let first = text.prefix { $0 != "\n" }
        let lines = ResultText.lines(text)
        return gated(beginning(of: first, cells: 200)) + (lines > 1 ? " … (\(lines) lines)" : "")
    }

    /// The beginning of a call's arguments as they stand. Only what may be shown is looked at.
    static func preview(_ call: ToolCall, _ traced: TracedCall, width: Int) -> String {
        CellWidth.truncate(
            gated(HiddenText.escaped(beginning(of: traced.edited ?? call.arguments, cells: width))), to: width)
    }

    /// State and duration in words.
    static func describe(_ traced: TracedCall, now: ContinuousClock.Instant) -> (text: String, role: ThemeRole) {
        switch traced.state {
        case .assembling: return ("arrives…", .toolWait)
        case .waiting where traced.check?.fault != nil: return ("✗ invalid, waits", .toolError)
        case .waiting:
            let stopped = traced.stoppedAfter.map { "stopped after \(MeterText.seconds($0)), " } ?? ""
            return (stopped + "waits for you", .toolWait)
        case .running: return ("runs \(MeterText.seconds(now - (traced.decided ?? now)))", .toolWait)
        case .cut: return ("✗ cut off", .toolError)
        case .decided(let result, let decider):
            var words = (result.isSuccess ? "✓ " : "✗ ") + result.words
            if let duration = result.duration { words += " " + MeterText.seconds(duration) }
            if traced.edited != nil { words += ", edited" }
            if decider == .session { words += ", allowed before" }
            return (words, result.isSuccess ? .toolOK : .toolError)
        }
    }
}

extension ToolResult {
    /// How it came about, in a word or two.
    var words: String {
        switch kind {
        case .ran(.exited(0)): "ran"
        case .ran(let end): end.sentence
        case .answered(let status): "HTTP \(status)"
        case .fixed: "fixed reply"
        case .typed: "answered by hand"
        case .replayed: "replayed"
        case .refused: "refused"
        case .error: "error returned"
        }
    }
}

/// Results as they are told of.
enum ResultText {
    /// How many lines a text has; a line end at its end begins no further one.
    static func lines(_ text: String) -> Int {
        text.utf8.count { $0 == UInt8(ascii: "\n") } + (text.utf8.last == UInt8(ascii: "\n") ? 0 : 1)
    }
}
