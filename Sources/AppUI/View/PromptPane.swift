import ProviderCore
import TerminalKit

/// Where the prompt is typed. Owns the hardware cursor while nothing lies over it.
enum PromptPane {
    private static let mark = "> "
    /// Columns for text in a prompt of this rectangle.
    static func textWidth(_ rect: Rect) -> Int {
        max(1, rect.width - (rect.height >= 3 ? 2 : 0) - mark.utf8.count)
    }

    static func draw(_ model: inout AppModel, into frame: inout Frame, rect: Rect) {
        let isFocused = model.focus == .prompt && model.overlay == nil
        let bordered = rect.height >= 3
        let inner =
            bordered
            ? PaneBorder.draw(
                &frame, rect, title: title(model), note: note(model, width: rect.width - 22), focused: isFocused)
            : rect
        if bordered { drawCount(model, into: &frame, rect: rect) }
        let window = model.prompt.window(width: textWidth(rect), height: inner.height)
        frame.draw(mark, x: inner.x, y: inner.y, style: Style(.footerKey, .bold), clip: inner)
        let x = inner.x + mark.utf8.count
        if model.prompt.isEmpty {
            let placeholder = "type here, or \(model.keys.label(of: .palette, in: .prompt)) for commands"
            frame.draw(placeholder, x: x, y: inner.y, style: Style(.promptPlaceholder), clip: inner)
        }
        for (row, text) in window.rows.enumerated() {
            var column = x
            for piece in model.prompt.rowPieces(text) {
                let role: ThemeRole = piece.isFold ? .badge : .prompt
                let style = piece.isSelected ? Style(.selection) : Style(role)
                column = frame.draw(piece.text, x: column, y: inner.y + row, style: style, clip: inner)
            }
        }
        if isFocused {
            frame.cursor = Position(
                x: min(x + window.cursor.x, inner.maxX - 1), y: inner.y + window.cursor.y)
        }
    }

    /// In the lower edge: what sending takes.
    private static func drawCount(_ model: AppModel, into frame: inout Frame, rect: Rect) {
        guard let count = model.sendCount else { return }
        let window = model.info(model.parameters.model)?.contextWindow
        let text = count.text(window: window, width: rect.width - 6)
        guard !text.isEmpty else { return }
        let style = count.isTooLong ? Style(.warning, .bold) : Style(.textDim)
        let padded = " \(text) "
        frame.draw(
            padded, x: rect.maxX - 2 - CellWidth.width(of: padded), y: rect.maxY - 1, style: style, clip: rect)
    }

    /// The pane's name, with what the editor is in.
    private static func title(_ model: AppModel) -> String {
        (["prompt"] + [model.prompt.modeLabel, model.prompt.pendingNote].compactMap(\.self)).joined(separator: " ")
    }

    /// What goes along, and what the key that sends will do.
    private static func note(_ model: AppModel, width: Int) -> String {
        guard let files = model.filesNote else { return action(model) }
        let queues = model.isQueuing ? " · \(model.keys.label(of: .send, in: .prompt)) queues" : ""
        return CellWidth.truncate(files, to: max(8, width - queues.count)) + queues
    }

    private static func action(_ model: AppModel) -> String {
        let cancel = model.keys.label(of: .cancel)
        let send = model.keys.label(of: .send, in: .prompt)
        if model.waitsForCalls, model.prompt.isEmpty {
            return "\(model.queue.count) queued: \(send) refuses the calls and sends, \(cancel) takes back"
        }
        if !model.queue.isEmpty {
            return "\(model.queue.count) queued, \(cancel) takes \(model.queue.count == 1 ? "it" : "them") back"
        }
        if model.editing != nil { return "edits a message, \(cancel) leaves it" }
        if model.isRunning {
            return model.endsInsert
                ? "\(send) queues, \(cancel) leaves INSERT, again: stops"
                : "\(send) queues, \(cancel) stops the answer"
        }
        if model.awaitsModels { return "\(send) queues until the models are known" }
        if model.conversation.hasOpenCalls { return "\(send) queues until the calls are decided" }
        return "\(send) sends, \(model.keys.label(of: .newline, in: .prompt)) newline"
    }
}

