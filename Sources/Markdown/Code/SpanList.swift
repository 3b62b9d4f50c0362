/// Runs as they are found: each one follows the one before, equal neighbours become one.
struct SpanList {
    private(set) var spans: [CodeSpan] = []
    private var end = 0
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) {
        self.bytes = bytes
        end = start
    }

    /// Adds a run from the end of the last one to `end`; marks behind it belong to it.
    mutating func add(to newEnd: Int, _ token: CodeToken) {
        let newEnd = newEnd > 0 && newEnd < bytes.count ? border(newEnd) : newEnd
        guard newEnd > end else { return }
        if let last = spans.last, last.token == token {
            spans[spans.count - 1] = CodeSpan(last.range.lowerBound..<newEnd, token)
        } else {
            spans.append(CodeSpan(end..<newEnd, token))
        }
        end = newEnd
    }

    /// Takes over runs that follow.
    mutating func append(_ others: [CodeSpan]) {
        for span in others { add(to: span.range.upperBound, span.token) }
    }

    /// The next border between characters, for places beside ASCII.
    private func border(_ place: Int) -> Int {
        if bytes[place] >= 0x80 { return afterMarks(place) }
        guard bytes[place - 1] >= 0x80, bytes[place] >= 0x20, joinsTheNext(before: place) else { return place }
        return afterMarks(place + 1)
    }

    /// Whether the scalar before a place belongs to the one behind it (Grapheme_Cluster_Break=Prepend, Unicode 16).
    private func joinsTheNext(before place: Int) -> Bool {
        var start = place - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        guard let scalar = String(decoding: bytes[start..<place], as: UTF8.self).unicodeScalars.first else {
            return false
        }
        switch scalar.value {
        case 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD, 0x111C2...0x111C3, 0x113D1,
            0x1193F, 0x11941, 0x11A3A, 0x11A84...0x11A89, 0x11D46, 0x11F02:
            return true
        default: return false
        }
    }

    private func afterMarks(_ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] >= 0xC0 {
            var scalars = Unicode.UTF8.ForwardParser()
            var iterator = bytes[index...].makeIterator()
            guard case .valid(let encoded) = scalars.parseScalar(from: &iterator) else { return index }
            let scalar = Unicode.UTF8.decode(encoded)
            let isMark =
                scalar.value == 0x200D || scalar.properties.isGraphemeExtend || scalar.properties.isEmojiModifier
                || scalar.properties.generalCategory == .spacingMark
            guard isMark else { return index }
            index += encoded.count
        }
        return index
    }
}
