import Conversations
import Markdown
import ProviderCore
import TerminalKit

/// The rows of one transcript entry: a head, texts, calls, a foot, a blank. Made per frame for the entries in view; the
/// texts themselves stay wrapped in the model.
struct EntryRows {
    /// One run of rows of the same origin.
    private enum Section {
        case line([Span])
        case text(WrappedText, ThemeRole)
        case markdown(MarkdownText)
    }

    private var sections: [(Section, rows: Int)] = []
    private let gutter: ThemeRole
    /// The section that holds what was said.
    private var main: Int?
    private(set) var count = 0

    init(_ entry: Entry, model: AppModel) {
        switch entry {
        case .user(let message):
            gutter = .roleUser
            add(.line([Span("you", .roleUser, .bold)] + Self.branch(message.id, model)))
            if let display = message.display {
                main = sections.count
                add(.text(display.wrapped, .text))
            }
            for attachment in message.attachments { add(.line([Span(Self.describe(attachment), .textDim)])) }
        case .toolResult(let name, let display):
            gutter = .roleTool
            add(
                .line([
                    Span("tool ", .roleTool, .bold), Span(TextGate.gate(name, allowNewlines: false).text, .toolName),
                ]))
            addResult(display, isWhole: model.traceExpanded, model.keys)
        case .notice(let display, let level):
            gutter = .textDim
            add(.text(display.wrapped, level == .info ? .textDim : level == .error ? .error : .warning))
            return
        case .answer(let answer):
            gutter = .roleAssistant
            addAnswer(answer, model)
        case .kept, .vacant:
            gutter = .textDim
            return
        }
        add(.line([]))
    }

    private mutating func add(_ section: Section, most: Int = .max) {
        let rows =
            switch section {
            case .line: 1
            case .text(let text, _): min(text.count, most)
            case .markdown(let text): text.count
            }
        guard rows > 0 else { return }
        sections.append((section, rows))
        count += rows
    }

    /// A result; of a long one the beginning, unless tool details are shown.
    private mutating func addResult(_ display: DisplayText, isWhole: Bool, _ keys: Keymap) {
        let text = display.wrapped
        main = sections.count
        let most = isWhole || text.count <= Self.foldedRows + 2 ? text.count : Self.foldedRows
        add(.text(text, .text), most: most)
        if most < text.count {
            add(
                .line([Span("… \(text.count - most) more lines (\(keys.hint(of: .toggleToolDetails)) shows)", .textDim)]
                ))
        }
        if display.hiddenCount > 0 {
            add(.line([Span("\(display.hiddenCount) hidden characters left out", .control)]))
        }
    }

    /// Rows of a long result that are shown.
    private static let foldedRows = 10

    private mutating func addAnswer(_ answer: Answer, _ model: AppModel) {
        let parameters = TextGate.gate(answer.madeWith, allowNewlines: false).text
        add(
            .line(
                [
                    Span(TextGate.gate(answer.modelName, allowNewlines: false).text, .roleAssistant, .bold),
                    Span(parameters.isEmpty ? "" : " · " + parameters, .textDim),
                ] + Self.branch(answer.id, model)))
        if answer.response.reasoning != nil {
            let reasoning = answer.reasoning.shown
            let count = reasoning.count
            let fold =
                model.reasoningShown
                ? "▾ reasoning" : "▸ reasoning, \(count) lines (\(model.keys.hint(of: .toggleReasoning)) shows)"
            add(.line([Span(fold, .roleReasoning)]))
            if model.reasoningShown {
                add(.text(reasoning, .roleReasoning))
                add(.line([]))
            }
        }
        if answer.response.refusal != nil { add(.line([Span("refusal", .warning, .bold)])) }
        if !answer.isTextEmpty {
            main = sections.count
            add(.markdown(answer.text.markdown))
        }
        for index in answer.calls.indices where answer.response.toolCalls.indices.contains(index) {
            addCall(answer.response.toolCalls[index], answer.calls[index], now: model.now)
        }
        addFormat(answer)
        addFoot(answer, model)
    }

