import Conversations
import Markdown
import ProviderCore
import TerminalKit

/// Answers in columns: what made each, its text, its figures.
enum CompareView {
    static func draw(_ open: CompareScreen, _ model: inout AppModel, into frame: inout Frame) {
        var screen = open
        frame.fill(frame.bounds, style: Style(.text))
        frame.cursor = nil
        let (body, foot) = frame.bounds.splitBottom(frame.size.height >= 8 ? 1 : 0)
        let fits = max(1, min(screen.columns.count, frame.size.width / CompareScreen.leastWidth))
        let first = min(max(0, screen.focus - fits + 1), max(0, screen.columns.count - fits))
        let width = body.width / fits
        let shared = sharedStamp(screen, model)
        for offset in 0..<fits where screen.columns.indices.contains(first + offset) {
            lay(out: &screen, first + offset, model, width: width)
        }
        if screen.marksDifferences { screen.compare() }
        for offset in 0..<fits where screen.columns.indices.contains(first + offset) {
            let isLast = offset == fits - 1
            let rect = Rect(
                x: body.x + offset * width, y: body.y, width: isLast ? body.width - offset * width : width,
                height: body.height)
            drawColumn(first + offset, &screen, model, shared, into: &frame, rect: rect)
        }
        if screen.showsKeys { drawKeys(into: &frame) }
        drawFoot(screen, hidden: screen.columns.count - fits, into: &frame, rect: foot)
        model.overlay = .compare(screen)
    }

    /// All columns have rows of one width, so that lines that are alike break alike.
    private static func lay(out screen: inout CompareScreen, _ index: Int, _ model: AppModel, width: Int) {
        guard let answer = model.conversation.answer(screen.columns[index].id) else { return }
        let isWhole = !answer.state.isRunning
        screen.columns[index].text.take(
            answer.response.refusal ?? answer.response.text, isWhole: isWhole, width: max(1, width - 3))
    }

    private static func drawColumn(
        _ index: Int, _ screen: inout CompareScreen, _ model: AppModel, _ shared: Set<String>, into frame: inout Frame,
        rect: Rect
    ) {
        let column = screen.columns[index]
        guard let answer = model.conversation.answer(column.id) else { return }
        let (all, place) = model.conversation.tree.siblings(of: column.id)
        let name = TextGate.gate(answer.modelName, allowNewlines: false).text
        let inner = PaneBorder.draw(
            &frame, rect, title: "\(place + 1)/\(all.count) \(name)", note: "", focused: index == screen.focus)
        let (head, below) = inner.splitTop(1)
        frame.draw(stamp(answer, shared), x: head.x + 1, y: head.y, clip: head)
        let (text, foot) = below.splitBottom(below.height >= 3 ? 1 : 0)
        let rows = column.text.rows
        screen.columns[index].scroll = min(column.scroll, max(0, rows.count - text.height))
        let top = screen.columns[index].scroll
        let marks = screen.marksDifferences && screen.differences.marks.indices.contains(index)
        for row in top..<max(top, min(top + text.height, rows.count)) {
            draw(
                rows.row(row), marks ? screen.differences.marks[index][row] ?? [] : [], into: &frame, x: text.x + 1,
                y: text.y + row - top, clip: text)
        }
        let rest = rows.count - top - text.height
        let notes = [
            rest > 0 ? "↓ \(rest) more" : nil, marks ? screen.differences.agreements[index].words : nil,
            figures(answer),
        ].compactMap(\.self)
        frame.draw(notes.joined(separator: " · "), x: foot.x + 1, y: foot.y, style: Style(.textDim), clip: foot)
    }

    /// A row, with what differs marked.
    private static func draw(
        _ row: MarkdownRow, _ marks: [Range<Int>], into frame: inout Frame, x: Int, y: Int, clip: Rect
    ) {
        MarkdownRowView.draw(row, into: &frame, x: x, y: y, clip: clip, codeOffset: 0)
        guard !marks.isEmpty else { return }
        let bytes = Array(row.spans.map(\.text).joined().utf8)
        let start = x + row.leadWidth
        for mark in marks where mark.upperBound <= bytes.count {
            let before = CellWidth.width(of: String(decoding: bytes[..<mark.lowerBound], as: UTF8.self))
            let marked = CellWidth.width(of: String(decoding: bytes[mark], as: UTF8.self))
            frame.restyle(Rect(x: start + before, y: y, width: marked, height: 1).intersection(clip)) {
                $0 = Style(.diffAddedWord, [.bold, .underline])
            }
        }
    }

