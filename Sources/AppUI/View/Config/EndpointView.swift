import ProviderCore
import TerminalKit

/// The form in which an endpoint is set up.
enum EndpointView {
    static func draw(_ form: EndpointForm, into frame: inout Frame) {
        let inner = OverlayView.box(
            &frame, width: 86, height: 22, title: "set up a provider", note: "Esc leaves, nothing is saved")
        let (body, foot) = inner.splitBottom(inner.height >= 8 ? 2 : 1)
        var y = body.y
        // On a low screen the chosen row stays in sight.
        let rows = form.rows
        let chosen = rows.firstIndex(of: form.row) ?? 0
        for row in rows.dropFirst(max(0, chosen - body.height + 1)) where y < body.maxY {
            draw(row, form, into: &frame, y: y, clip: body)
            y += 1
        }
        y += 1
        for line in steps(form, width: max(1, body.width - 2)) where y < body.maxY {
            frame.draw(line, x: body.x + 1, y: y, clip: body)
            y += 1
        }
        drawFoot(form, into: &frame, rect: foot)
    }

    private static func label(_ row: EndpointForm.Row, _ form: EndpointForm) -> String {
        switch row {
        case .name: "name"
        case .baseURL: "base URL"
        case .keySource: "key from"
        case .key:
            switch form.source {
            case .environment: "variable"
            case .command: "command"
            case .file: "file"
            case .pasted, .none: "key"
            }
        case .model: "model"
        case .test: "Test"
        case .save: "Save"
        }
    }

    private static func draw(
        _ row: EndpointForm.Row, _ form: EndpointForm, into frame: inout Frame, y: Int, clip: Rect
    ) {
        let isSelected = row == form.row
        frame.draw(isSelected ? "▸" : " ", x: clip.x, y: y, style: Style(.footerKey), clip: clip)
        let name = row == .test || row == .save ? "[ \(label(row, form)) ]" : label(row, form)
        frame.draw(name, x: clip.x + 1, y: y, style: Style(.text, isSelected ? .bold : []), clip: clip)
        let x = clip.x + 12
        let room = max(1, clip.maxX - x - 1)
        if let editor = form[row] {
            let isSecret = row == .key && form.source == .pasted
            let shown = isSecret ? LineEditor(masked(editor.text)) : editor
            let layout = shown.layout(width: room)
            let isProposal = shown.isEmpty || form.isProposal(row)
            let style = Style(isProposal ? .textDim : .prompt, isProposal ? [] : .underline)
            let text = shown.isEmpty ? placeholder(row, form) : shown.rowText(layout.rows[layout.cursor.y])
            frame.draw(text, x: x, y: y, style: style, clip: clip)
            if isSelected, !clip.isEmpty {
                frame.cursor = Position(x: min(x + (shown.isEmpty ? 0 : layout.cursor.x), clip.maxX - 1), y: y)
            }
            return
        }
        let words =
            switch row {
            case .keySource: "‹ \(form.source.rawValue) ›"
            case .test: form.test == nil ? "tries each step below" : "is running; Esc stops it"
            default: "writes [profiles.\(form.name.text.trimmed)] into the settings file"
            }
        frame.draw(words, x: x, y: y, style: Style(row == .keySource ? .text : .textDim), clip: clip)
        if isSelected, row == .keySource, !clip.isEmpty { frame.cursor = Position(x: min(x, clip.maxX - 1), y: y) }
    }

    /// Dots and the last four characters: a key is never on the screen.
    private static func masked(_ text: String) -> String { text.isEmpty ? "" : Secret(text)?.description ?? "••••" }

    private static func placeholder(_ row: EndpointForm.Row, _ form: EndpointForm) -> String {
        switch (row, form.source) {
        case (.name, _): "letters, digits, - and _"
        case (.baseURL, _): "https://api.openai.com/v1"
        case (.key, .environment): "WORK_API_KEY"
        case (.key, .command): "pass show work/openai"
        case (.key, .file): "~/.config/tickertape/work.key"
        case (.key, _): "paste it"
        case (.model, _): "the first that the server lists"
        default: ""
        }
    }

    private static func steps(_ form: EndpointForm, width: Int) -> [[Span]] {
        var lines: [[Span]] = EndpointStep.allCases.flatMap { step -> [[Span]] in
            let title = step.title + String(repeating: " ", count: max(1, 24 - step.title.utf8.count))
            func line(_ mark: String, _ role: ThemeRole, _ words: String) -> [Span] {
                let words = CellWidth.truncate(TextGate.gate(words, allowNewlines: false).text, to: max(1, width - 26))
                return [Span(mark + " ", role, .bold), Span(title, .text), Span(words, role)]
            }
            switch form.steps[step] {
            case nil: return [line("·", .textDim, "")]
            case .running: return [line("…", .text, "running")]
            case .passed(let words): return [line("✓", .toolOK, words)]
            case .warned(let words, let fix):
                return [line("!", .warning, words)] + rows("  " + fix, width)
            case .skipped(let words): return [line("–", .textDim, words)]
            case .failed(let words, let fix):
                return [line("✗", .error, words)] + rows("  " + fix, width)
            }
        }
        if let models = form.models, !models.isEmpty {
            let list = models.prefix(6).joined(separator: ", ")
            let words = "\(models.count) model\(models.count == 1 ? "" : "s"), PgDn chooses: \(list)"
            lines.append([
                Span(CellWidth.truncate(TextGate.gate(words, allowNewlines: false).text, to: width), .textDim)
            ])
        }
        return lines
    }

    private static func rows(_ text: String, _ width: Int) -> [[Span]] {
        var wrapped = WrappedText(width: max(1, width - 2))
        wrapped.append(TextGate.gate(text, allowNewlines: false).text)
        return (0..<min(3, wrapped.count)).map { [Span("  " + wrapped.row($0).text, .warning)] }
    }

    private static func drawFoot(_ form: EndpointForm, into frame: inout Frame, rect: Rect) {
        let (text, role): (String, ThemeRole) =
            switch form.question {
            case .isUntested: ("Not every step went well with this. Save it all the same? y/N", .warning)
            case .writesKey:
                ("The key is written as plain text into a file that only you can read (0600). Write it? y/N", .warning)
            case .replaces: ("There is a profile of this name. Replace it? y/N", .warning)
            case nil where form.problem != nil: ("✗ " + (form.problem ?? ""), .error)
            case nil where form.isSaving: ("saving…", .textDim)
            case nil: ("Enter next · Left/Right choose · ^T tests · ^S saves", .textDim)
            }
        var wrapped = WrappedText(width: max(1, rect.width - 2))
        wrapped.append(TextGate.gate(text, allowNewlines: false).text)
        for row in 0..<min(rect.height, wrapped.count) {
            frame.draw(
                wrapped.row(row).text, x: rect.x + 1, y: rect.y + row,
                style: Style(role, role == .textDim ? [] : .bold),
                clip: rect)
        }
    }
}
