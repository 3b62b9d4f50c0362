import Benchmarking
import ProviderCore
import TerminalKit

/// What is known of the endpoints, and how fast tokens come.
enum BenchEndpoints {
    static func line(_ endpoint: EndpointProgress, _ screen: BenchScreen, width: Int, now: ContinuousClock.Instant)
        -> [Span]
    {
        let name = endpoint.name.isEmpty ? "endpoint" : BenchText.gated(endpoint.name)
        let count = screen.progress.slots.count
        var line = [Span("  " + BenchText.pad(name, width >= 100 ? 34 : 22), .text)]
        if screen.progress.endpoints.count == 1 { line.append(Span(" \(count)/\(screen.progress.limit)", .text)) }
        line.append(breaker(endpoint, now))
        let (limits, wide) = (endpoint.limits, width >= 100)
        let caps = screen.progress.caps
        let requests = rate(endpoint.requestsPerMinute(at: now), limits?.requests, caps.requestsPerMinute, wide)
        line.append(Span("  req/min \(requests)", .text))
        if wide {
            let tokens = rate(endpoint.tokensPerMinute(at: now), limits?.tokens, caps.tokensPerMinute, wide)
            line.append(Span("  tok/min \(tokens)", .text))
        }
        let times = endpoint.timesLimited(at: now)
        var told = "  429s: \(times)"
        if wide, times > 0, let last = endpoint.limitedAt {
            told += " in 10 min, last \(BenchText.short(now - last)) ago"
        }
        if wide, let shortage = endpoint.shortage { told += " (\(shortage.rawValue))" }
        line.append(Span(told, times > 0 ? .warning : .text))
        return line
    }

    /// `own`: the run's own limit, which is shown where it is tighter than the server's.
    private static func rate(_ used: Int, _ limit: RateLimit?, _ own: Int?, _ wide: Bool) -> String {
        if let own, own <= limit?.limit ?? .max {
            let bar = wide ? " " + BenchText.bar(Double(used) / Double(own), width: 5) : ""
            return "\(MeterText.count(used))/\(MeterText.count(own))\(bar)"
        }
        guard let most = limit?.limit else { return MeterText.count(used) }
        guard let left = limit?.remaining else { return "\(MeterText.count(used))/\(MeterText.count(most))" }
        let share = 1 - Double(left) / Double(max(1, most))
        let bar = wide ? " " + BenchText.bar(share, width: 5) : ""
        return "\(MeterText.count(used))/\(MeterText.count(most))\(bar)"
    }

    private static func breaker(_ endpoint: EndpointProgress, _ now: ContinuousClock.Instant) -> Span {
        switch endpoint.breaker {
        case .closed:
            let opened = endpoint.openings > 0 ? " (opened \(endpoint.openings)x)" : ""
            return Span("  breaker closed\(opened)", opened.isEmpty ? .text : .warning)
        case .open(let until, let failures):
            let left = until > now ? ", \(BenchText.short(until - now)) left" : ""
            return Span("  breaker OPEN (\(failures) failures\(left))", .error, .bold)
        case .probing: return Span("  breaker HALF-OPEN, probing", .warning, .bold)
        }
    }

    /// Tokens a second of the last minute, and how this program does.
    static func pulse(_ screen: BenchScreen, width: Int, now: ContinuousClock.Instant) -> [Span] {
        let rates = screen.progress.outputRates(at: now)
        let last = rates.last ?? 0
        let room = max(8, min(60, width - 64))
        var line = [
            Span("  out tok/s ", .textDim), Span(BenchText.sparkline(rates, width: room), .ok),
            Span(" \(last)~", .text),
        ]
        if let client = screen.progress.client {
            let role: ThemeRole = client.isStrained ? .warning : .text
            let lag = ParameterValue.fixed(client.lag.inSeconds * 1000, decimals: 1)
            let state = client.isStrained ? "STRAINED: figures may be ours" : "ok"
            line.append(Span("   client: ", .textDim))
            line.append(Span("lag \(lag) ms  cpu \(Int((client.load * 100).rounded()))%  \(state)", role))
        }
        return line
    }
}
