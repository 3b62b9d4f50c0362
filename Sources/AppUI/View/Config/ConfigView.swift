import ProviderCore
import TerminalKit

/// The full-screen config editor: rows with their values, what the chosen row means below them, keys in the last line.
enum ConfigView {
    private enum Line {
        case heading(String)
        case row(ConfigRow)
    }

    static func draw(_ open: ConfigScreen, _ model: inout AppModel, into frame: inout Frame) {
        var screen = open
        let (rect, hint) = frame.bounds.splitBottom(frame.size.height >= 8 ? 1 : 0)
        frame.fill(frame.bounds, style: Style(.text))
        frame.cursor = nil
        let unsaved = model.settings.unsavedCount
        let inner = PaneBorder.draw(
            &frame, rect, title: "configuration of \(TextGate.gate(model.parameters.model, allowNewlines: false).text)",
            note: unsaved == 0 ? "" : "\(unsaved) not saved", focused: true)
        let obstacles = model.obstacles()
        let helpRows = inner.height >= 14 ? 5 : inner.height >= 7 ? 2 : 0
        let (body, foot) = inner.splitBottom(helpRows)
        if let edit = screen.edit, edit.isMultiline {
            drawText(edit, of: screen.selected, model, into: &frame, rect: body)
        } else if screen.showsKeys {
            drawKeys(model.keys, into: &frame, rect: inner)
        } else {
            drawRows(&screen, model, obstacles, into: &frame, rect: body)
        }
        if !screen.showsKeys { drawHelp(screen, model, obstacles, into: &frame, rect: foot) }
        if !screen.showsKeys, screen.edit?.isMultiline != true {
            drawMore(screen, model, into: &frame, body: body, border: rect, hasRule: helpRows > 2)
        }
        drawHint(screen, model, into: &frame, rect: hint)
        model.overlay = .form(.config(screen))
    }

    private static func drawRows(
        _ screen: inout ConfigScreen, _ model: AppModel, _ obstacles: [ParameterID: ParameterObstacle],
        into frame: inout Frame, rect: Rect
    ) {
        guard rect.height > 0 else { return }
        let lines = model.configSections.flatMap { section in
            [Line.heading(section.title)] + section.rows.map(Line.row)
        }
        let chosen = lines.firstIndex { if case .row(screen.selected) = $0 { true } else { false } } ?? 0
        // The heading over a first row stays in sight with it.
        let top = chosen > 0 && rect.height > 2 ? chosen - 1 : chosen
        screen.scroll = max(min(screen.scroll, top), chosen - rect.height + 1)
        screen.scroll = max(0, min(screen.scroll, lines.count - rect.height))
        for (offset, line) in lines.dropFirst(screen.scroll).prefix(rect.height).enumerated() {
            let y = rect.y + offset
            switch line {
            case .heading(let title):
                frame.draw(title, x: rect.x + 1, y: y, style: Style(.markdownHeading, .bold), clip: rect)
            case .row(let row):
                ConfigRowView(row, screen, model, obstacles).draw(into: &frame, y: y, clip: rect)
            }
        }
    }

    /// How many rows are out of sight, in the line below them.
    private static func drawMore(
        _ screen: ConfigScreen, _ model: AppModel, into frame: inout Frame, body: Rect, border: Rect, hasRule: Bool
    ) {
        let lines = model.configSections.reduce(0) { $0 + 1 + $1.rows.count }
        let more = MoreRows(count: lines, first: screen.scroll, height: body.height)
        guard hasRule else { return more.draw(into: &frame, border: border) }
        more.draw(into: &frame, y: body.maxY, from: body.x, to: body.maxX)
    }

    /// A text of several lines, with what it counts.
    private static func drawText(
        _ edit: FieldEdit, of row: ConfigRow, _ model: AppModel, into frame: inout Frame, rect: Rect
    ) {
        let (head, text) = rect.splitTop(rect.height > 1 ? 1 : 0)
        let count = model.tokens(of: edit.editor.text)
        frame.draw(
            "\(model.label(of: row)) · \(count)", x: head.x + 1, y: head.y, style: Style(.markdownHeading, .bold),
            clip: head)
        let layout = edit.editor.layout(width: max(1, text.width - 2))
        let first = max(0, layout.cursor.y - text.height + 1)
        for (offset, line) in layout.rows.dropFirst(first).prefix(text.height).enumerated() {
            frame.draw(edit.editor.rowText(line), x: text.x + 1, y: text.y + offset, style: Style(.prompt), clip: text)
        }
        guard !text.isEmpty else { return }
        frame.cursor = Position(
            x: min(text.x + 1 + layout.cursor.x, text.maxX - 1), y: text.y + layout.cursor.y - first)
    }

