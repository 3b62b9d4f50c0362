import TerminalKit

/// The list that completes the prompt, over the prompt's upper edge.
enum CompletionList {
    private static let mostRows = 8

    static func draw(_ model: inout AppModel, into frame: inout Frame, over prompt: Rect) {
        guard model.overlay == nil, let list = model.completion.shown else { return }
        let rows = min(list.items.count, mostRows, max(0, prompt.y - 2))
        guard rows > 0 else { return }
        model.completion.setHeight(rows)
        let width = min(prompt.width, 78)
        let rect = Rect(x: prompt.x, y: prompt.y - rows - 2, width: width, height: rows + 2)
        frame.fill(rect, style: Style(.text))
        let note = "\(DialogKey.complete.label) completes, \(DialogKey.close.label) closes"
        let inner = PaneBorder.draw(&frame, rect, title: list.title, note: note, focused: true)
        let state = model.completion.list
        MoreRows(count: list.items.count, first: state.offset, height: rows).draw(into: &frame, border: rect)
        let labels = list.items.map { CellWidth.width(of: $0.label) }
        let column = min(max(labels.max() ?? 0, 8), max(8, inner.width / 2))
        for (offset, index) in state.visible.enumerated() {
            let item = list.items[index]
            let y = inner.y + offset
            let mark = index == state.selected ? "▸ " : "  "
            let x = frame.draw(mark, x: inner.x, y: y, style: Style(.footerKey), clip: inner)
            frame.draw(CellWidth.truncate(item.label, to: column), x: x, y: y, style: Style(.text), clip: inner)
            let note = CellWidth.truncate(item.note, to: max(0, inner.maxX - x - column - 2))
            frame.draw(note, x: x + column + 2, y: y, style: Style(.textDim), clip: inner)
            if index == state.selected {
                frame.restyle(Rect(x: inner.x, y: y, width: inner.width, height: 1)) { $0.role = .selection }
            }
        }
    }
}
