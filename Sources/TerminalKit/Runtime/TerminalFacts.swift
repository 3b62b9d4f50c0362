/// What is known of a terminal, for a screen that shows it.
public struct TerminalFacts: Sendable, Hashable {
    /// Its kind, `TERM`.
    public let kind: String
    /// Colours that are used: 0, 8, 16, 256, or 16,777,216.
    public let colors: Int
    /// Whether NO_COLOR asks for none.
    public let isColorless: Bool
    /// Whether characters beyond ASCII are drawn.
    public let isUTF8: Bool
    /// Whether pasted text is asked to be marked as such.
    public let marksPaste: Bool

    /// Facts.
    public init(kind: String, colors: Int, isColorless: Bool, isUTF8: Bool, marksPaste: Bool) {
        self.kind = kind
        self.colors = colors
        self.isColorless = isColorless
        self.isUTF8 = isUTF8
        self.marksPaste = marksPaste
    }
}
