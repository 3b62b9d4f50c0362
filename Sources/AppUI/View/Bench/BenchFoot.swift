import Benchmarking
import ProviderCore
import TerminalKit

/// The lowest line: keys, a message, a question, or what is typed. What needs more room takes the rows above.
enum BenchFoot {
    /// Columns that are left to type in, at least.
    private static let leastTyped = 12

    static func draw(_ screen: BenchScreen, _ keys: Keymap, _ area: Rect, into frame: inout Frame) {
        if let entry = screen.entry {
            drawTyped(label(entry.purpose, screen), entry.editor, entry.problem ?? "", area, into: &frame)
        } else if let filtering = screen.filtering {
            drawTyped("only:", filtering, "", area, into: &frame)
        } else if screen.asksToLeave {
            let (lines, stop) = (DialogKey.goOnWithLines.label, DialogKey.stopRun.label)
            let text = "The run is not over. \(lines) go on with lines · \(stop) stop it · any other key: stay"
            draw(text, Style(.warning, .bold), area, into: &frame)
        } else if let flash = screen.flash {
            let role: ThemeRole = flash.level == .error ? .error : flash.level == .warning ? .warning : .text
            draw(BenchText.gated(flash.text), Style(role), area, into: &frame)
        } else {
            HintLine.draw(fitted(hints(screen, keys), area.width - 1), into: &frame, rect: area)
        }
    }

    /// Text that is read to its end, in as many rows as it takes.
    private static func draw(_ text: String, _ style: Style, _ area: Rect, into frame: inout Frame) {
        var wrapped = WrappedText(width: max(1, area.width - 1))
        wrapped.append(text)
        let rows = min(wrapped.count, 4)
        let rect = Rect(x: area.x, y: area.maxY - rows, width: area.width, height: rows)
        frame.fill(rect, style: style)
        for row in 0..<rows {
            frame.draw(" " + wrapped.row(row).text, x: rect.x, y: rect.y + row, style: style, clip: rect)
        }
    }

    // MARK: What is typed

    private static func label(_ purpose: RunEntry.Purpose, _ screen: BenchScreen) -> String {
        switch purpose {
        case .concurrency: "trials at once (now \(screen.progress.limit)):"
        case .budget: "spend at most, in dollars (now \(screen.progress.cap?.display ?? "no cap")):"
        case .limits: "requests and tokens a minute (now \(BenchText.caps(screen.progress.caps))):"
        }
    }

    private static func drawTyped(
        _ label: String, _ editor: LineEditor, _ problem: String, _ area: Rect, into frame: inout Frame
    ) {
        let typed = max(leastTyped, CellWidth.width(of: editor.text) + 1)
        let trouble = problem.isEmpty ? "" : "   " + problem
        let isOneRow = CellWidth.width(of: label) + typed + CellWidth.width(of: trouble) + 2 <= area.width
        if !isOneRow {
            let above = problem.isEmpty ? label : problem
            let row = Rect(x: area.x, y: area.y - 1, width: area.width, height: 2)
            frame.fill(row, style: Style(.text))
            let style = problem.isEmpty ? Style(.footerKey, .bold) : Style(.error)
            let text = CellWidth.truncate(" " + above, to: area.width)
            frame.draw(text, x: area.x, y: area.y - 1, style: style, clip: frame.bounds)
        }
        let lead = isOneRow ? " \(label) " : " > "
        let start = frame.draw(lead, x: area.x, y: area.y, style: Style(.footerKey, .bold), clip: area)
        let room = max(1, area.maxX - start - 1 - (isOneRow ? CellWidth.width(of: trouble) : 0))
        let layout = editor.layout(width: room)
        let row = layout.rows[layout.cursor.y]
        let end = frame.draw(editor.rowText(row), x: start, y: area.y, style: Style(.prompt), clip: area)
        if isOneRow { frame.draw(trouble, x: end, y: area.y, style: Style(.error), clip: area) }
        frame.cursor = Position(x: min(start + layout.cursor.x, area.maxX - 1), y: area.y)
    }

    // MARK: Keys

    private struct Hint {
        let key: String
        let label: String
        /// How soon it is wanted where there is little room.
        let rank: Int
    }

    /// The keys that are wanted most, in the order in which all stand.
    private static func fitted(_ hints: [Hint], _ width: Int) -> [(String, String)] {
        var room = width + 2
        var kept: Set<Int> = []
        for (index, hint) in hints.enumerated().sorted(by: {
            ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
        }) {
            let needed = CellWidth.width(of: hint.key) + CellWidth.width(of: hint.label) + 3
            guard needed <= room else { continue }
            room -= needed
            kept.insert(index)
        }
        return hints.indices.filter(kept.contains).map { (hints[$0].key, hints[$0].label) }
    }

    private static func hints(_ screen: BenchScreen, _ keys: Keymap) -> [Hint] {
        func hint(_ command: Command, _ label: String, _ rank: Int) -> Hint? {
            keys.runHint(of: command).map { Hint(key: $0, label: label, rank: rank) }
        }
        if screen.viewer != nil {
            let chat = screen.opensConversations ? hint(.runChat, "as a conversation", 1) : nil
            let fixed = [
                Hint(key: DialogKey.close.label, label: "closes", rank: 0),
                Hint(key: DialogKey.viewDown.label, label: "pages", rank: 3),
            ]
            return fixed + [chat, hint(.help, "help", 2)].compactMap(\.self)
        }
        let opens = screen.part == .live ? "stream" : screen.part == .ended ? "transcript" : "its trials"
        let all = [hint(.runOpen, opens, 3), hint(.nextPane, "lists", 2)] + changes(screen, hint)
        return
            (all + [
                hint(.runFailures, screen.onlyFailures ? "all" : "failures", 6), hint(.runFilter, "filter", 8),
                hint(.runSort, "sort", 10), hint(.runLeave, "leave", 1), hint(.help, "help", 0),
            ]).compactMap(\.self)
    }

    /// Keys that change the run.
    private static func changes(_ screen: BenchScreen, _ hint: (Command, String, Int) -> Hint?) -> [Hint?] {
        if screen.canBeResumed {
            return [hint(.runResume, screen.opensConversations ? "go on with it" : "how to go on", 2)]
        }
        guard !screen.isWatched, !screen.isOver else { return [] }
        if case .stopping = screen.progress.phase { return [hint(.runCut, "cut what runs", 4)] }
        let pause = screen.progress.phase == .paused ? "go on" : "pause"
        return [
            hint(.runPause, pause, 4), hint(.runConcurrency, "at once", 5), hint(.runLimits, "limits", 9),
            hint(.runBudget, "budget", 7), hint(.runStop, "stop", 5),
        ]
    }
}