/// State at the bottom: DEMO, what happens now, and in the narrow layout the meter.
enum StatusLine {
    static func draw(_ model: AppModel, into frame: inout Frame, rect: Rect, isNarrow: Bool) {
        frame.fill(rect, style: Style(.footer))
        var x = rect.x
        if model.connection.isDemo {
            x = frame.draw(" DEMO ", x: x, y: rect.y, style: Style(.badge, .bold), clip: rect)
        }
        if model.connection.isPlainHTTP {
            x = frame.draw(" PLAIN HTTP ", x: x, y: rect.y, style: Style(.badge, .bold), clip: rect)
        }
        x = frame.draw(" " + state(model) + elsewhere(model) + " ", x: x, y: rect.y, style: Style(.footer), clip: rect)
        if isNarrow {
            frame.draw(
                "meter " + MeterText.line(model, width: rect.maxX - x - 6), x: x, y: rect.y, style: Style(.footer),
                clip: rect)
            return
        }
        let place = model.connection.isDemo ? "built-in simulator" : model.connection.name
        frame.drawRight(
            "\(TextGate.gate(place, allowNewlines: false).text) · theme \(model.theme.name) ", y: rect.y,
            style: Style(.footer), clip: rect, from: x)
    }

    /// Answers that come in other conversations.
    private static func elsewhere(_ model: AppModel) -> String {
        let count = model.requests.count - model.requestsHere.count
        return count > 0 ? ", \(count) elsewhere" : ""
    }

    private static func state(_ model: AppModel) -> String {
        guard let answer = model.conversation.lastAnswer else { return "ready" }
        switch answer.state {
        case .waiting where model.pendingWait != nil: return model.waitsForPerson ? "waits for you" : "retry waits"
        case .waiting: return "waiting " + elapsed(model.now - answer.timing.sent)
        case .streaming:
            let silence = model.now - answer.timing.last
            if silence > .seconds(3) { return "stalled " + elapsed(silence) }
            return "streaming " + elapsed(model.now - answer.timing.sent)
        case .complete where !model.tools.running.isEmpty: return "tools run"
        case .complete: return model.conversation.openCalls.isEmpty ? "ready" : "tool calls wait"
        case .cancelled: return "cancelled"
        case .failed: return "failed"
        }
    }

    private static func elapsed(_ duration: Duration) -> String {
        ParameterValue.fixed(max(0, duration.inSeconds), decimals: 1) + " s"
    }
}

/// The most useful keys of the moment, or one line that must be read.
enum HintLine {
    /// Whether there is something that must be read, also where there is no line for it.
    static func isUrgent(_ model: AppModel) -> Bool {
        model.flash != nil || model.leaderKeys != nil || model.isNudging
    }

    /// `prompt`: where the prompt stands, which a message must not hide on a low screen; nil = it is not shown.
    static func draw(_ model: AppModel, into frame: inout Frame, rect: Rect, over prompt: Rect?) {
        guard !rect.isEmpty else { return }
        if let flash = model.flash { return draw(flash, model.now, into: &frame, rect: rect, over: prompt) }
        if frame.size.height < WorkspaceLayout.hintFrom { frame.fill(rect, style: Style(.text)) }
        draw(KeyHint.shown(model), into: &frame, rect: rect)
    }

    /// Keys and what they do, as many as there is room for.
    static func draw(_ hints: [(String, String)], into frame: inout Frame, rect: Rect) {
        var x = rect.x + 1
        for (keys, label) in hints {
            guard x + CellWidth.width(of: keys) + label.utf8.count + 1 <= rect.maxX else { break }
            x = frame.draw(keys, x: x, y: rect.y, style: Style(.footerKey), clip: rect)
            x = frame.draw(" " + label + "  ", x: x, y: rect.y, style: Style(.textDim), clip: rect)
        }
    }

    /// A message; one that is too long takes the rows above, too.
    private static func draw(
        _ flash: AppModel.Flash, _ now: ContinuousClock.Instant, into frame: inout Frame, rect: Rect, over prompt: Rect?
    ) {
        let role: ThemeRole = flash.level == .error ? .error : flash.level == .warning ? .warning : .text
        var wrapped = WrappedText(width: max(1, rect.width - 1))
        wrapped.append(TextGate.gate(flash.shown(now), allowNewlines: false).text)
        let isLow = frame.size.height < WorkspaceLayout.hintFrom
        // On a low screen more than one row would hide the prompt: they stand over it.
        let end = isLow && wrapped.count > 1 ? prompt?.y ?? rect.maxY : rect.maxY
        let rows = min(wrapped.count, 4, max(1, isLow ? end - 1 : rect.y - 3))
        let area = Rect(x: rect.x, y: end - rows, width: rect.width, height: rows)
        if rows > 1 || isLow { frame.fill(area, style: Style(role)) }
        for row in 0..<rows {
            frame.draw(" " + wrapped.row(row).text, x: area.x, y: area.y + row, style: Style(role), clip: area)
        }
    }
}
