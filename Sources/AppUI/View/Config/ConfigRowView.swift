import ProviderCore
import TerminalKit

/// One row of the config editor: `▸temperature *[━━━━●─────] 0.70        ✗ not taken by this model`.
struct ConfigRowView {
    private let row: ConfigRow
    private let model: AppModel
    private let isSelected: Bool
    private let edit: FieldEdit?
    private let found: String
    private let note: (text: String, role: ThemeRole)?

    init(
        _ row: ConfigRow, _ screen: ConfigScreen, _ model: AppModel, _ obstacles: [ParameterID: ParameterObstacle]
    ) {
        self.row = row
        self.model = model
        isSelected = screen.selected == row
        edit = isSelected ? screen.edit : nil
        found = screen.find?.text.lowercased().trimmed ?? ""
        note = Self.note(row, model, obstacles)
    }

    private static func note(
        _ row: ConfigRow, _ model: AppModel, _ obstacles: [ParameterID: ParameterObstacle]
    ) -> (String, ThemeRole)? {
        switch row {
        case .parameter(let id): return obstacles[id].map { _ in ("✗ not taken by this model", .warning) }
        case .setting(let path):
            guard let change = model.settings.changes[path] else { return nil }
            if change.problem != nil { return ("✗ not saved", .error) }
            return (change.isSaving ? "being saved" : "not saved", .warning)
        }
    }

    func draw(into frame: inout Frame, y: Int, clip: Rect) {
        let column = min(28, max(15, clip.width / 4))
        frame.draw(isSelected ? "▸" : " ", x: clip.x, y: y, style: Style(.footerKey), clip: clip)
        drawLabel(
            into: &frame, y: y, clip: Rect(x: clip.x, y: clip.y, width: min(column, clip.width), height: clip.height))
        frame.draw(isChanged ? "*" : " ", x: clip.x + column, y: y, style: Style(.warning, .bold), clip: clip)
        var x = clip.x + column + 1
        let cells = min(24, max(0, (clip.width - column) / 3))
        if edit == nil, let bar = SliderText.bar(model.form(of: row), isSet ? model.value(of: row) : nil, cells: cells)
        {
            x = frame.draw(bar + " ", x: x, y: y, style: Style(isSet ? .meterLow : .textDim), clip: clip)
        }
        if let edit {
            drawEdit(edit, into: &frame, x: x, y: y, clip: clip)
        } else {
            x = frame.draw(shown(room: clip.maxX - x - 1), x: x, y: y, style: valueStyle, clip: clip)
        }
        if isSelected {
            frame.restyle(Rect(x: clip.x, y: y, width: clip.width, height: 1)) { $0.role = .selection }
        }
        if let note, edit == nil {
            let texts = [note.text, note.text.replacing(" by this model", with: ""), String(note.text.prefix(1))]
            let text = texts.first { x + CellWidth.width(of: $0) + 2 <= clip.maxX } ?? ""
            frame.drawRight(text + " ", y: y, style: Style(note.role, .bold), clip: clip, from: x + 1)
        }
    }

    private func drawLabel(into frame: inout Frame, y: Int, clip: Rect) {
        let label = model.label(of: row)
        let isHit = !found.isEmpty && label.lowercased().contains(found)
        frame.draw(
            CellWidth.truncate(label, to: max(1, clip.width - 2)), x: clip.x + 1, y: y,
            style: isHit ? Style(.searchMatch, .bold) : Style(.text, isSelected ? .bold : []), clip: clip)
    }

    private func drawEdit(_ edit: FieldEdit, into frame: inout Frame, x: Int, y: Int, clip: Rect) {
        let width = max(1, clip.maxX - x - 1)
        let layout = edit.editor.layout(width: width)
        frame.draw(
            edit.editor.rowText(layout.rows[layout.cursor.y]), x: x, y: y, style: Style(.prompt, .underline), clip: clip
        )
        frame.cursor = Position(x: min(x + layout.cursor.x, clip.maxX - 1), y: y)
    }

    /// Whether the value differs from the last request's, or from the file's.
    private var isChanged: Bool {
        switch row {
        case .parameter(let id): model.parameters.changedSinceLastRequest(id)
        case .setting(let path): model.settings.changes[path] != nil
        }
    }

    private var isSet: Bool {
        switch row {
        case .parameter(let id): model.parameters[id].value != nil
        case .setting(let path): model.settings.value(path) != nil
        }
    }

