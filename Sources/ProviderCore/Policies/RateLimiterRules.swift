/// Who may send now, under the limits of one model at one endpoint with one key. Pure: a first-come queue over two permit
/// buckets, one for requests and one for tokens, a pause that the server asked for, and limits of one's own.
///
/// Until the server has told its limits, everything goes that one's own let through. A request reserves one permit and the tokens it may take; with its
/// usage the difference is given back. What the server says of its remains is believed, less the reservations made after the
/// request it answers, which it cannot have seen.
public struct RateLimiterRules: Sendable {
    /// Whether a request may go.
    public enum Admission: Sendable, Hashable {
        /// It goes; its permits are taken.
        case go
        /// It has to wait.
        case wait(HoldNotice.Cause, until: ContinuousClock.Instant?, ahead: Int)
    }

    private struct Reservation {
        let order: Int
        let tokens: Int
    }

    private var requests: PermitBucket?
    private var tokens: PermitBucket?
    private var ownRequests: MinuteWindow?
    private var ownTokens: MinuteWindow?
    private var pausedUntil: ContinuousClock.Instant?
    /// Tickets that wait, first come first.
    private var queue: [Int] = []
    private var inFlight: [Int: Reservation] = [:]
    private var nextOrder = 0
    /// Output of recent answers, to guess with where a request names no limit.
    private var usualOutput = 256.0

    /// Nobody waits longer than this for permits.
    private let longestWait: Duration

    /// Nothing known, nobody waiting. What would have to wait longer than `longestWait` for permits goes: the server decides.
    /// `caps` are limits of one's own; these are always waited for.
    public init(longestWait: Duration = .seconds(120), caps: RateCaps = RateCaps()) {
        self.longestWait = longestWait
        hold(to: caps)
    }

    /// Other limits of one's own from now on. What was sent under those before counts on.
    public mutating func hold(to caps: RateCaps) {
        func window(_ limit: Int?, _ before: MinuteWindow?) -> MinuteWindow? {
            guard let limit else { return nil }
            var window = before ?? MinuteWindow(limit: limit)
            window.limit = limit
            return window
        }
        ownRequests = window(caps.requestsPerMinute, ownRequests)
        ownTokens = window(caps.tokensPerMinute, ownTokens)
    }

    /// Tokens of output to reckon with when the request does not limit it.
    public var expectedOutput: Int { Int(usualOutput) }

    /// Who is first in the queue; nil = nobody waits.
    public var first: Int? { queue.first }

    /// Asks for a ticket to go; a ticket that is new joins the end of the queue.
    public mutating func admit(_ ticket: Int, tokens count: Int, now: ContinuousClock.Instant) -> Admission {
        let place: Int
        if let index = queue.firstIndex(of: ticket) {
            place = index
        } else {
            place = queue.count
            queue.append(ticket)
        }
        guard place == 0 else { return .wait(.queue, until: nil, ahead: place) }
        if let (cause, until) = obstacle(tokens: count, now: now) { return .wait(cause, until: until, ahead: 0) }
        send(ticket, tokens: count, now: now)
        return .go
    }

    /// Lets a ticket go whatever stands against it.
    public mutating func send(_ ticket: Int, tokens count: Int, now: ContinuousClock.Instant) {
        queue.removeAll { $0 == ticket }
        requests?.take(1, at: now)
        tokens?.take(Double(count), at: now)
        ownRequests?.take(1, ticket: ticket, at: now)
        ownTokens?.take(count, ticket: ticket, at: now)
        inFlight[ticket] = Reservation(order: nextOrder, tokens: count)
        nextOrder += 1
    }

    /// A ticket that waited gives up.
    public mutating func leave(_ ticket: Int) { queue.removeAll { $0 == ticket } }

    /// Takes over what the answer to a ticket told of the limits.
    public mutating func learn(_ told: RateLimits, from ticket: Int, now: ContinuousClock.Instant) {
        let order = inFlight[ticket]?.order ?? nextOrder
        let unseen = inFlight.values.filter { $0.order > order }
        Self.learn(told.requests, into: &requests, inFlight: Double(unseen.count), now: now)
        Self.learn(told.tokens, into: &tokens, inFlight: Double(unseen.reduce(0) { $0 + $1.tokens }), now: now)
    }

    /// The server asked to wait.
    public mutating func pause(_ wait: Duration, now: ContinuousClock.Instant) {
        let until = now.advanced(by: min(wait, .seconds(3600)))
        pausedUntil = max(pausedUntil ?? until, until)
    }

    /// The answer to a ticket is over; `used` are its tokens, nil = not known, then the reservation stands.
    public mutating func settle(_ ticket: Int, used: Int?, output: Int?, now: ContinuousClock.Instant) {
        guard let reservation = inFlight.removeValue(forKey: ticket) else { return }
        if let used {
            tokens?.giveBack(Double(reservation.tokens - used), at: now)
            ownTokens?.correct(ticket, to: used)
        }
        if let output { usualOutput += (Double(min(output, 1_000_000)) - usualOutput) * 0.2 }
    }

    /// A ticket's request never left: gives back all that it had.
    public mutating func returnAll(_ ticket: Int, now: ContinuousClock.Instant) {
        guard let reservation = inFlight.removeValue(forKey: ticket) else { return }
        requests?.giveBack(1, at: now)
        tokens?.giveBack(Double(reservation.tokens), at: now)
        ownRequests?.correct(ticket, to: 0)
        ownTokens?.correct(ticket, to: 0)
    }

    private func obstacle(
        tokens count: Int, now: ContinuousClock.Instant
    ) -> (HoldNotice.Cause, ContinuousClock.Instant)? {
        let waits: [(HoldNotice.Cause, Duration)] = [
            (.pause, pausedUntil.map { now.duration(to: $0) } ?? .zero),
            (.requests, believed(requests?.wait(for: 1, at: now))),
            (.tokens, believed(tokens?.wait(for: Double(count), at: now))),
            (.requests, ownRequests?.wait(for: 1, at: now) ?? .zero),
            (.tokens, ownTokens?.wait(for: count, at: now) ?? .zero),
        ]
        guard let longest = waits.max(by: { $0.1 < $1.1 }), longest.1 > .zero else { return nil }
        return (longest.0, now.advanced(by: longest.1))
    }

    private func believed(_ wait: Duration?) -> Duration { wait.map { $0 > longestWait ? .zero : $0 } ?? .zero }

    private static func learn(
        _ told: RateLimit, into bucket: inout PermitBucket?, inFlight: Double, now: ContinuousClock.Instant
    ) {
        guard !told.isUnknown else { return }
        if bucket == nil {
            bucket = PermitBucket(told, inFlight: inFlight, now: now)
        } else {
            bucket?.learn(told, inFlight: inFlight, now: now)
        }
    }
}
