/// What a body is, by its first byte that is not white space.
enum AnswerForm: Sendable {
    /// Server-sent events.
    case events
    /// One JSON value.
    case json
    /// A page or other text.
    case other

    /// Looks at the beginning of a body; nil when it has only a byte order mark and white space so far. A body that the
    /// server calls an event stream is one, unless it plainly begins as JSON or HTML.
    static func sniff(_ bytes: ArraySlice<UInt8>, isCalledEvents: Bool) -> AnswerForm? {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
        switch bytes.first(where: { !blanks.contains($0) }) {
        case nil: return nil
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .json
        case UInt8(ascii: "<"): return .other
        case UInt8(ascii: ":"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "r"):
            return .events
        default: return isCalledEvents ? .events : .other
        }
    }
}
