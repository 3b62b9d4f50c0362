/// Counts the tokens of ordinary text, exactly as tiktoken's `encode_ordinary` does.
///
/// Text that looks like a special token, such as `<|endoftext|>`, is counted as the characters it consists of. The count of a
/// request is more than that of its texts: messages have a frame.
///
/// Not thread-safe: a counter holds 0.7 MB of caches, which are its speed. One per thread or actor; all share the vocabulary.
public final class TokenCounter {
    let pieces: PieceCounter

    /// Builds the vocabulary when it is the first to need it: see `Vocabulary`.
    public init(_ encoding: TokenEncoding) {
        pieces = PieceCounter(Vocabulary.shared(encoding))
    }

    /// Which encoding it counts.
    public var encoding: TokenEncoding { pieces.vocabulary.encoding }

    /// The number of tokens of a text, 0 for an empty one. Time is linear in its length, whatever it is.
    public func count(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return pieces.count(start, start + buffer.count)
        }
    }

    /// The number of tokens of UTF-8 bytes. Bytes that are not UTF-8 count as `String(decoding:as:)` reads them: as U+FFFD.
    public func count(utf8 bytes: some Sequence<UInt8>) -> Int {
        withValidText(bytes) { start, end in pieces.count(start, end) }
    }

    /// The tokens of a text, as ids of the vocabulary. Slower than counting, which knows most pieces from before.
    public func tokens(_ text: String) -> [Int] { tokens(utf8: text.utf8) }

    /// The tokens of UTF-8 bytes; see `count(utf8:)`.
    public func tokens(utf8 bytes: some Sequence<UInt8>) -> [Int] {
        withValidText(bytes) { start, end in
            let scanner = pieces.vocabulary.scanner
            let table = pieces.vocabulary.pieces
            var found: [Int] = []
            var open = false
            var p = start
            while p < end {
                let next = scanner.piece(p, end, open: &open)
                var last = 0
                pieces.ends(piece: p, next - p) { end in
                    found.append(Int(table.token(p + last, end - last)))
                    last = end
                }
                p = next
            }
            return found
        }
    }

    private func withValidText<Result>(
        _ bytes: some Sequence<UInt8>, _ body: (BytePointer, BytePointer) -> Result
    ) -> Result {
        let done = bytes.withContiguousStorageIfAvailable { withValidText($0, body) }
        return done ?? Array(bytes).withUnsafeBufferPointer { withValidText($0, body) }
    }

    private func withValidText<Result>(
        _ buffer: UnsafeBufferPointer<UInt8>, _ body: (BytePointer, BytePointer) -> Result
    ) -> Result {
        guard let start = buffer.baseAddress, !buffer.isEmpty else {
            return withUnsafePointer(to: 0) { body($0, $0) }
        }
        let end = start + buffer.count
        if UTF8Text.validEnd(start, end) == end { return body(start, end) }
        var text: [UInt8] = []
        text.reserveCapacity(buffer.count + buffer.count / 4)
        if UTF8Text.append(start, end, to: &text) > 0 { text += UTF8Text.replacement }
        return text.withUnsafeBufferPointer { withValidText($0, body) }
    }
}
