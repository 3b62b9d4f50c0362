import Synchronization

/// What a budget allows: a bucket of credits that retries draw from and successes refill, so that retries die out when
/// everything fails. Pure.
///
/// A bucket holds at most 100 credits and begins full. A retry costs 5, after a time-out 10. A call that succeeds at once
/// gives 1 back; one that succeeds after retries gives back what they cost (after the AWS SDKs' "standard" mode). With everything
/// failing, 10,000 calls get 20 retries; with 30 % failing and three attempts, each retry that helps pays for itself.
public struct RetryCredits: Sendable, Hashable {
    /// The most credits there are.
    public static let capacity = 100

    /// The credits left, 0...100.
    public private(set) var left = RetryCredits.capacity

    /// A full bucket.
    public init() {}

    /// What a retry after this error costs.
    public static func price(of error: ProviderError) -> Int { error.kind == .timeout ? 10 : 5 }

    /// Takes credits; false when there are too few, and then none is taken.
    public mutating func take(_ price: Int) -> Bool {
        guard price <= left else { return false }
        left -= price
        return true
    }

    /// A retry that was paid for is not made.
    public mutating func giveBack(_ price: Int) { left = min(Self.capacity, left + price) }

    /// A call succeeded whose retries had cost so much.
    public mutating func refund(_ spent: Int) { left = min(Self.capacity, left + max(1, spent)) }
}

/// The retry credits of one endpoint, shared by all its calls, and how many of them wait for their next attempt.
public final class RetryBudget: Sendable {
    private struct State {
        var credits = RetryCredits()
        var waiting = 0
    }

    private let state = Mutex(State())
    private let isLimited: Bool

    /// A full budget. An unlimited one only counts who waits.
    public init(isLimited: Bool = true) { self.isLimited = isLimited }

    /// The credits left, 0...100.
    public var creditsLeft: Int { state.withLock { $0.credits.left } }

    /// How many calls wait now.
    var crowd: Int { state.withLock { $0.waiting } }

    func take(_ price: Int) -> Bool { state.withLock { $0.credits.take(price) } || !isLimited }
    func giveBack(_ price: Int) { state.withLock { $0.credits.giveBack(price) } }
    func refund(_ spent: Int) { state.withLock { $0.credits.refund(spent) } }
    func beginWait() { state.withLock { $0.waiting += 1 } }
    func endWait() { state.withLock { $0.waiting -= 1 } }
}
