public import ProviderCore

/// Who counted the tokens. Raw values are those on disk.
public enum TokenSource: String, Sendable, Hashable, CaseIterable {
    /// The server, in `usage`.
    case server
    /// We did, because the server did not: the stream was cut, say.
    case estimate
    /// Nobody.
    case none
}

/// When the parts of one attempt happened, and what they held: all that its speed can be computed from.
///
/// Instants are since the start of the run, on a monotonic clock. Events are stamped when their bytes leave the socket, before
/// anything is parsed, so that our own work is not billed to the server.
public struct RequestTiming: Sendable, Hashable {
    /// When it was planned to arrive; nil where requests follow one another.
    public var scheduled: Duration?
    /// When it was taken from our own queue; nil = not noted.
    public var queued: Duration?
    /// When its last byte was written.
    public var sent: Duration
    /// When the response's headers were in; nil = never.
    public var headers: Duration?
    /// When the stream ended: its mark of the end, the end of the body, or the failure.
    public var ended: Duration
    /// The events, since `sent`.
    public var timeline: StreamTimeline
    /// The token counts; `outputTokens` has reasoning inside.
    public var usage: TokenUsage
    /// Who counted them.
    public var tokenSource: TokenSource
    /// Whether the attempt failed, as its caller knows.
    public var hasFailed: Bool

    /// The parts of an attempt. The source is taken as `none` when nothing was counted.
    public init(
        scheduled: Duration? = nil, queued: Duration? = nil, sent: Duration, headers: Duration? = nil, ended: Duration,
        timeline: StreamTimeline, usage: TokenUsage = TokenUsage(), tokenSource: TokenSource = .server,
        hasFailed: Bool = false
    ) {
        self.scheduled = scheduled
        self.queued = queued
        self.sent = sent
        self.headers = headers
        self.ended = ended
        self.timeline = timeline
        self.usage = usage
        self.tokenSource = usage.isUnknown ? .none : tokenSource
        self.hasFailed = hasFailed
    }

    /// Whether it ended well: not failed, and no error inside of the stream, which a status of 200 hides.
    public var isSuccess: Bool { !hasFailed && !timeline.events.contains { $0.kind == .error } }

    /// From sending to the end of the stream.
    public var wireLatency: Duration { ended - sent }

    /// How much later than planned it was sent; nil without a plan, never below 0.
    public var scheduleLag: Duration? { scheduled.map { max(.zero, sent - $0) } }

    /// From the planned arrival to the end of the stream: what whoever arrived then would have waited. From sending where there is
    /// no plan. Timing from sending alone hides every wait that a stalled client caused (coordinated omission).
    public var latencyFromSchedule: Duration { ended - min(sent, scheduled ?? sent) }
}
