import Benchmarking
import ProviderCore
import TerminalKit

/// The four lines at the top: where the run is, trials, money, answers.
enum BenchHead {
    static func lines(_ screen: BenchScreen, width: Int, now: ContinuousClock.Instant) -> [[Span]] {
        let progress = screen.progress
        var bound = progress.estimate(at: now).bound.map { [Span(" (\(words($0)))", .textDim)] } ?? []
        // What the word before it says already, and what is no news.
        switch (progress.phase, progress.estimate(at: now).bound) {
        case (.stopping, _), (.paused, _): bound = []
        case (_, .starting) where progress.done > 0: bound = []
        default: break
        }
        let whole = state(progress, screen.isWatched, now, width, bound: bound)
        let hasRoom = self.width(of: whole) <= width
        return [
            fitted(hasRoom ? whole : state(progress, screen.isWatched, now, width, bound: []), width),
            fitted(trials(progress, screen.isWatched, width), hasRoom ? [] : bound, width),
            fitted(money(progress, width), width), fitted(answers(progress), width),
        ]
    }

    /// Whole items only, as many as have room: a figure cut in the middle is a wrong figure.
    private static func fitted(_ items: [[Span]], _ width: Int) -> [Span] {
        var (line, room) = ([Span](), width)
        for item in items {
            let needed = self.width(of: [item])
            guard needed <= room || line.isEmpty else { continue }
            line += item
            room -= needed
        }
        return line
    }

    /// The same, and in the room that is left as much of `words` as says something.
    private static func fitted(_ items: [[Span]], _ words: [Span], _ width: Int) -> [Span] {
        let line = fitted(items, width)
        let room = width - self.width(of: [line])
        return line + (room < 16 ? [] : BenchText.fit(words, room))
    }

    private static func width(of items: [[Span]]) -> Int {
        items.joined().reduce(0) { $0 + CellWidth.width(of: $1.text) }
    }

    // MARK: The run

    private static func state(
        _ progress: RunProgress, _ isWatched: Bool, _ now: ContinuousClock.Instant, _ width: Int, bound: [Span]
    ) -> [[Span]] {
        let header = progress.header
        let (word, role) = word(progress.phase)
        let name = CellWidth.truncate(BenchText.gated(header.name), to: max(10, width / 4))
        var items: [[Span]] = [
            [Span(" " + name, .title, .bold)],
            [Span("  run \(header.id)", .text)],
            [Span("  " + word, role, .bold), Span(" " + BenchText.clock(progress.elapsed(at: now)), .text)],
        ]
        switch progress.phase {
        case .ended(_, let stop, let reason):
            let why = reason.isEmpty ? stop?.words ?? "" : BenchText.gated(reason)
            if !why.isEmpty { items.append([Span("  " + why, .warning)]) }
        case .stopping(_, let reason): items.append([Span("  " + BenchText.gated(reason), .warning)])
        case .running, .paused:
            let estimate = progress.estimate(at: now)
            if let left = estimate.left { items.append([Span("  ETA \(BenchText.clock(left))", .text)]) }
            if let spread = estimate.spread { items.append([Span(" +-\(BenchText.clock(spread))", .textDim)]) }
            if !bound.isEmpty { items.append(bound) }
        }
        if header.isDemo { items.append([Span("  DEMO", .badge)]) }
        if isWatched { items.append([Span("  watched", .textDim)]) }
        return items
    }

    static func word(_ phase: RunProgress.Phase) -> (String, ThemeRole) {
        switch phase {
        case .running: ("RUNNING", .ok)
        case .paused: ("PAUSED", .warning)
        case .stopping: ("STOPPING", .warning)
        case .ended(.complete, _, _): ("COMPLETE", .ok)
        case .ended(_, _, RunProgress.diedReason): ("DIED", .warning)
        case .ended: ("INCOMPLETE", .warning)
        }
    }

    static func words(_ bound: RunEstimate.Bound) -> String {
        switch bound {
        case .starting: "starting"
        case .concurrency(let limit): "bound by \(limit) at once"
        case .limiter(.requests): "bound by requests a minute"
        case .limiter(.tokens): "bound by tokens a minute"
        case .limiter(.pause): "the server asked to wait"
        case .limiter(.queue): "bound by the limiter's queue"
        case .rateLimit: "bound by 429s of the server"
        case .server: "bound by failures of the server"
        case .breaker(let name): "bound by the breaker" + (name.isEmpty ? "" : " of \(BenchText.gated(name))")
        case .budget: "waits for money that others hold"
        case .lastTrials: "the last trials run"
        case .paused: "paused"
        case .stopping: "stopping"
        }
    }

