import TerminalKit

extension AppModel {
    /// A key while a call is shown in full.
    mutating func take(_ chord: KeyChord, in detail: CallDetail) -> [AppEffect] {
        var detail = detail
        if detail.isFinding { return find(chord, in: detail) }
        if DialogKey.find ~= chord {
            detail.find = LineEditor()
            detail.isFinding = true
            overlay = .call(detail)
            return []
        }
        if DialogKey.take ~= chord, detail.find != nil {
            findNext(in: &detail)
            overlay = .call(detail)
            return []
        }
        if let command = keys.command(for: chord, in: .pane(.tools)), command.decidesCall {
            traceSelection = detail.id
            if command != .toolRun, command != .toolRunSession { overlay = nil }
            return performOnTrace(command)
        }
        guard let scroll = scrolled(detail.scroll, by: chord) else {
            overlay = nil
            return []
        }
        detail.move(to: scroll)
        overlay = .call(detail)
        return []
    }

    private mutating func find(_ chord: KeyChord, in detail: CallDetail) -> [AppEffect] {
        var detail = detail
        if DialogKey.take ~= chord {
            detail.isFinding = false
            if detail.find?.text.isEmpty ?? true { detail.find = nil }
            findNext(in: &detail, from: detail.scroll)
        } else {
            _ = detail.find?.handle(chord)
        }
        overlay = .call(detail)
        return []
    }

    /// Goes to the next row that has what is looked for; from the top again after the last.
    private mutating func findNext(in detail: inout CallDetail, from first: Int? = nil) {
        guard let wanted = detail.find?.text.lowercased(), !wanted.isEmpty else { return }
        let rows = CallText(&detail, self).lines.map { spans in spans.map(\.text).joined().lowercased() }
        let hits = rows.indices.filter { rows[$0].contains(wanted) }
        let start = first ?? detail.scroll + 1
        guard let hit = hits.first(where: { $0 >= start }) ?? hits.first else {
            flash = Flash(text: "Not found.", level: .info)
            return
        }
        detail.scroll = min(hit, max(0, rows.count - detail.height))
    }

    /// A key in the list of tools: Enter or Space switches one on or off.
    mutating func take(_ chord: KeyChord, toggling picker: Picker<String>) -> [AppEffect] {
        var picker = picker
        if DialogKey.take ~= chord || (chord == .character(" ") && picker.query.isEmpty) {
            guard let name = picker.selection else { return [] }
            tools.toggle(name)
            overlay = .tools(picker.replacing(items: toolPicker().items, selected: name))
            return []
        }
        _ = picker.handle(chord)
        overlay = .tools(picker)
        return []
    }
}

extension Command {
    /// Whether it decides on a call of the trace.
    var decidesCall: Bool {
        switch self {
        case .toolRun, .toolRunSession, .toolEdit, .toolResult, .toolReplay, .toolError, .toolRefuse: true
        default: false
        }
    }
}
