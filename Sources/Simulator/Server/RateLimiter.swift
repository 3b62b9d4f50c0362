import Synchronization

/// Counts what a scenario with limits answers: a bucket for each limit, which is full at first and fills up again evenly.
final class RateLimiter: Sendable {
    /// What is in a bucket, and when, in nanoseconds, that was so.
    private struct Bucket {
        var level: Double
        var time: Int64
    }

    /// How a limit stands.
    struct Standing: Equatable {
        var limit: RateLimit
        var remaining: Int
        /// Nanoseconds until the bucket is full.
        var reset: Int64
    }

    enum Verdict: Equatable {
        case allowed([Standing])
        /// Too many for now; after so many nanoseconds there is enough.
        case exceeded(RateLimit, [Standing], wait: Int64)
        /// More than the whole limit.
        case tooLarge(RateLimit, [Standing], cost: Int)
    }

    private static let tolerance = 1e-6

    private let buckets = Mutex<[Int: [Bucket]]>([:])

    /// Books a request with one scenario.
    ///
    /// - Parameters:
    ///   - scenario: its index.
    ///   - tokens: what the request costs where tokens are limited.
    ///   - now: nanoseconds on any clock that does not go back.
    func book(_ limits: [RateLimit], of scenario: Int, tokens: Int, now: Int64) -> Verdict {
        buckets.withLock { all in
            var buckets = all[scenario] ?? limits.map { Bucket(level: Double($0.count), time: now) }
            for (index, limit) in limits.enumerated() {
                let gained = Double(now - buckets[index].time) * limit.rate
                buckets[index] = Bucket(level: min(Double(limit.count), buckets[index].level + gained), time: now)
            }
            let costs = limits.map { $0.unit == .requests ? 1 : tokens }
            let short = limits.indices.filter { buckets[$0].level + Self.tolerance < Double(costs[$0]) }
            if short.isEmpty { for index in limits.indices { buckets[index].level -= Double(costs[index]) } }
            all[scenario] = buckets
            let standings = zip(limits, buckets).map(Self.standing)
            if let index = short.first(where: { costs[$0] > limits[$0].count }) {
                return .tooLarge(limits[index], standings, cost: costs[index])
            }
            let waits = short.map { (Double(costs[$0]) - buckets[$0].level) / limits[$0].rate }
            guard let longest = waits.indices.max(by: { waits[$0] < waits[$1] }) else { return .allowed(standings) }
            return .exceeded(limits[short[longest]], standings, wait: Self.whole(waits[longest]))
        }
    }

    private static func standing(_ limit: RateLimit, _ bucket: Bucket) -> Standing {
        let missing = (Double(limit.count) - bucket.level) / limit.rate
        return Standing(limit: limit, remaining: max(0, Int(bucket.level + tolerance)), reset: whole(missing))
    }

    /// The next whole nanosecond, but for what is only inexact arithmetic.
    private static func whole(_ nanoseconds: Double) -> Int64 { Int64((nanoseconds - tolerance * 1_000).rounded(.up)) }
}

extension RateLimit {
    /// What flows in each nanosecond.
    fileprivate var rate: Double { Double(count) / Double(nanoseconds) }
}

extension RateLimiter.Standing {
    /// OpenAI's headers for this limit.
    var headers: [HeaderLine] {
        [
            HeaderLine(name: "x-ratelimit-limit-\(limit.unit.rawValue)", value: String(limit.count)),
            HeaderLine(name: "x-ratelimit-remaining-\(limit.unit.rawValue)", value: String(remaining)),
            HeaderLine(name: "x-ratelimit-reset-\(limit.unit.rawValue)", value: Self.text(reset)),
        ]
    }

    /// A duration as OpenAI writes it: `20ms`, `1.5s`, `6m0s`, `1h2m3s`; rounded up to a millisecond.
    static func text(_ nanoseconds: Int64) -> String {
        let milliseconds = (nanoseconds + 999_999) / 1_000_000
        if milliseconds < 1_000 { return "\(milliseconds)ms" }
        let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000)
        let seconds = rest % 1_000 == 0 ? "\(rest / 1_000)s" : "\(Double(rest) / 1_000)s"
        if minutes == 0 { return seconds }
        return minutes < 60 ? "\(minutes)m\(seconds)" : "\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }
}

extension Response {
    /// The 429 to a request beyond a limit, or nil when it is within. `headers` gets how the limits stand.
    static func refusal(_ verdict: RateLimiter.Verdict, model: String, headers: inout [HeaderLine]) -> Response? {
        switch verdict {
        case .allowed(let standings):
            headers = standings.flatMap(\.headers)
            return nil
        case .exceeded(let limit, let standings, let wait):
            let milliseconds = (wait + 999_999) / 1_000_000
            return refusal(
                "Rate limit reached for \(model): limit \(limit.text). Please try again in "
                    + "\(RateLimiter.Standing.text(wait)).", limit, standings,
                [
                    HeaderLine(name: "retry-after", value: String((milliseconds + 999) / 1_000)),
                    HeaderLine(name: "retry-after-ms", value: String(milliseconds)),
                ])
        case .tooLarge(let limit, let standings, let cost):
            return refusal(
                "Request too large for \(model): limit \(limit.text), requested \(cost).", limit, standings, [])
        }
    }

    private static func refusal(
        _ message: String, _ limit: RateLimit, _ standings: [RateLimiter.Standing], _ headers: [HeaderLine]
    ) -> Response {
        Response(
            RequestProblem(
                status: 429, message: message, type: limit.unit.rawValue, code: "rate_limit_exceeded",
                headers: headers + standings.flatMap(\.headers)))
    }
}

extension RateLimit {
    fileprivate var text: String { "\(count) \(unit.rawValue) in \(RateLimiter.Standing.text(nanoseconds))" }
}
