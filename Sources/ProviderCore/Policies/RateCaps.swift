/// Rate limits of one's own, for a model at an endpoint: they hold besides those that the server tells.
public struct RateCaps: Sendable, Hashable {
    /// Requests that may be sent in any minute, at least 1; nil = as many as the server takes.
    public var requestsPerMinute: Int?
    /// Tokens, of input and output, that requests sent in any minute may take, at least 1; nil = as many as the server takes.
    public var tokensPerMinute: Int?

    /// Limits; none unless told.
    public init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
        self.requestsPerMinute = requestsPerMinute.map { max(1, $0) }
        self.tokensPerMinute = tokensPerMinute.map { max(1, $0) }
    }
}

/// What was used within the last minute, under a limit that holds for any minute. Pure: time is an argument.
///
/// A bucket that fills with time would let twice its limit through in its first minute. Here what was used comes back a minute after it
/// was used, so that nobody waits longer than a minute.
struct MinuteWindow: Sendable, Hashable {
    private struct Use: Sendable, Hashable {
        let ticket: Int
        let at: ContinuousClock.Instant
        var count: Int
    }

    /// How long a use counts.
    static let length = Duration.seconds(60)

    /// The most in any minute, at least 1.
    var limit: Int
    /// Oldest first; those before `first` count no longer.
    private var uses: [Use] = []
    private var first = 0
    private var used = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// How long until there is room for so many; zero when there is. More than the limit waits for an empty minute.
    func wait(for count: Int, at now: ContinuousClock.Instant) -> Duration {
        var left = used + min(count, limit) - limit
        guard left > 0 else { return .zero }
        for use in uses[first...] {
            left -= use.count
            if left <= 0 { return max(.zero, now.duration(to: use.at + Self.length)) }
        }
        return .zero
    }

    /// Uses so many, whether there is room or not.
    mutating func take(_ count: Int, ticket: Int, at now: ContinuousClock.Instant) {
        forget(before: now)
        uses.append(Use(ticket: ticket, at: now, count: count))
        used += count
    }

    /// What a ticket used was another number; 0 = nothing after all.
    mutating func correct(_ ticket: Int, to count: Int) {
        guard let index = uses[first...].lastIndex(where: { $0.ticket == ticket }) else { return }
        used += count - uses[index].count
        uses[index].count = count
    }

    private mutating func forget(before now: ContinuousClock.Instant) {
        while first < uses.count, now >= uses[first].at + Self.length {
            used -= uses[first].count
            first += 1
        }
        // Moved at once now and then: one by one would cost as much as all of them each time.
        guard first > 64, first > uses.count / 2 else { return }
        uses.removeFirst(first)
        first = 0
    }
}