    /// The parameters, those that not all columns share in bold.
    private static func stamp(_ answer: Answer, _ shared: Set<String>) -> [Span] {
        parts(answer).flatMap { part in
            [
                Span(part, shared.contains(part) ? .textDim : .textStrong, shared.contains(part) ? [] : .bold),
                Span(" ", .text),
            ]
        }
    }

    private static func parts(_ answer: Answer) -> [String] {
        TextGate.gate(answer.stamp.parameters, allowNewlines: false).text.split(separator: " ").map(String.init)
    }

    private static func sharedStamp(_ screen: CompareScreen, _ model: AppModel) -> Set<String> {
        let all = screen.columns.compactMap { model.conversation.answer($0.id) }.map { Set(parts($0)) }
        return all.dropFirst().reduce(all.first ?? []) { $0.intersection($1) }
    }

    private static func figures(_ answer: Answer) -> String {
        switch answer.state {
        case .waiting: return "waiting"
        case .streaming: return "streaming ↓\(MeterText.output(answer))"
        case .cancelled: return "✗ cancelled · ↓\(MeterText.output(answer)) · \(MeterText.cost(answer.cost))"
        case .failed(let error): return "✗ \(error.kind.rawValue)"
        case .complete where answer.isImported: return "imported"
        case .complete: break
        }
        var parts = ["↑\(MeterText.input(answer)) ↓\(MeterText.output(answer))", MeterText.cost(answer.cost)]
        if let first = answer.timing.timeToFirstToken { parts.append("TTFT " + MeterText.seconds(first)) }
        if let speed = answer.timing.tokensPerSecond(answer.outputTokens) { parts.append(MeterText.speed(speed)) }
        return parts.joined(separator: " · ")
    }

    /// All keys with what they do.
    private static func drawKeys(into frame: inout Frame) {
        let keys: [DialogKey] =
            DialogKey.comparison + [.rowUp, .rowDown, .viewUp, .viewDown, .top, .take, .close, .leave]
        let column = keys.reduce(0) { max($0, CellWidth.width(of: labels($1))) } + 2
        let inner = OverlayView.box(
            &frame, width: 72, height: keys.count + 2, title: "keys of the comparison", note: "any key closes")
        for (row, key) in keys.prefix(inner.height).enumerated() {
            frame.draw(labels(key), x: inner.x + 1, y: inner.y + row, style: Style(.footerKey), clip: inner)
            frame.draw(key.summary, x: inner.x + 1 + column, y: inner.y + row, style: Style(.text), clip: inner)
        }
    }

    private static func labels(_ key: DialogKey) -> String { key.chords.map(\.label).joined(separator: ", ") }

    private static func drawFoot(_ screen: CompareScreen, hidden: Int, into frame: inout Frame, rect: Rect) {
        guard !rect.isEmpty else { return }
        HintLine.draw(keys(screen, hidden: hidden, room: rect.width - 1), into: &frame, rect: rect)
    }

    /// The keys with what they do: some in fewer words where there is little room, and then without those that are missed least.
    static func keys(_ screen: CompareScreen, hidden: Int, room: Int) -> [(String, String)] {
        var keys: [(key: DialogKey, words: String)] = [
            (.nextColumn, hidden > 0 ? "next (\(hidden) more)" : "next"),
            (.marks, screen.marksDifferences ? "no marks" : "mark differences"),
            (.together, screen.isSynced ? "scroll alone" : "scroll together"), (.askAgain, "ask again"),
            (.take, "go on from it"), (.close, "closes"),
        ]
        if screen.columns.count > 2 { keys.insert((.closeColumn, "close column"), at: 4) }
        var isTight: Bool {
            keys.reduce(0) { $0 + CellWidth.width(of: $1.key.label) + CellWidth.width(of: $1.words) + 3 } - 2 > room
        }
        let shorter: [(DialogKey, String)] = [
            (.closeColumn, "drop"), (.together, screen.isSynced ? "alone" : "together"), (.askAgain, "again"),
            (.take, "go on"), (.marks, screen.marksDifferences ? "no marks" : "marks"),
        ]
        for (key, words) in shorter where isTight {
            guard let index = keys.firstIndex(where: { $0.key == key }) else { continue }
            keys[index].words = words
        }
        for missed in [DialogKey.closeColumn, .together, .askAgain, .marks, .nextColumn, .take] where isTight {
            keys.removeAll { $0.key == missed }
        }
        return keys.map { ($0.key.label, $0.words) }
    }
}
