import ProviderCore

/// Joins surrogate pairs whose halves came as escapes in two pieces of a text. Servers that cut their text by UTF-16
/// units send emoji so.
struct SurrogateJoiner: Sendable {
    /// The leading half that waits for its partner.
    private var leading: UInt16?

    /// Whether a half is waiting.
    var isWaiting: Bool { leading != nil }

    /// The text that can be told after this piece. `isMarked`: the piece holds `LoneSurrogate` scalars. Halves that
    /// stay alone become U+FFFD.
    mutating func take(_ piece: String, isMarked: Bool) -> String {
        guard leading != nil || isMarked else { return piece }
        var text = String.UnicodeScalarView()
        for scalar in piece.unicodeScalars {
            let unit = isMarked ? LoneSurrogate.unit(of: scalar) : nil
            switch (leading, unit) {
            case (let lead?, let trail?) where UTF16.isTrailSurrogate(trail):
                text.append(Self.join(lead, trail))
                leading = nil
            case (_, let half?):
                if leading != nil { text.append("\u{FFFD}") }
                leading = UTF16.isLeadSurrogate(half) ? half : nil
                if leading == nil { text.append("\u{FFFD}") }
            case (_, nil):
                if leading != nil { text.append("\u{FFFD}") }
                leading = nil
                text.append(scalar)
            }
        }
        return String(text)
    }

    /// What is left at the end: U+FFFD for a half without a partner.
    mutating func end() -> String {
        defer { leading = nil }
        return leading == nil ? "" : "\u{FFFD}"
    }

    private static func join(_ lead: UInt16, _ trail: UInt16) -> Unicode.Scalar {
        Unicode.Scalar(0x10000 + (UInt32(lead) - 0xD800) << 10 + UInt32(trail) - 0xDC00) ?? "\u{FFFD}"
    }
}
