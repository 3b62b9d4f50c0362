import Benchmarking
import ProviderCore
import TerminalKit

/// Draws the screen of a run.
enum BenchView {
    /// Below this nothing has room.
    static let minimum = Size(width: 40, height: 8)
    private static let wideFrom = Size(width: 100, height: 26)

    static func draw(
        _ screen: inout BenchScreen, _ keys: Keymap, now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        frame.fill(frame.bounds, style: Style(.text))
        frame.cursor = nil
        let size = frame.size
        guard size.width >= minimum.width, size.height >= minimum.height else {
            let text = CellWidth.truncate("needs \(minimum.width)x\(minimum.height)", to: size.width)
            frame.draw(text, x: 0, y: 0, style: Style(.text), clip: frame.bounds)
            return
        }
        screen.settleLists()
        let (body, foot) = frame.bounds.splitBottom(1)
        let (head, rest) = body.splitTop(4)
        for (offset, line) in BenchHead.lines(screen, width: size.width, now: now).enumerated() {
            frame.draw(line, x: head.x, y: head.y + offset, clip: head)
        }
        if size.width >= wideFrom.width, size.height >= wideFrom.height {
            drawWide(&screen, rest, now, into: &frame)
        } else {
            drawNarrow(&screen, rest, now, into: &frame)
        }
        if screen.viewer != nil { drawViewer(&screen, now, into: &frame) }
        drawFoot(screen, keys, foot, into: &frame)
        if let picker = screen.palette { OverlayView.drawPicker(picker, into: &frame, width: 90) }
        if var help = screen.help {
            HelpView.draw(&help, KeySection.run(keys), into: &frame)
            screen.help = help
        }
    }

    // MARK: Parts

    private static func drawWide(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        let endpoints = min(4, screen.progress.endpoints.count)
        let fixed = 2 + endpoints + 1 + 1
        let cells = min(screen.shownCells.count, max(2, (area.height - fixed) * 3 / 5))
        let (table, below) = area.splitTop(cells + 2)
        drawCells(&screen, table, into: &frame)
        let (middle, trials) = below.splitTop(endpoints + 2)
        rule("endpoints", "", isChosen: false, middle.splitTop(1).top, into: &frame)
        for (offset, endpoint) in screen.progress.endpoints.prefix(endpoints).enumerated() {
            let line = BenchEndpoints.line(endpoint, screen, width: area.width, now: now)
            frame.draw(line, x: middle.x, y: middle.y + 1 + offset, clip: middle)
        }
        frame.draw(
            BenchEndpoints.pulse(screen, width: area.width, now: now), x: middle.x, y: middle.maxY - 1, clip: middle)
        let (left, right) = trials.splitLeft(trials.width * 11 / 20)
        drawLive(&screen, left, now, into: &frame)
        let (gap, list) = right.splitLeft(1)
        for y in gap.y..<gap.maxY { frame.draw("│", x: gap.x, y: y, style: Style(.border), clip: gap) }
        drawEnded(&screen, list, into: &frame)
    }

    /// One list of trials at a time: that of those that run, unless the other one is chosen.
    private static func drawNarrow(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        let hasPulse = area.height >= 14
        let fixed = hasPulse ? 2 : 1
        let cells = min(screen.shownCells.count, max(1, (area.height - fixed - 5) / 2))
        let (table, below) = area.splitTop(min(cells + 2, max(2, area.height - fixed - 2)))
        drawCells(&screen, table, into: &frame)
        let (middle, trials) = below.splitTop(fixed)
        if let endpoint = screen.progress.endpoints.max(by: { urgency($0) < urgency($1) }) {
            let line = BenchEndpoints.line(endpoint, screen, width: area.width, now: now)
            frame.draw(line, x: middle.x, y: middle.y, clip: middle)
        }
        if hasPulse {
            let line = BenchEndpoints.pulse(screen, width: area.width, now: now)
            frame.draw(line, x: middle.x, y: middle.maxY - 1, clip: middle)
        }
        if screen.part == .ended {
            drawEnded(&screen, trials, into: &frame)
        } else {
            drawLive(&screen, trials, now, into: &frame)
        }
    }

    private static func urgency(_ endpoint: EndpointProgress) -> Int {
        switch endpoint.breaker {
        case .open: 2
        case .probing: 1
        case .closed: 0
        }
    }

    // MARK: Lists

