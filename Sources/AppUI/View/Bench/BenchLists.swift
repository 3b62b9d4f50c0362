import Benchmarking
import ProviderCore
import TerminalKit

/// The lists of the screen of a run, each below a rule that names it.
enum BenchLists {
    /// Rows in which the stream of the chosen trial says something, with its rule.
    private static let leastStream = 3

    private static let hidden = "nothing here fits what is shown only"

    static func drawCells(_ screen: inout BenchScreen, _ area: Rect, into frame: inout Frame) {
        let (top, rest) = area.splitTop(1)
        let (head, body) = rest.splitTop(1)
        let isChosen = screen.part == .cells
        screen.cells.setHeight(body.height)
        let isCut = screen.cells.visible.count < screen.cells.count
        let title = "results" + (isCut ? range(screen.cells) : "")
        rule(title, notes(screen), isChosen: isChosen, top, into: &frame)
        let table = BenchTable(screen, width: area.width)
        frame.draw(table.head, x: head.x, y: head.y, clip: head)
        let shown = screen.shownCells
        for (offset, index) in screen.cells.visible.enumerated() where shown.indices.contains(index) {
            let cell = screen.progress.cells[shown[index]]
            let isRow = screen.row == BenchScreen.Row(task: cell.task, subject: cell.subject)
            let isSelected = isChosen && index == screen.cells.selected
            frame.draw(table.row(cell, isChosen: isSelected || isRow), x: body.x, y: body.y + offset, clip: body)
            if isSelected { select(body, offset, into: &frame) }
        }
        if shown.isEmpty { tell("no row matches", body, into: &frame) }
    }

    private static func notes(_ screen: BenchScreen) -> String {
        var notes: [String] = []
        if screen.order != .suite { notes.append("by \(screen.order.rawValue)") }
        if !screen.filter.isEmpty { notes.append("only \"\(BenchText.gated(screen.filter))\"") }
        if let row = screen.row { notes.append("trials of \(BenchText.gated("\(row.task) \(row.subject)"))") }
        return notes.joined(separator: ", ")
    }

    /// The trials that run, and below them what the chosen one streams. `news`: the last failure, where its list is not shown.
    /// `isAlone`: no other list is shown that says to what all are narrowed.
    static func drawLive(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, news: EndedTrial?,
        isAlone: Bool = false, into frame: inout Frame
    ) {
        let (top, body) = area.splitTop(1)
        let isChosen = screen.part == .live
        let slots = screen.shownSlots
        let stream = streamHeight(slots, room: body.height)
        let (list, below) = body.splitTop(body.height - stream)
        screen.live.setHeight(list.height)
        let change = screen.progress.lastChange.map { "\($0.from) to \($0.to): \(BenchText.gated($0.reason))" }
        let told = news.map { BenchTrials.news($0, screen) }
        let narrowed = isAlone ? notes(screen) : ""
        let note = narrowed.isEmpty ? change ?? "" : narrowed
        rule(
            "live\(range(screen.live))", note, isChosen: isChosen, top, right: narrowed.isEmpty ? told : nil,
            into: &frame)
        let place = BenchTrials.livePlace(slots[screen.live.visible], screen, width: list.width)
        for (offset, index) in screen.live.visible.enumerated() where slots.indices.contains(index) {
            let isSelected = isChosen && index == screen.live.selected
            let line = BenchTrials.live(
                slots[index], screen, place: place, width: list.width, isChosen: isSelected, now: now)
            frame.draw(line, x: list.x, y: list.y + offset, clip: list)
            if isSelected { select(list, offset, into: &frame) }
        }
        if slots.isEmpty { tell(screen.progress.slots.isEmpty ? "nothing runs" : hidden, list, into: &frame) }
        if stream > 0 { drawStream(slots, screen, below, now, into: &frame) }
    }

    private static func streamHeight(_ slots: [TrialSlot], room: Int) -> Int {
        guard slots.contains(where: { $0.activity != .open }), room >= 2 * leastStream else { return 0 }
        return max(room - slots.count, room / 3, leastStream)
    }

