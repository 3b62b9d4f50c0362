/// A key that prints as a mask. It never enters an error, a log or a description; only `exposed()` gives the text, and
/// only the code that writes the authorization header calls it.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// A secret from text; white space around it is trimmed. Nil when nothing remains, or when it holds control
    /// characters, which cannot stand in a header.
    public init?(_ text: some StringProtocol) {
        let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
        var kept = String(String.UnicodeScalarView(scalars))
        while let last = kept.unicodeScalars.last, last.properties.isWhitespace { kept.unicodeScalars.removeLast() }
        guard !kept.isEmpty, !kept.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return nil
        }
        value = kept
    }

    /// The text itself.
    public func exposed() -> String { value }

    /// Dots and the last four characters; only dots when the secret has fewer than twelve.
    public var description: String { value.count < 12 ? "••••" : "••••" + value.suffix(4) }
    /// As `description`.
    public var debugDescription: String { description }
    /// Hides the value from `dump` and mirrors.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// `text` with every occurrence of the secret masked, also where it touches combining characters. Secrets of fewer
    /// than six bytes are not looked for: they would blank ordinary words.
    public func redacted(_ text: String) -> String {
        let needle = Array(value.utf8)
        guard needle.count >= 6, text.utf8.count >= needle.count else { return text }
        let hay = Array(text.utf8)
        var kept: [UInt8] = []
        var position = 0
        var found = false
        while position < hay.count {
            if hay[position] == needle[0], hay[position...].starts(with: needle) {
                kept.append(contentsOf: description.utf8)
                position += needle.count
                found = true
            } else {
                kept.append(hay[position])
                position += 1
            }
        }
        return found ? String(decoding: kept, as: UTF8.self) : text
    }
}