    private static func describe(_ attachment: Attachment) -> String {
        let name = TextGate.gate(attachment.name, allowNewlines: false).text
        return switch attachment.content {
        case .text(let text): "+ \(name) (\(MeterText.count(text.utf8.count)) bytes)"
        case .image(let type, let base64): "+ \(name) (\(type), \(MeterText.count(base64.utf8.count / 4 * 3)) bytes)"
        }
    }

    /// Which version of a message it is, where there are several; and whether keys mean it.
    private static func branch(_ id: MessageTree.ID, _ model: AppModel) -> [Span] {
        let (all, index) = model.conversation.tree.siblings(of: id)
        let mark = model.focus == .output && model.transcript.selected == id ? [Span(" ◂", .footerKey, .bold)] : []
        return mark + (all.count > 1 ? [Span("  \(index + 1)/\(all.count)", .textStrong)] : [])
    }

    private mutating func addCall(_ call: ToolCall, _ traced: TracedCall, now: ContinuousClock.Instant) {
        let state = CallRows.describe(traced, now: now)
        add(
            .line([
                Span("▸ ", .roleTool),
                Span(call.name.isEmpty ? "…" : TextGate.gate(call.name, allowNewlines: false).text, .toolName),
                Span(" " + state.text + " ", state.role),
                Span(CallRows.preview(call, traced, width: 80), .toolArguments),
            ]))
    }

    /// Whether the answer has the form that was asked for, and how not.
    private mutating func addFormat(_ answer: Answer) {
        guard let violations = answer.violations else { return }
        guard !violations.isEmpty else { return add(.line([Span("✓ matches the schema", .toolOK)])) }
        for violation in violations.prefix(5) {
            var wrapped = WrappedText(width: answer.reasoning.wrapped.width)
            wrapped.append("✗ breaks the schema: " + TextGate.gate(violation, allowNewlines: false).text)
            add(.text(wrapped, .error))
        }
        if violations.count > 5 { add(.line([Span("… \(violations.count - 5) more", .error)])) }
    }

    private mutating func addFoot(_ answer: Answer, _ model: AppModel) {
        switch answer.state {
        case .waiting:
            let request = model.requestsHere.values.first { $0.message == answer.id }
            let waits =
                request?.wait == nil
                ? "the first token" : request?.waitsForPerson == true ? "your decision" : "the next attempt"
            add(.line([Span("… waiting for " + waits, .textDim)]))
            return
        case .streaming: return
        case .complete where answer.isImported: break
        case .complete(let reason): add(.line([Span(figures(answer, reason), .textDim)]))
        case .cancelled:
            let kept = answer.isEmpty ? "nothing had come yet" : "the text so far is kept"
            add(.line([Span("✗ cancelled; \(kept)", .warning)]))
            if !answer.isEmpty { add(.line([Span(figures(answer, .stop), .textDim)])) }
        case .failed(let error):
            let message = TextGate.gate(error.message, allowNewlines: false).text
            let status = error.status.map { " \($0)" } ?? ""
            var wrapped = WrappedText(width: answer.reasoning.wrapped.width)
            wrapped.append("✗ \(error.kind.rawValue)\(status): \(message)")
            add(.text(wrapped, .error))
            add(.line([Span(advice(error, answer, model.keys), .textDim)]))
        }
        if answer.hiddenCount > 0 {
            add(.line([Span("\(answer.hiddenCount) hidden characters left out", .control)]))
        }
    }

