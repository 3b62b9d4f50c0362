import ProviderCore
import TerminalKit

/// The screen of what was spent: sums over time, bars per day and per model, and the last requests.
enum UsageView {
    static func draw(_ screen: UsageScreen, _ model: AppModel, into frame: inout Frame) {
        let size = frame.size
        let rect = frame.bounds.centered(width: min(110, size.width), height: max(1, size.height - 2))
        frame.fill(rect, style: Style(.text))
        frame.cursor = nil
        let title = model.connection.isDemo ? "usage of the demo: no real money" : "usage"
        let inner = PaneBorder.draw(&frame, rect, title: title, note: "\(DialogKey.close.label) closes", focused: true)
        guard inner.height > 1, inner.width > 4 else { return }
        let (body, foot) = inner.splitBottom(1)
        let lines = lines(screen, model, width: body.width - 2)
        let first = min(screen.scroll, max(0, lines.count - body.height))
        for (offset, line) in lines.dropFirst(first).prefix(body.height).enumerated() {
            frame.draw(line, x: body.x + 1, y: body.y + offset, clip: body)
        }
        let rest = max(0, lines.count - first - body.height)
        let other = screen.page == .sums ? "requests" : "sums"
        let more = rest > 0 ? "\(rest) more below · " : ""
        frame.draw(
            "\(more)\(DialogKey.page.label) \(other) · \(DialogKey.reload.label) reads again · ~ estimate · a–b: not known to the end",
            x: foot.x + 1, y: foot.y,
            style: Style(.textDim), clip: foot)
    }

    /// The rows of the screen in its state.
    static func lines(_ screen: UsageScreen, _ model: AppModel, width: Int) -> [[Span]] {
        switch screen.state {
        case .reading: [[Span("reading the ledger…", .textDim)]]
        case .failed(let problem):
            CallText.wrapped(problem, width: width, role: .error)
        case .read(let report) where report.spans.last?.sum.requests == 0:
            [[Span("Nothing is booked yet. Each request appears here, whether of the workspace or of ask.", .textDim)]]
        case .read(let report):
            screen.page == .sums ? sums(report, model, width: width) : requests(report.requests, width: width)
        }
    }

    private static func sums(_ report: UsageReport, _ model: AppModel, width: Int) -> [[Span]] {
        var lines: [[Span]] = report.spans.map { span in
            let cap = span.name == "today" ? model.connection.caps[.day]?.hard : nil
            return [
                Span(pad(span.name, 9), .textDim), Span(padLeft(span.sum.display, 16), .cost, .bold),
                Span(cap.map { " of \($0.display)" } ?? "", .textDim), Span("  " + counts(span.sum), .text),
            ]
        }
        lines += [[], [Span("per day", .title, .bold)]] + bars(report.days, width: width) { String($0.key) }
        lines += [[], [Span("per model", .title, .bold)]]
        lines += bars(report.models, width: width) { TextGate.gate($0.key, allowNewlines: false).text }
        return lines
    }

    /// A bar for each row, the longest for the dearest.
    private static func bars(_ rows: [UsageRow], width: Int, name: (UsageRow) -> String) -> [[Span]] {
        let names = rows.map(name)
        let column = min(max(10, names.map { CellWidth.width(of: $0) }.max() ?? 10), max(10, width / 4))
        let cells = max(4, min(40, width - column - 46))
        let most = rows.map(\.spent).max() ?? .zero
        return zip(rows, names).map { row, name in
            let full = length(row.spent, of: most, cells: cells)
            return [
                Span(pad(CellWidth.truncate(name, to: column), column + 1), .text),
                Span(String(repeating: "█", count: full), .meterLow),
                Span(String(repeating: "░", count: cells - full), .textDim),
                Span(padLeft(row.display, 16), .cost), Span("  " + counts(row), .textDim),
            ]
        }
    }

    /// Cells of a bar: at least one for anything that cost something.
    static func length(_ amount: Money, of most: Money, cells: Int) -> Int {
        guard amount > .zero, most > .zero else { return 0 }
        let share = Double(amount.picodollars) / Double(most.picodollars)
        return max(1, min(cells, Int((share * Double(cells)).rounded())))
    }

    private static func requests(_ rows: [UsageRow], width: Int) -> [[Span]] {
        rows.map { row in
            let detail = row.detail
            let state = detail?.state ?? .unknown
            let name = TextGate.gate(detail?.answeredBy ?? detail?.model ?? "", allowNewlines: false).text
            let room = max(8, min(28, width - 62))
            let tokens =
                "\(row.usage.inputTokens.map(MeterText.count) ?? "–") in "
                + "\(row.usage.outputTokens.map(MeterText.count) ?? "–") out"
            return [
                Span(row.key + " ", .textDim), Span(pad(CellWidth.truncate(name, to: room), room + 1), .text),
                Span(pad(state.rawValue, 10), role(state)), Span(padLeft(row.display, 12), .cost),
                Span("  " + pad(tokens, 16), .text), Span(detail?.error ?? "", .warning),
            ]
        }
    }

    private static func role(_ state: LedgerState) -> ThemeRole {
        switch state {
        case .settled: .text
        case .estimated, .intent, .open: .warning
        case .refused: .textDim
        case .unknown: .error
        }
    }

    private static func counts(_ row: UsageRow) -> String {
        let input = row.usage.inputTokens.map(MeterText.count) ?? "–"
        let output = row.usage.outputTokens.map(MeterText.count) ?? "–"
        return "\(row.requests) request\(row.requests == 1 ? "" : "s"), \(input) in, \(output) out"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - CellWidth.width(of: text)))
    }

    private static func padLeft(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - CellWidth.width(of: text))) + text
    }
}
