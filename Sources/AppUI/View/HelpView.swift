import TerminalKit

/// The key table over the panes.
enum HelpView {
    /// Columns of the keys.
    private static let keyColumn = 26

    static func draw(_ open: HelpScreen, _ model: inout AppModel, into frame: inout Frame) {
        var screen = open
        let sections = KeySection.all(model.keys, first: screen.pane)
        draw(&screen, sections, into: &frame)
        model.overlay = .help(screen)
    }

    /// Draws help of these sections.
    static func draw(_ screen: inout HelpScreen, _ sections: [KeySection], into frame: inout Frame) {
        let lines = lines(sections, screen, width: OverlayView.textWidth(frame.size))
        let height = OverlayView.textHeight(rows: lines.count, frame.size)
        screen.mostScroll = max(0, lines.count - height)
        screen.scroll = min(screen.scroll, screen.mostScroll)
        let rest = lines.count - screen.scroll - height
        OverlayView.drawRows(
            Array(lines.dropFirst(screen.scroll).prefix(height)), of: lines.count, title: "help", first: screen.scroll,
            into: &frame, foot: foot(screen, rest: rest, width: OverlayView.textWidth(frame.size)))
    }

    private static func foot(_ screen: HelpScreen, rest: Int, width: Int) -> String {
        let find = DialogKey.find.label
        let more = rest > 0 ? "\(rest) more: \(DialogKey.pageDown.label) · " : ""
        if screen.isFinding { return " \(find)\(screen.find?.text ?? "")▏ \(more)" }
        if !screen.wanted.isEmpty { return " \(more)\(find)\(screen.wanted) · \(DialogKey.close.label) shows all " }
        let closes = "\(DialogKey.close.label) closes "
        // Whole words only: what has no room is left out, the way out last.
        return [" \(more)\(find) looks for a text · \(closes)", " \(more)\(closes)"]
            .first { CellWidth.width(of: $0) <= width } ?? " \(closes)"
    }

    /// The rows that have every word looked for, below their headings.
    static func lines(_ sections: [KeySection], _ screen: HelpScreen, width: Int) -> [[Span]] {
        let words = screen.wanted.lowercased().split(separator: " ")
        var lines: [[Span]] = []
        for section in sections {
            let rows = section.rows.filter { row in
                let text = (row.keys + row.longKeys + [row.name, row.summary, section.title]).joined(separator: " ")
                    .lowercased()
                return words.allSatisfy { text.contains($0) }
            }
            guard !rows.isEmpty else { continue }
            if !lines.isEmpty { lines.append([]) }
            lines.append([Span(section.title, .markdownHeading, .bold)])
            lines += rows.flatMap { line($0, width: width) }
            if words.isEmpty, let note = section.note { lines += wrapped(note, width: width) }
        }
        return lines.isEmpty ? [[Span("No key has this.", .textDim)]] : lines
    }

    /// Keys, what they do, and where the user bound it; keys for which the column has no room stand below.
    private static func line(_ row: KeySection.Row, width: Int) -> [[Span]] {
        let place = row.place.map { "  " + TextGate.gate($0, allowNewlines: false).text } ?? ""
        let room = max(8, width - keyColumn - CellWidth.width(of: place))
        return filled(row.keys).enumerated().map { index, keys in
            let pad = String(repeating: " ", count: max(1, keyColumn - 2 - CellWidth.width(of: keys)))
            let head = Span("  " + keys + (index == 0 ? pad : ""), .footerKey)
            guard index == 0 else { return [head] }
            return [head, Span(CellWidth.truncate(row.summary, to: room), .text), Span(place, .textDim)]
        }
    }

    /// Keys in as few rows of their column as hold them.
    private static func filled(_ keys: [String]) -> [String] {
        keys.reduce(into: []) { rows, key in
            if let last = rows.last, CellWidth.width(of: last) + CellWidth.width(of: key) + 5 <= keyColumn {
                rows[rows.count - 1] = last + ", " + key
            } else {
                rows.append(key)
            }
        }
    }

    private static func wrapped(_ note: String, width: Int) -> [[Span]] {
        var text = WrappedText(width: max(1, width - 2))
        text.append(note)
        return (0..<text.count).map { [Span("  " + text.row($0).text, .textDim)] }
    }
}
