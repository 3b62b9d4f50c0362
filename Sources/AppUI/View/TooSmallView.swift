import TerminalKit

/// What a window shows that has no room for the prompt: how much it needs, and what must be read.
enum TooSmallView {
    static func draw(_ model: AppModel, into frame: inout Frame) {
        let size = frame.size
        guard size.width > 0, size.height > 0 else { return }
        var rows = rows(size).map { Span($0, .text) }
        if let urgent = urgent(model) {
            var wrapped = WrappedText(width: size.width)
            wrapped.append(TextGate.gate(urgent, allowNewlines: false).text)
            let urgent = (0..<wrapped.count).map { Span(wrapped.row($0).text, .warning, .bold) }
            // What must be read comes before what is seen anyway.
            rows = Array(rows.prefix(max(0, size.height - urgent.count))) + urgent.prefix(size.height)
        }
        let top = (size.height - rows.count) / 2
        for (offset, row) in rows.enumerated() {
            let x = max(0, (size.width - CellWidth.width(of: row.text)) / 2)
            frame.draw(row.text, x: x, y: top + offset, style: row.style, clip: frame.bounds)
        }
    }

    /// The longest way of saying it for which there is room.
    static func rows(_ size: Size) -> [String] {
        let needs = "needs \(text(WorkspaceLayout.minimum))"
        let has = "has \(text(size))"
        let ways = [
            ["window too small: \(needs), \(has)"], ["window too small", "\(needs), \(has)"],
            ["window too small", needs, has], ["too small", needs, has], ["too small", needs], [needs],
            [text(WorkspaceLayout.minimum)],
        ]
        return ways.first { way in
            way.count <= size.height && way.allSatisfy { CellWidth.width(of: $0) <= size.width }
        } ?? []
    }

    private static func text(_ size: Size) -> String { "\(size.width)x\(size.height)" }

    private static func urgent(_ model: AppModel) -> String? {
        if case .confirmQuit = model.overlay { return OverlayView.quitQuestion }
        return model.flash?.text
    }
}
