public import ProviderCore

/// One event of a stream as it came from the server, without its text.
public struct TimelineEvent: Sendable, Hashable {
    /// What an event brought. Raw values are those on disk.
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
    public let kind: Kind
    /// Microseconds since the request was sent: when its last byte was read from the socket, before anything was parsed.
    public let microseconds: Int64
    /// Output tokens in it, where the server tells them by the chunk; nil = not told.
    public let tokens: Int?
    /// Bytes of its data.
    public let bytes: Int
    /// Whether other events came in the same read of the socket, so that its stamp is only the latest it can have been.
    public let isCoalesced: Bool

    /// An event.
    public init(_ kind: Kind, microseconds: Int64, tokens: Int? = nil, bytes: Int = 0, isCoalesced: Bool = false) {
        self.kind = kind
        self.microseconds = microseconds
        self.tokens = tokens
        self.bytes = bytes
        self.isCoalesced = isCoalesced
    }

    /// When it came, since the request was sent.
    public var time: Duration { .microseconds(microseconds) }
}

extension TimelineEvent.Kind {
    /// Whether it brings tokens of the model: reasoning, text, a refusal or a piece of a tool call.
    public var isToken: Bool { self == .reasoning || isVisible }

    /// Whether it brings output that is not reasoning.
    public var isVisible: Bool { self == .text || self == .refusal || self == .tool }

    /// Whether its event has a choice, as chat completions call it: all parts of an answer but counts alone.
    public var hasChoice: Bool { isToken || self == .role || self == .finish }

    /// The kind of the one server event that was decoded into these; nil when all are our own policies'.
    ///
    /// An event without any has a chunk that says nothing, which is `role`. Counts on a chunk with content are content: only
    /// an event that brings nothing else is `usage`.
    public init?(_ events: [StreamEvent]) {
        let kinds = events.compactMap(Self.init(single:))
        guard events.isEmpty || !kinds.isEmpty else { return nil }
        let order: [Self] = [.tool, .text, .refusal, .reasoning, .finish, .usage]
        self = order.first(where: kinds.contains) ?? .role
    }

    private init?(single event: StreamEvent) {
        switch event {
        case .textDelta: self = .text
        case .reasoningDelta: self = .reasoning
        case .refusalDelta: self = .refusal
        case .toolCallDelta: self = .tool
        case .finished: self = .finish
        case .usage: self = .usage
        case .responseStarted, .logprobs, .opaqueItem: self = .role
        case .policy: return nil
        }
    }
}