    private var valueStyle: Style {
        switch row {
        case .parameter(let id):
            switch model.parameters[id] {
            case .notSent: Style(.textDim)
            case .standard: Style(.text)
            case .set: Style(.text, .bold)
            }
        case .setting(let path): model.settings.isSet(path) ? Style(.text, .bold) : Style(.textDim)
        }
    }

    /// The value with the word for its state: `not sent`, `default (0.70)`, `0.70`.
    private func shown(room: Int) -> String {
        let form = model.form(of: row)
        func text(_ value: ParameterValue) -> String {
            TextGate.gate(form.shown(value), allowNewlines: false).text
        }
        var words: String
        switch row {
        case .parameter(let id):
            switch model.parameters[id] {
            case .notSent: words = id == .maxCost ? "no cap" : "not sent"
            case .standard(let value): words = id == .model ? text(value) : "default (\(text(value)))"
            case .set(let value): words = text(value)
            }
        case .setting(let path):
            words = model.value(of: row).map(text) ?? "not set"
            if !model.settings.isSet(path), model.value(of: row) != nil { words = "default (\(words))" }
        }
        return CellWidth.truncate(words, to: max(1, room))
    }
}

/// What the config editor says of the chosen row.
enum ConfigHelp {
    static func lines(
        of row: ConfigRow, _ model: AppModel, _ obstacles: [ParameterID: ParameterObstacle]
    ) -> [Span] {
        switch row {
        case .parameter(let id): lines(of: id, model, obstacles[id])
        case .setting(let path): model.settings.row(path).map { lines(of: $0, model) } ?? []
        }
    }

    private static func lines(of id: ParameterID, _ model: AppModel, _ obstacle: ParameterObstacle?) -> [Span] {
        let spec = model.spec(id)
        var takes = "takes " + spec.form.takes
        if let steps = spec.form.steps { takes += "; " + steps }
        var lines = [Span("\(spec.label): \(spec.help)", .text, .bold)]
        if let obstacle {
            let source = obstacle.isLearned ? "refused by the server in this session" : "not taken by this model"
            lines.append(Span("✗ \(source): \(obstacle.reason)", .error))
        }
        return lines + [Span(takes, .textDim), Span(origin(of: id, spec, model), .textDim)]
    }

    private static func origin(of id: ParameterID, _ spec: ParameterSpec, _ model: AppModel) -> String {
        let parameters = model.parameters
        let standard = parameters.standard(id, spec).map(spec.shown)
        var words: String
        switch parameters[id] {
        case .notSent:
            words = id == .maxCost ? "no cap holds" : "not sent"
            if let server = spec.serverDefault { words += ": the server decides, its default is \(spec.shown(server))" }
        case .standard:
            words =
                parameters.hasOwnDefault(id)
                ? "the default of \(place(of: id, model))" : "the server's own default, sent"
        case .set: words = "set here" + (standard.map { "; the default is \($0)" } ?? "")
        }
        return words + (parameters.changedSinceLastRequest(id) ? " · * changed since the last request" : "")
    }

    private static func place(of id: ParameterID, _ model: AppModel) -> String {
        let paths = ["parameters." + id.rawValue, id == .maxCost ? "budget.request" : id.rawValue]
        let row = paths.lazy.compactMap(model.settings.row).first { $0.value != nil }
        return row.map { TextGate.gate($0.origin, allowNewlines: false).text } ?? "the settings"
    }

    private static func lines(of row: SettingRow, _ model: AppModel) -> [Span] {
        var takes = "takes " + row.takes
        takes += row.standard.map { "; the default is \($0)" } ?? "; not set unless you set it"
        let change = model.settings.changes[row.path]
        let origin =
            change == nil
            ? "from \(TextGate.gate(row.origin, allowNewlines: false).text)"
            : "changed here; \(model.keys.hint(of: .save) ?? "leaving") saves it in the settings file"
        let when = LiveSetting(path: row.path) != nil ? "holds at once" : "holds from the next start on"
        var lines = [Span("\(row.path): \(row.summary)", .text, .bold)]
        if let problem = change?.problem {
            lines.append(Span("✗ not saved: \(TextGate.gate(problem, allowNewlines: false).text)", .error))
        }
        return lines + [Span(takes, .textDim), Span("\(origin) · \(when)", .textDim)]
    }
}
