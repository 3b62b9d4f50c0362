/// The end of a text that grows: at most so many bytes of it.
public struct TailText: Sendable, Hashable {
    /// The end.
    public private(set) var text = ""
    /// Whether something before it was left out.
    public private(set) var isCut = false
    /// Bytes in all, also those left out.
    public private(set) var bytes = 0

    /// The most bytes that are kept.
    public static let most = 16_384

    /// No text.
    public init() {}

    /// Takes more of it.
    public mutating func append(_ piece: String) {
        text += piece
        bytes += piece.utf8.count
        let count = text.utf8.count
        guard count > Self.most else { return }
        // Half is left out at once, so that a byte is moved once and not again for each piece.
        var start = text.utf8.index(text.utf8.startIndex, offsetBy: count - Self.most / 2)
        while start < text.endIndex, start.samePosition(in: text) == nil { start = text.utf8.index(after: start) }
        text = String(text[start...])
        isCut = true
    }
}
