/// How many trials run at the same time: grows while the endpoint bears it, shrinks when it does not. Pure: time is an argument.
///
/// It doubles after each clean round until the first rate limit, or until more trials bring no more output; from then on it grows by
/// a twentieth, at least by one. A rate limit takes a fifth away, at most once in `pause`. A round is as many ended trials as run at
/// once; only rounds count in which at least `used` of the limit was in use. Failures of the server, and requests that the rate limiter
/// held back, end growth for a round.
public struct ConcurrencyRules: Sendable, Hashable {
    /// A change and why.
    public struct Change: Sendable, Hashable {
        /// The limit before.
        public var from: Int
        /// The limit now.
        public var to: Int
        /// Why, in words without a full stop.
        public var reason: String

        /// A change.
        public init(from: Int, to: Int, reason: String) {
            self.from = from
            self.to = to
            self.reason = reason
        }
    }

    /// How a trial ended, as far as it says something of the endpoint.
    public struct Ended: Sendable, Hashable {
        /// Whether a rate limit held it up.
        public var wasLimited: Bool
        /// Whether the server failed it or one of its attempts.
        public var hasFailed: Bool
        /// Whether the rate limiter held one of its requests back: more at once would only wait, too.
        public var wasHeld: Bool
        /// Tokens of output.
        public var outputTokens: Int
        /// Time to its first token, in seconds; nil = there was none.
        public var timeToFirstToken: Double?

        /// An end.
        public init(
            wasLimited: Bool = false, hasFailed: Bool = false, wasHeld: Bool = false, outputTokens: Int = 0,
            timeToFirstToken: Double? = nil
        ) {
            self.wasLimited = wasLimited
            self.hasFailed = hasFailed
            self.wasHeld = wasHeld
            self.outputTokens = outputTokens
            self.timeToFirstToken = timeToFirstToken
        }
    }

    /// At most so many at a time.
    public private(set) var limit: Int
    /// The most that the suite allows.
    public private(set) var most: Int
    /// Whether it changes by itself.
    public var adapts: Bool
    /// Whether more than the present limit was found to bring no more.
    public private(set) var isAtKnee = false

    private var hasMetLimit = false
    private var round = Round()
    private var before: Pace?
    private var lastCut: ContinuousClock.Instant?

    /// Between two cuts.
    public static let pause = Duration.seconds(15)
    /// The share of the limit that must have been in use.
    public static let used = 0.8
    /// Output of one step that is less than this above the step before is no more.
    public static let leastGain = 0.03
    /// A time to the first token that is this much above the step before is longer.
    public static let mostDelay = 0.5

    /// Rules that begin with so many.
    public init(start: Int, most: Int, adapts: Bool = true) {
        self.most = max(1, most)
        limit = max(1, min(start, self.most))
        self.adapts = adapts
    }

    /// A person sets the limit; it stays there.
    public mutating func set(_ limit: Int) -> Change? {
        adapts = false
        most = max(most, limit)
        return change(to: max(1, limit), "set by hand")
    }

    /// A trial ended while so many ran, itself among them.
    public mutating func note(_ ended: Ended, running: Int, at now: ContinuousClock.Instant) -> Change? {
        guard adapts else { return nil }
        round.add(ended, running: running, limit: limit)
        if ended.wasLimited {
            hasMetLimit = true
            if let lastCut, now - lastCut < Self.pause { return nil }
            lastCut = now
            defer { round = Round(after: now) }
            before = nil
            return change(to: max(1, limit * 4 / 5), "rate limit")
        }
        guard round.count >= limit else { return nil }
        let pace = round.pace(at: now)
        defer { round = Round(after: now) }
        return afterRound(pace)
    }

    private mutating func afterRound(_ pace: Pace?) -> Change? {
        guard !round.hasFailed, !round.wasLimited, !round.wasHeld, round.wasUsed else {
            before = nil
            return nil
        }
        defer { before = pace }
        if let before, let pace, pace.isNoGain(over: before) {
            isAtKnee = true
            return change(to: before.limit, "more at once brought no more output")
        }
        guard !isAtKnee else { return nil }
        let next = hasMetLimit ? limit + max(1, limit / 20) : limit * 2
        return change(to: min(next, most), "a round without trouble")
    }

    private mutating func change(to next: Int, _ reason: String) -> Change? {
        guard next != limit else { return nil }
        defer { limit = next }
        return Change(from: limit, to: next, reason: reason)
    }

    /// What a round brought.
    private struct Pace: Sendable, Hashable {
        let limit: Int
        /// Output tokens a second.
        let rate: Double
        /// The median time to the first token, in seconds.
        let delay: Double

        func isNoGain(over before: Pace) -> Bool {
            limit > before.limit && rate < before.rate * (1 + ConcurrencyRules.leastGain)
                && delay > before.delay * (1 + ConcurrencyRules.mostDelay)
        }
    }

    private struct Round: Sendable, Hashable {
        var count = 0
        var hasFailed = false
        var wasLimited = false
        var wasHeld = false
        private var limit = 0
        private var runningSum = 0
        private var tokens = 0
        private var delays: [Double] = []
        /// When the round before it ended; nil = it is the first, of which nobody knows.
        private let began: ContinuousClock.Instant?

        init(after began: ContinuousClock.Instant? = nil) { self.began = began }

        var wasUsed: Bool {
            // In hundredths, so that exactly the share counts.
            count > 0 && runningSum * 100 >= count * limit * Int(ConcurrencyRules.used * 100)
        }

        mutating func add(_ ended: Ended, running: Int, limit: Int) {
            count += 1
            self.limit = limit
            runningSum += running
            hasFailed = hasFailed || ended.hasFailed
            wasLimited = wasLimited || ended.wasLimited
            wasHeld = wasHeld || ended.wasHeld
            tokens += ended.outputTokens
            if let delay = ended.timeToFirstToken { delays.append(delay) }
        }

        func pace(at now: ContinuousClock.Instant) -> Pace? {
            guard let began else { return nil }
            let seconds = max((now - began) / .seconds(1), 0.001)
            let sorted = delays.sorted()
            return Pace(
                limit: limit, rate: Double(tokens) / seconds, delay: sorted.isEmpty ? 0 : sorted[sorted.count / 2])
        }
    }
}
