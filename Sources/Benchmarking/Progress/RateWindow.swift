/// How many of something came in each of the last seconds. Its size does not grow.
public struct RateWindow: Sendable, Hashable {
    private var buckets: [Int]
    private var newest = 0
    private let width: Duration
    private var epoch: ContinuousClock.Instant?

    /// A window of so many buckets of one width.
    public init(buckets: Int = 60, width: Duration = .seconds(1)) {
        self.buckets = Array(repeating: 0, count: max(1, buckets))
        self.width = width
    }

    /// Takes so many of a moment. What is older than the window is left out.
    public mutating func add(_ count: Int, at now: ContinuousClock.Instant) {
        let number = number(of: now)
        if epoch == nil { epoch = now }
        advance(to: number)
        guard newest - number < buckets.count, number >= 0 else { return }
        buckets[number % buckets.count] += count
    }

    /// The buckets that are over, oldest first: that of the moment is not. Before the first event there are none.
    public func values(at now: ContinuousClock.Instant) -> [Int] {
        var window = self
        let number = number(of: now)
        window.advance(to: number)
        let first = max(0, number - buckets.count + 1)
        guard epoch != nil, number > first else { return [] }
        return (first..<number).map { window.buckets[$0 % buckets.count] }
    }

    /// All that came in the window.
    public func sum(at now: ContinuousClock.Instant) -> Int {
        var window = self
        window.advance(to: number(of: now))
        return epoch == nil ? 0 : window.buckets.reduce(0, +)
    }

    private func number(of now: ContinuousClock.Instant) -> Int {
        guard let epoch else { return 0 }
        return Int(((now - epoch) / width).rounded(.down))
    }

    private mutating func advance(to number: Int) {
        guard number > newest else { return }
        for next in (max(newest, number - buckets.count) + 1)...number { buckets[next % buckets.count] = 0 }
        newest = number
    }
}
