import FunctionTools
import ProviderCore
import TerminalKit

/// The function-call trace: turns, their calls side by side in time, and the chosen call with its arguments.
enum ToolsPane {
    static func draw(_ model: AppModel, into frame: inout Frame, rect: Rect) {
        let isFocused = model.focus == .tools && model.overlay == nil
        let inner = PaneBorder.draw(&frame, rect, title: "tools", note: note(model), focused: isFocused)
        let ids = model.traceIDs
        guard !ids.isEmpty else {
            for (row, line) in emptyLines(model).prefix(inner.height).enumerated() {
                frame.draw(line, x: inner.x + 1, y: inner.y + row, style: Style(.textDim), clip: inner)
            }
            return
        }
        let rows = CallRows(model, width: inner.width, height: inner.height).rows(ids)
        let first = firstRow(rows, model.traceSelection, height: inner.height)
        for (offset, row) in rows.dropFirst(first).prefix(inner.height).enumerated() {
            let y = inner.y + offset
            frame.draw(row.spans, x: inner.x, y: y, clip: inner)
            if let lane = row.lane {
                let width = lane.count
                frame.draw(lane, x: inner.maxX - width, y: y, clip: inner)
            }
            if isFocused, row.isHead, row.id == model.traceSelection {
                frame.restyle(Rect(x: inner.x, y: y, width: inner.width, height: 1)) { $0.role = .selection }
            }
        }
    }

    /// The row at the top: the whole of the chosen call is shown where there is room, and its first row in any case.
    private static func firstRow(_ rows: [CallRows.Row], _ selection: TraceID?, height: Int) -> Int {
        let last = rows.lastIndex { $0.id == selection } ?? rows.count - 1
        let head = rows.firstIndex { $0.id == selection } ?? last
        return min(max(0, last - height + 1), head)
    }

    /// Whether the pane shows all of what the chosen call would start: what may be run with one key must be in view.
    static func showsCommand(_ model: AppModel) -> Bool {
        guard case nil = model.overlay, let rect = model.layout.panes[.tools] else { return false }
        let (width, height) = (rect.width - 2, rect.height - 2)
        let rows = CallRows(model, width: width, height: height).rows(model.traceIDs)
        let shown = rows.dropFirst(firstRow(rows, model.traceSelection, height: height)).prefix(height)
        let wanted = rows.filter { $0.id == model.traceSelection && $0.mustBeSeen }
        return !wanted.contains { $0.isCut }
            && wanted.count == shown.count { $0.id == model.traceSelection && $0.mustBeSeen }
    }

    private static func note(_ model: AppModel) -> String {
        let waiting = model.conversation.openCalls.count
        if waiting > 0 { return "\(waiting) waiting: y v e r x n" }
        if !model.tools.running.isEmpty { return "running: Esc stops" }
        return model.tools.all.isEmpty ? "" : "\(model.tools.offered.count) offered"
    }

    private static func emptyLines(_ model: AppModel) -> [String] {
        guard !model.tools.all.isEmpty else { return ["no calls yet"] }
        let names = model.tools.offered.map(\.name).joined(separator: ", ")
        return ["no calls yet", names.isEmpty ? "all tools are off (^X f)" : "offered (^X f): \(names)"]
    }
}
