import Benchmarking
import ProviderCore
import TerminalKit

/// One trial over the whole screen.
enum BenchViewer {
    static func draw(
        _ screen: inout BenchScreen, _ now: ContinuousClock.Instant, into frame: inout Frame
    ) {
        guard var viewer = screen.viewer, screen.progress.keys.indices.contains(viewer.trial) else { return }
        let key = screen.progress.keys[viewer.trial]
        let area = frame.bounds.splitBottom(1).rest
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
