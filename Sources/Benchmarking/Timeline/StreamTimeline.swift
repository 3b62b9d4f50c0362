public import ProviderCore

/// The events of one stream in order, packed: three or four bytes for each of an answer's chunks.
///
/// Everything that is said of a stream's speed can be computed from it, by anyone's definition. Equal timelines have equal bytes.
/// The format is told at `packed`.
public struct StreamTimeline: Sendable, Hashable {
    /// The largest time, number of tokens and number of bytes of an event: 2^53.
    public static let largest: Int64 = 1 << 53

    /// The version of the format that is written.
    static let version: UInt8 = 1

    /// The version, 1, and then for each event:
    ///
    /// - a number: microseconds since the event before (the first: since the request was sent) by 4, plus 2 when coalesced, plus 1
    ///   when kind or tokens are others than before (at first: a comment without tokens);
    /// - if so, a byte: the kind, plus 16 when tokens are told; and if they are, their number;
    /// - a number: the difference of the bytes to the event before (at first: 0), twice it, or for -d: 2d - 1.
    ///
    /// Numbers are LEB128 in their shortest form: seven bits a byte, the lowest first, the high bit set on all but the last.
    public private(set) var packed: [UInt8] = [version]
    /// The number of events.
    public private(set) var count = 0
    private var last = Self.before

    /// What the first event is compared with.
    static let before = TimelineEvent(.comment, microseconds: 0)

    /// No events.
    public init() {}

    /// These events, in order; times that go back are raised to the one before, other numbers out of range drawn in.
    public init(_ events: [TimelineEvent]) {
        for event in events { append(event) }
    }

    /// What was packed once. Throws `TimelineError` for anything that `packed` would not have given, whatever it is; takes
    /// time and memory in proportion to the bytes.
    public init(packed: [UInt8]) throws(TimelineError) {
        var reader = TimelineReader(packed)
        try reader.readVersion()
        while let event = try reader.next() {
            last = event
            count += 1
        }
        self.packed = packed
    }

    /// The events.
    public var events: [TimelineEvent] {
        var reader = TimelineReader(packed)
        var events: [TimelineEvent] = []
        events.reserveCapacity(count)
        // Cannot throw: all bytes are our own, or were read once.
        guard (try? reader.readVersion()) != nil else { return [] }
        while let event = try? reader.next() { events.append(event) }
        return events
    }

    /// Takes what one read of the socket completed, in order; several share the time and are marked as coalesced. The time is since
    /// the request was sent; one before the last event counts as the last event's.
    public mutating func append(_ pieces: [Piece], at time: Duration) {
        let (seconds, attoseconds) = time.components
        let limit = Self.largest / 1_000_000
        let microseconds = max(-limit, min(limit, seconds)) * 1_000_000 + attoseconds / 1_000_000_000_000
        for piece in pieces {
            append(
                TimelineEvent(
                    piece.kind, microseconds: microseconds, tokens: piece.tokens, bytes: piece.bytes,
                    isCoalesced: pieces.count > 1))
        }
    }

    /// Takes the next event; a time before the last event's counts as that, other numbers out of range are drawn in.
    public mutating func append(_ event: TimelineEvent) {
        let largest = Int(Self.largest)
        let next = TimelineEvent(
            event.kind, microseconds: min(Self.largest, max(last.microseconds, event.microseconds)),
            tokens: event.tokens.flatMap { $0 < 0 ? nil : min(largest, $0) }, bytes: min(largest, max(0, event.bytes)),
            isCoalesced: event.isCoalesced)
        let isOther = next.kind != last.kind || next.tokens != last.tokens
        let delta = UInt64(next.microseconds - last.microseconds)
        write(delta << 2 | (next.isCoalesced ? 2 : 0) | (isOther ? 1 : 0))
        if isOther {
            packed.append(next.kind.rawValue | (next.tokens == nil ? 0 : TimelineReader.tokensFlag))
            if let tokens = next.tokens { write(UInt64(tokens)) }
        }
        let growth = next.bytes - last.bytes
        write(growth < 0 ? UInt64(-growth) * 2 - 1 : UInt64(growth) * 2)
        last = next
        count += 1
    }

    /// An event of one read, without its time.
    public struct Piece: Sendable, Hashable {
        /// What it brought.
        public var kind: TimelineEvent.Kind
        /// Output tokens in it; nil = not told.
        public var tokens: Int?
        /// Bytes of its data.
        public var bytes: Int

        /// An event.
        public init(_ kind: TimelineEvent.Kind, tokens: Int? = nil, bytes: Int) {
            self.kind = kind
            self.tokens = tokens
            self.bytes = bytes
        }
    }

    private mutating func write(_ number: UInt64) {
        var rest = number
        while rest > 0x7F {
            packed.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        packed.append(UInt8(truncatingIfNeeded: rest))
    }
}
