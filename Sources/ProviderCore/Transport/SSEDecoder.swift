#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One server-sent event, on loan: its data is valid only while the closure that got it runs.
public struct ServerSentEvent {
    /// The event's type; empty when the server named none, which means `message`.
    public let name: String
    /// The data lines, joined with LF. UTF-8 by the standard, unchecked here.
    public let data: UnsafeRawBufferPointer
    /// The last event id the server gave; empty when none.
    public let id: String
}

/// A line or an event passed the decoder's limit.
public struct ServerSentEventTooLarge: Error, Sendable, Hashable {
    /// The limit, in bytes.
    public let limit: Int

    /// An error that names a limit.
    public init(limit: Int) { self.limit = limit }
}

/// Splits a byte stream into server-sent events after the rules of WHATWG HTML (section 9.2.6), however the bytes were
/// cut. Linear in time; holds at most one unfinished event.
///
/// Data that lies whole in the bytes just fed is handed on without a copy. A wrong byte spoils nothing but the text it
/// stands in, because nothing is decoded here.
public struct SSEDecoder: Sendable {
    /// The largest line or event by default: 16 MiB.
    public static let defaultLimit = 16 << 20

    private let limit: Int
    /// Bytes of the byte order mark seen at the very start; 3 also when the start is past.
    private var markBytes = 0
    /// The last line ended with CR, so an LF right after belongs to it.
    private var skipsLineFeed = false
    /// The beginning of a line whose end has not come.
    private var line: [UInt8] = []
    /// Data lines of the unfinished event that could not be handed on in place.
    private var data: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var id = ""

    /// A decoder at the start of a stream. `limit` is the most bytes a line, and the data of an event, may have.
    public init(limit: Int = SSEDecoder.defaultLimit) { self.limit = limit }

    /// Takes the next bytes and calls `body` with each event they complete, in order.
    ///
    /// When `body` returns false, the rest of the bytes is dropped and false returned; feed nothing afterwards.
    /// Throws `ServerSentEventTooLarge` and what `body` throws; the events before were handed out.
    @discardableResult
    public mutating func feed(
        _ bytes: UnsafeRawBufferPointer, _ body: (ServerSentEvent) throws -> Bool
    ) throws -> Bool {
        var position = skipMark(bytes)
        var ends = LineEnds(bytes)
        // The one data line of the current event, while it can still be handed on in place.
        var inPlace: Range<Int>?
        while position < bytes.count {
            if skipsLineFeed {
                skipsLineFeed = false
                if bytes[position] == LineEnds.lineFeed {
                    position += 1
                    continue
                }
            }
            guard let end = ends.first(from: position) else { break }
            try check(line.count + end - position)
            if try !take(position..<end, of: bytes, &inPlace, body) { return false }
            skipsLineFeed = bytes[end] == LineEnds.carriageReturn
            position = end + 1
        }
        if let range = inPlace { data.append(contentsOf: bytes[range]) }
        try check(line.count + bytes.count - position)
        line.append(contentsOf: bytes[position...])
        return true
    }

    /// Ends the stream. By the standard an event without its blank line is dropped; beyond it, a last event is accepted
    /// when its data is `[DONE]` or a whole JSON object, because some servers close without the blank line.
    public mutating func finish(_ body: (ServerSentEvent) throws -> Bool) throws {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        var inPlace: Range<Int>?
        if !line.isEmpty { _ = try take(0..<0, of: nothing, &inPlace, body) }
        if hasData, Self.isWhole(data) { _ = try dispatch(nothing, &inPlace, body) }
        self = SSEDecoder(limit: limit)
    }

    /// Takes one line, whose end is `range` of `bytes` and whose beginning may have come earlier.
    private mutating func take(
        _ range: Range<Int>, of bytes: UnsafeRawBufferPointer, _ inPlace: inout Range<Int>?,
        _ body: (ServerSentEvent) throws -> Bool
    ) throws -> Bool {
        guard line.isEmpty else {
            var whole: [UInt8] = []
            swap(&whole, &line)
            whole.append(contentsOf: bytes[range])
            try whole.withUnsafeBytes { try field($0) }
            whole.removeAll(keepingCapacity: whole.capacity <= 1 << 16)
            swap(&whole, &line)
            return true
        }
        if range.isEmpty { return try dispatch(bytes, &inPlace, body) }
        let text = UnsafeRawBufferPointer(rebasing: bytes[range])
        if !hasData, let value = Self.dataValue(text) {
            hasData = true
            inPlace = range.lowerBound + value..<range.upperBound
        } else {
            if let first = inPlace, Self.dataValue(text) != nil {
                data.append(contentsOf: bytes[first])
                inPlace = nil
            }
            try field(text)
        }
        return true
    }

