import Conversations
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
            let isLast = offset == fits - 1
            let rect = Rect(
                x: body.x + offset * width, y: body.y, width: isLast ? body.width - offset * width : width,
                height: body.height)
            lay(out: &screen, first + offset, model, rect)
        }
        if screen.marksDifferences { screen.compare() }
        for offset in 0..<fits where screen.columns.indices.contains(first + offset) {
            let isLast = offset == fits - 1
            let rect = Rect(
                x: body.x + offset * width, y: body.y, width: isLast ? body.width - offset * width : width,
                height: body.height)
            drawColumn(first + offset, &screen, model, shared, into: &frame, rect: rect)
        }
        drawFoot(screen, hidden: screen.columns.count - fits, into: &frame, rect: foot)
        model.overlay = .compare(screen)
    }

    private static func lay(out screen: inout CompareScreen, _ index: Int, _ model: AppModel, _ rect: Rect) {
        guard let answer = model.conversation.answer(screen.columns[index].id) else { return }
        let isWhole = !answer.state.isRunning
        screen.columns[index].text.take(
            answer.response.refusal ?? answer.response.text, isWhole: isWhole, width: max(1, rect.width - 3))
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
        let wrapped = column.text.shown
        screen.columns[index].scroll = min(column.scroll, max(0, wrapped.count - text.height))
        let top = screen.columns[index].scroll
        let marks =
            screen.marksDifferences && screen.differences.marks.indices.contains(index)
            ? screen.differences.marks[index] : []
        for row in 0..<max(0, min(text.height, wrapped.count - top)) {
            draw(wrapped.row(top + row), marks, into: &frame, x: text.x + 1, y: text.y + row, clip: text)
        }
        let rest = wrapped.count - top - text.height
        let figures = rest > 0 ? "↓ \(rest) more · " : ""
        frame.draw(figures + Self.figures(answer), x: foot.x + 1, y: foot.y, style: Style(.textDim), clip: foot)
    }

    /// A row, with what differs marked.
    private static func draw(
        _ row: WrappedText.Row, _ marks: [Range<Int>], into frame: inout Frame, x: Int, y: Int, clip: Rect
    ) {
        let start = x + row.indent
        frame.draw(row.text, x: start, y: y, style: Style(.text), clip: clip)
        guard !marks.isEmpty else { return }
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].upperBound <= row.source.lowerBound { low = middle + 1 } else { high = middle }
        }
        let bytes = Array(row.text.utf8)
        for mark in marks[low...].prefix(while: { $0.lowerBound < row.source.upperBound }) {
            let from = max(0, mark.lowerBound - row.source.lowerBound)
            let to = min(bytes.count, mark.upperBound - row.source.lowerBound)
            guard from < to else { continue }
            let before = CellWidth.width(of: String(decoding: bytes[..<from], as: UTF8.self))
            let marked = CellWidth.width(of: String(decoding: bytes[from..<to], as: UTF8.self))
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

    private static func drawFoot(_ screen: CompareScreen, hidden: Int, into frame: inout Frame, rect: Rect) {
        guard !rect.isEmpty else { return }
        let sync = screen.isSynced ? "scroll alone" : "scroll together"
        let marks = screen.marksDifferences ? "no marks" : "mark differences"
        var x = rect.x + 1
        let keys = [
            (DialogKey.nextColumn, hidden > 0 ? "next (\(hidden) more)" : "next"), (.marks, marks), (.together, sync),
            (.askAgain, "ask again"), (.closeColumn, "close column"), (.take, "go on from it"), (.close, "closes"),
        ].map { ($0.label, $1) }
        for (key, label) in keys {
            guard x + key.count + label.count + 1 <= rect.maxX else { break }
            x = frame.draw(key, x: x, y: rect.y, style: Style(.footerKey), clip: rect)
            x = frame.draw(" \(label)  ", x: x, y: rect.y, style: Style(.textDim), clip: rect)
        }
    }
}

extension CompareScreen {
    /// Finds anew what differs, unless the texts are as they were.
    mutating func compare() {
        let lengths = columns.map { $0.text.wrapped.sourceCount }
        guard differences.lengths != lengths, let first = columns.first else { return }
        let base = first.text.source
        differences = Differences(
            marks: columns.indices.map { $0 == 0 ? [] : WordDifference.marks(of: columns[$0].text.source, from: base) },
            lengths: lengths)
    }
}
