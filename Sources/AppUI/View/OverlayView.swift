import ProviderCore
import TerminalKit

/// What lies over the panes.
enum OverlayView {
    static func draw(_ model: inout AppModel, into frame: inout Frame) {
        switch model.overlay {
        case .palette(let picker): drawPicker(picker, into: &frame, width: 76)
        case .models(let picker): drawPicker(picker, into: &frame, width: 76)
        case .themes(let picker, _): drawPicker(picker, into: &frame, width: 40)
        case .help(let screen): HelpView.draw(screen, &model, into: &frame)
        case .keyCheck(let check): KeyCheckView.draw(check, model, into: &frame)
        case .entry(let entry): EntryBox.draw(entry, into: &frame)
        case .call(let detail): drawCall(detail, &model, into: &frame)
        case .tools(let picker):
            drawPicker(
                picker, into: &frame, width: 70,
                note: "\(DialogKey.take.label) switches, \(DialogKey.close.label) closes")
        case .form(let form): FormView.draw(form, &model, into: &frame)
        case .conversations(let list): ConversationListView.draw(list, model, into: &frame)
        case .history(let picker):
            drawPicker(
                picker, into: &frame, width: 100,
                note:
                    "\(DialogKey.take.label) takes it, \(model.keys.hint(of: .searchHistory)) older, \(DialogKey.close.label) closes"
            )
        case .tree(let branches): BranchListView.draw(branches, model, into: &frame)
        case .compare(let screen): CompareView.draw(screen, &model, into: &frame)
        case .usage(let screen): UsageView.draw(screen, model, into: &frame)
        case .runs(let list):
            drawPicker(
                list.picker, into: &frame, width: 100,
                note: "\(DialogKey.take.label) opens, or runs the suite whose path is typed")
        case .run(let isOwn):
            guard var screen = isOwn ? model.runs.own : model.runs.watched else { break }
            BenchView.draw(&screen, model.keys, now: model.now, into: &frame)
            if isOwn { model.runs.own = screen } else { model.runs.watched = screen }
        case .confirmQuit:
            drawQuestion(model.isBusyAnywhere ? quitQuestion : runQuestion, into: &frame)
        case nil: break
        }
    }

    /// What is asked before something that runs is stopped by leaving.
    private static let runQuestion = "A benchmark is running. Stop it and quit? It can be resumed. y/N"
    static let quitQuestion = "An answer or a tool is running. Stop it and quit? y/N"

    static func box(_ frame: inout Frame, width: Int, height: Int, title: String, note: String) -> Rect {
        let rect = frame.bounds.centered(width: min(width, frame.size.width), height: min(height, frame.size.height))
        frame.fill(rect, style: Style(.text))
        frame.cursor = nil
        return PaneBorder.draw(&frame, rect, title: title, note: note, focused: true)
    }

    private static func pickerRows(_ count: Int, most: Int, _ size: Size) -> Int {
        min(max(count, 1), most, max(1, size.height - 6))
    }

    /// Where the rows of a picker stand.
    static func pickerBody(rows: Int, most: Int = 16, width: Int, _ size: Size) -> Rect {
        let height = pickerRows(rows, most: most, size) + 3
        let box = Rect(size).centered(width: min(width, size.width), height: min(height, size.height))
        return box.inset(by: 1).splitTop(1).rest
    }

    /// Draws a list that is narrowed by typing, with at most so many rows.
    static func drawPicker<Value>(
        _ picker: Picker<Value>, into frame: inout Frame, width: Int, rows most: Int = 16,
        note: String = "\(DialogKey.take.label) takes, \(DialogKey.close.label) closes", foot: String = ""
    ) {
        let rows = pickerRows(picker.items.count, most: most, frame.size)
        let inner = box(&frame, width: width, height: rows + 3, title: picker.title, note: note)
        frame.draw("> ", x: inner.x, y: inner.y, style: Style(.footerKey, .bold), clip: inner)
        let query = picker.query.layout(width: max(1, inner.width - 3))
        frame.draw(
            picker.query.rowText(query.rows[query.cursor.y]), x: inner.x + 2, y: inner.y, style: Style(.prompt),
            clip: inner)
        frame.cursor = Position(x: min(inner.x + 2 + query.cursor.x, inner.maxX - 1), y: inner.y)
        if !foot.isEmpty {
            frame.draw(" \(foot) ", x: inner.x + 1, y: inner.maxY, style: Style(.textDim), clip: frame.bounds)
        }
        let (_, body) = inner.splitTop(1)
        if picker.matches.isEmpty {
            frame.draw(picker.emptyText, x: body.x + 2, y: body.y, style: Style(.textDim), clip: body)
        }
        let first = picker.first(height: body.height)
        let border = Rect(x: inner.x - 1, y: inner.y - 1, width: inner.width + 2, height: inner.height + 2)
        MoreRows(count: picker.matches.count, first: first, height: body.height).draw(
            into: &frame, border: border, from: foot.isEmpty ? 0 : inner.x + 3 + CellWidth.width(of: foot))
        for (offset, match) in picker.matches.dropFirst(first).prefix(body.height).enumerated() {
            drawRow(
                match.item.label, match.item.note, match.positions, into: &frame, y: body.y + offset, clip: body,
                isSelected: first + offset == picker.list.selected)
        }
    }

