import FunctionTools
import ProviderCore
import TerminalKit

/// When the calls of a turn came, waited and ran, as a lane of cells each: `░` arrives, `·` waits, `█` runs.
///
/// Time in which nothing arrives and nothing runs, since a person thinks, takes no more room than half of the rest: what happened
/// side by side stays readable however long a decision took.
struct Waterfall {
    /// A piece of the time, and the room it takes.
    private struct Stretch {
        let from: ContinuousClock.Instant
        let to: ContinuousClock.Instant
        let room: Double
    }

    private let stretches: [Stretch]
    private let room: Double
    private let now: ContinuousClock.Instant

    /// The lanes of these calls, over the time from the first piece to the last result, or until now.
    init(_ calls: [TracedCall], now: ContinuousClock.Instant) {
        self.now = now
        let first = calls.map(\.started).min() ?? now
        let last = max(calls.map { $0.ended ?? ($0.state == .cut ? $0.arrived ?? now : now) }.max() ?? now, first)
        let busy = Self.merged(calls.flatMap { $0.busy(until: last) })
        let most = max(busy.reduce(0) { $0 + ($1.to - $1.from).inSeconds } / 2, 0.001)
        var stretches: [Stretch] = []
        func idle(_ from: ContinuousClock.Instant, _ to: ContinuousClock.Instant) {
            if to > from { stretches.append(Stretch(from: from, to: to, room: min((to - from).inSeconds, most))) }
        }
        var end = first
        for (from, to) in busy {
            idle(end, from)
            stretches.append(Stretch(from: from, to: to, room: max((to - from).inSeconds, 0.000_1)))
            end = to
        }
        idle(end, last)
        self.stretches = stretches
        room = max(stretches.reduce(0) { $0 + $1.room }, 0.001)
    }

    /// Spans of time in order, those that touch as one.
    private static func merged(
        _ spans: [(from: ContinuousClock.Instant, to: ContinuousClock.Instant)]
    ) -> [(from: ContinuousClock.Instant, to: ContinuousClock.Instant)] {
        spans.sorted { $0.from < $1.from }.reduce(into: []) { merged, span in
            if let last = merged.last, span.from <= last.to {
                merged[merged.count - 1].to = max(last.to, span.to)
            } else {
                merged.append(span)
            }
        }
    }

    /// One call's lane.
    func lane(_ call: TracedCall, cells: Int) -> [Span] {
        let end = call.ended ?? (call.state == .cut ? call.arrived ?? now : now)
        let marks: [(range: Range<Int>, text: String, role: ThemeRole)] = [
            (range(call.arrived ?? end, end, of: cells), "·", .toolWait),
            (range(call.started, call.arrived ?? end, of: cells), "░", .toolArguments),
            (
                call.decided.map { range($0, end, of: cells) } ?? 0..<0, call.hasRun ? "█" : "│",
                call.result?.isSuccess == false ? .toolError : .toolOK
            ),
        ]
        var lane = [Span](repeating: Span(" ", .text), count: cells)
        for mark in marks {
            for cell in mark.range { lane[cell] = Span(mark.text, mark.role) }
        }
        return lane
    }

    /// The cells that a time covers: at least one, however short it was.
    private func range(_ from: ContinuousClock.Instant, _ to: ContinuousClock.Instant, of count: Int) -> Range<Int> {
        guard count > 0 else { return 0..<0 }
        func cell(_ instant: ContinuousClock.Instant) -> Double { place(instant) / room * Double(count) }
        let start = min(max(Int(cell(from) + 0.001), 0), count - 1)
        return start..<min(max(Int((cell(to) - 0.001).rounded(.up)), start + 1), count)
    }

    /// How much room lies before a moment.
    private func place(_ instant: ContinuousClock.Instant) -> Double {
        stretches.reduce(0) { sum, stretch in
            guard instant < stretch.to else { return sum + stretch.room }
            guard instant > stretch.from else { return sum }
            return sum + stretch.room * ((instant - stretch.from).inSeconds / (stretch.to - stretch.from).inSeconds)
        }
    }
}

extension TracedCall {
    /// Whether something ran, or runs, for it.
    fileprivate var hasRun: Bool { state == .running || result?.duration != nil }

    /// When it arrived, and when it ran.
    fileprivate func busy(
        until last: ContinuousClock.Instant
    ) -> [(from: ContinuousClock.Instant, to: ContinuousClock.Instant)] {
        var spans = [(from: started, to: max(arrived ?? last, started))]
        if hasRun, let decided { spans.append((from: decided, to: max(ended ?? last, decided))) }
        return spans
    }
}
