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

    /// Where it stands on a screen; nil when there is no room, so that the hint line has to tell.
    private static func place(_ entries: [(String, String)], _ size: Size, over hint: Int) -> (Rect, column: Int)? {
        let column = entries.map { CellWidth.width(of: $0) + CellWidth.width(of: $1) + 1 + gap }.max() ?? 0
        let columns = max(1, (size.width - 4) / max(1, column))
        let rows = (entries.count + columns - 1) / columns
        guard rows > 0, hint - rows - 2 >= 2 else { return nil }
        return (Rect(x: 0, y: hint - rows - 2, width: size.width, height: rows + 2), column)
    }

    /// What the hint line tells meanwhile.
    static func hints(_ keys: Keymap, after pressed: [KeyChord], _ size: Size) -> [(String, String)] {
        let entries = entries(keys, after: pressed)
        return place(entries, size, over: size.height - 1) == nil ? entries : [(DialogKey.close.label, "leaves")]
    }

    /// Draws it where there is room.
    static func draw(_ model: AppModel, into frame: inout Frame, over hint: Rect) {
        guard let pressed = model.leaderKeys, model.overlay == nil, !hint.isEmpty else { return }
        let entries = entries(model.keys, after: pressed)
        guard let (rect, column) = place(entries, frame.size, over: hint.y) else { return }
        frame.fill(rect, style: Style(.text))
        let keys = (model.keys.firstKeys(of: .leader)?.keys ?? []) + pressed
        let inner = PaneBorder.draw(&frame, rect, title: keys.label, note: "", focused: true)
        for (index, entry) in entries.enumerated() {
            let x = inner.x + 1 + index / inner.height * column
            let y = inner.y + index % inner.height
            let next = frame.draw(entry.0, x: x, y: y, style: Style(.footerKey), clip: inner)
            frame.draw(" " + entry.1, x: next, y: y, style: Style(.text), clip: inner)
        }
    }
}
