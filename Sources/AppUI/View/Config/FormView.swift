import ProviderCore
import TerminalKit

/// Draws the forms in which things are set up.
enum FormView {
    static func draw(_ form: FormOverlay, _ model: inout AppModel, into frame: inout Frame) {
        switch form {
        case .config(let screen): ConfigView.draw(screen, &model, into: &frame)
        case .presets(let picker):
            OverlayView.drawPicker(
                picker, into: &frame, width: 78, note: "Enter applies, Alt-c compares, Alt-m marks, Alt-u undoes")
        case .savePreset(let saving): draw(saving, into: &frame)
        case .comparison(let comparison): draw(comparison, model, into: &frame)
        case .variables(let form): VariableView.draw(form, model, into: &frame)
        case .endpoint(let form): EndpointView.draw(form, into: &frame)
        }
    }

    private static func draw(_ saving: PresetSaving, into frame: inout Frame) {
        let inner = OverlayView.box(&frame, width: 64, height: 4, title: "save preset", note: "Esc closes")
        let layout = saving.editor.layout(width: max(1, inner.width - 8))
        let x = frame.draw("name: ", x: inner.x + 1, y: inner.y, style: Style(.text), clip: inner)
        frame.draw(
            saving.editor.rowText(layout.rows[layout.cursor.y]), x: x, y: inner.y, style: Style(.prompt, .underline),
            clip: inner)
        let help = "prompt, parameters and functions as they are; Enter saves"
        let text = saving.asksToReplace ? "There is one of this name: save over it? y/N" : saving.problem ?? help
        let role: ThemeRole = saving.asksToReplace ? .warning : saving.problem == nil ? .textDim : .error
        frame.draw(text, x: inner.x + 1, y: inner.y + 1, style: Style(role), clip: inner)
        if inner.height > 0 { frame.cursor = Position(x: min(x + layout.cursor.x, inner.maxX - 1), y: inner.y) }
    }

    private static func draw(_ comparison: PresetComparison, _ model: AppModel, into frame: inout Frame) {
        let (left, right) = (comparison.left.name, comparison.right.name)
        OverlayView.drawLines(
            lines(comparison, model, width: OverlayView.textWidth(frame.size)), title: "\(left) and \(right)",
            scroll: comparison.scroll, into: &frame)
    }

    /// Differing values in columns, then texts line by line: `-` stands before what the left has, `+` before what the right has.
    static func lines(_ comparison: PresetComparison, _ model: AppModel, width: Int) -> [[Span]] {
        let found = PresetDifference.lines(comparison.left, comparison.right, standard: model.parameters.ownDefault)
        guard !found.isEmpty else { return [[Span("They do not differ.", .text)]] }
        let column = max(8, (width - 16) / 2)
        func cell(_ text: String) -> String {
            let text = CellWidth.truncate(TextGate.gate(text, allowNewlines: false).text, to: column - 1)
            return text + String(repeating: " ", count: max(1, column - CellWidth.width(of: text)))
        }
        func name(_ text: String) -> String {
            let text = CellWidth.truncate(TextGate.gate(text, allowNewlines: false).text, to: 15)
            return text + String(repeating: " ", count: max(1, 16 - CellWidth.width(of: text)))
        }
        let head = [
            Span(name(""), .text), Span(cell(comparison.left.name), .title, .bold),
            Span(comparison.right.name, .title, .bold),
        ]
        return [head]
            + found.flatMap { line -> [[Span]] in
                switch line {
                case .value(let label, let left, let right):
                    [[Span(name(label), .textDim), Span(cell(left), .text), Span(cell(right), .text, .bold)]]
                case .text(let title): [[], [Span(title, .markdownHeading, .bold)]]
                case .same(let text): rows("  ", text, width, .textDim)
                case .removed(let text): rows("- ", text, width, .diffDeleted)
                case .added(let text): rows("+ ", text, width, .diffAdded)
                }
            }
    }

    private static func rows(_ mark: String, _ text: String, _ width: Int, _ role: ThemeRole) -> [[Span]] {
        var wrapped = WrappedText(width: max(1, width - 2))
        wrapped.append(TextGate.gate(text, allowNewlines: false).text)
        guard wrapped.count > 0 else { return [[Span(mark, role)]] }
        return (0..<wrapped.count).map { [Span($0 == 0 ? mark : "  ", role), Span(wrapped.row($0).text, role)] }
    }
}

/// The form that asks for variables.
enum VariableView {
    static func draw(_ form: VariableForm, _ model: AppModel, into frame: inout Frame) {
        let width = min(78, frame.size.width)
        let rows = form.fields.map { max(1, min(4, $0.editor.layout(width: max(1, width - 20)).rows.count)) }
        let preview = self.preview(form, model, width: max(1, width - 4))
        let inner = OverlayView.box(
            &frame, width: width, height: rows.reduce(0, +) + preview.count + 4, title: "variables of the prompt",
            note: "Esc sends nothing")
        // The chosen field is on the screen, however many there are.
        var first = 0
        while first < form.selected, rows[first...form.selected].reduce(0, +) > max(1, inner.height - 1) { first += 1 }
        var y = inner.y
        for index in form.fields.indices.dropFirst(first) where y < inner.maxY - 1 || index == form.selected {
            draw(
                form.fields[index], isSelected: index == form.selected, rows: rows[index], into: &frame, y: y,
                clip: inner)
            y += rows[index]
        }
        for (offset, line) in preview.enumerated() where y + 1 + offset < inner.maxY - 1 {
            frame.draw([line], x: inner.x + 1, y: y + 1 + offset, clip: inner)
        }
        guard inner.height > 1 else { return }
        frame.draw(
            "Enter: next, then send · ^S sends now · Alt-s sends it with the braces", x: inner.x + 1, y: inner.maxY - 1,
            style: Style(.textDim), clip: inner)
    }

    private static func draw(
        _ field: VariableForm.Field, isSelected: Bool, rows: Int, into frame: inout Frame, y: Int, clip: Rect
    ) {
        let name = CellWidth.truncate(TextGate.gate(field.name, allowNewlines: false).text, to: 14)
        frame.draw(isSelected ? "▸" : " ", x: clip.x, y: y, style: Style(.footerKey), clip: clip)
        frame.draw(name, x: clip.x + 1, y: y, style: Style(.text, isSelected ? .bold : []), clip: clip)
        let x = clip.x + 17
        let layout = field.editor.layout(width: max(1, clip.width - 18))
        let first = max(0, layout.cursor.y - rows + 1)
        for (offset, row) in layout.rows.dropFirst(first).prefix(rows).enumerated() {
            frame.draw(field.editor.rowText(row), x: x, y: y + offset, style: Style(.prompt, .underline), clip: clip)
        }
        if isSelected, clip.height > 0, clip.width > 0 {
            frame.cursor = Position(
                x: min(x + layout.cursor.x, clip.maxX - 1), y: min(y + layout.cursor.y - first, clip.maxY - 1))
        }
    }

    /// The text that would be sent, at most five rows of it.
    private static func preview(_ form: VariableForm, _ model: AppModel, width: Int) -> [Span] {
        guard case .send(let text) = form.purpose else { return [] }
        let filled = PromptTemplate(text).filled(form.values.filter { !$0.value.isEmpty })
        var wrapped = WrappedText(width: width)
        wrapped.append(TextGate.gate(filled, allowNewlines: true).text)
        return (0..<min(5, wrapped.count)).map { Span(wrapped.row($0).text, .textDim) }
    }
}
