import ProviderCore
public import Statistics

/// One figure of many requests, in seconds, for percentiles.
public struct LatencySample: Sendable, Hashable {
    /// Of the requests that ended well and have the figure.
    public let successes: SortedSample
    /// The same, with each failed request as infinitely slow: it loaded the server too, and a percentile that forgets it gets better
    /// the more fails.
    public let adjusted: SortedSample
    /// How many failed.
    public let failures: Int
    /// How many ended well but do not have the figure; they are in neither.
    public let missing: Int

    /// The figure of these requests, such as `\.latencyFromSchedule` or a member of a definition's metrics.
    public init(_ requests: [RequestTiming], _ figure: (RequestTiming) -> Duration?) throws(StatisticsError) {
        var values: [Double] = []
        var failures = 0
        var missing = 0
        for request in requests {
            if !request.isSuccess {
                failures += 1
            } else if let value = figure(request) {
                values.append(value.inSeconds)
            } else {
                missing += 1
            }
        }
        successes = try SortedSample(values)
        adjusted = try SortedSample(values, infinite: failures)
        self.failures = failures
        self.missing = missing
    }
}

/// Output tokens a second of many requests. Three questions, three answers: which one is asked has to be said with the
/// number. Requests that failed, or whose tokens nobody counted, are left out of the sums; all are nil when none is left.
public enum OutputRate {
    /// How fast the system wrote: all tokens by the time from the first sending to the last end of any request, failed ones
    /// included.
    public static func throughput(_ requests: [RequestTiming]) -> Double? {
        guard let first = requests.map(\.sent).min(), let last = requests.map(\.ended).max(), last > first else {
            return nil
        }
        let tokens = requests.filter(\.isSuccess).compactMap { MetricDefinition.ours.metrics(of: $0).outputTokens }
        return tokens.isEmpty ? nil : tokens.reduce(0) { $0 + Double($1) } / (last - first).inSeconds
    }

    /// How fast a token came on average: all tokens by all latencies (a ratio of sums). Long answers weigh more.
    public static func ratioOfSums(_ requests: [RequestTiming]) -> Double? {
        let counted = counted(requests)
        let seconds = counted.map(\.seconds).reduce(0, +)
        return seconds > 0 ? counted.map(\.tokens).reduce(0, +) / seconds : nil
    }

    /// How fast a request was on average: the mean of each one's rate (a mean of ratios). All weigh the same.
    public static func meanOfRatios(_ requests: [RequestTiming]) -> Double? {
        let rates = counted(requests).filter { $0.seconds > 0 }.map { $0.tokens / $0.seconds }
        return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
    }

    private static func counted(_ requests: [RequestTiming]) -> [(tokens: Double, seconds: Double)] {
        requests.filter(\.isSuccess).compactMap { request in
            let metrics = MetricDefinition.ours.metrics(of: request)
            guard let tokens = metrics.outputTokens, let latency = metrics.endToEndLatency else { return nil }
            return (Double(tokens), latency.inSeconds)
        }
    }
}