    private static func drawCells(_ screen: inout BenchScreen, _ area: Rect, into frame: inout Frame) {
        let (rest, isChosen) = (area.splitTop(1), screen.part == .cells)
        rule("results", notes(screen), isChosen: isChosen, rest.top, into: &frame)
        let table = BenchTable(screen, width: area.width)
        frame.draw(table.head, x: area.x, y: area.y + 1, clip: area)
        let body = rest.rest.splitTop(1).rest
        screen.cells.setHeight(body.height)
        let shown = screen.shownCells
        for (offset, index) in screen.cells.visible.enumerated() where shown.indices.contains(index) {
            let cell = screen.progress.cells[shown[index]]
            let isRow = screen.row == BenchScreen.Row(task: cell.task, subject: cell.subject)
            let isSelected = isChosen && index == screen.cells.selected
            frame.draw(table.row(cell, isChosen: isSelected || isRow), x: body.x, y: body.y + offset, clip: body)
            if isSelected { select(body, offset, into: &frame) }
        }
    }

    private static func notes(_ screen: BenchScreen) -> String {
        var notes: [String] = []
        if screen.order != .suite { notes.append("by \(screen.order.rawValue)") }
        if !screen.filter.isEmpty { notes.append("only \"\(BenchText.gated(screen.filter))\"") }
        if let row = screen.row { notes.append("trials of \(BenchText.gated("\(row.task) \(row.subject)"))") }
        return notes.joined(separator: ", ")
    }

    private static func drawLive(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        let (top, body) = area.splitTop(1)
        let isChosen = screen.part == .live
        rule("live \(screen.live.count)", "", isChosen: isChosen, top, into: &frame)
        screen.live.setHeight(body.height)
        let slots = screen.shownSlots
        for (offset, index) in screen.live.visible.enumerated() where slots.indices.contains(index) {
            let isSelected = isChosen && index == screen.live.selected
            let line = BenchTrials.live(slots[index], screen, width: body.width, isChosen: isSelected, now: now)
            frame.draw(line, x: body.x, y: body.y + offset, clip: body)
            if isSelected { select(body, offset, into: &frame) }
        }
        if slots.isEmpty {
            frame.draw("  nothing runs", x: body.x, y: body.y, style: Style(.textDim), clip: body)
        }
    }

    private static func drawEnded(_ screen: inout BenchScreen, _ area: Rect, into frame: inout Frame) {
        let (top, body) = area.splitTop(1)
        let isChosen = screen.part == .ended
        let title = screen.onlyFailures ? "failures \(screen.ended.count)" : "ended \(screen.ended.count)"
        rule(title, "", isChosen: isChosen, top, into: &frame)
        screen.ended.setHeight(body.height)
        let trials = screen.shownEnded
        for (offset, index) in screen.ended.visible.enumerated() where trials.indices.contains(index) {
            let isSelected = isChosen && index == screen.ended.selected
            let line = BenchTrials.ended(trials[index], screen, width: body.width, isChosen: isSelected)
            frame.draw(line, x: body.x, y: body.y + offset, clip: body)
            if isSelected { select(body, offset, into: &frame) }
        }
        if trials.isEmpty {
            let text = screen.onlyFailures ? "  no failures" : "  nothing yet"
            frame.draw(text, x: body.x, y: body.y, style: Style(.textDim), clip: body)
        }
    }

    private static func select(_ body: Rect, _ offset: Int, into frame: inout Frame) {
        frame.restyle(Rect(x: body.x, y: body.y + offset, width: body.width, height: 1)) { $0.role = .selection }
    }

    private static func rule(
        _ title: String, _ note: String, isChosen: Bool, _ area: Rect, into frame: inout Frame
    ) {
        let style = Style(isChosen ? .borderFocus : .border, isChosen ? .bold : [])
        let line = String(repeating: "─", count: area.width)
        frame.draw(line, x: area.x, y: area.y, style: style, clip: area)
        let name = (isChosen ? "▸" : " ") + title + " " + (note.isEmpty ? "" : "· \(note) ")
        frame.draw(name, x: area.x + 1, y: area.y, style: style, clip: area)
    }

    // MARK: The line at the bottom

    private static func drawFoot(_ screen: BenchScreen, _ keys: Keymap, _ area: Rect, into frame: inout Frame) {
        if let entry = screen.entry { return drawEntry(entry, screen, area, into: &frame) }
        if let filtering = screen.filtering {
            return drawTyped("only: ", filtering, "", area, into: &frame)
        }
        if screen.asksToLeave {
            let (lines, stop) = (DialogKey.goOnWithLines.label, DialogKey.stopRun.label)
            let text = " The run is not over. \(lines) go on with lines · \(stop) stop it · any other key: stay"
            frame.draw(text, x: area.x, y: area.y, style: Style(.warning, .bold), clip: area)
            return
        }
        if let flash = screen.flash {
            let role: ThemeRole = flash.level == .error ? .error : flash.level == .warning ? .warning : .text
            frame.draw(" " + BenchText.gated(flash.text), x: area.x, y: area.y, style: Style(role), clip: area)
            return
        }
        HintLine.draw(hints(screen, keys), into: &frame, rect: area)
    }

