/// When the events of one read of the network came, before anything in them was parsed: what all figures of speed are made of.
///
/// Told, before the events themselves, where `ChatRequest.tellsArrivals` asks for it.
public struct StreamArrivals: Sendable, Hashable {
    /// When the request was given to the transport.
    public var sent: ContinuousClock.Instant
    /// When the headers of its answer were in.
    public var headers: ContinuousClock.Instant
    /// When these bytes were read.
    public var at: ContinuousClock.Instant
    /// The server's events that they completed, in order. Several share the time, which is only the latest that each can have come.
    public var marks: [ArrivalMark]

    /// What came with a read.
    public init(
        sent: ContinuousClock.Instant, headers: ContinuousClock.Instant, at: ContinuousClock.Instant,
        marks: [ArrivalMark]
    ) {
        self.sent = sent
        self.headers = headers
        self.at = at
        self.marks = marks
    }
}

/// One event of the server, without its text.
public struct ArrivalMark: Sendable, Hashable {
    /// What an event brought. Raw values are those of timelines on disk.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        /// A comment, such as a keep-alive: no part of the answer.
        case comment = 0
        /// A chunk of the answer without content: the role alone, an empty delta, `response.created`.
        case role = 1
        /// Visible reasoning.
        case reasoning = 2
        /// Text.
        case text = 3
        /// A refusal.
        case refusal = 4
        /// A piece of a tool call.
        case tool = 5
        /// The reason why the answer ended.
        case finish = 6
        /// Token counts alone, in an event with no choice.
        case usage = 7
        /// An error inside of the stream.
        case error = 8
        /// The mark of the end.
        case done = 9
    }

    /// What it brought; of several the one that counts most: content before all others.
    public var kind: Kind
    /// Output tokens so far, where the server tells them with each chunk; nil = not told.
    public var outputTokens: Int?
    /// Bytes of its data.
    public var bytes: Int

    /// An event.
    public init(_ kind: Kind, outputTokens: Int? = nil, bytes: Int) {
        self.kind = kind
        self.outputTokens = outputTokens
        self.bytes = bytes
    }

    /// The event of the server that was decoded into these; an event without any has a chunk that says nothing.
    ///
    /// Counts on a chunk with content are content: only an event that brings nothing else is `usage`.
    public init(of events: some Sequence<StreamEvent>, bytes: Int) {
        var best = Kind.role
        var tokens: Int?
        for event in events {
            if case .usage(let usage) = event { tokens = usage.outputTokens ?? tokens }
            guard let kind = Kind(event), kind.rank > best.rank else { continue }
            best = kind
        }
        self.init(best, outputTokens: tokens, bytes: bytes)
    }
}

extension ArrivalMark.Kind {
    /// Whether it brings tokens of the model: reasoning, text, a refusal or a piece of a tool call.
    public var isToken: Bool { self == .reasoning || isVisible }

    /// Whether its event brings output that is not reasoning.
    public var isVisible: Bool { self == .text || self == .refusal || self == .tool }

    /// Whether its event has a choice, as chat completions call it: all parts of an answer but counts alone.
    public var hasChoice: Bool { isToken || self == .role || self == .finish }

    /// What an event of a stream brings; nil for those that are our own.
    fileprivate init?(_ event: StreamEvent) {
        switch event {
        case .textDelta: self = .text
        case .reasoningDelta: self = .reasoning
        case .refusalDelta: self = .refusal
        case .toolCallDelta: self = .tool
        case .finished: self = .finish
        case .usage: self = .usage
        case .responseStarted, .logprobs, .opaqueItem: self = .role
        case .policy, .arrived: return nil
        }
    }

    /// Of the kinds in one event the highest counts.
    fileprivate var rank: Int {
        switch self {
        case .comment, .role: 0
        case .usage: 1
        case .finish: 2
        case .reasoning: 3
        case .refusal: 4
        case .text: 5
        case .tool: 6
        case .error, .done: 7
        }
    }
}
