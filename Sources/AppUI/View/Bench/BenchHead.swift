import Benchmarking
import ProviderCore
import TerminalKit

/// The four lines at the top: where the run is, trials, money, answers.
enum BenchHead {
    static func lines(_ screen: BenchScreen, width: Int, now: ContinuousClock.Instant) -> [[Span]] {
        let progress = screen.progress
        return [
            state(progress, screen.isWatched, now), trials(progress, width), money(progress, width), answers(progress),
        ]
    }

    // MARK: The run

    private static func state(
        _ progress: RunProgress, _ isWatched: Bool, _ now: ContinuousClock.Instant
    ) -> [Span] {
        let header = progress.header
        let (word, role) = word(progress.phase)
        var line = [
            Span(" " + BenchText.gated(header.name), .title, .bold), Span("  run \(header.id)  ", .text),
            Span(word, role, .bold), Span(" " + BenchText.clock(progress.elapsed(at: now)), .text),
        ]
        if header.isDemo { line.append(Span("  DEMO", .badge)) }
        if isWatched { line.append(Span("  watched", .textDim)) }
        switch progress.phase {
        case .ended(_, let stop, let reason):
            let why = reason.isEmpty ? stop.map { "stopped: \($0.rawValue)" } ?? "" : BenchText.gated(reason)
            if !why.isEmpty { line.append(Span("  " + why, .warning)) }
        case .stopping(_, let reason): line.append(Span("  " + BenchText.gated(reason), .warning))
        case .running, .paused: line += eta(progress, now)
        }
        return line
    }

    private static func eta(_ progress: RunProgress, _ now: ContinuousClock.Instant) -> [Span] {
        let estimate = progress.estimate(at: now)
        var line: [Span] = []
        if let left = estimate.left {
            line.append(Span("   ETA \(BenchText.clock(left))", .text))
            if let spread = estimate.spread { line.append(Span(" +-\(BenchText.clock(spread))", .textDim)) }
        }
        if let bound = estimate.bound { line.append(Span(" (\(words(bound)))", .textDim)) }
        return line
    }

    static func word(_ phase: RunProgress.Phase) -> (String, ThemeRole) {
        switch phase {
        case .running: ("RUNNING", .ok)
        case .paused: ("PAUSED", .warning)
        case .stopping: ("STOPPING", .warning)
        case .ended(.complete, _, _): ("COMPLETE", .ok)
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

    private static func trials(_ progress: RunProgress, _ width: Int) -> [Span] {
        let all = progress.keys.count
        let share = all == 0 ? 1 : Double(progress.done) / Double(all)
        let counts = [
            ("live", progress.slots.count), ("of", progress.limit), ("wait", progress.waiting),
            ("retried", progress.retries), ("resumed", progress.resumed),
        ]
        let told = counts.filter { $0.1 > 0 || $0.0 == "live" || $0.0 == "wait" }.map { "\($0.0) \($0.1)" }
        let room = max(6, min(40, width - 66))
        return [
            Span(" trials  ", .textDim), Span(BenchText.bar(share, width: room), .ok),
            Span("  \(progress.done)/\(all)   ", .text, .bold), Span(told.joined(separator: "  "), .text),
        ]
    }

    private static func money(_ progress: RunProgress, _ width: Int) -> [Span] {
        let money = progress.money
        let spent = money.unpriced > 0 && money.spent == .zero ? "–" : money.spent.display
        var line = [
            Span(" money   ", .textDim), Span("spent \(spent)\(money.isEstimated ? "~" : "")", .cost),
            Span("  held \(money.held.display)", .text),
        ]
        if money.unpriced > 0 { line.append(Span("  + \(money.unpriced) of unknown price", .costUnknown)) }
        if money.unknown > 0 { line.append(Span("  maybe-billed \(money.maybe.display)", .warning)) }
        if let cap = progress.cap {
            let share = Double(money.spent.picodollars) / Double(max(1, cap.picodollars))
            let room = width >= 100 ? 20 : 0
            line.append(Span("  cap \(cap.display) ", .text))
            if room > 0 { line.append(Span(BenchText.bar(share, width: room), .meter(share))) }
            line.append(Span(" \(MeterText.percent(share))", .meter(share)))
        }
        if let forecast = progress.forecast(), progress.waiting + progress.slots.count > 0 {
            let isOver = progress.cap.map { $0 < forecast.expected } ?? false
            let text = "  forecast \(forecast.expected.display) (p90 \(forecast.p90.display))"
            line.append(Span(text, isOver ? .warning : .text))
        }
        return line
    }

    private static func answers(_ progress: RunProgress) -> [Span] {
        let model: [TrialOutcome] = [.right, .wrong, .partial, .refused, .truncated, .badFormat, .toolError]
        let ours: [TrialOutcome] = [.infraError, .scorerError, .budget, .skipped]
        var line = [Span(" answers", .textDim)]
        for outcome in model where progress.count(outcome) > 0 || outcome == .right || outcome == .wrong {
            let role: ThemeRole = outcome == .right ? .ok : outcome == .wrong ? .text : .warning
            line.append(Span(" \(BenchText.word(outcome)) \(progress.count(outcome)) ", role))
        }
        let faults = ours.filter { progress.count($0) > 0 || $0 == .infraError }
        line.append(Span("|", .textDim))
        for outcome in faults {
            let count = progress.count(outcome)
            line.append(Span(" \(BenchText.word(outcome)) \(count) ", count > 0 ? .error : .text))
        }
        let coverage = progress.coverage.map { ParameterValue.fixed($0 * 100, decimals: 1) + "%" } ?? "–"
        line.append(Span("  coverage \(coverage)", .text))
        return line
    }
}
