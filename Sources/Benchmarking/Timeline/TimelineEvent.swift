public import ProviderCore

/// One event of a stream as it came from the server, without its text.
public struct TimelineEvent: Sendable, Hashable {
    /// What an event brought. Raw values are those on disk.
    public typealias Kind = ArrivalMark.Kind

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