    private static func drawStream(
        _ slots: [TrialSlot], _ screen: BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant,
        into frame: inout Frame
    ) {
        guard let slot = slots.first(where: { $0.trial == screen.liveTrial }),
            screen.progress.keys.indices.contains(slot.trial)
        else { return }
        let (top, body) = area.splitTop(1)
        let key = screen.progress.keys[slot.trial]
        let name = "stream of #\(slot.trial) \(BenchText.name(key, repeats: screen.hasRepeats))"
        rule(name, BenchText.gated(key.subject), isChosen: false, top, into: &frame)
        let inner = body.inset(horizontal: 2, vertical: 0)
        let isEmpty = slot.text.bytes + slot.reasoning.bytes == 0
        if isEmpty { tell(BenchTrials.activity(slot, now).0, body, into: &frame) }
        for (offset, row) in TrialText.tail(slot, width: inner.width, height: inner.height).enumerated() {
            frame.draw(row, x: inner.x, y: inner.y + offset, clip: inner)
        }
    }

    static func drawEnded(
        _ screen: inout BenchScreen, _ area: Rect, isAlone: Bool = false, into frame: inout Frame
    ) {
        let (top, body) = area.splitTop(1)
        let isChosen = screen.part == .ended
        screen.ended.setHeight(body.height)
        let title = (screen.onlyFailures ? "failures" : "ended") + range(screen.ended)
        rule(title, isAlone ? notes(screen) : "", isChosen: isChosen, top, into: &frame)
        let trials = screen.shownEnded
        let place = BenchTrials.place(
            screen.ended.visible.map { trials[$0].trial }, screen, most: (body.width - 12) * 3 / 5)
        for (offset, index) in screen.ended.visible.enumerated() where trials.indices.contains(index) {
            let isSelected = isChosen && index == screen.ended.selected
            let line = BenchTrials.ended(
                trials[index], screen, place: place, width: body.width, isChosen: isSelected)
            frame.draw(line, x: body.x, y: body.y + offset, clip: body)
            if isSelected { select(body, offset, into: &frame) }
        }
        if trials.isEmpty {
            let none = screen.onlyFailures ? "no failures" : "nothing yet"
            let isHidden = screen.isNarrowed && screen.progress.done > 0
            tell(isHidden ? hidden : none, body, into: &frame)
        }
    }

    // MARK: Parts

    private static func tell(_ text: String, _ body: Rect, into frame: inout Frame) {
        frame.draw("  " + text, x: body.x, y: body.y, style: Style(.textDim), clip: body)
    }

    private static func select(_ body: Rect, _ offset: Int, into frame: inout Frame) {
        frame.restyle(Rect(x: body.x, y: body.y + offset, width: body.width, height: 1)) { $0.role = .selection }
    }

    /// How many a list has, and which of them are shown when not all are: " 16", " 3-9 of 16".
    static func range(_ list: ListState) -> String { range(visible: list.visible, of: list.count) }

    static func range(visible: Range<Int>, of count: Int) -> String {
        visible.count < count && !visible.isEmpty
            ? " \(visible.lowerBound + 1)-\(visible.upperBound) of \(count)" : " \(count)"
    }

    /// A line with a name and a note in it, and at its right end something that happened.
    static func rule(
        _ title: String, _ note: String, isChosen: Bool, _ area: Rect, right: Span? = nil, into frame: inout Frame
    ) {
        let style = Style(isChosen ? .borderFocus : .border, isChosen ? .bold : [])
        let line = String(repeating: "─", count: area.width)
        frame.draw(line, x: area.x, y: area.y, style: style, clip: area)
        let text = (isChosen ? "▸" : " ") + title + (note.isEmpty ? "" : " · \(note)")
        let told = right.map { CellWidth.truncate($0.text, to: max(0, area.width - CellWidth.width(of: title) - 8)) }
        let taken = told.map { CellWidth.width(of: $0) + 4 } ?? 0
        let name = CellWidth.truncate(text, to: max(1, area.width - taken - 3)) + " "
        frame.draw(name, x: area.x + 1, y: area.y, style: style, clip: area)
        guard let told, let right, !told.isEmpty else { return }
        frame.draw(" \(told) ", x: area.maxX - taken + 1, y: area.y, style: right.style, clip: area)
    }
}