    private static func drawKeys(_ keymap: Keymap, into frame: inout Frame, rect: Rect) {
        let bound = keymap.config.filter { !$0.chords.isEmpty }
        for (offset, entry) in bound.prefix(rect.height).enumerated() {
            let keys = entry.chords.prefix(3).map(\.label).joined(separator: ", ")
            let x = frame.draw(keys, x: rect.x + 1, y: rect.y + offset, style: Style(.footerKey), clip: rect)
            frame.draw(entry.summary, x: max(x + 1, rect.x + 28), y: rect.y + offset, style: Style(.text), clip: rect)
        }
    }

    /// What the chosen row means, takes, has by default, where its value is from, and what is wrong with it.
    private static func drawHelp(
        _ screen: ConfigScreen, _ model: AppModel, _ obstacles: [ParameterID: ParameterObstacle],
        into frame: inout Frame, rect: Rect
    ) {
        guard rect.height > 0 else { return }
        var lines = ConfigHelp.lines(of: screen.selected, model, obstacles)
        if let problem = screen.edit?.problem { lines.insert(Span("✗ " + problem, .error, .bold), at: 0) }
        let (rule, text) = rect.splitTop(rect.height > 2 ? 1 : 0)
        if rule.height > 0 {
            frame.draw(
                String(repeating: "─", count: rule.width), x: rule.x, y: rule.y, style: Style(.border), clip: rule)
        }
        // Where there is little room, what is wrong comes first.
        if text.height < lines.count { lines.sort { $0.style.role == .error && $1.style.role != .error } }
        var y = text.y
        for (index, line) in lines.enumerated() where y < text.maxY {
            var wrapped = WrappedText(width: max(1, text.width - 2))
            wrapped.append(line.text)
            // Every line has its first row before one has its second.
            let room = max(1, text.maxY - y - (lines.count - index - 1))
            for row in 0..<min(wrapped.count, room) where y < text.maxY {
                let isCut = row == room - 1 && row < wrapped.count - 1
                let words =
                    isCut
                    ? CellWidth.truncate(wrapped.row(row).text + " …", to: max(1, text.width - 2))
                    : wrapped.row(row).text
                frame.draw(words, x: text.x + 1, y: y, style: line.style, clip: text)
                y += 1
            }
        }
    }

    private static func drawHint(_ screen: ConfigScreen, _ model: AppModel, into frame: inout Frame, rect: Rect) {
        guard rect.height > 0 else { return }
        if screen.asksToLeave {
            let count = model.settings.unsavedCount
            let text =
                "Save \(count == 1 ? "the changed setting" : "\(count) changed settings")? y saves · n keeps them for this session · Esc stays"
            frame.draw(" " + text, x: rect.x, y: rect.y, style: Style(.warning, .bold), clip: rect)
            return
        }
        if screen.isFinding, let find = screen.find {
            let x = frame.draw(" /", x: rect.x, y: rect.y, style: Style(.footerKey, .bold), clip: rect)
            let layout = find.layout(width: max(1, rect.width - 4))
            frame.draw(find.rowText(layout.rows[layout.cursor.y]), x: x, y: rect.y, style: Style(.prompt), clip: rect)
            frame.cursor = Position(x: min(x + layout.cursor.x, rect.maxX - 1), y: rect.y)
            return
        }
        if model.flash != nil { return HintLine.draw(model, into: &frame, rect: rect, over: nil) }
        HintLine.draw(hints(screen, model.keys), into: &frame, rect: rect)
    }

    private static func hints(_ screen: ConfigScreen, _ keymap: Keymap) -> [(String, String)] {
        if let edit = screen.edit {
            return [(DialogKey.take.label, "takes it"), (DialogKey.close.label, "as it was")]
                + (edit.isMultiline ? [(DialogKey.newline.label, "new line")] : [])
        }
        func hint(_ actions: ConfigAction..., label: String) -> [(String, String)] {
            let keys = actions.compactMap(keymap.hint(of:))
            return keys.count == actions.count ? [(keys.joined(separator: "/"), label)] : []
        }
        if let find = screen.find {
            return [("/" + CellWidth.truncate(find.text.trimmed, to: 24), "")] + hint(.findNext, label: "next")
                + hint(.leave, label: "ends the search") + hint(.edit, label: "type")
                + hint(.stepDown, .stepUp, label: "change")
        }
        return hint(.stepDown, .stepUp, label: "change") + hint(.edit, label: "type") + hint(.unset, label: "not set")
            + hint(.find, label: "find") + hint(.save, label: "save") + hint(.keys, label: "keys")
            + hint(.leave, label: "leave") + hint(.useDefault, label: "default") + hint(.toggle, label: "set or not")
            + hint(.undo, label: "undo")
    }
}

extension AppModel {
    /// The tokens of a text by itself, as words; `~` marks an estimate.
    func tokens(of text: String) -> String {
        var count = TokenCount(counting, model: catalog.model(parameters.model))
        count.append(text)
        return "\(MeterText.full(count.tokens))\(count.isExact ? "" : "~") token\(count.tokens == 1 ? "" : "s")"
    }
}
