import Statistics

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Latencies by size, in steps of two per cent from 0.1 ms to three hours: quantiles within one per cent, in a size that does not grow.
public struct LatencyHistogram: Sendable, Hashable {
    private var counts: [UInt32] = []
    /// The latencies that were finite.
    public private(set) var count = 0
    /// Requests without an end: slower than any latency.
    public private(set) var infinite = 0

    private static let least = 1e-4
    private static let step = 1.02
    private static let steps = 940

    /// No latencies.
    public init() {}

    /// Takes a latency in seconds; nil = it never came.
    public mutating func add(_ seconds: Double?) {
        guard let seconds, seconds.isFinite else {
            infinite += 1
            return
        }
        if counts.isEmpty { counts = Array(repeating: 0, count: Self.steps) }
        let place = seconds <= Self.least ? 0 : log(seconds / Self.least) / log(Self.step)
        counts[min(Self.steps - 1, Int(place))] += 1
        count += 1
    }

    /// Takes one without an end away: its trial was tried again.
    mutating func forgetInfinite() { infinite = max(0, infinite - 1) }

    /// A quantile by the nearest rank; infinite when so many never came. Nil where so few latencies can say nothing about it
    /// (`Quantile.needed`).
    public func quantile(_ probability: Double) -> Double? {
        let total = count + infinite
        guard let needed = Quantile.needed(probability), total >= needed else { return nil }
        return value(at: max(1, Int((probability * Double(total)).rounded(.up))))
    }

    private func value(at rank: Int) -> Double {
        var seen = 0
        for (place, count) in counts.enumerated() {
            seen += Int(count)
            if seen >= rank { return Self.least * pow(Self.step, Double(place) + 0.5) }
        }
        return .infinity
    }
}
