import ProviderCore

/// The events of one answer, decoded as its bytes are pulled: one batch for each read that completed any event.
///
/// An error that follows events is thrown by the call after the one that returned them.
struct AnswerBatches<Decoder: AnswerDecoder>: StreamEventBatches, Sendable {
    private enum Mode {
        /// Nothing but white space came.
        case beginning
        case events
        /// A body that is no stream is collected.
        case whole(AnswerForm)
    }

    /// The most that is read of a body that is neither a stream nor JSON.
    private static var quotableBytes: Int { 4096 }

    private var body: (any HTTPBody)?
    private var mode = Mode.beginning
    private var splitter = SSEDecoder()
    private var decoder: Decoder
    /// The beginning of the body, or all of it when it is no stream.
    private var head: [UInt8] = []
    private var ready: [StreamEvent]?
    private var failure: ProviderError?
    private let isCalledEvents: Bool
    private let server: String
    /// What is told of the present read; nil = arrivals are not told.
    private var arrivals: StreamArrivals?
    private let clock: any MonotonicClock

    /// The events of an answer whose headers are in. `server` is how messages name the endpoint. `arrivals`: when it was sent and when
    /// its headers came, where that is to be told, and on which clock.
    init(
        _ response: HTTPResponse, decoder: Decoder, server: String, arrivals: StreamArrivals? = nil,
        clock: any MonotonicClock = ContinuousClock()
    ) {
        body = response.body
        self.clock = clock
        self.arrivals = arrivals
        self.decoder = decoder
        self.server = server
        isCalledEvents = response.isCalledEvents
    }

    /// Reads as far as the first events, so that an answer that turns out to be an error throws now.
    mutating func readAhead() async throws { ready = try await nextBatch() }

    /// Reads all of it. An error is thrown now when nothing came before it, else after the events.
    mutating func readAll() async throws {
        var all: [StreamEvent] = []
        do {
            while failure == nil, let events = try await nextBatch() { all += events }
        } catch let error as ProviderError where !all.isEmpty {
            failure = error
        }
        ready = all.isEmpty ? nil : all
    }

    nonisolated(nonsending) mutating func nextBatch() async throws -> [StreamEvent]? {
        if let events = ready {
            ready = nil
            return events
        }
        while let body = try bodyToRead() {
            do {
                if let events = events(in: try await body.read()) { return events }
            } catch {
                try note(error)
            }
        }
        return nil
    }

    // These are apart from their caller, whose frame lasts as long as the stream.

    /// Nil when all was read. Throws what was kept until the events before it were told.
    @inline(never)
    private mutating func bodyToRead() throws -> (any HTTPBody)? {
        guard let failure else { return body }
        self.failure = nil
        body = nil
        throw failure
    }

    /// The events that these bytes (nil = the end) complete; nil when there are none.
    @inline(never)
    private mutating func events(in bytes: [UInt8]?) -> [StreamEvent]? {
        var events: [StreamEvent] = []
        if arrivals != nil {
            let now = clock.now
            arrivals?.at = now
        }
        do {
            if let bytes { try take(bytes, &events) } else { try end(&events) }
        } catch {
            fail(error)
        }
        tellArrivals(&events)
        return events.isEmpty ? nil : events
    }

    @inline(never)
    private mutating func note(_ error: any Error) throws {
        guard error is CancellationError else { return fail(error) }
        body = nil
        throw error
    }

    private mutating func fail(_ error: any Error) {
        switch error {
        case var error as ProviderError:
            // What an error event says did not happen was not done, unless a part of it was.
            if error.fate == .refused, decoder.hasContent { error.fate = .interrupted }
            failure = error
        case let error as TransportError:
            // All that was asked for is here; only the goodbye is missing.
            if decoder.isComplete, error.kind == .lost || error.kind == .timeout {
                body = nil
            } else {
                failure = decoder.errors.lost(error, isAnswering: decoder.hasStarted)
                failure?.resumption = decoder.resumption
            }
        case let error as ServerSentEventTooLarge:
            failure = decoder.errors.malformed("the answer was cut: one event of more than \(error.limit) bytes")
        default:
            failure = decoder.errors.malformed("the answer cannot be read: \(Quote.line("\(error)"))")
        }
    }

