import Benchmarking
import ProviderCore
import TerminalKit

/// Draws the screen of a run.
enum BenchView {
    /// Below this nothing has room.
    static let minimum = Size(width: 40, height: 8)
    private static let wideFrom = Size(width: 100, height: 26)
    /// With fewer rows below the head there is one list at a time.
    private static let severalFrom = 10

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
        } else if rest.height >= severalFrom {
            drawNarrow(&screen, rest, now, into: &frame)
        } else {
            drawOne(&screen, rest, now, into: &frame)
        }
        if screen.viewer != nil { BenchViewer.draw(&screen, now, into: &frame) }
        BenchFoot.draw(screen, keys, foot, into: &frame)
        if let picker = screen.palette { OverlayView.drawPicker(picker, into: &frame, width: 90) }
        if var help = screen.help {
            HelpView.draw(&help, KeySection.run(keys), into: &frame)
            screen.help = help
        }
    }

    // MARK: Layouts

    private static func drawWide(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        let endpoints = screen.isOver ? 0 : min(4, screen.progress.endpoints.count)
        let pulse = BenchEndpoints.pulse(screen, width: area.width, now: now)
        let fixed = screen.isOver ? 0 : 1 + endpoints + (pulse.isEmpty ? 0 : 1)
        let cells = min(screen.shownCells.count, max(2, (area.height - fixed - 2) * 3 / 5))
        let (table, below) = area.splitTop(cells + 2)
        BenchLists.drawCells(&screen, table, into: &frame)
        let (middle, trials) = below.splitTop(fixed)
        if fixed > 0 {
            let list = BenchLists.range(visible: 0..<endpoints, of: screen.progress.endpoints.count)
            let title = "endpoints" + (endpoints < screen.progress.endpoints.count ? list : "")
            BenchLists.rule(title, "", isChosen: false, middle.splitTop(1).top, into: &frame)
            for index in 0..<endpoints {
                let line = BenchEndpoints.line(index, screen, width: area.width, now: now)
                frame.draw(line, x: middle.x, y: middle.y + 1 + index, clip: middle)
            }
            if !pulse.isEmpty { frame.draw(pulse, x: middle.x, y: middle.maxY - 1, clip: middle) }
        }
        if screen.isOver { return BenchLists.drawEnded(&screen, trials, into: &frame) }
        let (left, right) = trials.splitLeft(trials.width / 2)
        BenchLists.drawLive(&screen, left, now, news: nil, into: &frame)
        let (gap, list) = right.splitLeft(1)
        for y in gap.y..<gap.maxY {
            // Where a rule of the left list meets the line.
            let meets = gap.x > 0 && frame[gap.x - 1, y].text == "─"
            frame.draw(y == gap.y ? "┬" : meets ? "┤" : "│", x: gap.x, y: y, style: Style(.border), clip: gap)
        }
        BenchLists.drawEnded(&screen, list, into: &frame)
    }

    /// One list of trials at a time: that of those that run, unless the other one is chosen.
    private static func drawNarrow(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        let pulse = area.height >= 14 ? BenchEndpoints.pulse(screen, width: area.width, now: now) : []
        let fixed = screen.isOver ? 0 : pulse.isEmpty ? 1 : 2
        let cells = min(screen.shownCells.count, max(1, (area.height - fixed - 5) / 2))
        let (table, below) = area.splitTop(cells + 2)
        BenchLists.drawCells(&screen, table, into: &frame)
        let (middle, trials) = below.splitTop(fixed)
        if fixed > 0 {
            frame.draw(endpoint(screen, area.width, now), x: middle.x, y: middle.y, clip: middle)
            if !pulse.isEmpty { frame.draw(pulse, x: middle.x, y: middle.maxY - 1, clip: middle) }
        }
        drawTrials(&screen, trials, now, into: &frame)
    }

    /// One list, the chosen one.
    private static func drawOne(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        if screen.part == .cells { return BenchLists.drawCells(&screen, area, into: &frame) }
        guard area.height >= 5, !screen.isOver else {
            return drawTrials(&screen, area, now, isAlone: true, into: &frame)
        }
        let (rest, bottom) = area.splitBottom(1)
        drawTrials(&screen, rest, now, isAlone: true, into: &frame)
        frame.draw(endpoint(screen, area.width, now), x: bottom.x, y: bottom.y, clip: bottom)
    }

    private static func drawTrials(
        _ screen: inout BenchScreen, _ area: Rect, _ now: ContinuousClock.Instant, isAlone: Bool = false,
        into frame: inout Frame
    ) {
        if screen.part == .ended || screen.isOver {
            BenchLists.drawEnded(&screen, area, isAlone: isAlone, into: &frame)
        } else {
            let news = screen.progress.failures.elements.last
            BenchLists.drawLive(&screen, area, now, news: news, isAlone: isAlone, into: &frame)
        }
    }

    /// The endpoint of which a person has to know first.
    private static func endpoint(_ screen: BenchScreen, _ width: Int, _ now: ContinuousClock.Instant) -> [Span] {
        let endpoints = screen.progress.endpoints
        guard let index = endpoints.indices.max(by: { urgency(endpoints[$0]) < urgency(endpoints[$1]) }) else {
            return []
        }
        return BenchEndpoints.line(index, screen, width: width, now: now)
    }

    private static func urgency(_ endpoint: EndpointProgress) -> Int {
        switch endpoint.breaker {
        case .open: 2
        case .probing: 1
        case .closed: 0
        }
    }
}
