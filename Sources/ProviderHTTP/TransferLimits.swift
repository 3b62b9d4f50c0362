import ProviderCore

extension Transfer {
    /// A moment at which the exchange is to end, and the limit that says so.
    typealias Due = (at: LoopTime, limit: TransportError.TimeLimit)

    /// The time limit that is due first; nil = none runs. That of the connection is also libcurl's, which divides it
    /// among a host's addresses; the one here counts the wait for a name look-up in.
    var nextLimit: Due? {
        let timeouts = prepared.request.timeouts
        var next: Due?
        func consider(_ start: LoopTime?, _ duration: Duration?, _ limit: TransportError.TimeLimit) {
            guard let start, let duration else { return }
            let end = start.advanced(by: duration)
            if next.map({ end < $0.at }) ?? true { next = (end, limit) }
        }
        consider(startedAt, timeouts.total, .total)
        if !wasSent { consider(startedAt, timeouts.connect, .connect) }
        // Whoever told the network to wait cannot blame it for silence.
        guard !isPaused else { return next }
        if headerBytes > 0 {
            consider(activeAt, timeouts.stall, .stall)
            consider(eventAt, timeouts.event, .event)
        }
        // A head that drips is no answer yet.
        if !hasHead { consider(sentAt, timeouts.firstByte, .firstByte) }
        return next
    }

    /// Notes that bytes came or went. True when a limit may now be due earlier than before.
    func noteActivity(_ now: LoopTime) -> Bool {
        let hadEvents = eventAt != nil
        // The note is about bytes that came before this turn's.
        if exchange.takeEventNote() { eventAt = activeAt }
        activeAt = now
        if isSending { sentAt = now }
        defer { isSending = false }
        return isSending || hadEvents != (eventAt != nil)
    }

    /// The head is in: from now on a stream has to bring events.
    func noteHead(_ head: ResponseHead, _ now: LoopTime) {
        if head.mayBeEvents { eventAt = now }
        // Of no use any more, and possibly megabytes.
        if isUploaded { prepared.request.body = nil }
    }

    /// The reader goes on after a pause; its time does not count.
    func noteResumption(_ now: LoopTime) {
        activeAt = now
        if eventAt != nil { eventAt = now }
    }

    /// The time limit that has passed.
    func passedLimit(_ now: LoopTime) -> TransportError.TimeLimit? {
        guard let due = nextLimit, due.at <= now else { return nil }
        guard due.limit == .event else { return due.limit }
        // An event may have come, or lie here unread.
        if exchange.takeEventNote() { eventAt = activeAt }
        if exchange.hasUnread { eventAt = now }
        return nextLimit.flatMap { $0.at <= now ? $0.limit : nil }
    }

    /// The error of a time limit that has passed.
    func timeoutError(_ limit: TransportError.TimeLimit) -> TransportError {
        let timeouts = prepared.request.timeouts
        let message =
            switch limit {
            case .total: "the exchange took longer than \(spoken(timeouts.total))"
            case .connect: "no connection to \(prepared.target) within \(spoken(timeouts.connect))"
            case .firstByte: "no answer within \(spoken(timeouts.firstByte))"
            case .stall: "no byte for \(spoken(timeouts.stall))"
            case .event: "no complete event for \(spoken(timeouts.event))"
            }
        return TransportError(.timeout, message, progress: progress, timeLimit: limit)
    }
}

extension ResponseHead {
    /// Whether the body may be a stream of events: it is called so, or not called anything.
    var mayBeEvents: Bool {
        guard let type = headers.first(where: { $0.name == "content-type" })?.value else { return true }
        return type.lowercased().hasPrefix("text/event-stream")
    }
}

/// A duration as messages say it: "120 s", "1.5 s", "50 ms".
func spoken(_ duration: Duration?) -> String { duration?.spoken ?? "no time" }