    static func drawRow(
        _ label: String, _ note: String, _ positions: [Int], into frame: inout Frame, y: Int, clip: Rect,
        isSelected: Bool
    ) {
        var x = frame.draw(isSelected ? "▸ " : "  ", x: clip.x, y: y, style: Style(.footerKey), clip: clip)
        let room = max(8, clip.maxX - x - CellWidth.width(of: note) - 1)
        let hits = Set(positions)
        for (index, character) in CellWidth.truncate(label, to: room).enumerated() {
            let style = hits.contains(index) ? Style(.searchMatch, .bold) : Style(.text)
            x = frame.draw(String(character), x: x, y: y, style: style, clip: clip)
        }
        frame.drawRight(note, y: y, style: Style(.textDim), clip: clip, from: x + 1)
        if isSelected {
            frame.restyle(Rect(x: clip.x, y: y, width: clip.width, height: 1)) { $0.role = .selection }
        }
    }

    /// Columns for text in a text overlay.
    static func textWidth(_ size: Size) -> Int { max(1, min(86, size.width) - 4) }

    /// Rows for text in a text overlay that has so many.
    static func textHeight(rows: Int, _ size: Size) -> Int { max(1, min(rows, size.height - 4)) }

    /// Draws a call, and notes what of it was on the screen.
    private static func drawCall(_ open: CallDetail, _ model: inout AppModel, into frame: inout Frame) {
        var detail = open
        let text = CallText(&detail, model)
        let height = textHeight(rows: text.lines.count, frame.size)
        if let key = text.key {
            detail.note(rows: text.lines.count, toSee: text.rowsToSee, height: height, key: key)
            model.tools.seen = detail.isSeen ? ToolDesk.SeenCall(id: detail.id, revision: key.revision) : nil
        }
        model.overlay = .call(detail)
        var foot: String?
        if let find = detail.find {
            foot = detail.isFinding ? " /\(find.text)▏" : " /\(find.text) · \(DialogKey.take.label): next"
        }
        let wanted = detail.find?.text ?? ""
        let shown = text.lines.dropFirst(detail.scroll).prefix(height).map { CallText.marked($0, wanted) }
        drawRows(shown, of: text.lines.count, title: "call", first: detail.scroll, into: &frame, foot: foot)
    }

    static func drawLines(_ lines: [[Span]], title: String, scroll: Int, into frame: inout Frame) {
        let height = textHeight(rows: lines.count, frame.size)
        let first = min(scroll, max(0, lines.count - height))
        drawRows(
            Array(lines.dropFirst(first).prefix(height)), of: lines.count, title: title, first: first, into: &frame)
    }

    /// The rows of a text overlay that are in view, out of so many.
    static func drawRows(
        _ shown: [[Span]], of count: Int, title: String, first: Int, into frame: inout Frame, foot: String? = nil
    ) {
        let inner = box(&frame, width: 86, height: textHeight(rows: count, frame.size) + 2, title: title, note: "")
        for (offset, line) in shown.prefix(inner.height).enumerated() {
            frame.draw(line, x: inner.x + 1, y: inner.y + offset, clip: inner)
        }
        let rest = count - first - inner.height
        let close = "\(DialogKey.close.label) closes "
        let usual = rest > 0 ? " \(rest) more: \(DialogKey.pageDown.label) · \(close)" : " " + close
        frame.draw(foot ?? usual, x: inner.x + 1, y: inner.maxY, style: Style(.textDim), clip: frame.bounds)
    }

    private static func drawQuestion(_ text: String, into frame: inout Frame) {
        let inner = box(&frame, width: CellWidth.width(of: text) + 4, height: 3, title: "quit", note: "")
        frame.draw(text, x: inner.x + 1, y: inner.y, style: Style(.warning, .bold), clip: inner)
    }
}

/// The box in which a value is typed.
enum EntryBox {
    /// Columns for the text.
    static func width(in size: Size) -> Int { max(1, min(80, size.width) - 4) }

    static func draw(_ entry: ValueEntry, into frame: inout Frame) {
        let textWidth = width(in: frame.size)
        let layout = entry.editor.layout(width: textWidth)
        var help = WrappedText(width: textWidth)
        help.append(TextGate.gate(entry.problem ?? entry.help, allowNewlines: false).text)
        let helpRows = min(max(1, help.count), 4, max(1, frame.size.height - 4))
        let wanted = entry.isMultiline ? max(5, layout.rows.count) : 1
        let rows = max(1, min(wanted, frame.size.height - 2 - helpRows))
        let rect = frame.bounds.centered(width: textWidth + 4, height: min(rows + 2 + helpRows, frame.size.height))
        frame.fill(rect, style: Style(.text))
        let inner = PaneBorder.draw(
            &frame, rect, title: entry.title, note: "\(DialogKey.close.label) closes", focused: true)
        let (text, foot) = inner.splitBottom(helpRows)
        let first = max(0, layout.cursor.y - text.height + 1)
        for (offset, row) in layout.rows.dropFirst(first).prefix(text.height).enumerated() {
            frame.draw(entry.editor.rowText(row), x: text.x + 1, y: text.y + offset, style: Style(.prompt), clip: text)
        }
        frame.cursor = Position(
            x: min(text.x + 1 + layout.cursor.x, text.maxX - 1), y: text.y + layout.cursor.y - first)
        let role: ThemeRole = entry.problem == nil ? .textDim : .error
        for row in 0..<min(helpRows, help.count) {
            frame.draw(help.row(row).text, x: foot.x + 1, y: foot.y + row, style: Style(role), clip: foot)
        }
    }
}
