import FunctionTools
import ProviderCore
import TerminalKit

/// The function-call trace: turns, their calls side by side in time, and the chosen call with its arguments.
enum ToolsPane {
    static func draw(_ model: inout AppModel, into frame: inout Frame, rect: Rect) {
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
        let shown = rows.dropFirst(first).prefix(inner.height)
        MoreRows(count: rows.count, first: first, height: inner.height).draw(into: &frame, border: rect)
        if model.overlay == nil { model.tools.seen = seen(rows, shown, model) }
        for (offset, row) in shown.enumerated() {
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

    /// The call at a row of the pane; nil when there is none.
    static func id(atRow row: Int, _ model: AppModel, width: Int, height: Int) -> TraceID? {
        let ids = model.traceIDs
        guard !ids.isEmpty else { return nil }
        let rows = CallRows(model, width: width, height: height).rows(ids)
        let index = firstRow(rows, model.traceSelection, height: height) + row
        return rows.indices.contains(index) ? rows[index].id : nil
    }

    /// The row at the top: the whole of the chosen call is shown where there is room, and its first row in any case.
    private static func firstRow(_ rows: [CallRows.Row], _ selection: TraceID?, height: Int) -> Int {
        let last = rows.lastIndex { $0.id == selection } ?? rows.count - 1
        let head = rows.firstIndex { $0.id == selection } ?? last
        return min(max(0, last - height + 1), head)
    }

    /// The chosen call, when the rows that are drawn show all of what it would start: what may be run with one key must be in view.
    private static func seen(
        _ rows: [CallRows.Row], _ shown: ArraySlice<CallRows.Row>, _ model: AppModel
    ) -> ToolDesk.SeenCall? {
        guard let id = model.traceSelection, let (_, traced) = model.call(id), traced.state == .waiting else {
            return nil
        }
        let wanted = rows.filter { $0.id == id && ($0.mustBeSeen || $0.isHead) }
        let drawn = shown.filter { $0.id == id && ($0.mustBeSeen || $0.isHead) }
        guard wanted.count == drawn.count, !wanted.contains(where: \.isCut) else { return nil }
        return ToolDesk.SeenCall(id: id, revision: traced.revision)
    }

    private static func note(_ model: AppModel) -> String {
        let waiting = model.conversation.openCalls.count
        if waiting > 0 { return "\(waiting) waiting: \(decidingKeys(model.keys))" }
        if !model.tools.running.isEmpty { return "running: \(model.keys.hint(of: .cancel)) stops" }
        return model.tools.all.isEmpty ? "" : "\(model.tools.offered.count) offered"
    }

    /// The keys that decide on a call.
    private static func decidingKeys(_ keys: Keymap) -> String {
        keys.bindings(in: .pane(.tools)).filter(\.command.decidesCall).map { $0.keys[0].label }.joined(separator: " ")
    }

    private static func emptyLines(_ model: AppModel) -> [String] {
        guard !model.tools.all.isEmpty else { return ["no calls yet"] }
        let names = model.tools.offered.map(\.name)
        let off = model.tools.all.tools.count - names.count
        let key = model.keys.hint(of: .chooseTools)
        return ["no calls yet", names.isEmpty ? "\(off) tools, all off: \(key)" : "offered (\(key) changes that):"]
            + names.map { "  " + $0 } + (off > 0 && !names.isEmpty ? ["  and \(off) that are off"] : [])
    }
}
