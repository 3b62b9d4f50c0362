import TerminalKit

/// The screen that shows what the terminal sends.
struct KeyCheck: Sendable {
    /// Something that came.
    struct Press: Sendable, Hashable {
        /// What it was understood as; nil = it means nothing and was swallowed.
        let input: Input?
        /// The bytes that came; nil = they are not told here.
        let bytes: [UInt8]?
    }

    /// What came, the last one last.
    private(set) var presses: [Press] = []

    private static let most = 50

    mutating func note(_ input: Input?, bytes: [UInt8]? = nil) {
        presses.append(Press(input: input, bytes: bytes))
        if presses.count > Self.most { presses.removeFirst() }
    }

    /// Whether Esc was pressed last.
    var endsWithEscape: Bool { presses.last?.input == .key(KeyChord(.escape)) }
}
