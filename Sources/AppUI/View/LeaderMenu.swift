import TerminalKit

/// What can follow the leader, in columns over the hint line. It shows at once and stays until a key comes.
enum LeaderMenu {
    private static let gap = 2

    /// Keys that can follow those pressed, with what they do; a key that more keys follow ends in `…`.
    static func entries(_ keys: Keymap, after pressed: [KeyChord]) -> [(String, String)] {
        var entries: [(String, String)] = []
        for binding in keys.bindings(in: .leader) {
            guard let sequence = binding.keys.first(where: { $0.count > pressed.count && $0.starts(with: pressed) })
            else {
                continue
            }
            let next = sequence[pressed.count].label
            guard sequence.count > pressed.count + 1 else {
                entries.append((next, binding.command.name))
                continue
            }
            if !entries.contains(where: { $0.0 == next }) { entries.append((next, "…")) }
        }
        return entries
    }

    /// Draws it where there is room; where there is not the hint line alone tells.
    static func draw(_ model: AppModel, into frame: inout Frame, over hint: Rect) {
        guard let pressed = model.leaderKeys, model.overlay == nil, !hint.isEmpty else { return }
        let entries = entries(model.keys, after: pressed).map { (key: $0.0, label: $0.1) }
        let width = entries.map { CellWidth.width(of: $0.key) + CellWidth.width(of: $0.label) + 1 + gap }.max() ?? 0
        let columns = max(1, (frame.size.width - 4) / max(1, width))
        let rows = (entries.count + columns - 1) / columns
        let rect = Rect(x: 0, y: hint.y - rows - 2, width: frame.size.width, height: rows + 2)
        guard rect.y >= 2, rows > 0 else { return }
        frame.fill(rect, style: Style(.text))
        let keys = (model.keys.firstKeys(of: .leader)?.keys ?? []) + pressed
        let note = "\(DialogKey.close.label) leaves"
        let inner = PaneBorder.draw(&frame, rect, title: keys.label, note: note, focused: true)
        for (index, entry) in entries.enumerated() {
            let x = inner.x + 1 + index / rows * width
            let next = frame.draw(entry.key, x: x, y: inner.y + index % rows, style: Style(.footerKey), clip: inner)
            frame.draw(" " + entry.label, x: next, y: inner.y + index % rows, style: Style(.text), clip: inner)
        }
    }
}
