import ProviderCore

/// Keeps when the events of one attempt came. An attempt that begins anew leaves nothing of the one before it.
struct TimelineRecorder {
    private var timeline = StreamTimeline()
    private var sent: ContinuousClock.Instant?
    private var headers: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?
    /// Output tokens told so far, where each chunk tells them.
    private var toldTokens: Int?

    /// Takes a batch of a stream that was pulled at a time.
    mutating func take(_ events: [StreamEvent], at now: ContinuousClock.Instant) {
        var isTold = false
        var plain: [StreamEvent] = []
        for event in events {
            switch event {
            case .policy(.attemptStarted): self = TimelineRecorder()
            case .policy: break
            case .arrived(let told):
                isTold = true
                take(told)
            default: plain.append(event)
            }
        }
        // A provider that does not tell: what we know is when we had it.
        guard !isTold, !plain.isEmpty else { return }
        let mark = ArrivalMark(of: plain, bytes: 0)
        take(StreamArrivals(sent: sent ?? now, headers: headers ?? now, at: now, marks: [mark]))
    }

    private mutating func take(_ told: StreamArrivals) {
        sent = told.sent
        headers = told.headers
        last = told.at
        let pieces = told.marks.map { mark in
            StreamTimeline.Piece(mark.kind, tokens: tokens(of: mark), bytes: mark.bytes)
        }
        timeline.append(pieces, at: told.at - told.sent)
    }

    /// Servers tell the sum so far; a chunk's own is the difference. The last event with counts brings no tokens of its own.
    private mutating func tokens(of mark: ArrivalMark) -> Int? {
        guard let told = mark.outputTokens, mark.kind.isToken else { return nil }
        defer { toldTokens = told }
        return max(0, told - (toldTokens ?? 0))
    }

    /// The timing of the attempt; nil when nothing came. `epoch`: when the run began.
    func timing(since epoch: ContinuousClock.Instant, usage: TokenUsage, hasFailed: Bool) -> RequestTiming? {
        guard let sent, let last else { return nil }
        return RequestTiming(
            sent: sent - epoch, headers: headers.map { $0 - epoch }, ended: last - epoch, timeline: timeline,
            usage: usage, hasFailed: hasFailed)
    }

    /// From sending to the first token, in seconds; nil = none came.
    var timeToFirstToken: Double? {
        timeline.events.first { $0.kind.isToken }.map { Double($0.microseconds) / 1e6 }
    }
}