    /// Puts before the events when they came.
    private mutating func tellArrivals(_ events: inout [StreamEvent]) {
        guard let told = arrivals, !told.marks.isEmpty else { return }
        events.insert(.arrived(told), at: 0)
        arrivals?.marks = []
    }

    /// Decodes an event of the server, and notes what it brought where arrivals are told.
    private static func decode(
        _ event: ServerSentEvent, _ decoder: inout Decoder, _ arrivals: inout StreamArrivals?,
        _ events: inout [StreamEvent]
    ) throws -> Bool {
        guard arrivals != nil else { return try decoder.decode(event, into: &events) }
        let (before, bytes) = (events.count, event.data.count)
        if event.data.withoutTrailingBlanks.isDoneMark {
            arrivals?.marks.append(ArrivalMark(.done, bytes: bytes))
            return try decoder.decode(event, into: &events)
        }
        do {
            let goesOn = try decoder.decode(event, into: &events)
            arrivals?.marks.append(ArrivalMark(of: events[before...], bytes: bytes))
            return goesOn
        } catch {
            arrivals?.marks.append(ArrivalMark(.error, bytes: bytes))
            throw error
        }
    }

    private mutating func take(_ bytes: [UInt8], _ events: inout [StreamEvent]) throws {
        switch mode {
        case .beginning:
            let seen = head.count
            head += bytes
            guard let form = AnswerForm.sniff(head[seen...], isCalledEvents: isCalledEvents) else {
                return try checkHead()
            }
            if case .events = form {
                mode = .events
                let beginning = head
                head.removeLast(max(0, head.count - Self.quotableBytes))
                try split(beginning, &events)
            } else {
                mode = .whole(form)
            }
        case .events:
            if !decoder.hasStarted, head.count < Self.quotableBytes { head += bytes.prefix(Self.quotableBytes) }
            try split(bytes, &events)
        case .whole(.json):
            head += bytes
            try checkHead()
        case .whole:
            head += bytes
            if head.count >= Self.quotableBytes { try end(&events) }
        }
    }

    private func checkHead() throws {
        guard head.count <= decoder.limits.wholeBody else {
            throw decoder.errors.malformed("the answer has more than \(decoder.limits.wholeBody) bytes")
        }
    }

    private mutating func split(_ bytes: [UInt8], _ events: inout [StreamEvent]) throws {
        events.reserveCapacity(bytes.count / 192 + 1)
        var hasEvent = false
        let goesOn = try bytes.withUnsafeBytes { bytes in
            try splitter.feed(bytes) { event in
                hasEvent = true
                return try Self.decode(event, &decoder, &arrivals, &events)
            }
        }
        if hasEvent { body?.noteEvent() }
        // Do not wait for the server to hang up.
        if !goesOn { try end(&events) }
    }

    private mutating func end(_ events: inout [StreamEvent]) throws {
        body = nil
        switch mode {
        case .events:
            if !decoder.isDone { try splitter.finish { try Self.decode($0, &decoder, &arrivals, &events) } }
            // Comments, or the mark of the end alone, are a stream that broke off; anything else is none.
            guard decoder.hasStarted || decoder.isDone || head.first == UInt8(ascii: ":") else { throw unreadable() }
            try decoder.finish(into: &events)
        case .whole(.json):
            try decoder.decodeWhole(head, into: &events)
            if arrivals != nil { arrivals?.marks.append(ArrivalMark(of: events, bytes: head.count)) }
            try decoder.finish(into: &events)
        case .beginning, .whole: throw unreadable()
        }
    }

    private func unreadable() -> ProviderError {
        let what = Quote.body(head, hiding: decoder.errors.secrets)
        let came = what.isEmpty ? "an empty body" : "this: \(what)"
        return decoder.errors.malformed(
            "\(server) answered with status \(decoder.errors.status), but instead of a \(decoder.noun) there came \(came)"
        )
    }
}

extension HTTPResponse {
    /// Whether the server calls the body an event stream.
    var isCalledEvents: Bool {
        (header("content-type") ?? "").lowercased().contains("text/event-stream")
    }
}
