import ProviderCore

/// Recognises the event that makes up nearly all of a Responses stream: a piece of text without log probabilities.
/// Whatever differs is left to the full parser.
struct ResponsesScanner {
    /// The piece, as a place in the bytes.
    struct Finding {
        var delta = ByteSpan()
        /// The item's id; empty when it has none.
        var item = ByteSpan()
        var position: Int?
        var part = 0
        var sequence: Int?
    }

    private var scanner: ByteScanner

    init(_ bytes: UnsafeRawBufferPointer) { scanner = ByteScanner(bytes) }

    /// The text of a place; nil when it holds half a surrogate pair.
    func text(_ span: ByteSpan) -> String? { scanner.text(span) }

    /// The piece of text of the event; nil when it is another event, or not of the usual kind.
    mutating func textDelta() -> Finding? {
        var delta: ByteSpan?
        var isText = false
        var item = ByteSpan()
        var position: Int?
        var part: Int?
        var sequence: Int?
        let isUsual = scanner.members { scanner, name in
            if scanner.equals(name, "type") {
                guard !isText, let type = scanner.string() else { return false }
                isText = scanner.equals(type, "response.output_text.delta")
                return isText
            }
            if scanner.equals(name, "delta") {
                guard delta == nil, let text = scanner.string() else { return false }
                delta = text
                return true
            }
            if scanner.equals(name, "item_id") {
                guard let text = scanner.string() else { return false }
                item = text
                return true
            }
            if scanner.equals(name, "output_index") { return Self.number(&scanner, into: &position) }
            if scanner.equals(name, "content_index") { return Self.number(&scanner, into: &part) }
            if scanner.equals(name, "sequence_number") {
                sequence = scanner.wholeNumber()
                return sequence != nil
            }
            if scanner.equals(name, "logprobs") {
                return scanner.null() || (scanner.take(UInt8(ascii: "[")) && scanner.take(UInt8(ascii: "]")))
            }
            if scanner.equals(name, "response") || scanner.equals(name, "error") { return false }
            return scanner.skipValue()
        }
        guard isUsual, isText, let delta, scanner.isAtEnd(), position ?? 0 < 100_000, part ?? 0 < 100_000 else {
            return nil
        }
        return Finding(delta: delta, item: item, position: position, part: part ?? 0, sequence: sequence)
    }

    private static func number(_ scanner: inout ByteScanner, into place: inout Int?) -> Bool {
        guard let number = scanner.wholeNumber() else { return false }
        place = number
        return true
    }
}
