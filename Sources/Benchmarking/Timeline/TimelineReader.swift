import ProviderCore

/// Why bytes are no timeline.
public struct TimelineError: Error, Sendable, Hashable {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        /// A version that this program does not know.
        case version(UInt8)
        /// The bytes end inside of an event, or before the version.
        case truncated
        /// A number that is too large, or longer than it has to be.
        case number
        /// A kind that does not exist, or one that is told although it is the one before.
        case kind
    }

    /// What is wrong.
    public let reason: Reason
    /// Where, in bytes from the start.
    public let offset: Int
}

/// Reads packed events one by one and refuses all that `StreamTimeline` does not write.
struct TimelineReader {
    /// The bit of the head that says that tokens are told.
    static let tokensFlag: UInt8 = 16

    private let bytes: [UInt8]
    private var position = 0
    private var last = StreamTimeline.before

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func readVersion() throws(TimelineError) {
        let version = try byte()
        guard version == StreamTimeline.version else { throw TimelineError(reason: .version(version), offset: 0) }
    }

    /// The next event; nil at the end.
    mutating func next() throws(TimelineError) -> TimelineEvent? {
        guard position < bytes.count else { return nil }
        let start = position
        let first = try number(atMost: UInt64(StreamTimeline.largest) << 2 | 3)
        var kind = last.kind
        var tokens = last.tokens
        if first & 1 == 1 { (kind, tokens) = try head() }
        // Both are at most 2^53, so the sum fits.
        let microseconds = last.microseconds + Int64(first >> 2)
        let change = try number(atMost: UInt64(StreamTimeline.largest) * 2)
        let growth = change & 1 == 1 ? -Int(change / 2) - 1 : Int(change / 2)
        let size = last.bytes + growth
        guard microseconds <= StreamTimeline.largest, (0...Int(StreamTimeline.largest)).contains(size) else {
            throw TimelineError(reason: .number, offset: start)
        }
        last = TimelineEvent(
            kind, microseconds: microseconds, tokens: tokens, bytes: size, isCoalesced: first & 2 == 2)
        return last
    }

    private mutating func head() throws(TimelineError) -> (TimelineEvent.Kind, Int?) {
        let start = position
        let head = try byte()
        guard let kind = TimelineEvent.Kind(rawValue: head & ~Self.tokensFlag) else {
            throw TimelineError(reason: .kind, offset: start)
        }
        let tokens = head & Self.tokensFlag == 0 ? nil : Int(try number(atMost: UInt64(StreamTimeline.largest)))
        guard kind != last.kind || tokens != last.tokens else { throw TimelineError(reason: .kind, offset: start) }
        return (kind, tokens)
    }

    /// A number of at most `most`.
    private mutating func number(atMost most: UInt64) throws(TimelineError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 {
                let isShortest = next != 0 || shift == 0
                guard isShortest, value <= most else { throw TimelineError(reason: .number, offset: start) }
                return value
            }
            shift += 7
            // Nine groups hold 63 bits, more than any number here has.
            guard shift < 63 else { throw TimelineError(reason: .number, offset: start) }
        }
    }

    private mutating func byte() throws(TimelineError) -> UInt8 {
        guard position < bytes.count else { throw TimelineError(reason: .truncated, offset: position) }
        defer { position += 1 }
        return bytes[position]
    }
}
