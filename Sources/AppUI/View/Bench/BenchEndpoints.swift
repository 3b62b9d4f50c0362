import Benchmarking
import ProviderCore
import TerminalKit

/// What is known of the endpoints, and how fast tokens come.
enum BenchEndpoints {
    static func line(_ index: Int, _ screen: BenchScreen, width: Int, now: ContinuousClock.Instant) -> [Span] {
        let (progress, wide) = (screen.progress, width >= 100)
        let endpoint = progress.endpoints[index]
        let names = progress.endpoints.map { CellWidth.width(of: name($0)) }
        let place = wide ? max(8, min(34, names.max() ?? 0)) : min(22, names[index])
        var line = [Span("  " + BenchText.pad(name(endpoint), place), .text)]
        let count = progress.running(at: index)
        if screen.isWatched {
            // What limiter and breaker do is known only where they are.
            line.append(Span("  open \(count)", .text))
            let tokens = MeterText.count(endpoint.tokensPerMinute(at: now))
            return BenchText.fit(line + [Span("  tok/min \(tokens)", .text)], width)
        }
        line.append(Span(progress.endpoints.count == 1 ? "  \(count)/\(progress.limit)" : "  live \(count)", .text))
        line.append(breaker(endpoint, now))
        let (limits, caps) = (endpoint.limits, progress.caps)
        let requests = rate(endpoint.requestsPerMinute(at: now), limits?.requests, caps.requestsPerMinute, wide)
        line.append(Span("  req/min \(requests)", .text))
        if wide {
            let tokens = rate(endpoint.tokensPerMinute(at: now), limits?.tokens, caps.tokensPerMinute, wide)
            line.append(Span("  tok/min \(tokens)", .text))
        }
        return BenchText.fit(line + [refusals(endpoint, wide, now)], width)
    }

    private static func name(_ endpoint: EndpointProgress) -> String {
        endpoint.name.isEmpty ? "endpoint" : BenchText.gated(endpoint.name)
    }

    private static func refusals(_ endpoint: EndpointProgress, _ wide: Bool, _ now: ContinuousClock.Instant) -> Span {
        let times = endpoint.timesLimited(at: now)
        var told = "  429s: \(times)"
        if wide, times > 0, let last = endpoint.limitedAt {
            told += "/10 min, last \(BenchText.short(now - last)) ago"
        }
        if wide, let shortage = endpoint.shortage { told += " (\(shortage.rawValue))" }
        return Span(told, times > 0 ? .warning : .text)
    }

    /// Of the server's limit, where it told one, else of the person's own.
    private static func rate(_ used: Int, _ limit: RateLimit?, _ cap: Int?, _ wide: Bool) -> String {
        guard let most = [limit?.limit, cap].compactMap(\.self).min() else { return MeterText.count(used) }
        var share = Double(used) / Double(max(1, most))
        if let left = limit?.remaining, limit?.limit == most { share = 1 - Double(left) / Double(max(1, most)) }
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

    /// Tokens a second of the last minute, and how this program does; empty where neither is known.
    static func pulse(_ screen: BenchScreen, width: Int, now: ContinuousClock.Instant) -> [Span] {
        guard !screen.isWatched, !screen.isOver else { return [] }
        let rates = screen.progress.outputRates(at: now)
        let room = max(8, min(60, width - 64))
        var line = [Span("  out tok/s ", .textDim)]
        if rates.isEmpty {
            line.append(Span("–", .text))
        } else {
            line.append(Span(BenchText.sparkline(rates, width: room), .ok))
            line.append(Span(" \(rates.last ?? 0)~", .text))
        }
        if let client = screen.progress.client {
            let role: ThemeRole = client.isStrained ? .warning : .text
            let lag = ParameterValue.fixed(client.lag.inSeconds * 1000, decimals: 1)
            let state = client.isStrained ? "STRAINED: figures may be ours" : "ok"
            line.append(Span("   client: ", .textDim))
            line.append(Span("lag \(lag) ms  cpu \(Int((client.load * 100).rounded()))%  \(state)", role))
        }
        return BenchText.fit(line, width)
    }
}
