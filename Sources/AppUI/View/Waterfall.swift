import FunctionTools
import ProviderCore
import TerminalKit

/// When the calls of a turn came, waited and ran, as a lane of cells each: `░` arrives, `·` waits, `█` runs.
struct Waterfall {
    private let first: ContinuousClock.Instant
    private let span: Duration
    private let now: ContinuousClock.Instant

    /// The lanes of these calls, over the time from the first piece to the last result, or until now.
    init(_ calls: [TracedCall], now: ContinuousClock.Instant) {
        self.now = now
        let first = calls.map(\.started).min() ?? now
        let last = calls.map { $0.ended ?? ($0.state == .cut ? $0.arrived ?? now : now) }.max() ?? now
        self.first = first
        span = max(last - first, .milliseconds(1))
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
        func cell(_ instant: ContinuousClock.Instant) -> Int {
            min(max(Int((instant - first).inSeconds / span.inSeconds * Double(count)), 0), count - 1)
        }
        let start = cell(from)
        return start..<max(cell(to), start) + 1
    }
}

extension TracedCall {
    /// Whether something ran, or runs, for it.
    fileprivate var hasRun: Bool { state == .running || result?.duration != nil }
}