    private mutating func dispatch(
        _ bytes: UnsafeRawBufferPointer, _ inPlace: inout Range<Int>?, _ body: (ServerSentEvent) throws -> Bool
    ) throws -> Bool {
        let type = name
        if !type.isEmpty { name = "" }
        guard hasData else { return true }
        hasData = false
        if let range = inPlace {
            inPlace = nil
            return try body(
                ServerSentEvent(name: type, data: UnsafeRawBufferPointer(rebasing: bytes[range]), id: id))
        }
        var whole: [UInt8] = []
        swap(&whole, &data)
        let goesOn = try whole.withUnsafeBytes { try body(ServerSentEvent(name: type, data: $0, id: id)) }
        whole.removeAll(keepingCapacity: whole.capacity <= 1 << 16)
        swap(&whole, &data)
        return goesOn
    }

    /// Takes a line that is not empty and whose data, if any, must be copied.
    private mutating func field(_ text: UnsafeRawBufferPointer) throws {
        if let start = Self.dataValue(text) {
            try check(data.count + 1 + text.count - start)
            if hasData { data.append(LineEnds.lineFeed) }
            hasData = true
            data.append(contentsOf: text[start...])
        } else if let start = Self.value(of: "event", in: text) {
            name = String(decoding: text[start...], as: UTF8.self)
        } else if let start = Self.value(of: "id", in: text), !text[start...].contains(0) {
            id = String(decoding: text[start...], as: UTF8.self)
        }
    }

    private func check(_ count: Int) throws {
        if count > limit { throw ServerSentEventTooLarge(limit: limit) }
    }

    /// The number of bytes of the leading byte order mark in these bytes.
    private mutating func skipMark(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard markBytes < 3 else { return 0 }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var position = 0
        while markBytes < 3, position < bytes.count {
            guard bytes[position] == mark[markBytes] else {
                // Those of this slice are read again as text; the earlier ones exist only here.
                line.append(contentsOf: mark.prefix(markBytes - position))
                markBytes = 3
                return 0
            }
            markBytes += 1
            position += 1
        }
        return position
    }

    private static func dataValue(_ text: UnsafeRawBufferPointer) -> Int? { value(of: "data", in: text) }

    /// Where the value begins when the line's field has this name.
    private static func value(of field: StaticString, in text: UnsafeRawBufferPointer) -> Int? {
        let length = field.utf8CodeUnitCount
        guard text.count >= length, let start = text.baseAddress, memcmp(start, field.utf8Start, length) == 0 else {
            return nil
        }
        if text.count == length { return length }
        guard text[length] == UInt8(ascii: ":") else { return nil }
        return text.count > length + 1 && text[length + 1] == UInt8(ascii: " ") ? length + 2 : length + 1
    }

    private static func isWhole(_ data: [UInt8]) -> Bool {
        let text = data.reversed().drop { $0 == 0x20 || $0 == 0x09 }.reversed()
        if text.elementsEqual("[DONE]".utf8) { return true }
        return (try? JSONParser.parse(data))?.objectValue != nil
    }
}

/// The line ends of one slice. Remembers the next CR and the next LF, so that a slice with only one of them is searched
/// for the other once and not once a line.
private struct LineEnds {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    private let bytes: UnsafeRawBufferPointer
    private var nextLineFeed = -1
    private var nextReturn = -1

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func first(from position: Int) -> Int? {
        if nextLineFeed < position { nextLineFeed = find(Self.lineFeed, from: position) }
        if nextReturn < position { nextReturn = find(Self.carriageReturn, from: position) }
        let end = min(nextLineFeed, nextReturn)
        return end < bytes.count ? end : nil
    }

    private func find(_ byte: UInt8, from position: Int) -> Int {
        guard let start = bytes.baseAddress, let found = memchr(start + position, Int32(byte), bytes.count - position)
        else { return bytes.count }
        return UnsafeRawPointer(found) - start
    }
}