    // MARK: Trials and money

    private static func trials(_ progress: RunProgress, _ isWatched: Bool, _ width: Int) -> [[Span]] {
        let all = progress.keys.count
        let share = all == 0 ? 1 : Double(progress.done) / Double(all)
        let bar = BenchText.bar(share, width: max(6, min(40, width - 66)))
        let counts = [("retried", progress.retries), ("resumed", isWatched ? 0 : progress.resumed)].filter { $0.1 > 0 }
        var items: [[Span]] = [
            [Span(" trials  ", .textDim), Span(bar, .ok), Span("  \(progress.done)/\(all)", .text, .bold)]
        ]
        if case .ended = progress.phase {
            if progress.waiting > 0 { items.append([Span("  open \(progress.waiting)", .text)]) }
        } else {
            items.append([Span("  live \(progress.slots.count)/\(progress.limit)", .text)])
            items.append([Span("  wait \(progress.waiting)", .text)])
        }
        return items + counts.map { [Span("  \($0.0) \($0.1)", .text)] }
    }

    private static func money(_ progress: RunProgress, _ width: Int) -> [[Span]] {
        let (money, isWide) = (progress.money, width >= 100)
        let spent = money.unpriced > 0 && money.spent == .zero ? "–" : money.spent.display
        var items: [[Span]] = [
            [Span(" money   ", .textDim), Span("spent \(spent)\(money.isEstimated ? "~" : "")", .cost)]
        ]
        if progress.waiting + progress.slots.count > 0 || money.held > .zero {
            items.append([Span("  held \(money.held.display)", .text)])
        }
        if money.unpriced > 0 { items.append([Span("  + \(money.unpriced) of unknown price", .costUnknown)]) }
        if money.unknown > 0 {
            items.append([Span("  maybe\(isWide ? "-billed" : "") \(money.maybe.display)", .warning)])
        }
        if let cap = progress.cap {
            let share = Double(money.spent.picodollars) / Double(max(1, cap.picodollars))
            let bar = isWide ? " " + BenchText.bar(share, width: 20) : ""
            items.append([
                Span("  cap \(cap.display)", .text), Span("\(bar) \(MeterText.percent(share))", .meter(share)),
            ])
        }
        if let forecast = progress.forecast(), progress.waiting + progress.slots.count > 0 {
            let isOver = progress.cap.map { $0 < forecast.expected } ?? false
            let role: ThemeRole = isOver ? .warning : .text
            items.append([Span("  forecast \(forecast.expected.display)", role)])
            if isWide { items.append([Span(" (p90 \(forecast.p90.display))", role)]) }
        }
        return items
    }

    private static func answers(_ progress: RunProgress) -> [[Span]] {
        let model: [TrialOutcome] = [
            .right, .wrong, .partial, .refused, .truncated, .badFormat, .toolError, .answered,
        ]
        let isUnscored = progress.count(.answered) > 0 && progress.scored == 0
        let ours: [TrialOutcome] = [.infraError, .scorerError, .budget, .skipped]
        var items: [[Span]] = [[Span(" answers", .textDim)]]
        for outcome in model
        where progress.count(outcome) > 0 || (!isUnscored && (outcome == .right || outcome == .wrong)) {
            let role: ThemeRole =
                outcome == .right ? .ok : outcome == .wrong || outcome == .answered ? .text : .warning
            items.append([Span(" \(BenchText.word(outcome)) \(progress.count(outcome)) ", role)])
        }
        for outcome in ours where progress.count(outcome) > 0 || outcome == .infraError {
            let count = progress.count(outcome)
            let figure = Span(" \(BenchText.word(outcome)) \(count) ", count > 0 ? .error : .text)
            items.append(outcome == .infraError ? [Span("|", .textDim), figure] : [figure])
        }
        if isUnscored { return items + [[Span(" not scored", .textDim)]] }
        var (name, share) = ("scored/ended", progress.scoredOfEnded)
        if case .ended = progress.phase { (name, share) = ("coverage", progress.coverage) }
        let shown = share.map { ParameterValue.fixed($0 * 100, decimals: 1) + "%" } ?? "–"
        return items + [[Span(" \(name) \(shown)", .text)]]
    }
}