    private func figures(_ answer: Answer, _ reason: FinishReason) -> String {
        var parts = ["↑\(MeterText.input(answer)) ↓\(MeterText.output(answer))"]
        if let speed = answer.timing.tokensPerSecond(answer.outputTokens) { parts.append(MeterText.speed(speed)) }
        if let first = answer.timing.timeToFirstToken { parts.append("TTFT " + MeterText.seconds(first)) }
        parts.append(MeterText.cost(answer.cost))
        if !answer.attempts.ended.isEmpty { parts.append("\(answer.attempts.ended.count + 1) attempts") }
        if reason != .stop { parts.append(TextGate.gate(reason.wireName, allowNewlines: false).text) }
        if let lowest = answer.response.logprobs.min(by: { $0.logprob < $1.logprob }) {
            let token = TextGate.gate(lowest.token, allowNewlines: false).text
            let percent = ParameterValue.fixed(Probability.of(logprob: lowest.logprob) * 100, decimals: 1)
            parts.append("\(answer.response.logprobs.count) logprobs, least sure \"\(token)\" \(percent) %")
        }
        return parts.joined(separator: " · ")
    }

    private func advice(_ error: ProviderError, _ answer: Answer, _ keys: Keymap) -> String {
        let takesBack = "\(keys.label(of: .undoTurn)) takes the prompt back"
        let again = "\(keys.label(of: .retryNow)) asks again."
        if error.kind == .budgetExceeded {
            return answer.isEmpty
                ? "\(takesBack); the cap is in \(keys.label(of: .focusParameters)), max cost."
                : "The cap is in \(keys.label(of: .focusParameters)), max cost; \(keys.label(of: .continueAnswer)) continues."
        }
        if error.isStorageFailure { return again }
        if !answer.isEmpty { return "The text that came is kept." }
        if let wait = error.retryAfter, error.kind != .circuitOpen {
            return "The server asks to wait \(MeterText.seconds(wait)). \(again)"
        }
        return error.isRetryable ? again : takesBack + " to change it."
    }

    /// What was said, as it is shown.
    var mainText: String {
        guard let main, sections.indices.contains(main) else { return "" }
        switch sections[main].0 {
        case .line: return ""
        case .text(let text, _): return text.source(0..<text.sourceCount)
        case .markdown(let text): return text.source(0..<text.sourceCount)
        }
    }

    /// The row of a place in what was said, a UTF-8 offset.
    func row(atOffset offset: Int) -> Int {
        guard let main, sections.indices.contains(main) else { return 0 }
        let before = sections[..<main].reduce(0) { $0 + $1.rows }
        switch sections[main].0 {
        case .line: return before
        case .text(let text, _): return before + text.row(atOffset: offset)
        case .markdown(let text): return before + text.row(atOffset: offset)
        }
    }

    /// Draws one row.
    func draw(_ index: Int, into frame: inout Frame, x: Int, y: Int, clip: Rect, codeOffset: Int) {
        let start = frame.draw("│ ", x: x, y: y, style: Style(gutter), clip: clip)
        var row = index
        for (section, rows) in sections {
            guard row >= rows else {
                draw(section, row: row, into: &frame, x: start, y: y, clip: clip, codeOffset: codeOffset)
                return
            }
            row -= rows
        }
    }

    private func draw(
        _ section: Section, row: Int, into frame: inout Frame, x: Int, y: Int, clip: Rect, codeOffset: Int
    ) {
        switch section {
        case .line(let spans): frame.draw(spans, x: x, y: y, clip: clip)
        case .markdown(let text):
            MarkdownRowView.draw(text.row(row), into: &frame, x: x, y: y, clip: clip, codeOffset: codeOffset)
        case .text(let text, let role):
            let line = text.row(row)
            frame.draw(line.text, x: x + line.indent, y: y, style: Self.style(line.kind, base: role), clip: clip)
            if line.isContinuation, line.kind == .code {
                frame.draw("↪", x: x - 1, y: y, style: Style(.textDim), clip: clip)
            }
        }
    }

    private static func style(_ kind: LineKind, base: ThemeRole) -> Style {
        guard base == .text else { return Style(base) }
        switch kind {
        case .heading: return Style(.markdownHeading, .bold)
        case .code: return Style(.markdownCodeBlock)
        case .fence: return Style(.textDim)
        case .quote: return Style(.markdownQuote)
        case .list, .plain: return Style(base)
        }
    }
}

extension Answer {
    /// Whether no text is on display.
    var isTextEmpty: Bool { response.text.isEmpty && response.refusal == nil }
}