    private static func drawEntry(_ entry: RunEntry, _ screen: BenchScreen, _ area: Rect, into frame: inout Frame) {
        let label: String
        switch entry.purpose {
        case .concurrency: label = "trials at once (now \(screen.progress.limit)): "
        case .budget: label = "spend at most, in dollars (now \(screen.progress.cap?.display ?? "no cap")): "
        case .limits: label = "requests and tokens a minute (now \(screen.progress.caps.words)): "
        }
        drawTyped(label, entry.editor, entry.problem ?? "", area, into: &frame)
    }

    private static func drawTyped(
        _ label: String, _ editor: LineEditor, _ problem: String, _ area: Rect, into frame: inout Frame
    ) {
        let start = frame.draw(" " + label, x: area.x, y: area.y, style: Style(.footerKey, .bold), clip: area)
        let layout = editor.layout(width: max(8, area.maxX - start - 2))
        let row = layout.rows[layout.cursor.y]
        let end = frame.draw(editor.rowText(row), x: start, y: area.y, style: Style(.prompt), clip: area)
        frame.draw("   " + problem, x: end, y: area.y, style: Style(.error), clip: area)
        frame.cursor = Position(x: min(start + layout.cursor.x, area.maxX - 1), y: area.y)
    }

    private static func hints(_ screen: BenchScreen, _ keys: Keymap) -> [(String, String)] {
        if screen.viewer != nil {
            let chat = screen.opensConversations ? keys.runHint(of: .runChat).map { [($0, "as a conversation")] } : nil
            return [(DialogKey.close.label, "closes"), (DialogKey.viewDown.label, "pages")] + (chat ?? [])
        }
        let opens = screen.part == .live ? "stream" : screen.part == .ended ? "transcript" : "its trials"
        let changes: [(Command, String)] =
            screen.isWatched || screen.isOver
            ? [] : [(.runPause, "pause"), (.runConcurrency, "at once"), (.runBudget, "budget"), (.runStop, "stop")]
        let all: [(Command, String)] =
            [(.runOpen, opens), (.nextPane, "lists")] + changes
            + [
                (.runFailures, "failures"), (.runFilter, "filter"), (.runSort, "sort"), (.runLeave, "leave"),
                (.help, "help"),
            ]
        return all.compactMap { command, label in keys.runHint(of: command).map { ($0, label) } }
    }

    // MARK: One trial

    private static func drawViewer(
        _ screen: inout BenchScreen, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        guard var viewer = screen.viewer, screen.progress.keys.indices.contains(viewer.trial) else { return }
        let key = screen.progress.keys[viewer.trial]
        let area = frame.bounds.splitBottom(1).rest.inset(
            horizontal: frame.size.width >= 100 ? 4 : 0, vertical: frame.size.height >= 30 ? 2 : 0)
        frame.fill(area, style: Style(.text))
        let name = "#\(viewer.trial) \(BenchText.name(key, repeats: screen.hasRepeats)) \(BenchText.gated(key.subject))"
        let slot = screen.progress.slots[viewer.trial]
        let note = slot.map { BenchTrials.activity($0, now).0 } ?? ""
        let inner = PaneBorder.draw(&frame, area, title: name, note: note, focused: true).inset(
            horizontal: 1, vertical: 0)
        viewer.layOut(width: inner.width, key: key)
        let rows: [[Span]]
        if viewer.detail != nil {
            rows = viewer.rows
        } else if let slot {
            rows =
                slot.activity == .open
                ? [[Span("another process reads its stream", .textDim)]] : TrialText.rows(slot, width: inner.width)
        } else {
            rows = [[Span(viewer.problem ?? "reading…", viewer.problem == nil ? .textDim : .error)]]
        }
        viewer.mostScroll = max(0, rows.count - inner.height)
        let first = min(viewer.scroll ?? viewer.mostScroll, viewer.mostScroll)
        for (offset, row) in rows.dropFirst(first).prefix(inner.height).enumerated() {
            frame.draw(row, x: inner.x, y: inner.y + offset, clip: inner)
        }
        screen.viewer = viewer
    }
}
